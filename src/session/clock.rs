//! Gives a session its time: the machine's clock on a real store; on a simulated one the store's own time, running on
//! from where it stood.

use crate::domain::time::Timestamp;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that all parts of a session share.
#[derive(Clone)]
pub struct SessionClock {
    machine: fn() -> Timestamp,
    /// Milliseconds that a simulated store is ahead of the machine (or behind); 0 on a real store.
    ahead: Arc<AtomicI64>,
}

impl fmt::Debug for SessionClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionClock").field("ahead", &self.ahead).finish_non_exhaustive()
    }
}

impl SessionClock {
    /// The machine's clock, or a simulated one that stands at `store` now.
    pub fn new(machine: fn() -> Timestamp, store: Option<Timestamp>) -> Self {
        let ahead = store.map_or(0, |store| store.since(machine()));
        Self { machine, ahead: Arc::new(AtomicI64::new(ahead)) }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        (self.machine)().plus_ms(self.ahead.load(Ordering::Relaxed))
    }

    /// Catches up with a simulated store whose time another process moved on; never goes back.
    pub fn catch_up(&self, store: Timestamp) {
        let ahead = store.since((self.machine)());
        self.ahead.fetch_max(ahead, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn noon() -> Timestamp {
        Timestamp(1_000_000)
    }

    #[test]
    fn a_simulated_clock_runs_on_from_the_store_and_never_goes_back() {
        assert_eq!(SessionClock::new(noon, None).now(), noon());
        let clock = SessionClock::new(noon, Some(Timestamp(5_000)));
        assert_eq!(clock.now(), Timestamp(5_000));
        clock.catch_up(Timestamp(9_000));
        clock.catch_up(Timestamp(7_000));
        assert_eq!(clock.now(), Timestamp(9_000));
    }
}
