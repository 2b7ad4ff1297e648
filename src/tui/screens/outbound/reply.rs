//! What comes back through the door.

use super::{Call, Came, Flight, Hand, Last, Outbound, Phase};
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::tui::call::detail::Detail;
use crate::tui::call::ending::undo_until;
use crate::tui::call::panel::{CallPanel, is_lost};
use crate::tui::call::queue;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, First, Outcome, Ticket, first};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::PauseCode;
use crate::usecase::model::call::CallCard;
use crate::usecase::{Error, Receipt, Snapshot};

impl Outbound {
    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let outcome = outcome.map(first);
        if let Some((waiting, flight)) = self.flight
            && waiting == ticket
        {
            self.flight = None;
            return match outcome {
                Ok((receipt, snapshot)) => self.landed(flight, receipt, snapshot, ctx),
                Err(error) => self.failed(flight, error),
            };
        }
        if let Some(call) = self.call_mut()
            && let Some(effects) = call.panel.renewed(ticket, &outcome, ctx.now)
        {
            return effects;
        }
        self.loaded(ticket, outcome, ctx)
    }

    /// A load came back.
    fn loaded(&mut self, ticket: Ticket, outcome: First, ctx: &Ctx) -> Vec<Effect> {
        let own = [&mut self.loads.open, &mut self.loads.queue, &mut self.loads.status, &mut self.loads.why]
            .into_iter()
            .find(|load| **load == Some(ticket));
        let Some(own) = own else { return Vec::new() };
        *own = None;
        let snapshot = match outcome {
            Ok((_, snapshot)) => snapshot,
            Err(error) => return vec![Effect::failed(&error)],
        };
        match snapshot {
            Some(Snapshot::OpenCall { call: Some(card) }) => self.found(*card, ctx),
            Some(Snapshot::Queue(queue)) => {
                self.waiting.read(queue);
                if self.loads.stale { self.changed() } else { Vec::new() }
            }
            Some(Snapshot::Status(status)) => {
                let code = status.paused.as_deref().and_then(pause_code);
                match (code, &self.phase) {
                    (Some(code), Phase::Ready) => self.phase = Phase::Paused { code, since: None },
                    (None, Phase::Paused { .. }) => self.phase = Phase::Ready,
                    (Some(_) | None, _) => {}
                }
                Vec::new()
            }
            Some(Snapshot::WhyNot(why)) => vec![queue::why_not(&why)],
            Some(_) | None => Vec::new(),
        }
    }

    /// A call that was open already, before this screen was.
    fn found(&mut self, card: CallCard, ctx: &Ctx) -> Vec<Effect> {
        if self.call().is_some() {
            return Vec::new();
        }
        if card.purpose != Purpose::Offer {
            return vec![Effect::Notice(Tone::Info, Say::key("calls.open_elsewhere"))];
        }
        let resumed = Effect::Notice(Tone::Info, Say::key("calls.resumed").with("name", &card.name));
        self.begin(CallPanel::new(card, ctx));
        vec![resumed]
    }

    fn begin(&mut self, panel: CallPanel) {
        self.waiting.somebody();
        self.phase = Phase::Calling(Box::new(Call { panel, hand: Hand::Script }));
    }

    /// A command is committed.
    fn landed(
        &mut self,
        flight: Flight,
        receipt: Option<Receipt>,
        snapshot: Option<Snapshot>,
        ctx: &Ctx,
    ) -> Vec<Effect> {
        let card = match snapshot {
            Some(Snapshot::OpenCall { call }) => call,
            Some(Snapshot::Queue(queue)) => {
                self.waiting.read(queue);
                None
            }
            Some(_) | None => None,
        };
        match flight {
            Flight::Claim => return self.claimed(receipt, card, ctx),
            Flight::Undo => {
                let last = self.last.take();
                match (card, last) {
                    (Some(card), Some(last)) => self.begin(last.panel.resumed(*card, ctx)),
                    (Some(card), None) => self.begin(CallPanel::new(*card, ctx)),
                    (None, _) => return vec![self.load_open()],
                }
                return vec![Effect::ok(Say::key("calls.undone"))];
            }
            Flight::Record(disposition) => {
                let next_at = match receipt {
                    Some(Receipt::Recorded { next_at, .. }) => next_at,
                    Some(_) | None => None,
                };
                self.ended(Came::Ended { disposition, next_at }, undo_until(disposition, ctx));
            }
            Flight::Register => match receipt {
                Some(Receipt::Registered { seat, .. }) => self.ended(Came::Seated { seat }, None),
                Some(Receipt::Waitlisted { position, .. }) => {
                    self.ended(Came::Waitlisted { position }, None);
                }
                Some(_) | None => {
                    self.ended(Came::Ended { disposition: Disposition::Agreed, next_at: None }, None);
                }
            },
            Flight::Release | Flight::Resume => self.phase = Phase::Ready,
            Flight::Pause(code) => self.phase = Phase::Paused { code, since: Some(ctx.now) },
        }
        Vec::new()
    }

    fn ended(&mut self, came: Came, undo_until: Option<Timestamp>) {
        if let Phase::Calling(call) = std::mem::replace(&mut self.phase, Phase::Ready) {
            self.last = Some(Last { panel: Box::new(call.panel), came, undo_until });
        }
    }

    fn claimed(&mut self, receipt: Option<Receipt>, card: Option<Box<CallCard>>, ctx: &Ctx) -> Vec<Effect> {
        match (receipt, card) {
            (Some(Receipt::NothingDue { next_at, held }), _) => {
                self.waiting.nobody(next_at, held);
                vec![self.load_queue()]
            }
            (_, Some(card)) => {
                self.begin(CallPanel::new(*card, ctx));
                Vec::new()
            }
            // Claimed, but the card could not be read with it: it is still ours.
            (_, None) => vec![self.load_open()],
        }
    }

    /// A command was refused or the store was out of reach: nothing changed, nothing typed is lost.
    fn failed(&mut self, flight: Flight, error: Error) -> Vec<Effect> {
        let said = Effect::failed(&error);
        let Error::Refused(refusal) = error else { return vec![said] };
        match (flight, &mut self.phase) {
            (Flight::Claim, _) => {
                let mut effects = vec![said];
                // A call is open that this screen does not show: fetch it.
                effects.push(if refusal == Refusal::CallOpen { self.load_open() } else { self.load_queue() });
                return effects;
            }
            (Flight::Record(disposition), Phase::Calling(call)) => match &mut call.hand {
                Hand::Detail(detail) => {
                    detail.form.blame(&refusal);
                }
                Hand::Script | Hand::Other | Hand::Questions(_) | Hand::Register(_) => {
                    if let Some(detail) = Detail::blamed(&refusal, disposition, &call.panel) {
                        call.hand = Hand::Detail(detail);
                    }
                }
            },
            (Flight::Register, Phase::Calling(call)) => {
                if let Hand::Register(registering) = &mut call.hand {
                    registering.form.blame(&refusal);
                }
            }
            (Flight::Release, Phase::Calling(_)) if is_lost(&refusal) => self.phase = Phase::Ready,
            (Flight::Undo, _) => {
                if let Some(last) = &mut self.last {
                    last.undo_until = None;
                }
            }
            (
                Flight::Record(_) | Flight::Register | Flight::Release | Flight::Pause(_) | Flight::Resume,
                _,
            ) => {}
        }
        vec![said]
    }
}

fn pause_code(code: &str) -> Option<PauseCode> {
    PauseCode::ALL.into_iter().find(|known| known.code() == code)
}
