//! Draws the doctors with titles, departments and qualification; below them the chosen doctor's hours on the grid's
//! day.

use super::super::doctors::DoctorHours;
use super::super::state::Schedule;
use super::parts::{day_name, inner};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::Blank;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

const NOBODY: Blank = Blank { loading: "schedule.empty.loading", empty: "schedule.empty.doctors" };

/// The area of the rows, without the two lines of the chosen doctor below.
fn room(inner: Rect) -> Rect {
    Rect { height: inner.height.saturating_sub(2), ..inner }
}

pub(super) fn click(s: &mut Schedule, area: Rect, at: Position) {
    let rows = s.doctors.rows_area(room(inner(area)));
    s.doctors.click(rows, at);
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let title = format!("{} · {}", word("schedule.title.doctors", ctx.lang), day_name(s.grid.date, ctx));
    let inner = pane::open(frame, area, ctx, &title, true);
    s.doctors.view(frame, room(inner), ctx, true, NOBODY);
    let foot = Rect { y: inner.bottom().saturating_sub(1), height: 1.min(inner.height), ..inner };
    if let Some(DoctorHours { doctor, .. }) = s.doctors.chosen() {
        let spans = vec![
            Span::styled(format!("{} {} ", doctor.titles, doctor.name), ctx.theme.strong()),
            pane::marked(ctx.theme, Tone::Ok, &doctor.qualifies),
        ];
        frame.render_widget(Line::from(spans), foot);
    }
}
