//! The state of the survey: the call desk with its interview, and the measures.

use super::interview::Interview;
use crate::domain::contact::Purpose;
use crate::tui::call::desk::{CallDesk, CallLoad, CallSave};
use crate::tui::effect::Origin;
use crate::tui::requests::Requests;
use crate::usecase::model::count::Satisfaction;

/// The saves of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Save {
    /// A save of the call desk.
    Call(CallSave),
    /// The customer's answers.
    Answers,
}

impl From<CallSave> for Save {
    fn from(save: CallSave) -> Self {
        Self::Call(save)
    }
}

/// The screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    pub(super) requests: Requests<CallLoad, Save>,
    pub(super) desk: CallDesk<Interview>,
    pub(super) totals: Option<Satisfaction>,
}

impl Default for Survey {
    fn default() -> Self {
        Self::new()
    }
}

impl Survey {
    /// A screen that has not been opened yet.
    pub const fn new() -> Self {
        Self { requests: Requests::new(Origin::Survey), desk: CallDesk::new(Purpose::Survey), totals: None }
    }
}
