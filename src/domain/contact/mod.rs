//! Decides whether a customer may be contacted now, and if not, when. One function, [`reasons_against_call`], returns
//! **all** reasons; [`callable_from`] calls the same function for later instants, so that the two never disagree.
//!
//! The rules for advertising, by the names that the code calls them. They follow Decree 91/2020/NĐ-CP and Circular
//! 22/2021/TT-BTTTT; each figure stands with its date and source in the campaign.
//!
//! | rule | of an offer |
//! | --- | --- |
//! | T1, T2 | a call begins, an SMS leaves, only inside a daily window |
//! | T3, T4 | so many calls that rang, and so many SMS, per number in any 24 hours |
//! | T5 | an agreement with the customer, kept with its evidence: T3 and T4 as long as it is good, T1 and T2 only in the hours that it names |
//! | T6 | nothing to a number on the national register or on our own list of opt-outs; an old register blocks all |
//! | T7 | consent given before is on record |
//! | T9 | an SMS says that it is advertising and how to refuse more |
//! | T10 | "never again" holds at once and for ever, and is confirmed once |
//! | T11 | a call begins with the caller's name |
//! | T12 | an offer names facility, address, licence, hours and scope: none is made before they are given |
//! | T13 | an offer is made only while it can be accepted: inside the registration window, while a seat or the waitlist is open; a callback lies inside the window of its purpose |
//! | T14 | evidence of consents and opt-outs is kept |
//!
//! Invariants:
//! - nothing lifts an opt-out;
//! - a missing or old Do-Not-Call register blocks offers (fail closed);
//! - a stored agreement lifts the 24-hour rules (T3, T4), and the hours (T1, T2) where it names hours; nothing else;
//! - a promised callback opens one ring: after it, T3 and the number of attempts hold as for any other call;
//! - a listed customer is offered the programme only after its SMS went to them (`sms_required`).
//!
//! Deliberately absent: figures. Every limit comes in as [`ContactLimits`], which the campaign's dated table makes.

mod advertising;
mod call;
mod retry;
mod rule_name;
mod sms;
#[cfg(test)]
mod tests;

pub use call::{callable_from, dial_until, reasons_against_call};
pub use retry::{Next, day_part_bit, retry_plan};
pub use rule_name::{Contact, rule_name};
pub use sms::{SmsFacts, SmsPurpose, reasons_against_sms, sendable_from};

use super::calendar::DailyWindow;
use super::id::{CustomerId, MatterId, StaffId};
use super::lang::Lang;
use super::time::Timestamp;
use chrono::NaiveDate;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why we call. Part of a matter's identity. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 9090 introduces the programme: advertising.
    Offer,
    /// Vinmec asks for the need and books: service.
    Intake,
    /// 9090 asks how it was: service.
    Survey,
}

impl Purpose {
    /// Every purpose, in the order of the programme's steps.
    pub const ALL: [Self; 3] = [Self::Offer, Self::Intake, Self::Survey];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Intake => "intake",
            Self::Survey => "survey",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("purpose.{}", self.code()), locale = lang.code()).into_owned()
    }

    /// 1, 2 or 3: the low two bits of a matter's id.
    pub const fn index(self) -> i64 {
        match self {
            Self::Offer => 1,
            Self::Intake => 2,
            Self::Survey => 3,
        }
    }

    /// The purpose with that index.
    pub const fn from_index(index: i64) -> Option<Self> {
        match index {
            1 => Some(Self::Offer),
            2 => Some(Self::Intake),
            3 => Some(Self::Survey),
            _ => None,
        }
    }

    /// Whether a contact of this purpose is advertising in the sense of Decree 91/2020 (rules T1–T9).
    pub const fn is_offer_contact(self) -> bool {
        matches!(self, Self::Offer)
    }

    /// Whether 9090 makes these calls; the others are Vinmec's.
    pub const fn is_by_9090(self) -> bool {
        !matches!(self, Self::Intake)
    }

    /// The matter of this purpose with that customer.
    pub const fn matter_id(self, customer: CustomerId) -> MatterId {
        MatterId(customer.0 * 4 + self.index())
    }

    /// The customer and purpose of a matter; none when no matter can have that id.
    pub const fn of_matter(matter: MatterId) -> Option<(CustomerId, Self)> {
        match Self::from_index(matter.0 % 4) {
            Some(purpose) => Some((CustomerId(matter.0 / 4), purpose)),
            None => None,
        }
    }
}

/// Where a contact matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatterState {
    /// In the queue, due at a time.
    Waiting,
    /// An agent holds it until a time.
    Leased,
    /// The customer named a time.
    Promised,
    /// Nothing more to call about.
    Closed,
    /// A decision is missing (opt-in evidence, a supervisor).
    Held,
}

impl MatterState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Leased, Self::Promised, Self::Closed, Self::Held];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Leased => "leased",
            Self::Promised => "promised",
            Self::Closed => "closed",
            Self::Held => "held",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("state.{}", self.code()), locale = lang.code()).into_owned()
    }
}

/// A callback the customer asked for; its time is an agreement in the sense of T5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The promised time.
    pub at: Timestamp,
    /// The agent who promised to call; none when any agent may.
    pub owner: Option<StaffId>,
}

/// A stored agreement with one customer (T5): what it allows, until when, at which times of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Covers calls.
    pub voice: bool,
    /// Covers SMS.
    pub sms: bool,
    /// First instant it is good for.
    pub from: Timestamp,
    /// Last instant it is good for.
    pub until: Timestamp,
    /// The hours of the day that the customer named. None: the customer named none, and the hours of the law hold.
    pub window: Option<DailyWindow>,
    /// A promised callback brought it: it opens one ring.
    pub is_callback: bool,
}

/// The customer agreed to be contacted at this instant, whatever the daily hours say (T1, T2): the instant lies in
/// hours that an agreement of that kind names.
fn lifts_hours<'a>(
    agreements: impl IntoIterator<Item = &'a Agreement>,
    kind: fn(&Agreement) -> bool,
    at: Timestamp,
) -> bool {
    agreements.into_iter().any(|agreement| {
        kind(agreement) && agreement.is_good(at) && agreement.window.is_some_and(|window| window.contains(at))
    })
}

/// The customer agreed to more contacts in 24 hours (T3, T4): an agreement of that kind is good, and the instant
/// lies in its hours when it names any.
fn lifts_frequency<'a>(
    agreements: impl IntoIterator<Item = &'a Agreement>,
    kind: fn(&Agreement) -> bool,
    at: Timestamp,
) -> bool {
    agreements.into_iter().any(|agreement| {
        kind(agreement) && agreement.is_good(at) && agreement.window.is_none_or(|window| window.contains(at))
    })
}

impl Agreement {
    /// Whether a call that rang since has used it up: who asked for one callback did not ask for two.
    pub(super) fn is_used_up(&self, last_rang_at: Option<Timestamp>) -> bool {
        self.is_callback && last_rang_at.is_some_and(|rang_at| self.from < rang_at)
    }

    fn is_good(&self, at: Timestamp) -> bool {
        self.from <= at && at <= self.until
    }

    const fn is_voice(&self) -> bool {
        self.voice
    }

    const fn is_sms(&self) -> bool {
        self.sms
    }

    /// The first instant from `now` on in the hours that it names; none when it names none or is over by then.
    fn opens_from(&self, now: Timestamp) -> Option<Timestamp> {
        let at = self.window?.next_open(now.max(self.from));
        self.is_good(at).then_some(at)
    }
}

/// Since when an opt-out of calls stands against a purpose; none when it does not. A customer who registers after an
/// opt-out wants the calls that serve the registration; offers stay stopped.
pub fn opt_out_against(
    purpose: Purpose,
    asked_at: Option<Timestamp>,
    registered_at: Option<Timestamp>,
) -> Option<Timestamp> {
    asked_at.filter(|asked_at| {
        purpose.is_offer_contact() || registered_at.is_none_or(|registered_at| *asked_at > registered_at)
    })
}

/// The flags of a number on the national Do-Not-Call register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DoNotCallFlags {
    /// V: no advertising calls.
    pub voice: bool,
    /// S: no advertising SMS.
    pub sms: bool,
}

/// Seats and waitlist of the programme, as far as they decide about offers (T13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatsAndWaitlist {
    /// Seats of the programme.
    pub quota: i64,
    /// Seats taken.
    pub taken: i64,
    /// Customers on the waitlist.
    pub waitlisted: i64,
}

/// Instants from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First instant.
    pub from: Timestamp,
    /// Last instant.
    pub until: Timestamp,
}

impl Span {
    /// Whether the instant lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at <= self.until
    }
}

/// What of a programme decides about its contacts, beside the dated limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgrammeSpans {
    /// Customers may register: offers are made, and promised for, inside.
    pub offer: Span,
    /// Intake calls are promised for inside: until the last consultation.
    pub intake: Span,
    /// Surveys are promised for inside: until the last day of the programme.
    pub survey: Span,
    /// Only those who received the programme's SMS are offered it by telephone.
    pub sms_required: bool,
    /// T12: the details that an offer of medical services names are given.
    pub details_given: bool,
}

/// An agent's hold on a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Its holder.
    pub holder: StaffId,
    /// Good while `now < until`.
    pub until: Timestamp,
}

/// Everything the rules need to know about one matter, as the store loads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactFacts {
    /// Why we would call.
    pub purpose: Purpose,
    /// Where the matter stands.
    pub state: MatterState,
    /// When the retry plan allows a call.
    pub due_at: Timestamp,
    /// Attempts of this matter so far.
    pub attempts: i64,
    /// The latest offer attempt that rang at this **number**, in whichever matter (T3).
    pub last_rang_at: Option<Timestamp>,
    /// The callback promised, when the state is `promised` (kept while the promise is leased).
    pub promise: Option<Promise>,
    /// The agreements on file that are not over.
    pub agreements: Vec<Agreement>,
    /// When the programme's SMS went to a listed customer.
    pub sms_sent_at: Option<Timestamp>,
    /// The programme's seats and waitlist.
    pub seats: SeatsAndWaitlist,
    /// The number's flags on the national register.
    pub dnc: DoNotCallFlags,
    /// The day of the national register on file; none when none was loaded.
    pub dnc_as_of: Option<NaiveDate>,
    /// When the customer asked us not to call.
    pub opted_out_voice_at: Option<Timestamp>,
    /// When the customer asked us not to send SMS.
    pub opted_out_sms_at: Option<Timestamp>,
    /// The list carries opt-in evidence, or the customer gave consent directly (T7).
    pub opt_in_evidence: bool,
    /// The holder of the matter.
    pub lease: Option<Lease>,
    /// The agent who would call; none for any agent ("why not?").
    pub agent: Option<StaffId>,
}

impl ContactFacts {
    /// The promise, while the telephone has not rung for it. One that was missed still waits for its call, which then
    /// follows the rules of every other retry.
    pub fn open_promise(&self) -> Option<&Promise> {
        self.promise.as_ref().filter(|promise| self.last_rang_at.is_none_or(|rang_at| rang_at <= promise.at))
    }

    /// The agreements that still open a call.
    fn open_agreements(&self) -> impl Iterator<Item = &Agreement> {
        self.agreements.iter().filter(|agreement| !agreement.is_used_up(self.last_rang_at))
    }
    /// A fresh matter with nothing against it but what the caller adds.
    pub const fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            state: MatterState::Waiting,
            due_at: Timestamp::ZERO,
            attempts: 0,
            last_rang_at: None,
            promise: None,
            agreements: Vec::new(),
            sms_sent_at: None,
            seats: SeatsAndWaitlist { quota: 1, taken: 0, waitlisted: 0 },
            dnc: DoNotCallFlags { voice: false, sms: false },
            dnc_as_of: None,
            opted_out_voice_at: None,
            opted_out_sms_at: None,
            opt_in_evidence: false,
            lease: None,
            agent: None,
        }
    }
}

/// The contact limits in force on one day, and the programme's windows. Minutes are minutes of the day, windows exclude their closing minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactLimits {
    /// T1: an offer call may start inside.
    pub offer_call: DailyWindow,
    /// T2: an offer SMS may be sent inside.
    pub offer_sms: DailyWindow,
    /// Own rule: a service call may start inside.
    pub service_call: DailyWindow,
    /// T3: hours between two offer attempts that rang at one number. Exactly that much later is allowed.
    pub offer_call_gap_hours: i64,
    /// T4: offer SMS per number in any 24 hours.
    pub offer_sms_per_24h: i64,
    /// Attempts of an offer matter.
    pub offer_max_attempts: i64,
    /// Attempts of a service matter.
    pub service_max_attempts: i64,
    /// Retry plan of offers: hours after the last attempt.
    pub offer_retry_hours: i64,
    /// Retry plan of service calls: hours after the last attempt.
    pub service_retry_hours: i64,
    /// T6: allowed age of the national register, in days.
    pub dnc_max_age_days: i64,
    /// How long a promised time lifts the hours, in minutes after it.
    pub promise_grace_minutes: i64,
    /// How long a promise belongs to its owner alone, in minutes after the promised time.
    pub promise_owner_minutes: i64,
    /// How long an agent holds a matter without a sign of life.
    pub lease_minutes: i64,
    /// How long the last disposition can be undone.
    pub undo_seconds: i64,
    /// T13: when the programme is full, offers go on while no more customers than this wait for a seat.
    pub offer_waitlist_max: i64,
    /// The programme's windows.
    pub programme: ProgrammeSpans,
}

impl ContactLimits {
    /// The window of that purpose: a callback is promised only inside.
    pub const fn span(&self, purpose: Purpose) -> Span {
        match purpose {
            Purpose::Offer => self.programme.offer,
            Purpose::Intake => self.programme.intake,
            Purpose::Survey => self.programme.survey,
        }
    }

    /// Days until the national register is too old, counted on the day of `now`: 0 on its last good day, negative
    /// once it is too old; none when none was loaded.
    pub fn register_days_left(&self, as_of: Option<NaiveDate>, now: Timestamp) -> Option<i64> {
        as_of.map(|day| self.dnc_max_age_days - (now.date() - day).num_days())
    }
    /// Allowed attempts of a matter of that purpose.
    pub const fn max_attempts(&self, purpose: Purpose) -> i64 {
        if purpose.is_offer_contact() { self.offer_max_attempts } else { self.service_max_attempts }
    }

    /// The daily calling window of that purpose.
    pub const fn call_window(&self, purpose: Purpose) -> DailyWindow {
        if purpose.is_offer_contact() { self.offer_call } else { self.service_call }
    }

    /// When a lease taken at `now` runs out.
    pub const fn lease_until(&self, now: Timestamp) -> Timestamp {
        now.plus_minutes(self.lease_minutes)
    }

    /// Whether the national register is missing, too old, or of a day to come, which is an error in its date (T6 fails
    /// closed).
    pub fn is_register_stale(&self, as_of: Option<NaiveDate>, now: Timestamp) -> bool {
        self.register_days_left(as_of, now).is_none_or(|left| !(0..=self.dnc_max_age_days).contains(&left))
    }
}
