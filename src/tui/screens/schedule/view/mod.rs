//! Drawing the screen. Where each part stands follows from the area and the state alone ([`places`]), so that a
//! click finds what was drawn there.
//!
//! From 100 columns on, cases, roster and the case in hand stand together; below that the part with the focus
//! gets the room and the case in hand keeps three lines.

mod batches;
mod cases;
mod day;
mod doctors;
mod intake;
mod popup;
mod roster;

use super::{Focus, Pane, Schedule};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::widgets::list;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

/// From this width on everything stands together.
const WIDE: u16 = 100;
/// Rows of the case in hand while another part has the room.
const SUMMARY_ROWS: u16 = 4;

/// Where the parts of the desk stand; a part that is not drawn is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Places {
    /// The list of cases.
    pub cases: Rect,
    /// The roster grid.
    pub grid: Rect,
    /// The case in hand.
    pub case: Rect,
}

/// The parts of the desk in `area`.
pub(super) fn places(s: &Schedule, area: Rect) -> Places {
    if s.intake.is_none() {
        let list = if area.width >= WIDE { 36 } else { 30 };
        let [cases, grid] = Layout::horizontal([Constraint::Length(list), Constraint::Min(0)]).areas(area);
        return Places { cases, grid, case: Rect::default() };
    }
    if area.width >= WIDE {
        let rows = (area.height * 6 / 11).clamp(SUMMARY_ROWS, 20);
        let [top, case] = Layout::vertical([Constraint::Min(0), Constraint::Length(rows)]).areas(area);
        let [cases, grid] = Layout::horizontal([Constraint::Length(36), Constraint::Min(0)]).areas(top);
        return Places { cases, grid, case };
    }
    let split = Layout::vertical([Constraint::Min(0), Constraint::Length(SUMMARY_ROWS)]);
    match s.focus {
        Focus::Cases => {
            let [cases, case] = split.areas(area);
            Places { cases, grid: Rect::default(), case }
        }
        Focus::Grid => {
            let [grid, case] = split.areas(area);
            Places { cases: Rect::default(), grid, case }
        }
        Focus::Script | Focus::Need | Focus::Why | Focus::Flags | Focus::Slots => {
            Places { cases: Rect::default(), grid: Rect::default(), case: area }
        }
    }
}

/// Draws the whole screen.
pub(super) fn screen(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    match s.pane {
        Pane::Desk => {
            let places = places(s, area);
            if !places.cases.is_empty() {
                cases::view(s, frame, places.cases, ctx);
            }
            if !places.grid.is_empty() {
                roster::view(s, frame, places.grid, ctx);
            }
            if let Some(open) = &s.intake {
                intake::view(s, open, frame, places.case, ctx);
            }
        }
        Pane::Batches => batches::view(s, frame, area, ctx),
        Pane::Doctors => doctors::view(s, frame, area, ctx),
        Pane::Day => day::view(s, frame, area, ctx),
    }
    if let Some(open) = &s.popup {
        popup::view(s, open, frame, area, ctx);
    }
    if let (Some(detail), Some(call)) = (&s.detail, s.intake.as_ref().and_then(|i| i.call.as_ref())) {
        detail.view(frame, area, ctx, call);
    }
}

/// Puts the focus and the cursor where the person clicked.
pub(super) fn click(s: &mut Schedule, column: u16, row: u16, area: Rect) {
    let at = ratatui::layout::Position::new(column, row);
    match s.pane {
        Pane::Desk => {
            let places = places(s, area);
            if places.cases.contains(at) {
                s.focus = Focus::Cases;
                if let Some(found) = cases::row_at(s, places.cases, row) {
                    s.case_at.0 = found;
                }
            } else if places.grid.contains(at) {
                s.focus = Focus::Grid;
                roster::point(s, places.grid, column, row);
            } else if places.case.contains(at)
                && let Some(open) = &s.intake
            {
                s.focus = if open.call.is_some() { Focus::Script } else { Focus::Need };
            }
        }
        Pane::Batches => batches::click(s, area, column, row),
        Pane::Doctors => {
            let len = s.doctors.as_ref().map_or(0, Vec::len);
            let rows = list::table_rows(inner(area));
            if let Some(found) = list::row_at(rows, row, s.doctor_at.0, len) {
                s.doctor_at.0 = found;
            }
        }
        Pane::Day => {
            let len = s.day.as_ref().map_or(0, |day| day.appointments.len());
            let [rows, _] = day::parts(inner(area));
            if let Some(found) = list::row_at(list::table_rows(rows), row, s.day_at.0, len) {
                s.day_at.0 = found;
            }
        }
    }
}

/// The room inside a pane's frame, as [`crate::tui::widgets::pane::open`] gives it.
const fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

/// A quiet sentence where a list would be.
fn empty(frame: &mut Frame, area: Rect, ctx: &Ctx, key: &str) {
    let text = word(key, ctx.lang);
    let lines = crate::tui::widgets::pane::prose(&text, area.width, ctx.theme.muted());
    frame.render_widget(ratatui::widgets::Paragraph::new(lines), area);
}

/// A date with its day of the week: `Thứ Năm 03/12`.
fn day_name(date: chrono::NaiveDate, ctx: &Ctx) -> String {
    use chrono::Datelike;
    let day = word(&format!("schedule.weekday.{}", date.weekday().num_days_from_monday()), ctx.lang);
    format!("{day} {}", date.format("%d/%m"))
}

/// A line with something at its right end.
fn both_ends<'a>(left: Vec<ratatui::text::Span<'a>>, right: ratatui::text::Span<'a>, width: u16) -> Line<'a> {
    let used: usize = left.iter().map(ratatui::text::Span::width).sum();
    let gap = usize::from(width).saturating_sub(used + right.width());
    let mut spans = left;
    spans.push(ratatui::text::Span::raw(" ".repeat(gap)));
    spans.push(right);
    Line::from(spans)
}
