//! Draws the hand-over batches: the list on the left, the rows of one batch on the right.

use super::super::state::Schedule;
use super::parts::{WIDE, inner};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::Blank;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};

const NO_BATCHES: Blank = Blank { loading: "schedule.empty.loading", empty: "schedule.empty.batches" };
const NO_ROWS: Blank = Blank { loading: "schedule.empty.rows", empty: "schedule.empty.rows" };

fn parts(area: Rect) -> [Rect; 2] {
    let left = if area.width >= WIDE { 44 } else { 34 };
    Layout::horizontal([Constraint::Length(left), Constraint::Min(0)]).areas(area)
}

pub(super) fn click(s: &mut Schedule, area: Rect, at: Position) {
    let [left, right] = parts(area);
    if left.contains(at) {
        s.batches.in_rows = false;
        let rows = s.batches.list.rows_area(inner(left));
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
    s.batches.list.view(frame, inner, ctx, !in_rows, NO_BATCHES);
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
