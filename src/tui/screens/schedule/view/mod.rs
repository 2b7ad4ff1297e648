//! Draws the schedule. The place of each part follows from the area and the state alone ([`places`]), so that a click
//! finds what was drawn there.
//!
//! From 100 columns on, cases, roster and the open case are shown together; below that the part with the focus takes
//! the room and the open case keeps three lines.

mod batches;
mod cases;
mod day;
mod doctors;
mod flags;
mod intake;
mod parts;
mod patient;
mod roster;
mod slots;

use super::keys::ScheduleAct;
use super::state::{Focus, Pane, Schedule};
use crate::tui::ctx::Ctx;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use parts::{SUMMARY_ROWS, WIDE};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;

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
        Pane::Batches => batches::click(s, area, at, ctx),
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
