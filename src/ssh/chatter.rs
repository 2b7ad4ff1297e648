//! Keeps clients from filling the log: a line about a stranger is written while there is room in this turn, and the
//! rest are counted, as is what a known client does too often.

use std::sync::atomic::{AtomicU32, Ordering};

/// Lines about strangers in one turn of the house.
const LINES: u32 = 50;

/// The room that is left.
#[derive(Debug, Default)]
pub struct Chatter {
    said: AtomicU32,
    left_out: AtomicU32,
}

impl Chatter {
    /// Whether there is room for one more line; if not, it is counted.
    pub fn may_speak(&self) -> bool {
        self.said.fetch_add(1, Ordering::Relaxed) < LINES
    }

    /// Counts a line that is left out whatever the room.
    pub fn left_out(&self) {
        self.left_out.fetch_add(1, Ordering::Relaxed);
    }

    /// Begins another turn; how many lines the last one left out.
    pub fn turn(&self) -> u32 {
        let over = self.said.swap(0, Ordering::Relaxed).saturating_sub(LINES);
        over.saturating_add(self.left_out.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_counted_and_not_quoted() {
        let chatter = Chatter::default();
        let said = (0..LINES + 7).filter(|_| chatter.may_speak()).count();
        assert_eq!(said, LINES as usize);
        chatter.left_out();
        assert_eq!(chatter.turn(), 8);
        assert!(chatter.may_speak());
        assert_eq!(chatter.turn(), 0);
    }
}
