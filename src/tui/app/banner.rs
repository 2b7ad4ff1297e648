//! What was said to everybody, as it waits to be read.

use crate::domain::time::Timestamp;

/// One sentence for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Banner {
    pub(super) from: String,
    pub(super) at: Timestamp,
    pub(super) text: String,
}
