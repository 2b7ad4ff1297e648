//! The page of the board: the funnel with its losses and waiting times, the seats with their forecast, the backlog,
//! and whether the records of the two organisations agree. Large screens add calls and satisfaction beside it.

use super::figures::{decimal, percent_of};
use super::{calls, satisfaction};
use crate::domain::disposition::Disposition;
use crate::domain::lang::Lang;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::bar::{filled, gauge, grouped};
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::{fit, shorten};
use crate::usecase::model::count::{Forecast, FunnelStep, Overview};
use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// From this size on there is room for a second column.
const WIDE: (u16, u16) = (100, 26);
/// Columns of a step's name.
const LABELS: usize = 14;
/// Columns before a step's note.
const FIGURES: usize = LABELS + 9;
/// Columns before a note under its step.
const INDENT: usize = 4;
/// Rows of the pane of seats.
const SEAT_ROWS: u16 = 5;
/// Rows of the bars of an hour.
const HOUR_ROWS: u16 = 5;
/// Reasons on one line.
const REASONS: usize = 4;

/// Draws the board.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, data: &Overview) {
    if area.width < WIDE.0 || area.height < WIDE.1 {
        return view_small(frame, area, ctx, data);
    }
    let left = Rect { width: area.width * 11 / 20, ..area };
    let right = Rect { x: area.x + left.width, width: area.width - left.width, ..area };
    let steps = data.funnel.steps.len() as u16 * 2 + 2;
    let top = Rect { height: steps.min(left.height), ..left };
    let bottom = Rect { y: top.bottom(), height: left.height - top.height, ..left };
    view_funnel(frame, top, ctx, data);
    let inner = pane::open(frame, bottom, ctx, &word("over.backlog.title", ctx.lang), false);
    frame.render_widget(Paragraph::new(backlog(data, ctx, inner.width)), inner);

    let seats = Rect { height: SEAT_ROWS.min(right.height), ..right };
    let inner = pane::open(frame, seats, ctx, &word("over.seats.title", ctx.lang), false);
    frame.render_widget(Paragraph::new(seat_lines(data, ctx, inner.width)), inner);
    let hours = Rect { y: seats.bottom(), height: HOUR_ROWS + 4, ..right }.intersection(right);
    let today: i64 = data.calls_by_hour.iter().sum();
    let title = Say::key("over.calls.by_hour").with("count", grouped(today)).text(ctx.lang);
    let inner = pane::open(frame, hours, ctx, &title, false);
    let chart = calls::columns(&data.calls_by_hour, ctx, inner.width, HOUR_ROWS);
    frame.render_widget(Paragraph::new(chart), inner);
    let rest = Rect { y: hours.bottom(), height: right.bottom() - hours.bottom(), ..right };
    satisfaction::view(frame, rest, ctx, &data.satisfaction, false);
}

/// One column: the funnel, then one line for each of the rest.
fn view_small(frame: &mut Frame, area: Rect, ctx: &Ctx, data: &Overview) {
    let below = 3.min(area.height);
    let top = Rect { height: area.height - below, ..area };
    view_funnel(frame, top, ctx, data);
    let bottom = Rect { x: area.x + 2, y: top.bottom(), width: area.width.saturating_sub(4), height: below };
    let mut lines = seat_lines(data, ctx, bottom.width);
    lines.truncate(2);
    let short = format!(" · {}", satisfaction::in_short(&data.satisfaction, ctx));
    if let Some(last) = lines.last_mut()
        && last.width() + short.width() <= usize::from(bottom.width)
    {
        last.push_span(Span::styled(short, ctx.theme.text()));
    }
    lines.extend(backlog(data, ctx, bottom.width).into_iter().take(1));
    frame.render_widget(Paragraph::new(lines), bottom);
}

fn view_funnel(frame: &mut Frame, area: Rect, ctx: &Ctx, data: &Overview) {
    let inner = pane::open(frame, area, ctx, &word("over.funnel.title", ctx.lang), true);
    let steps = &data.funnel.steps;
    let max = steps.iter().map(|step| step.count).max().unwrap_or(0);
    let notes: Vec<String> = steps.iter().map(|step| note(step, ctx)).collect();
    let rows = steps.len() + notes.iter().filter(|note| !note.is_empty()).count();
    let under = usize::from(inner.height) >= rows;
    let mut lines = Vec::new();
    for (at, (step, note)) in steps.iter().zip(notes).enumerate() {
        let before = at.checked_sub(1).and_then(|at| steps.get(at)).map(|step| step.count);
        let beside = (!under).then_some(note.as_str());
        lines.push(bar_line(step, before, max, ctx, inner.width, beside));
        if under && !note.is_empty() {
            let room = usize::from(inner.width).saturating_sub(INDENT);
            let text = format!("{}{}", " ".repeat(INDENT), shorten(&note, room));
            lines.push(Line::styled(text, ctx.theme.muted()));
        }
    }
    frame.render_widget(Paragraph::new(lines), inner);
}

/// The row of a step: name, count, share of the step before, bar; and the note where it has no line of its own.
fn bar_line(
    step: &FunnelStep,
    before: Option<i64>,
    max: i64,
    ctx: &Ctx,
    width: u16,
    note: Option<&str>,
) -> Line<'static> {
    let theme = ctx.theme;
    let share = before.map_or_else(String::new, |before| percent_of(step.count, before));
    let room = usize::from(width).saturating_sub(FIGURES + 7);
    let bar = if note.is_some() { room / 3 } else { room };
    let mut spans = vec![
        Span::styled(fit(&word(&format!("over.step.{}", step.step), ctx.lang), LABELS), theme.text()),
        Span::styled(format!("{:>8} ", grouped(step.count)), theme.strong()),
        Span::styled(fit(&filled(step.count, max, bar), bar), theme.bar()),
        Span::styled(format!(" {share:>5} "), theme.text()),
    ];
    if let Some(note) = note {
        spans.push(Span::styled(shorten(note, room.saturating_sub(bar)), theme.muted()));
    }
    Line::from(spans)
}

/// The note of a step: how many wait and for how long, and why others left the funnel.
fn note(step: &FunnelStep, ctx: &Ctx) -> String {
    let mut parts = Vec::new();
    if step.waiting > 0 {
        parts.push(match step.oldest {
            Some(since) => Say::key("over.funnel.waiting_since")
                .with("count", grouped(step.waiting))
                .with("age", age(ctx.now.since(since), ctx.lang))
                .text(ctx.lang),
            None => Say::key("over.funnel.waiting").with("count", grouped(step.waiting)).text(ctx.lang),
        });
    }
    let mut leaks: Vec<(&String, &i64)> = step.leaks.iter().filter(|(_, count)| **count > 0).collect();
    leaks.sort_by_key(|(_, count)| -**count);
    let shown = leaks.iter().take(REASONS);
    parts.extend(shown.map(|(code, count)| format!("−{} {}", grouped(**count), leak_word(code, ctx.lang))));
    parts.join(" · ")
}

/// A reason for which people leave the funnel.
fn leak_word(code: &str, lang: Lang) -> String {
    for key in [format!("over.leak.{code}"), format!("state.{code}")] {
        let text = word(&key, lang);
        if !text.ends_with(&key) {
            return text;
        }
    }
    match Disposition::parse(code) {
        Some(disposition) => disposition.label(lang).to_lowercase(),
        None => code.to_owned(),
    }
}

/// The seats that are taken, and when the last one will be.
fn seat_lines(data: &Overview, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let (theme, lang, seats) = (ctx.theme, ctx.lang, &data.seats);
    let figure = format!("{}/{} ", grouped(seats.taken), grouped(seats.quota));
    let share = format!(" {}", percent_of(seats.taken, seats.quota));
    let room = usize::from(width).saturating_sub(figure.chars().count() + share.chars().count() + 1);
    let [full, rest] = gauge(theme, seats.taken, seats.quota, room);
    let bar = vec![Span::styled(figure, theme.strong()), full, rest, Span::styled(share, theme.text())];
    let pace = Say::key("over.seats.pace").with("pace", decimal(data.pace_per_day, lang)).text(lang);
    let forecast = match (seats.closed_by.as_deref(), &data.full_at) {
        (Some("quota"), _) => word("over.seats.closed_quota", lang),
        (Some(_), _) => word("over.seats.closed_date", lang),
        (None, Some(Forecast { early, at, late })) => {
            let this_year = ctx.now.local().year();
            let day = |at: &crate::domain::time::Timestamp| {
                let local = at.local();
                let form = if local.year() == this_year { "%d/%m" } else { "%d/%m/%Y" };
                local.format(form).to_string()
            };
            Say::key("over.seats.full_at")
                .with("at", day(at))
                .with("early", day(early))
                .with("late", day(late))
                .text(lang)
        }
        (None, None) => word("over.seats.no_forecast", lang),
    };
    let mut lines = vec![
        Line::from(bar),
        Line::styled(shorten(&format!("{pace} → {forecast}"), usize::from(width)), theme.text()),
    ];
    if seats.waitlisted > 0 {
        let sentence = Say::key("over.seats.waitlisted").with("count", seats.waitlisted).text(lang);
        lines.push(Line::from(pane::marked(theme, Tone::Warn, &sentence)));
    }
    lines
}

/// What waits at either organisation and in the outbox, the gravest first.
fn backlog(data: &Overview, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let mut lines = Vec::new();
    let differences = data.funnel.differences.len();
    let (tone, books) = if differences == 0 {
        (Tone::Ok, word("over.differences.none", lang))
    } else {
        (Tone::Danger, Say::key("over.differences.some").with("count", differences).text(lang))
    };
    let (hand_tone, handed) = match data.unacknowledged_since {
        Some(since) if data.unacknowledged > 0 => {
            let sentence = Say::key("over.backlog.unacknowledged")
                .with("count", data.unacknowledged)
                .with("age", age(ctx.now.since(since), lang))
                .text(lang);
            (Tone::Warn, sentence)
        }
        Some(_) | None => (Tone::Ok, word("over.backlog.all_acknowledged", lang)),
    };
    let (books, handed) = (pane::marked(theme, tone, &books), pane::marked(theme, hand_tone, &handed));
    let (first, second) =
        if tone == Tone::Ok && hand_tone != Tone::Ok { (handed, books) } else { (books, handed) };
    let gap = 2;
    if first.width() + gap + second.width() <= usize::from(width) {
        lines.push(Line::from(vec![first, Span::raw(" ".repeat(gap)), second]));
    } else {
        lines.extend([Line::from(first), Line::from(second)]);
    }
    let mut states: Vec<(&String, &i64)> = data.sms.iter().filter(|(_, count)| **count > 0).collect();
    states.sort_by_key(|(_, count)| -**count);
    let sms: Vec<String> = states
        .iter()
        .map(|(state, count)| format!("{} {}", grouped(**count), word(&format!("over.sms.{state}"), lang)))
        .collect();
    let counts = if sms.is_empty() { word("over.sms.none", lang) } else { sms.join(" · ") };
    let text = format!("{} {counts}", word("over.sms.title", lang));
    lines.push(Line::styled(shorten(&text, usize::from(width)), theme.text()));
    for row in &data.funnel.differences {
        let line = shorten(&difference(row, lang), usize::from(width).saturating_sub(2));
        lines.push(Line::styled(format!("  {line}"), theme.tone(Tone::Danger)));
    }
    lines
}

/// `registration:12 case_missing` as a sentence; an unknown form stays as it is.
pub fn difference(row: &str, lang: Lang) -> String {
    let parts = row.strip_prefix("registration:").and_then(|rest| rest.split_once(' '));
    let Some((registration, code)) = parts else { return row.to_owned() };
    let key = format!("over.difference.{code}");
    let text = word(&key, lang);
    let what = if text.ends_with(&key) { code.to_owned() } else { text };
    Say::key("over.differences.row").with("registration", registration).with("what", what).text(lang)
}
