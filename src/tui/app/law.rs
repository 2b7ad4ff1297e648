//! Finds keys that two acts would take in the present state. Tests call it in every state that they reach.

use super::{App, FRAME_KEYS, MODAL_KEYS, PLAIN_KEYS};
use crate::tui::field::EDIT_KEYS;
use crate::tui::keys::{LiveKey, live_keys, shared_keys};

/// The id of the row that works everywhere.
const LEAVE: &str = "frame.quit";

impl App {
    /// Every key that two different acts would take now; empty when each has one meaning. A window hides the keys of
    /// all that is under it, and a text field takes every bare character.
    pub fn live_clashes(&self) -> Vec<String> {
        shared_keys(&self.live())
    }

    pub(super) fn live(&self) -> Vec<LiveKey> {
        let role = self.ctx.actor.role;
        let mut frame = live_keys("frame", FRAME_KEYS, self, role);
        if self.is_too_small() || self.is_locked() {
            frame.retain(|key| key.id == LEAVE);
            return frame;
        }
        if let Some(modal) = self.modals.last() {
            frame.retain(|key| key.id == LEAVE);
            let mut window = live_keys("window", MODAL_KEYS, modal, role);
            if let Some(field) = modal.field() {
                window.retain(|key| key.key.typed().is_none());
                frame.extend(live_keys("field", EDIT_KEYS, field, role));
            }
            frame.extend(window);
            return frame;
        }
        let Some(screen) = self.open_screen() else { return frame };
        if screen.field().is_none() {
            frame.extend(live_keys("frame", PLAIN_KEYS, self, role));
        }
        frame.extend(screen.live(&self.ctx));
        frame
    }
}
