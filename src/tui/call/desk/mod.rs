//! One call on any desk: whom to call, the call that is open, how it ends, and the call before. Outbound calls,
//! surveys and Vinmec's intake add only their middle part `M`.
//!
//! Invariants:
//! * at most one call is open; its lease is prolonged while it is;
//! * a card never leaves the screen before its result is committed, and a refusal keeps everything that was typed;
//! * an answer that belongs to a call before the open one changes nothing.
//!
//! What its keys do stands in `act`, what comes back through the door in `answer`. Deliberately absent: rules. Whom to call, when, and what follows a result is decided behind the door.

mod act;
mod answer;

use super::detail::Detail;
use super::panel::CallPanel;
use super::results::{ResultRow, by_cap};
use super::waiting::Waiting;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::widgets::list::Step;
use crate::usecase::Query;
use crate::usecase::command::PauseCode;

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
    Results(ResultRow),
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
    Results(ResultRow),
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
    /// The time or note that was left half typed.
    pub left: Option<Detail>,
    /// What the screen keeps with it.
    pub middle: M,
}

impl<M> OpenCall<M> {
    /// A call that begins; the script has the keys.
    pub const fn new(panel: CallPanel, middle: M) -> Self {
        Self { panel, part: Part::Script, left: None, middle }
    }

    /// What stands typed beside the middle part: the note, and a time or note that was left or is being typed.
    pub fn texts(&self) -> Vec<String> {
        let open = match &self.part {
            Part::Detail(detail) => Some(detail),
            Part::Script | Part::Results(_) | Part::Middle => None,
        };
        let details = open.into_iter().chain(&self.left).flat_map(|detail| detail.form.texts());
        details.chain(Some(self.panel.note.clone())).collect()
    }
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
            Part::Script if at_rest => ResultRow::First,
            Part::Results(row) => *row,
            Part::Script | Part::Detail(_) | Part::Middle => return None,
        };
        by_cap(self.purpose, row, digit)
    }

    /// Whether the last result can be taken back.
    pub fn can_undo(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.undo_until.is_some())
    }
}
