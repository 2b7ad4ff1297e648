//! When a session reads again what others changed: soon, but never twice at once, and the seldomer the longer a
//! reading takes. A burst of changes is one reading, and many sessions on a busy store slow themselves down
//! instead of it.
//!
//! Deliberately absent: clocks; the loop says what time it is.

use crate::store::Topics;
use std::time::{Duration, Instant};

/// Rest between two readings at least: what changes faster cannot be read by a person.
const APART: Duration = Duration::from_millis(250);
/// A reading that took long is followed by a rest this many times as long …
const RESTS: u32 = 8;
/// … but no longer than this.
const LONGEST: Duration = Duration::from_secs(10);

/// What is to be read again, and when.
#[derive(Debug, Default)]
pub struct Refresh {
    pending: Topics,
    /// Jobs whose answer is not here yet.
    open: usize,
    /// When the reading that is out began.
    asked: Option<Instant>,
    /// No reading before.
    rests: Option<Instant>,
    away: bool,
}

impl Refresh {
    /// Somebody changed something.
    pub const fn hear(&mut self, topics: Topics) {
        self.pending = self.pending.with(topics);
    }

    /// While the store is away nothing is read that nobody asked for; once it is back, everything.
    pub const fn set_away(&mut self, away: bool) {
        if self.away && !away {
            self.pending = Topics::ALL;
        }
        self.away = away;
    }

    /// A job left for the door.
    pub const fn given(&mut self) {
        self.open += 1;
    }

    /// A job is answered.
    pub fn answered(&mut self, now: Instant) {
        self.open = self.open.saturating_sub(1);
        if self.open == 0
            && let Some(asked) = self.asked.take()
        {
            let took = now.saturating_duration_since(asked);
            self.rests = Some(now + took.saturating_mul(RESTS).clamp(APART, LONGEST));
        }
    }

    /// How long until something is to be read; none while nothing is, or an answer has to come first.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        if self.pending.is_empty() || self.away || self.open > 0 {
            return None;
        }
        Some(self.rests.map_or(Duration::ZERO, |until| until.saturating_duration_since(now)))
    }

    /// What is to be read again now, if anything. Its jobs come next, and then [`Self::reads`].
    pub fn due(&mut self, now: Instant) -> Option<Topics> {
        if self.wait(now)? > Duration::ZERO {
            return None;
        }
        self.rests = Some(now + APART);
        Some(std::mem::take(&mut self.pending))
    }

    /// The jobs of a reading left; there may be none, when the screen shows nothing of what changed.
    pub fn reads(&mut self, now: Instant) {
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
            refresh.hear(Topics::SEATS);
            refresh.hear(Topics::QUEUE);
        }
        assert_eq!(refresh.due(start), Some(Topics::SEATS.with(Topics::QUEUE)));
        refresh.hear(Topics::LEADS);
        assert_eq!(refresh.due(start + ms(249)), None);
        assert_eq!(refresh.wait(start + ms(100)), Some(ms(150)));
        assert_eq!(refresh.due(start + ms(250)), Some(Topics::LEADS));
        assert_eq!(refresh.due(start + ms(900)), None);
    }

    #[test]
    fn nothing_is_read_while_an_answer_is_out_and_a_slow_store_is_read_seldomer() {
        let (mut refresh, start) = (Refresh::default(), Instant::now());
        refresh.hear(Topics::SEATS);
        assert_eq!(refresh.due(start), Some(Topics::SEATS));
        refresh.given();
        refresh.given();
        refresh.reads(start);
        refresh.hear(Topics::SEATS);
        refresh.answered(start + ms(50));
        assert_eq!((refresh.due(start + ms(500)), refresh.wait(start + ms(500))), (None, None));
        refresh.answered(start + ms(500));
        assert_eq!(refresh.wait(start + ms(500)), Some(ms(4000)));
        assert_eq!(refresh.due(start + ms(4500)), Some(Topics::SEATS));
        // Nothing on screen was about it; how long the person's own work takes says nothing of reading.
        refresh.reads(start + ms(4500));
        refresh.given();
        refresh.answered(start + ms(6000));
        refresh.hear(Topics::SEATS);
        assert_eq!(refresh.due(start + ms(6000)), Some(Topics::SEATS));
        refresh.given();
        refresh.reads(start + ms(6000));
        refresh.answered(start + Duration::from_hours(1));
        refresh.hear(Topics::SEATS);
        assert_eq!(refresh.wait(start + Duration::from_hours(1)), Some(LONGEST));
    }

    #[test]
    fn a_store_that_is_away_is_left_alone_and_then_read_whole() {
        let (mut refresh, start) = (Refresh::default(), Instant::now());
        refresh.hear(Topics::SEATS);
        refresh.set_away(true);
        assert_eq!(refresh.due(start + ms(5000)), None);
        refresh.set_away(false);
        assert_eq!(refresh.due(start + ms(5000)), Some(Topics::ALL));
        refresh.set_away(false);
        assert_eq!(refresh.due(start + ms(9000)), None);
    }
}
