//! What the idle lock knows: whether there is a PIN, after how long it locks, and what a locked desk waits for.

use crate::domain::pin::Pin;
use crate::domain::time::Timestamp;
use crate::tui::say::Say;
use crate::usecase::pin::Tried;

/// What came of a [`crate::tui::effect::PinAct`].
#[derive(Debug, Clone, PartialEq)]
pub enum PinAnswer {
    /// Whether the person has a PIN.
    Known(bool),
    /// The PIN is set.
    Set,
    /// What came of a try.
    Tried(Tried),
}

/// What the lock waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LockStep {
    /// Any key: there is no PIN.
    Press,
    /// A first PIN, or Esc to go on without one.
    Choose,
    /// The same once more.
    Repeat(Pin),
    /// The PIN.
    Ask,
}

/// A desk that shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Locked {
    pub(super) step: LockStep,
    pub(super) typed: String,
    /// An answer is on its way.
    pub(super) waiting: bool,
    /// What went wrong.
    pub(super) error: Option<Say>,
}

impl Locked {
    pub(super) const fn new(step: LockStep) -> Self {
        Self { step, typed: String::new(), waiting: false, error: None }
    }
}

/// The lock of one session.
#[derive(Default)]
pub(super) struct Lock {
    /// Whether there is a PIN, once known.
    pub(super) has_pin: Option<bool>,
    /// After how many milliseconds without a key; none: never.
    pub(super) after_ms: Option<i64>,
    pub(super) last_key: Option<Timestamp>,
    pub(super) locked: Option<Locked>,
}
