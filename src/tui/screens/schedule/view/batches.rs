//! Draws the hand-over batches: the list on the left, the rows of one batch on the right.

use super::super::Schedule;
use super::super::batches::MarkedRow;
use crate::domain::registration::BatchRowState;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Blank, Column, Width};
use crate::usecase::model::batch::BatchLine;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::Style;

/// Columns of the list of batches.
pub const BATCHES: &[Column<BatchLine>] = &[
    Column::right("schedule.column.number", Width::Fixed(4), |line: &BatchLine, ctx| {
        (line.batch.to_string(), ctx.theme.strong())
    }),
    Column::left("schedule.column.sent", Width::Fixed(12), |line: &BatchLine, ctx| {
        (line.sent_at.dm_hm(), ctx.theme.text())
    })
    .by(|a: &BatchLine, b: &BatchLine| a.sent_at.cmp(&b.sent_at)),
    Column::right("schedule.column.rows", Width::WideOnly(5), |line: &BatchLine, ctx| {
        (line.rows.to_string(), ctx.theme.text())
    }),
    Column::left("schedule.column.waits", Width::Rest, waits)
        .by(|a: &BatchLine, b: &BatchLine| waiting(a).cmp(&waiting(b))),
];

/// Columns of the rows of one batch.
pub const ROWS: &[Column<MarkedRow>] = &[
    Column::right("schedule.column.seat", Width::Fixed(4), |row: &MarkedRow, ctx| {
        (row.row.seat.map_or_else(String::new, |seat| seat.to_string()), ctx.theme.text())
    })
    .by(|a: &MarkedRow, b: &MarkedRow| a.row.seat.cmp(&b.row.seat)),
    Column::left("schedule.field.name", Width::Rest, |row: &MarkedRow, ctx| {
        let name = &row.row.name;
        let patient = row.row.patient.as_ref();
        (patient.map_or_else(|| name.clone(), |patient| format!("{name} → {patient}")), ctx.theme.text())
    })
    .by(|a: &MarkedRow, b: &MarkedRow| a.row.name.cmp(&b.row.name)),
    Column::left("schedule.field.phone", Width::WideOnly(13), |row: &MarkedRow, ctx| {
        (row.row.phone_masked.clone(), ctx.theme.muted())
    }),
    Column::left("schedule.column.state", Width::WideNarrow(26, 14), state),
];

const NO_BATCHES: Blank = Blank { loading: "schedule.empty.loading", empty: "schedule.empty.batches" };
const NO_ROWS: Blank = Blank { loading: "schedule.empty.rows", empty: "schedule.empty.rows" };

const fn waiting(line: &BatchLine) -> i64 {
    line.rows - line.accepted - line.returned
}

fn waits(line: &BatchLine, ctx: &Ctx) -> (String, Style) {
    match waiting(line) {
        1.. => {
            let age = crate::tui::widgets::bar::minutes(ctx.now.since(line.sent_at), ctx.lang);
            (format!("⚠ {} · {age}", waiting(line)), ctx.theme.tone(Tone::Warn))
        }
        _ => ("✓".to_owned(), ctx.theme.tone(Tone::Ok)),
    }
}

fn state(row: &MarkedRow, ctx: &Ctx) -> (String, Style) {
    let theme = ctx.theme;
    match (&row.back, row.row.state) {
        (Some(reason), _) => (format!("↩ {reason}"), theme.tone(Tone::Warn)),
        (None, BatchRowState::Accepted) => {
            (format!("✓ {}", word("state.accepted", ctx.lang)), theme.tone(Tone::Ok))
        }
        (None, BatchRowState::Returned) => {
            let why = row.row.reason.clone().unwrap_or_default();
            (format!("↩ {} {why}", word("state.returned", ctx.lang)), theme.tone(Tone::Muted))
        }
        (None, BatchRowState::Sent) => (word("schedule.row_waits", ctx.lang), theme.text()),
    }
}

fn parts(area: Rect) -> [Rect; 2] {
    let left = if area.width >= super::WIDE { 44 } else { 34 };
    Layout::horizontal([Constraint::Length(left), Constraint::Min(0)]).areas(area)
}

pub(super) fn click(s: &mut Schedule, area: Rect, at: Position) {
    let [left, right] = parts(area);
    if left.contains(at) {
        s.batches.in_rows = false;
        let rows = s.batches.list.rows_area(super::inner(left));
        s.batches.list.click(rows, at);
    } else if s.batches.open.is_some() {
        s.batches.in_rows = true;
        let rows = s.batches.rows.rows_area(rows_room(super::inner(right)));
        s.batches.rows.click(rows, at);
    }
}

/// The area of the rows, without the line of the summary below.
const fn rows_room(inner: Rect) -> Rect {
    Rect { height: inner.height.saturating_sub(1), ..inner }
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let [left, right] = parts(area);
    let in_rows = s.batches.in_rows;
    let inner = pane::open(frame, left, ctx, &word("schedule.title.batches", ctx.lang), !in_rows);
    s.batches.list.view(frame, inner, ctx, !in_rows, NO_BATCHES);
    let title = s.batches.open.map_or_else(
        || word("schedule.title.rows_none", ctx.lang),
        |batch| word("schedule.title.rows", ctx.lang).replace("%{batch}", &batch.to_string()),
    );
    let inner = pane::open(frame, right, ctx, &title, in_rows);
    s.batches.rows.view(frame, rows_room(inner), ctx, in_rows, NO_ROWS);
    if s.batches.open.is_some() {
        foot(s, frame, inner, ctx);
    }
}

/// The line that says what the accepting key would do.
fn foot(s: &Schedule, frame: &mut Frame, inner: Rect, ctx: &Ctx) {
    let foot = Rect { y: inner.bottom().saturating_sub(1), height: 1.min(inner.height), ..inner };
    let (waiting, back) = (s.batches.unanswered(), s.batches.marked());
    let (key, tone) = if waiting > 0 {
        ("schedule.foot.batch", Tone::Info)
    } else {
        ("schedule.foot.batch_done", Tone::Ok)
    };
    let text = word(key, ctx.lang)
        .replace("%{accept}", &waiting.saturating_sub(back).to_string())
        .replace("%{return}", &back.to_string());
    frame.render_widget(pane::marked(ctx.theme, tone, &text), foot);
}
