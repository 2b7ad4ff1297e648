//! What waits for a store to be written: commands and chunks of bulk loads, the same for both engines.
//!
//! A chunk asks its [`Turn`] between rows and ends early when others wait, here or in another process.

use super::error::StoreError;
use super::tx::Tx;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// What a bulk chunk gets before it makes way for others.
const BULK_TURN: Duration = Duration::from_millis(50);
/// What a bulk chunk gets when somebody came during one of the chunks before it: what it then has to write down
/// is part of their waiting, …
const BULK_TURN_SHARED: Duration = Duration::from_millis(25);
/// … and the longest it goes on while nobody comes.
const BULK_TURN_ALONE: Duration = Duration::from_millis(75);
/// What a chunk gets on a server, where it is in nobody's way.
const BULK_TURN_SERVER: Duration = Duration::from_millis(500);

/// Sends the caller its answer, once the commit's outcome is known.
pub(super) type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// What came of running a job: keep its rows or not, and whom to tell.
pub(super) struct Ran {
    pub keep: bool,
    pub reply: Reply,
}

/// A command on its way: gets the transaction, or the reason why there is none.
pub(super) type CommandJob = Box<dyn FnOnce(Result<&mut Tx<'_>, StoreError>) -> Ran + Send>;

/// A chunk of a bulk load on its way.
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
    /// Whether others wait; none on a server, where nobody waits for a chunk and only its own length counts.
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

    /// A chunk on a file, where `others_wait` is asked now and then. `shared` after somebody came during one of the
    /// chunks before it.
    pub(super) fn of_a_file(others_wait: &'w dyn Fn() -> bool, shared: bool) -> Self {
        Self { others_wait: Some(others_wait), started: Instant::now(), shared, visited: Cell::new(false) }
    }

    /// Whether somebody came during this chunk, as far as it asked.
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
