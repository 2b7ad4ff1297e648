//! What a person was typing when their session ended, as plain data.

use crate::domain::id::MatterId;
use crate::domain::time::Timestamp;
use serde::Serialize;
use std::fmt;

/// One form that was not sent.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DraftLine {
    /// Which form: `matter:17`, `case:3`, `phone:+84…`.
    pub form: String,
    /// What was typed, as the screen that kept it writes it.
    pub body: String,
    /// When it was kept.
    pub at: Timestamp,
}

/// Shows nothing that was typed.
impl fmt::Debug for DraftLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DraftLine").field("at", &self.at).finish_non_exhaustive()
    }
}

/// What can be taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drafts {
    /// Newest first.
    pub drafts: Vec<DraftLine>,
    /// The matter of the call that is still open.
    pub open: Option<MatterId>,
}
