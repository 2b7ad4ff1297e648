//! Takes the replies to the requests of registrations.

use super::act::Pane;
use super::finder::Finder;
use super::opened::{Done, Opened};
use super::state::{CustomerStep, Load, Registration, Save};
use crate::domain::actor::Permission as May;
use crate::domain::lead::LeadState;
use crate::tui::call::card::dialled;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Outcome, Ticket};
use crate::tui::requests::Answer;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::model::call::WhyNot;
use crate::usecase::model::customer::CustomerModel;
use crate::usecase::{Error, Query, Receipt, Snapshot};

impl Registration {
    /// Takes a reply.
    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        let more = match self.requests.take(ticket, outcome, &mut effects) {
            Some(Answer::Saved(save, Ok((receipt, snapshots)))) => self.saved(save, receipt, snapshots, ctx),
            Some(Answer::Saved(save, Err(error))) => self.save_failed(save, &error),
            Some(Answer::Loaded(Load::Search, Ok((_, snapshots)))) => self.found(snapshots, ctx),
            Some(Answer::Loaded(_, Ok((_, snapshots)))) => self.take_all(snapshots, ctx),
            Some(Answer::Loaded(load, Err(error))) => {
                let notice = Effect::failed(&error);
                self.load_failed(load, error, ctx);
                vec![notice]
            }
            None => Vec::new(),
        };
        effects.extend(more);
        effects
    }

    /// Takes the answer to the newest search.
    fn found(&mut self, snapshots: Vec<Snapshot>, ctx: &Ctx) -> Vec<Effect> {
        self.finder.take(snapshots.into_iter().next(), ctx);
        let enter = std::mem::take(&mut self.finder.enter);
        if enter && self.finder.has_something() && matches!(self.step, CustomerStep::Finding) {
            return self.open(ctx);
        }
        Vec::new()
    }

    fn load_failed(&mut self, load: Load, error: Error, ctx: &Ctx) {
        match load {
            Load::Search => self.finder.take(None, ctx),
            Load::Leads => self.leads.fail(error),
            Load::Batches => match &mut self.batches.open {
                Some(open) => open.rows.fail(error),
                None => self.batches.rows.fail(error),
            },
            Load::Customer | Load::WhyNot => {}
        }
    }

    /// Takes a snapshot.
    fn take_all(&mut self, snapshots: Vec<Snapshot>, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        for snapshot in snapshots {
            match snapshot {
                Snapshot::Customer(customer) => self.take_customer(customer, ctx),
                Snapshot::Leads { leads } => self.leads.take(leads, ctx),
                Snapshot::Batches { batches, waiting, returned } => {
                    self.batches.take(batches, waiting, ctx);
                    self.batches.returned = returned;
                }
                Snapshot::Batch(model) => self.batches.take_rows(model, ctx),
                Snapshot::WhyNot(why) => effects.push(why_not(&why)),
                _ => {}
            }
        }
        effects
    }

    /// Takes new facts about the open customer; the lead and the result that is shown stay.
    fn take_customer(&mut self, customer: Box<CustomerModel>, ctx: &Ctx) {
        let Some(opened) = self.opened_mut() else { return };
        if opened.customer.phone == customer.phone {
            let done = opened.done;
            *opened = Opened { done, ..Opened::new(customer, opened.lead, ctx.actor.role) };
        }
    }

    fn saved(
        &mut self,
        save: Save,
        receipt: Option<Receipt>,
        snapshots: Vec<Snapshot>,
        ctx: &Ctx,
    ) -> Vec<Effect> {
        match save {
            Save::Number(lead) => match receipt {
                Some(Receipt::PhoneRevealed { phone }) => {
                    if lead.is_some() {
                        self.pane = Pane::Search;
                        self.finder = Finder::of_number(&dialled(&phone));
                    }
                    self.open_number(phone, lead)
                }
                Some(_) | None => Vec::new(),
            },
            Save::Opening(lead) => {
                if let Some(Snapshot::Customer(customer)) = snapshots.into_iter().next() {
                    self.step = CustomerStep::Reading(Opened::new(customer, lead, ctx.actor.role));
                }
                Vec::new()
            }
            Save::Register => self.registered(receipt.as_ref(), snapshots, ctx),
            Save::Window | Save::HandOver | Save::Undo => {
                if save == Save::Undo
                    && let Some(opened) = self.opened_mut()
                {
                    opened.done = None;
                }
                if save == Save::Window {
                    self.windows.close();
                }
                let mut effects = self.take_all(snapshots, ctx);
                effects.extend(receipt.as_ref().and_then(done_say).map(Effect::ok));
                effects
            }
        }
    }

    /// Takes the result of a registration: the form closes, the result is shown in large digits, the search is empty.
    fn registered(&mut self, receipt: Option<&Receipt>, snapshots: Vec<Snapshot>, ctx: &Ctx) -> Vec<Effect> {
        let done = match receipt {
            Some(Receipt::Registered { seat, .. }) => Done::Seat(*seat),
            Some(Receipt::Waitlisted { position, .. }) => Done::Waitlisted(*position),
            Some(_) | None => return Vec::new(),
        };
        let CustomerStep::Registering(opened) = std::mem::replace(&mut self.step, CustomerStep::Finding)
        else {
            return Vec::new();
        };
        self.drafts.retain(|draft| draft.phone != opened.customer.phone);
        self.finder = Finder::new();
        let customer = match snapshots.into_iter().next() {
            Some(Snapshot::Customer(customer)) => customer,
            Some(_) | None => opened.customer,
        };
        let opened = Opened { done: Some(done), ..Opened::new(customer, opened.lead, ctx.actor.role) };
        let from_lead = opened.lead.is_some() && ctx.actor.role.may(May::WorkLeads);
        self.step = CustomerStep::Reading(opened);
        // The lead is closed, so the other pane must not show it.
        if from_lead { vec![self.requests.load(Load::Leads, Query::Leads {})] } else { Vec::new() }
    }

    /// Takes the error of a save: marks the item that a refusal names, and keeps what was typed.
    fn save_failed(&mut self, save: Save, error: &Error) -> Vec<Effect> {
        match save {
            Save::Register => {
                if let Some(draft) = self.draft_mut() {
                    draft.refuse(error);
                    return Vec::new();
                }
            }
            Save::Window => {
                if let (Some(window), Error::Refused(refusal)) = (self.windows.get_mut(), error) {
                    window.refuse(refusal);
                }
            }
            Save::Number(_) | Save::Opening(_) | Save::HandOver | Save::Undo => {}
        }
        vec![Effect::failed(error)]
    }
}

/// The notice of a command that succeeded.
fn done_say(receipt: &Receipt) -> Option<Say> {
    Some(match receipt {
        Receipt::Cancelled { promoted: Some(_), .. } => Say::key("reg.say.cancelled_promoted"),
        Receipt::Cancelled { seat_freed: true, .. } => Say::key("reg.say.cancelled_freed"),
        Receipt::Cancelled { .. } => Say::key("reg.say.cancelled"),
        Receipt::RegistrationUndone { .. } => Say::key("reg.say.registration_undone"),
        Receipt::CancelUndone { seat: Some(seat), .. } => {
            Say::key("reg.say.cancel_undone_seat").with("seat", seat)
        }
        Receipt::CancelUndone { position, .. } => {
            Say::key("reg.say.cancel_undone_waiting").with("position", position.unwrap_or_default())
        }
        Receipt::Reactivated { seat, .. } => Say::key("reg.say.restored").with("seat", seat),
        Receipt::OptedOut {} => Say::key("reg.say.opted_out"),
        Receipt::ConsentWithdrawn {} => Say::key("reg.say.withdrawn"),
        Receipt::AgreementAdded {} => Say::key("reg.say.agreed"),
        Receipt::LeadAdded { .. } => Say::key("reg.say.lead_added"),
        Receipt::LeadMoved { state: LeadState::Dropped } => Say::key("reg.say.lead_dropped"),
        Receipt::LeadMoved { .. } => Say::key("reg.say.lead_moved"),
        Receipt::HandedOver { batch, rows, .. } => {
            Say::key("reg.say.handed_over").with("batch", batch).with("rows", rows)
        }
        _ => return None,
    })
}

/// The window with every reason why the customer cannot be called, and when they can.
fn why_not(why: &WhyNot) -> Effect {
    let mut lines: Vec<Say> = why.reasons.iter().map(|reason| Say::from(reason.refusal.clone())).collect();
    let (tone, last) = match (why.callable, why.callable_from) {
        (true, _) => (Tone::Ok, Say::key("reg.why_not.callable")),
        (false, Some(at)) => (Tone::Warn, Say::key("reg.why_not.from").with("at", at.dmy_hm())),
        (false, None) => (Tone::Danger, Say::key("reg.why_not.never")),
    };
    lines.push(last);
    Effect::Show { title: Say::key("reg.why_not.title"), lines, tone }
}
