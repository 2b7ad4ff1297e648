//! The state of outbound calls: the call desk, and the middle part of an offer.

use super::register::Registering;
use crate::domain::contact::Purpose;
use crate::tui::call::desk::{CallDesk, CallLoad, CallSave, Middle, Part};
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Origin;
use crate::tui::requests::Requests;

/// The middle part of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which of its parts is open.
    pub open: Open,
    /// The registration form, once it was opened.
    pub form: Option<Registering>,
}

/// The open part of an offer's middle part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// The questions that customers ask, with the answer to this one.
    Questions(usize),
    /// The registration form.
    Register,
}

impl Middle for Offer {
    fn begin(_: &CallPanel, _: &Ctx) -> Self {
        Self { open: Open::Questions(0), form: None }
    }
}

/// The saves of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Save {
    /// A save of the call desk.
    Call(CallSave),
    /// The registration.
    Register,
}

impl From<CallSave> for Save {
    fn from(save: CallSave) -> Self {
        Self::Call(save)
    }
}

/// The screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Outbound {
    pub(super) requests: Requests<CallLoad, Save>,
    pub(super) desk: CallDesk<Offer>,
}

impl Default for Outbound {
    fn default() -> Self {
        Self::new()
    }
}

impl Outbound {
    /// A screen that has not been opened yet.
    pub const fn new() -> Self {
        Self { requests: Requests::new(Origin::Calls), desk: CallDesk::new(Purpose::Offer) }
    }

    /// The registration form while it has the keys.
    pub(super) fn registering(&self) -> Option<&Registering> {
        let call = self.desk.call().filter(|call| call.part == Part::Middle)?;
        call.middle.form.as_ref().filter(|_| call.middle.open == Open::Register)
    }

    pub(super) fn registering_mut(&mut self) -> Option<&mut Registering> {
        let call = self.desk.call_mut().filter(|call| call.part == Part::Middle)?;
        call.middle.form.as_mut().filter(|_| call.middle.open == Open::Register)
    }
}
