//! Keeps the seat of a case that ended without a consultation until the end can no longer be taken back, and gives it
//! on afterwards.
//!
//! A case that was sent to 115, whose customer declined, or whom nobody reached keeps its seat for the campaign's undo
//! time. The first command or heartbeat after that frees the seat for the first on the waitlist, in its own
//! transaction and once, whatever process it comes from; nothing polls. A campaign may want the seats of the last two
//! returned to 9090 instead (`seat_of_unfinished`): then the seat stays and 9090 has the task to decide.
//!
//! Invariants:
//! - a seat whose case cannot go on is kept here, given on, or returned to 9090 by a task;
//! - what ends the wait (a correction, a cancellation, the release) deletes the row and counts that it did;
//! - the reason stays with the case, which is Vinmec's: the registration and the audit row say that it ended there.
//!
//! Deliberately absent: which calls and screenings end a case (see `outbound` and `intake`).

mod keep;
mod release;
#[cfg(test)]
mod tests;

pub(super) use keep::{Ended, keep};
pub(super) use release::release_due;

/// Why a registration, a call or a task ended at Vinmec, for everybody who may know no more.
pub(super) const ENDED_AT_VINMEC: &str = "ended_at_vinmec";
