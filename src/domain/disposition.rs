//! What an agent records at the end of a call (RULES §8).

use super::lang::Lang;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The result of one call attempt. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Offer: wants to register. Intake: the need was taken. Survey: answered.
    Agreed,
    /// Wants to think about it.
    Considering,
    /// Asked to be called at a promised time; that request is the agreement of rule T5.
    Callback,
    /// Does not want to take part.
    Declined,
    /// Asked never to be called again (T10).
    DoNotCall,
    /// Does not meet the conditions.
    NotEligible,
    /// Has a registration already.
    AlreadyRegistered,
    /// Rang, nobody picked up.
    NoAnswer,
    /// The line was engaged.
    Busy,
    /// Switched off or out of coverage.
    Unreachable,
    /// Hung up in the middle.
    HungUp,
    /// Somebody other than the subscriber, who is not to be reached here.
    WrongPerson,
    /// The number does not exist.
    InvalidNumber,
    /// A child answered.
    ChildAnswered,
    /// No common language.
    Language,
    /// A complaint, for a supervisor.
    Complaint,
}

impl Disposition {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Considering => "considering",
            Self::Callback => "callback",
            Self::Declined => "declined",
            Self::DoNotCall => "do_not_call",
            Self::NotEligible => "not_eligible",
            Self::AlreadyRegistered => "already_registered",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::HungUp => "hung_up",
            Self::WrongPerson => "wrong_person",
            Self::InvalidNumber => "invalid_number",
            Self::ChildAnswered => "child_answered",
            Self::Language => "language",
            Self::Complaint => "complaint",
        }
    }

    /// The words on screen.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("disposition.{}", self.code()), locale = lang.code()).into_owned()
    }
}
