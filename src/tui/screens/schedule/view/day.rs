//! A doctor's own day: who comes when, what they want advice on, and how it stands.

use super::super::Schedule;
use crate::domain::appointment::AppointmentState;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{self, Column};
use crate::tui::widgets::pane;
use crate::usecase::model::case::AppointmentLine;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::widgets::Paragraph;

/// Rows of the list, and what is known about the chosen one.
pub(super) fn parts(inner: Rect) -> [Rect; 2] {
    let below = if inner.height > 14 { 6 } else { 4 };
    Layout::vertical([Constraint::Min(3), Constraint::Length(below)]).areas(inner)
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let hours = s.day.as_ref().map_or_else(String::new, |day| {
        let shifts: Vec<String> =
            day.shifts.iter().map(|(from, to)| format!("{}–{}", from.hm(), to.hm())).collect();
        format!(" · {} · {}", day.name, shifts.join(", "))
    });
    let title = format!("{}{hours}", super::day_name(s.grid.date, ctx));
    let inner = pane::open(frame, area, ctx, &title, true);
    let Some(day) = &s.day else {
        super::empty(frame, inner, ctx, "schedule.empty.loading");
        return;
    };
    if day.appointments.is_empty() {
        super::empty(frame, inner, ctx, "schedule.empty.day");
        return;
    }
    let [rows_area, below] = parts(inner);
    let (patient, state) = if inner.width >= super::WIDE { (26, 24) } else { (20, 20) };
    let columns = [
        Column::left(word("schedule.column.time", ctx.lang), 6),
        Column::left(word("schedule.field.patient", ctx.lang), patient),
        Column::left(word("schedule.field.need", ctx.lang), 0),
        Column::left(word("schedule.column.state", ctx.lang), state),
    ];
    let rows: Vec<_> = day.appointments.iter().map(|line| row(line, ctx)).collect();
    list::table(frame, rows_area, ctx, &columns, &rows, s.day_at, true);
    if let Some(line) = day.appointments.get(s.day_at.0) {
        detail(line, frame, below, ctx);
    }
}

fn row(line: &AppointmentLine, ctx: &Ctx) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let tone = match line.state {
        AppointmentState::Done => Tone::Muted,
        AppointmentState::InProgress => Tone::Ok,
        AppointmentState::NoShow => Tone::Danger,
        AppointmentState::Booked => Tone::Warn,
        _ => Tone::Plain,
    };
    let state = word(&format!("state.{}", line.state.code()), ctx.lang);
    let state = match (line.state, line.started_at) {
        (AppointmentState::InProgress, Some(at)) => {
            format!("▸ {state} {}", crate::tui::widgets::bar::clock(ctx.now.since(at)))
        }
        _ if tone.mark().is_empty() => state,
        _ => format!("{} {state}", tone.mark()),
    };
    vec![
        (line.starts_at.hm(), theme.strong()),
        (line.patient.clone(), theme.text()),
        (line.need.clone().unwrap_or_default(), theme.text()),
        (state, theme.tone(tone)),
    ]
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
