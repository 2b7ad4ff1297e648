//! The exclusive right to a bulk load on a store: two loads at once would see each other's half-loaded rows.

use super::lock::BulkPlace as FilePlace;
use super::postgres::BulkLock;

/// The right, until dropped. A process that dies loses it: the system releases its file lock, the server its session.
#[derive(Debug)]
pub struct BulkPlace {
    _held: Held,
}

#[derive(Debug)]
enum Held {
    File { _place: FilePlace },
    Server { _lock: Box<BulkLock> },
}

impl BulkPlace {
    pub(super) const fn of_a_file(place: FilePlace) -> Self {
        Self { _held: Held::File { _place: place } }
    }

    pub(super) fn of_a_server(lock: BulkLock) -> Self {
        Self { _held: Held::Server { _lock: Box::new(lock) } }
    }
}
