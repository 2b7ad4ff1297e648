//! Takes the answers to a call's requests (card, queue, lease, results of saves), and the ticks of the clock.

use super::{CallDesk, CallLoad, CallOutcome, CallSave, Last, Middle, OpenCall, Part, State};
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::tui::call::detail::Detail;
use crate::tui::call::panel::{CallPanel, is_lost};
use crate::tui::call::queue;
use crate::tui::call::results::undo_until;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Outcome};
use crate::tui::requests::Requests;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::{PauseCode, RecordCall};
use crate::usecase::model::call::CallCard;
use crate::usecase::{Command, Error, Query, Receipt, Snapshot, Topics};

impl<M: Middle> CallDesk<M> {
    /// Takes a tick: an undo expires, the lease may have to be prolonged.
    pub fn tick<L, S>(&mut self, now: Timestamp, requests: &mut Requests<L, S>) -> Option<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        if let Some(last) = &mut self.last {
            last.undo_until = last.undo_until.filter(|until| now < *until);
        }
        self.waiting.tick(now);
        let due = self.panel()?.renewal_is_due(now);
        if due { self.renew(requests) } else { None }
    }

    /// Asks about the open call after a request for no more calls ended one somewhere: the renewal of a call that was
    /// ended is refused with the reason, which [`Self::loaded`] then says.
    pub fn after_opt_out<L, S>(&self, topics: Topics, requests: &mut Requests<L, S>) -> Option<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        if topics.touches(Topics::OPT_OUTS) { self.renew(requests) } else { None }
    }

    fn renew<L, S>(&self, requests: &mut Requests<L, S>) -> Option<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        let panel = self.panel()?;
        let is_free = !requests.is_saving() && !requests.is_loading(CallLoad::Lease.into());
        is_free.then(|| requests.send(CallLoad::Lease.into(), Command::RenewLease(panel.matter())))
    }

    /// Takes the answer to a load.
    pub fn loaded<L, S>(
        &mut self,
        load: CallLoad,
        outcome: Outcome,
        ctx: &Ctx,
        requests: &mut Requests<L, S>,
    ) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        match outcome {
            Ok((receipt, snapshots)) => {
                if let (CallLoad::Lease, Some(Receipt::LeaseRenewed { lease_until })) = (load, receipt)
                    && let Some(call) = self.call_mut()
                {
                    call.panel.prolong(lease_until, ctx.now);
                }
                snapshots.into_iter().flat_map(|snapshot| self.take(snapshot, ctx, requests)).collect()
            }
            Err(error) => {
                if let (CallLoad::Lease, Error::Refused(Refusal::OptedOut { .. })) = (load, &error) {
                    return self.ended_by_request(&error, requests);
                } else if let (CallLoad::Lease, Some(call)) = (load, self.call_mut()) {
                    call.panel.try_again_later(ctx.now);
                }
                vec![Effect::failed(&error)]
            }
        }
    }

    /// The call is recorded as the customer's request already, and nothing is left to be done in it. Who was typing reads
    /// so in a window, which takes the keys, and what they wrote is kept with the call.
    fn ended_by_request<L, S>(&mut self, error: &Error, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        let Some(call) = self.call_mut() else { return vec![Effect::failed(error)] };
        if let Part::Detail(detail) = &call.part {
            call.panel.note = detail.written();
        }
        let disposition = Disposition::DoNotCall;
        let (name, note) = (call.panel.card.name.clone(), call.panel.noted());
        let record = RecordCall { note, ..RecordCall::new(call.panel.card.matter, disposition) };
        self.ended(CallOutcome::Ended { disposition, next_at: None }, None, requests);
        let mut lines = vec![Say::from(error.clone())];
        let mut effects = Vec::new();
        if record.note.is_some() {
            lines.push(Say::key("call.note_kept"));
            effects.push(requests.send(CallLoad::Lease.into(), Command::RecordCall(record)));
        }
        let title = Say::key("call.ended_by_request").with("name", name);
        effects.push(Effect::Show { title, lines, tone: Tone::Danger });
        effects
    }

    /// Takes one snapshot.
    pub fn take<L, S>(&mut self, snapshot: Snapshot, ctx: &Ctx, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        match snapshot {
            Snapshot::OpenCall { call: Some(card) } => self.found(*card, ctx, requests),
            Snapshot::Queue(queue) => {
                self.waiting.read(queue, ctx);
                Vec::new()
            }
            Snapshot::WhyNot(why) => vec![queue::why_not(&why)],
            _ => Vec::new(),
        }
    }

    /// Takes the pause from the status line.
    pub fn set_paused(&mut self, code: Option<PauseCode>) {
        match (code, &self.state) {
            (Some(code), State::Ready) => self.state = State::Paused { code, since: None },
            (None, State::Paused { .. }) => self.state = State::Ready,
            (Some(_) | None, _) => {}
        }
    }

    /// Takes a call that was open before this screen was.
    fn found<L, S>(&mut self, card: CallCard, ctx: &Ctx, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        if self.is_open() {
            return Vec::new();
        }
        if card.purpose != self.purpose {
            return vec![Effect::Notice(Tone::Info, Say::key("calls.open_elsewhere"))];
        }
        let resumed = Effect::Notice(Tone::Info, Say::key("calls.resumed").with("name", &card.name));
        self.begin(card, ctx, requests);
        vec![resumed]
    }

    /// Begins a call with this card.
    fn begin<L, S>(&mut self, card: CallCard, ctx: &Ctx, requests: &mut Requests<L, S>)
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        let panel = CallPanel::new(card, ctx);
        let middle = M::begin(&panel, ctx);
        self.open(OpenCall::new(panel, middle), requests);
    }

    fn open<L, S>(&mut self, call: OpenCall<M>, requests: &mut Requests<L, S>)
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        requests.forget(CallLoad::Lease.into());
        self.waiting.claimed();
        self.state = State::Open(Box::new(call));
    }

    /// Takes the answer to a save.
    pub fn saved<L, S>(
        &mut self,
        save: CallSave,
        outcome: Outcome,
        ctx: &Ctx,
        requests: &mut Requests<L, S>,
    ) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
        S: From<CallSave>,
    {
        let (receipt, snapshots) = match outcome {
            Ok(brought) => brought,
            Err(error) => return self.refused(save, error, requests),
        };
        let mut card = None;
        for snapshot in snapshots {
            match snapshot {
                Snapshot::OpenCall { call } => card = call,
                Snapshot::Queue(queue) => self.waiting.read(queue, ctx),
                _ => {}
            }
        }
        match save {
            CallSave::Claim => return self.claimed(receipt, card, ctx, requests),
            CallSave::Undo => return self.undone(card, ctx, requests),
            CallSave::Record(disposition) => {
                let (next_at, late, note_only) = match receipt {
                    Some(Receipt::Recorded { next_at, late, note_only, .. }) => (next_at, late, note_only),
                    Some(_) | None => (None, false, false),
                };
                self.ended(
                    CallOutcome::Ended { disposition, next_at },
                    undo_until(disposition, ctx).filter(|_| !note_only),
                    requests,
                );
                if late {
                    let key = if note_only { "call.recorded_as_note" } else { "call.recorded_late" };
                    return vec![Effect::ok(Say::key(key))];
                }
            }
            CallSave::Release => self.close(requests),
            CallSave::Resume => self.state = State::Ready,
            CallSave::Pause(code) => self.state = State::Paused { code, since: Some(ctx.now) },
        }
        Vec::new()
    }

    fn claimed<L, S>(
        &mut self,
        receipt: Option<Receipt>,
        card: Option<Box<CallCard>>,
        ctx: &Ctx,
        requests: &mut Requests<L, S>,
    ) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        match (receipt, card) {
            (Some(Receipt::NothingDue { next_at, held }), _) => {
                self.waiting.nobody(next_at, held);
                vec![requests.load(CallLoad::Queue.into(), self.queue_query())]
            }
            (_, Some(card)) => {
                self.begin(*card, ctx, requests);
                Vec::new()
            }
            // The customer is claimed, but the card could not be read with the claim.
            (_, None) => vec![requests.load(CallLoad::Open.into(), Query::OpenCall {})],
        }
    }

    fn undone<L, S>(
        &mut self,
        card: Option<Box<CallCard>>,
        ctx: &Ctx,
        requests: &mut Requests<L, S>,
    ) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        let Some(card) = card else {
            self.last = None;
            return vec![requests.load(CallLoad::Open.into(), Query::OpenCall {})];
        };
        let Some(Last { call, outcome, .. }) = self.last.take() else {
            self.begin(*card, ctx, requests);
            return Vec::new();
        };
        let sentence = undone_say(&outcome, &card.name, self.purpose, ctx);
        let OpenCall { panel, middle, .. } = *call;
        let panel = panel.resumed(*card, ctx);
        self.open(OpenCall::new(panel, middle.resumed()), requests);
        vec![Effect::ok(sentence)]
    }

    /// Ends the call; its outcome is shown until the next one.
    pub fn ended<L, S>(
        &mut self,
        outcome: CallOutcome,
        undo_until: Option<Timestamp>,
        requests: &mut Requests<L, S>,
    ) where
        L: Copy + PartialEq + From<CallLoad>,
    {
        requests.forget(CallLoad::Lease.into());
        if let State::Open(call) = std::mem::replace(&mut self.state, State::Ready) {
            self.last = Some(Last { call, outcome, undo_until });
        }
    }

    /// Closes the call without a result.
    pub fn close<L, S>(&mut self, requests: &mut Requests<L, S>)
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        requests.forget(CallLoad::Lease.into());
        self.state = State::Ready;
    }

    /// Takes a refusal, or an error of the store: nothing changed, and nothing typed is lost.
    fn refused<L, S>(&mut self, save: CallSave, error: Error, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        let failed = Effect::failed(&error);
        let Error::Refused(refusal) = error else { return vec![failed] };
        match (save, &mut self.state) {
            (CallSave::Claim, _) => {
                // A call is open that this screen does not show: fetch it.
                let next = if refusal == Refusal::CallOpen {
                    requests.load(CallLoad::Open.into(), Query::OpenCall {})
                } else {
                    requests.load(CallLoad::Queue.into(), self.queue_query())
                };
                return vec![failed, next];
            }
            (CallSave::Record(disposition), State::Open(call)) => match &mut call.part {
                Part::Detail(detail) => {
                    detail.form.blame(&refusal);
                }
                Part::Script | Part::Results(_) | Part::Middle => {
                    if let Some(detail) = Detail::blamed(&refusal, disposition, &call.panel) {
                        call.part = Part::Detail(detail);
                    }
                }
            },
            (CallSave::Release, State::Open(_)) if is_lost(&refusal) => self.close(requests),
            (CallSave::Undo, _) => {
                if let Some(last) = &mut self.last {
                    last.undo_until = None;
                }
            }
            (CallSave::Record(_) | CallSave::Release | CallSave::Pause(_) | CallSave::Resume, _) => {}
        }
        vec![failed]
    }
}

/// The sentence that names the undone result and its customer.
fn undone_say(outcome: &CallOutcome, name: &str, purpose: Purpose, ctx: &Ctx) -> Say {
    match outcome {
        CallOutcome::Ended { disposition, .. } => Say::key("calls.undone")
            .with("result", disposition.label_for(purpose, ctx.lang))
            .with("name", name),
        CallOutcome::Seated { .. } | CallOutcome::Waitlisted { .. } | CallOutcome::Answered => {
            Say::key("calls.resumed").with("name", name)
        }
    }
}
