//! The undo history of a field: one entry per run of letters or erasures, so that Ctrl-Z undoes a whole word.

use std::collections::VecDeque;

/// The most entries; the oldest are dropped first.
const MOST: usize = 24;

/// The kind of a change; consecutive changes of one kind are undone together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// Letters of a word.
    Typed,
    /// Letters erased one by one.
    Erased,
    /// Any other change, which is undone alone.
    Other,
}

/// Earlier texts with their carets, the newest last.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Past {
    texts: VecDeque<(String, usize)>,
    run: Run,
}

impl Past {
    pub(super) const fn new() -> Self {
        Self { texts: VecDeque::new(), run: Run::Other }
    }

    /// Records that a change of the kind `run` was made to `before`.
    pub(super) fn note(&mut self, run: Run, before: (String, usize)) {
        if run == Run::Other || run != self.run {
            self.texts.push_back(before);
            if self.texts.len() > MOST {
                self.texts.pop_front();
            }
        }
        self.run = run;
    }

    /// Records that the caret moved: the next change begins a run.
    pub(super) const fn pause(&mut self) {
        self.run = Run::Other;
    }

    /// Returns the text before the last run.
    pub(super) fn pop(&mut self) -> Option<(String, usize)> {
        self.run = Run::Other;
        self.texts.pop_back()
    }
}
