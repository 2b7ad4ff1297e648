//! Draws the offered slots with their digits. A slot that is gone stays in its place, struck through.

use super::super::intake::Intake;
use super::super::state::{Focus, Schedule};
use super::parts::{LABEL, day_name, label};
use crate::domain::text::columns;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::minutes;
use crate::tui::widgets::caret;
use crate::usecase::model::case::Slot;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// Columns between two slots.
const GAP: u16 = 3;
/// Columns of a digit and the blank after it.
const CAP: u16 = 2;

/// One slot as it is drawn.
struct Drawn {
    text: String,
    held: bool,
    gone: bool,
}

fn drawn(open: &Intake, ctx: &Ctx) -> Vec<Drawn> {
    let held = open.progress.held.as_ref();
    let slots = open.offer.slots.iter().map(|offered| {
        let text = words(&offered.slot, ctx);
        match held.filter(|held| held.slot == offered.slot) {
            _ if offered.gone => Drawn { text: format!("✗ {text}"), held: false, gone: true },
            None => Drawn { text, held: false, gone: false },
            Some(held) => {
                let left = minutes(held.until.since(ctx.now) + 59_999, ctx.lang);
                let text = format!("{text} ▒ {} {left}", word("schedule.held", ctx.lang));
                Drawn { text, held: true, gone: false }
            }
        }
    });
    slots.collect()
}

/// The beginning of the offer, when it is not now: `từ chiều Thứ Tư 02/12`.
fn beginning(open: &Intake, ctx: &Ctx) -> Option<String> {
    let from = open.offer.from?;
    let morning = from == Timestamp::start_of(from.date());
    let key = if morning { "schedule.from_morning" } else { "schedule.from_noon" };
    Some(word(key, ctx.lang).replace("%{day}", &day_name(from.date(), ctx)))
}

/// How many lines the slots take: two when one is too short.
pub(super) fn rows(open: &Intake, width: u16, ctx: &Ctx) -> u16 {
    let slots: usize = drawn(open, ctx).iter().map(|slot| columns(&slot.text) + usize::from(CAP + GAP)).sum();
    let before = beginning(open, ctx).map_or(0, |text| columns(&text) + usize::from(GAP));
    1 + u16::from(slots + before > usize::from(width.saturating_sub(LABEL) + GAP))
}

pub(super) fn view(s: &Schedule, open: &Intake, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let theme = ctx.theme;
    let focused = s.focus == Focus::Slots;
    let body = label(frame, area, ctx, "schedule.label.slots", focused);
    let slots = drawn(open, ctx);
    if slots.is_empty() {
        let key =
            if open.department().is_some() { "schedule.empty.slots" } else { "schedule.empty.slots_need" };
        frame.render_widget(Span::styled(word(key, ctx.lang), theme.muted()), body);
        return;
    }
    let takes_digits = focused && open.missing().is_none();
    let (mut x, mut y) = (0, body.y);
    if let Some(text) = beginning(open, ctx) {
        x = columns(&text) as u16 + GAP;
        frame.render_widget(Span::styled(text, theme.muted()), Rect { height: 1.min(body.height), ..body });
    }
    for (i, slot) in slots.into_iter().enumerate() {
        let wide = columns(&slot.text) as u16 + CAP;
        if x > 0 && x + wide > body.width {
            (x, y) = (0, y + 1);
        }
        if y >= body.bottom() {
            break;
        }
        let style = match (focused && i == open.offer.at, slot.held, slot.gone) {
            (true, _, false) => theme.selected(),
            (true, _, true) => theme.selected().add_modifier(Modifier::CROSSED_OUT),
            (false, _, true) => theme.muted().add_modifier(Modifier::CROSSED_OUT),
            (false, true, false) => theme.tone(Tone::Warn),
            (false, false, false) if takes_digits => theme.text(),
            (false, false, false) => theme.muted(),
        };
        let cap = if takes_digits && !slot.gone { theme.key() } else { theme.muted() };
        let line = Line::from(vec![
            Span::styled((i + 1).to_string(), cap),
            Span::raw(" "),
            Span::styled(slot.text, style),
        ]);
        let room = wide.min(body.width.saturating_sub(x));
        let place = Rect { x: body.x + x, y, width: room, height: 1 };
        frame.render_widget(line, place);
        if focused && i == open.offer.at {
            caret::stand(frame, ctx, place, (0, 0));
        }
        x += wide + GAP;
    }
}

fn words(slot: &Slot, ctx: &Ctx) -> String {
    let when = crate::tui::call::queue::when_from(slot.starts_at, ctx.now);
    format!("{when} {}", doctor_short(&slot.doctor_name))
}

/// Title and given name.
fn doctor_short(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match (words.first(), words.last()) {
        (Some(title), Some(given)) if words.len() > 2 => format!("{title} {given}"),
        _ => name.to_owned(),
    }
}
