//! Draws the hand-over batches: the list on the left, the rows of one batch on the right.

use super::super::state::Schedule;
use super::parts::{WIDE, inner};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::Blank;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;

const NO_BATCHES: Blank = Blank { loading: "schedule.empty.loading", empty: "schedule.empty.batches" };
const NO_ROWS: Blank = Blank { loading: "schedule.empty.rows", empty: "schedule.empty.rows" };

fn parts(area: Rect) -> [Rect; 2] {
    let left = if area.width >= WIDE { 44 } else { 38 };
    Layout::horizontal([Constraint::Length(left), Constraint::Min(0)]).areas(area)
}

/// The lines that say how many rows went back to 9090 without an answer, and since when; none when none did.
fn returned(s: &Schedule, inner: Rect, ctx: &Ctx) -> Vec<Line<'static>> {
    let (1.., Some(since)) = (s.batches.returned.count, s.batches.returned.since) else { return Vec::new() };
    let text = Say::key("schedule.foot.returned")
        .with("count", s.batches.returned.count)
        .with("age", age(ctx.now.since(since), ctx.lang))
        .text(ctx.lang);
    pane::prose(&format!("⚠ {text}"), inner.width, ctx.theme.tone(Tone::Warn))
}

/// The area of the list, without the lines about returned rows below it.
const fn list_room(inner: Rect, returned: &[Line<'static>]) -> Rect {
    Rect { height: inner.height.saturating_sub(returned.len() as u16), ..inner }
}

pub(super) fn click(s: &mut Schedule, area: Rect, at: Position, ctx: &Ctx) {
    let [left, right] = parts(area);
    if left.contains(at) {
        s.batches.in_rows = false;
        let room = list_room(inner(left), &returned(s, inner(left), ctx));
        let rows = s.batches.list.rows_area(room);
        s.batches.list.click(rows, at);
    } else if s.batches.open.is_some() {
        s.batches.in_rows = true;
        let rows = s.batches.rows.rows_area(rows_room(inner(right)));
        s.batches.rows.click(rows, at);
    }
}

/// The area of the rows, without the line of the summary below.
const fn rows_room(inner: Rect) -> Rect {
    Rect { height: inner.height.saturating_sub(1), ..inner }
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let [left, right] = parts(area);
    let in_rows = s.batches.in_rows;
    let inner = pane::open(frame, left, ctx, &word("schedule.title.batches", ctx.lang), !in_rows);
    let returned = returned(s, inner, ctx);
    s.batches.list.view(frame, list_room(inner, &returned), ctx, !in_rows, NO_BATCHES);
    let height = returned.len() as u16;
    let below = Rect { y: inner.bottom().saturating_sub(height), height: height.min(inner.height), ..inner };
    pane::put(frame, below, returned);
    let title = s.batches.open.map_or_else(
        || word("schedule.title.rows_none", ctx.lang),
        |batch| word("schedule.title.rows", ctx.lang).replace("%{batch}", &batch.to_string()),
    );
    let inner = pane::open(frame, right, ctx, &title, in_rows);
    s.batches.rows.view(frame, rows_room(inner), ctx, in_rows, NO_ROWS);
    if s.batches.open.is_some() {
        foot(s, frame, inner, ctx);
    }
}

/// The line that says what the accepting key would do.
fn foot(s: &Schedule, frame: &mut Frame, inner: Rect, ctx: &Ctx) {
    let foot = Rect { y: inner.bottom().saturating_sub(1), height: 1.min(inner.height), ..inner };
    let (waiting, back) = (s.batches.unanswered(), s.batches.marked());
    let (key, tone) = if waiting > 0 {
        ("schedule.foot.batch", Tone::Info)
    } else {
        ("schedule.foot.batch_done", Tone::Ok)
    };
    let text = word(key, ctx.lang)
        .replace("%{accept}", &waiting.saturating_sub(back).to_string())
        .replace("%{return}", &back.to_string());
    frame.render_widget(pane::marked(ctx.theme, tone, &text), foot);
}
