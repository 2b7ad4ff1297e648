//! Draws the roster of a day: one column for each doctor, one row for each half hour.

use super::super::grid::{Cell, Grid};
use super::super::state::{Focus, Schedule};
use super::parts::{day_name, empty, inner};
use crate::domain::appointment::AppointmentState;
use crate::domain::text;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::minutes;
use crate::tui::widgets::caret;
use crate::tui::widgets::list::first_shown;
use crate::tui::widgets::pane;
use crate::tui::widgets::roster::CellMark;
use crate::tui::widgets::wrap::{fit, shorten};
use crate::usecase::model::case::AppointmentLine;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Columns of the time.
const TIME: u16 = 7;
/// Least and most columns of a doctor.
const LEAST: u16 = 14;
const MOST: u16 = 24;

/// How many doctors fit, the first one shown, and the columns of each.
fn columns(grid: &Grid, width: u16) -> (usize, usize, u16) {
    let count = grid.doctors().len().max(1);
    let room = width.saturating_sub(TIME);
    let fit = usize::from((room / LEAST).max(1)).min(count);
    let first = (grid.doctor + 1).saturating_sub(fit).min(count - fit);
    (fit, first, (room / fit as u16).min(MOST))
}

/// The line that says how to move the appointment; none while no appointment is being moved.
fn banner(s: &Schedule, width: u16, ctx: &Ctx) -> Vec<Line<'static>> {
    let Some(line) = &s.moving else { return Vec::new() };
    let text = Say::key("schedule.moving").with("name", &line.patient).text(ctx.lang);
    pane::prose(&format!("{} {text}", Tone::Warn.mark()), width, ctx.theme.tone(Tone::Warn))
}

fn below_banner(s: &Schedule, inner: Rect, ctx: &Ctx) -> Rect {
    let rows = (banner(s, inner.width, ctx).len() as u16).min(inner.height);
    Rect { y: inner.y + rows, height: inner.height - rows, ..inner }
}

/// The area of the cells, without the line of the doctors.
fn room(s: &Schedule, area: Rect, ctx: &Ctx) -> Rect {
    let inner = below_banner(s, inner(area), ctx);
    Rect { y: inner.y + 1, height: inner.height.saturating_sub(2), ..inner }
}

/// Moves the cursor to the cell that was drawn at a place.
pub(super) fn point(s: &mut Schedule, area: Rect, at: Position, ctx: &Ctx) {
    let (column, row) = (at.x, at.y);
    let room = room(s, area, ctx);
    let (fit, first, wide) = columns(&s.grid, room.width);
    let rows = s.grid.rows().len();
    if row < room.y || row >= room.bottom() || column < room.x + TIME {
        return;
    }
    let at = first_shown(s.grid.row, rows, usize::from(room.height)) + usize::from(row - room.y);
    let doctor = usize::from((column - room.x - TIME) / wide.max(1));
    if doctor < fit {
        s.grid.doctor = first + doctor;
        s.grid.row = at;
        s.grid.clamp();
    }
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let focused = s.focus == Focus::Grid;
    let filter =
        s.grid.department.map_or_else(|| word("schedule.all_departments", ctx.lang), |d| d.label(ctx.lang));
    let title = format!("{} · {filter}", day_name(s.grid.date, ctx));
    let title = shorten(&title, usize::from(area.width.saturating_sub(8)));
    let inner = pane::open(frame, area, ctx, &title, focused);
    pane::put(frame, inner, banner(s, inner.width, ctx));
    let inner = below_banner(s, inner, ctx);
    if s.grid.model.is_none() {
        empty(frame, inner, ctx, "schedule.empty.loading");
        return;
    }
    if s.grid.doctors().is_empty() {
        empty(frame, inner, ctx, "schedule.empty.roster");
        return;
    }
    let (fit_count, first, wide) = columns(&s.grid, inner.width);
    head(s, frame, inner, ctx, (fit_count, first, wide));
    let body = room(s, area, ctx);
    let rows = s.grid.rows();
    let from = first_shown(s.grid.row, rows.len(), usize::from(body.height));
    for (i, at) in rows.iter().enumerate().skip(from).take(usize::from(body.height)) {
        let y = body.y + (i - from) as u16;
        let style = if i == s.grid.row && focused { ctx.theme.accent() } else { ctx.theme.muted() };
        frame.render_widget(Span::styled(at.hm(), style), Rect { y, height: 1, ..body });
        for (column, doctor) in s.grid.doctors().iter().enumerate().skip(first).take(fit_count) {
            let cell = s.grid.cell(doctor, *at, ctx.now);
            let x = body.x + TIME + (column - first) as u16 * wide;
            let place = Rect { x, y, width: wide.saturating_sub(1), height: 1 };
            let here = focused && i == s.grid.row && column == s.grid.doctor;
            draw(frame, place, ctx, &cell, *at, here);
        }
    }
    foot(s, frame, inner, ctx);
}

fn head(s: &Schedule, frame: &mut Frame, inner: Rect, ctx: &Ctx, (count, first, wide): (usize, usize, u16)) {
    let more_left = if first > 0 { "‹" } else { " " };
    let more_right = if first + count < s.grid.doctors().len() { "›" } else { " " };
    let mut spans =
        vec![Span::raw(" ".repeat(usize::from(TIME - 1))), Span::styled(more_left, ctx.theme.muted())];
    for (column, doctor) in s.grid.doctors().iter().enumerate().skip(first).take(count) {
        let chosen = column == s.grid.doctor && s.focus == Focus::Grid;
        let style = if chosen { ctx.theme.accent() } else { ctx.theme.strong() };
        spans.push(Span::styled(
            format!("{} ", fit(&short(&doctor.name, usize::from(wide) - 1), usize::from(wide) - 1)),
            style,
        ));
    }
    spans.push(Span::styled(more_right, ctx.theme.muted()));
    frame.render_widget(Line::from(spans), Rect { height: 1, ..inner });
}

/// `ThS.BS Nguyễn Thị Mai` as `ThS.BS Mai` when the whole does not fit.
fn short(name: &str, width: usize) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match (words.first(), words.last()) {
        (Some(title), Some(given)) if words.len() > 2 && text::columns(name) > width => {
            format!("{title} {given}")
        }
        _ => name.to_owned(),
    }
}

fn draw(
    frame: &mut Frame,
    place: Rect,
    ctx: &Ctx,
    cell: &Cell<'_>,
    row: crate::domain::time::Timestamp,
    here: bool,
) {
    let (text, style) = words(cell, row, ctx, usize::from(place.width));
    let style = if here { ctx.theme.selected() } else { style };
    frame.render_widget(Span::styled(text, style), place);
    if here {
        caret::stand(frame, ctx, place, (0, 0));
    }
}

fn words(cell: &Cell<'_>, row: crate::domain::time::Timestamp, ctx: &Ctx, width: usize) -> (String, Style) {
    match cell {
        Cell::Past => (fit("", width), ctx.theme.muted()),
        Cell::Off => (CellMark::Off.text(width), CellMark::Off.style(ctx.theme)),
        Cell::Free(slot) if slot.starts_at > row => {
            (fit(&format!("· {}", slot.starts_at.hm()), width), ctx.theme.text())
        }
        Cell::Free(_) => (CellMark::Free.text(width), CellMark::Free.style(ctx.theme)),
        Cell::Taken(line) => {
            let who = who(line, row, ctx, width);
            let mark = mark(line, &who);
            (mark.text(width), mark.style(ctx.theme))
        }
    }
}

/// The mark of an appointment on the grid.
pub(super) fn mark<'a>(line: &AppointmentLine, who: &'a str) -> CellMark<'a> {
    match line.state {
        AppointmentState::Held => CellMark::Held(who),
        AppointmentState::Told => CellMark::Told(who),
        AppointmentState::Done => CellMark::Done(who),
        AppointmentState::NoShow => CellMark::NoShow(who),
        _ => CellMark::Booked(who),
    }
}

/// The text of an appointment: the given name, or the whole one where there is room; for a held slot, its holder and
/// until when.
fn who(line: &AppointmentLine, row: crate::domain::time::Timestamp, ctx: &Ctx, width: usize) -> String {
    let given = line.patient.split_whitespace().last().unwrap_or_default();
    match (line.state, line.held_until) {
        (AppointmentState::Held, Some(until)) => {
            let by = line.held_by.as_deref().unwrap_or_default();
            let held = word("schedule.held", ctx.lang);
            format!("{by} {held} {}", minutes(until.since(ctx.now) + 59_999, ctx.lang))
        }
        (AppointmentState::InProgress, _) => format!("{given} ▸"),
        _ if line.starts_at > row => format!("{given} {}", line.starts_at.hm()),
        _ if text::columns(&line.patient) + 4 <= width => line.patient.clone(),
        _ => given.to_owned(),
    }
}

/// The line about the cell under the cursor.
fn foot(s: &Schedule, frame: &mut Frame, inner: Rect, ctx: &Ctx) {
    let line = Rect { y: inner.bottom().saturating_sub(1), height: 1.min(inner.height), ..inner };
    if s.focus != Focus::Grid {
        let room = usize::from(line.width);
        let whole = Some(word("schedule.legend", ctx.lang)).filter(|words| text::columns(words) <= room);
        let legend = whole.unwrap_or_else(|| word("schedule.legend_short", ctx.lang));
        frame.render_widget(Span::styled(shorten(&legend, usize::from(line.width)), ctx.theme.muted()), line);
        return;
    }
    let text = match s.grid.here(ctx.now) {
        Cell::Free(slot) => {
            let key = if s.moving.is_some() { "schedule.foot.move" } else { "schedule.foot.free" };
            word(key, ctx.lang)
                .replace("%{time}", &slot.starts_at.hm())
                .replace("%{doctor}", &slot.doctor_name)
        }
        Cell::Taken(line) => {
            let state = word(&format!("state.{}", line.state.code()), ctx.lang);
            format!("{} · {} · {} · {state}", line.starts_at.hm(), line.patient, line.doctor_name)
        }
        Cell::Past | Cell::Off => word("schedule.foot.off", ctx.lang),
    };
    let style = ctx.theme.tone(Tone::Info);
    frame.render_widget(Span::styled(shorten(&text, usize::from(line.width)), style), line);
}
