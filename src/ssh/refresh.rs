//! Decides when one SSH session reads again what others changed: at once after a quiet time, less often while changes
//! follow each other and the more sessions there are, and never all sessions in the same moment.
//!
//! Invariants:
//! - changes wait in the session's subscription until they are read, so that a session wakes once for many commits;
//! - while the store is away nothing is read in the background; once it is back, everything is.
//!
//! Deliberately absent: clocks and waiting, which the session's loop has.

use crate::store::{Store, Subscription, Topics};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Shortest time between two readings; it grows with the number of sessions.
const MIN_INTERVAL: Duration = Duration::from_millis(150);
/// What each session adds to it; the sessions read one after another in this time.
const PER_SESSION: Duration = Duration::from_millis(2);
/// With more sessions than this, a session reads with its one-second tick while changes follow each other: the tick
/// draws a frame anyway, and one frame is half as much work as two.
const MANY_SESSIONS: usize = 175;
/// After this long without a reading a change does not wait for the tick …
const QUIET_AFTER: Duration = Duration::from_secs(1);
/// … but for the session's position in this time, over which all sessions are spread.
const SPREAD: Duration = Duration::from_millis(150);
/// How long a reading waits when replies to the user's own requests are still to come.
const RETRY_AFTER: Duration = Duration::from_millis(40);

/// When the next reading is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// There is nothing to read.
    Never,
    /// At this time.
    At(Instant),
    /// With the next one-second tick.
    NextTick,
}

/// The pending changes of one session, and when to read them.
#[derive(Debug)]
pub struct RemoteRefresh {
    id: u64,
    changes: Subscription,
    woken: Arc<Notify>,
    away: bool,
    /// What to read besides the pending changes of the subscription.
    missed: Topics,
    due: Due,
    read: Instant,
}

impl RemoteRefresh {
    /// For session `id`, which has read everything at `now`.
    pub fn new(store: &Store, id: u64, now: Instant) -> Self {
        let woken = Arc::new(Notify::new());
        let wake = Arc::clone(&woken);
        let changes = store.subscribe(move || wake.notify_one());
        let away = changes.take().away;
        Self { id, changes, woken, away, missed: Topics::NONE, due: Due::Never, read: now }
    }

    /// Whether the store is away.
    pub const fn away(&self) -> bool {
        self.away
    }

    /// Waits for a change.
    pub async fn changed(&self) {
        self.woken.notified().await;
    }

    /// Notes a change at `now`, among `sessions` sessions; returns whether the store went away or came back.
    pub fn on_change(&mut self, sessions: usize, now: Instant) -> bool {
        let before = std::mem::replace(&mut self.away, self.changes.is_away());
        if before && !self.away {
            self.missed = Topics::ALL;
        }
        if self.due == Due::Never {
            let count = u32::try_from(sessions).unwrap_or(u32::MAX).max(1);
            let position = u32::try_from(self.id % u64::from(count)).unwrap_or(0);
            let turn = now + PER_SESSION.min(SPREAD / count) * position;
            self.due = if sessions <= MANY_SESSIONS {
                Due::At((self.read + MIN_INTERVAL + PER_SESSION * count).max(turn))
            } else if now > self.read + QUIET_AFTER {
                Due::At(turn)
            } else {
                Due::NextTick
            };
        }
        before != self.away
    }

    /// When to read again; none when nothing is due or the next tick reads.
    pub const fn at(&self) -> Option<Instant> {
        match self.due {
            Due::At(at) => Some(at),
            Due::Never | Due::NextTick => None,
        }
    }

    /// Whether to read with this tick.
    pub fn is_due_this_second(&self) -> bool {
        self.due == Due::NextTick
    }

    /// What to read at `now`; nothing while replies are to come or the store is away.
    pub fn take(&mut self, waits: bool, now: Instant) -> Topics {
        if self.away {
            // Everything is read when the store comes back.
            self.due = Due::Never;
            return Topics::NONE;
        }
        if waits {
            if let Due::At(_) = self.due {
                self.due = Due::At(now + RETRY_AFTER);
            }
            return Topics::NONE;
        }
        self.due = Due::Never;
        self.read = now;
        std::mem::take(&mut self.missed).with(self.changes.take().changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    fn touch(store: &Store, topics: Topics) {
        let wrote = store.write(move |tx| -> Result<(), StoreError> {
            tx.touch(topics);
            Ok(())
        });
        wrote.unwrap();
    }

    #[tokio::test]
    async fn a_change_after_quiet_is_read_at_once_and_a_burst_is_one_reading() {
        let store = Store::memory().unwrap();
        let start = Instant::now();
        let mut refresh = RemoteRefresh::new(&store, 1, start);
        let quiet = start + Duration::from_secs(5);
        touch(&store, Topics::SEATS);
        refresh.changed().await;
        assert!(!refresh.on_change(1, quiet), "the store is where it was");
        assert_eq!(refresh.at(), Some(quiet));
        touch(&store, Topics::LEADS);
        assert_eq!(refresh.take(false, quiet), Topics::SEATS.with(Topics::LEADS));
        assert_eq!(refresh.at(), None);
        touch(&store, Topics::SEATS);
        refresh.changed().await;
        refresh.on_change(1, quiet);
        assert_eq!(refresh.at(), Some(quiet + MIN_INTERVAL + PER_SESSION));
    }

    #[tokio::test]
    async fn sessions_are_spread_and_many_of_them_read_with_their_ticks() {
        let store = Store::memory().unwrap();
        let start = Instant::now();
        let quiet = start + Duration::from_secs(5);
        for sessions in [100_u32, 500] {
            let mut turns: Vec<Instant> = (0..u64::from(sessions))
                .map(|id| {
                    let mut refresh = RemoteRefresh::new(&store, id, start);
                    refresh.on_change(sessions as usize, quiet);
                    refresh.at().unwrap()
                })
                .collect();
            turns.sort_unstable();
            assert!(turns.windows(2).all(|pair| pair[1] - pair[0] == SPREAD / sessions));
        }
        let mut refresh = RemoteRefresh::new(&store, 7, quiet);
        touch(&store, Topics::SEATS);
        refresh.on_change(MANY_SESSIONS + 1, quiet + QUIET_AFTER);
        assert_eq!((refresh.at(), refresh.is_due_this_second()), (None, true));
        assert_eq!(refresh.take(true, quiet), Topics::NONE);
        assert!(refresh.is_due_this_second(), "the next tick reads");
        assert_eq!(refresh.take(false, quiet), Topics::SEATS);
        assert!(!refresh.is_due_this_second());
    }

    #[tokio::test]
    async fn a_store_that_goes_away_is_noticed_at_once_and_read_whole_afterwards() {
        let store = Store::memory().unwrap();
        let start = Instant::now();
        let mut refresh = RemoteRefresh::new(&store, 1, start);
        touch(&store, Topics::SEATS);
        refresh.changed().await;
        refresh.on_change(1, start);
        let away = store.away();
        refresh.changed().await;
        assert!(refresh.on_change(1, start) && refresh.away());
        let due = start + MIN_INTERVAL + PER_SESSION;
        assert_eq!(
            (refresh.take(true, due), refresh.at()),
            (Topics::NONE, None),
            "a store that is away is not asked repeatedly"
        );
        drop(away);
        refresh.changed().await;
        assert!(refresh.on_change(1, due) && !refresh.away());
        assert_eq!((refresh.take(true, due), refresh.at()), (Topics::NONE, Some(due + RETRY_AFTER)));
        assert_eq!(refresh.take(false, due + RETRY_AFTER), Topics::ALL);
    }
}
