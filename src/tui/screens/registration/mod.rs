//! Screen 2, Đăng ký: find a customer by whatever is known of them, say at once whether they may register, and
//! register them. Beside it the fanpage leads and the hand-over batches.
//!
//! Invariants: only the newest search counts; a customer found by name is opened through the audited command that
//! shows the whole number; what was typed stays until its command is done; no consent is ticked by the program.
//! Deliberately absent: the form of an outbound call (it stands on that screen) and Vinmec's side of a batch.

mod acts;
mod batches;
mod card;
mod digits;
mod draft;
mod finder;
mod keys;
mod leads;
mod opened;
mod popup;
mod replies;
mod view;

#[cfg(test)]
mod tests;

pub use keys::{Act, BINDINGS};

use crate::domain::actor::{Permission as May, Role};
use crate::domain::id::LeadId;
use crate::tui::call::card::dialled;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Subject, Ticket, Tickets};
use crate::tui::field::Field;
use crate::tui::form::Form;
use crate::tui::input::{Mouse, Pointer};
use crate::tui::keys::Binding;
use crate::tui::screen::{Msg, Screen};
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::list::{Cursor, Step, row_at};
use crate::usecase::command::Nothing;
use crate::usecase::{Command, Query, Topics};
use batches::Batches;
use draft::Draft;
use finder::Finder;
use leads::Leads;
use opened::Opened;
use popup::{CONFIRM, DISCARD, Popup};
use ratatui::Frame;
use ratatui::layout::Rect;
use view::Places;

/// Forms that are kept while other customers are opened; the oldest goes first.
const MOST_DRAFTS: usize = 8;
/// The id of the question before a batch leaves.
const HAND_OVER: &str = "reg.hand_over";

/// The three panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Search and customer.
    Search,
    /// Fanpage leads.
    Leads,
    /// Hand-over batches.
    Batches,
}

/// How far one has come with a customer.
#[derive(Clone, PartialEq, Eq)]
enum Stage {
    /// Typing into the search.
    Finding,
    /// A customer is open.
    Reading(Opened),
    /// The form of the open customer.
    Registering(Opened),
}

/// What is in flight and holds the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saving {
    /// The whole number of a hit.
    Number,
    /// A customer is being opened, maybe from a lead.
    Opening(Option<LeadId>),
    /// The registration.
    Register,
    /// The command of the small window.
    Popup,
    /// A batch.
    HandOver,
}

/// The screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Registration {
    tickets: Tickets,
    pane: Pane,
    finder: Finder,
    stage: Stage,
    drafts: Vec<Draft>,
    popup: Option<Popup>,
    leads: Leads,
    batches: Batches,
    saving: Option<(Ticket, Saving)>,
    /// The open customer is being read again.
    refreshing: Option<Ticket>,
    /// Nobody has come to the tab yet.
    fresh: bool,
}

impl Default for Registration {
    fn default() -> Self {
        Self::new()
    }
}

impl Registration {
    /// The screen before anybody has come to it.
    pub fn new() -> Self {
        Self {
            tickets: Tickets::new(Origin::Register),
            pane: Pane::Search,
            finder: Finder::new(),
            stage: Stage::Finding,
            drafts: Vec::new(),
            popup: None,
            leads: Leads::default(),
            batches: Batches::default(),
            saving: None,
            refreshing: None,
            fresh: true,
        }
    }

    /// The customer who is open.
    fn opened(&self) -> Option<&Opened> {
        match &self.stage {
            Stage::Finding => None,
            Stage::Reading(opened) | Stage::Registering(opened) => Some(opened),
        }
    }

    fn opened_mut(&mut self) -> Option<&mut Opened> {
        match &mut self.stage {
            Stage::Finding => None,
            Stage::Reading(opened) | Stage::Registering(opened) => Some(opened),
        }
    }

    /// The kept form of a number.
    fn draft_of(&self, phone: &str) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.phone == phone)
    }

    /// The form on show.
    fn draft(&self) -> Option<&Draft> {
        match &self.stage {
            Stage::Registering(opened) => self.draft_of(&opened.customer.phone),
            Stage::Finding | Stage::Reading(_) => None,
        }
    }

    fn draft_mut(&mut self) -> Option<&mut Draft> {
        let Stage::Registering(opened) = &self.stage else { return None };
        self.drafts.iter_mut().find(|draft| draft.phone == opened.customer.phone)
    }

    /// The length of the list that arrows move in; `None` where they belong to something else.
    fn list_len(&self) -> Option<usize> {
        match (self.pane, &self.stage) {
            (Pane::Search, Stage::Finding) => Some(self.finder.hits().len()),
            (Pane::Search, Stage::Reading(_) | Stage::Registering(_)) => None,
            (Pane::Leads, _) => Some(self.leads.len()),
            (Pane::Batches, _) => Some(match &self.batches.open {
                Some(open) => open.model.as_ref().map_or(0, |model| model.rows.len()),
                None => self.batches.rows.as_ref().map_or(0, Vec::len),
            }),
        }
    }

    fn cursor_mut(&mut self) -> &mut Cursor {
        match (self.pane, &mut self.batches.open) {
            (Pane::Search, _) => &mut self.finder.cursor,
            (Pane::Leads, _) => &mut self.leads.cursor,
            (Pane::Batches, Some(open)) => &mut open.cursor,
            (Pane::Batches, None) => &mut self.batches.cursor,
        }
    }

    fn step(&mut self, step: Step) {
        if let Some(len) = self.list_len() {
            self.cursor_mut().step(step, len);
        }
    }

    /// The pane on which a role begins.
    const fn first_pane(role: Role) -> Pane {
        match role {
            Role::Agent | Role::Supervisor => Pane::Search,
            Role::FanpageAdmin => Pane::Leads,
            Role::Intake | Role::Doctor | Role::VinmecLead | Role::Auditor | Role::Operator => Pane::Batches,
        }
    }

    fn come(&mut self, subject: Option<Subject>, ctx: &Ctx) -> Vec<Effect> {
        if self.fresh {
            self.fresh = false;
            self.pane = Self::first_pane(ctx.actor.role);
        }
        match subject {
            Some(Subject::Phone(phone)) if ctx.actor.role.may(May::SeeCustomers) => {
                self.pane = Pane::Search;
                self.finder.field.set(&dialled(&phone));
                self.open_number(phone, None)
            }
            Some(_) | None => self.reload(ctx),
        }
    }

    /// Reads what is on show again.
    fn reload(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let may = |act| ctx.actor.role.may(act);
        match self.pane {
            Pane::Search if !may(May::SeeCustomers) => Vec::new(),
            Pane::Search => match self.opened().map(|opened| opened.customer.phone.clone()) {
                Some(phone) => {
                    let ticket = self.tickets.next();
                    self.refreshing = Some(ticket);
                    vec![Effect::load(ticket, Query::Customer { phone })]
                }
                None if self.finder.is_waiting() => Vec::new(),
                None => self.finder.ask(&mut self.tickets),
            },
            Pane::Leads if !may(May::WorkLeads) => Vec::new(),
            Pane::Leads => {
                let ticket = self.tickets.next();
                self.leads.asked = Some(ticket);
                vec![Effect::load(ticket, Query::Leads {})]
            }
            Pane::Batches if !may(May::SeeBatches) => Vec::new(),
            Pane::Batches => {
                let ticket = self.tickets.next();
                self.batches.asked = Some(ticket);
                let query = match &self.batches.open {
                    Some(open) => Query::Batch { batch: open.batch },
                    None => Query::Batches {},
                };
                vec![Effect::load(ticket, query)]
            }
        }
    }

    fn save(&mut self, saving: Saving, command: Command, then: Option<Query>) -> Vec<Effect> {
        let ticket = self.tickets.next();
        self.saving = Some((ticket, saving));
        vec![Effect::save(ticket, command, then)]
    }

    /// Opens the customer behind a number.
    fn open_number(&mut self, phone: String, lead: Option<LeadId>) -> Vec<Effect> {
        let ticket = self.tickets.next();
        self.saving = Some((ticket, Saving::Opening(lead)));
        vec![Effect::load(ticket, Query::Customer { phone })]
    }

    fn answered(&mut self, id: &str, yes: bool, ctx: &Ctx) -> Vec<Effect> {
        match (id, yes) {
            (CONFIRM, true) => self.popup_save(ctx, true),
            (DISCARD, true) => {
                self.popup = None;
                Vec::new()
            }
            (HAND_OVER, true) => {
                self.save(Saving::HandOver, Command::HandOver(Nothing {}), Some(Query::Batches {}))
            }
            (_, _) => Vec::new(),
        }
    }

    fn edited(&mut self) -> Vec<Effect> {
        if self.popup.is_some() {
            return Vec::new();
        }
        if let Some(draft) = self.draft_mut() {
            draft.follow();
            return Vec::new();
        }
        self.finder.cursor = Cursor::default();
        self.finder.ask(&mut self.tickets)
    }

    /// The wheel moves in the list on show; a click chooses, and a click on what is chosen opens it.
    fn mouse(&mut self, mouse: Mouse, area: Rect, ctx: &Ctx) -> Vec<Effect> {
        if self.popup.is_some() {
            return Vec::new();
        }
        match mouse.pointer {
            Pointer::WheelUp => self.step(Step::Up),
            Pointer::WheelDown => self.step(Step::Down),
            Pointer::Click => {
                let places = self.places(area);
                let (rows, open) = match self.pane {
                    Pane::Search => (places.finder.map(Places::hits), Act::Open),
                    Pane::Leads => (Some(Leads::rows_area(places.body)), Act::LeadNext),
                    Pane::Batches => return Vec::new(),
                };
                let (Some(rows), Some(len)) = (rows, self.list_len()) else { return Vec::new() };
                let cursor = self.cursor_mut();
                let Some(at) = row_at(rows, mouse.row, cursor.0, len) else { return Vec::new() };
                if cursor.0 == at {
                    return self.act(open, ctx);
                }
                *cursor = Cursor(at);
            }
        }
        Vec::new()
    }
}

impl Screen for Registration {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(subject) => self.come(subject, ctx),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Edited => self.edited(),
            Msg::Mouse(mouse, area) => self.mouse(mouse, area, ctx),
            Msg::Answered(id, yes) => self.answered(id, yes, ctx),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Tick => Vec::new(),
            Msg::Changed if self.saving() || self.form().is_some() => Vec::new(),
            Msg::Changed => self.reload(ctx),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        self.draw(frame, area, ctx);
    }

    fn form(&self) -> Option<&Form> {
        match (&self.popup, self.pane) {
            (Some(popup), _) => Some(&popup.form),
            (None, Pane::Search) => self.draft().map(|draft| &draft.form),
            (None, Pane::Leads | Pane::Batches) => None,
        }
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        if self.popup.is_some() {
            return self.popup.as_mut().map(|popup| &mut popup.form);
        }
        match self.pane {
            Pane::Search => self.draft_mut().map(|draft| &mut draft.form),
            Pane::Leads | Pane::Batches => None,
        }
    }

    fn field(&self) -> Option<&Field> {
        match (self.form(), self.pane, &self.stage) {
            (Some(form), _, _) => form.focused_field(),
            (None, Pane::Search, Stage::Finding) => Some(&self.finder.field),
            (None, _, _) => None,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        if self.form().is_some() {
            return self.form_mut().and_then(Form::focused_field_mut);
        }
        match (self.pane, &self.stage) {
            (Pane::Search, Stage::Finding) => Some(&mut self.finder.field),
            (_, _) => None,
        }
    }

    fn saving(&self) -> bool {
        self.saving.is_some()
    }

    fn typed(&self) -> Option<(About, Typed)> {
        let Stage::Registering(opened) = &self.stage else { return None };
        let draft = self.draft()?;
        let name = &opened.customer.name;
        let who = if name.is_empty() { dialled(&draft.phone) } else { name.clone() };
        Some((
            About::Phone(draft.phone.clone()),
            Typed { who, fields: draft.form.typed(), ..Typed::default() },
        ))
    }

    fn retype(&mut self, about: &About, typed: &Typed, _ctx: &Ctx) -> bool {
        let About::Phone(phone) = about else { return false };
        if self.opened().is_none_or(|opened| opened.customer.phone != *phone || opened.channel.is_none()) {
            return false;
        }
        if matches!(self.stage, Stage::Reading(_)) {
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
            // A customer is shown with all that hangs on them.
            Pane::Search => Topics::ALL,
            Pane::Leads => Topics::LEADS.with(Topics::SEATS),
            Pane::Batches => Topics::BATCHES.with(Topics::SEATS),
        }
    }
}
