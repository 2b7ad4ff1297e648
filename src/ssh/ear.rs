//! What one session hears of the store, and when it reads again what others changed: after quiet at once, while change
//! follows change the seldomer the more sessions there are, and never all in the same moment.
//!
//! Invariants: news wait in the session's box until they are read again, so that a commit wakes a session once and
//! not once for every commit; while the store is away nothing is read that nobody asked for, and once it is back,
//! everything.
//!
//! Deliberately absent: clocks and waiting; the session's loop has them.

use crate::store::{Store, Subscription, Topics};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Changes are read again at most this often, and less often the more sessions there are.
const APART: Duration = Duration::from_millis(150);
/// How much longer for each session; they take turns in this time.
const EACH: Duration = Duration::from_millis(2);
/// More sessions than this read again with their second hands while change follows change: the picture of a second
/// is drawn anyway, and one frame is half as much work as two.
const CROWD: usize = 175;
/// After this long without a reading a change is the first after quiet, and does not wait for the second hand …
const QUIET: Duration = Duration::from_secs(1);
/// … but for the session's turn in this time, in which all of them have theirs.
const TURNS: Duration = Duration::from_millis(150);
/// How long a reading waits for the answers to what the person asked.
const AGAIN: Duration = Duration::from_millis(40);

/// When to read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Nothing to read.
    Rest,
    /// Then.
    At(Instant),
    /// With the next second.
    WithTheSecond,
}

/// What a session hears.
#[derive(Debug)]
pub struct Ear {
    id: u64,
    news: Subscription,
    woken: Arc<Notify>,
    away: bool,
    /// What is to be read again beside what is in the box.
    missed: Topics,
    turn: Turn,
    read: Instant,
}

impl Ear {
    /// The ear of session `id`, which reads everything at `now`.
    pub fn new(store: &Store, id: u64, now: Instant) -> Self {
        let woken = Arc::new(Notify::new());
        let wake = Arc::clone(&woken);
        let news = store.subscribe(move || wake.notify_one());
        let away = news.take().away;
        Self { id, news, woken, away, missed: Topics::NONE, turn: Turn::Rest, read: now }
    }

    /// Whether the store is away.
    pub const fn away(&self) -> bool {
        self.away
    }

    /// Waits for news.
    pub async fn news(&self) {
        self.woken.notified().await;
    }

    /// There is news at `now`, one of so many sessions; whether the store went away or came back.
    pub fn hear(&mut self, sessions: usize, now: Instant) -> bool {
        let before = std::mem::replace(&mut self.away, self.news.is_away());
        if before && !self.away {
            self.missed = Topics::ALL;
        }
        if self.turn == Turn::Rest {
            let count = u32::try_from(sessions).unwrap_or(u32::MAX).max(1);
            let place = u32::try_from(self.id % u64::from(count)).unwrap_or(0);
            let turn = now + EACH.min(TURNS / count) * place;
            self.turn = if sessions <= CROWD {
                Turn::At((self.read + APART + EACH * count).max(turn))
            } else if now > self.read + QUIET {
                Turn::At(turn)
            } else {
                Turn::WithTheSecond
            };
        }
        before != self.away
    }

    /// When to read again, unless nothing or with the next second.
    pub const fn at(&self) -> Option<Instant> {
        match self.turn {
            Turn::At(at) => Some(at),
            Turn::Rest | Turn::WithTheSecond => None,
        }
    }

    /// Whether to read again with this second.
    pub fn with_this_second(&self) -> bool {
        self.turn == Turn::WithTheSecond
    }

    /// What to read again at `now`; nothing while answers are to come, or the store.
    pub fn take(&mut self, waits: bool, now: Instant) -> Topics {
        if self.away {
            // It is heard when it comes back.
            self.turn = Turn::Rest;
            return Topics::NONE;
        }
        if waits {
            if let Turn::At(_) = self.turn {
                self.turn = Turn::At(now + AGAIN);
            }
            return Topics::NONE;
        }
        self.turn = Turn::Rest;
        self.read = now;
        std::mem::take(&mut self.missed).with(self.news.take().changed)
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
        let mut ear = Ear::new(&store, 1, start);
        let quiet = start + Duration::from_secs(5);
        touch(&store, Topics::SEATS);
        ear.news().await;
        assert!(!ear.hear(1, quiet), "the store is where it was");
        assert_eq!(ear.at(), Some(quiet));
        touch(&store, Topics::LEADS);
        assert_eq!(ear.take(false, quiet), Topics::SEATS.with(Topics::LEADS));
        assert_eq!(ear.at(), None);
        touch(&store, Topics::SEATS);
        ear.news().await;
        ear.hear(1, quiet);
        assert_eq!(ear.at(), Some(quiet + APART + EACH));
    }

    #[tokio::test]
    async fn sessions_take_turns_and_a_crowd_reads_with_its_second_hands() {
        let store = Store::memory().unwrap();
        let start = Instant::now();
        let quiet = start + Duration::from_secs(5);
        for sessions in [100_u32, 500] {
            let mut turns: Vec<Instant> = (0..u64::from(sessions))
                .map(|id| {
                    let mut ear = Ear::new(&store, id, start);
                    ear.hear(sessions as usize, quiet);
                    ear.at().unwrap()
                })
                .collect();
            turns.sort_unstable();
            assert!(turns.windows(2).all(|pair| pair[1] - pair[0] == TURNS / sessions));
        }
        let mut ear = Ear::new(&store, 7, quiet);
        touch(&store, Topics::SEATS);
        ear.hear(CROWD + 1, quiet + QUIET);
        assert_eq!((ear.at(), ear.with_this_second()), (None, true));
        assert_eq!(ear.take(true, quiet), Topics::NONE);
        assert!(ear.with_this_second(), "the next second will do");
        assert_eq!(ear.take(false, quiet), Topics::SEATS);
        assert!(!ear.with_this_second());
    }

    #[tokio::test]
    async fn a_store_that_is_away_is_heard_at_once_and_read_whole_afterwards() {
        let store = Store::memory().unwrap();
        let start = Instant::now();
        let mut ear = Ear::new(&store, 1, start);
        touch(&store, Topics::SEATS);
        ear.news().await;
        ear.hear(1, start);
        let away = store.away();
        ear.news().await;
        assert!(ear.hear(1, start) && ear.away());
        let due = start + APART + EACH;
        assert_eq!((ear.take(true, due), ear.at()), (Topics::NONE, None), "nobody asks again and again");
        drop(away);
        ear.news().await;
        assert!(ear.hear(1, due) && !ear.away());
        assert_eq!((ear.take(true, due), ear.at()), (Topics::NONE, Some(due + AGAIN)));
        assert_eq!(ear.take(false, due + AGAIN), Topics::ALL);
    }
}
