//! What comes back through the door.

use super::interview::{Interview, Stage};
use super::{Flight, Last, Phase, Survey};
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
use crate::usecase::model::call::CallCard;
use crate::usecase::{Error, Receipt, Snapshot};

impl Survey {
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
        if let Some(interview) = self.interview_mut()
            && let Some(effects) = interview.panel.renewed(ticket, &outcome, ctx.now)
        {
            return effects;
        }
        self.loaded(ticket, outcome, ctx)
    }

    /// A load came back.
    fn loaded(&mut self, ticket: Ticket, outcome: First, ctx: &Ctx) -> Vec<Effect> {
        let own = [&mut self.loads.open, &mut self.loads.queue, &mut self.loads.totals, &mut self.loads.why]
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
            Some(Snapshot::Satisfaction(totals)) => {
                self.totals = Some(totals);
                if self.loads.stale { self.changed() } else { Vec::new() }
            }
            Some(Snapshot::WhyNot(why)) => vec![queue::why_not(&why)],
            Some(_) | None => Vec::new(),
        }
    }

    /// A call that was open already, before this screen was.
    fn found(&mut self, card: CallCard, ctx: &Ctx) -> Vec<Effect> {
        if self.interview().is_some() {
            return Vec::new();
        }
        if card.purpose != Purpose::Survey {
            return vec![Effect::Notice(Tone::Info, Say::key("calls.open_elsewhere"))];
        }
        let resumed = Effect::Notice(Tone::Info, Say::key("calls.resumed").with("name", &card.name));
        self.begin(card, ctx);
        vec![resumed]
    }

    fn begin(&mut self, card: CallCard, ctx: &Ctx) {
        self.waiting.somebody();
        let interview = Interview::new(CallPanel::new(card, ctx), &ctx.campaign);
        self.phase = Phase::Calling(Box::new(interview));
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
            Flight::Claim => match (receipt, card) {
                (Some(Receipt::NothingDue { next_at, held }), _) => {
                    self.waiting.nobody(next_at, held);
                    vec![self.load_queue()]
                }
                (_, Some(card)) => {
                    self.begin(*card, ctx);
                    Vec::new()
                }
                (_, None) => vec![self.load_open()],
            },
            Flight::Undo => {
                match (card, self.last.take()) {
                    (Some(card), Some(last)) => {
                        self.phase = Phase::Calling(Box::new(last.interview.resumed(*card, ctx)));
                    }
                    (Some(card), None) => self.begin(*card, ctx),
                    (None, _) => return vec![self.load_open()],
                }
                vec![Effect::ok(Say::key("calls.undone"))]
            }
            Flight::Record(disposition) => {
                let next_at = match receipt {
                    Some(Receipt::Recorded { next_at, .. }) => next_at,
                    Some(_) | None => None,
                };
                self.ended(Some(disposition), next_at, undo_until(disposition, ctx))
            }
            Flight::Answers => self.ended(None, None, None),
            Flight::Release => {
                self.phase = Phase::Ready;
                vec![self.load_totals()]
            }
        }
    }

    /// Back to the queue; the measures may have moved.
    fn ended(
        &mut self,
        ended: Option<Disposition>,
        next_at: Option<Timestamp>,
        undo_until: Option<Timestamp>,
    ) -> Vec<Effect> {
        if let Phase::Calling(interview) = std::mem::replace(&mut self.phase, Phase::Ready) {
            self.last = Some(Last { interview, ended, next_at, undo_until });
        }
        vec![self.load_totals()]
    }

    /// A command was refused or the store was out of reach: nothing changed, nothing answered is lost.
    fn failed(&mut self, flight: Flight, error: Error) -> Vec<Effect> {
        let said = Effect::failed(&error);
        let Error::Refused(refusal) = error else { return vec![said] };
        match (flight, &mut self.phase) {
            (Flight::Claim, _) => {
                let next = if refusal == Refusal::CallOpen { self.load_open() } else { self.load_queue() };
                return vec![said, next];
            }
            (Flight::Record(disposition), Phase::Calling(interview)) => match &mut interview.stage {
                Stage::Detail(detail) => {
                    detail.form.blame(&refusal);
                }
                Stage::Intro | Stage::Other | Stage::Asking(_) | Stage::Comment => {
                    if let Some(detail) = Detail::blamed(&refusal, disposition, &interview.panel) {
                        interview.stage = Stage::Detail(detail);
                    }
                }
            },
            (Flight::Answers, Phase::Calling(interview)) => match &refusal {
                Refusal::AnswerOutOfRange { question, .. } => {
                    if let Some(at) = interview.scales.iter().position(|scale| scale.code == *question) {
                        interview.stage = Stage::Asking(at);
                    }
                }
                _ => {
                    interview.comment.blame(&refusal);
                }
            },
            (Flight::Release, Phase::Calling(_)) if is_lost(&refusal) => self.phase = Phase::Ready,
            (Flight::Undo, _) => {
                if let Some(last) = &mut self.last {
                    last.undo_until = None;
                }
            }
            (Flight::Record(_) | Flight::Answers | Flight::Release, _) => {}
        }
        vec![said]
    }
}
