//! The call desk: whom to call, the open call, its result, and the call before. Outbound calls, surveys and Vinmec's
//! intake share it and add their middle part `M`. `act` carries out its keys, `answer` takes the answers.
//!
//! Invariants:
//! * at most one call is open; its lease is prolonged while it is open;
//! * a card stays on the screen until its result is committed, and a refusal keeps everything that was typed;
//! * an answer that belongs to an earlier call changes nothing.
//!
//! Deliberately absent: rules. The use cases decide whom to call, when, and what follows a result.

mod act;
mod answer;

use super::detail::Detail;
use super::panel::CallPanel;
use super::results::{ResultRow, by_cap};
use super::waiting::Waiting;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::RegistrationId;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::widgets::list::Step;
use crate::usecase::Query;
use crate::usecase::command::PauseCode;

/// The id of the question before a customer is put on the do-not-call list.
pub const OPT_OUT: &str = "call.opt_out";

/// The loads of a call desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallLoad {
    /// A call that is already open, and what the screen shows while none is.
    Open,
    /// The queue.
    Queue,
    /// Every reason against calling a customer now.
    WhyNot,
    /// The prolonged lease.
    Lease,
}

/// The saves of a call desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallSave {
    /// Claim a customer.
    Claim,
    /// Record the result of the call.
    Record(Disposition),
    /// Undo the last result.
    Undo,
    /// Release the customer without a call.
    Release,
    /// Stop taking calls.
    Pause(PauseCode),
    /// Take calls again.
    Resume,
}

/// What the keys of every call do; their binding rows are in [`super::keys`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallAct {
    /// Claim the next customer.
    Fetch,
    /// Call the customer of the promised callback under the cursor.
    CallBack,
    /// Why that customer cannot be called now.
    WhyNot,
    /// Move in the promised callbacks.
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
    /// Show the history with its notes whole.
    History,
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

/// The middle part that a screen adds to a call.
pub trait Middle: Clone + PartialEq + std::fmt::Debug {
    /// The middle part of a call that begins.
    fn begin(panel: &CallPanel, ctx: &Ctx) -> Self;

    /// The middle part after an undo: the answers stay.
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
    /// The time or note whose form was left.
    pub left: Option<Detail>,
    /// The screen's middle part.
    pub middle: M,
}

impl<M> OpenCall<M> {
    /// A call that begins; the script has the keys.
    pub const fn new(panel: CallPanel, middle: M) -> Self {
        Self { panel, part: Part::Script, left: None, middle }
    }

    /// The text typed outside the middle part: the note, and a time or note whose form is open or was left.
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
        /// The reason.
        code: PauseCode,
        /// Since when, if it began on this screen.
        since: Option<Timestamp>,
    },
    /// A call is open.
    Open(Box<OpenCall<M>>),
}

/// The outcome of the call before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOutcome {
    /// It ended with a result.
    Ended {
        /// The result.
        disposition: Disposition,
        /// The next attempt, or the promised time.
        next_at: Option<Timestamp>,
    },
    /// The customer was registered.
    Seated {
        /// The registration.
        registration: RegistrationId,
        /// The number of the seat.
        seat: i64,
    },
    /// The customer was put on the waitlist.
    Waitlisted {
        /// The registration.
        registration: RegistrationId,
        /// The position.
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
    /// Its outcome.
    pub outcome: CallOutcome,
    /// Until when it can be undone; none: it cannot.
    pub undo_until: Option<Timestamp>,
}

/// The call desk.
#[derive(Debug, Clone, PartialEq)]
pub struct CallDesk<M> {
    purpose: Purpose,
    state: State<M>,
    /// The customers who wait for a call.
    pub waiting: Waiting,
    last: Option<Last<M>>,
}

impl<M: Middle> CallDesk<M> {
    /// A call desk for this purpose; nothing is read yet.
    pub const fn new(purpose: Purpose) -> Self {
        Self { purpose, state: State::Ready, waiting: Waiting::new(), last: None }
    }

    /// The purpose of its calls.
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

    /// The same call, to be changed.
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

    /// The query for the customers to call: the queue, or at Vinmec the cases.
    pub const fn queue_query(&self) -> Query {
        match self.purpose {
            Purpose::Offer | Purpose::Survey => Query::Queue { purpose: self.purpose },
            Purpose::Intake => Query::Cases {},
        }
    }

    /// The result that a digit means now; `at_rest`: whether digits mean results while the script has the keys.
    pub fn meant(&self, digit: char, at_rest: bool) -> Option<Disposition> {
        let row = match self.part()? {
            Part::Script if at_rest => ResultRow::First,
            Part::Results(row) => *row,
            Part::Script | Part::Detail(_) | Part::Middle => return None,
        };
        by_cap(self.purpose, row, digit)
    }

    /// Whether the last result can be undone.
    pub fn can_undo(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.undo_until.is_some())
    }
}
