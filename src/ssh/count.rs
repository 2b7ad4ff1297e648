//! Counts sessions by end reason, and refused connections, logins and requests by reason, for the metrics.
//!
//! Invariant: every label is one of this program's own codes, never a client's text, so that their number is bounded.

use super::close_reason::{CloseReason, ConnectionError};
use super::registry::EndReason;
use crate::store::tally::Counts;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counters of one server.
#[derive(Debug, Default)]
pub struct Count {
    /// Sessions that began.
    begun: AtomicU64,
    /// Sessions that ended, by [`EndReason::code`].
    pub ended: Counts<&'static str>,
    /// Connections that ended before they had a session, by reason.
    pub refused: Counts<&'static str>,
    /// Attempts to sign in that were refused: method and reason.
    pub logins: Counts<(&'static str, &'static str)>,
    /// Requests that were refused: commands, forwarding and the like.
    pub requests: Counts<&'static str>,
}

impl Count {
    /// A session begins.
    pub fn begin(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    /// Sessions that began so far.
    pub fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// A session ended.
    pub fn end(&self, why: EndReason) {
        self.ended.add(why.code());
    }

    /// A connection ended in this way before it had a session.
    pub fn refuse(&self, outcome: &Result<(), ConnectionError>) {
        self.refused.add(match outcome {
            Ok(()) => "left",
            Err(ConnectionError::Attempts) => "attempts",
            Err(trouble) => match trouble.close_reason() {
                CloseReason::Cut => "pushed_out",
                CloseReason::Closed | CloseReason::Lost => "lost",
                CloseReason::Broken => "protocol",
            },
        });
    }
}
