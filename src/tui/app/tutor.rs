//! How far a person has come with the lessons of `tongdai tutor`: pure state, moved by what the frame sees.
//!
//! Invariant: what one act or answer did is one step's alone; a finished lesson stays until it is left.
//!
//! Deliberately absent: anything that is kept. A course begins anew each time.

use super::lessons::{LESSONS, Lesson, Sight, course};
use crate::domain::actor::Role;

/// How far the person has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// A step of a lesson waits to be done.
    Learning { lesson: usize, step: usize },
    /// A lesson is done and can be read.
    Learned { lesson: usize },
    /// All lessons are done.
    Over,
}

/// A course in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tutor {
    /// Whose lessons.
    pub(super) role: Role,
    pub(super) stage: Stage,
    /// The rows that the act in hand is.
    pub(super) did: Vec<&'static str>,
}

impl Tutor {
    pub(super) const fn new(role: Role) -> Self {
        Self { role, stage: Stage::Learning { lesson: 0, step: 0 }, did: Vec::new() }
    }

    /// The lesson at a place.
    pub(super) fn lesson(&self, at: usize) -> Option<&'static Lesson> {
        course(self.role).get(at).copied()
    }

    /// On to the lesson after `lesson`, or to the end.
    pub(super) const fn follow(&mut self, lesson: usize) {
        self.stage =
            if lesson + 1 < LESSONS { Stage::Learning { lesson: lesson + 1, step: 0 } } else { Stage::Over };
    }

    /// Goes on as far as what is seen allows.
    pub(super) fn look(&mut self, mut sight: Sight) {
        while let Stage::Learning { lesson, step } = self.stage
            && let Some(goal) = self.lesson(lesson).and_then(|lesson| lesson.steps.get(step)).map(|s| s.goal)
            && goal.is_reached(&sight)
        {
            if goal.is_event() {
                (sight.did, sight.receipt) = (&[], None);
            }
            let last = self.lesson(lesson).is_none_or(|lesson| step + 1 >= lesson.steps.len());
            self.stage =
                if last { Stage::Learned { lesson } } else { Stage::Learning { lesson, step: step + 1 } };
        }
    }
}
