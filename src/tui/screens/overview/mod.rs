//! Screen 5, Tổng quan: the figures of the programme page by page, and the changes that supervisors make there.
//!
//! Invariant: a page that the role may not see has no key and no place in the strip. Deliberately absent: computing
//! figures.

mod act;
mod agents;
mod audit;
mod board;
mod calls;
mod figures;
mod forms;
mod key_field;
mod keys;
mod lists;
mod pages;
mod replies;
mod satisfaction;
mod sessions;
mod ssh_keys;
mod staff;
mod state;
mod strip;
mod versions;
mod view;

#[cfg(test)]
mod tests;

pub use act::Act;
pub use keys::BINDINGS;
pub use pages::Page;
pub use state::OverviewScreen;

use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::form::Form;
use crate::tui::input::{Mouse, Pointer};
use crate::tui::keys::Binding;
use crate::tui::screen::{Msg, Screen};
use crate::tui::widgets::list_keys::List;
use crate::usecase::Topics;
use act::StaffAct;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

/// Takes a click: it chooses a row of the page; a click on the chosen staff member opens their form.
fn click(screen: &mut OverviewScreen, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
    if mouse.pointer != Pointer::Click || !screen.on_page() {
        return Vec::new();
    }
    let at = Position { x: mouse.column, y: mouse.row };
    let again = screen.focused_list_mut().is_some_and(|list| list.click(view::table(area), at));
    if again && screen.page == Page::Staff { screen.act(Act::Staff(StaffAct::Edit), ctx) } else { Vec::new() }
}

impl Screen for OverviewScreen {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(_) => self.show(self.page),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Mouse(mouse, area) => click(self, mouse, area, ctx),
            Msg::Answered(id, yes) => self.answered(id, yes),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Edited => self.edited(),
            Msg::Changed(_) if !self.shows().is_empty() => self.refresh(),
            Msg::Tick | Msg::Changed(_) => Vec::new(),
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
        self.focused_list()
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        self.focused_list_mut()
    }

    fn texts(&self) -> Vec<String> {
        self.windows.texts()
    }

    fn saving(&self) -> bool {
        self.is_saving()
    }

    fn shows(&self) -> Topics {
        self.topics()
    }
}
