//! What an agent records at the end of a call, as flagged data. Everything downstream (closing a
//! matter, the retry plan, opt-outs, reports) works from [`Flags`], never from single codes, so that a new
//! disposition is one row here.
//!
//! Invariant: a disposition leads to exactly one [`FollowUp`]. Deliberately absent: what is done about it; that
//! is the use case `record_call`.

use super::contact::Purpose;
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
    /// Another person than the subscriber, who cannot be reached here.
    WrongPerson,
    /// The number does not exist.
    InvalidNumber,
    /// A child answered.
    ChildAnswered,
    /// No common language.
    Language,
    /// A complaint, for a supervisor.
    Complaint,
    /// The lease ran out before a result was saved: the telephone may have rung. Nobody chooses it; the agent's own
    /// result replaces it.
    NotRecorded,
}

/// What reports and follow-ups work from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// A person answered: the contact rate counts these.
    pub human_answered: bool,
    /// Uses up one of the matter's attempts.
    pub counts_as_attempt: bool,
    /// The customer's telephone rang (or was engaged): rule T3 counts these for 24 hours.
    pub rang: bool,
    /// The matter is closed.
    pub is_final: bool,
    /// Needs a note.
    pub needs_note: bool,
    /// Opts the number out, at once and for good.
    pub opts_out: bool,
    /// Needs a promised time.
    pub needs_callback_time: bool,
    /// Goes back to the queue by the retry plan.
    pub retry: bool,
    /// Waits for a supervisor.
    pub to_supervisor: bool,
    /// What the call was made for came about.
    pub success: bool,
}

/// What becomes of the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// Nothing more to call about.
    Close,
    /// Back to the queue by the retry plan.
    Retry,
    /// Due at the promised time.
    Promise,
    /// Held until a supervisor has looked.
    Supervisor,
}

/// One line of the result menu: a disposition and the digit that records it. Those without a digit stand under
/// `0` "other".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What is recorded.
    pub disposition: Disposition,
    /// `1`–`9`, or none.
    pub digit: Option<char>,
}

const UNANSWERED: Flags = Flags {
    human_answered: false,
    counts_as_attempt: true,
    rang: true,
    is_final: false,
    needs_note: false,
    opts_out: false,
    needs_callback_time: false,
    retry: true,
    to_supervisor: false,
    success: false,
};
const ANSWERED: Flags = Flags { human_answered: true, ..UNANSWERED };
const ANSWERED_FINAL: Flags = Flags { is_final: true, retry: false, ..ANSWERED };

impl Disposition {
    /// Every disposition.
    pub const ALL: [Self; 17] = [
        Self::Agreed,
        Self::Considering,
        Self::Callback,
        Self::Declined,
        Self::DoNotCall,
        Self::NotEligible,
        Self::AlreadyRegistered,
        Self::NoAnswer,
        Self::Busy,
        Self::Unreachable,
        Self::HungUp,
        Self::WrongPerson,
        Self::InvalidNumber,
        Self::ChildAnswered,
        Self::Language,
        Self::Complaint,
        Self::NotRecorded,
    ];

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
            Self::NotRecorded => "not_recorded",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.code() == code)
    }

    /// The name on screen.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("disposition.{}", self.code()), locale = lang.code()).into_owned()
    }

    /// The name on screen in a call of this purpose: "agreed" means another thing in a survey than in an offer.
    pub fn label_for(self, purpose: Purpose, lang: Lang) -> String {
        match (self, purpose) {
            (Self::Agreed | Self::Declined, Purpose::Intake | Purpose::Survey) => {
                t!(format!("disposition.{}.{}", purpose.code(), self.code()), locale = lang.code())
                    .into_owned()
            }
            _ => self.label(lang),
        }
    }

    /// What this disposition means, as data.
    pub const fn flags(self) -> Flags {
        match self {
            Self::Agreed => Flags { success: true, ..ANSWERED_FINAL },
            Self::Considering | Self::HungUp | Self::ChildAnswered => ANSWERED,
            Self::Callback => Flags { needs_callback_time: true, retry: false, ..ANSWERED },
            Self::Declined | Self::NotEligible | Self::AlreadyRegistered | Self::WrongPerson => {
                ANSWERED_FINAL
            }
            Self::DoNotCall => Flags { opts_out: true, ..ANSWERED_FINAL },
            Self::NoAnswer | Self::Busy | Self::NotRecorded => UNANSWERED,
            Self::Unreachable => Flags { rang: false, ..UNANSWERED },
            Self::InvalidNumber => Flags { rang: false, is_final: true, retry: false, ..UNANSWERED },
            Self::Language => Flags { needs_note: true, ..ANSWERED_FINAL },
            Self::Complaint => Flags { to_supervisor: true, retry: false, ..ANSWERED },
        }
    }

    /// What becomes of the matter.
    pub const fn follow_up(self) -> FollowUp {
        let flags = self.flags();
        if flags.to_supervisor {
            FollowUp::Supervisor
        } else if flags.needs_callback_time {
            FollowUp::Promise
        } else if flags.retry {
            FollowUp::Retry
        } else {
            FollowUp::Close
        }
    }

    /// The result menu of a call of this purpose, digits first.
    pub const fn menu(purpose: Purpose) -> &'static [Choice] {
        match purpose {
            Purpose::Offer => OFFER_MENU,
            Purpose::Intake | Purpose::Survey => SERVICE_MENU,
        }
    }

    /// Whether a call of this purpose can end this way.
    pub fn is_offered(self, purpose: Purpose) -> bool {
        Self::menu(purpose).iter().any(|choice| choice.disposition == self)
    }

    /// The disposition a digit records in a call of this purpose.
    pub fn by_digit(purpose: Purpose, digit: char) -> Option<Self> {
        Self::menu(purpose).iter().find(|choice| choice.digit == Some(digit)).map(|choice| choice.disposition)
    }

    /// The digit that records this disposition in a call of this purpose.
    pub fn digit(self, purpose: Purpose) -> Option<char> {
        Self::menu(purpose).iter().find(|choice| choice.disposition == self).and_then(|choice| choice.digit)
    }
}

const fn on(digit: char, disposition: Disposition) -> Choice {
    Choice { disposition, digit: Some(digit) }
}

const fn under_other(disposition: Disposition) -> Choice {
    Choice { disposition, digit: None }
}

/// One digit means one thing in every kind of call; the service calls leave out what cannot happen there.
const OFFER_MENU: &[Choice] = &[
    on('1', Disposition::Agreed),
    on('2', Disposition::Considering),
    on('3', Disposition::Callback),
    on('4', Disposition::Declined),
    on('5', Disposition::NoAnswer),
    on('6', Disposition::Busy),
    on('7', Disposition::Unreachable),
    on('8', Disposition::InvalidNumber),
    on('9', Disposition::DoNotCall),
    under_other(Disposition::HungUp),
    under_other(Disposition::WrongPerson),
    under_other(Disposition::ChildAnswered),
    under_other(Disposition::NotEligible),
    under_other(Disposition::AlreadyRegistered),
    under_other(Disposition::Language),
    under_other(Disposition::Complaint),
];
const SERVICE_MENU: &[Choice] = &[
    on('1', Disposition::Agreed),
    on('3', Disposition::Callback),
    on('4', Disposition::Declined),
    on('5', Disposition::NoAnswer),
    on('6', Disposition::Busy),
    on('7', Disposition::Unreachable),
    on('8', Disposition::InvalidNumber),
    on('9', Disposition::DoNotCall),
    under_other(Disposition::HungUp),
    under_other(Disposition::WrongPerson),
    under_other(Disposition::ChildAnswered),
    under_other(Disposition::Language),
    under_other(Disposition::Complaint),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_reads_back_and_equals_its_json_form() {
        for disposition in Disposition::ALL {
            assert_eq!(Disposition::parse(disposition.code()), Some(disposition));
            assert_eq!(serde_json::to_string(&disposition).unwrap(), format!("\"{}\"", disposition.code()));
        }
        assert_eq!(Disposition::parse("Agreed"), None);
    }

    #[test]
    fn every_disposition_leads_to_exactly_one_follow_up() {
        for disposition in Disposition::ALL {
            let f = disposition.flags();
            let ways = [f.is_final, f.retry, f.needs_callback_time, f.to_supervisor];
            assert_eq!(ways.iter().filter(|w| **w).count(), 1, "{disposition:?}");
            assert!(!f.human_answered || f.rang, "{disposition:?}: who answers was rung");
            assert!(!f.opts_out || f.is_final, "{disposition:?}");
        }
    }

    #[test]
    fn follow_ups_are_those_of_the_rules() {
        use Disposition::*;
        let by =
            |wanted| Disposition::ALL.into_iter().filter(|d| d.follow_up() == wanted).collect::<Vec<_>>();
        assert_eq!(
            by(FollowUp::Retry),
            [Considering, NoAnswer, Busy, Unreachable, HungUp, ChildAnswered, NotRecorded]
        );
        assert_eq!(by(FollowUp::Promise), [Callback]);
        assert_eq!(by(FollowUp::Supervisor), [Complaint]);
        assert_eq!(by(FollowUp::Close).len(), 8);
    }

    #[test]
    fn only_a_request_not_to_call_opts_out_and_only_language_needs_a_note() {
        let with = |flag: fn(Flags) -> bool| {
            Disposition::ALL.into_iter().filter(|d| flag(d.flags())).collect::<Vec<_>>()
        };
        assert_eq!(with(|f| f.opts_out), [Disposition::DoNotCall]);
        assert_eq!(with(|f| f.needs_note), [Disposition::Language]);
        assert_eq!(with(|f| f.success), [Disposition::Agreed]);
    }

    #[test]
    fn a_digit_means_the_same_in_every_kind_of_call() {
        for purpose in Purpose::ALL {
            let digits: Vec<char> = Disposition::menu(purpose).iter().filter_map(|c| c.digit).collect();
            assert_eq!(digits.iter().collect::<HashSet<_>>().len(), digits.len());
            for digit in digits {
                let here = Disposition::by_digit(purpose, digit).unwrap();
                assert_eq!(here.digit(purpose), Some(digit));
                assert_eq!(Disposition::by_digit(Purpose::Offer, digit), Some(here));
            }
        }
    }

    #[test]
    fn an_offer_can_end_in_every_way_and_a_survey_cannot_end_in_considering() {
        // What nobody recorded is nobody's choice.
        let chosen = Disposition::ALL.into_iter().filter(|d| *d != Disposition::NotRecorded);
        assert!(chosen.into_iter().all(|d| d.is_offered(Purpose::Offer)));
        assert!(Purpose::ALL.into_iter().all(|purpose| !Disposition::NotRecorded.is_offered(purpose)));
        assert!(!Disposition::Considering.is_offered(Purpose::Survey));
        assert!(!Disposition::AlreadyRegistered.is_offered(Purpose::Intake));
    }
}
