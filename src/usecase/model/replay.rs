//! The past judged again under a proposed campaign: how many contacts it would have held, what it would have allowed,
//! what it breaks, and how people read that.

use super::count::Forecast;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use chrono::NaiveDate;
use rust_i18n::t;
use serde::Serialize;

/// Contacts that fall under a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The code of its refusal.
    pub rule: &'static str,
    /// Its name among the rules for advertising, `T1` to `T13`; none for a rule of our own.
    pub law: Option<&'static str>,
    /// How many. One contact may fall under several.
    pub count: i64,
}

/// Contacts, and the rules that they fall under.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Counted {
    /// How many contacts.
    pub total: i64,
    /// By rule, most first.
    pub by_rule: Vec<RuleCount>,
}

/// Contacts of one kind, judged under the limits in force and under the proposed ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Judged {
    /// How many were judged.
    pub judged: i64,
    /// Held under the limits in force, which may not be those of that time.
    pub held_in_force: i64,
    /// Held under the proposed ones.
    pub held: i64,
    /// The same by rule.
    pub held_by_rule: Vec<RuleCount>,
    /// Held under the proposed ones alone.
    pub newly_held: Counted,
    /// Of these, calls in which the customer agreed.
    pub newly_held_agreed: i64,
    /// Held under the limits in force alone.
    pub newly_allowed: Counted,
}

/// Offers and service contacts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ByKind {
    /// Advertising.
    pub offer: Judged,
    /// Contacts that serve a registration.
    pub service: Judged,
}

/// What was promised, and what the proposed campaign makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Promised {
    /// Promises that are open.
    pub open: i64,
    /// Those that could be kept, and no longer can.
    pub broken: Counted,
    /// Those that lie outside the new daily hours alone: they are kept, and somebody must be at work.
    pub outside_hours: i64,
}

/// When the seats would be full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct SeatsFull {
    /// Under the campaign in force; none when there is too little to tell, or not before registration ends.
    pub in_force: Option<Forecast>,
    /// Under the proposed one.
    pub proposed: Option<Forecast>,
}

/// The last days judged again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// How many days.
    pub days: i64,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The limits of this day are applied: today, or the day on which the last changed limit holds.
    pub limits_of: NaiveDate,
    /// Calls that were made.
    pub calls: ByKind,
    /// Messages that were sent or wait to be.
    pub messages: ByKind,
    /// Who waits for a call now, at the next open hour.
    pub queue: ByKind,
    /// Promised callbacks.
    pub callbacks: Promised,
    /// Agreements that are not over, those of callbacks left out.
    pub agreements: Promised,
    /// The day of the last seat.
    pub seats_full: SeatsFull,
    /// What the store cannot tell, in codes.
    pub unknown: &'static [&'static str],
}

/// Most days that are judged again.
pub const MOST_DAYS: i64 = 92;

/// What no store can tell: who was not called because a queue gave nobody out, how the register was before the one on
/// file, seats as they were set before, messages that were sent before the list came in, what an agent would have done
/// instead.
pub const UNKNOWN: &[&str] =
    &["not_handed_out", "earlier_registers", "earlier_quota", "announcements", "instead"];

impl Replay {
    /// As people read it.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let day = |at: Timestamp| at.date().format("%d/%m/%Y").to_string();
        let code = lang.code();
        let mut lines = vec![
            t!("replay.title", locale = code, days = self.days, from = day(self.from), to = day(self.until))
                .into_owned(),
            t!("replay.limits_of", locale = code, day = self.limits_of.format("%d/%m/%Y")).into_owned(),
            t!("replay.several", locale = code).into_owned(),
        ];
        let kinds = [
            ("replay.calls.offer", &self.calls.offer),
            ("replay.calls.service", &self.calls.service),
            ("replay.messages.offer", &self.messages.offer),
            ("replay.messages.service", &self.messages.service),
            ("replay.queue.offer", &self.queue.offer),
            ("replay.queue.service", &self.queue.service),
        ];
        for (name, judged) in kinds {
            lines.extend(judged.lines(name, lang));
        }
        lines.extend(self.callbacks.lines("replay.callbacks", lang));
        lines.extend(self.agreements.lines("replay.agreements", lang));
        let full = |forecast: Option<Forecast>| {
            forecast.map_or_else(
                || "—".to_owned(),
                |found| format!("{} ({}–{})", day(found.at), day(found.early), day(found.late)),
            )
        };
        let SeatsFull { in_force, proposed } = self.seats_full;
        lines.push(
            t!("replay.seats", locale = code, now = full(in_force), then = full(proposed)).into_owned(),
        );
        lines.push(t!("replay.unknown.title", locale = code).into_owned());
        lines.extend(self.unknown.iter().map(|what| {
            let text = t!(format!("replay.unknown.{what}"), locale = code);
            format!("  · {text}")
        }));
        lines
    }
}

impl Judged {
    fn lines(&self, name: &str, lang: Lang) -> Vec<String> {
        let code = lang.code();
        let what = t!(name, locale = code);
        let mut lines = vec![
            t!(
                "replay.judged",
                locale = code,
                what = what,
                judged = self.judged,
                held = self.held,
                before = self.held_in_force
            )
            .into_owned(),
        ];
        lines.extend(rule_lines(&self.held_by_rule, lang));
        lines.extend(self.newly_held.lines("replay.newly_held", lang));
        if self.newly_held_agreed > 0 {
            lines.push(format!("    {}", t!("replay.agreed", locale = code, count = self.newly_held_agreed)));
        }
        lines.extend(self.newly_allowed.lines("replay.newly_allowed", lang));
        lines
    }
}

impl Counted {
    /// Nothing for nobody.
    fn lines(&self, name: &str, lang: Lang) -> Vec<String> {
        if self.total == 0 {
            return Vec::new();
        }
        let code = lang.code();
        let total = t!(name, locale = code, count = self.total);
        std::iter::once(format!("  {total}")).chain(rule_lines(&self.by_rule, lang)).collect()
    }
}

/// Each rule with its count.
fn rule_lines(by_rule: &[RuleCount], lang: Lang) -> Vec<String> {
    let line = |found: &RuleCount| {
        let name = t!(format!("replay.rule.{}", found.rule), locale = lang.code());
        let law = found.law.map(|law| format!("{law} · ")).unwrap_or_default();
        format!("    {law}{name}: {}", found.count)
    };
    by_rule.iter().map(line).collect()
}

impl Promised {
    fn lines(&self, name: &str, lang: Lang) -> Vec<String> {
        let code = lang.code();
        let what = t!(name, locale = code);
        let facts = (self.open, self.broken.total, self.outside_hours);
        let (open, broken, outside) = facts;
        let line = t!(
            "replay.promised",
            locale = code,
            what = what,
            open = open,
            broken = broken,
            outside = outside
        );
        std::iter::once(line.into_owned()).chain(self.broken.lines("replay.broken", lang)).collect()
    }
}
