//! The plain model of a lease that runs out: an attempt that may have rung, whose result may come late, or whose call
//! goes on.

use crate::calls::call;
use crate::plain::{Actor, Call, MAX_ATTEMPTS, Matter, Place, Plain, is_open_hour};
use tongdai::domain::case::CaseState;
use tongdai::domain::contact::{MatterState, Purpose};
use tongdai::domain::disposition::Disposition;
use tongdai::domain::time::{HOUR_MS, Timestamp};

/// How long after its lease a call goes on.
const RESUMED_WITHIN_MS: i64 = 2 * HOUR_MS;

/// A call whose lease ran out and whose result nobody recorded.
pub struct Unrecorded {
    /// Its place among the calls.
    pub place: usize,
    /// The matter as the result finds it; none when it went on without it.
    pub under_lease: Option<Matter>,
}

/// Morning, noon, afternoon, evening.
fn part_of_day(at: Timestamp) -> u8 {
    let parts = [11 * 60, 13 * 60 + 30, 17 * 60];
    parts.iter().filter(|begins| at.minute_of_day() >= **begins).count() as u8
}

impl Matter {
    /// A customer who was not reached, at a time of the day at which nobody tried.
    pub fn is_new_part_of_day(&self, now: Timestamp) -> bool {
        self.attempts > 0 && !self.parts.contains(&part_of_day(now))
    }

    /// Counts an attempt.
    pub fn tried(&mut self, at: Timestamp, disposition: Disposition) {
        if disposition.flags().counts_as_attempt {
            self.attempts += 1;
            self.parts.insert(part_of_day(at));
        }
        if disposition.flags().rang {
            self.rang = self.rang.max(Some(at));
        }
    }

    /// After an attempt that reached nothing: closed after the third; else due a day later (a service call two hours
    /// later, its last on another day), in the hours, if possible in a part of the day that is new.
    pub fn retry(&mut self, at: Timestamp, now: Timestamp) {
        if self.attempts >= MAX_ATTEMPTS {
            self.become_state(MatterState::Closed, Some("attempts_used_up"));
            return;
        }
        let is_offer = self.purpose == Purpose::Offer;
        let mut from = at.plus_ms(if is_offer { 24 } else { 2 } * HOUR_MS).max(now);
        if !is_offer && self.attempts == MAX_ATTEMPTS - 1 {
            from = from.max(Timestamp::start_of(at.plus_days(1).date()));
        }
        while !is_open_hour(self.purpose, from) {
            from = from.plus_minutes(1);
        }
        let quarter = from.plus_minutes(-i64::from(from.minute_of_day() % 15));
        let new = std::iter::once(from)
            .chain((1..=96).map(|quarters| quarter.plus_minutes(quarters * 15)))
            .find(|at| is_open_hour(self.purpose, *at) && !self.parts.contains(&part_of_day(*at)));
        self.due = new.unwrap_or(from);
        self.become_state(MatterState::Waiting, None);
    }
}

impl Plain {
    /// Whether the actor is in a call.
    pub fn has_lease(&self, actor: Actor) -> bool {
        let mut leased = self.matters.values().filter(|matter| matter.has_good_lease(self.now));
        leased.any(|matter| matter.lease.is_some_and(|(holder, _)| holder == actor))
    }

    /// The place of the matter's latest call that stands.
    pub fn last_call(&self, id: i64) -> Option<usize> {
        let standing = self.calls.iter().enumerate().filter(|(_, call)| call.matter == id && !call.undone);
        standing.max_by_key(|(place, call)| (call.at, *place)).map(|(place, _)| place)
    }

    /// Ends a lease without a result.
    pub fn expire(&mut self, id: i64) {
        let (now, before) = (self.now, self.matters[&id].clone());
        let (holder, until) = before.lease.unwrap();
        let at = until.min(now);
        let mut made = Call {
            started: before.began.unwrap_or(at),
            ..call(id, holder, at, Disposition::NotRecorded, before.clone())
        };
        let mut after = before;
        after.tried(at, Disposition::NotRecorded);
        let promise = after.callback;
        if promise.is_some_and(|(promised, _)| at <= promised) {
            after.become_state(MatterState::Promised, None);
        } else {
            after.retry(at, at);
            if promise.is_some() && after.is_open() {
                (after.state, after.callback) = (MatterState::Promised, promise);
            }
        }
        let (purpose, is_over) = (after.purpose, after.state == MatterState::Closed);
        self.matters.insert(id, after);
        if is_over {
            (made.moved_case, made.moved_survey) = self.unanswered(id / 4, purpose, "unreachable");
        }
        self.calls.push(made);
    }

    /// Ends the call that somebody is in with a customer who asks for no more calls: with that as its result.
    pub fn end_call(&mut self, id: i64) {
        let now = self.now;
        let Some(before) = self.matters.get(&id).filter(|matter| matter.lease.is_some()).cloned() else {
            return;
        };
        if !before.has_good_lease(now) {
            self.expire(id);
            return;
        }
        let Some((holder, _)) = before.lease else { return };
        let mut made = Call {
            started: before.began.unwrap_or(now),
            ..call(id, holder, now, Disposition::DoNotCall, before.clone())
        };
        let mut after = before;
        after.tried(now, Disposition::DoNotCall);
        after.become_state(MatterState::Closed, Some("opted_out"));
        let purpose = after.purpose;
        self.matters.insert(id, after);
        (made.moved_case, made.moved_survey) = self.unanswered(id / 4, purpose, "refused");
        self.calls.push(made);
    }

    /// Ends the leases that ran out, longest first.
    pub fn sweep_leases(&mut self) {
        let mut due: Vec<(Timestamp, i64)> =
            self.matters.iter().filter_map(|(id, m)| Some((m.lease?.1, *id))).collect();
        due.retain(|(until, _)| *until <= self.now);
        due.sort_unstable();
        for (_, id) in due {
            self.expire(id);
        }
    }

    /// Whether a matter that its expired lease closed, as the last attempt, is still closed by that alone.
    fn is_as_left(&mut self, id: i64) -> bool {
        let (customer, purpose) = (id / 4, self.matters[&id].purpose);
        let registration = self.registration_of(customer).map(|(_, registration)| registration.place);
        let case = self.case_of(customer).map(|case| (case.state, case.survey));
        let untouched = match purpose {
            Purpose::Offer => registration.is_none(),
            Purpose::Intake => {
                registration != Some(Place::Cancelled)
                    && case.is_some_and(|case| case.0 == CaseState::Unreachable)
            }
            Purpose::Survey => case.is_some_and(|case| case.1 == Some("unreachable")),
        };
        untouched && self.stopped_at(customer, purpose).is_none()
    }

    /// The actor's call that waits for its result. `came_about`: what it was for is done in the same step.
    pub fn unrecorded(&mut self, actor: Actor, id: i64, came_about: bool) -> Option<Unrecorded> {
        let now = self.now;
        if self.matters.get(&id)?.lease.is_some_and(|(holder, until)| holder == actor && until <= now) {
            self.expire(id);
        }
        let own = |call: &Call| (call.matter, call.actor, call.undone) == (id, actor, false);
        let waits = self
            .calls
            .iter()
            .enumerate()
            .filter(|(_, call)| own(call) && call.disposition == Disposition::NotRecorded);
        let place = waits.max_by_key(|(place, call)| (call.at, *place))?.0;
        let (before, matter) = (self.calls[place].before.clone(), self.matters[&id].clone());
        let stands = match matter.state {
            MatterState::Waiting | MatterState::Promised => true,
            MatterState::Closed => {
                matter.reason == Some("attempts_used_up") && (came_about || self.is_as_left(id))
            }
            MatterState::Leased | MatterState::Held => false,
        };
        let is_last = self.last_call(id) == Some(place) && matter.attempts == before.attempts + 1;
        let under_lease = (stands && is_last).then_some(Matter {
            attempts: before.attempts,
            parts: before.parts,
            callback: before.callback,
            began: before.began,
            ..matter
        });
        Some(Unrecorded { place, under_lease })
    }

    /// Takes the attempt back, and what it did to the case: its result follows.
    pub fn replace(&mut self, found: &Unrecorded) {
        self.calls[found.place].undone = true;
        if found.under_lease.is_some() {
            self.restore(&self.calls[found.place].clone());
        }
    }

    /// The case or the survey as it was before a call that moved it.
    pub fn restore(&mut self, call: &Call) {
        let purpose = self.matters[&call.matter].purpose;
        let Some(case) = self.case_of(call.matter / 4) else { return };
        match (purpose, call.moved_case) {
            (Purpose::Intake, Some(was))
                if matches!(
                    case.state,
                    CaseState::Contacted | CaseState::Unreachable | CaseState::Withdrawn
                ) && case.state != was =>
            {
                case.state = was;
                let registration = case.registration;
                self.kept.remove(&registration);
            }
            (Purpose::Survey, _) if call.moved_survey => case.survey = Some("due"),
            _ => {}
        }
    }

    /// Goes on with a call whose lease ran out a while ago, once; false when there is none, and the rule that stands
    /// against it beside its own ring.
    pub fn resume(&mut self, actor: Actor, id: i64) -> Result<bool, &'static str> {
        let Some(found) = self.unrecorded(actor, id, false) else { return Ok(false) };
        let Some(mut matter) = found.under_lease.clone() else { return Ok(false) };
        let call = self.calls[found.place].clone();
        let is_its = |other: &Call| (other.matter, other.actor, other.started) == (id, actor, call.started);
        let went_on = |other: &Call| is_its(other) && other.undone && other.disposition == call.disposition;
        if self.now.since(call.at) > RESUMED_WITHIN_MS || self.calls.iter().any(went_on) {
            return Ok(false);
        }
        let mut without = self.clone();
        let mut calm = call.before.clone();
        calm.give_back();
        without.matters.insert(id, calm);
        if let Some(rule) = without.against_call(id, actor, false).first() {
            return Err(rule);
        }
        self.replace(&found);
        matter.take(actor, self.now);
        matter.began = Some(call.started);
        self.matters.insert(id, matter);
        Ok(true)
    }
}
