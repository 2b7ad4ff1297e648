//! Refusals: every way in which a rule refuses, as typed facts. A refusal carries what the user must know; its
//! sentence and its hint are in `locales/refusal.yml` under the rule's public code and nowhere else.
//!
//! Deliberately absent: personal data beyond what the user typed, and health text.

#[cfg(test)]
mod tests;

use super::actor::Permission;
use super::department::Department;
use super::disposition::Disposition;
use super::id::StaffId;
use super::lang::{Bilingual, Lang};
use super::phone::PhoneError;
use super::registration::Held;
use super::time::Timestamp;
use rust_i18n::t;

/// Problems of a campaign that one sentence names.
const MOST_PROBLEMS: usize = 10;

/// The state of a consent that was never given, in [`Refusal::Conflict`].
pub const NEVER_AGREED: &str = "never_agreed";

/// The person who holds a contact matter, or has promised its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Their login name, which no sentence shows.
    pub staff: StaffId,
    /// Their name; none until the store was asked for it.
    pub name: Option<String>,
}

impl From<StaffId> for Holder {
    fn from(staff: StaffId) -> Self {
        Self { staff, name: None }
    }
}

/// A rule's "no". The public code is [`Refusal::rule`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// All seats are taken and the caller did not want the waitlist.
    QuotaFull {
        /// Seats of the programme.
        quota: i64,
    },
    /// The registration window is not open.
    RegistrationClosed {
        /// First instant of the window.
        opens: Timestamp,
        /// Last instant of the window.
        closes: Timestamp,
    },
    /// Only customers on the SMS list may use the hotline.
    NotOnSmsList,
    /// The customer is on the list, but the programme's SMS has not reached them: ways 1 and 2 are for those who
    /// received it.
    SmsNotReceived {
        /// When it will be sent, when that is known.
        sent_at: Option<Timestamp>,
    },
    /// The details of the facility that an offer names are not given (T12).
    FacilityMissing,
    /// A callback was promised for a time at which the programme has no use for it (T13).
    CallbackOutsideWindow {
        /// First instant for callbacks of this purpose.
        from: Timestamp,
        /// Last instant.
        until: Timestamp,
    },
    /// A listed customer came through the fanpage and the campaign sends such people to 9090.
    OnSmsList,
    /// One registration per customer, across all channels, for ever.
    AlreadyRegistered {
        /// What it holds: a seat, a position on the waitlist, or nothing any more.
        held: Held,
    },
    /// The customer does not meet the programme's conditions.
    NotEligible,
    /// The text is not a Vietnamese mobile number.
    PhoneInvalid(PhoneError),
    /// Purpose 1 (register and pass to Vinmec) needs an explicit yes.
    ConsentMissing,
    /// A patient under 18 needs a representative's name and relation.
    RepresentativeMissing,
    /// The customer asked us not to contact them this way.
    OptedOut {
        /// When they asked.
        at: Timestamp,
    },
    /// The number is on the national Do-Not-Call register.
    DoNotCall,
    /// The register on file is older than the campaign allows, or was never loaded.
    DoNotCallListStale {
        /// The day it was taken, when there is one.
        as_of: Option<chrono::NaiveDate>,
        /// Allowed age in days.
        max_age_days: i64,
    },
    /// The list carries no opt-in evidence.
    OptInMissing,
    /// Outside the daily calling window of this purpose.
    OutsideCallingHours {
        /// `HH:mm` the window opens.
        opens_minute: u32,
        /// `HH:mm` the window closes (not included).
        closes_minute: u32,
        /// When the window opens next.
        next_at: Timestamp,
    },
    /// The number rang within the last 24 hours.
    CalledWithin24h {
        /// When it may be called again.
        next_at: Timestamp,
    },
    /// The SMS allowance of the last 24 hours is used up.
    SmsWithin24h {
        /// When one may be sent again.
        next_at: Timestamp,
    },
    /// All attempts of this matter are used.
    AttemptsUsedUp {
        /// Allowed attempts.
        max: i64,
    },
    /// The retry plan allows it later.
    NotYetDue {
        /// When the matter is due.
        next_at: Timestamp,
    },
    /// The matter is closed for a reason that calling cannot change.
    MatterClosed,
    /// Another agent holds this matter.
    NotYourLease {
        /// Its holder, if there is one.
        holder: Option<Holder>,
    },
    /// The lease ran out before the result was saved.
    LeaseExpired {
        /// When it ran out.
        at: Timestamp,
    },
    /// The agent already has an open call.
    CallOpen,
    /// The survey may not be done by the agent who registered the customer.
    RegisteredByYou,
    /// The role may not do this.
    Forbidden {
        /// What was asked.
        act: Permission,
    },
    /// The named row does not exist.
    NoSuchRow {
        /// Which kind of row, as a public word ("case").
        what: &'static str,
        /// The id as asked.
        id: String,
    },
    /// The row changed in the meantime or already is in another state.
    Conflict {
        /// Which kind of row.
        what: &'static str,
        /// The state it is in.
        state: String,
    },
    /// The doctor is taken at that time.
    DoctorBusy {
        /// When the doctor's clash begins.
        at: Timestamp,
    },
    /// The time lies outside the doctor's registered hours.
    OutsideShift,
    /// The doctor does not work in that department.
    WrongDepartment {
        /// The department asked for.
        department: Department,
    },
    /// The doctor's titles do not reach the programme's policy.
    DegreeTooLow {
        /// The titles as written.
        titles: String,
    },
    /// Longer than the programme allows.
    TooLong {
        /// Allowed minutes.
        max_minutes: i64,
    },
    /// Appointments start and last in multiples of 5 minutes.
    OffGrid {
        /// Granule in minutes.
        granule_minutes: i64,
    },
    /// The time lies in the past.
    InThePast,
    /// Outside the consultation window of the campaign.
    OutsideConsultationWindow {
        /// First instant.
        opens: Timestamp,
        /// Last instant.
        closes: Timestamp,
    },
    /// The handbook window is over.
    OutsideHandbookWindow {
        /// Last instant.
        closes: Timestamp,
    },
    /// The case is not in the state this step needs.
    CaseNotReady {
        /// The state it is in.
        state: String,
    },
    /// The problem needs acute treatment and is outside the offer: 115.
    AcuteProblem,
    /// The current checklist of red flags was not read out to its end.
    ScreeningMissing {
        /// The version to read out.
        version: i64,
    },
    /// It is read by who opened it.
    NotOpened {
        /// Which kind of thing, as a public word (`case`, `day`).
        what: &'static str,
    },
    /// A survey answer outside its scale.
    AnswerOutOfRange {
        /// Question code.
        question: String,
        /// Lowest answer.
        low: i64,
        /// Highest answer.
        high: i64,
    },
    /// An `at` on a real store, or an earlier `at` than the store has seen.
    ClockNotAllowed {
        /// The latest time the store has seen, on a simulated store.
        latest: Option<Timestamp>,
    },
    /// This disposition needs a note.
    NoteMissing(Disposition),
    /// A callback needs a promised time in the future.
    CallbackTimeMissing,
    /// The promise cannot be undone any more.
    UndoTooLate {
        /// How long an undo is possible, in seconds.
        within_seconds: i64,
    },
    /// Only who did something may take it back.
    DoneByAnother,
    /// The quota cannot go below what is taken.
    QuotaBelowTaken {
        /// Seats taken now.
        taken: i64,
    },
    /// No registration may go out to the hospital.
    NothingToHandOver {
        /// Returned rows that somebody has to answer first.
        returned: i64,
    },
    /// The task is another person's.
    NotYourTask {
        /// Who took it.
        owner: StaffId,
    },
    /// A task of this kind is closed by doing what it asks for, not by saying so.
    TaskNotDone {
        /// The kind's public code.
        kind: &'static str,
    },
    /// A campaign that cannot be used.
    CampaignInvalid {
        /// Everything that is wrong with it, each with its key.
        problems: Vec<Bilingual>,
    },
    /// The campaign is the one in force already.
    CampaignUnchanged {
        /// Its version.
        version: i64,
    },
    /// A window becomes shorter and the caller did not say that they know whom it touches.
    WindowShortened {
        /// Registrations outside the new windows.
        registrations: i64,
        /// Promised callbacks outside.
        promises: i64,
        /// Appointments outside.
        appointments: i64,
        /// Handbook links that name a later day.
        links: i64,
    },
    /// The same operation id was used for another command.
    OperationReused,
    /// A field is unusable: which one and why, as public codes.
    FieldInvalid {
        /// Field name in the JSON form.
        field: &'static str,
        /// Key of the reason under `refusal.field.*`.
        reason: &'static str,
    },
}

impl Refusal {
    /// The public code.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::QuotaFull { .. } => "quota_full",
            Self::RegistrationClosed { .. } => "registration_closed",
            Self::NotOnSmsList => "not_on_sms_list",
            Self::SmsNotReceived { .. } => "sms_not_received",
            Self::FacilityMissing => "facility_missing",
            Self::CallbackOutsideWindow { .. } => "callback_outside_window",
            Self::OnSmsList => "on_sms_list",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::NotEligible => "not_eligible",
            Self::PhoneInvalid(_) => "phone_invalid",
            Self::ConsentMissing => "consent_missing",
            Self::RepresentativeMissing => "representative_missing",
            Self::OptedOut { .. } => "opted_out",
            Self::DoNotCall => "do_not_call",
            Self::DoNotCallListStale { .. } => "do_not_call_list_stale",
            Self::OptInMissing => "opt_in_missing",
            Self::OutsideCallingHours { .. } => "outside_calling_hours",
            Self::CalledWithin24h { .. } => "called_within_24h",
            Self::SmsWithin24h { .. } => "sms_within_24h",
            Self::AttemptsUsedUp { .. } => "attempts_used_up",
            Self::NotYetDue { .. } => "not_yet_due",
            Self::MatterClosed => "matter_closed",
            Self::NotYourLease { .. } => "not_your_lease",
            Self::LeaseExpired { .. } => "lease_expired",
            Self::CallOpen => "call_open",
            Self::RegisteredByYou => "registered_by_you",
            Self::Forbidden { .. } => "forbidden",
            Self::NoSuchRow { .. } => "no_such_row",
            Self::Conflict { .. } => "conflict",
            Self::DoctorBusy { .. } => "doctor_busy",
            Self::OutsideShift => "outside_shift",
            Self::WrongDepartment { .. } => "wrong_department",
            Self::DegreeTooLow { .. } => "degree_too_low",
            Self::TooLong { .. } => "too_long",
            Self::OffGrid { .. } => "off_grid",
            Self::InThePast => "in_the_past",
            Self::OutsideConsultationWindow { .. } => "outside_consultation_window",
            Self::OutsideHandbookWindow { .. } => "outside_handbook_window",
            Self::CaseNotReady { .. } => "case_not_ready",
            Self::AcuteProblem => "acute_problem",
            Self::ScreeningMissing { .. } => "screening_missing",
            Self::NotOpened { .. } => "not_opened",
            Self::AnswerOutOfRange { .. } => "answer_out_of_range",
            Self::ClockNotAllowed { .. } => "clock_not_allowed",
            Self::NoteMissing(_) => "note_missing",
            Self::CallbackTimeMissing => "callback_time_missing",
            Self::UndoTooLate { .. } => "undo_too_late",
            Self::DoneByAnother => "done_by_another",
            Self::QuotaBelowTaken { .. } => "quota_below_taken",
            Self::NothingToHandOver { .. } => "nothing_to_hand_over",
            Self::NotYourTask { .. } => "not_your_task",
            Self::TaskNotDone { .. } => "task_not_done",
            Self::CampaignInvalid { .. } => "campaign_invalid",
            Self::CampaignUnchanged { .. } => "campaign_unchanged",
            Self::WindowShortened { .. } => "window_shortened",
            Self::OperationReused => "operation_reused",
            Self::FieldInvalid { .. } => "field_invalid",
        }
    }

    /// When a programme opens that has not begun; none for every other refusal.
    pub fn opens_later(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::RegistrationClosed { opens, .. } if now < *opens => Some(*opens),
            _ => None,
        }
    }

    /// The sentence for the user.
    pub fn message(&self, lang: Lang) -> String {
        self.sentence(self.which_message(), lang)
    }

    /// What to do about it.
    pub fn hint(&self, lang: Lang) -> String {
        self.sentence("hint", lang)
    }

    /// The key of the sentence: where a fact is absent a rule has a sentence of its own, instead of a gap or a code.
    fn which_message(&self) -> &'static str {
        let own = [
            (matches!(self, Self::NotYourLease { holder: None }), "message_nobody"),
            (
                matches!(self, Self::NotYourLease { holder: Some(Holder { name: None, .. }) }),
                "message_unnamed",
            ),
            (matches!(self, Self::DoNotCallListStale { as_of: None, .. }), "message_none"),
            (matches!(self, Self::ClockNotAllowed { latest: None }), "message_real"),
            (matches!(self, Self::Conflict { state, .. } if state == NEVER_AGREED), "message_never_agreed"),
        ];
        own.into_iter().find(|(applies, _)| *applies).map_or("message", |(_, key)| key)
    }

    /// The sentence with `%{name}` places filled from the facts.
    fn sentence(&self, part: &str, lang: Lang) -> String {
        let key = match self {
            // One rule, three situations: each is told in its own words.
            Self::AlreadyRegistered { held } => format!("refusal.{}.{}.{part}", self.rule(), held.code()),
            _ => format!("refusal.{}.{part}", self.rule()),
        };
        let mut text = t!(key, locale = lang.code()).into_owned();
        for (name, value) in self.facts(lang) {
            text = text.replace(&format!("%{{{name}}}"), &value);
        }
        text
    }

    fn facts(&self, lang: Lang) -> Vec<(&'static str, String)> {
        let span =
            |opens: &Timestamp, closes: &Timestamp| vec![("opens", opens.dmy()), ("closes", closes.dmy())];
        match self {
            Self::QuotaFull { quota } => vec![("quota", quota.to_string())],
            Self::RegistrationClosed { opens, closes }
            | Self::OutsideConsultationWindow { opens, closes } => span(opens, closes),
            Self::SmsNotReceived { sent_at } => vec![(
                "sent",
                sent_at.map_or_else(
                    || t!("word.no_sms_time", locale = lang.code()).into_owned(),
                    Timestamp::dmy_clock,
                ),
            )],
            Self::CallbackOutsideWindow { from, until } => span(from, until),
            Self::OutsideHandbookWindow { closes } => vec![("closes", closes.dmy())],
            Self::AlreadyRegistered { held } => vec![match held {
                Held::Seat(seat) => ("seat", seat.to_string()),
                Held::Position(position) => ("position", position.to_string()),
                Held::Nothing(since) => ("day", since.dmy()),
            }],
            Self::PhoneInvalid(error) => vec![("reason", error.sentence(lang))],
            Self::OptedOut { at } | Self::DoctorBusy { at } | Self::LeaseExpired { at } => {
                vec![("at", at.dmy_clock())]
            }
            Self::DoNotCallListStale { as_of, max_age_days } => vec![
                ("as_of", as_of.map_or_else(String::new, |d| d.format("%d/%m/%Y").to_string())),
                ("days", max_age_days.to_string()),
            ],
            Self::OutsideCallingHours { opens_minute, closes_minute, next_at } => {
                vec![
                    ("opens", hm(*opens_minute)),
                    ("closes", hm(*closes_minute)),
                    ("next", next_at.dmy_clock()),
                ]
            }
            Self::CalledWithin24h { next_at }
            | Self::SmsWithin24h { next_at }
            | Self::NotYetDue { next_at } => {
                vec![("next", next_at.dmy_clock())]
            }
            Self::AttemptsUsedUp { max } => vec![("max", max.to_string())],
            Self::NotYourLease { holder } => {
                let name = holder.as_ref().and_then(|holder| holder.name.clone());
                vec![("holder", name.unwrap_or_default())]
            }
            Self::Forbidden { act } => vec![("act", act.label(lang))],
            Self::NoSuchRow { what, id } => {
                vec![
                    ("what", t!(format!("word.{what}"), locale = lang.code()).into_owned()),
                    ("id", id.clone()),
                ]
            }
            Self::Conflict { what, state } => vec![
                ("what", t!(format!("word.{what}"), locale = lang.code()).into_owned()),
                ("state", t!(format!("state.{state}"), locale = lang.code()).into_owned()),
            ],
            Self::WrongDepartment { department } => vec![("department", department.label(lang))],
            Self::DegreeTooLow { titles } => vec![("titles", titles.clone())],
            Self::TooLong { max_minutes } => vec![("max", max_minutes.to_string())],
            Self::OffGrid { granule_minutes } => vec![("granule", granule_minutes.to_string())],
            Self::CaseNotReady { state } => {
                vec![("state", t!(format!("state.{state}"), locale = lang.code()).into_owned())]
            }
            Self::ScreeningMissing { version } => vec![("version", version.to_string())],
            Self::NotOpened { what } => {
                vec![("what", t!(format!("word.{what}"), locale = lang.code()).into_owned())]
            }
            Self::AnswerOutOfRange { question, low, high } => {
                vec![("question", question.clone()), ("low", low.to_string()), ("high", high.to_string())]
            }
            Self::ClockNotAllowed { latest } => {
                vec![("latest", latest.map_or_else(String::new, Timestamp::dmy_hm))]
            }
            Self::NoteMissing(disposition) => vec![("disposition", disposition.label(lang))],
            Self::UndoTooLate { within_seconds } => vec![("seconds", within_seconds.to_string())],
            Self::QuotaBelowTaken { taken } => vec![("taken", taken.to_string())],
            Self::NothingToHandOver { returned } => vec![("returned", returned.to_string())],
            Self::NotYourTask { owner } => vec![("owner", owner.to_string())],
            Self::TaskNotDone { kind } => {
                vec![("kind", t!(format!("task.kind.{kind}"), locale = lang.code()).into_owned())]
            }
            Self::CampaignInvalid { problems } => {
                let sentences: Vec<String> =
                    problems.iter().take(MOST_PROBLEMS).map(|problem| problem.get(lang).to_owned()).collect();
                vec![("problems", sentences.join("; "))]
            }
            Self::CampaignUnchanged { version } => vec![("version", version.to_string())],
            Self::WindowShortened { registrations, promises, appointments, links } => vec![
                ("registrations", registrations.to_string()),
                ("promises", promises.to_string()),
                ("appointments", appointments.to_string()),
                ("links", links.to_string()),
            ],
            Self::FieldInvalid { field, reason } => vec![
                ("field", t!(format!("field.{field}"), locale = lang.code()).into_owned()),
                ("reason", t!(format!("refusal.field.{reason}"), locale = lang.code()).into_owned()),
            ],
            Self::NotOnSmsList
            | Self::FacilityMissing
            | Self::OnSmsList
            | Self::NotEligible
            | Self::ConsentMissing
            | Self::RepresentativeMissing
            | Self::DoNotCall
            | Self::OptInMissing
            | Self::MatterClosed
            | Self::CallOpen
            | Self::RegisteredByYou
            | Self::OutsideShift
            | Self::InThePast
            | Self::AcuteProblem
            | Self::CallbackTimeMissing
            | Self::DoneByAnother
            | Self::OperationReused => Vec::new(),
        }
    }
}

/// `HH:mm` of a minute of the day.
fn hm(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
