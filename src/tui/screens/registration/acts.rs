//! Carries out the keys of registrations, one function for each act.

use super::act::{Act, Pane};
use super::draft::Draft;
use super::finder::{Finder, Found};
use super::keys::consent_cap;
use super::opened::Opened;
use super::state::{Before, CustomerStep, Load, Registration, Save};
use super::windows::{self, Topic};
use crate::domain::actor::Permission as May;
use crate::domain::contact::Purpose;
use crate::domain::lead::LeadState;
use crate::domain::registration::RegistrationState;
use crate::tui::call::card::{dialled, shown_phone};
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::say::Say;
use crate::usecase::command::{LeadRef, Nothing, RegistrationRef, RevealPhone};
use crate::usecase::model::lead::LeadLine;
use crate::usecase::{Command, Query};

/// The most forms that are kept while other customers are opened; the oldest is dropped first.
const MOST_DRAFTS: usize = 8;

impl Registration {
    /// Does the act of a key.
    pub(super) fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::Show(pane) => {
                self.pane = pane;
                return self.refresh(ctx);
            }
            Act::WindowSave => return self.save_window(ctx),
            Act::WindowLeave => return self.windows.leave().into_iter().collect(),
            Act::Save => return self.register(ctx),
            Act::Consent(at) => {
                if let Some(draft) = self.draft_mut() {
                    draft.turn(at);
                }
            }
            Act::LeaveForm => self.leave_form(),
            Act::Open => return self.open(ctx),
            Act::Register => self.begin_form(),
            Act::Next => self.next_customer(),
            Act::Back => return self.back(ctx),
            Act::Cancel | Act::OptOut | Act::Withdraw | Act::Agree | Act::Restore => {
                self.open_customer_window(act);
            }
            Act::Undo => return self.undo(),
            Act::Copy => {
                let copied = self.opened().map(|opened| dialled(&opened.customer.phone));
                return copied.map_or_else(Vec::new, |phone| {
                    vec![Effect::Copy(phone), Effect::ok(Say::key("reg.say.copied"))]
                });
            }
            Act::WhyNot => return self.why_not(),
            Act::LeadNext => return self.lead_next(),
            Act::LeadAdd => self.windows.open(windows::window(Topic::AddLead, String::new())),
            Act::LeadDrop => {
                if let Some(line) = self.leads.chosen() {
                    let window = windows::window(Topic::Drop(line.lead), line.name.clone());
                    self.windows.open(window);
                }
            }
            Act::HandOver => return self.hand_over(),
            Act::BatchOpen => {
                if self.batches.open_chosen() {
                    return self.load(ctx);
                }
            }
            Act::BatchClose => {
                self.batches.open = None;
                return self.load(ctx);
            }
        }
        Vec::new()
    }

    /// Takes Enter in the search. Before the answer has arrived, it is remembered.
    pub(super) fn open(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.before = Before::Search;
        if self.requests.is_loading(Load::Search) {
            self.finder.enter = true;
            return Vec::new();
        }
        if let Found::One(customer) = &self.finder.found {
            self.step = CustomerStep::Reading(Opened::new(customer.clone(), None, ctx.actor.role));
            return Vec::new();
        }
        let Some(customer) = self.finder.hits.chosen().map(|hit| hit.customer) else { return Vec::new() };
        vec![self.requests.save(Save::Number(None), Command::RevealPhone(RevealPhone { customer }), [])]
    }

    /// Opens the form of the customer, with what was typed there before.
    pub(super) fn begin_form(&mut self) {
        let CustomerStep::Reading(opened) = std::mem::replace(&mut self.step, CustomerStep::Finding) else {
            return;
        };
        if self.draft_of(&opened.customer.phone).is_none() {
            if self.drafts.len() >= MOST_DRAFTS {
                self.drafts.remove(0);
            }
            self.drafts.push(Draft::new(&opened, consent_cap));
        }
        self.step = CustomerStep::Registering(opened);
    }

    /// One step back from the customer: to the leads or the screen that they were opened from, else to the search. What
    /// stands in the field is selected, so that typing replaces it, and its answer is asked for.
    fn back(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let from_lead = self.opened().is_some_and(|opened| opened.lead.is_some());
        self.step = CustomerStep::Finding;
        self.finder.field.select();
        let mut effects = self.load(ctx);
        match std::mem::replace(&mut self.before, Before::Search) {
            Before::Search if from_lead && ctx.actor.role.may(May::WorkLeads) => {
                self.pane = Pane::Leads;
                effects.extend(self.load(ctx));
            }
            Before::Search => {}
            Before::Screen => effects.push(Effect::Back),
        }
        effects
    }

    fn leave_form(&mut self) {
        self.step = match std::mem::replace(&mut self.step, CustomerStep::Finding) {
            CustomerStep::Registering(opened) => CustomerStep::Reading(opened),
            other @ (CustomerStep::Finding | CustomerStep::Reading(_)) => other,
        };
    }

    fn register(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let CustomerStep::Registering(opened) = self.step.clone() else { return Vec::new() };
        let Some(channel) = opened.channel else { return Vec::new() };
        let Some(draft) = self.draft_mut() else { return Vec::new() };
        let Some(register) = draft.command(&opened, channel, ctx) else { return Vec::new() };
        let phone = register.phone.clone();
        let then = [Query::Customer { phone }];
        vec![self.requests.save(Save::Register, Command::Register(register), then)]
    }

    fn next_customer(&mut self) {
        self.step = CustomerStep::Finding;
        self.before = Before::Search;
        self.finder = Finder::new();
    }

    fn save_window(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(window) = self.windows.get_mut() else { return Vec::new() };
        let Some(command) = windows::command(window, ctx) else { return Vec::new() };
        let Some(window) = self.windows.get() else { return Vec::new() };
        let opened = self.opened();
        let name = match (&window.topic, opened) {
            (Topic::Drop(lead), _) => self.name_of(|line| line.lead == *lead),
            (_, Some(opened)) => opened.name(),
            (_, None) => String::new(),
        };
        let live = opened.and_then(Opened::live_registration);
        let then = windows::changes(&window.topic, opened);
        match windows::question(window, &name, live, ctx) {
            Some((text, consequence)) => {
                vec![self.requests.ask(Save::Window, command, then, text, consequence)]
            }
            None => vec![self.requests.save(Save::Window, command, then)],
        }
    }

    fn name_of(&self, wanted: impl Fn(&LeadLine) -> bool) -> String {
        self.leads.items().iter().find(|line| wanted(line)).map_or_else(String::new, |line| line.name.clone())
    }

    /// Opens the window that an act on the customer needs.
    fn open_customer_window(&mut self, act: Act) {
        let Some(opened) = self.opened() else { return };
        let phone = opened.customer.phone.clone();
        let whom = match opened.customer.name.trim() {
            "" => shown_phone(&phone),
            name => format!("{name} · {}", shown_phone(&phone)),
        };
        let live = opened.live_registration().map(|registration| registration.registration);
        let any = opened.customer.registration.as_ref().map(|registration| registration.registration);
        let registration = if act == Act::Restore { any } else { live };
        let topic = match (act, registration) {
            (Act::Restore, Some(registration)) => Topic::Restore(registration),
            (Act::OptOut, _) => Topic::OptOut(phone),
            (Act::Agree, _) => Topic::Agree(phone),
            (Act::Cancel, Some(registration)) => Topic::Cancel(registration),
            (Act::Withdraw, Some(registration)) => Topic::Withdraw(registration, opened.given_consents()),
            (_, _) => return,
        };
        self.windows.open(windows::window(topic, whom));
    }

    /// Takes the next step of the chosen lead: opens a window, or the registration itself.
    fn lead_next(&mut self) -> Vec<Effect> {
        let Some(line) = self.leads.chosen().cloned() else { return Vec::new() };
        let topic = match (line.state, line.phone_masked) {
            (LeadState::Commented, _) => Topic::Message(line.lead),
            (LeadState::DetailsGiven, Some(_)) => {
                let lead = line.lead;
                let reveal = Command::RevealLead(LeadRef { lead });
                self.before = Before::Search;
                return vec![self.requests.save(Save::Number(Some(lead)), reveal, [])];
            }
            (_, _) => Topic::Details(line.lead, String::new()),
        };
        self.windows.open(windows::window(topic, line.name));
        Vec::new()
    }

    fn why_not(&mut self) -> Vec<Effect> {
        let Some(phone) = self.opened().map(|opened| opened.customer.phone.clone()) else {
            return Vec::new();
        };
        let query = Query::WhyNot { matter: None, phone: Some(phone), purpose: Some(Purpose::Offer) };
        vec![self.requests.load(Load::WhyNot, query)]
    }

    /// What was done too long ago cannot be taken back any more.
    pub(super) fn expire_undo(&mut self, ctx: &Ctx) {
        if let Some(registration) = self.opened_mut().and_then(|opened| opened.customer.registration.as_mut())
        {
            registration.undo_until = registration.undo_until.filter(|until| ctx.now <= *until);
        }
    }

    /// Asks whether the registration, or its cancellation, is to be taken back.
    fn undo(&mut self) -> Vec<Effect> {
        let Some(opened) = self.opened() else { return Vec::new() };
        let Some(registration) = &opened.customer.registration else { return Vec::new() };
        let named = RegistrationRef { registration: registration.registration };
        let (command, text, detail) = match (registration.state, registration.seat) {
            (RegistrationState::Cancelled, _) => {
                let text = Say::key("reg.ask.undo_cancel");
                (Command::UndoCancel(named), text, "reg.ask.undo_cancel_detail")
            }
            (_, Some(seat)) => {
                let text = Say::key("reg.ask.undo_seat").with("seat", seat);
                (Command::UndoRegistration(named), text, "reg.ask.undo_detail")
            }
            (_, None) => {
                let text = Say::key("reg.ask.undo_waiting");
                (Command::UndoRegistration(named), text, "reg.ask.undo_waiting_detail")
            }
        };
        let text = text.with("name", opened.name());
        let then = [Query::Customer { phone: opened.customer.phone.clone() }];
        vec![self.requests.ask(Save::Undo, command, then, text, Say::key(detail))]
    }

    fn hand_over(&mut self) -> Vec<Effect> {
        let text = Say::key("reg.ask.hand_over").with("count", self.batches.waiting);
        let consequence = Say::key("reg.ask.hand_over_detail");
        let (command, then) = (Command::HandOver(Nothing {}), [Query::Batches {}]);
        vec![self.requests.ask(Save::HandOver, command, then, text, consequence)]
    }
}
