//! The jobs of the writer: commands and chunks of bulk loads, the same for both engines.
//!
//! A chunk asks its [`Turn`] between rows and ends early when another command waits, here or in another process.

use super::error::StoreError;
use super::tx::Tx;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// The time of a bulk chunk before it lets others write.
const BULK_TURN: Duration = Duration::from_millis(50);
/// The time of a bulk chunk when another command came during an earlier one: writing the chunk is part of that
/// command's waiting, …
const BULK_TURN_SHARED: Duration = Duration::from_millis(25);
/// … and the longest time while no command comes.
const BULK_TURN_ALONE: Duration = Duration::from_millis(75);
/// The time of a chunk on a server, where it blocks no command.
const BULK_TURN_SERVER: Duration = Duration::from_millis(500);

/// Sends the caller its reply, once the commit's outcome is known.
pub(super) type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// The outcome of a job: whether to keep its rows, and its reply.
pub(super) struct Ran {
    pub keep: bool,
    pub reply: Reply,
}

/// A queued command: gets the transaction, or the reason why there is none.
pub(super) type CommandJob = Box<dyn FnOnce(Result<&mut Tx<'_>, StoreError>) -> Ran + Send>;

/// A queued chunk of a bulk load.
pub(super) type BulkJob = Box<dyn FnOnce(Result<(&mut Tx<'_>, &Turn<'_>), StoreError>) -> Ran + Send>;

/// What waits for the writer.
pub(super) enum Job {
    /// Shares its transaction with other commands.
    Command(CommandJob),
    /// Has a transaction of its own.
    Bulk(BulkJob),
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ran").field("keep", &self.keep).finish_non_exhaustive()
    }
}

/// A bulk chunk's time. Ask between rows.
pub struct Turn<'w> {
    /// Whether another command waits; none on a server, where no command waits for a chunk and only its own length counts.
    others_wait: Option<&'w dyn Fn() -> bool>,
    started: Instant,
    shared: bool,
    visited: Cell<bool>,
}

impl std::fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn").field("shared", &self.shared).finish_non_exhaustive()
    }
}

impl<'w> Turn<'w> {
    /// A chunk on a server.
    pub(super) fn of_a_server() -> Self {
        Self { others_wait: None, started: Instant::now(), shared: false, visited: Cell::new(false) }
    }

    /// A chunk on a file, which calls `others_wait` now and then. `shared` after another command came during an earlier
    /// chunk.
    pub(super) fn of_a_file(others_wait: &'w dyn Fn() -> bool, shared: bool) -> Self {
        Self { others_wait: Some(others_wait), started: Instant::now(), shared, visited: Cell::new(false) }
    }

    /// Whether another command came during this chunk, as far as it asked.
    pub(super) fn was_visited(&self) -> bool {
        self.visited.get()
    }

    /// Whether the chunk should end now, so that others get the store. Costs a clock reading; from then on two
    /// system calls.
    pub fn is_over(&self) -> bool {
        let elapsed = self.started.elapsed();
        let Some(others_wait) = self.others_wait else { return elapsed >= BULK_TURN_SERVER };
        if elapsed < if self.shared { BULK_TURN_SHARED } else { BULK_TURN } {
            return false;
        }
        let waited = others_wait();
        if waited {
            self.visited.set(true);
        }
        waited || (self.shared && elapsed >= BULK_TURN_ALONE)
    }
}
