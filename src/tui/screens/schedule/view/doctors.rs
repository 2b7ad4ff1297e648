//! Draws the doctors with titles, departments and qualification; below them the chosen doctor's hours on the grid's
//! day.

use super::super::Schedule;
use super::super::doctors::DoctorHours;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Blank, Column, Width};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

/// The columns.
pub const COLUMNS: &[Column<DoctorHours>] = &[
    Column::left("schedule.field.titles", Width::Fixed(12), |doctor: &DoctorHours, ctx| {
        (doctor.doctor.titles.clone(), ctx.theme.muted())
    }),
    Column::left("schedule.field.name", Width::Rest, |doctor: &DoctorHours, ctx| {
        (doctor.doctor.name.clone(), ctx.theme.strong())
    })
    .by(|a: &DoctorHours, b: &DoctorHours| a.doctor.name.cmp(&b.doctor.name)),
    Column::left("schedule.field.departments", Width::Rest, |doctor: &DoctorHours, ctx| {
        let names: Vec<String> = doctor.doctor.departments.iter().map(|d| d.label(ctx.lang)).collect();
        (names.join(", "), ctx.theme.text())
    }),
    Column::left("schedule.column.hours", Width::Fixed(14), |doctor: &DoctorHours, ctx| {
        let hours = super::hours(&doctor.hours);
        if hours.is_empty() { ("─".to_owned(), ctx.theme.muted()) } else { (hours, ctx.theme.text()) }
    })
    .by(|a: &DoctorHours, b: &DoctorHours| a.hours.cmp(&b.hours)),
    Column::left("schedule.column.qualifies", Width::WideRest, |doctor: &DoctorHours, ctx| {
        (doctor.doctor.qualifies.clone(), ctx.theme.tone(Tone::Ok))
    }),
];

const NOBODY: Blank = Blank { loading: "schedule.empty.loading", empty: "schedule.empty.doctors" };

/// The area of the rows, without the two lines of the chosen doctor below.
fn room(inner: Rect) -> Rect {
    Rect { height: inner.height.saturating_sub(2), ..inner }
}

pub(super) fn click(s: &mut Schedule, area: Rect, at: Position) {
    let rows = s.doctors.rows_area(room(super::inner(area)));
    s.doctors.click(rows, at);
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let title =
        format!("{} · {}", word("schedule.title.doctors", ctx.lang), super::day_name(s.grid.date, ctx));
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
