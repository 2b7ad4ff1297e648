//! Draws a doctor's own day: time, patient, need and state of each appointment.

use super::super::doctors::hours;
use super::super::state::Schedule;
use super::parts::{day_name, inner};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::Blank;
use crate::usecase::model::case::AppointmentLine;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::widgets::Paragraph;

const NOBODY: Blank = Blank { loading: "schedule.empty.loading", empty: "schedule.empty.day" };

/// The areas of the list, and of the facts of the chosen appointment.
fn parts(inner: Rect) -> [Rect; 2] {
    let below = if inner.height > 14 { 6 } else { 4 };
    Layout::vertical([Constraint::Min(3), Constraint::Length(below)]).areas(inner)
}

pub(super) fn click(s: &mut Schedule, area: Rect, at: Position) {
    let rows = s.day.rows.rows_area(parts(inner(area))[0]);
    s.day.rows.click(rows, at);
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let of =
        s.day.of.as_ref().map_or_else(String::new, |(name, shifts)| format!(" · {name} · {}", hours(shifts)));
    let title = format!("{}{of}", day_name(s.grid.date, ctx));
    let inner = pane::open(frame, area, ctx, &title, true);
    let [rows, below] = parts(inner);
    s.day.rows.view(frame, rows, ctx, true, NOBODY);
    if let Some(line) = s.day.rows.chosen() {
        detail(line, frame, below, ctx);
    }
}

fn detail(line: &AppointmentLine, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let theme = ctx.theme;
    let method = if line.method == "video" { "schedule.by_video" } else { "schedule.by_phone" };
    let method = word(method, ctx.lang);
    let head = format!("{} · {} · {method} · {}'", line.starts_at.hm(), line.patient, line.minutes);
    let mut lines = vec![ratatui::text::Line::styled(head, theme.strong())];
    let need = line.need.as_deref().unwrap_or_default();
    lines.extend(pane::prose(need, area.width, theme.text()));
    if let Some(summary) = &line.summary {
        let text = format!("{}: {summary}", word("schedule.field.summary", ctx.lang));
        lines.extend(pane::prose(&text, area.width, theme.muted()));
    }
    let top = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
    frame.render_widget(Paragraph::new(lines), top);
}
