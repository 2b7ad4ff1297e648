//! The rules for calls: T1, T3, T5, T6, T7, T13, the service window, attempts, the retry plan's time and leases.

use super::super::calendar::DailyWindow;
use super::super::eligibility::Invitation;
use super::super::refusal::Refusal;
use super::super::time::{HOUR_MS, Timestamp};
use super::advertising::{self, candidates};
use super::{
    Agreement, ContactFacts, ContactLimits, Lease, MatterState, Promise, Purpose, SeatsAndWaitlist, Span,
    lifts_frequency, lifts_hours,
};
use chrono::NaiveDate;

impl ContactLimits {
    /// T13: why `now` is no time of the programme for calls of that purpose: an offer outside the registration window, an
    /// intake call after the last day on which a consultation can be booked.
    pub fn outside_programme(&self, purpose: Purpose, now: Timestamp) -> Option<Refusal> {
        match purpose {
            Purpose::Offer => {
                let Span { from, until } = self.programme.offer;
                let is_over = !self.programme.offer.contains(now);
                is_over.then_some(Refusal::RegistrationClosed { opens: from, closes: until })
            }
            Purpose::Intake => {
                let (opens, closes) = (self.programme.survey.from, self.programme.intake.until);
                (closes < now).then_some(Refusal::OutsideConsultationWindow { opens, closes })
            }
            Purpose::Survey => None,
        }
    }

    /// T12, T13: why nobody may be offered the programme at `now`, whoever it is; none when offers may be made.
    pub fn reason_against_offers(&self, seats: SeatsAndWaitlist, now: Timestamp) -> Option<Refusal> {
        if let Some(reason) = self.outside_programme(Purpose::Offer, now) {
            return Some(reason);
        }
        if !self.programme.details_given {
            return Some(Refusal::FacilityMissing);
        }
        let is_full = seats.taken >= seats.quota && seats.waitlisted > self.offer_waitlist_max;
        is_full.then_some(Refusal::QuotaFull { quota: seats.quota })
    }

    /// Why nobody may be called for that purpose at `now`, whoever it is: offers by [`Self::reason_against_offers`] or
    /// because the national register of `register_of` is too old, others by [`Self::outside_programme`].
    pub fn reason_against_all(
        &self,
        purpose: Purpose,
        seats: SeatsAndWaitlist,
        register_of: Option<NaiveDate>,
        now: Timestamp,
    ) -> Option<Refusal> {
        if !purpose.is_offer_contact() {
            return self.outside_programme(purpose, now);
        }
        self.reason_against_offers(seats, now).or_else(|| self.stale_register(register_of, now))
    }

    /// Whether a callback of that purpose may be promised for that time (T13).
    ///
    /// # Errors
    /// [`Refusal::CallbackOutsideWindow`].
    pub fn check_callback(&self, purpose: Purpose, at: Timestamp) -> Result<(), Refusal> {
        let Span { from, until } = self.span(purpose);
        if self.span(purpose).contains(at) {
            Ok(())
        } else {
            Err(Refusal::CallbackOutsideWindow { from, until })
        }
    }
}

/// Every reason why this matter may not be called at `now`, the lasting ones first. Empty: call.
pub fn reasons_against_call(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    lasting_reasons(facts, limits, now, &mut reasons);
    passing_reasons(facts, limits, now, &mut reasons);
    reasons
}

/// The first instant from `now` on at which nothing stands against calling, as far as is known now; none when
/// only a person can change the answer (opt-out, register, opt-in, closed, held, attempts used up, the programme
/// over or full). A register that is fresh now is taken to be renewed in time.
pub fn callable_from(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp) -> Option<Timestamp> {
    let mut reasons = Vec::new();
    lasting_reasons(facts, limits, now, &mut reasons);
    if !reasons.is_empty() {
        return None;
    }
    let promise = facts.promise.as_ref();
    let is_offer = facts.purpose.is_offer_contact();
    let starts = [
        Some(facts.due_at),
        promise.map(|p| p.at),
        promise.map(|p| p.at.plus_minutes(limits.promise_owner_minutes)),
        facts.last_rang_at.map(|at| at.plus_ms(limits.offer_call_gap_hours * HOUR_MS)),
        facts.lease.as_ref().map(|lease| lease.until),
        is_offer.then_some(limits.programme.offer.from),
        facts.sms_sent_at.filter(|_| is_offer),
    ];
    let candidates = candidates(starts, limits.call_window(facts.purpose), &facts.agreements, now);
    candidates.into_iter().find(|at| {
        // The programme may be over by then.
        lasting_reasons(&known_then(facts, *at), limits, *at, &mut reasons);
        passing_reasons(facts, limits, *at, &mut reasons);
        let free = reasons.is_empty();
        reasons.clear();
        free
    })
}

/// The facts as they will be at a later instant: the register renewed.
fn known_then(facts: &ContactFacts, at: Timestamp) -> ContactFacts {
    ContactFacts { dnc_as_of: facts.dnc_as_of.map(|_| at.date()), ..facts.clone() }
}

/// Reasons that time alone does not cure.
fn lasting_reasons(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp, reasons: &mut Vec<Refusal>) {
    if let Some(at) = facts.opted_out_voice_at {
        reasons.push(Refusal::OptedOut { at });
    }
    if facts.state == MatterState::Closed {
        reasons.push(Refusal::MatterClosed);
    }
    let max = limits.max_attempts(facts.purpose);
    // A customer who named a time is called then, however often we had tried before.
    if facts.attempts >= max && facts.open_promise().is_none() {
        reasons.push(Refusal::AttemptsUsedUp { max });
    }
    if facts.purpose.is_offer_contact() {
        lasting_reasons_of_offers(facts, limits, now, reasons);
    } else {
        reasons.extend(limits.outside_programme(facts.purpose, now));
    }
    if facts.state == MatterState::Held {
        reasons.push(Refusal::Conflict { what: "matter", state: MatterState::Held.code().to_owned() });
    }
}

fn lasting_reasons_of_offers(
    facts: &ContactFacts,
    limits: &ContactLimits,
    now: Timestamp,
    reasons: &mut Vec<Refusal>,
) {
    match limits.reason_against_offers(facts.seats, now) {
        // Before the first day it passes by itself.
        Some(Refusal::RegistrationClosed { opens, .. }) if now < opens => {}
        Some(reason) => reasons.push(reason),
        None => {}
    }
    reasons.extend(advertising::lasting_reasons(
        facts.dnc.voice,
        facts.dnc_as_of,
        facts.opt_in_evidence,
        limits,
        now,
    ));
    if let Invitation::NotReceived { sent_at: None } = invitation(facts, limits, now) {
        reasons.push(Refusal::SmsNotReceived { sent_at: None });
    }
}

/// Whether the programme's SMS has reached the customer whom the offer is for.
fn invitation(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp) -> Invitation {
    Invitation::of(facts.sms_sent_at, limits.programme.sms_required, now)
}

/// Reasons that pass by themselves: the programme not begun, the SMS not sent yet, the due time, hours, the 24 hours,
/// another agent's lease or promise.
fn passing_reasons(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp, reasons: &mut Vec<Refusal>) {
    if let Some(lease) = foreign_lease(facts, now) {
        reasons.push(Refusal::NotYourLease { holder: Some(lease.holder.clone().into()) });
    }
    let is_offer = facts.purpose.is_offer_contact();
    if is_offer && now < limits.programme.offer.from {
        let Span { from, until } = limits.programme.offer;
        reasons.push(Refusal::RegistrationClosed { opens: from, closes: until });
    }
    if let Invitation::NotReceived { sent_at: Some(sent_at) } = invitation(facts, limits, now)
        && is_offer
    {
        reasons.push(Refusal::SmsNotReceived { sent_at: Some(sent_at) });
    }
    let named = is_promised(facts, limits, now);
    // Who waits for a promised time is told that time first, and not the next lawful morning.
    if let Some(promise) = facts.promise.as_ref().filter(|promise| now < promise.at) {
        reasons.push(Refusal::NotYetDue { next_at: promise.at });
    }
    let window = limits.call_window(facts.purpose);
    if !may_ring(facts, limits, now) {
        reasons.push(Refusal::OutsideCallingHours {
            opens_minute: window.opens_minute,
            closes_minute: window.closes_minute,
            next_at: next_hours(facts, window, now),
        });
    }
    if is_offer
        && !named
        && !lifts_frequency(facts.open_agreements(), Agreement::is_voice, now)
        && let Some(rang_at) = facts.last_rang_at
    {
        let next_at = rang_at.plus_ms(limits.offer_call_gap_hours * HOUR_MS);
        if now < next_at {
            reasons.push(Refusal::CalledWithin24h { next_at });
        }
    }
    if let Some(Promise { at, owner: Some(owner) }) = &facts.promise
        && facts.agent.as_ref().is_some_and(|agent| agent != owner)
        && *at <= now
        && now < at.plus_minutes(limits.promise_owner_minutes)
    {
        reasons.push(Refusal::NotYourLease { holder: Some(owner.clone().into()) });
    }
    let waits_for_promise = facts.promise.as_ref().is_some_and(|promise| now < promise.at);
    let by_plan = facts.open_promise().is_none() && !waits_for_promise;
    if by_plan && facts.state != MatterState::Closed && now < facts.due_at {
        reasons.push(Refusal::NotYetDue { next_at: facts.due_at });
    }
}

/// Until when the call may be begun, when the hours close before `until` (the end of the lease); none when they do not.
/// A call that was begun before goes on (T1 is about the start).
pub fn dial_until(
    facts: &ContactFacts,
    limits: &ContactLimits,
    now: Timestamp,
    until: Timestamp,
) -> Option<Timestamp> {
    let closes = limits.call_window(facts.purpose).closes_after(now);
    let grace = facts.open_promise().map(|p| p.at.plus_minutes(limits.promise_grace_minutes).plus_ms(1));
    let agreed = facts.open_agreements().filter(|a| a.voice).flat_map(|agreement| {
        [agreement.window.map(|window| window.closes_after(now)), Some(agreement.until.plus_ms(1))]
    });
    let mut ends: Vec<Timestamp> = [Some(closes), grace]
        .into_iter()
        .chain(agreed)
        .flatten()
        .filter(|end| now < *end && *end < until)
        .collect();
    ends.sort_unstable();
    ends.into_iter().find(|end| !may_ring(facts, limits, *end))
}

/// Whether the hours allow a call at that instant.
fn may_ring(facts: &ContactFacts, limits: &ContactLimits, at: Timestamp) -> bool {
    limits.call_window(facts.purpose).contains(at)
        || is_promised(facts, limits, at)
        || lifts_hours(facts.open_agreements(), Agreement::is_voice, at)
}

/// When the hours next allow a call: the daily window, hours that the customer agreed to, or the promised time.
fn next_hours(facts: &ContactFacts, window: DailyWindow, now: Timestamp) -> Timestamp {
    let agreed = facts.open_agreements().filter(|a| a.voice).filter_map(|a| a.opens_from(now));
    let promised = facts.promise.as_ref().map(|promise| promise.at).filter(|at| now <= *at);
    agreed.chain(promised).fold(window.next_open(now), Timestamp::min)
}

/// T5: a promised callback opens its own hour, with its grace, for one ring.
fn is_promised(facts: &ContactFacts, limits: &ContactLimits, now: Timestamp) -> bool {
    facts
        .open_promise()
        .is_some_and(|p| p.at <= now && now <= p.at.plus_minutes(limits.promise_grace_minutes))
}

/// The lease of another agent that is still valid.
fn foreign_lease(facts: &ContactFacts, now: Timestamp) -> Option<&Lease> {
    facts.lease.as_ref().filter(|lease| now < lease.until && Some(&lease.holder) != facts.agent.as_ref())
}
