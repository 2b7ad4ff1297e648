//! The page of the audit trail.

use super::pages::says;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::widgets::list::{self, Column, Cursor};
use crate::tui::widgets::pane;
use crate::usecase::model::staff::AuditLine;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Rows that are read.
pub const ROWS: u32 = 200;
/// Narrower tables drop the columns of lesser weight.
const WIDE: u16 = 100;

/// Who did what, newest first.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, rows: Option<&[AuditLine]>, cursor: Cursor) {
    let (lang, wide) = (ctx.lang, area.width >= WIDE);
    let inner = pane::open(frame, area, ctx, &word("over.page.audit", lang), true);
    let Some(rows) = rows else { return says(frame, inner, ctx, "over.loading") };
    if rows.is_empty() {
        return says(frame, inner, ctx, "over.audit.empty");
    }
    let mut columns = vec![
        Column::left(word("over.audit.at", lang), 12),
        Column::left(word("over.audit.staff", lang), 10),
        Column::left(word("over.audit.action", lang), 20),
        Column::left(word("over.audit.subject", lang), 16),
        Column::left(word("over.audit.detail", lang), 0),
    ];
    if wide {
        columns.push(Column::left(word("over.audit.os_user", lang), 10));
        columns.push(Column::right(word("over.audit.seq", lang), 9));
    }
    let cells: Vec<_> = rows.iter().map(|line| cells(line, ctx, wide)).collect();
    list::table(frame, inner, ctx, &columns, &cells, cursor, true);
}

fn cells(line: &AuditLine, ctx: &Ctx, wide: bool) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let mut cells = vec![
        (line.at.dm_hm(), theme.muted()),
        (line.staff.clone(), theme.strong()),
        (line.action.clone(), theme.text()),
        (line.subject.clone(), theme.text()),
        (line.detail.clone(), theme.muted()),
    ];
    if wide {
        cells.push((line.os_user.clone(), theme.muted()));
        cells.push((format!("{}·{}", line.writer, line.seq), theme.muted()));
    }
    cells
}
