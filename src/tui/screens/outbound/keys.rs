//! The keys of outbound calls: those of every call, and those of the middle part. Digits record results; letters open
//! the answers to customers' questions, so that no key has two meanings in one call.

use super::state::{Offer, Open, Outbound};
use crate::domain::actor::Permission as May;
use crate::tui::call::desk::{CallAct, CallDesk, Part};
use crate::tui::call::keys::{DOWN, ENTER, ESC, HasCallDesk, UP, here, reading};
use crate::tui::input::Key;
use crate::tui::keys::{Binding, Enabled, joined};
use crate::{call_rows, pause_rows};

/// What the keys of the screen do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// What the keys of every call do.
    Call(CallAct),
    /// Open the questions that customers ask.
    Questions,
    /// Open the answer to one of them.
    Question(usize),
    /// Move to the next question, or to the one before.
    TurnQuestion(bool),
    /// Toggle the consent at this place.
    Consent(usize),
    /// Register.
    Register,
    /// Back to the script.
    Back,
}

const QUESTIONS: &str = "calls_questions";
const REGISTER: &str = "calls_register";

type Row = Binding<Act, Outbound>;

const fn row(place: &'static str, id: &'static str, keys: &'static [Key], act: Act) -> Row {
    Binding::new(place, id, keys, act).needs(May::CallOffers)
}

const fn question(id: &'static str, key: &'static [Key], at: usize) -> Row {
    row(QUESTIONS, id, key, Act::Question(at)).when(Outbound::asking).quiet()
}

const fn consent(id: &'static str, key: &'static [Key], at: usize) -> Row {
    row(REGISTER, id, key, Act::Consent(at)).when(Outbound::in_form).quiet()
}

const CALL: &[Row] = call_rows!(Act::Call, Outbound, May::CallOffers);
const PAUSES: &[Row] = pause_rows!(Act::Call, Outbound, May::CallOffers);
const MIDDLE: &[Row] = &[
    row("call_open", "calls.questions", &[Key::char('o')], Act::Questions).when(reading::<Outbound>),
    row(QUESTIONS, "calls.question_next", DOWN, Act::TurnQuestion(true)).when(Outbound::asking).quiet(),
    row(QUESTIONS, "calls.question_back", UP, Act::TurnQuestion(false)).when(Outbound::asking).quiet(),
    question("calls.question_1", &[Key::char('a')], 0),
    question("calls.question_2", &[Key::char('b')], 1),
    question("calls.question_3", &[Key::char('c')], 2),
    question("calls.question_4", &[Key::char('d')], 3),
    question("calls.question_5", &[Key::char('e')], 4),
    question("calls.question_6", &[Key::char('f')], 5),
    question("calls.question_7", &[Key::char('g')], 6),
    question("calls.question_8", &[Key::char('h')], 7),
    question("calls.question_9", &[Key::char('i')], 8),
    row(REGISTER, "calls.register", ENTER, Act::Register).when(Outbound::in_form),
    consent("calls.consent_1", &[Key::char('1')], 0),
    consent("calls.consent_2", &[Key::char('2')], 1),
    consent("calls.consent_3", &[Key::char('3')], 2),
    consent("calls.consent_4", &[Key::char('4')], 3),
    row("call_middle", "calls.back", ESC, Act::Back).when(Outbound::in_middle),
];

/// The table.
pub const BINDINGS: &[Row] =
    &joined::<Act, Outbound, { CALL.len() + PAUSES.len() + MIDDLE.len() }>(&[CALL, PAUSES, MIDDLE]);

impl HasCallDesk for Outbound {
    type Middle = Offer;

    const DIGITS: bool = true;

    fn desk(&self) -> &CallDesk<Offer> {
        &self.desk
    }
}

/// The name of the first key with this act, for hints in the view.
pub fn cap(act: Act) -> String {
    BINDINGS
        .iter()
        .find(|row| row.act == act)
        .and_then(|row| row.keys.first())
        .map_or_else(String::new, ToString::to_string)
}

/// The key of the consent at a place.
pub fn consent_cap(at: usize) -> String {
    cap(Act::Consent(at))
}

impl Outbound {
    fn open(&self) -> Option<Open> {
        let call = self.desk.call().filter(|call| call.part == Part::Middle)?;
        Some(call.middle.open)
    }

    fn asking(&self) -> Enabled {
        here(matches!(self.open(), Some(Open::Questions(_))))
    }

    fn in_form(&self) -> Enabled {
        here(self.open() == Some(Open::Register))
    }

    fn in_middle(&self) -> Enabled {
        here(self.open().is_some())
    }
}
