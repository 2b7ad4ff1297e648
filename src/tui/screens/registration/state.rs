//! The state of registrations: the open pane, the step with a customer, and the requests.

use super::act::Pane;
use super::batches::Batches;
use super::draft::Draft;
use super::finder::Finder;
use super::leads;
use super::opened::Opened;
use super::windows::Topic;
use crate::domain::actor::{Permission as May, Role};
use crate::domain::id::LeadId;
use crate::tui::call::card::dialled;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Subject};
use crate::tui::field::Field;
use crate::tui::form::Form;
use crate::tui::form::window::Windows;
use crate::tui::requests::Requests;
use crate::tui::widgets::list_keys::List;
use crate::tui::widgets::rows::Rows;
use crate::usecase::Query;
use crate::usecase::model::lead::LeadLine;

/// The step of the first pane.
#[derive(Clone, PartialEq, Eq)]
pub enum CustomerStep {
    /// The search has the focus.
    Finding,
    /// A customer is open.
    Reading(Opened),
    /// The form of the open customer.
    Registering(Opened),
}

/// The place that Esc returns to from an open customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// The search, or the leads for who came from a lead.
    Search,
    /// The screen that handed the number over, if it is another one.
    Screen,
}

/// The loads of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// The answer to the search.
    Search,
    /// The open customer again.
    Customer,
    /// The reasons against a call.
    WhyNot,
    /// The leads.
    Leads,
    /// The batches, or the rows of one.
    Batches,
}

/// The saves of the screen: they hold the keys until the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Save {
    /// The whole number of a hit, or of a lead.
    Number(Option<LeadId>),
    /// A customer is being opened, maybe from a lead.
    Opening(Option<LeadId>),
    /// The registration.
    Register,
    /// Taking back a registration or a cancellation.
    Undo,
    /// The command of the window.
    Window,
    /// A batch.
    HandOver,
}

/// The screen.
#[derive(Clone, PartialEq)]
pub struct Registration {
    pub(super) requests: Requests<Load, Save>,
    pub(super) pane: Pane,
    pub(super) finder: Finder,
    pub(super) step: CustomerStep,
    pub(super) before: Before,
    pub(super) drafts: Vec<Draft>,
    pub(super) windows: Windows<Topic>,
    pub(super) leads: Rows<LeadLine>,
    pub(super) batches: Batches,
    /// Whether the tab was not opened yet.
    fresh: bool,
}

impl Default for Registration {
    fn default() -> Self {
        Self::new()
    }
}

impl Registration {
    /// A screen whose tab was not opened yet.
    pub const fn new() -> Self {
        Self {
            requests: Requests::new(Origin::Register),
            pane: Pane::Search,
            finder: Finder::new(),
            step: CustomerStep::Finding,
            before: Before::Search,
            drafts: Vec::new(),
            windows: Windows::new(),
            leads: Rows::new(leads::COLUMNS),
            batches: Batches::new(),
            fresh: true,
        }
    }

    /// The customer who is open.
    pub(super) const fn opened(&self) -> Option<&Opened> {
        match &self.step {
            CustomerStep::Finding => None,
            CustomerStep::Reading(opened) | CustomerStep::Registering(opened) => Some(opened),
        }
    }

    /// The same customer, to take new facts.
    pub(super) const fn opened_mut(&mut self) -> Option<&mut Opened> {
        match &mut self.step {
            CustomerStep::Finding => None,
            CustomerStep::Reading(opened) | CustomerStep::Registering(opened) => Some(opened),
        }
    }

    /// The kept form of a number.
    pub(super) fn draft_of(&self, phone: &str) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.phone == phone)
    }

    /// The form that is shown.
    pub(super) fn draft(&self) -> Option<&Draft> {
        match &self.step {
            CustomerStep::Registering(opened) => self.draft_of(&opened.customer.phone),
            CustomerStep::Finding | CustomerStep::Reading(_) => None,
        }
    }

    /// The same, to be edited.
    pub(super) fn draft_mut(&mut self) -> Option<&mut Draft> {
        let CustomerStep::Registering(opened) = &self.step else { return None };
        self.drafts.iter_mut().find(|draft| draft.phone == opened.customer.phone)
    }

    /// The form that has the focus: the window's, or the registration's.
    pub(super) fn focused_form(&self) -> Option<&Form> {
        match (self.windows.get(), self.pane) {
            (Some(window), _) => Some(&window.form),
            (None, Pane::Search) => self.draft().map(|draft| &draft.form),
            (None, Pane::Leads | Pane::Batches) => None,
        }
    }

    /// The same, to be edited.
    pub(super) fn focused_form_mut(&mut self) -> Option<&mut Form> {
        if self.windows.is_open() {
            return self.windows.get_mut().map(|window| &mut window.form);
        }
        match self.pane {
            Pane::Search => self.draft_mut().map(|draft| &mut draft.form),
            Pane::Leads | Pane::Batches => None,
        }
    }

    /// Whether the search has the focus.
    pub(super) const fn is_finding(&self) -> bool {
        !self.windows.is_open() && matches!((self.pane, &self.step), (Pane::Search, CustomerStep::Finding))
    }

    /// The field of the search, while it has the focus.
    pub(super) fn search_field_mut(&mut self) -> Option<&mut Field> {
        if self.is_finding() { Some(&mut self.finder.field) } else { None }
    }

    /// The list that has the focus.
    pub(super) fn focused_list(&self) -> Option<&dyn List> {
        match (self.pane, &self.step, &self.batches.open) {
            _ if self.windows.is_open() => None,
            (Pane::Search, CustomerStep::Finding, _) => Some(&self.finder.hits),
            (Pane::Search, CustomerStep::Reading(_) | CustomerStep::Registering(_), _) => None,
            (Pane::Leads, ..) => Some(&self.leads),
            (Pane::Batches, _, Some(open)) => Some(&open.rows),
            (Pane::Batches, _, None) => Some(&self.batches.rows),
        }
    }

    /// The same, to be moved in.
    pub(super) fn focused_list_mut(&mut self) -> Option<&mut dyn List> {
        match (self.pane, &self.step, &mut self.batches.open) {
            _ if self.windows.is_open() => None,
            (Pane::Search, CustomerStep::Finding, _) => Some(&mut self.finder.hits),
            (Pane::Search, CustomerStep::Reading(_) | CustomerStep::Registering(_), _) => None,
            (Pane::Leads, ..) => Some(&mut self.leads),
            (Pane::Batches, _, Some(open)) => Some(&mut open.rows),
            (Pane::Batches, _, None) => Some(&mut self.batches.rows),
        }
    }

    /// Whether Enter in the search has something to open, now or when the answer arrives.
    pub(super) fn has_something_to_open(&self) -> bool {
        self.requests.is_loading(Load::Search) || self.finder.has_something()
    }

    /// The pane on which a role begins.
    const fn first_pane(role: Role) -> Pane {
        match role {
            Role::Agent | Role::Supervisor => Pane::Search,
            Role::FanpageAdmin => Pane::Leads,
            Role::Intake | Role::Doctor | Role::VinmecLead | Role::Auditor | Role::Operator => Pane::Batches,
        }
    }

    /// Takes the opening of the tab, with a number or without.
    pub(super) fn tab_opened(&mut self, subject: Option<Subject>, ctx: &Ctx) -> Vec<Effect> {
        if self.fresh {
            self.fresh = false;
            self.pane = Self::first_pane(ctx.actor.role);
        }
        match subject {
            Some(Subject::Phone(phone)) if ctx.actor.role.may(May::SeeCustomers) => {
                self.pane = Pane::Search;
                self.finder = Finder::of_number(&dialled(&phone));
                self.before = Before::Screen;
                self.open_number(phone, None)
            }
            Some(_) | None => self.refresh(ctx),
        }
    }

    /// Opens the customer of a number.
    pub(super) fn open_number(&mut self, phone: String, lead: Option<LeadId>) -> Vec<Effect> {
        vec![self.requests.hold_for(Save::Opening(lead), Query::Customer { phone })]
    }

    /// The load and the query of what is shown.
    fn on_show(&self, ctx: &Ctx) -> Option<(Load, Query)> {
        let may = |act| ctx.actor.role.may(act);
        match self.pane {
            Pane::Search if may(May::SeeCustomers) => match self.opened() {
                Some(opened) => {
                    Some((Load::Customer, Query::Customer { phone: opened.customer.phone.clone() }))
                }
                None => self.finder.query().map(|query| (Load::Search, query)),
            },
            Pane::Leads if may(May::WorkLeads) => Some((Load::Leads, Query::Leads {})),
            Pane::Batches if may(May::SeeBatches) => Some((Load::Batches, self.batches.query())),
            Pane::Search | Pane::Leads | Pane::Batches => None,
        }
    }

    /// Reads what is shown again.
    pub(super) fn refresh(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some((load, query)) = self.on_show(ctx) else { return Vec::new() };
        self.requests.refresh(load, query).into_iter().collect()
    }

    /// Reads what is shown now; an unanswered load of its kind belongs to what was shown before and no longer counts.
    pub(super) fn load(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some((load, query)) = self.on_show(ctx) else { return Vec::new() };
        vec![self.requests.load(load, query)]
    }

    /// Takes a change of a field: the search asks for its new text.
    pub(super) fn edited(&mut self) -> Vec<Effect> {
        if self.windows.is_open() {
            return Vec::new();
        }
        if let Some(draft) = self.draft_mut() {
            draft.follow();
            return Vec::new();
        }
        self.finder.edited();
        match self.finder.query() {
            Some(query) => vec![self.requests.load(Load::Search, query)],
            None => {
                self.requests.forget(Load::Search);
                Vec::new()
            }
        }
    }
}
