//! What the keys do on this screen, one function for each.

use super::batches::OpenBatch;
use super::draft::Draft;
use super::finder::{Finder, Found};
use super::opened::Opened;
use super::popup::{DISCARD, Matter, Popup};
use super::{Act, HAND_OVER, MOST_DRAFTS, Pane, Registration, Saving, Stage};
use crate::domain::contact::Purpose;
use crate::domain::lead::LeadState;
use crate::tui::call::card::dialled;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Question};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::Cursor;
use crate::usecase::command::RevealPhone;
use crate::usecase::{Command, Query};

impl Registration {
    /// Enter in the search. Before the answer is here, it is remembered.
    pub(super) fn open(&mut self, ctx: &Ctx) -> Vec<Effect> {
        if self.finder.is_waiting() {
            self.finder.enter = true;
            return Vec::new();
        }
        if let Found::One(customer) = &self.finder.found {
            self.stage = Stage::Reading(Opened::new(customer.clone(), None, ctx.actor.role));
            return Vec::new();
        }
        let Some(customer) = self.finder.chosen().map(|hit| hit.customer) else { return Vec::new() };
        self.save(Saving::Number, Command::RevealPhone(RevealPhone { customer }), None)
    }

    pub(super) fn begin_form(&mut self) {
        let Stage::Reading(opened) = std::mem::replace(&mut self.stage, Stage::Finding) else { return };
        if self.draft_of(&opened.customer.phone).is_none() {
            if self.drafts.len() >= MOST_DRAFTS {
                self.drafts.remove(0);
            }
            self.drafts.push(Draft::new(&opened));
        }
        self.stage = Stage::Registering(opened);
    }

    pub(super) fn leave_form(&mut self) {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Finding) {
            Stage::Registering(opened) => Stage::Reading(opened),
            other @ (Stage::Finding | Stage::Reading(_)) => other,
        };
    }

    pub(super) fn register(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Stage::Registering(opened) = self.stage.clone() else { return Vec::new() };
        let Some(channel) = opened.channel else { return Vec::new() };
        let Some(draft) = self.draft_mut() else { return Vec::new() };
        let Some(register) = draft.command(&opened, channel, ctx) else { return Vec::new() };
        let phone = register.phone.clone();
        self.save(Saving::Register, Command::Register(register), Some(Query::Customer { phone }))
    }

    pub(super) fn next_customer(&mut self) {
        self.stage = Stage::Finding;
        self.finder = Finder::new();
    }

    pub(super) fn popup_save(&mut self, ctx: &Ctx, confirmed: bool) -> Vec<Effect> {
        let Some(popup) = &mut self.popup else { return Vec::new() };
        let Some(command) = popup.command(ctx) else { return Vec::new() };
        if let Some(question) = popup.question().filter(|_| !confirmed) {
            return vec![Effect::Ask(Box::new(question))];
        }
        let then = match &popup.matter {
            Matter::Cancel(_) | Matter::OptOut(_) | Matter::Withdraw(..) | Matter::Agree(_) => {
                self.opened().map(|opened| Query::Customer { phone: opened.customer.phone.clone() })
            }
            Matter::AddLead | Matter::Message(_) | Matter::Details(_) | Matter::Drop(_) => {
                Some(Query::Leads {})
            }
        };
        self.save(Saving::Popup, command, then)
    }

    pub(super) fn popup_close(&mut self) -> Vec<Effect> {
        if self.popup.as_ref().is_some_and(Popup::is_touched) {
            let question = Question {
                id: DISCARD,
                text: Say::key("reg.ask.discard"),
                detail: None,
                tone: Tone::Warn,
                on_esc: None,
            };
            return vec![Effect::Ask(Box::new(question))];
        }
        self.popup = None;
        Vec::new()
    }

    /// The window that an act on the open customer needs.
    pub(super) fn customer_popup(&mut self, act: Act) {
        let Some(opened) = self.opened() else { return };
        let phone = opened.customer.phone.clone();
        let registration = opened.live_registration().map(|registration| registration.registration);
        let matter = match (act, registration) {
            (Act::OptOut, _) => Matter::OptOut(phone),
            (Act::Agree, _) => Matter::Agree(phone),
            (Act::Cancel, Some(registration)) => Matter::Cancel(registration),
            (Act::Withdraw, Some(registration)) => Matter::Withdraw(registration, opened.given_consents()),
            (_, _) => return,
        };
        self.popup = Some(Popup::new(matter));
    }

    /// The next step of the chosen lead: a window, or the registration itself.
    pub(super) fn lead_next(&mut self) -> Vec<Effect> {
        let Some(line) = self.leads.chosen().cloned() else { return Vec::new() };
        match (line.state, line.phone) {
            (LeadState::Commented, _) => self.popup = Some(Popup::new(Matter::Message(line.lead))),
            (LeadState::DetailsGiven, Some(phone)) => {
                self.pane = Pane::Search;
                self.finder = Finder::new();
                self.finder.field.set(&dialled(&phone));
                return self.open_number(phone, Some(line.lead));
            }
            (_, phone) => {
                let mut popup = Popup::new(Matter::Details(line.lead));
                popup.form.set_text("phone", &phone.unwrap_or_default());
                self.popup = Some(popup);
            }
        }
        Vec::new()
    }

    pub(super) fn act(&mut self, act: Act, ctx: &Ctx) -> Vec<Effect> {
        match act {
            Act::Show(pane) => {
                self.pane = pane;
                return self.reload(ctx);
            }
            Act::PopupSave => return self.popup_save(ctx, false),
            Act::PopupClose => return self.popup_close(),
            Act::Save => return self.register(ctx),
            Act::Consent(at) => {
                if let Some(draft) = self.draft_mut() {
                    draft.turn(at);
                }
            }
            Act::LeaveForm => self.leave_form(),
            Act::Open => return self.open(ctx),
            Act::Move(step) => self.step(step),
            Act::Register => self.begin_form(),
            Act::Next => self.next_customer(),
            Act::Back => self.stage = Stage::Finding,
            Act::Cancel | Act::OptOut | Act::Withdraw | Act::Agree => self.customer_popup(act),
            Act::Copy => {
                let copied = self.opened().map(|opened| dialled(&opened.customer.phone));
                return copied.map_or_else(Vec::new, |phone| {
                    vec![Effect::Copy(phone), Effect::ok(Say::key("reg.say.copied"))]
                });
            }
            Act::WhyNot => return self.why_not(),
            Act::LeadNext => return self.lead_next(),
            Act::LeadAdd => self.popup = Some(Popup::new(Matter::AddLead)),
            Act::LeadDrop => {
                self.popup = self.leads.chosen().map(|line| Popup::new(Matter::Drop(line.lead)));
            }
            Act::HandOver => {
                let text = Say::key("reg.ask.hand_over").with("count", self.batches.waiting);
                let detail = Some(Say::key("reg.ask.hand_over_detail"));
                let question = Question { id: HAND_OVER, text, detail, tone: Tone::Info, on_esc: None };
                return vec![Effect::Ask(Box::new(question))];
            }
            Act::BatchOpen => return self.open_batch(ctx),
            Act::BatchClose => {
                self.batches.open = None;
                return self.reload(ctx);
            }
        }
        Vec::new()
    }

    pub(super) fn why_not(&mut self) -> Vec<Effect> {
        let Some(phone) = self.opened().map(|opened| opened.customer.phone.clone()) else {
            return Vec::new();
        };
        let ticket = self.tickets.next();
        self.refreshing = Some(ticket);
        let query = Query::WhyNot { matter: None, phone: Some(phone), purpose: Some(Purpose::Offer) };
        vec![Effect::load(ticket, query)]
    }

    pub(super) fn open_batch(&mut self, ctx: &Ctx) -> Vec<Effect> {
        let Some(batch) = self.batches.chosen().map(|line| line.batch) else { return Vec::new() };
        self.batches.open = Some(OpenBatch { batch, model: None, cursor: Cursor::default() });
        self.reload(ctx)
    }
}
