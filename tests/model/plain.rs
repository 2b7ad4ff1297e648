//! The plain model of the programme: seats, waitlist, matters, cases, appointments as stretches of time. It uses no
//! SQL and no rule of the program: what may be called when is written here a second time.

use crate::fixture::at;
use std::collections::{BTreeMap, BTreeSet};
use tongdai::domain::appointment::AppointmentState;
use tongdai::domain::case::CaseState;
use tongdai::domain::contact::{MatterState, Purpose};
use tongdai::domain::department::Department;
use tongdai::domain::disposition::Disposition;
use tongdai::domain::time::{HOUR_MS, MINUTE_MS, Timestamp};
use tongdai::store::Value;

/// Attempts of a matter.
pub const MAX_ATTEMPTS: i64 = 3;
/// A lease, minutes.
pub const LEASE_MINUTES: i64 = 10;
/// A hold on a slot, minutes.
pub const HOLD_MINUTES: i64 = 5;
/// How long a promised time lifts the hours, minutes.
pub const GRACE_MINUTES: i64 = 60;
/// How long a promise is its owner's alone, minutes.
const OWNER_MINUTES: i64 = 15;
/// Undo, milliseconds.
pub const UNDO_MS: i64 = 120_000;

/// A login name.
pub type Actor = &'static str;

#[derive(Debug, Clone)]
pub struct Matter {
    pub purpose: Purpose,
    pub state: MatterState,
    pub reason: Option<&'static str>,
    pub due: Timestamp,
    pub attempts: i64,
    /// Parts of the day in which it was tried.
    pub parts: BTreeSet<u8>,
    pub rang: Option<Timestamp>,
    pub callback: Option<(Timestamp, Option<Actor>)>,
    pub lease: Option<(Actor, Timestamp)>,
    /// When the latest lease began.
    pub began: Option<Timestamp>,
    pub avoid: Option<Actor>,
}

impl Matter {
    pub fn waiting(purpose: Purpose, due: Timestamp, avoid: Option<Actor>) -> Self {
        let state = MatterState::Waiting;
        Self {
            purpose,
            state,
            reason: None,
            due,
            attempts: 0,
            parts: BTreeSet::new(),
            rang: None,
            callback: None,
            lease: None,
            began: None,
            avoid,
        }
    }

    /// Out of anybody's hands; a promise lasts only as long as it is one.
    pub fn become_state(&mut self, state: MatterState, reason: Option<&'static str>) {
        (self.state, self.reason, self.lease) = (state, reason, None);
        if state != MatterState::Promised {
            self.callback = None;
        }
    }

    pub fn give_back(&mut self) {
        let state = if self.callback.is_some() { MatterState::Promised } else { MatterState::Waiting };
        self.become_state(state, None);
    }

    /// Into somebody's hands; a lease that is renewed goes on.
    pub fn take(&mut self, actor: Actor, now: Timestamp) {
        if self.state != MatterState::Leased {
            self.began = Some(now);
        }
        let until = now.plus_minutes(LEASE_MINUTES);
        (self.state, self.reason, self.lease) = (MatterState::Leased, None, Some((actor, until)));
    }

    pub fn is_open(&self) -> bool {
        self.state != MatterState::Closed
    }

    pub fn has_good_lease(&self, now: Timestamp) -> bool {
        self.lease.is_some_and(|(_, until)| now < until)
    }
}

#[derive(Debug, Clone)]
pub struct Call {
    pub matter: i64,
    pub actor: Actor,
    pub started: Timestamp,
    pub at: Timestamp,
    /// When its result was recorded, if its lease had run out by then.
    pub late: Option<Timestamp>,
    /// It stands in the history and changed nothing else.
    pub note_only: bool,
    pub disposition: Disposition,
    pub before: Matter,
    /// The case's state, or the survey's, when this call moved it.
    pub moved_case: Option<CaseState>,
    pub moved_survey: bool,
    pub agreement: Option<(i64, Timestamp)>,
    pub undone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Seat(i64),
    Waitlist,
    Cancelled,
}

#[derive(Debug, Clone)]
pub struct Registration {
    pub customer: i64,
    pub place: Place,
    pub by: Actor,
    pub at: Timestamp,
    pub survey: bool,
    pub hand_over: &'static str,
}

#[derive(Debug, Clone)]
pub struct Case {
    pub registration: i64,
    pub customer: i64,
    pub state: CaseState,
    pub department: Option<Department>,
    pub survey: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Appointment {
    pub case: i64,
    pub doctor: i64,
    pub department: Department,
    pub from: Timestamp,
    pub minutes: i64,
    pub state: AppointmentState,
    pub by: Actor,
    pub held_until: Option<Timestamp>,
    pub started: Option<Timestamp>,
}

impl Appointment {
    pub fn is_live(&self) -> bool {
        matches!(
            self.state,
            AppointmentState::Held
                | AppointmentState::Booked
                | AppointmentState::Told
                | AppointmentState::InProgress
        )
    }

    pub fn end(&mut self, state: AppointmentState) {
        (self.state, self.held_until) = (state, None);
    }

    pub fn shares_time(&self, from: Timestamp, minutes: i64) -> bool {
        self.state.occupies()
            && self.from < from.plus_minutes(minutes)
            && from < self.from.plus_minutes(self.minutes)
    }
}

/// Everything, by the ids that the store gives.
#[derive(Debug, Clone)]
pub struct Plain {
    pub now: Timestamp,
    pub quota: i64,
    pub next_seat: i64,
    pub free: BTreeSet<i64>,
    /// Registrations, first come first.
    pub waitlist: Vec<i64>,
    pub opted_out: BTreeMap<i64, Timestamp>,
    /// Agreements that a promised callback brought: customer, from.
    pub agreements: Vec<(i64, Timestamp)>,
    pub matters: BTreeMap<i64, Matter>,
    pub calls: Vec<Call>,
    pub registrations: Vec<Registration>,
    /// Rows by registration.
    pub batches: Vec<BTreeMap<i64, &'static str>>,
    pub cases: Vec<Case>,
    pub appointments: Vec<Appointment>,
    /// Seats of cases that ended, by registration.
    pub kept: BTreeMap<i64, Kept>,
}

/// A seat that is kept while the end of its case can be taken back.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    pub case: i64,
    pub due: Timestamp,
    pub reason: CaseState,
}

impl Plain {
    pub fn new(quota: i64, customers: i64, now: Timestamp) -> Self {
        let offer = |customer| (customer * 4 + 1, Matter::waiting(Purpose::Offer, Timestamp::ZERO, None));
        Self {
            now,
            quota,
            next_seat: 1,
            free: BTreeSet::new(),
            waitlist: Vec::new(),
            opted_out: BTreeMap::new(),
            agreements: Vec::new(),
            matters: (1..=customers).map(offer).collect(),
            calls: Vec::new(),
            registrations: Vec::new(),
            batches: Vec::new(),
            cases: Vec::new(),
            appointments: Vec::new(),
            kept: BTreeMap::new(),
        }
    }

    /// Keeps the seat of a case that ends now; false when it has none.
    pub fn keep(&mut self, registration: i64, case: i64, reason: CaseState) -> bool {
        if !matches!(self.registrations[registration as usize - 1].place, Place::Seat(_)) {
            return false;
        }
        self.kept.insert(registration, Kept { case, due: self.now.plus_ms(UNDO_MS), reason });
        true
    }

    /// Gives on the seats whose time is over, longest first.
    pub fn release_due(&mut self) {
        let mut due: Vec<(Timestamp, i64, i64)> = self
            .kept
            .iter()
            .filter(|(_, kept)| kept.due < self.now)
            .map(|(id, k)| (k.due, *id, k.case))
            .collect();
        due.sort_unstable();
        for (_, registration, case) in due {
            self.kept.remove(&registration);
            self.cancel_live(case);
            self.free_seat(registration);
        }
    }

    pub fn taken(&self) -> i64 {
        self.registrations.iter().filter(|r| matches!(r.place, Place::Seat(_))).count() as i64
    }

    /// The lowest number that came free, or the next new one, while seats are left.
    pub fn take_seat(&mut self) -> Option<i64> {
        if self.taken() >= self.quota {
            return None;
        }
        Some(self.free.pop_first().unwrap_or_else(|| {
            self.next_seat += 1;
            self.next_seat - 1
        }))
    }

    /// Seats the first on the waitlist, if a seat is left.
    pub fn promote(&mut self) -> Option<i64> {
        let first = *self.waitlist.first()?;
        let seat = self.take_seat()?;
        self.waitlist.remove(0);
        self.registration_mut(first).place = Place::Seat(seat);
        Some(first)
    }

    /// Ends a registration and passes its seat on: (came free, who has it).
    pub fn free_seat(&mut self, id: i64) -> (bool, Option<i64>) {
        let place = std::mem::replace(&mut self.registration_mut(id).place, Place::Cancelled);
        match place {
            Place::Seat(number) => {
                self.free.insert(number);
                (true, self.promote())
            }
            Place::Waitlist => {
                self.waitlist.retain(|waiting| *waiting != id);
                (false, None)
            }
            Place::Cancelled => (false, None),
        }
    }

    pub fn registration_mut(&mut self, id: i64) -> &mut Registration {
        &mut self.registrations[id as usize - 1]
    }

    pub fn registration_of(&self, customer: i64) -> Option<(i64, &Registration)> {
        (1..).zip(&self.registrations).find(|(_, registration)| registration.customer == customer)
    }

    pub fn case_of(&mut self, customer: i64) -> Option<&mut Case> {
        self.cases.iter_mut().find(|case| case.customer == customer)
    }

    pub fn live_of(&self, case: i64) -> Option<i64> {
        (1..).zip(&self.appointments).find(|(_, a)| a.case == case && a.is_live()).map(|(id, _)| id)
    }

    pub fn appointment_mut(&mut self, id: i64) -> &mut Appointment {
        &mut self.appointments[id as usize - 1]
    }

    pub fn cancel_live(&mut self, case: i64) {
        if let Some(live) = self.live_of(case) {
            self.appointment_mut(live).end(AppointmentState::Cancelled);
        }
    }

    pub fn sweep_holds(&mut self) {
        let now = self.now;
        for hold in self.appointments.iter_mut().filter(|a| a.held_until.is_some_and(|until| until <= now)) {
            hold.end(AppointmentState::Cancelled);
        }
    }

    /// Closes a matter that is open.
    pub fn close(&mut self, id: i64, reason: &'static str) -> bool {
        let found = self.matters.get_mut(&id).filter(|matter| matter.is_open());
        found.map(|matter| matter.become_state(MatterState::Closed, Some(reason))).is_some()
    }

    /// Opens a service matter; a closed one starts afresh, an open one stays.
    pub fn open(&mut self, id: i64, purpose: Purpose, avoid: Option<Actor>) {
        let (rang, began) = match self.matters.get(&id) {
            Some(matter) if matter.is_open() => return,
            before => before.map_or((None, None), |matter| (matter.rang, matter.began)),
        };
        self.matters.insert(id, Matter { rang, began, ..Matter::waiting(purpose, self.now, avoid) });
    }

    /// What a service call was about ends without it.
    pub fn unanswered(
        &mut self,
        customer: i64,
        purpose: Purpose,
        survey_end: &'static str,
    ) -> (Option<CaseState>, bool) {
        let end = if survey_end == "refused" { CaseState::Withdrawn } else { CaseState::Unreachable };
        let Some(case) = self.case_of(customer) else { return (None, false) };
        match purpose {
            Purpose::Intake if case.state != CaseState::Booked && case.state.may_become(end) => {
                let was = std::mem::replace(&mut case.state, end);
                let registration = case.registration;
                let id = self.cases.iter().position(|case| case.customer == customer).unwrap() as i64 + 1;
                self.cancel_live(id);
                self.keep(registration, id, end);
                (Some(was), false)
            }
            Purpose::Survey if case.survey == Some("due") => {
                case.survey = Some(survey_end);
                (None, true)
            }
            _ => (None, false),
        }
    }

    /// "Do not call me": from now on, for good.
    pub fn stop_calls(&mut self, customer: i64) {
        self.opted_out.entry(customer).or_insert(self.now);
        for purpose in Purpose::ALL {
            self.end_call(customer * 4 + purpose.index());
            if self.close(customer * 4 + purpose.index(), "opted_out") {
                self.unanswered(customer, purpose, "refused");
            }
        }
    }

    /// The opt-out that forbids a call: a customer who registers later wants the calls that serve the registration.
    pub fn stopped_at(&self, customer: i64, purpose: Purpose) -> Option<Timestamp> {
        let asked = *self.opted_out.get(&customer)?;
        let registered = self.registration_of(customer).map(|(_, registration)| registration.at);
        let stands = purpose == Purpose::Offer || registered.is_none_or(|registered| asked > registered);
        stands.then_some(asked)
    }

    /// Whether the customer has a seat or a place on the waitlist.
    pub fn is_registered(&self, customer: i64) -> bool {
        self.registration_of(customer).is_some_and(|(_, registration)| registration.place != Place::Cancelled)
    }

    /// Every rule against a call now, the lasting ones first. Leases that ran out count as given back.
    pub fn against_call(&self, id: i64, actor: Actor, is_supervisors: bool) -> Vec<&'static str> {
        let (matter, now, customer) = (&self.matters[&id], self.now, id / 4);
        let is_offer = matter.purpose == Purpose::Offer;
        let mut against = Vec::new();
        let mut when = |stands: bool, rule| {
            if stands {
                against.push(rule);
            }
        };
        let promise = matter.callback;
        // A promise is for one ring.
        let has_rung = promise.is_some_and(|(at, _)| matter.rang.is_some_and(|rang| at < rang));
        when(self.stopped_at(customer, matter.purpose).is_some(), "opted_out");
        let is_answered = is_offer && self.is_registered(customer);
        when(matter.state == MatterState::Closed || is_answered, "matter_closed");
        when(matter.attempts >= MAX_ATTEMPTS && (promise.is_none() || has_rung), "attempts_used_up");
        when(is_offer && now >= at("2026-12-16T00:00"), "registration_closed");
        let is_intake = matter.purpose == Purpose::Intake;
        when(is_intake && now >= at("2027-01-01T00:00"), "outside_consultation_window");
        let register_days = now.since(at("2026-12-01T00:00")) / (24 * HOUR_MS);
        when(is_offer && register_days > 7, "do_not_call_list_stale");
        when(matter.state == MatterState::Held && !is_supervisors, "conflict");
        when(
            matter.has_good_lease(now) && matter.lease.is_some_and(|(holder, _)| holder != actor),
            "not_your_lease",
        );
        when(promise.is_some_and(|(at, _)| now < at), "not_yet_due");
        let agreed = self.is_agreed(matter, customer);
        when(!agreed && !is_open_hour(matter.purpose, now), "outside_calling_hours");
        let rang = matter.rang.filter(|rang| now.since(*rang) < 24 * HOUR_MS);
        when(is_offer && !agreed && rang.is_some(), "called_within_24h");
        if let Some((at, owner)) = promise {
            when(
                owner.is_some_and(|owner| owner != actor)
                    && (0..OWNER_MINUTES * MINUTE_MS).contains(&now.since(at)),
                "not_your_lease",
            );
        }
        let by_plan = promise.is_none() || has_rung;
        when(by_plan && matter.is_open() && now < matter.due, "not_yet_due");
        against
    }

    /// A promised time lifts the rules for its hour. An agreement does so within the day that it names.
    fn is_agreed(&self, matter: &Matter, customer: i64) -> bool {
        let is_its_hour = |from: Timestamp| (0..=GRACE_MINUTES * MINUTE_MS).contains(&self.now.since(from));
        let mut agreed = self.agreements.iter().filter(|(whose, _)| *whose == customer);
        let is_open = |at: Timestamp| matter.rang.is_none_or(|rang| rang <= at);
        matter.callback.is_some_and(|(at, _)| is_its_hour(at) && is_open(at))
            || agreed.any(|(_, from)| is_its_hour(*from) && from.date() == self.now.date() && is_open(*from))
    }

    /// What must be the same here and in the store, line by line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![line(&[int(self.quota), int(self.taken()), int(self.waitlist.len() as i64)])];
        lines.extend(self.waitlist.iter().map(|id| line(&[int(*id)])));
        lines.extend((1..).zip(&self.registrations).map(|(id, r)| {
            let (state, seat) = match r.place {
                Place::Seat(number) => ("registered", int(number)),
                Place::Waitlist => ("waitlisted", Value::Null),
                Place::Cancelled => ("cancelled", Value::Null),
            };
            line(&[int(id), int(r.customer), text(state), seat, text(r.hand_over)])
        }));
        lines.extend(self.matters.iter().map(|(id, m)| {
            line(&[
                int(*id),
                text(m.state.code()),
                m.reason.map_or(Value::Null, text),
                int(m.attempts),
                time(m.rang),
                time(m.callback.map(|(at, _)| at)),
                m.callback.and_then(|(_, owner)| owner).map_or(Value::Null, text),
                m.lease.map_or(Value::Null, |(holder, _)| text(holder)),
                time(m.lease.map(|(_, until)| until)),
            ])
        }));
        lines.extend(self.calls.iter().map(|call| {
            let (by, how, undone) =
                (text(call.actor), text(call.disposition.code()), int(call.undone.into()));
            line(&[int(call.matter), by, how, time(Some(call.at)), time(call.late), undone])
        }));
        lines.extend((1..).zip(&self.cases).map(|(id, c)| {
            let survey = c.survey.map_or(Value::Null, text);
            line(&[int(id), int(c.registration), text(c.state.code()), survey])
        }));
        lines.extend((1..).zip(&self.appointments).map(|(id, a)| {
            let state = text(a.state.code());
            line(&[
                int(id),
                int(a.case),
                int(a.doctor),
                time(Some(a.from)),
                int(a.minutes),
                state,
                time(a.held_until),
            ])
        }));
        lines
    }

    /// What no step may ever bring about.
    pub fn check(&self) {
        assert!(self.taken() <= self.quota, "more seats than the quota");
        assert!(
            self.waitlist.is_empty() || self.taken() == self.quota,
            "a customer waits beside a free seat"
        );
        let taking: Vec<&Appointment> = self.appointments.iter().filter(|a| a.state.occupies()).collect();
        for (index, one) in taking.iter().enumerate() {
            for other in &taking[index + 1..] {
                let shared = one.doctor == other.doctor && one.shares_time(other.from, other.minutes);
                assert!(!shared, "one doctor, two patients: {one:?} {other:?}");
            }
        }
        for (id, matter) in self.matters.iter().filter(|(_, m)| m.purpose == Purpose::Intake && m.is_open()) {
            let case = self.cases.iter().find(|case| case.customer == id / 4);
            assert!(
                case.is_some_and(|case| !case.state.is_final()),
                "a call about a case that ended: {matter:?}"
            );
        }
    }
}

/// 08:00 to 17:00 for offers, to 20:00 for service calls.
pub fn is_open_hour(purpose: Purpose, now: Timestamp) -> bool {
    let closes = if purpose == Purpose::Offer { 17 } else { 20 };
    (8 * 60..closes * 60).contains(&now.minute_of_day())
}

/// The same lines out of the store.
pub const STORED: [&str; 7] = [
    "SELECT quota, taken, waitlisted FROM campaign",
    "SELECT id FROM registration WHERE place IS NOT NULL ORDER BY place",
    "SELECT id, customer, state, seat, hand_over FROM registration ORDER BY id",
    "SELECT id, state, reason, attempts, last_rang_at, callback_at, callback_for, lease_staff, lease_until
     FROM matter ORDER BY id",
    "SELECT matter, staff, disposition, ended_at, recorded_late_at, CASE WHEN undone_at IS NULL THEN 0 ELSE 1 END
     FROM call ORDER BY id",
    "SELECT k.id, k.registration, k.state, s.state FROM care_case k LEFT JOIN survey s ON s.care_case = k.id
     ORDER BY k.id",
    "SELECT id, care_case, doctor, starts_at, minutes, state, held_until FROM appointment ORDER BY id",
];

fn line(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value:?} ")).collect()
}

const fn int(value: i64) -> Value {
    Value::Int(value)
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn time(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| Value::Int(at.ms()))
}
