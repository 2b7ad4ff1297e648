//! What a field held before, for Ctrl-Z: one entry per run of letters or erasures, so that a word goes at once.

use std::collections::VecDeque;

/// Entries kept; the oldest go first.
const MOST: usize = 24;

/// What a change is; changes of one run are taken back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// Letters of a word.
    Typed,
    /// Letters erased one by one.
    Erased,
    /// Anything else stands alone.
    Other,
}

/// Texts with their carets, the newest last.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Past {
    texts: VecDeque<(String, usize)>,
    run: Run,
}

impl Past {
    pub(super) const fn new() -> Self {
        Self { texts: VecDeque::new(), run: Run::Other }
    }

    /// A change of the kind `run` was made to `before`.
    pub(super) fn note(&mut self, run: Run, before: (String, usize)) {
        if run == Run::Other || run != self.run {
            self.texts.push_back(before);
            if self.texts.len() > MOST {
                self.texts.pop_front();
            }
        }
        self.run = run;
    }

    /// The caret moved: the next change begins a run.
    pub(super) const fn pause(&mut self) {
        self.run = Run::Other;
    }

    /// What stood before the last run.
    pub(super) fn pop(&mut self) -> Option<(String, usize)> {
        self.run = Run::Other;
        self.texts.pop_back()
    }
}
