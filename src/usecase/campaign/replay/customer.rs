//! Judges the contacts with one customer: the facts of each at its own time, and what two campaigns say about them.

use super::frame::{Found, Frame, Terms};
use super::tally::{self, Verdicts};
use crate::domain::calendar::DailyWindow;
use crate::domain::contact::{
    Agreement, Contact, ContactFacts, DoNotCallFlags, MatterState, Next, Promise, Purpose, SmsFacts,
    SmsPurpose, Span, opt_out_against, reasons_against_call, reasons_against_sms, retry_plan,
};
use crate::domain::disposition::FollowUp;
use crate::domain::id::MatterId;
use crate::domain::refusal::Refusal;
use crate::domain::time::{DAY_MS, Timestamp};
use crate::store::history::{Known, OpenMatter, PastAgreement, PastCall, PastSms};
use crate::store::matter::HELD_SUPERVISOR;
use crate::usecase::error::Error;
use crate::usecase::model::replay::{ByKind, Judged};
use crate::usecase::outbound::matter_under_lease;
use chrono::NaiveDate;

/// A customer with everything that was done with them.
#[derive(Debug)]
pub(super) struct Customer<'a> {
    pub frame: &'a Frame,
    pub known: &'a Known,
    pub calls: &'a [PastCall],
    pub messages: &'a [PastSms],
    pub agreements: &'a [PastAgreement],
    pub matters: &'a [OpenMatter],
}

/// The latest try of a matter, as the retry plan sees it.
#[derive(Debug, Clone, Copy)]
struct Tried {
    attempts: i64,
    day_parts: i64,
    last_at: Timestamp,
}

impl Customer<'_> {
    pub(super) fn judge(&self, found: &mut Found) -> Result<(), Error> {
        for call in self.calls.iter().filter(|call| call.started_at >= self.frame.since) {
            self.judge_call(call, found)?;
        }
        for sms in self.messages.iter().filter(|sms| sms.at >= self.frame.since) {
            self.judge_sms(*sms, found);
        }
        for matter in self.matters {
            match matter.state {
                MatterState::Promised => self.judge_promise(matter, found),
                MatterState::Waiting | MatterState::Held | MatterState::Closed => {
                    self.judge_waiting(matter, found);
                }
                MatterState::Leased => {}
            }
        }
        for row in self.agreements.iter().filter(|row| !row.is_callback) {
            self.judge_agreement(row, found);
        }
        Ok(())
    }

    /// A call that the queue handed out; one that the customer made themselves falls under no rule.
    fn judge_call(&self, call: &PastCall, found: &mut Found) -> Result<(), Error> {
        let Some(before) = &call.before else { return Ok(()) };
        let matter = matter_under_lease(before)?;
        if matter.lease_staff.is_none() {
            return Ok(());
        }
        let at = call.started_at;
        let promise = matter.callback_at.map(|at| Promise { at, owner: matter.callback_for.clone() });
        let tried = self.tried(matter.id, matter.attempts, matter.day_parts, at);
        let facts = ContactFacts {
            attempts: matter.attempts,
            last_rang_at: matter.last_rang_at.filter(|rang_at| *rang_at <= at),
            promise,
            agent: Some(call.staff.clone()),
            ..self.facts(call.purpose, at)
        };
        let verdicts = self.verdicts(&facts, tried, Timestamp::ZERO, at);
        let (judged, contact) = kind(&mut found.calls, call.purpose);
        if verdicts.is_newly_held() && call.disposition.flags().success {
            judged.newly_held_agreed += 1;
            if call.purpose.is_offer_contact() {
                *found.lost.entry(call.ended_at.date()).or_default() += 1;
            }
        }
        tally::judge(judged, &verdicts, contact);
        Ok(())
    }

    fn judge_sms(&self, sms: PastSms, found: &mut Found) {
        let at = sms.at;
        let (dnc, dnc_as_of) = self.register_at(at);
        let facts = SmsFacts {
            purpose: if sms.is_offer { SmsPurpose::Offer } else { SmsPurpose::Service },
            recent_offers: self
                .messages
                .iter()
                .filter(|earlier| earlier.is_offer && earlier.at < at && at.since(earlier.at) < DAY_MS)
                .map(|earlier| earlier.at)
                .collect(),
            agreements: self.agreements_at(at),
            dnc,
            dnc_as_of,
            opted_out_at: self.known.opted_out_sms_at.filter(|asked_at| *asked_at < at),
            opt_in_evidence: self.known.opt_in_evidence,
        };
        let [in_force, proposed] = [self.frame.in_force, self.frame.proposed]
            .map(|terms| reasons_against_sms(&facts, &terms.limits, at));
        let (judged, contact) = if sms.is_offer {
            (&mut found.messages.offer, Contact::OfferMessage)
        } else {
            (&mut found.messages.service, Contact::Service)
        };
        tally::judge(judged, &Verdicts { in_force, proposed }, contact);
    }

    /// Who waits, or was given up: at the next hour that the campaign in force opens.
    fn judge_waiting(&self, matter: &OpenMatter, found: &mut Found) {
        let at = self.frame.in_force.limits.call_window(matter.purpose).next_open(self.frame.now);
        let is_supervisors = matter.reason.as_deref() == Some(HELD_SUPERVISOR);
        let facts = ContactFacts {
            state: if is_supervisors { MatterState::Held } else { MatterState::Waiting },
            attempts: matter.attempts,
            last_rang_at: matter.last_rang_at,
            ..self.facts(matter.purpose, at)
        };
        let tried = self.tried(matter.id, matter.attempts, matter.day_parts, at);
        let due_at = if matter.state == MatterState::Waiting { matter.due_at } else { Timestamp::ZERO };
        let verdicts = self.verdicts(&facts, tried, due_at, at);
        let (judged, contact) = kind(&mut found.queue, matter.purpose);
        tally::judge(judged, &verdicts, contact);
    }

    fn judge_promise(&self, matter: &OpenMatter, found: &mut Found) {
        let Some(at) = matter.callback_at else { return };
        let facts = ContactFacts {
            attempts: matter.attempts,
            last_rang_at: matter.last_rang_at,
            promise: Some(Promise { at, owner: matter.callback_for.clone() }),
            agent: matter.callback_for.clone(),
            // A register that is good now is taken to be renewed in time.
            dnc_as_of: self.frame.register.as_of.map(|_| at.date()),
            ..self.facts(matter.purpose, at)
        };
        let verdicts = self.verdicts(&facts, None, Timestamp::ZERO, at);
        let callbacks = &mut found.callbacks;
        callbacks.open += 1;
        let contact = contact_of(matter.purpose);
        if verdicts.is_newly_held() {
            tally::count(&mut callbacks.broken, &verdicts.proposed, contact);
        } else {
            let is_in = |terms: &Terms| terms.limits.call_window(matter.purpose).contains(at);
            let leaves = is_in(&self.frame.in_force) && !is_in(&self.frame.proposed);
            callbacks.outside_hours += i64::from(leaves);
        }
    }

    /// An agreement that is not over, with a customer who is still to be called.
    fn judge_agreement(&self, row: &PastAgreement, found: &mut Found) {
        let Agreement { from, until, window, .. } = row.agreement;
        let open = |matter: &&OpenMatter| matter.state != MatterState::Closed;
        if until < self.frame.now || !self.matters.iter().any(|matter| open(&matter)) {
            return;
        }
        let from = from.max(self.frame.now);
        let meets = |span: Span| span.from <= until && from <= span.until;
        let serves = |terms: &Terms| {
            self.matters.iter().filter(open).any(|matter| meets(terms.limits.span(matter.purpose)))
        };
        let agreements = &mut found.agreements;
        agreements.open += 1;
        let is_in = |terms: &Terms| window.is_none_or(|named| lies_in(named, terms.limits.offer_call));
        if serves(&self.frame.in_force) && !serves(&self.frame.proposed) {
            let span = self.frame.proposed.limits.programme.offer;
            let closed = Refusal::RegistrationClosed { opens: span.from, closes: span.until };
            tally::count(&mut agreements.broken, &[closed], Contact::OfferCall);
        } else if is_in(&self.frame.in_force) && !is_in(&self.frame.proposed) {
            agreements.outside_hours += 1;
        }
    }

    /// What both campaigns say of a call at an instant. Where the retry plan decides, each campaign's own plan does;
    /// otherwise the call is due at `due_at`.
    fn verdicts(
        &self,
        facts: &ContactFacts,
        tried: Option<Tried>,
        due_at: Timestamp,
        at: Timestamp,
    ) -> Verdicts {
        let of = |terms: &Terms| {
            let due_at = match tried.filter(|_| facts.promise.is_none()) {
                Some(tried) => planned(tried, facts.purpose, terms),
                None => due_at,
            };
            let seats = self.frame.seats.at(at, terms.quota);
            let facts = ContactFacts { due_at, seats, ..facts.clone() };
            reasons_against_call(&facts, &terms.limits, at)
        };
        Verdicts { in_force: of(&self.frame.in_force), proposed: of(&self.frame.proposed) }
    }

    /// The facts at an instant that every call of the customer shares.
    fn facts(&self, purpose: Purpose, at: Timestamp) -> ContactFacts {
        let known = self.known;
        let (dnc, dnc_as_of) = self.register_at(at);
        let registered_at = known.registered_at.filter(|registered_at| *registered_at <= at);
        let asked_at = known.opted_out_voice_at.filter(|asked_at| *asked_at <= at);
        ContactFacts {
            agreements: self.agreements_at(at),
            sms_sent_at: known.sms_sent_at,
            dnc,
            dnc_as_of,
            opted_out_voice_at: opt_out_against(purpose, asked_at, registered_at),
            opted_out_sms_at: known.opted_out_sms_at.filter(|asked_at| *asked_at <= at),
            opt_in_evidence: known.opt_in_evidence,
            ..ContactFacts::new(purpose)
        }
    }

    /// The register on file, where it was there at that time. Before it another one was, which let these contacts out.
    fn register_at(&self, at: Timestamp) -> (DoNotCallFlags, Option<NaiveDate>) {
        let register = self.frame.register;
        if register.was_there(at) {
            (self.known.dnc, register.as_of)
        } else {
            (DoNotCallFlags::default(), Some(at.date()))
        }
    }

    fn agreements_at(&self, at: Timestamp) -> Vec<Agreement> {
        let good = |row: &&PastAgreement| row.recorded_at <= at && row.agreement.until >= at;
        self.agreements.iter().filter(good).map(|row| row.agreement).collect()
    }

    /// The latest call of a matter before an instant, when the retry plan followed it.
    fn tried(&self, matter: MatterId, attempts: i64, day_parts: i64, at: Timestamp) -> Option<Tried> {
        let mut earlier = self.calls.iter().rev().filter(|call| call.matter == matter && call.ended_at <= at);
        let last = earlier.next().filter(|call| call.started_at < at)?;
        (attempts > 0 && last.disposition.follow_up() == FollowUp::Retry).then_some(Tried {
            attempts,
            day_parts,
            last_at: last.ended_at,
        })
    }
}

/// When a campaign's retry plan makes the next try due.
fn planned(tried: Tried, purpose: Purpose, terms: &Terms) -> Timestamp {
    let Tried { attempts, day_parts, last_at } = tried;
    match retry_plan(attempts, last_at, day_parts, purpose, &terms.limits, last_at) {
        Next::At(due_at) => due_at,
        Next::UsedUp => Timestamp::ZERO,
    }
}

/// Whether all hours of `named` lie in `daily`.
const fn lies_in(named: DailyWindow, daily: DailyWindow) -> bool {
    daily.opens_minute <= named.opens_minute && named.closes_minute <= daily.closes_minute
}

const fn contact_of(purpose: Purpose) -> Contact {
    if purpose.is_offer_contact() { Contact::OfferCall } else { Contact::Service }
}

fn kind(kinds: &mut ByKind, purpose: Purpose) -> (&mut Judged, Contact) {
    let judged = if purpose.is_offer_contact() { &mut kinds.offer } else { &mut kinds.service };
    (judged, contact_of(purpose))
}
