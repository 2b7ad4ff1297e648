//! The state of the idle lock: whether there is a PIN, after how long it locks, and what a locked session waits for.

use crate::domain::pin::Pin;
use crate::domain::time::Timestamp;
use crate::tui::say::Say;
use crate::usecase::pin::Tried;

/// The result of a [`PinAct`](crate::tui::effect::PinAct).
#[derive(Debug, Clone, PartialEq)]
pub enum PinAnswer {
    /// Whether the person has a PIN.
    Known(bool),
    /// The PIN is set.
    Set,
    /// The result of a try.
    Tried(Tried),
}

/// What a locked session waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LockStep {
    /// Any key: there is no PIN.
    Press,
    /// A first PIN, or Esc to go on without one.
    Choose,
    /// The same PIN once more.
    Repeat(Pin),
    /// The PIN.
    Ask,
}

/// A locked session, which shows nothing but the lock.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Locked {
    pub(super) step: LockStep,
    pub(super) typed: String,
    /// An answer is on its way.
    pub(super) waiting: bool,
    /// What was wrong with the last try.
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
    /// After how many milliseconds without a key it locks; none: never.
    pub(super) after_ms: Option<i64>,
    pub(super) last_key: Option<Timestamp>,
    pub(super) locked: Option<Locked>,
}
