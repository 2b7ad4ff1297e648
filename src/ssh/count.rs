//! What the door counts: sessions by how they ended, and what was refused, by why. Read by whoever watches the
//! house.
//!
//! Invariant: the words counted are this program's own, never a client's, so that their number is bounded.

use super::parting::{Parted, Trouble};
use super::roll::Why;
use crate::store::tally::Counts;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counts of one door.
#[derive(Debug, Default)]
pub struct Count {
    /// Sessions that began.
    begun: AtomicU64,
    /// Sessions that ended, by [`Why::code`].
    pub ended: Counts<&'static str>,
    /// Connections that ended before they had a session, by why.
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
    pub fn end(&self, why: Why) {
        self.ended.add(why.code());
    }

    /// A connection ended in this way before it had a session.
    pub fn refuse(&self, outcome: &Result<(), Trouble>) {
        self.refused.add(match outcome {
            Ok(()) => "left",
            Err(Trouble::Attempts) => "attempts",
            Err(trouble) => match trouble.parted() {
                Parted::Cut => "pushed_out",
                Parted::Closed | Parted::Lost => "lost",
                Parted::Broken => "protocol",
            },
        });
    }
}
