//! Describes a session as its own process keeps it: the presence that the store shows, and the broadcasts that were
//! passed on.
//!
//! Invariant: a process passes a broadcast on once, and to no session that is younger than it.

use crate::domain::id::StaffId;
use crate::domain::session::{Entrance, Presence, SessionId};
use crate::domain::ssh_key::Fingerprint;
use crate::domain::text::clean;
use crate::domain::time::Timestamp;
use crate::usecase::session::BroadcastRow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Longest origin, in characters.
const MOST_ORIGIN: usize = 64;

/// A unique id for this process.
pub fn new_process() -> Arc<str> {
    Arc::from(ulid::Ulid::generate().to_string())
}

/// The presence of a session that begins now.
pub fn new_presence(
    staff: &StaffId,
    entrance: Entrance,
    origin: &str,
    key: Option<Fingerprint>,
    now: Timestamp,
) -> Presence {
    Presence {
        id: SessionId(ulid::Ulid::generate().to_string()),
        staff: staff.clone(),
        entrance,
        origin: clean(origin, MOST_ORIGIN),
        key,
        began_at: now,
        active_at: now,
        locked: false,
        bytes: (0, 0),
    }
}

/// The broadcasts that a process has passed on.
#[derive(Debug, Default)]
pub struct PassedOn(BTreeSet<i64>);

impl PassedOn {
    /// Returns the broadcasts that were not passed on yet. The store deletes old ones, and so does this.
    pub fn take_new(&mut self, broadcasts: Vec<BroadcastRow>) -> Vec<BroadcastRow> {
        let now = broadcasts.iter().map(|row| row.id).collect();
        let before = std::mem::replace(&mut self.0, now);
        broadcasts.into_iter().filter(|row| !before.contains(&row.id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64) -> BroadcastRow {
        BroadcastRow { id, at: Timestamp(5), name: "Hà".to_owned(), body: "x".to_owned() }
    }

    #[test]
    fn a_broadcast_is_passed_on_once_whatever_order_they_come_in() {
        let mut passed_on = PassedOn::default();
        let ids = |rows: Vec<BroadcastRow>| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(ids(passed_on.take_new(vec![row(1), row(3)])), [1, 3]);
        assert_eq!(ids(passed_on.take_new(vec![row(1), row(2), row(3)])), [2], "one that was committed late");
        assert_eq!(ids(passed_on.take_new(vec![row(2), row(3)])), [0; 0]);
        assert_eq!(passed_on.0.len(), 2);
    }
}
