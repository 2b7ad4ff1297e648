//! The page of the audit log, newest first.

use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Rows, Width};
use crate::usecase::model::staff::AuditLine;
use ratatui::Frame;
use ratatui::layout::Rect;

/// Rows under the list for the chosen row, which is seldom whole in its columns.
const WHOLE_ROWS: u16 = 3;
/// Rows that the list keeps before the chosen row is written out.
const LEAST_LIST_ROWS: u16 = 8;

impl Keyed for AuditLine {
    /// Each writer numbers its own rows, so the key has both.
    type Key = (i64, i64);

    fn key(&self) -> (i64, i64) {
        (self.writer, self.seq)
    }
}

/// Draws the page: the list, and under it the chosen row in whole.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, rows: &Rows<AuditLine>, focused: bool) {
    let inner = pane::open(frame, area, ctx, &word("over.page.audit", ctx.lang), focused);
    let below = if inner.height >= LEAST_LIST_ROWS + WHOLE_ROWS { WHOLE_ROWS } else { 0 };
    let list = Rect { height: inner.height - below, ..inner };
    rows.view(frame, list, ctx, focused, BLANK);
    if let Some(line) = rows.chosen().filter(|_| below > 0) {
        let lang = ctx.lang;
        let text = format!(
            "{} · {} · {} · {} · {}",
            line.at.dmy_hm(),
            line.staff,
            line.action_words(lang),
            line.subject_words(lang),
            line.detail_words(lang)
        );
        let foot = Rect { y: list.bottom(), height: below, ..inner };
        pane::put(frame, foot, pane::prose(text.trim_end_matches(" · "), inner.width, ctx.theme.text()));
    }
}

/// The texts in place of rows.
const BLANK: Blank = Blank { loading: "over.loading", empty: "over.audit.empty" };

/// Its columns.
pub const COLUMNS: &[Column<AuditLine>] = &[
    Column::left("over.audit.at", Width::Fixed(12), |line: &AuditLine, ctx| {
        (line.at.dm_hm(), ctx.theme.muted())
    })
    .by(|a, b| a.at.cmp(&b.at)),
    Column::left("over.audit.staff", Width::Fixed(10), |line: &AuditLine, ctx| {
        (line.staff.clone(), ctx.theme.strong())
    })
    .by(|a, b| a.staff.cmp(&b.staff)),
    Column::left("over.audit.action", Width::Fixed(24), |line: &AuditLine, ctx| {
        (line.action_words(ctx.lang), ctx.theme.text())
    })
    .by(|a, b| a.action.cmp(&b.action)),
    Column::left("over.audit.subject", Width::Fixed(18), |line: &AuditLine, ctx| {
        (line.subject_words(ctx.lang), ctx.theme.text())
    })
    .by(|a, b| a.subject.cmp(&b.subject)),
    Column::left("over.audit.detail", Width::Rest, |line: &AuditLine, ctx| {
        (line.detail_words(ctx.lang), ctx.theme.muted())
    }),
    Column::left("over.audit.os_user", Width::WideOnly(10), |line: &AuditLine, ctx| {
        (line.os_user.clone(), ctx.theme.muted())
    }),
    Column::right("over.audit.seq", Width::WideOnly(9), |line: &AuditLine, ctx| {
        (format!("{}·{}", line.writer, line.seq), ctx.theme.muted())
    }),
];
