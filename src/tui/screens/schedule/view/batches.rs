//! Hand-over batches: the list on the left, the rows of one on the right.

use super::super::Schedule;
use crate::domain::registration::BatchRowState;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{self, Column, table_rows};
use crate::tui::widgets::pane;
use crate::usecase::model::batch::{BatchLine, BatchRow};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

fn parts(area: Rect) -> [Rect; 2] {
    let left = if area.width >= super::WIDE { 44 } else { 34 };
    Layout::horizontal([Constraint::Length(left), Constraint::Min(0)]).areas(area)
}

pub(super) fn click(s: &mut Schedule, area: Rect, column: u16, row: u16) {
    let [left, right] = parts(area);
    let at = ratatui::layout::Position::new(column, row);
    if left.contains(at) {
        s.batches.in_rows = false;
        let len = s.batches.lines.as_ref().map_or(0, Vec::len);
        if let Some(found) = list::row_at(table_rows(super::inner(left)), row, s.batches.at.0, len) {
            s.batches.at.0 = found;
        }
    } else if let Some(open) = &s.batches.open {
        let rows = rows_room(super::inner(right));
        if let Some(found) = list::row_at(table_rows(rows), row, s.batches.row.0, open.rows.len()) {
            s.batches.row.0 = found;
        }
        s.batches.in_rows = true;
    }
}

/// The rows' room: one line below is for the summary.
const fn rows_room(inner: Rect) -> Rect {
    Rect { height: inner.height.saturating_sub(1), ..inner }
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let [left, right] = parts(area);
    let inner = pane::open(frame, left, ctx, &word("schedule.title.batches", ctx.lang), !s.batches.in_rows);
    match &s.batches.lines {
        None => super::empty(frame, inner, ctx, "schedule.empty.loading"),
        Some(lines) if lines.is_empty() => super::empty(frame, inner, ctx, "schedule.empty.batches"),
        Some(lines) => {
            let wide = inner.width > 36;
            let mut columns = vec![
                Column::right("#", 4),
                Column::left(word("schedule.column.sent", ctx.lang), 12),
                Column::left(word("schedule.column.waits", ctx.lang), 0),
            ];
            if wide {
                columns.insert(2, Column::right(word("schedule.column.rows", ctx.lang), 5));
            }
            let rows: Vec<_> = lines.iter().map(|line| batch(line, ctx, wide)).collect();
            list::table(frame, inner, ctx, &columns, &rows, s.batches.at, !s.batches.in_rows);
        }
    }
    rows(s, frame, right, ctx);
}

fn batch(line: &BatchLine, ctx: &Ctx, wide: bool) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let waiting = line.rows - line.accepted - line.returned;
    let (text, tone) = if waiting > 0 {
        let age = crate::tui::widgets::bar::minutes(ctx.now.since(line.sent_at), ctx.lang);
        (format!("⚠ {waiting} · {age}"), Tone::Warn)
    } else {
        ("✓".to_owned(), Tone::Ok)
    };
    let mut cells = vec![
        (line.batch.to_string(), theme.strong()),
        (line.sent_at.dm_hm(), theme.text()),
        (text, theme.tone(tone)),
    ];
    if wide {
        cells.insert(2, (line.rows.to_string(), theme.text()));
    }
    cells
}

fn rows(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let title = s.batches.open.as_ref().map_or_else(
        || word("schedule.title.rows_none", ctx.lang),
        |open| word("schedule.title.rows", ctx.lang).replace("%{batch}", &open.batch.to_string()),
    );
    let inner = pane::open(frame, area, ctx, &title, s.batches.in_rows);
    let Some(open) = &s.batches.open else {
        super::empty(frame, inner, ctx, "schedule.empty.rows");
        return;
    };
    let wide = inner.width > 60;
    let mut columns = vec![
        Column::right(word("schedule.column.seat", ctx.lang), 4),
        Column::left(word("schedule.field.name", ctx.lang), 0),
        Column::left(word("schedule.column.state", ctx.lang), if wide { 26 } else { 14 }),
    ];
    if wide {
        columns.insert(2, Column::left(word("schedule.field.phone", ctx.lang), 13));
    }
    let lines: Vec<_> = open.rows.iter().map(|row| batch_row(s, row, ctx, wide)).collect();
    list::table(frame, rows_room(inner), ctx, &columns, &lines, s.batches.row, s.batches.in_rows);
    let foot = Rect { y: inner.bottom().saturating_sub(1), height: 1.min(inner.height), ..inner };
    let waiting = s.batches.unanswered();
    let (key, tone) = if waiting > 0 {
        ("schedule.foot.batch", Tone::Info)
    } else {
        ("schedule.foot.batch_done", Tone::Ok)
    };
    let text = word(key, ctx.lang)
        .replace("%{accept}", &(waiting - s.batches.returns.len().min(waiting)).to_string())
        .replace("%{return}", &s.batches.returns.len().to_string());
    frame.render_widget(pane::marked(ctx.theme, tone, &text), foot);
}

fn batch_row(s: &Schedule, row: &BatchRow, ctx: &Ctx, wide: bool) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let name = row.patient.as_ref().map_or_else(|| row.name.clone(), |p| format!("{} → {p}", row.name));
    let (text, style) = match (s.batches.reason(row.registration), row.state) {
        (Some(reason), _) => (format!("↩ {reason}"), theme.tone(Tone::Warn)),
        (None, BatchRowState::Accepted) => {
            (format!("✓ {}", word("state.accepted", ctx.lang)), theme.tone(Tone::Ok))
        }
        (None, BatchRowState::Returned) => {
            let why = row.reason.clone().unwrap_or_default();
            (format!("↩ {} {why}", word("state.returned", ctx.lang)), theme.tone(Tone::Muted))
        }
        (None, BatchRowState::Sent) => (word("schedule.row_waits", ctx.lang), theme.text()),
    };
    let mut cells = vec![
        (row.seat.map_or_else(String::new, |seat| seat.to_string()), theme.text()),
        (name, theme.text()),
        (text, style),
    ];
    if wide {
        cells.insert(2, (row.phone_masked.clone(), theme.muted()));
    }
    cells
}
