//! Draws the open case: patient, need, department with its reason, checklist, free slots, call results.

use super::super::intake::Intake;
use super::super::state::{Focus, Schedule};
use super::parts::{SUMMARY_ROWS, WIDE, label};
use super::{flags, patient, slots};
use crate::domain::contact::Purpose;
use crate::tui::call::card::{self, shown_phone};
use crate::tui::call::desk::{CallAct, Part};
use crate::tui::call::panel::CallPanel;
use crate::tui::call::results::ResultRow;
use crate::tui::call::{results, script};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::clock;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::shorten;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};

pub(super) fn view(s: &Schedule, open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    if s.focus == Focus::Call
        && let Some(panel) = s.desk.panel()
    {
        return call(s, panel, frame, area, ctx);
    }
    let focused = !matches!(s.focus, Focus::Cases | Focus::Grid);
    let low = area.height <= SUMMARY_ROWS;
    let title = shorten(&title(s, open, low, ctx), usize::from(area.width.saturating_sub(6)));
    let inner = pane::open(frame, area, ctx, &title, focused);
    if low {
        summary(s, open, frame, inner, ctx);
        return;
    }
    let mut y = inner.y;
    let mut row = |rows: u16| {
        let place = Rect { y, height: rows.min(inner.bottom().saturating_sub(y)), ..inner };
        y += rows;
        place
    };
    let roomy = inner.height >= 17;
    patient::view(open, frame, row(1), ctx);
    need(s, open, frame, row(if roomy { 2 } else { 1 }), ctx);
    routing(open, frame, row(1), ctx);
    if open.draft.video {
        why(s, open, frame, row(1), ctx);
    }
    flags_title(s, open, frame, row(1), ctx);
    let used = y - inner.y;
    let rows = slots::rows(open, inner.width, ctx);
    let room = Rect { y, height: inner.height.saturating_sub(used + rows + 1), ..inner };
    flags::view(s, &open.checklist, frame, room, ctx);
    let below = Rect { y: room.bottom(), height: rows, ..inner };
    if open.acute() {
        frame.buffer_mut().set_style(below, ctx.theme.alarm());
    } else {
        slots::view(s, open, frame, below, ctx);
    }
    let last = Rect { y: below.bottom(), height: 1, ..inner };
    advice(s, open, frame, last, ctx);
}

/// The areas of script and card, and of the results below.
fn call_parts(area: Rect, ctx: &Ctx) -> [Rect; 2] {
    let results = results::height(area.width, Purpose::Intake, ctx.lang);
    Layout::vertical([Constraint::Min(0), Constraint::Length(results)]).areas(area)
}

/// The act of a click on the open call: the result that is drawn there.
pub(super) fn result_at(s: &Schedule, at: Position, area: Rect, ctx: &Ctx) -> Option<CallAct> {
    let Some(Part::Results(row)) = s.desk.part() else { return None };
    let [_, below] = call_parts(area, ctx);
    let hit = results::clicked(below, at.x, at.y, Purpose::Intake, *row, ctx.lang)?;
    Some(match hit.disposition {
        Some(_) => CallAct::Digit(hit.cap),
        None => CallAct::Results(ResultRow::Other),
    })
}

/// Draws the open call before the need is asked: card, script and results.
fn call(s: &Schedule, panel: &CallPanel, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let [top, below] = call_parts(area, ctx);
    let left = if area.width >= WIDE { 42 } else { 32 };
    let [card_area, script_area] =
        Layout::horizontal([Constraint::Length(left), Constraint::Min(0)]).areas(top);
    let rows = card::height(panel, ctx).min(card_area.height);
    let [card_area, history] =
        Layout::vertical([Constraint::Length(rows), Constraint::Min(0)]).areas(card_area);
    card::view(frame, card_area, ctx, panel);
    if history.height > 2 {
        card::view_history(frame, history, ctx, panel);
    }
    let reads = s.focus == Focus::Call && matches!(s.desk.part(), Some(Part::Script));
    script::view(frame, script_area, ctx, panel, "", reads);
    let (row, lit) = match s.desk.part() {
        Some(Part::Results(row)) => (*row, true),
        Some(Part::Script | Part::Detail(_) | Part::Middle) | None => (ResultRow::First, false),
    };
    results::view(frame, below, ctx, results::Menu { purpose: Purpose::Intake, row, lit, may_agree: true });
}

/// Name, number and lease; the patient, too, where their own line is not drawn.
fn title(s: &Schedule, open: &Intake, with_patient: bool, ctx: &Ctx) -> String {
    let mut parts = vec![open.name.clone()];
    if let Some(call) = s.desk.panel() {
        parts.push(shown_phone(&call.card.phone));
        let attempt = word("schedule.attempt", ctx.lang)
            .replace("%{n}", &call.card.attempt.to_string())
            .replace("%{max}", &call.card.max_attempts.to_string());
        parts.push(attempt);
        let left = clock(call.lease_left(ctx.now));
        parts.push(word("schedule.lease", ctx.lang).replace("%{left}", &left));
    } else {
        parts.push(open.phone_masked.clone());
        parts.push(word("schedule.no_call", ctx.lang));
    }
    if let Some(file) = open.file.as_ref().filter(|_| with_patient) {
        if let Some(patient) = &file.patient {
            let born = file.birth_year.map_or_else(String::new, |year| format!(" ({year})"));
            parts.push(format!("{}: {patient}{born}", word("schedule.field.patient", ctx.lang)));
        }
        parts.extend(file.representative.clone());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

fn need(s: &Schedule, open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let focused = s.focus == Focus::Need;
    let body = label(frame, area, ctx, "schedule.label.need", focused);
    open.draft.need.view(frame, body, ctx, focused && !s.is_windowed());
}

fn why(s: &Schedule, open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let focused = s.focus == Focus::Why;
    let body = label(frame, area, ctx, "schedule.label.why", focused);
    open.draft.why.view(frame, body, ctx, focused && !s.is_windowed());
}

/// The lines of the department with its reason, and of phone or video.
fn routing(open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let theme = ctx.theme;
    let body = label(frame, area, ctx, "schedule.label.department", false);
    let mut spans = match open.department() {
        Some(department) => vec![Span::styled(department.label(ctx.lang), theme.strong())],
        None => vec![Span::styled(word("schedule.no_department", ctx.lang), theme.muted())],
    };
    if let Some(suggestion) = &open.suggestion {
        let words = suggestion.words.join(", ");
        let text = if open.department() == Some(suggestion.department) {
            word("schedule.because", ctx.lang).replace("%{words}", &words)
        } else {
            word("schedule.suggests", ctx.lang)
                .replace("%{department}", &suggestion.department.label(ctx.lang))
                .replace("%{words}", &words)
        };
        spans.push(Span::styled(format!(" {text}"), theme.muted()));
    }
    let method = [("schedule.by_phone", !open.draft.video), ("schedule.by_video", open.draft.video)];
    let mut right = Vec::new();
    for (key, chosen) in method {
        let (mark, style) = if chosen { ("(•) ", theme.strong()) } else { ("( ) ", theme.muted()) };
        right.push(Span::styled(format!("  {mark}{}", word(key, ctx.lang)), style));
    }
    let right_width: usize = right.iter().map(Span::width).sum();
    let room = usize::from(body.width).saturating_sub(right_width);
    let used: usize = spans.iter().map(Span::width).sum();
    if used > room
        && let Some(last) = spans.pop()
    {
        let before: usize = spans.iter().map(Span::width).sum();
        spans.push(Span::styled(shorten(&last.content, room.saturating_sub(before)), last.style));
    }
    let used: usize = spans.iter().map(Span::width).sum();
    spans.push(Span::raw(" ".repeat(room.saturating_sub(used))));
    spans.extend(right);
    frame.render_widget(Line::from(spans), body);
}

fn flags_title(s: &Schedule, open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let theme = ctx.theme;
    let list = &open.checklist;
    let asked = list.flags.len() - list.unanswered();
    let style = if s.focus == Focus::Flags { theme.accent() } else { theme.muted() };
    let title = word("schedule.label.flags", ctx.lang);
    let version = word("schedule.label.flags_version", ctx.lang);
    let version = format!(" {}", version.replace("%{version}", &list.version.to_string()));
    let count = format!(" {asked}/{} ", list.flags.len());
    let note = if open.acute() {
        pane::badge(theme, Tone::Danger, &word("schedule.acute", ctx.lang))
    } else if list.unanswered() == 0 {
        pane::marked(theme, Tone::Ok, &word("schedule.all_clear", ctx.lang))
    } else if open.is_routed() {
        pane::marked(theme, Tone::Ok, &word("schedule.routed_before", ctx.lang))
    } else {
        let style = if s.focus == Focus::Flags { theme.text() } else { theme.muted() };
        Span::styled(word("schedule.flags_keys", ctx.lang), style)
    };
    let count = Span::styled(count, theme.strong());
    let mut spans = vec![Span::styled(title, style), Span::styled(version, style), count, note];
    // The keys matter more than the version of the list.
    if Line::from(spans.clone()).width() > usize::from(area.width) {
        spans.remove(1);
    }
    frame.render_widget(Line::from(spans), area);
}

/// The line of the last refusal, or of what comes next.
fn advice(s: &Schedule, open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let theme = ctx.theme;
    let width = usize::from(area.width);
    if open.acute() {
        frame.buffer_mut().set_style(area, theme.alarm());
        let text = format!(" {} ", word("schedule.acute_enter", ctx.lang));
        frame.render_widget(Span::styled(shorten(&text, width), theme.alarm()), area);
        return;
    }
    if let Some(refused) = &s.refused {
        let hint = refused.hint(ctx.lang).unwrap_or_default();
        let text = format!("✗ {} {hint}", refused.text(ctx.lang));
        frame.render_widget(Span::styled(shorten(&text, width), theme.tone(Tone::Danger)), area);
        return;
    }
    let key = match s.focus {
        Focus::Need => "schedule.advice.need",
        Focus::Why => "schedule.advice.why",
        Focus::Flags => "schedule.advice.flags",
        Focus::Slots => open.missing().unwrap_or("schedule.advice.slots"),
        Focus::Grid => open.missing().unwrap_or("schedule.advice.grid"),
        Focus::Cases | Focus::Call => "schedule.advice.cases",
    };
    frame.render_widget(Span::styled(shorten(&word(key, ctx.lang), width), theme.muted()), area);
}

/// The two lines of the case while another part takes the room.
fn summary(s: &Schedule, open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let department = open.department().map_or_else(String::new, |d| format!("{} · ", d.label(ctx.lang)));
    let need = format!("{department}{}", open.draft.need.text());
    let top = Rect { height: 1.min(area.height), ..area };
    frame.render_widget(Span::raw(shorten(&need, usize::from(area.width))), top);
    if area.height > 1 {
        advice(s, open, frame, Rect { y: area.y + 1, height: 1, ..area }, ctx);
    }
}
