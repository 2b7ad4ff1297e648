//! Answers what a test asks of an app without knowing its screens: which question is open, whether nothing is open,
//! and which text is typed anywhere. The test that types random keys uses it.

use super::App;
use super::modal::Modal;
use crate::tui::screen::AnyScreen;

impl App {
    /// The id of the question that is shown, and whether yes is the marked answer.
    pub fn question(&self) -> Option<(&'static str, bool)> {
        match self.modals.last() {
            Some(Modal::Ask { question, yes, .. }) => Some((question.id, *yes)),
            Some(_) | None => None,
        }
    }

    /// Whether the 115 alarm fills the screen: it goes only when 115 is typed.
    pub fn is_alarmed(&self) -> bool {
        matches!(self.modals.last(), Some(Modal::Alarm { .. }))
    }

    /// Whether nothing is open over the screens, and the open screen is where pressing Esc has no further step.
    pub fn is_at_rest(&self) -> bool {
        self.modals.is_empty() && self.open_screen().is_none_or(|screen| screen.is_at_rest(&self.ctx))
    }

    /// Whether a text field has the keys.
    pub fn is_typing(&self) -> bool {
        self.modals.is_empty() && self.open_screen().is_some_and(|screen| screen.field().is_some())
    }

    /// What the person typed into the form that has the keys.
    pub fn touched_texts(&self) -> Vec<String> {
        self.open_screen().map(AnyScreen::touched_texts).unwrap_or_default()
    }

    /// All unsent text on the screens, also in windows that were left.
    pub fn texts(&self) -> Vec<String> {
        self.screens.iter().flat_map(|screen| screen.texts()).collect()
    }
}
