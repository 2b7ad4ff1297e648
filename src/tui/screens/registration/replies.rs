//! What the door answered. A reply to an old question is dropped; one reply makes one new picture.

use super::opened::{Done, Opened};
use super::{Registration, Saving, Stage};
use crate::domain::actor::Permission as May;
use crate::domain::lead::LeadState;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, First, Outcome, Ticket, first};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::model::call::WhyNot;
use crate::usecase::model::customer::CustomerModel;
use crate::usecase::{Error, Receipt, Snapshot};

impl Registration {
    /// Takes a reply.
    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let outcome = outcome.map(first);
        if let Some((waiting, saving)) = self.saving
            && waiting == ticket
        {
            self.saving = None;
            return match outcome {
                Ok((receipt, snapshot)) => self.saved(saving, receipt, snapshot, ctx),
                Err(error) => self.failed(saving, &error),
            };
        }
        if self.finder.is_newest(ticket) {
            return self.found(outcome, ctx);
        }
        let (leads, batches) = (self.leads.asked == Some(ticket), self.batches.asked == Some(ticket));
        if !leads && !batches && self.refreshing != Some(ticket) {
            return Vec::new();
        }
        if leads {
            self.leads.asked = None;
        } else if batches {
            self.batches.asked = None;
        } else {
            self.refreshing = None;
        }
        match outcome {
            Ok((_, Some(snapshot))) => self.shown(snapshot, ctx),
            Ok((_, None)) => Vec::new(),
            Err(error) => vec![Effect::failed(&error)],
        }
    }

    /// The newest search is answered.
    fn found(&mut self, outcome: First, ctx: &Ctx) -> Vec<Effect> {
        match outcome {
            Ok((_, snapshot)) => {
                self.finder.take(snapshot);
                let enter = std::mem::take(&mut self.finder.enter);
                if enter && self.finder.has_something() && matches!(self.stage, Stage::Finding) {
                    return self.open(ctx);
                }
                Vec::new()
            }
            Err(error) => {
                self.finder.take(None);
                vec![Effect::failed(&error)]
            }
        }
    }

    /// Something on show was read again.
    fn shown(&mut self, snapshot: Snapshot, ctx: &Ctx) -> Vec<Effect> {
        match snapshot {
            Snapshot::Customer(customer) => self.refresh(customer, ctx),
            Snapshot::Leads { leads } => self.leads.take(leads),
            Snapshot::Batches { batches, waiting } => self.batches.take(batches, waiting),
            Snapshot::Batch(model) => self.batches.take_rows(model),
            Snapshot::WhyNot(why) => return vec![why_not(&why)],
            _ => {}
        }
        Vec::new()
    }

    /// New facts about the open customer; the lead and the result on show stay.
    fn refresh(&mut self, customer: Box<CustomerModel>, ctx: &Ctx) {
        let Some(opened) = self.opened_mut() else { return };
        if opened.customer.phone == customer.phone {
            let done = opened.done;
            *opened = Opened { done, ..Opened::new(customer, opened.lead, ctx.actor.role) };
        }
    }

    fn saved(
        &mut self,
        saving: Saving,
        receipt: Option<Receipt>,
        snapshot: Option<Snapshot>,
        ctx: &Ctx,
    ) -> Vec<Effect> {
        match saving {
            Saving::Number => match receipt {
                Some(Receipt::PhoneRevealed { phone }) => self.open_number(phone, None),
                Some(_) | None => Vec::new(),
            },
            Saving::Opening(lead) => {
                if let Some(Snapshot::Customer(customer)) = snapshot {
                    self.stage = Stage::Reading(Opened::new(customer, lead, ctx.actor.role));
                }
                Vec::new()
            }
            Saving::Register => self.registered(receipt, snapshot, ctx),
            Saving::Popup => {
                self.popup = None;
                let mut effects = snapshot.map_or_else(Vec::new, |snapshot| self.shown(snapshot, ctx));
                effects.extend(receipt.as_ref().and_then(said).map(Effect::ok));
                effects
            }
            Saving::HandOver => {
                let mut effects = snapshot.map_or_else(Vec::new, |snapshot| self.shown(snapshot, ctx));
                effects.extend(receipt.as_ref().and_then(said).map(Effect::ok));
                effects
            }
        }
    }

    /// The seat is taken: the form has done its work, the number stands big, the search is clear again.
    fn registered(&mut self, receipt: Option<Receipt>, snapshot: Option<Snapshot>, ctx: &Ctx) -> Vec<Effect> {
        let done = match receipt {
            Some(Receipt::Registered { seat, .. }) => Done::Seat(seat),
            Some(Receipt::Waitlisted { position, .. }) => Done::Waitlisted(position),
            Some(_) | None => return Vec::new(),
        };
        let Stage::Registering(opened) = std::mem::replace(&mut self.stage, Stage::Finding) else {
            return Vec::new();
        };
        self.drafts.retain(|draft| draft.phone != opened.customer.phone);
        self.finder = super::Finder::new();
        let customer = match snapshot {
            Some(Snapshot::Customer(customer)) => customer,
            Some(_) | None => opened.customer,
        };
        let opened = Opened { done: Some(done), ..Opened::new(customer, opened.lead, ctx.actor.role) };
        let from_lead = opened.lead.is_some() && ctx.actor.role.may(May::WorkLeads);
        self.stage = Stage::Reading(opened);
        if from_lead { self.read_leads() } else { Vec::new() }
    }

    /// The lead is no longer open: the other pane must not show it.
    fn read_leads(&mut self) -> Vec<Effect> {
        let ticket = self.tickets.next();
        self.leads.asked = Some(ticket);
        vec![Effect::load(ticket, crate::usecase::Query::Leads {})]
    }

    /// Nothing typed is lost; the item that the rule names is marked.
    fn failed(&mut self, saving: Saving, error: &Error) -> Vec<Effect> {
        match saving {
            Saving::Register => {
                if let Some(draft) = self.draft_mut() {
                    draft.refuse(error);
                    return Vec::new();
                }
            }
            Saving::Popup => {
                if let (Some(popup), Error::Refused(refusal)) = (&mut self.popup, error) {
                    popup.form.blame(refusal);
                }
            }
            Saving::Number | Saving::Opening(_) | Saving::HandOver => {}
        }
        vec![Effect::failed(error)]
    }
}

/// Good news in one sentence.
fn said(receipt: &Receipt) -> Option<Say> {
    Some(match receipt {
        Receipt::Cancelled { promoted: Some(_), .. } => Say::key("reg.say.cancelled_promoted"),
        Receipt::Cancelled { seat_freed: true, .. } => Say::key("reg.say.cancelled_freed"),
        Receipt::Cancelled { .. } => Say::key("reg.say.cancelled"),
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

/// Every reason why the customer cannot be called, and when they can.
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
