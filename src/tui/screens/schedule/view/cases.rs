//! The list of cases: to contact by waiting time, below them the promised callbacks by their time.

use super::super::{Focus, Group, Schedule};
use crate::domain::time::DAY_MS;
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
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// A case that waits longer than this is marked.
const OLD_MS: i64 = 2 * 60 * 60_000;

/// One part of the list: which rows of the whole, and where its pane stands.
struct Part {
    group: Group,
    rows: Range<usize>,
    area: Rect,
}

/// The parts that have rows; the first is there always. The lower ones take what they need, up to a third each.
fn parts(s: &Schedule, area: Rect) -> Vec<Part> {
    let cases = s.cases.as_deref().unwrap_or_default();
    let count = |group: Group| cases.iter().filter(|line| Group::of(line) == group).count();
    let shown: Vec<Group> =
        Group::ALL.into_iter().filter(|group| *group == Group::Waiting || count(*group) > 0).collect();
    let room = |group: &Group| match group {
        Group::Waiting => Constraint::Min(3),
        Group::Promised | Group::Booked => {
            Constraint::Length((count(*group) as u16 + 2).min(area.height / 3).max(3))
        }
    };
    let areas = Layout::vertical(shown.iter().map(room)).split(area);
    let mut first = 0;
    let part = |(group, area): (&Group, &Rect)| {
        let rows = first..first + count(*group);
        first = rows.end;
        Part { group: *group, rows, area: *area }
    };
    shown.iter().zip(areas.iter()).map(part).collect()
}

/// The row of the list that was drawn at a screen row.
pub(super) fn row_at(s: &Schedule, area: Rect, row: u16) -> Option<usize> {
    parts(s, area).into_iter().find_map(|part| {
        let cursor = part.cursor(s);
        let at = list::row_at(super::inner(part.area), row, cursor, part.rows.len())?;
        Some(part.rows.start + at)
    })
}

impl Part {
    /// The cursor as this part sees it.
    fn cursor(&self, s: &Schedule) -> usize {
        s.case_at.0.saturating_sub(self.rows.start).min(self.rows.len().saturating_sub(1))
    }
}

pub(super) fn view(s: &Schedule, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let focused = s.focus == Focus::Cases;
    for part in parts(s, area) {
        let key = match part.group {
            Group::Waiting => "schedule.title.waiting",
            Group::Promised => "schedule.title.promised",
            Group::Booked => "schedule.title.booked",
        };
        let title = format!("{} {}", word(key, ctx.lang), part.rows.len());
        let none = s.cases.as_ref().is_none_or(Vec::is_empty);
        let here = focused && (part.rows.contains(&s.case_at.0) || none);
        let room = pane::open(frame, part.area, ctx, &title, here);
        match &s.cases {
            None => super::empty(frame, room, ctx, "schedule.empty.loading"),
            Some(_) if part.rows.is_empty() => super::empty(frame, room, ctx, "schedule.empty.cases"),
            Some(cases) => {
                let width = room.width.saturating_sub(2);
                let rows: Vec<Line> =
                    cases[part.rows.clone()].iter().map(|line| row(s, line, width, ctx)).collect();
                list::view(frame, room, ctx, &rows, Cursor(part.cursor(s)), here);
            }
        }
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
            let age = match age / DAY_MS {
                0 | 1 => minutes(age, ctx.lang),
                days => word("schedule.days", ctx.lang).replace("%{days}", &days.to_string()),
            };
            let text = format!("{age}{}", if old { " ⚠" } else { "  " });
            let state = match (line.state.as_str(), line.due_at) {
                ("triaged" | "no_show", _) => {
                    format!("{} · ", word(&format!("schedule.state.{}", line.state), ctx.lang))
                }
                (_, None) => format!("{} · ", word("schedule.state.no_call", ctx.lang)),
                (_, Some(_)) => String::new(),
            };
            mark(ctx, if old { Tone::Warn } else { Tone::Muted }, &format!("{state}{text}"))
        }
    }
}
