//! Draws the queue: how many customers wait, when the next is due, why the others cannot be called, and the promised
//! callbacks.

use super::merge::given;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::grouped;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::Rows;
use crate::tui::widgets::wrap::fit;
use crate::usecase::model::call::{PromiseLine, QueueModel, WhyNot};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Columns of the labels.
const LABEL: usize = 18;
/// From this width on a promised callback shows its masked number.
const WITH_PHONE: u16 = 52;

/// The short name of the reason why a customer cannot be called (a rule's code or a state's reason).
pub fn held_name(code: &str, ctx: &Ctx) -> String {
    let key = format!("call.held.{code}");
    let text = word(&key, ctx.lang);
    if text.is_empty() || text.ends_with(&key) { code.to_owned() } else { text }
}

/// The figures of a queue.
pub fn figures(queue: &QueueModel, ctx: &Ctx) -> Vec<Line<'static>> {
    let theme = ctx.theme;
    let fact = |key: &str, value: i64| {
        pane::fact(theme, &word(key, ctx.lang), LABEL, Span::styled(grouped(value), theme.strong()))
    };
    let mut out = vec![fact("call.queue.due", queue.due), fact("call.queue.later", queue.later)];
    if let Some(next) = queue.next_at.filter(|_| queue.due == 0) {
        let text = when_from(next, ctx.now);
        out.push(pane::fact(
            theme,
            &word("call.queue.next", ctx.lang),
            LABEL,
            Span::styled(text, theme.strong()),
        ));
    }
    out.push(fact("call.queue.leased", queue.leased));
    out.push(fact("call.queue.closed", queue.closed));
    out
}

/// The reasons why the others cannot be called, the most frequent first.
pub fn held(held: &BTreeMap<String, i64>, ctx: &Ctx) -> Vec<Line<'static>> {
    let mut rows: Vec<(&String, &i64)> = held.iter().filter(|(_, count)| **count > 0).collect();
    rows.sort_by_key(|(_, count)| -**count);
    rows.into_iter()
        .map(|(code, count)| {
            Line::from(vec![
                Span::styled(format!("{:>7} ", grouped(*count)), ctx.theme.strong()),
                Span::styled(held_name(code, ctx), ctx.theme.text()),
            ])
        })
        .collect()
}

/// `13:05` today, `03/12 08:00` on other days.
pub fn when_from(at: Timestamp, now: Timestamp) -> String {
    if at.date() == now.date() { at.hm() } else { at.dm_hm_near(now) }
}

/// How many promised callbacks are due at `now`.
pub fn promises_due(promises: &[PromiseLine], now: Timestamp) -> usize {
    promises.iter().filter(|promise| promise.at <= now).count()
}

/// Draws the promised callbacks with their frame, with a badge on those that are due.
pub fn view_promises(frame: &mut Frame, area: Rect, ctx: &Ctx, promises: &Rows<PromiseLine>) {
    let title = Say::key("call.promises").with("count", promises.len()).text(ctx.lang);
    let inner = pane::open(frame, area, ctx, &title, false);
    if promises.is_empty() {
        return pane::put(
            frame,
            inner,
            pane::prose(&word("call.no_promises", ctx.lang), inner.width, ctx.theme.muted()),
        );
    }
    let lines: Vec<Line> = promises.shown().map(|promise| promise_line(promise, ctx, inner.width)).collect();
    promises.view_lines(frame, inner, ctx, &lines, true);
}

fn promise_line(promise: &PromiseLine, ctx: &Ctx, width: u16) -> Line<'static> {
    let theme = ctx.theme;
    let late = ctx.now.since(promise.at);
    let owner = promise.owner_name.as_deref().map_or_else(|| word("call.anyone", ctx.lang), given);
    let badge = if late >= MINUTE_MS {
        let text = Say::key("call.promise_late").with("minutes", late / MINUTE_MS).text(ctx.lang);
        pane::marked(theme, Tone::Danger, &text)
    } else if late >= 0 {
        pane::marked(theme, Tone::Warn, &word("call.promise_due", ctx.lang))
    } else {
        Span::styled(owner, theme.muted())
    };
    // A narrow list shows name and time; the number is on the card.
    let phone = if width >= WITH_PHONE { format!("{} ", promise.phone_masked) } else { String::new() };
    let fixed = 12 + phone.width() + badge.width() + 3;
    let name = fit(&promise.name, usize::from(width).saturating_sub(fixed).max(8));
    Line::from(vec![
        Span::styled(format!("{:<11} ", when_from(promise.at, ctx.now)), theme.text()),
        Span::styled(format!("{name} "), theme.strong()),
        Span::styled(phone, theme.muted()),
        badge,
    ])
}

/// A window with every reason against calling a customer now.
pub fn why_not(why: &WhyNot) -> Effect {
    let mut lines = Vec::new();
    if why.callable {
        lines.push(Say::key("call.why_not.callable"));
    }
    for reason in &why.reasons {
        lines.push(Say::from(reason.refusal.clone()));
    }
    if !why.callable {
        lines.push(match why.callable_from {
            Some(at) => Say::key("call.why_not.from").with("at", at.dmy_hm()),
            None => Say::key("call.why_not.never"),
        });
    }
    let tone = if why.callable { Tone::Ok } else { Tone::Info };
    Effect::Show { title: Say::key("call.why_not.title"), lines, tone }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::contact::Purpose;
    use crate::domain::refusal::Refusal;
    use crate::tui::fixture::{at, ctx};
    use crate::usecase::model::call::Reason;

    #[test]
    fn what_holds_most_customers_stands_first() {
        let ctx = ctx(Role::Agent);
        let counts = BTreeMap::from([
            ("opted_out".to_owned(), 3),
            ("called_within_24h".to_owned(), 40),
            ("do_not_call".to_owned(), 0),
        ]);
        let lines: Vec<String> = held(&counts, &ctx).iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].contains("40"), "{lines:?}");
        assert_eq!(held_name("a_new_rule", &ctx), "a_new_rule");
    }

    #[test]
    fn every_reason_and_the_first_possible_time_are_shown() {
        let refusal = Refusal::CalledWithin24h { next_at: at("2026-12-03T08:00:00") };
        let why = WhyNot {
            matter: None,
            purpose: Purpose::Offer,
            callable: false,
            reasons: vec![Reason::from(refusal.clone())],
            callable_from: Some(at("2026-12-03T08:00:00")),
        };
        let Effect::Show { lines, .. } = why_not(&why) else { panic!("a window") };
        let from = Say::key("call.why_not.from").with("at", "03/12/2026 08:00");
        assert_eq!(lines, [Say::from(refusal), from]);
    }
}
