//! Routes keys, pastes and mouse acts to the part that takes them. The order is: a terminal that is too small takes
//! only the key that leaves, a locked session only its PIN, an open window only its own keys; then the frame, the
//! open screen, and the frame's plain keys.

use super::keys::FrameAct;
use super::keys::{FRAME_KEYS, MODAL_KEYS, PLAIN_KEYS};
use super::modal::Modal;
use super::number::keys_of;
use super::state::{App, tagged};
use super::view;
use crate::tui::effect::Effect;
use crate::tui::input::{Input, Key};
use crate::tui::keys::{Hit, look_up};
use crate::tui::say::Say;
use crate::tui::screen::{AnyScreen, Taken};
use crate::tui::theme::Tone;

impl App {
    /// Takes a key, a paste or the mouse.
    pub(super) fn by_hand(&mut self, input: Input) -> Vec<Effect> {
        if self.is_too_small() {
            return match input {
                // A locked session keeps what was typed and asks nothing.
                Input::Key(key) if self.leaves(key) && self.is_locked() => self.lock_key(key),
                Input::Key(key) if self.leaves(key) => self.act(FrameAct::Quit),
                _ => Vec::new(),
            };
        }
        if self.is_locked() {
            return match input {
                Input::Key(key) => self.lock_key(key),
                Input::Number { text, line_end } => {
                    keys_of(&text, line_end).flat_map(|key| self.lock_key(key)).collect()
                }
                _ => Vec::new(),
            };
        }
        self.note_presence();
        let (count, readable) = (self.notice_count, self.notice_is_readable());
        let taken = match input {
            Input::Key(key) => self.key(key),
            Input::Paste(text) => self.paste(&text),
            Input::Number { text, line_end } => self.number(&text, line_end),
            Input::Mouse(mouse) => self.mouse(mouse),
            Input::Resize(..) | Input::Tick(_) | Input::Changed(_) | Input::Away(_) | Input::Hangup => {
                Taken::No
            }
        };
        let Taken::Yes(effects) = taken else { return Vec::new() };
        // The act comes after a notice that could be read, so the notice goes; a notice of the act itself stays.
        if readable && self.notice_count == count {
            self.notice = None;
        }
        effects
    }

    /// Whether the terminal is too small, so that nothing else is shown.
    pub(super) const fn is_too_small(&self) -> bool {
        self.size.0 < view::SMALLEST.0 || self.size.1 < view::SMALLEST.1
    }

    fn leaves(&self, key: Key) -> bool {
        look_up(FRAME_KEYS, key, self, self.ctx.actor.role) == Hit::Act(FrameAct::Quit)
    }

    /// Hands a key to the uppermost window, or else to the frame and the open screen. `No` when nothing happens.
    pub(super) fn key(&mut self, key: Key) -> Taken {
        if !self.modals.is_empty() {
            return self.modal_key(key);
        }
        let role = self.ctx.actor.role;
        match look_up(FRAME_KEYS, key, self, role) {
            // Help, palette, typing mode and language are no answer to a notice: it stays.
            Hit::Act(act @ (FrameAct::Help | FrameAct::Palette | FrameAct::Typing | FrameAct::Language)) => {
                self.act(act);
                return Taken::No;
            }
            Hit::Act(act) => return Taken::Yes(self.act(act)),
            Hit::Not(why) => {
                self.say(Tone::Warn, Say::key(why));
                return Taken::No;
            }
            Hit::Forbidden(_) | Hit::Unknown => {}
        }
        let from = self.open;
        let held = |app: &Self| app.open_screen().map_or(0, AnyScreen::held);
        let held_before = held(self);
        match self.with_open(|screen, ctx| screen.key(key, ctx)) {
            Some(Taken::Yes(effects)) => {
                let effects = self.settle(tagged(from, effects));
                // A held key has done nothing yet, so the notice stays.
                if held(self) > held_before { Taken::No } else { Taken::Yes(effects) }
            }
            Some(Taken::No) | None => match look_up(PLAIN_KEYS, key, self, role) {
                Hit::Act(act) => Taken::Yes(self.act(act)),
                Hit::Not(_) | Hit::Forbidden(_) | Hit::Unknown => Taken::No,
            },
        }
    }

    fn modal_key(&mut self, key: Key) -> Taken {
        if self.leaves(key) {
            return Taken::Yes(self.act(FrameAct::Quit));
        }
        let (mode, role) = (self.ctx.typing, self.ctx.actor.role);
        let Some(modal) = self.modals.last_mut() else { return Taken::No };
        if modal.press(key, mode) {
            return Taken::Yes(self.ask_for_cases());
        }
        match look_up(MODAL_KEYS, key, &*modal, role) {
            Hit::Act(act) => Taken::Yes(self.modal_act(act)),
            Hit::Not(why) if matches!(modal, Modal::Alarm { .. }) => {
                self.say(Tone::Danger, Say::key(why));
                Taken::No
            }
            Hit::Not(_) | Hit::Forbidden(_) | Hit::Unknown => Taken::No,
        }
    }

    /// Does the act of a frame row, or shows why it does not work now.
    pub(super) fn do_frame_row(&mut self, id: &str) -> Vec<Effect> {
        let mut rows = FRAME_KEYS.iter().chain(PLAIN_KEYS);
        let Some(row) = rows.find(|row| row.id == id && row.is_for(self.ctx.actor.role)) else {
            return Vec::new();
        };
        match (row.enabled)(self) {
            Ok(()) => self.act(row.act),
            Err(why) => {
                self.say(Tone::Warn, Say::key(why));
                Vec::new()
            }
        }
    }
}
