//! The tasks (F12): what waits for the person and their role, from any screen and back to it.
//!
//! Invariants:
//! * a task is opened where its work is done; closing it with words is for what has no other place;
//! * a task that was closed by mistake is taken back for two minutes.
//!
//! Deliberately absent: opening tasks. What happened does that.

mod columns;
mod detail;
mod keys;
mod state;
mod view;
mod windows;

#[cfg(test)]
mod tests;

pub use keys::BINDINGS;
pub use state::{Act, TasksScreen};

use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::form::Form;
use crate::tui::input::{Mouse, Pointer};
use crate::tui::keys::Binding;
use crate::tui::screen::{Msg, Screen};
use crate::tui::widgets::list_keys::List;
use crate::usecase::Topics;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

/// Takes a click: it chooses a row; a click on the chosen one opens what it is about.
fn click(screen: &mut TasksScreen, mouse: Mouse, area: Rect) -> Vec<Effect> {
    if mouse.pointer != Pointer::Click || screen.windows.is_open() {
        return Vec::new();
    }
    let at = Position { x: mouse.column, y: mouse.row };
    let table = view::table(area);
    if List::click(&mut screen.rows, table, at) { screen.act(Act::Open) } else { Vec::new() }
}

impl Screen for TasksScreen {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(_) => self.opened(ctx),
            Msg::Act(act) => self.act(act),
            Msg::Mouse(mouse, area) => click(self, mouse, area),
            Msg::Answered(id, yes) => self.answered(id, yes),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Changed(_) if !self.shows().is_empty() => self.refresh(),
            Msg::Tick => self.tick(ctx),
            Msg::Changed(_) | Msg::Edited => Vec::new(),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        view::screen(self, frame, area, ctx);
    }

    fn form(&self) -> Option<&Form> {
        self.windows.get().map(|window| &window.form)
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        self.windows.get_mut().map(|window| &mut window.form)
    }

    fn list(&self) -> Option<&dyn List> {
        if self.windows.is_open() { None } else { Some(&self.rows) }
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        if self.windows.is_open() { None } else { Some(&mut self.rows) }
    }

    fn texts(&self) -> Vec<String> {
        self.windows.texts()
    }

    fn saving(&self) -> bool {
        self.is_saving()
    }

    fn shows(&self) -> Topics {
        if self.is_saving() || self.windows.is_open() { Topics::NONE } else { Topics::TASKS }
    }
}
