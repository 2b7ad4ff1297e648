//! The states of a registration: with 9090, in the hand-over to Vinmec, and in a batch.

use super::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state of a registration with 9090. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationState {
    /// It holds a seat.
    Registered,
    /// It holds a place on the waitlist.
    Waitlisted,
    /// It ended.
    Cancelled,
}

impl RegistrationState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Registered, Self::Waitlisted, Self::Cancelled];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Waitlisted => "waitlisted",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What the one registration of a customer holds. A registration's own number is none of these: read out, it would be
/// taken for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// A seat, by its number.
    Seat(i64),
    /// A position on the waitlist; 1 is next.
    Position(i64),
    /// Nothing since then: it is cancelled.
    Nothing(Timestamp),
}

impl Held {
    /// The code of its sentences.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Seat(_) => "seat",
            Self::Position(_) => "position",
            Self::Nothing(_) => "nothing",
        }
    }
}

/// The state of a registration in the hand-over to Vinmec. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandOverState {
    /// In no batch yet.
    Waiting,
    /// In a batch that Vinmec has not answered.
    Sent,
    /// Accepted: it has a case.
    Accepted,
    /// Returned; it goes into the next batch.
    Returned,
}

impl HandOverState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Accepted, Self::Returned];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Vinmec's answer to one row of a batch. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchRowState {
    /// No answer yet.
    Sent,
    /// Accepted.
    Accepted,
    /// Returned with a reason.
    Returned,
}

impl BatchRowState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Sent, Self::Accepted, Self::Returned];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_equal_their_json_form() {
        for state in RegistrationState::ALL {
            assert_eq!(RegistrationState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
        for state in HandOverState::ALL {
            assert_eq!(HandOverState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
        for state in BatchRowState::ALL {
            assert_eq!(BatchRowState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
    }
}
