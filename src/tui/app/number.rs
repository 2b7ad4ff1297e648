//! Takes pasted text. A field takes it whole; outside a field a phone number opens the search, and anything else is
//! refused with a notice.
//!
//! Invariant: no pasted character is ever a command.

use super::state::{App, tagged};
use super::tabs::lacks;
use crate::domain::actor::Permission;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::tui::effect::{Effect, Origin, Subject};
use crate::tui::input::{Key, KeyCode, is_number};
use crate::tui::say::Say;
use crate::tui::screen::Taken;
use crate::tui::theme::Tone;

/// The keys that came as a number, as they were typed.
pub(super) fn keys_of(text: &str, line_end: bool) -> impl Iterator<Item = Key> {
    text.chars().map(Key::char).chain(line_end.then_some(Key::plain(KeyCode::Enter)))
}

impl App {
    /// Takes a paste.
    pub(super) fn paste(&mut self, text: &str) -> Taken {
        if let Some(modal) = self.modals.last_mut() {
            if modal.paste(text) {
                return Taken::Yes(self.ask_for_cases());
            }
            return self.paste_nowhere();
        }
        if self.open_screen().is_some_and(|screen| screen.field().is_some()) {
            let from = self.open;
            let effects = self.on_open(|screen, ctx| screen.paste(text, ctx));
            return Taken::Yes(self.settle(tagged(from, effects)));
        }
        let text = text.trim();
        if is_number(text) { self.open_number(text) } else { self.paste_nowhere() }
    }

    /// Takes keys that arrived in one read and form a phone number: a field takes them as text; elsewhere they are
    /// the number, without the line end that was pasted with it.
    pub(super) fn number(&mut self, text: &str, line_end: bool) -> Taken {
        let in_field = match self.modals.last() {
            Some(modal) => modal.field().is_some(),
            None => self.open_screen().is_some_and(|screen| screen.field().is_some()),
        };
        if in_field {
            let keys = keys_of(text, line_end).map(|key| self.key(key));
            let effects =
                keys.flat_map(|taken| if let Taken::Yes(effects) = taken { effects } else { Vec::new() });
            return Taken::Yes(effects.collect());
        }
        if self.modals.is_empty() { self.open_number(text) } else { self.paste_nowhere() }
    }

    /// Opens the search with a number: Vinmec's staff search among their cases. A call that is open on another tab stays open.
    fn open_number(&mut self, text: &str) -> Taken {
        let Ok(parsed) = PhoneNumber::parse(text) else { return self.paste_nowhere() };
        let role = self.ctx.actor.role;
        if role.may(Permission::SeeCases) {
            return Taken::Yes(self.search_cases_for(text));
        }
        let missing = lacks(Origin::Register, role)
            .or((!role.may(Permission::SeeCustomers)).then_some(Permission::SeeCustomers));
        if let Some(act) = missing {
            self.say(Tone::Warn, Say::from(Refusal::Forbidden { act }));
            return Taken::No;
        }
        let Some(at) = self.find(Origin::Register) else { return self.paste_nowhere() };
        if self.screens[at].typed().is_some() {
            self.say(Tone::Warn, Say::key("frame.number_form_open"));
            return Taken::No;
        }
        let subject = Subject::Phone(parsed.number.e164());
        Taken::Yes(self.settle(vec![(Origin::Register, Effect::Goto(Origin::Register, Some(subject)))]))
    }

    fn paste_nowhere(&mut self) -> Taken {
        self.say(Tone::Warn, Say::key("frame.paste_nowhere"));
        Taken::No
    }
}
