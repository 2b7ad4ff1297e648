//! Notices of acts that do nothing.

use crate::tui::effect::Effect;
use crate::tui::say::Say;
use crate::tui::theme::Tone;

/// The notice that says why an act does nothing.
pub(super) fn notice(key: &'static str) -> Vec<Effect> {
    warn(Say::key(key))
}

/// The same with a sentence that has values.
pub(super) fn warn(say: Say) -> Vec<Effect> {
    vec![Effect::Notice(Tone::Warn, say)]
}
