//! Draws the schedule. The place of each part follows from the area and the state alone ([`places`]), so that a click
//! finds what was drawn there.
//!
//! From 100 columns on, cases, roster and the open case are shown together; below that the part with the focus takes
//! the room and the open case keeps three lines.

pub mod batches;
pub mod cases;
pub mod day;
pub mod doctors;
mod intake;
mod roster;
mod slots;

use super::{Focus, Pane, Schedule, ScheduleAct};
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;

/// From this width on all parts are shown together.
const WIDE: u16 = 100;
/// Rows of the open case while another part takes the room.
const SUMMARY_ROWS: u16 = 4;

/// The places of the parts of the first pane; a part that is not drawn is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Places {
    /// The list of cases.
    pub cases: Rect,
    /// The roster grid.
    pub grid: Rect,
    /// The open case.
    pub case: Rect,
}

/// The places of the parts in `area`.
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
        Focus::Call | Focus::Need | Focus::Why | Focus::Flags | Focus::Slots => {
            Places { cases: Rect::default(), grid: Rect::default(), case: area }
        }
    }
}

/// Draws the whole screen.
pub(super) fn screen(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    match s.pane {
        Pane::Cases => {
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
    if let Some(window) = s.windows.get() {
        let refused =
            s.refused.as_ref().map(|say| pane::marked(ctx.theme, Tone::Danger, &say.text(ctx.lang)));
        let below: Vec<Line> = refused.map(Line::from).into_iter().collect();
        window.view(frame, area, ctx, &below);
    }
    if let Some(call) = s.desk.call()
        && let Some(detail) = s.desk.detail()
    {
        detail.view(frame, area, ctx, &call.panel);
    }
}

/// Moves the focus and the cursor to a click; returns the act of a result that was clicked.
pub(super) fn click(s: &mut Schedule, at: Position, area: Rect, ctx: &Ctx) -> Option<ScheduleAct> {
    match s.pane {
        Pane::Cases => {
            let places = places(s, area);
            if places.cases.contains(at) {
                s.focus_on(Focus::Cases);
                cases::click(s, places.cases, at);
            } else if places.grid.contains(at) {
                s.focus_on(Focus::Grid);
                roster::point(s, places.grid, at, ctx);
            } else if places.case.contains(at) {
                return click_case(s, at, places.case, ctx);
            }
        }
        Pane::Batches => batches::click(s, area, at),
        Pane::Doctors => doctors::click(s, area, at),
        Pane::Day => day::click(s, area, at),
    }
    None
}

/// Takes a click in the open case: a result that is drawn there, or the first part.
fn click_case(s: &mut Schedule, at: Position, area: Rect, ctx: &Ctx) -> Option<ScheduleAct> {
    if s.focus == Focus::Call {
        return intake::result_at(s, at, area, ctx).map(ScheduleAct::Call);
    }
    s.focus_on(if s.desk.is_open() { Focus::Call } else { Focus::Need });
    None
}

/// A doctor's hours: `08:00–11:30, 13:30–16:00`.
fn hours(shifts: &[(Timestamp, Timestamp)]) -> String {
    let shifts: Vec<String> = shifts.iter().map(|(from, to)| format!("{}–{}", from.hm(), to.hm())).collect();
    shifts.join(", ")
}

/// The area inside a pane's frame, as [`crate::tui::widgets::pane::open`] returns it.
const fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

/// Draws a muted sentence in place of a list.
fn empty(frame: &mut Frame, area: Rect, ctx: &Ctx, key: &str) {
    let text = word(key, ctx.lang);
    let lines = pane::prose(&text, area.width, ctx.theme.muted());
    frame.render_widget(ratatui::widgets::Paragraph::new(lines), area);
}

/// A date with its day of the week: `Thứ Năm 03/12`.
fn day_name(date: chrono::NaiveDate, ctx: &Ctx) -> String {
    use chrono::Datelike;
    let day = word(&format!("schedule.weekday.{}", date.weekday().num_days_from_monday()), ctx.lang);
    format!("{day} {}", date.format("%d/%m"))
}

/// A line with a text at its right end.
fn both_ends<'a>(left: Vec<ratatui::text::Span<'a>>, right: ratatui::text::Span<'a>, width: u16) -> Line<'a> {
    let used: usize = left.iter().map(ratatui::text::Span::width).sum();
    let gap = usize::from(width).saturating_sub(used + right.width());
    let mut spans = left;
    spans.push(ratatui::text::Span::raw(" ".repeat(gap)));
    spans.push(right);
    Line::from(spans)
}
