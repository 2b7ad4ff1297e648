//! The states of a fanpage lead, from a comment to a registration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state of a fanpage lead. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadState {
    /// A comment without an answer.
    Commented,
    /// The inbox message with notice and consent text was sent.
    Messaged,
    /// The customer gave their details.
    DetailsGiven,
    /// The registration is done.
    Registered,
    /// Closed without a registration.
    Dropped,
}

impl LeadState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Commented, Self::Messaged, Self::DetailsGiven, Self::Registered, Self::Dropped];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Commented => "commented",
            Self::Messaged => "messaged",
            Self::DetailsGiven => "details_given",
            Self::Registered => "registered",
            Self::Dropped => "dropped",
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
        for state in LeadState::ALL {
            assert_eq!(LeadState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
    }
}
