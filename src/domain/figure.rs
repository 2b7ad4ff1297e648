//! Figures with people behind them: every count that can be opened as a list, and who may open it.
//!
//! Invariants:
//! - who is called from a list and what came of it is MobiFone's, what happens to a case is Vinmec's; a figure that
//!   both count (a hand-over) is a list for both;
//! - that a case is over at Vinmec is one figure for MobiFone, whatever ended it.

use super::actor::Permission;
use super::case::CaseState;
use super::disposition::Disposition;
use super::id::StaffId;
use super::lang::Lang;
use super::survey::SurveyState;
use chrono::NaiveDate;
use rust_i18n::t;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;

/// The reasons for which offers are held. Those without their message are a figure of their own in the funnel.
pub const HELD_FOR: [&str; 4] = ["opt_in_missing", "do_not_call", "sms_not_received", "supervisor"];
/// The states of a message in the outbox.
pub const SMS_STATES: [&str; 5] = ["queued", "leased", "sent", "delivered", "failed"];

/// A figure. JSON form: its code, with its part behind a colon: `list`, `held:do_not_call`, `case:new`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// Customers on active lists.
    List,
    /// Open offers that were never called.
    NotCalled,
    /// Offers in the queue, due or not.
    Waiting,
    /// Those that are due now.
    Due,
    /// Those that are due later.
    Later,
    /// Offers that are held for another reason than a message that was not received.
    Held,
    /// Offers that are held for this reason, one of [`HELD_FOR`].
    HeldFor(&'static str),
    /// Customers who were called with an offer.
    Called,
    /// Called offers that wait for another attempt.
    Retry,
    /// Customers who answered an offer.
    Reached,
    /// Promised callbacks of offers.
    Promised,
    /// Those past their time.
    Overdue,
    /// Offer calls that ended so.
    Ended(Disposition),
    /// Registrations with a seat.
    Seated,
    /// The waitlist.
    Waitlisted,
    /// Registrations that were cancelled before Vinmec accepted them.
    Cancelled,
    /// Registrations with a seat that Vinmec has not accepted, wherever they wait.
    NotAccepted,
    /// Those of them that were not sent yet.
    ToHandOver,
    /// Rows of batches that Vinmec has not answered.
    Unacknowledged,
    /// Registrations that it returned.
    Returned,
    /// Registrations that it accepted.
    Accepted,
    /// Cases that are over at Vinmec without a consultation.
    EndedAtVinmec,
    /// Cases that have no appointment yet.
    ToBook,
    /// Cases that had an appointment: booked, missed or consulted.
    Booked,
    /// Cases in a state.
    Case(CaseState),
    /// Consultations without a survey, for want of consent.
    NoSurvey,
    /// Consultations that were longer than the programme allows.
    OverLimit,
    /// Surveys in a state.
    Survey(SurveyState),
    /// Messages in a state, one of [`SMS_STATES`].
    Sms(&'static str),
    /// All of 9090's calls today.
    CallsToday,
    /// A staff member's calls today.
    CallsOf(StaffId),
    /// Those of them that a person answered.
    AnsweredOf(StaffId),
    /// A staff member's registrations today.
    RegisteredBy(StaffId),
}

impl Figure {
    /// The figures without a part.
    const PLAIN: [Self; 24] = [
        Self::List,
        Self::NotCalled,
        Self::Waiting,
        Self::Due,
        Self::Later,
        Self::Held,
        Self::Called,
        Self::Retry,
        Self::Reached,
        Self::Promised,
        Self::Overdue,
        Self::Seated,
        Self::Waitlisted,
        Self::Cancelled,
        Self::NotAccepted,
        Self::ToHandOver,
        Self::Unacknowledged,
        Self::Returned,
        Self::Accepted,
        Self::EndedAtVinmec,
        Self::ToBook,
        Self::Booked,
        Self::NoSurvey,
        Self::OverLimit,
    ];

    /// Every figure, those of staff for `staff`.
    pub fn every(staff: &StaffId) -> Vec<Self> {
        let mut all = Self::PLAIN.to_vec();
        all.extend(HELD_FOR.map(Self::HeldFor));
        all.extend(Disposition::ALL.map(Self::Ended));
        all.extend(CaseState::ALL.map(Self::Case));
        all.extend(SurveyState::ALL.map(Self::Survey));
        all.extend(SMS_STATES.map(Self::Sms));
        all.push(Self::CallsToday);
        all.extend([Self::CallsOf, Self::AnsweredOf, Self::RegisteredBy].map(|of| of(staff.clone())));
        all
    }

    /// Its name and its part.
    const fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::List => ("list", None),
            Self::NotCalled => ("not_called", None),
            Self::Waiting => ("waiting", None),
            Self::Due => ("due", None),
            Self::Later => ("later", None),
            Self::Held => ("held", None),
            Self::HeldFor(reason) => ("held", Some(reason)),
            Self::Called => ("called", None),
            Self::Retry => ("retry", None),
            Self::Reached => ("reached", None),
            Self::Promised => ("promised", None),
            Self::Overdue => ("overdue", None),
            Self::Ended(disposition) => ("ended", Some(disposition.code())),
            Self::Seated => ("seated", None),
            Self::Waitlisted => ("waitlisted", None),
            Self::Cancelled => ("cancelled", None),
            Self::NotAccepted => ("not_accepted", None),
            Self::ToHandOver => ("to_hand_over", None),
            Self::Unacknowledged => ("unacknowledged", None),
            Self::Returned => ("returned", None),
            Self::Accepted => ("accepted", None),
            Self::EndedAtVinmec => ("ended_at_vinmec", None),
            Self::ToBook => ("to_book", None),
            Self::Booked => ("booked", None),
            Self::Case(state) => ("case", Some(state.code())),
            Self::NoSurvey => ("no_survey", None),
            Self::OverLimit => ("over_limit", None),
            Self::Survey(state) => ("survey", Some(state.code())),
            Self::Sms(state) => ("sms", Some(state)),
            Self::CallsToday => ("calls", None),
            Self::CallsOf(staff) => ("calls", Some(staff.0.as_str())),
            Self::AnsweredOf(staff) => ("answered", Some(staff.0.as_str())),
            Self::RegisteredBy(staff) => ("registered_by", Some(staff.0.as_str())),
        }
    }

    /// The public code.
    pub fn code(&self) -> String {
        let (name, part) = self.parts();
        part.map_or_else(|| name.to_owned(), |part| format!("{name}:{part}"))
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        let staff = code.split_once(':').map(|(_, part)| part).filter(|part| !part.is_empty());
        Self::every(&StaffId(staff.unwrap_or_default().to_owned()))
            .into_iter()
            .find(|figure| figure.code() == code && (figure.staff().is_none() || staff.is_some()))
    }

    /// The staff member whose figure it is.
    pub const fn staff(&self) -> Option<&StaffId> {
        if let Self::CallsOf(staff) | Self::AnsweredOf(staff) | Self::RegisteredBy(staff) = self {
            Some(staff)
        } else {
            None
        }
    }

    /// The name people see; a staff member is called `who`, or by their login.
    pub fn label(&self, who: Option<&str>, lang: Lang) -> String {
        let (name, part) = self.parts();
        // The key `figure.sms` holds the states of messages.
        let name = if matches!(self, Self::Sms(_)) { "messages" } else { name };
        let label = t!(format!("figure.{name}"), locale = lang.code()).into_owned();
        let words = |part: &str| {
            if self.staff().is_some() { who.unwrap_or(part).to_owned() } else { self.part_label(part, lang) }
        };
        part.map(words).map_or_else(|| label.clone(), |part| format!("{label}: {part}"))
    }

    fn part_label(&self, part: &str, lang: Lang) -> String {
        let is_state = matches!(self, Self::Case(_) | Self::Survey(_));
        let area = if is_state { "state" } else { "figure.sms" };
        if is_state || matches!(self, Self::Sms(_)) {
            t!(format!("{area}.{part}"), locale = lang.code()).into_owned()
        } else {
            self.detail(part, lang)
        }
    }

    /// What stands beside a person of its list, in words: a result, a reason, a department. What is no public code there
    /// is a reason that was typed or a name, and stays.
    pub fn detail(&self, detail: &str, lang: Lang) -> String {
        let area = match self {
            Self::Held | Self::HeldFor(_) => "call.held",
            Self::Called
            | Self::Reached
            | Self::Ended(_)
            | Self::CallsToday
            | Self::CallsOf(_)
            | Self::AnsweredOf(_) => "disposition",
            Self::ToBook | Self::Booked | Self::Case(_) | Self::NoSurvey => "department",
            Self::List
            | Self::NotCalled
            | Self::Waiting
            | Self::Due
            | Self::Later
            | Self::Retry
            | Self::Promised
            | Self::Overdue
            | Self::Seated
            | Self::Waitlisted
            | Self::Cancelled
            | Self::NotAccepted
            | Self::ToHandOver
            | Self::Unacknowledged
            | Self::Returned
            | Self::Accepted
            | Self::EndedAtVinmec
            | Self::OverLimit
            | Self::Survey(_)
            | Self::Sms(_)
            | Self::RegisteredBy(_) => "figure.reason",
        };
        let key = format!("{area}.{detail}");
        let text = t!(key.as_str(), locale = lang.code()).into_owned();
        if text.ends_with(&key) { detail.to_owned() } else { text }
    }

    /// A name for the file of its list: `ended-declined-2026-12-02.xlsx`.
    pub fn file_name(&self, day: NaiveDate) -> String {
        format!("{}-{day}.xlsx", self.code().replace(':', "-"))
    }

    /// The permissions that open its list, all of them.
    pub const fn needs(&self) -> &'static [Permission] {
        match self {
            Self::List
            | Self::NotCalled
            | Self::Waiting
            | Self::Due
            | Self::Later
            | Self::Held
            | Self::HeldFor(_)
            | Self::Called
            | Self::Retry
            | Self::Reached
            | Self::Promised
            | Self::Overdue
            | Self::Ended(_)
            | Self::Seated
            | Self::Waitlisted
            | Self::Cancelled
            | Self::NotAccepted
            | Self::ToHandOver
            | Self::EndedAtVinmec
            | Self::Survey(_)
            | Self::Sms(_) => &[Permission::SeeCustomers],
            Self::CallsToday | Self::CallsOf(_) | Self::AnsweredOf(_) | Self::RegisteredBy(_) => {
                &[Permission::SeeCustomers, Permission::SeeAgents]
            }
            Self::Unacknowledged | Self::Returned | Self::Accepted => &[Permission::SeeBatches],
            Self::ToBook | Self::Booked | Self::Case(_) | Self::NoSurvey | Self::OverLimit => {
                &[Permission::SeeCases]
            }
        }
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.code())
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| de::Error::custom(format!("unknown figure {code}")))
    }
}

impl JsonSchema for Figure {
    fn schema_name() -> Cow<'static, str> {
        "Figure".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;

    fn every() -> Vec<Figure> {
        Figure::every(&StaffId("lan".to_owned()))
    }

    #[test]
    fn codes_read_back_and_equal_their_json_form() {
        for figure in every() {
            assert_eq!(Figure::parse(&figure.code()), Some(figure.clone()));
            assert_eq!(serde_json::to_string(&figure).unwrap(), format!("\"{}\"", figure.code()));
        }
        for wrong in
            ["", "lists", "held:", "held:lan", "case:new:", "list:x", "ended:best", "answered:", "sms"]
        {
            assert_eq!(Figure::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_figure_has_its_words() {
        for figure in every() {
            for lang in [Lang::Vi, Lang::En] {
                let label = figure.label(None, lang);
                assert!(!label.contains("figure.") && !label.contains('_'), "{label}");
            }
        }
        assert_eq!(Figure::Cancelled.detail("khách đổi ý", Lang::Vi), "khách đổi ý");
        assert_eq!(
            Figure::HeldFor("do_not_call").detail("do_not_call", Lang::Vi),
            "danh sách không quảng cáo"
        );
        let calls = Figure::CallsOf(StaffId("lan".to_owned()));
        assert!(calls.label(Some("Lan"), Lang::Vi).ends_with(": Lan"));
    }

    #[test]
    fn no_list_of_calls_is_open_to_vinmec_and_no_list_of_cases_to_mobifone() {
        let opens = |role: Role, figure: &Figure| figure.needs().iter().all(|act| role.may(*act));
        for figure in every() {
            for role in Role::ALL.into_iter().filter(|role| opens(*role, &figure)) {
                match figure {
                    Figure::Case(_)
                    | Figure::ToBook
                    | Figure::Booked
                    | Figure::NoSurvey
                    | Figure::OverLimit => assert!(role.is_vinmec(), "{figure:?} {role:?}"),
                    Figure::Unacknowledged | Figure::Returned | Figure::Accepted => {}
                    _ => assert!(!role.is_vinmec(), "{figure:?} {role:?}"),
                }
            }
            assert!(!opens(Role::Auditor, &figure), "counts, and nobody by name: {figure:?}");
        }
        let colleague = Figure::CallsOf(StaffId("lan".to_owned()));
        assert!(!opens(Role::Agent, &colleague) && opens(Role::Supervisor, &colleague));
    }
}
