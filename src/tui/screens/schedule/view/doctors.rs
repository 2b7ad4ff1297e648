//! Doctors with titles, departments and why they qualify; below them the chosen doctor's hours on the grid's day.

use super::super::Schedule;
use crate::domain::department::Department;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{self, Column};
use crate::tui::widgets::pane;
use crate::usecase::model::case::DoctorLine;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let title =
        format!("{} · {}", word("schedule.title.doctors", ctx.lang), super::day_name(s.grid.date, ctx));
    let inner = pane::open(frame, area, ctx, &title, true);
    let Some(doctors) = &s.doctors else {
        super::empty(frame, inner, ctx, "schedule.empty.loading");
        return;
    };
    if doctors.is_empty() {
        super::empty(frame, inner, ctx, "schedule.empty.doctors");
        return;
    }
    let rows_area = Rect { height: inner.height.saturating_sub(2), ..inner };
    let mut columns = vec![
        Column::left(word("schedule.field.titles", ctx.lang), 12),
        Column::left(word("schedule.field.name", ctx.lang), 0),
        Column::left(word("schedule.field.departments", ctx.lang), 0),
        Column::left(word("schedule.column.hours", ctx.lang), 14),
    ];
    if inner.width >= super::WIDE {
        columns.push(Column::left(word("schedule.column.qualifies", ctx.lang), 0));
    }
    let rows: Vec<_> = doctors.iter().map(|doctor| row(s, doctor, ctx)).collect();
    list::table(frame, rows_area, ctx, &columns, &rows, s.doctor_at, true);
    let foot = Rect { y: inner.bottom().saturating_sub(1), height: 1.min(inner.height), ..inner };
    if let Some(doctor) = s.doctor() {
        let spans = vec![
            Span::styled(format!("{} {} ", doctor.titles, doctor.name), ctx.theme.strong()),
            pane::marked(ctx.theme, Tone::Ok, &doctor.qualifies),
        ];
        frame.render_widget(Line::from(spans), foot);
    }
}

fn row(s: &Schedule, doctor: &DoctorLine, ctx: &Ctx) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let names: Vec<String> = doctor.departments.iter().map(|d: &Department| d.label(ctx.lang)).collect();
    let day = s.grid.doctors().iter().find(|day| day.doctor == doctor.doctor);
    let hours: Vec<String> = day
        .iter()
        .flat_map(|day| &day.shifts)
        .map(|(from, to)| format!("{}–{}", from.hm(), to.hm()))
        .collect();
    let (hours, style) =
        if hours.is_empty() { ("─".to_owned(), theme.muted()) } else { (hours.join(", "), theme.text()) };
    vec![
        (doctor.titles.clone(), theme.muted()),
        (doctor.name.clone(), theme.strong()),
        (names.join(", "), theme.text()),
        (hours, style),
        (doctor.qualifies.clone(), theme.tone(Tone::Ok)),
    ]
}
