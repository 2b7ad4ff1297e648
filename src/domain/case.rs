//! Vinmec's case: one accepted registration on its way to the consultation.
//!
//! Invariant: a case that ended never changes again.
//!
//! Deliberately absent: health text, which the store keeps in columns of its own.

use super::lang::Lang;
use super::refusal::Refusal;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a case stands. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Accepted from a batch; nobody has spoken with the customer.
    New,
    /// Spoken with, not yet routed.
    Contacted,
    /// Need taken, no red flag, department chosen.
    Triaged,
    /// An appointment stands.
    Booked,
    /// The consultation took place.
    Consulted,
    /// The customer or the doctor did not come; may be booked again.
    NoShow,
    /// The customer does not want it any more.
    Withdrawn,
    /// Acute: sent to 115.
    #[serde(rename = "diverted_115")]
    Diverted115,
    /// All attempts used; the customer may still call.
    Unreachable,
}

/// What a campaign wants of the seat of a customer who declined at Vinmec or could not be reached there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatOfUnfinished {
    /// The first on the waitlist gets it.
    #[default]
    Free,
    /// It stays, and 9090 decides.
    Return,
}

impl CaseState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::New,
        Self::Contacted,
        Self::Triaged,
        Self::Booked,
        Self::Consulted,
        Self::NoShow,
        Self::Withdrawn,
        Self::Diverted115,
        Self::Unreachable,
    ];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Contacted => "contacted",
            Self::Triaged => "triaged",
            Self::Booked => "booked",
            Self::Consulted => "consulted",
            Self::NoShow => "no_show",
            Self::Withdrawn => "withdrawn",
            Self::Diverted115 => "diverted_115",
            Self::Unreachable => "unreachable",
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

    /// Whether the case ended for good.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Consulted | Self::Withdrawn | Self::Diverted115)
    }

    /// Whether the next state is a step of the programme. A booked case goes back to `triaged` when its
    /// appointment is cancelled; someone who could not be reached may call and be triaged.
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::New => matches!(
                next,
                Self::Contacted | Self::Triaged | Self::Withdrawn | Self::Diverted115 | Self::Unreachable
            ),
            Self::Contacted => {
                matches!(next, Self::Triaged | Self::Withdrawn | Self::Diverted115 | Self::Unreachable)
            }
            Self::Triaged => matches!(
                next,
                Self::Triaged | Self::Booked | Self::Withdrawn | Self::Diverted115 | Self::Unreachable
            ),
            Self::Booked => matches!(
                next,
                Self::Triaged
                    | Self::Booked
                    | Self::Consulted
                    | Self::NoShow
                    | Self::Withdrawn
                    | Self::Diverted115
            ),
            Self::NoShow => matches!(
                next,
                Self::Triaged | Self::Booked | Self::Withdrawn | Self::Diverted115 | Self::Unreachable
            ),
            Self::Unreachable => {
                matches!(next, Self::Contacted | Self::Triaged | Self::Withdrawn | Self::Diverted115)
            }
            Self::Consulted | Self::Withdrawn | Self::Diverted115 => false,
        }
    }

    /// Takes the step.
    ///
    /// # Errors
    /// [`Refusal::CaseNotReady`] with the state the case is in.
    pub fn become_state(self, next: Self) -> Result<Self, Refusal> {
        if self.may_become(next) {
            Ok(next)
        } else {
            Err(Refusal::CaseNotReady { state: self.code().to_owned() })
        }
    }

    /// The code for who may not know how a case ended.
    pub const fn outside_code(self) -> &'static str {
        match self {
            Self::Withdrawn | Self::Diverted115 | Self::Unreachable => "ended_at_vinmec",
            Self::New | Self::Contacted | Self::Triaged | Self::Booked | Self::Consulted | Self::NoShow => {
                self.code()
            }
        }
    }

    /// Whether an appointment may be booked.
    pub const fn is_bookable(self) -> bool {
        matches!(self, Self::Triaged | Self::NoShow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_equal_their_json_form() {
        for state in CaseState::ALL {
            assert_eq!(CaseState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
    }

    #[test]
    fn a_case_that_ended_never_moves_again() {
        for state in CaseState::ALL {
            let moves = CaseState::ALL.into_iter().any(|next| state.may_become(next));
            assert_eq!(moves, !state.is_final(), "{state:?}");
        }
    }

    #[test]
    fn the_way_of_the_programme_is_open() {
        use CaseState::*;
        let way = [New, Contacted, Triaged, Booked, NoShow, Booked, Consulted];
        for pair in way.windows(2) {
            assert_eq!(pair[0].become_state(pair[1]), Ok(pair[1]));
        }
    }

    #[test]
    fn nobody_is_booked_before_triage_or_consulted_before_a_booking() {
        use CaseState::*;
        for (from, to) in [(New, Booked), (Contacted, Booked), (Triaged, Consulted), (Diverted115, Booked)] {
            assert_eq!(from.become_state(to), Err(Refusal::CaseNotReady { state: from.code().to_owned() }));
        }
    }

    #[test]
    fn an_acute_problem_can_divert_every_open_case() {
        for state in CaseState::ALL {
            assert_eq!(state.may_become(CaseState::Diverted115), !state.is_final());
        }
    }
}
