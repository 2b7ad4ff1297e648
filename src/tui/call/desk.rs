//! One call on any desk: whom to call, the call that is open, how it ends, and the call before. Outbound calls,
//! surveys and Vinmec's intake add only their middle part `M`.
//!
//! Invariants:
//! * at most one call is open; its lease is prolonged while it is;
//! * a card never leaves the screen before its result is committed, and a refusal keeps everything that was typed;
//! * an answer that belongs to a call before the open one changes nothing.
//!
//! Deliberately absent: rules. Whom to call, when, and what follows a result is decided behind the door.

use super::card::dialled;
use super::detail::{Detail, ask_opt_out};
use super::ending::{Row, by_cap, undo_until};
use super::panel::{CallPanel, is_lost};
use super::queue;
use super::waiting::Waiting;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Outcome};
use crate::tui::requests::Requests;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::Step;
use crate::usecase::command::{Claim, MatterRef, Nothing, Pause, PauseCode, RecordCall};
use crate::usecase::model::call::CallCard;
use crate::usecase::{Command, Error, Query, Receipt, Snapshot};

/// The answer to "do not call any more?" comes back under this name.
pub const OPT_OUT: &str = "call.opt_out";

/// What a desk reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallLoad {
    /// A call that is open already, and whatever the screen shows while none is.
    Open,
    /// The queue.
    Queue,
    /// Every reason against calling somebody now.
    WhyNot,
    /// The lease, prolonged.
    Lease,
}

/// What a desk saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallSave {
    /// Take a customer.
    Claim,
    /// Record how the call ended.
    Record(Disposition),
    /// Take the last result back.
    Undo,
    /// Give the customer back without a call.
    Release,
    /// Stop taking calls.
    Pause(PauseCode),
    /// Take calls again.
    Resume,
}

/// What the keys of every call do; the binding rows stand in [`super::keys`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallAct {
    /// Take the next customer.
    Fetch,
    /// Call the customer under the cursor who was promised a call.
    CallBack,
    /// Why that customer cannot be called now.
    WhyNot,
    /// Move in the promises.
    Choose(Step),
    /// Open the kinds of pause.
    Pauses,
    /// Pause.
    Pause(PauseCode),
    /// Work again.
    Resume,
    /// Take the last result back.
    Undo,
    /// Tick the next box of the script.
    Tick,
    /// Take the last tick back.
    Untick,
    /// Read on (or back) in the script.
    Read(bool),
    /// Write the note.
    Note,
    /// Copy the number.
    Copy,
    /// Give the customer back without a call.
    Release,
    /// Open the results, or those behind 0.
    Results(Row),
    /// The result under this digit.
    Digit(char),
    /// Record the result with its time or note, or keep the note.
    SaveDetail,
    /// One step back.
    Back,
}

/// Which part of an open call has the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The script.
    Script,
    /// The results, opened by a key of their own.
    Results(Row),
    /// A time or a note.
    Detail(Detail),
    /// The screen's middle part.
    Middle,
}

/// What a screen keeps with a call.
pub trait Middle: Clone + PartialEq + std::fmt::Debug {
    /// The middle part of a call that begins.
    fn begin(panel: &CallPanel, ctx: &Ctx) -> Self;

    /// The same after an undo: what was answered stays.
    #[must_use]
    fn resumed(self) -> Self {
        self
    }
}

impl Middle for () {
    fn begin(_: &CallPanel, _: &Ctx) -> Self {}
}

/// An open call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCall<M> {
    /// Card, script, note, lease.
    pub panel: CallPanel,
    /// Which part has the keys.
    pub part: Part,
    /// What the screen keeps with it.
    pub middle: M,
}

/// What the agent is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State<M> {
    /// Ready for the next customer.
    Ready,
    /// Choosing a kind of pause.
    ChoosingPause,
    /// Not taking calls.
    Paused {
        /// Why.
        code: PauseCode,
        /// Since when, if this screen saw it begin.
        since: Option<Timestamp>,
    },
    /// A call is open.
    Open(Box<OpenCall<M>>),
}

/// What came of the call before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// It ended this way; when the next attempt is.
    Ended {
        /// The result.
        disposition: Disposition,
        /// The next attempt, or the promised time.
        next_at: Option<Timestamp>,
    },
    /// A seat.
    Seated {
        /// Its number.
        seat: i64,
    },
    /// A place on the waitlist.
    Waitlisted {
        /// The place.
        position: i64,
    },
    /// The customer's answers are saved.
    Answered,
}

/// The call before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last<M> {
    /// The call as it was.
    pub call: Box<OpenCall<M>>,
    /// What came of it.
    pub came: Came,
    /// Until when it can be taken back; none: no longer.
    pub undo_until: Option<Timestamp>,
}

/// The desk.
#[derive(Debug, Clone, PartialEq)]
pub struct CallDesk<M> {
    purpose: Purpose,
    state: State<M>,
    /// Who waits for a call.
    pub waiting: Waiting,
    last: Option<Last<M>>,
}

impl<M: Middle> CallDesk<M> {
    /// A desk for calls of this purpose; nothing is read yet.
    pub const fn new(purpose: Purpose) -> Self {
        Self { purpose, state: State::Ready, waiting: Waiting::new(), last: None }
    }

    /// What its calls are about.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// What the agent is doing.
    pub const fn state(&self) -> &State<M> {
        &self.state
    }

    /// The call before.
    pub const fn last(&self) -> Option<&Last<M>> {
        self.last.as_ref()
    }

    /// The open call.
    pub const fn call(&self) -> Option<&OpenCall<M>> {
        match &self.state {
            State::Open(call) => Some(call),
            State::Ready | State::ChoosingPause | State::Paused { .. } => None,
        }
    }

    /// The open call, to be changed.
    pub const fn call_mut(&mut self) -> Option<&mut OpenCall<M>> {
        match &mut self.state {
            State::Open(call) => Some(call),
            State::Ready | State::ChoosingPause | State::Paused { .. } => None,
        }
    }

    /// Whether a call is open.
    pub const fn is_open(&self) -> bool {
        self.call().is_some()
    }

    /// Card, script, note and lease of the open call.
    pub fn panel(&self) -> Option<&CallPanel> {
        self.call().map(|call| &call.panel)
    }

    /// Which part of the open call has the keys.
    pub fn part(&self) -> Option<&Part> {
        self.call().map(|call| &call.part)
    }

    /// Gives the keys to a part of the open call.
    pub fn turn_to(&mut self, part: Part) {
        if let Some(call) = self.call_mut() {
            call.part = part;
        }
    }

    /// The window of a time or note, while it has the keys.
    pub fn detail(&self) -> Option<&Detail> {
        match self.part()? {
            Part::Detail(detail) => Some(detail),
            Part::Script | Part::Results(_) | Part::Middle => None,
        }
    }

    /// The same, to be edited.
    pub fn detail_mut(&mut self) -> Option<&mut Detail> {
        match &mut self.call_mut()?.part {
            Part::Detail(detail) => Some(detail),
            Part::Script | Part::Results(_) | Part::Middle => None,
        }
    }

    /// What shows whom this desk may call: the queue, at Vinmec the cases.
    pub const fn queue_query(&self) -> Query {
        match self.purpose {
            Purpose::Offer | Purpose::Survey => Query::Queue { purpose: self.purpose },
            Purpose::Intake => Query::Cases {},
        }
    }

    /// The result that a digit means now; `at_rest`: the digits mean results while the script has the keys.
    pub fn meant(&self, digit: char, at_rest: bool) -> Option<Disposition> {
        let row = match self.part()? {
            Part::Script if at_rest => Row::First,
            Part::Results(row) => *row,
            Part::Script | Part::Detail(_) | Part::Middle => return None,
        };
        by_cap(self.purpose, row, digit)
    }

    /// Whether the last result can be taken back.
    pub fn can_undo(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.undo_until.is_some())
    }

    /// Takes the next customer, or a named one.
    pub fn claim<L, S>(&self, matter: Option<MatterId>, requests: &mut Requests<L, S>) -> Effect
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let command = Command::Claim(Claim { purpose: self.purpose, matter });
        requests.save(CallSave::Claim.into(), command, [Query::OpenCall {}])
    }

    /// Reads the queue after somebody changed it; nothing while a call is open.
    pub fn refresh_queue<L, S>(&self, requests: &mut Requests<L, S>) -> Option<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        requests.refresh(CallLoad::Queue.into(), self.queue_query())
    }

    /// Does what a key of every call does.
    pub fn act<L, S>(&mut self, act: CallAct, ctx: &Ctx, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
        S: From<CallSave>,
    {
        match act {
            CallAct::Fetch => vec![self.claim(None, requests)],
            CallAct::CallBack => {
                let chosen = self.waiting.chosen();
                chosen.map(|matter| self.claim(Some(matter), requests)).into_iter().collect()
            }
            CallAct::WhyNot => {
                let Some(matter) = self.waiting.chosen() else { return Vec::new() };
                let query = Query::WhyNot { matter: Some(matter), phone: None, purpose: None };
                vec![requests.load(CallLoad::WhyNot.into(), query)]
            }
            CallAct::Pause(code) => {
                let command = Command::Pause(Pause { reason: code });
                vec![requests.save(CallSave::Pause(code).into(), command, [self.queue_query()])]
            }
            CallAct::Resume => {
                let command = Command::Resume(Nothing {});
                vec![requests.save(CallSave::Resume.into(), command, [self.queue_query()])]
            }
            CallAct::Undo => {
                let Some(matter) = self.last.as_ref().map(|last| last.call.panel.matter()) else {
                    return Vec::new();
                };
                let command = Command::UndoCall(matter);
                vec![requests.save(CallSave::Undo.into(), command, [Query::OpenCall {}])]
            }
            CallAct::Release => {
                let Some(matter) = self.panel().map(CallPanel::matter) else { return Vec::new() };
                let command = Command::ReleaseLease(matter);
                vec![requests.save(CallSave::Release.into(), command, [self.queue_query()])]
            }
            CallAct::Copy => {
                let Some(panel) = self.panel() else { return Vec::new() };
                vec![Effect::Copy(dialled(&panel.card.phone)), Effect::ok(Say::key("calls.copied"))]
            }
            CallAct::Digit(digit) => {
                let meant = self.meant(digit, true);
                meant.map_or_else(Vec::new, |disposition| self.end(disposition, ctx, requests))
            }
            CallAct::SaveDetail => self.save_detail(ctx, requests),
            CallAct::Choose(_)
            | CallAct::Pauses
            | CallAct::Tick
            | CallAct::Untick
            | CallAct::Read(_)
            | CallAct::Note
            | CallAct::Results(_)
            | CallAct::Back => {
                self.turn(act);
                Vec::new()
            }
        }
    }

    /// Acts that change only what is on screen.
    fn turn(&mut self, act: CallAct) {
        match (act, &mut self.state) {
            (CallAct::Choose(step), _) => self.waiting.step(step),
            (CallAct::Pauses, State::Ready) => self.state = State::ChoosingPause,
            (CallAct::Back, State::ChoosingPause) => self.state = State::Ready,
            (_, State::Open(call)) => {
                let OpenCall { panel, part, .. } = call.as_mut();
                match act {
                    CallAct::Tick => {
                        panel.tick();
                    }
                    CallAct::Untick => {
                        panel.untick();
                    }
                    CallAct::Read(forward) => panel.read(forward),
                    CallAct::Note => *part = Part::Detail(Detail::note(panel)),
                    CallAct::Results(row) => *part = Part::Results(row),
                    CallAct::Back => {
                        if let Part::Detail(detail) = part {
                            panel.note = detail.written();
                        }
                        *part = Part::Script;
                    }
                    _ => {}
                }
            }
            (_, State::Ready | State::ChoosingPause | State::Paused { .. }) => {}
        }
    }

    /// The call ended this way: recorded at once, or after the form or the question that it needs.
    pub fn end<L, S>(
        &mut self,
        disposition: Disposition,
        ctx: &Ctx,
        requests: &mut Requests<L, S>,
    ) -> Vec<Effect>
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let Some(OpenCall { panel, part, .. }) = self.call_mut() else { return Vec::new() };
        if disposition.flags().opts_out {
            *part = Part::Script;
            return vec![ask_opt_out(OPT_OUT, panel)];
        }
        if let Some(detail) = Detail::needed(disposition, panel) {
            *part = Part::Detail(detail);
            return Vec::new();
        }
        self.record_at_once(disposition, ctx, requests)
    }

    /// Records a result that needs nothing more.
    pub fn record_at_once<L, S>(
        &self,
        disposition: Disposition,
        ctx: &Ctx,
        requests: &mut Requests<L, S>,
    ) -> Vec<Effect>
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let record = self.panel().map(|panel| panel.ending(disposition, ctx.now));
        record.map(|record| self.record(record, requests)).into_iter().collect()
    }

    fn record<L, S>(&self, record: RecordCall, requests: &mut Requests<L, S>) -> Effect
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let save = CallSave::Record(record.disposition);
        requests.save(save.into(), Command::RecordCall(record), [self.queue_query()])
    }

    fn save_detail<L, S>(&mut self, ctx: &Ctx, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq,
        S: From<CallSave>,
    {
        let Some(OpenCall { panel, part, .. }) = self.call_mut() else { return Vec::new() };
        let Part::Detail(detail) = part else { return Vec::new() };
        panel.note = detail.written();
        if detail.disposition.is_none() {
            *part = Part::Script;
            return Vec::new();
        }
        let record = detail.ending(panel, ctx);
        record.map(|record| self.record(record, requests)).into_iter().collect()
    }

    /// A second went by: an undo is over, the lease may need prolonging.
    pub fn tick<L, S>(&mut self, now: Timestamp, requests: &mut Requests<L, S>) -> Option<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        if let Some(last) = &mut self.last {
            last.undo_until = last.undo_until.filter(|until| now < *until);
        }
        self.waiting.tick(now);
        let panel = self.panel()?;
        let due = panel.renewal_is_due(now) && !requests.is_saving();
        (due && !requests.is_loading(CallLoad::Lease.into()))
            .then(|| requests.send(CallLoad::Lease.into(), Command::RenewLease(panel.matter())))
    }

    /// Takes what a load brought.
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
                if let (CallLoad::Lease, Some(call)) = (load, self.call_mut()) {
                    call.panel.try_again_later(ctx.now);
                }
                vec![Effect::failed(&error)]
            }
        }
    }

    /// Takes one thing that was read.
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

    /// What the status line says of a pause.
    pub fn set_paused(&mut self, code: Option<PauseCode>) {
        match (code, &self.state) {
            (Some(code), State::Ready) => self.state = State::Paused { code, since: None },
            (None, State::Paused { .. }) => self.state = State::Ready,
            (Some(_) | None, _) => {}
        }
    }

    /// A call that was open already, before this screen was.
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
        self.open(OpenCall { panel, part: Part::Script, middle }, requests);
    }

    fn open<L, S>(&mut self, call: OpenCall<M>, requests: &mut Requests<L, S>)
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        requests.forget(CallLoad::Lease.into());
        self.waiting.somebody();
        self.state = State::Open(Box::new(call));
    }

    /// Takes what became of a save.
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
                let next_at = match receipt {
                    Some(Receipt::Recorded { next_at, .. }) => next_at,
                    Some(_) | None => None,
                };
                self.ended(Came::Ended { disposition, next_at }, undo_until(disposition, ctx), requests);
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
            // Claimed, but the card could not be read with it: it is still ours.
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
        let Some(Last { call, came, .. }) = self.last.take() else {
            self.begin(*card, ctx, requests);
            return Vec::new();
        };
        let said = undone_say(&came, &card.name, self.purpose, ctx);
        let OpenCall { panel, middle, .. } = *call;
        let panel = panel.resumed(*card, ctx);
        self.open(OpenCall { panel, part: Part::Script, middle: middle.resumed() }, requests);
        vec![Effect::ok(said)]
    }

    /// The call is over: what came of it is shown until the next one.
    pub fn ended<L, S>(&mut self, came: Came, undo_until: Option<Timestamp>, requests: &mut Requests<L, S>)
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        requests.forget(CallLoad::Lease.into());
        if let State::Open(call) = std::mem::replace(&mut self.state, State::Ready) {
            self.last = Some(Last { call, came, undo_until });
        }
    }

    /// The call is gone without a result.
    pub fn close<L, S>(&mut self, requests: &mut Requests<L, S>)
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        requests.forget(CallLoad::Lease.into());
        self.state = State::Ready;
    }

    /// A command was refused or the store was out of reach: nothing changed, nothing typed is lost.
    fn refused<L, S>(&mut self, save: CallSave, error: Error, requests: &mut Requests<L, S>) -> Vec<Effect>
    where
        L: Copy + PartialEq + From<CallLoad>,
    {
        let said = Effect::failed(&error);
        let Error::Refused(refusal) = error else { return vec![said] };
        match (save, &mut self.state) {
            (CallSave::Claim, _) => {
                // A call is open that this screen does not show: fetch it.
                let next = if refusal == Refusal::CallOpen {
                    requests.load(CallLoad::Open.into(), Query::OpenCall {})
                } else {
                    requests.load(CallLoad::Queue.into(), self.queue_query())
                };
                return vec![said, next];
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
        vec![said]
    }
}

/// Names the matter of an open call, for commands that need no more.
pub const fn matter_ref(panel: &CallPanel) -> MatterRef {
    MatterRef { matter: panel.card.matter }
}

/// Names the result that was taken back, and whose it was.
fn undone_say(came: &Came, name: &str, purpose: Purpose, ctx: &Ctx) -> Say {
    match came {
        Came::Ended { disposition, .. } => Say::key("calls.undone")
            .with("result", disposition.label_for(purpose, ctx.lang))
            .with("name", name),
        Came::Seated { .. } | Came::Waitlisted { .. } | Came::Answered => {
            Say::key("calls.resumed").with("name", name)
        }
    }
}
