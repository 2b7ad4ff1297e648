//! Limits the log lines that clients can cause: each period has room for some lines about unauthenticated connections;
//! further lines, and those that a client repeats too often, are only counted.

use std::sync::atomic::{AtomicU32, Ordering};

/// Lines in one period.
const LINES: u32 = 50;

/// The lines of the current period.
#[derive(Debug, Default)]
pub struct LogLimit {
    written: AtomicU32,
    skipped: AtomicU32,
}

impl LogLimit {
    /// Whether one more line may be written; if not, it is counted as skipped.
    pub fn allows_line(&self) -> bool {
        self.written.fetch_add(1, Ordering::Relaxed) < LINES
    }

    /// Counts a line that the caller does not write.
    pub fn skip_line(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
    }

    /// Begins the next period; returns how many lines the last one skipped.
    pub fn next_period(&self) -> u32 {
        let over = self.written.swap(0, Ordering::Relaxed).saturating_sub(LINES);
        over.saturating_add(self.skipped.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_beyond_the_limit_are_counted_and_not_written() {
        let log_limit = LogLimit::default();
        let written = (0..LINES + 7).filter(|_| log_limit.allows_line()).count();
        assert_eq!(written, LINES as usize);
        log_limit.skip_line();
        assert_eq!(log_limit.next_period(), 8);
        assert!(log_limit.allows_line());
        assert_eq!(log_limit.next_period(), 0);
    }
}
