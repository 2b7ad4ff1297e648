//! The list of cases: to contact by waiting time, below them the promised callbacks by their time.

use super::super::{Schedule, Zone};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::minutes;
use crate::tui::widgets::list::{self, Cursor};
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::fit;
use crate::usecase::model::case::CaseLine;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// A case that waits longer than this is marked.
const OLD_MS: i64 = 2 * 60 * 60_000;

/// How many rows of the list are promises, and the two panes.
fn parts(s: &Schedule, area: Rect) -> (usize, [Rect; 2]) {
    let cases = s.cases.as_deref().unwrap_or_default();
    let promised = cases.iter().filter(|line| line.promised).count();
    if promised == 0 {
        return (cases.len(), [area, Rect::default()]);
    }
    let wanted = (promised as u16 + 2).min(area.height / 2).max(3);
    let below = Constraint::Length(wanted);
    (cases.len() - promised, Layout::vertical([Constraint::Min(3), below]).areas(area))
}

/// The row of the list that was drawn at a screen row.
pub(super) fn row_at(s: &Schedule, area: Rect, row: u16) -> Option<usize> {
    let (waiting, [top, bottom]) = parts(s, area);
    let len = s.cases.as_ref().map_or(0, Vec::len);
    let (upper, lower) = cursors(s, waiting);
    list::row_at(super::inner(top), row, upper, waiting)
        .or_else(|| list::row_at(super::inner(bottom), row, lower, len - waiting).map(|at| waiting + at))
}

/// The cursor as each of the two lists sees it.
fn cursors(s: &Schedule, waiting: usize) -> (usize, usize) {
    (s.case_at.0.min(waiting.saturating_sub(1)), s.case_at.0.saturating_sub(waiting))
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let (waiting, [top, bottom]) = parts(s, area);
    let focused = s.zone == Zone::Cases;
    let title = format!("{} {waiting}", word("schedule.title.waiting", ctx.lang));
    let room = pane::open(frame, top, ctx, &title, focused && (s.case_at.0 < waiting || waiting == 0));
    let Some(cases) = &s.cases else {
        super::empty(frame, room, ctx, "schedule.empty.loading");
        return;
    };
    if cases.is_empty() {
        super::empty(frame, room, ctx, "schedule.empty.cases");
        return;
    }
    let (upper, lower) = cursors(s, waiting);
    let rows = |lines: &[CaseLine], width: u16| -> Vec<Line<'static>> {
        lines.iter().map(|line| row(s, line, width.saturating_sub(2), ctx)).collect()
    };
    let here = focused && s.case_at.0 < waiting;
    list::view(frame, room, ctx, &rows(&cases[..waiting], room.width), Cursor(upper), here);
    if !bottom.is_empty() {
        let title = format!("{} {}", word("schedule.title.promised", ctx.lang), cases.len() - waiting);
        let here = focused && s.case_at.0 >= waiting;
        let room = pane::open(frame, bottom, ctx, &title, here);
        list::view(frame, room, ctx, &rows(&cases[waiting..], room.width), Cursor(lower), here);
    }
}

/// Name on the left; on the right what matters: waiting time, promised time, who has it, what is missing.
fn row(s: &Schedule, line: &CaseLine, width: u16, ctx: &Ctx) -> Line<'static> {
    let open = s.intake.as_ref().is_some_and(|intake| intake.case == line.case);
    let (text, style) = if open { mark(ctx, Tone::Ok, "●") } else { state(line, ctx) };
    let right = Span::styled(text, style);
    let name = usize::from(width).saturating_sub(right.content.width() + 1);
    super::both_ends(vec![Span::styled(fit(&line.name, name), ctx.theme.text())], right, width)
}

fn mark(ctx: &Ctx, tone: Tone, text: &str) -> (String, Style) {
    (text.to_owned(), ctx.theme.tone(tone))
}

fn state(line: &CaseLine, ctx: &Ctx) -> (String, Style) {
    let now = ctx.now;
    if let Some(holder) = &line.holder {
        return mark(ctx, Tone::Muted, &format!("● {holder}"));
    }
    if let Some(at) = line.starts_at {
        let untold = word("schedule.untold", ctx.lang);
        let (tone, what) = if line.told { (Tone::Ok, "✓") } else { (Tone::Warn, untold.as_str()) };
        let when = if at.date() == now.date() { at.hm() } else { at.dm_hm() };
        return mark(ctx, tone, &format!("{when} {what}"));
    }
    match line.due_at {
        Some(at) if line.promised => {
            let when = if at.date() == now.date() { at.hm() } else { at.dm_hm() };
            let late = at <= now;
            mark(
                ctx,
                if late { Tone::Warn } else { Tone::Plain },
                &format!("{when}{}", if late { " ⚠" } else { "" }),
            )
        }
        Some(at) if at > now => {
            let when = if at.date() == now.date() { at.hm() } else { at.dm_hm() };
            mark(ctx, Tone::Muted, &format!("→ {when}"))
        }
        Some(_) | None => {
            let age = now.since(line.since);
            let old = age >= OLD_MS;
            let text = format!("{}{}", minutes(age), if old { " ⚠" } else { "  " });
            let state = match line.state.as_str() {
                "triaged" | "no_show" => {
                    format!("{} · ", word(&format!("schedule.state.{}", line.state), ctx.lang))
                }
                _ => String::new(),
            };
            mark(ctx, if old { Tone::Warn } else { Tone::Muted }, &format!("{state}{text}"))
        }
    }
}
