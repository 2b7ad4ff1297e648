//! The rules for calls: T1, T3, T5, T6, T7, the service window, attempts, the retry plan's time and leases.

use super::super::refusal::Refusal;
use super::super::time::{HOUR_MS, Timestamp};
use super::{ContactFacts, ContactLimits, Lease, MatterState};

/// Every reason why this matter may not be called at `now`, the lasting ones first. Empty: call.
pub fn reasons_against_call(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    lasting_reasons(facts, limits, now, &mut reasons);
    passing_reasons(facts, limits, now, &mut reasons);
    reasons
}

/// The first instant from `now` on at which nothing stands against calling, as far as is known now; none when
/// only a person can change the answer (opt-out, register, opt-in, closed, held, attempts used up). A register
/// that is fresh now is taken to be renewed in time.
pub fn callable_from(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp) -> Option<Timestamp> {
    let mut reasons = Vec::new();
    lasting_reasons(facts, limits, now, &mut reasons);
    if !reasons.is_empty() {
        return None;
    }
    // Every passing rule is "from X on" or "inside a daily window", so the answer is one of the X or an opening
    // after one of them.
    let promise = facts.promise.as_ref();
    let starts = [
        Some(now),
        Some(facts.due_at),
        promise.map(|p| p.at),
        promise.map(|p| p.at.plus_minutes(limits.promise_owner_minutes)),
        facts.last_rang_at.map(|at| at.plus_ms(limits.offer_call_gap_hours * HOUR_MS)),
        facts.lease.as_ref().map(|lease| lease.until),
    ];
    let windows =
        [Some(limits.call_window(facts.purpose)), facts.agreement.and_then(|agreement| agreement.window)];
    let mut candidates: Vec<Timestamp> = starts.into_iter().flatten().filter(|start| *start >= now).collect();
    let opened: Vec<Timestamp> = windows
        .into_iter()
        .flatten()
        .flat_map(|window| candidates.iter().map(move |start| window.next_open(*start)).collect::<Vec<_>>())
        .collect();
    candidates.extend(opened);
    candidates.sort_unstable();
    candidates.into_iter().find(|at| {
        passing_reasons(facts, limits, *at, &mut reasons);
        let free = reasons.is_empty();
        reasons.clear();
        free
    })
}

/// Reasons that time alone does not cure.
fn lasting_reasons(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp, reasons: &mut Vec<Refusal>) {
    if let Some(at) = facts.opted_out_voice_at {
        reasons.push(Refusal::OptedOut { at });
    }
    match facts.state {
        MatterState::Closed => reasons.push(Refusal::MatterClosed),
        MatterState::Held => {
            reasons.push(Refusal::Conflict { what: "matter", state: MatterState::Held.code().to_owned() });
        }
        MatterState::Waiting | MatterState::Leased | MatterState::Promised => {}
    }
    let max = limits.max_attempts(facts.purpose);
    // A customer who named a time is called then, however often we had tried before.
    if facts.attempts >= max && facts.promise.is_none() {
        reasons.push(Refusal::AttemptsUsedUp { max });
    }
    if facts.purpose.is_offer_contact() {
        if facts.dnc.voice {
            reasons.push(Refusal::DoNotCall);
        }
        if limits.is_register_stale(facts.dnc_as_of, now) {
            reasons.push(Refusal::DoNotCallListStale {
                as_of: facts.dnc_as_of,
                max_age_days: limits.dnc_max_age_days,
            });
        }
        if !facts.opt_in_evidence {
            reasons.push(Refusal::OptInMissing);
        }
    }
}

/// Reasons that pass by themselves: hours, the 24 hours, the due time, another agent's lease or promise.
fn passing_reasons(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp, reasons: &mut Vec<Refusal>) {
    if let Some(lease) = foreign_lease(facts, now) {
        reasons.push(Refusal::NotYourLease { holder: Some(lease.holder.clone()) });
    }
    let agreed = is_agreed(facts, limits, now);
    let window = limits.call_window(facts.purpose);
    if !agreed && !window.contains(now) {
        reasons.push(Refusal::OutsideCallingHours {
            opens_minute: window.opens_minute,
            closes_minute: window.closes_minute,
            next_at: window.next_open(now),
        });
    }
    if facts.purpose.is_offer_contact()
        && !agreed
        && let Some(rang_at) = facts.last_rang_at
    {
        let next_at = rang_at.plus_ms(limits.offer_call_gap_hours * HOUR_MS);
        if now < next_at {
            reasons.push(Refusal::CalledWithin24h { next_at });
        }
    }
    match &facts.promise {
        Some(promise) if now < promise.at => reasons.push(Refusal::NotYetDue { next_at: promise.at }),
        Some(promise) => {
            let opens_to_all = promise.at.plus_minutes(limits.promise_owner_minutes);
            if let (Some(owner), Some(agent)) = (&promise.owner, &facts.agent)
                && owner != agent
                && now < opens_to_all
            {
                reasons.push(Refusal::NotYourLease { holder: Some(owner.clone()) });
            }
        }
        None if facts.state != MatterState::Closed && now < facts.due_at => {
            reasons.push(Refusal::NotYetDue { next_at: facts.due_at });
        }
        None => {}
    }
}

/// T5: the customer agreed to be called at this instant, by a stored agreement or by naming the time.
fn is_agreed(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp) -> bool {
    let promised = facts
        .promise
        .as_ref()
        .is_some_and(|p| now >= p.at && now <= p.at.plus_minutes(limits.promise_grace_minutes));
    promised || facts.agreement.is_some_and(|agreement| agreement.covers_call(now))
}

/// The lease of another agent that is still valid.
fn foreign_lease(facts: &ContactFacts, now: Timestamp) -> Option<&Lease> {
    facts.lease.as_ref().filter(|lease| now < lease.until && Some(&lease.holder) != facts.agent.as_ref())
}
