//! One broadcast that waits to be read.

use crate::domain::time::Timestamp;

/// A broadcast of a supervisor to all sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Banner {
    pub(super) from: String,
    pub(super) at: Timestamp,
    pub(super) text: String,
}
