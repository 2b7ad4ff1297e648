//! Decides when a session reads again what others changed: soon, never twice at once, and less often the longer a
//! reading takes. A burst of changes is one reading, and many sessions on a busy store slow down themselves instead
//! of the store.
//!
//! Deliberately absent: clocks; the loop passes the time.

use crate::store::Topics;
use std::time::{Duration, Instant};

/// Shortest rest between two readings: nobody can follow faster changes.
const MIN_REST: Duration = Duration::from_millis(250);
/// A reading that took long is followed by a rest this many times as long …
const REST_FACTOR: u32 = 8;
/// … but no longer than this.
const MAX_REST: Duration = Duration::from_secs(10);

/// What is to be read again, and when.
#[derive(Debug, Default)]
pub struct Refresh {
    pending: Topics,
    /// Jobs without a reply yet.
    open: usize,
    /// When the reading under way began.
    asked: Option<Instant>,
    /// No reading before.
    not_before: Option<Instant>,
    away: bool,
}

impl Refresh {
    /// Adds changes by others.
    pub const fn add(&mut self, topics: Topics) {
        self.pending = self.pending.with(topics);
    }

    /// Notes whether the store is away. While it is, nothing is read in the background; once it is back, everything
    /// is.
    pub const fn set_away(&mut self, away: bool) {
        if self.away && !away {
            self.pending = Topics::ALL;
        }
        self.away = away;
    }

    /// Notes that a job was sent.
    pub const fn job_sent(&mut self) {
        self.open += 1;
    }

    /// Notes that a job was answered.
    pub fn job_answered(&mut self, now: Instant) {
        self.open = self.open.saturating_sub(1);
        if self.open == 0
            && let Some(asked) = self.asked.take()
        {
            let took = now.saturating_duration_since(asked);
            self.not_before = Some(now + took.saturating_mul(REST_FACTOR).clamp(MIN_REST, MAX_REST));
        }
    }

    /// How long until the next reading; none when nothing is to be read or a reply has to come first.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        if self.pending.is_empty() || self.away || self.open > 0 {
            return None;
        }
        Some(self.not_before.map_or(Duration::ZERO, |until| until.saturating_duration_since(now)))
    }

    /// What to read now, if anything. The caller sends its jobs and then calls [`Self::reading_started`].
    pub fn due(&mut self, now: Instant) -> Option<Topics> {
        if self.wait(now)? > Duration::ZERO {
            return None;
        }
        self.not_before = Some(now + MIN_REST);
        Some(std::mem::take(&mut self.pending))
    }

    /// Notes that the jobs of a reading were sent; there are none when the screen shows nothing of what changed.
    pub fn reading_started(&mut self, now: Instant) {
        self.asked = (self.open > 0).then_some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_burst_is_one_reading_and_the_next_comes_after_a_rest() {
        let (mut refresh, start) = (Refresh::default(), Instant::now());
        assert_eq!(refresh.due(start), None);
        for _ in 0..1000 {
            refresh.add(Topics::SEATS);
            refresh.add(Topics::QUEUE);
        }
        assert_eq!(refresh.due(start), Some(Topics::SEATS.with(Topics::QUEUE)));
        refresh.add(Topics::LEADS);
        assert_eq!(refresh.due(start + ms(249)), None);
        assert_eq!(refresh.wait(start + ms(100)), Some(ms(150)));
        assert_eq!(refresh.due(start + ms(250)), Some(Topics::LEADS));
        assert_eq!(refresh.due(start + ms(900)), None);
    }

    #[test]
    fn nothing_is_read_while_a_reply_is_missing_and_a_slow_store_is_read_less_often() {
        let (mut refresh, start) = (Refresh::default(), Instant::now());
        refresh.add(Topics::SEATS);
        assert_eq!(refresh.due(start), Some(Topics::SEATS));
        refresh.job_sent();
        refresh.job_sent();
        refresh.reading_started(start);
        refresh.add(Topics::SEATS);
        refresh.job_answered(start + ms(50));
        assert_eq!((refresh.due(start + ms(500)), refresh.wait(start + ms(500))), (None, None));
        refresh.job_answered(start + ms(500));
        assert_eq!(refresh.wait(start + ms(500)), Some(ms(4000)));
        assert_eq!(refresh.due(start + ms(4500)), Some(Topics::SEATS));
        // No screen showed it; how long the user's own jobs take does not count as reading.
        refresh.reading_started(start + ms(4500));
        refresh.job_sent();
        refresh.job_answered(start + ms(6000));
        refresh.add(Topics::SEATS);
        assert_eq!(refresh.due(start + ms(6000)), Some(Topics::SEATS));
        refresh.job_sent();
        refresh.reading_started(start + ms(6000));
        refresh.job_answered(start + Duration::from_hours(1));
        refresh.add(Topics::SEATS);
        assert_eq!(refresh.wait(start + Duration::from_hours(1)), Some(MAX_REST));
    }

    #[test]
    fn a_store_that_is_away_is_not_read_and_then_read_whole() {
        let (mut refresh, start) = (Refresh::default(), Instant::now());
        refresh.add(Topics::SEATS);
        refresh.set_away(true);
        assert_eq!(refresh.due(start + ms(5000)), None);
        refresh.set_away(false);
        assert_eq!(refresh.due(start + ms(5000)), Some(Topics::ALL));
        refresh.set_away(false);
        assert_eq!(refresh.due(start + ms(9000)), None);
    }
}
