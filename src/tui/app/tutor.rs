//! The progress of a person in the lessons of `tongdai tutor`: pure state, changed by what the frame sees.
//!
//! Invariants: one act or answer finishes at most one step that waits for an event; a finished lesson stays until the
//! person moves on.
//!
//! Deliberately absent: saving the progress. A course begins anew each time.

use super::lessons::{LESSONS, Lesson, Sight, course};
use crate::domain::actor::Role;

/// The progress in a course.
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
    /// The role whose lessons these are.
    pub(super) role: Role,
    pub(super) stage: Stage,
    /// The ids of the rows whose key was pressed.
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

    /// Moves to the lesson after `lesson`, or to the end.
    pub(super) const fn follow(&mut self, lesson: usize) {
        self.stage =
            if lesson + 1 < LESSONS { Stage::Learning { lesson: lesson + 1, step: 0 } } else { Stage::Over };
    }

    /// Finishes every step whose goal is reached.
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
