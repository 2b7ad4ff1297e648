//! The context that every screen reads besides its own state: actor, language, theme and time.

use super::field::compose::TypingMode;
use super::theme::Theme;
use crate::domain::actor::Actor;
use crate::domain::campaign::Campaign;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use std::sync::Arc;

/// Where keys go and the terminal's cursor stands while a screen is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The screen's list, grid, box or choice.
    #[default]
    Screen,
    /// A text field of the screen.
    Field,
    /// A window over the screen: the screen takes no keys and is drawn without lit ones ([`Theme::dimmed`]).
    Window,
}

/// The context that every screen reads besides its own state.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The person who works in this session.
    pub actor: Actor,
    /// The programme: script, notice, questionnaire, limits.
    pub campaign: Arc<Campaign>,
    /// The language of the session.
    pub lang: Lang,
    /// Styles.
    pub theme: Theme,
    /// The time of the last tick (or of the simulated store).
    pub now: Timestamp,
    /// How letters are composed.
    pub typing: TypingMode,
    /// Whether the store is simulated.
    pub simulated: bool,
    /// Where the keys go; the frame sets it when it draws.
    pub focus: Focus,
}

impl Ctx {
    /// This context for what is under a window of the screen itself: its keys are dimmed, and no cursor is set there.
    #[must_use]
    pub fn under_window(&self) -> Self {
        Self { theme: self.theme.dimmed(), focus: Focus::Window, ..self.clone() }
    }

    /// Whether a window is over the screen, so that none of its keys works now.
    pub fn is_under_window(&self) -> bool {
        self.focus == Focus::Window
    }
}
