//! The only place that reads the clock.

use crate::domain::time::Timestamp;

/// Now, by the machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is the one reader of the clock")]
pub fn now() -> Timestamp {
    Timestamp(chrono::Utc::now().timestamp_millis())
}
