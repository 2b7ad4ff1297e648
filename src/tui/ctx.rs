//! What every screen may know besides its own state: who works, in which language, and what time it is.

use super::field::compose::TypingMode;
use super::theme::Theme;
use crate::domain::actor::Actor;
use crate::domain::campaign::Campaign;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use std::sync::Arc;

/// What every screen may know besides its own state.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Who works here.
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
}
