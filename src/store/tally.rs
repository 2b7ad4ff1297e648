//! Counters and histograms for the metrics: how often, how long, how many at once. No decision depends on them.
//!
//! Invariants:
//! - keys are codes of the program, never a user's text, so that their number is bounded;
//! - counting costs an addition in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Upper ends of the steps of commit latency, in microseconds.
const COMMIT_STEPS: &[u64] =
    &[250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000];
/// Upper ends of the steps of commands in one commit.
const GROUP_STEPS: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/// What one store counts of its own work in this process.
#[derive(Debug)]
pub struct Tally {
    /// How long commits took, in microseconds.
    pub commits: Histogram,
    /// How many commands shared a commit; nothing on a server, which groups by itself.
    pub groups: Histogram,
    /// Commits that failed or whose outcome was lost.
    pub failed: AtomicU64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            commits: Histogram::new(COMMIT_STEPS),
            groups: Histogram::new(GROUP_STEPS),
            failed: AtomicU64::new(0),
        }
    }
}

impl Tally {
    /// Counts a commit that began at `started`.
    pub fn settled<E>(&self, started: Instant, outcome: &Result<(), E>) {
        if outcome.is_ok() {
            self.commits.observe(u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX));
        } else {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// How values are spread over steps.
#[derive(Debug)]
pub struct Histogram {
    steps: &'static [u64],
    /// One for each step, and one for what is above the last.
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// A histogram as it was at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Each step's upper end, and how many values were at most that.
    pub steps: Vec<(u64, u64)>,
    /// How many values in all.
    pub count: u64,
    /// Their sum.
    pub sum: u64,
}

impl Histogram {
    /// Nothing seen yet; `steps` rise.
    pub fn new(steps: &'static [u64]) -> Self {
        let counts = (0..=steps.len()).map(|_| AtomicU64::new(0)).collect();
        Self { steps, counts, sum: AtomicU64::new(0) }
    }

    /// Counts one value.
    pub fn observe(&self, value: u64) {
        let step = self.steps.partition_point(|upper| *upper < value);
        if let Some(count) = self.counts.get(step) {
            count.fetch_add(1, Ordering::Relaxed);
            self.sum.fetch_add(value, Ordering::Relaxed);
        }
    }

    /// What was counted so far.
    pub fn read(&self) -> Spread {
        let mut count = 0;
        let mut running = self.counts.iter().map(|step| {
            count += step.load(Ordering::Relaxed);
            count
        });
        let steps = self.steps.iter().copied().zip(running.by_ref()).collect();
        running.for_each(drop);
        Spread { steps, count, sum: self.sum.load(Ordering::Relaxed) }
    }
}

/// How often something happened, by the program's own words for it.
#[derive(Debug)]
pub struct Counts<K>(Mutex<BTreeMap<K, u64>>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord + Copy> Counts<K> {
    /// Counts one.
    pub fn add(&self, key: K) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }

    /// What was counted so far, by key.
    pub fn read(&self) -> Vec<(K, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(key, count)| (*key, *count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, StoreError};

    #[test]
    fn a_value_stands_in_the_first_step_that_holds_it_and_in_all_above() {
        let spread = Histogram::new(&[1, 10, 100]);
        for value in [0, 1, 2, 10, 11, 5000] {
            spread.observe(value);
        }
        let read = spread.read();
        assert_eq!(read.steps, [(1, 2), (10, 4), (100, 5)]);
        assert_eq!((read.count, read.sum), (6, 5024));
    }

    #[test]
    fn a_store_counts_its_commits_and_who_shared_them() {
        let store = Store::memory().unwrap();
        for _ in 0..3 {
            store.write(|_| Ok::<(), StoreError>(())).unwrap();
        }
        let refused: Result<(), StoreError> = store.write(|_| Err(StoreError::Busy));
        assert_eq!(refused, Err(StoreError::Busy));
        let tally = store.tally();
        let (commits, groups) = (tally.commits.read(), tally.groups.read());
        assert_eq!(commits.count, groups.count);
        assert_eq!(groups.sum, 4, "each command stood in one group");
        assert_eq!(tally.failed.load(Ordering::Relaxed), 0);
        assert_eq!(store.waiting(), 0);
    }
}
