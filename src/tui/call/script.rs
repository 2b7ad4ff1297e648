//! Draws the script: its steps with their merge fields filled, the boxes of required steps, and the questions that
//! customers ask with their answers.

use super::merge::filled;
use super::panel::{CallPanel, StepMark};
use crate::domain::campaign::script::{Step, StepKind};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::caret;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::{lines, shorten};
use crate::usecase::model::call::CallCard;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Columns of a line that is read aloud, at most: a longer one is lost on the way back.
const LINE: u16 = 80;
/// Columns of the mark before a step.
const MARK: u16 = 4;

/// Draws the script around the step that is being read, the boxes, and the questions' row. `questions_cap` is
/// the key that opens the questions; empty: this call has none. `focused`: it has the keys.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, panel: &CallPanel, questions_cap: &str, focused: bool) {
    let title =
        Say::key("call.script").with("at", panel.at + 1).with("count", panel.steps.len()).text(ctx.lang);
    let inner = pane::open(frame, area, ctx, &title, focused);
    let boxes = box_line(panel, ctx);
    let questions =
        if questions_cap.is_empty() { None } else { Some(question_line(ctx, questions_cap, inner.width)) };
    // What changes what the customer is asked stands above everything that is read to them.
    let first = would_wait(&panel.card, ctx, inner.width);
    let top = (first.len() as u16).min(inner.height);
    pane::put(frame, inner, first);
    let inner = Rect { y: inner.y + top, height: inner.height - top, ..inner };
    let below = u16::from(boxes.is_some()) + u16::from(questions.is_some());
    let room = inner.height.saturating_sub(below);
    let rows = step_rows(ctx, panel, inner.width, room > 20);
    // An empty row only where it takes none from the step that is being read, which must be read out whole.
    let now = rows.iter().filter(|(step, _)| *step == panel.at).count();
    let gap = u16::from(below > 0 && room > 8 && now < usize::from(room));
    let steps = Rect { height: room.saturating_sub(gap), ..inner };
    view_steps(frame, steps, ctx, panel, &rows, focused);
    let rows = steps.bottom() + gap..inner.bottom();
    for (y, line) in rows.zip(questions.into_iter().chain(boxes)) {
        frame.render_widget(line, Rect { y, height: 1, ..inner });
    }
}

/// That the customer would wait, and at which place, whole; nothing while seats are left.
pub fn would_wait(card: &CallCard, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let Some(position) = card.would_wait_at else { return Vec::new() };
    let sentence = Say::key("calls.waitlist_first").with("position", position).text(ctx.lang);
    pane::prose(&format!("⚠ {sentence}"), width, ctx.theme.tone(Tone::Warn))
}

/// The lines of all steps in `width` columns, each with the place of its step; `loose`: an empty row after each.
fn step_rows(ctx: &Ctx, panel: &CallPanel, width: u16, loose: bool) -> Vec<(usize, Line<'static>)> {
    let width = width.saturating_sub(MARK).min(LINE);
    let steps: Vec<&Step> = ctx.campaign.script.steps_for(panel.card.purpose).collect();
    let mut rows: Vec<(usize, Line)> = Vec::new();
    for (i, (step, mark)) in steps.iter().zip(&panel.steps).enumerate() {
        let now = i == panel.at;
        let style = match (now, mark.done) {
            (true, _) => ctx.theme.strong(),
            (false, true) => ctx.theme.muted(),
            (false, false) => ctx.theme.text(),
        };
        let text = filled(&step.text, &panel.card, ctx);
        for (row, piece) in lines(&text, usize::from(width)).into_iter().enumerate() {
            let lead = if row == 0 { lead(step, mark, now, ctx) } else { bar(now, ctx) };
            let mut spans = lead;
            spans.push(Span::styled(piece.to_owned(), style));
            rows.push((i, Line::from(spans)));
        }
        if loose {
            rows.push((i, Line::default()));
        }
    }
    rows
}

fn view_steps(
    frame: &mut Frame,
    area: Rect,
    ctx: &Ctx,
    panel: &CallPanel,
    rows: &[(usize, Line<'static>)],
    focused: bool,
) {
    let height = usize::from(area.height);
    let first = first_row(rows, panel.at, height);
    for (y, (_, line)) in rows.iter().skip(first).take(height).enumerate() {
        frame.render_widget(line, Rect { y: area.y + y as u16, height: 1, ..area });
    }
    let read = rows.iter().position(|(step, _)| *step == panel.at).and_then(|row| row.checked_sub(first));
    if let Some(row) = read.filter(|row| focused && *row < height) {
        caret::stand(frame, ctx, area, (0, row as u16));
    }
    let edge = Rect {
        x: area.right().saturating_sub(1),
        width: 1.min(area.width),
        height: 1.min(area.height),
        ..area
    };
    if first > 0 {
        frame.render_widget(Span::styled("↑", ctx.theme.muted()), edge);
    }
    if first + height < rows.len() {
        let last = Rect { y: area.bottom().saturating_sub(1), ..edge };
        frame.render_widget(Span::styled("↓", ctx.theme.muted()), last);
    }
}

/// The first visible row: the step before the one being read where there is room, and never past the end.
fn first_row(rows: &[(usize, Line)], at: usize, height: usize) -> usize {
    let start = rows.iter().position(|(i, _)| *i == at).unwrap_or(0);
    let end = rows.iter().rposition(|(i, _)| *i == at).map_or(0, |row| row + 1);
    let before = rows.iter().position(|(i, _)| *i + 1 == at).unwrap_or(start);
    let last_page = rows.len().saturating_sub(height);
    let first = if end <= height {
        0
    } else if end - before <= height {
        before
    } else {
        start
    };
    first.min(last_page)
}

fn bar(now: bool, ctx: &Ctx) -> Vec<Span<'static>> {
    let mark = if now { Span::styled("▌", ctx.theme.focus()) } else { Span::raw(" ") };
    vec![mark, Span::raw("   ")]
}

/// The mark before a step: a box, a question, or nothing.
fn lead(step: &Step, mark: &StepMark, now: bool, ctx: &Ctx) -> Vec<Span<'static>> {
    let first = if now { Span::styled("▌", ctx.theme.focus()) } else { Span::raw(" ") };
    let sign = match (mark.boxed, mark.done, step.kind) {
        (true, true, _) => Span::styled("☑  ", ctx.theme.tone(Tone::Ok)),
        (true, false, _) => Span::styled("☐  ", ctx.theme.tone(Tone::Warn)),
        (false, _, StepKind::Ask) => Span::styled("?  ", ctx.theme.accent()),
        (false, _, StepKind::Say | StepKind::Tick) => Span::styled("·  ", ctx.theme.muted()),
    };
    vec![first, sign]
}

/// The line of the required steps before "agreed": `☑ Giới thiệu  ☐ Ghi âm`; none when the script has no such step.
fn box_line(panel: &CallPanel, ctx: &Ctx) -> Option<Line<'static>> {
    let mut spans = Vec::new();
    for step in panel.steps.iter().filter(|step| step.required) {
        let (sign, tone) = if step.done { ("☑", Tone::Ok) } else { ("☐", Tone::Warn) };
        spans.push(Span::styled(format!("{sign} "), ctx.theme.tone(tone)));
        spans.push(Span::styled(step_name(&step.code, ctx), ctx.theme.text()));
        spans.push(Span::raw("  "));
    }
    (!spans.is_empty()).then(|| Line::from(spans))
}

/// The short name of a known step; other campaigns' own steps show their code.
fn step_name(code: &str, ctx: &Ctx) -> String {
    let key = format!("call.step.{code}");
    let text = word(&key, ctx.lang);
    if text.is_empty() || text.ends_with(&key) { code.to_owned() } else { text }
}

fn question_line(ctx: &Ctx, cap: &str, width: u16) -> Line<'static> {
    let mut spans = vec![
        Span::styled(cap.to_owned(), ctx.theme.key()),
        Span::styled(format!(" {} ", word("call.questions_short", ctx.lang)), ctx.theme.text()),
    ];
    let mut room = usize::from(width).saturating_sub(spans.iter().map(Span::width).sum());
    for objection in &ctx.campaign.script.objections {
        let piece = format!(" ▸ {}", objection.question.get(ctx.lang));
        let Some(rest) = room.checked_sub(piece.width()) else { break };
        room = rest;
        spans.push(Span::styled(piece, ctx.theme.muted()));
    }
    Line::from(spans)
}

/// Draws the questions customers ask, each with the key that `cap` names; the one at `at` is open and shows its
/// answer.
pub fn view_questions(
    frame: &mut Frame,
    area: Rect,
    ctx: &Ctx,
    panel: &CallPanel,
    at: usize,
    cap: impl Fn(usize) -> String,
) {
    let inner = pane::open(frame, area, ctx, &word("call.questions", ctx.lang), true);
    let mut y = inner.y;
    let mut put = |line: Line<'static>| {
        if y < inner.bottom() {
            frame.render_widget(line, Rect { y, height: 1, ..inner });
            y += 1;
        }
    };
    let objections = &ctx.campaign.script.objections;
    // In a low pane only the open question and its answer are sure to fit, so they come first.
    let low = usize::from(inner.height) < objections.len() + 4;
    if low && let Some(open) = objections.get(at) {
        for line in answer(&filled(&open.answer, &panel.card, ctx), inner.width, ctx) {
            put(line);
        }
    }
    for (i, objection) in objections.iter().enumerate() {
        let open = i == at;
        let (sign, style) = if open { ("▾", ctx.theme.strong()) } else { ("▸", ctx.theme.text()) };
        let question = shorten(objection.question.get(ctx.lang), usize::from(inner.width).saturating_sub(4));
        put(Line::from(vec![
            Span::styled(format!("{} ", cap(i)), ctx.theme.key()),
            Span::styled(format!("{sign} {question}"), style),
        ]));
        if open && !low {
            for line in answer(&filled(&objection.answer, &panel.card, ctx), inner.width, ctx) {
                put(line);
            }
        }
    }
}

fn answer(text: &str, width: u16, ctx: &Ctx) -> Vec<Line<'static>> {
    lines(text, usize::from(width.min(LINE)).saturating_sub(4))
        .into_iter()
        .map(|piece| {
            Line::from(vec![
                Span::styled("  │ ", ctx.theme.focus()),
                Span::styled(piece.to_owned(), ctx.theme.strong()),
            ])
        })
        .collect()
}
