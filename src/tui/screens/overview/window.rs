//! The window over a page: a form, or the keys of one person; how it opens and closes, and the questions that
//! are asked before something is done.

use super::OverviewScreen;
use super::key_field::Fence;
use super::popup::Popup;
use super::ssh_keys::KeyWindow;
use crate::domain::refusal::Refusal;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Question};
use crate::tui::form::Form;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::Command;
use ratatui::Frame;
use ratatui::layout::Rect;

/// The id of the question before typed text is thrown away.
pub const DISCARD: &str = "over.discard";
/// The id of the question before a command that takes something away.
pub const CONFIRM: &str = "over.confirm";

/// A window.
#[derive(Clone, PartialEq)]
pub enum Window {
    /// A form that makes one command.
    Form(Popup),
    /// Somebody's SSH keys.
    Keys(KeyWindow),
}

impl Window {
    /// The form that has the focus.
    pub const fn form(&self) -> Option<&Form> {
        match self {
            Self::Form(popup) => Some(&popup.form),
            Self::Keys(keys) => keys.form(),
        }
    }

    /// The same form, to be edited.
    pub const fn form_mut(&mut self) -> Option<&mut Form> {
        match self {
            Self::Form(popup) => Some(&mut popup.form),
            Self::Keys(keys) => keys.form_mut(),
        }
    }

    /// The command, when everything is there; otherwise the item is marked.
    pub fn command(&mut self) -> Option<Command> {
        match self {
            Self::Form(popup) => popup.command(),
            Self::Keys(keys) => keys.command(),
        }
    }

    /// The door said no: the item that the rule names is marked.
    pub fn refuse(&mut self, refusal: &Refusal) {
        match self {
            Self::Form(popup) => popup.refuse(refusal),
            Self::Keys(keys) => keys.refuse(refusal),
        }
    }

    /// Whether closing would lose something.
    pub fn is_touched(&self) -> bool {
        match self {
            Self::Form(popup) => popup.is_touched(),
            Self::Keys(keys) => keys.is_touched(),
        }
    }

    /// The form, if any, goes; true when nothing of the window is left.
    pub fn close(&mut self) -> bool {
        match self {
            Self::Form(_) => true,
            Self::Keys(keys) => keys.close(),
        }
    }

    /// Draws it in the middle of `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        match self {
            Self::Form(popup) => popup.view(frame, area, ctx),
            Self::Keys(keys) => keys.view(frame, area, ctx),
        }
    }
}

impl OverviewScreen {
    /// Opens a window and reads what it shows.
    pub(super) fn open(&mut self, window: Window) -> Vec<Effect> {
        self.fence = Fence::DOWN;
        let reads = matches!(window, Window::Keys(_));
        self.window = Some(window);
        if reads { self.read_anew() } else { Vec::new() }
    }

    /// Closes the window, or its form; asks first when something was typed.
    pub(super) fn close_asking(&mut self) -> Vec<Effect> {
        if !self.window.as_ref().is_some_and(Window::is_touched) {
            return self.close();
        }
        let text = Say::key("over.ask.discard");
        vec![Effect::Ask(Box::new(Question {
            id: DISCARD,
            text,
            detail: None,
            tone: Tone::Warn,
            on_esc: None,
        }))]
    }

    /// Closes the window, or its form. The page under a window of keys counts them.
    pub(super) fn close(&mut self) -> Vec<Effect> {
        self.fence = Fence::DOWN;
        let counted = matches!(self.window, Some(Window::Keys(_)));
        if self.window.as_mut().is_some_and(Window::close) {
            self.window = None;
            if counted {
                return self.read_anew();
            }
        }
        Vec::new()
    }

    /// Asks before `command`, which a yes runs as it is now, whatever the list becomes meanwhile.
    pub(super) fn confirm(
        &mut self,
        command: Command,
        text: Say,
        detail: &'static str,
        tone: Tone,
    ) -> Vec<Effect> {
        self.asked = Some(command);
        let detail = Some(Say::key(detail));
        vec![Effect::Ask(Box::new(Question { id: CONFIRM, text, detail, tone, on_esc: None }))]
    }

    /// A field was changed: a private key in it is wiped, and the person is told.
    pub(super) fn edited(&mut self) -> Vec<Effect> {
        let Some(form) = self.window.as_mut().and_then(Window::form_mut) else { return Vec::new() };
        if self.fence.wipe(form) {
            return vec![Effect::Notice(Tone::Danger, Say::key("over.say.private_key"))];
        }
        Vec::new()
    }
}
