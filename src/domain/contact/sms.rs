//! The rules for SMS: T2, T4, T5, T6 (flag S), T7 and our own opt-out. A service message (appointment, handbook
//! link, opt-out confirmation) is not advertising and only the customer's own opt-out stands against it.

use super::super::refusal::Refusal;
use super::super::time::{DAY_MS, Timestamp};
use super::advertising::{self, candidates};
use super::{Agreement, ContactLimits, DoNotCallFlags, lifts_frequency, lifts_hours};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an SMS is in the sense of Decree 91/2020.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SmsPurpose {
    /// Advertising: `[QC]`, hours, allowance, registers.
    Offer,
    /// Service: appointment, handbook link.
    Service,
    /// The one confirmation of an opt-out (T10): goes out although the customer opted out.
    OptOutConfirmation,
}

impl SmsPurpose {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Service => "service",
            Self::OptOutConfirmation => "opt_out_confirmation",
        }
    }
}

/// Everything the rules need to know about one SMS to one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsFacts {
    /// What the message is.
    pub purpose: SmsPurpose,
    /// When offer SMS went to this number in the last 24 hours, in any order.
    pub recent_offers: Vec<Timestamp>,
    /// The agreements on file that are not over.
    pub agreements: Vec<Agreement>,
    /// The number's flags on the national register.
    pub dnc: DoNotCallFlags,
    /// The day of the national register on file.
    pub dnc_as_of: Option<NaiveDate>,
    /// When the customer asked us not to send SMS.
    pub opted_out_at: Option<Timestamp>,
    /// Opt-in evidence is on record (T7).
    pub opt_in_evidence: bool,
}

/// Every reason why this SMS may not be sent at `now`. Empty: send.
pub fn reasons_against_sms(facts: &SmsFacts, limits: &ContactLimits, now: Timestamp) -> Vec<Refusal> {
    let mut reasons = lasting_reasons(facts, limits, now);
    if facts.purpose != SmsPurpose::Offer {
        return reasons;
    }
    let window = limits.offer_sms;
    if !lifts_hours(&facts.agreements, Agreement::is_sms, now) && !window.contains(now) {
        let agreed = facts.agreements.iter().filter(|a| a.sms).filter_map(|a| a.opens_from(now));
        reasons.push(Refusal::OutsideCallingHours {
            opens_minute: window.opens_minute,
            closes_minute: window.closes_minute,
            next_at: agreed.fold(window.next_open(now), Timestamp::min),
        });
    }
    if !lifts_frequency(&facts.agreements, Agreement::is_sms, now)
        && let Some(next_at) = allowance_free_at(facts, limits).filter(|next_at| now < *next_at)
    {
        reasons.push(Refusal::SmsWithin24h { next_at });
    }
    reasons
}

/// The first instant from `now` on at which nothing stands against sending; none when only a person can change
/// the answer.
pub fn sendable_from(facts: &SmsFacts, limits: &ContactLimits, now: Timestamp) -> Option<Timestamp> {
    if !lasting_reasons(facts, limits, now).is_empty() {
        return None;
    }
    let starts = [allowance_free_at(facts, limits)];
    let candidates = candidates(starts, limits.offer_sms, &facts.agreements, now);
    let passing = |at: Timestamp| {
        reasons_against_sms(facts, limits, at).iter().any(|reason| {
            matches!(reason, Refusal::OutsideCallingHours { .. } | Refusal::SmsWithin24h { .. })
        })
    };
    candidates.into_iter().find(|at| !passing(*at))
}

fn lasting_reasons(facts: &SmsFacts, limits: &ContactLimits, now: Timestamp) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    if facts.purpose == SmsPurpose::OptOutConfirmation {
        return reasons;
    }
    if let Some(at) = facts.opted_out_at {
        reasons.push(Refusal::OptedOut { at });
    }
    if facts.purpose == SmsPurpose::Offer {
        reasons.extend(advertising::lasting_reasons(
            facts.dnc.sms,
            facts.dnc_as_of,
            facts.opt_in_evidence,
            limits,
            now,
        ));
    }
    reasons
}

/// When the allowance of rule T4 has room again: 24 hours after the oldest of the last N.
fn allowance_free_at(facts: &SmsFacts, limits: &ContactLimits) -> Option<Timestamp> {
    let mut sent = facts.recent_offers.clone();
    sent.sort_unstable_by(|a, b| b.cmp(a));
    let oldest_of_last_n = usize::try_from(limits.offer_sms_per_24h - 1).ok()?;
    sent.get(oldest_of_last_n).map(|at| at.plus_ms(DAY_MS))
}
