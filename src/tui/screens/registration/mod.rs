//! Screen 2, Đăng ký: finds a customer by number or name, shows whether they may register, and registers them. Two
//! more panes show the fanpage leads and the hand-over batches.
//!
//! Invariants:
//! * only the newest search counts;
//! * a customer found by name is opened by the audited command that shows the whole number;
//! * what was typed stays until its command is done;
//! * the program ticks no consent.
//!
//! Deliberately absent: the registration form of an outbound call (screen 1), and Vinmec's side of a batch (screen 3).

mod act;
mod acts;
mod batches;
mod card;
mod digits;
mod draft;
mod finder;
mod keys;
mod leads;
mod opened;
mod replies;
mod state;
mod view;
mod windows;

#[cfg(test)]
mod tests;

pub use act::{Act, Pane};
pub use keys::BINDINGS;
pub use state::Registration;

use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::field::Field;
use crate::tui::form::Form;
use crate::tui::input::{Mouse, Pointer};
use crate::tui::keys::Binding;
use crate::tui::screen::{Msg, Screen};
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::list_keys::List;
use crate::tui::widgets::pane;
use crate::usecase::Topics;
use batches::Batches;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use state::CustomerStep;
use view::Places;

/// Takes a click: it chooses a row, and a click on the chosen row opens it.
fn click(screen: &mut Registration, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
    if mouse.pointer != Pointer::Click || screen.windows.is_open() {
        return Vec::new();
    }
    let (_, body) = view::parts(area);
    let at = Position { x: mouse.column, y: mouse.row };
    let (again, open) = match screen.pane {
        Pane::Search => {
            let finder = screen.places(body).finder.filter(|_| screen.is_finding());
            (finder.is_some_and(|area| screen.finder.hits.click(Places::hits(area), at)), Act::Open)
        }
        Pane::Leads => (List::click(&mut screen.leads, pane::inside(body), at), Act::LeadNext),
        Pane::Batches => {
            let on_list = screen.batches.open.is_none();
            let again = screen.focused_list_mut().is_some_and(|list| list.click(Batches::table(body), at));
            (again && on_list, Act::BatchOpen)
        }
    };
    if again { screen.act(open, ctx) } else { Vec::new() }
}

impl Screen for Registration {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(subject) => self.tab_opened(subject, ctx),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Edited => self.edited(),
            Msg::Mouse(mouse, area) => click(self, mouse, area, ctx),
            Msg::Answered(id, yes) => {
                if self.windows.answered(id, yes) {
                    return Vec::new();
                }
                self.requests.answered(id, yes).into_iter().collect()
            }
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Tick => {
                self.expire_undo(ctx);
                Vec::new()
            }
            Msg::Changed(_) if self.saving() || self.form().is_some() => Vec::new(),
            Msg::Changed(_) => self.refresh(ctx),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        self.draw(frame, area, ctx);
    }

    fn form(&self) -> Option<&Form> {
        self.focused_form()
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        self.focused_form_mut()
    }

    fn list(&self) -> Option<&dyn List> {
        self.focused_list()
    }

    fn list_mut(&mut self) -> Option<&mut dyn List> {
        self.focused_list_mut()
    }

    fn field(&self) -> Option<&Field> {
        match self.form() {
            Some(form) => form.focused_field(),
            None if self.is_finding() => Some(&self.finder.field),
            None => self.focused_list().and_then(List::field),
        }
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        if self.form().is_some() {
            return self.form_mut().and_then(Form::focused_field_mut);
        }
        if self.is_finding() {
            return self.search_field_mut();
        }
        self.focused_list_mut().and_then(List::field_mut)
    }

    fn texts(&self) -> Vec<String> {
        let drafts = self.drafts.iter().flat_map(|draft| draft.form.texts());
        drafts.chain(self.windows.texts()).collect()
    }

    fn saving(&self) -> bool {
        self.requests.is_saving()
    }

    fn typed(&self) -> Option<(About, Typed)> {
        let CustomerStep::Registering(opened) = &self.step else { return None };
        let draft = self.draft()?;
        Some((
            About::Phone(draft.phone.clone()),
            Typed { who: opened.name(), fields: draft.form.typed(), ..Typed::default() },
        ))
    }

    fn retype(&mut self, about: &About, typed: &Typed, _ctx: &Ctx) -> bool {
        let About::Phone(phone) = about else { return false };
        if self.opened().is_none_or(|opened| opened.customer.phone != *phone || opened.channel.is_none()) {
            return false;
        }
        if matches!(self.step, CustomerStep::Reading(_)) {
            self.begin_form();
        }
        if let Some(draft) = self.draft_mut() {
            draft.form.retype(&typed.fields);
            draft.follow();
            draft.form.retype(&typed.fields);
        }
        true
    }

    fn shows(&self) -> Topics {
        if self.saving() || self.form().is_some() {
            return Topics::NONE;
        }
        match self.pane {
            // The card of a customer shows matters, registration and consents, too.
            Pane::Search => Topics::ALL,
            Pane::Leads => Topics::LEADS.with(Topics::SEATS),
            Pane::Batches => Topics::BATCHES.with(Topics::SEATS),
        }
    }
}
