//! Draws the list of cases: those to contact by waiting time, below them the promised callbacks by their time.

use super::super::cases::{Group, mark, state};
use super::super::state::{Focus, Schedule};
use super::parts::{both_ends, empty, inner};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{self, Cursor};
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::Blank;
use crate::tui::widgets::wrap::fit;
use crate::usecase::model::case::CaseLine;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

const NOBODY: Blank = Blank { loading: "schedule.empty.loading", empty: "schedule.empty.cases" };

/// One part of the list: which of the shown rows it has, and where its pane is.
struct Part {
    group: Group,
    rows: Range<usize>,
    area: Rect,
}

/// The parts that have rows, and always the first. The lower ones take what they need, up to a third each.
fn parts(s: &Schedule, area: Rect) -> Vec<Part> {
    let count = |group: Group| s.cases.shown().filter(|line| Group::of(line) == group).count();
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

/// Moves the cursor to the row that was drawn there.
pub(super) fn click(s: &mut Schedule, area: Rect, at: Position) {
    let row = parts(s, area).into_iter().find_map(|part| {
        let room = inner(part.area);
        let row = list::row_at(room, at.y, part.cursor(s), part.rows.len())?;
        s.cases.shown().nth(part.rows.start + row).map(|line| line.case)
    });
    if let Some(case) = row {
        s.cases.choose(&case);
    }
}

impl Part {
    /// The cursor within this part.
    fn cursor(&self, s: &Schedule) -> usize {
        s.cases.cursor().0.saturating_sub(self.rows.start).min(self.rows.len().saturating_sub(1))
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
        let here = focused && (part.rows.contains(&s.cases.cursor().0) || s.cases.is_empty());
        let room = pane::open(frame, part.area, ctx, &title, here);
        if part.group == Group::Waiting && s.cases.view_blank(frame, room, ctx, NOBODY) {
            continue;
        }
        if part.rows.is_empty() {
            empty(frame, room, ctx, "schedule.empty.cases");
            continue;
        }
        let width = room.width.saturating_sub(2);
        let shown = s.cases.shown().skip(part.rows.start).take(part.rows.len());
        let rows: Vec<Line> = shown.map(|line| row(s, line, width, ctx)).collect();
        list::view(frame, room, ctx, &rows, Cursor(part.cursor(s)), here);
    }
}

/// The line of a case: the name on the left; on the right waiting time, promised time, holder or what is missing.
fn row(s: &Schedule, line: &CaseLine, width: u16, ctx: &Ctx) -> Line<'static> {
    let open = s.intake.as_ref().is_some_and(|intake| intake.case == line.case);
    let (text, style) = if open { mark(ctx, Tone::Ok, "●") } else { state(line, ctx) };
    let right = Span::styled(text, style);
    let name = usize::from(width).saturating_sub(right.content.width() + 1);
    both_ends(vec![Span::styled(fit(&line.name, name), ctx.theme.text())], right, width)
}
