//! The effects of screens: what a screen asks the frame or the session to do. Effects are data that tests compare
//! with `==`. A write and the reads after it are one job, so that one reply makes one frame.

use super::say::Say;
use super::theme::Tone;
use crate::domain::figure::Figure;
use crate::domain::id::{CaseId, MatterId, RegistrationId, StaffId};
use crate::domain::pin::Pin;
use crate::usecase::{Command, Error, Query, Receipt, Snapshot};
use chrono::NaiveDate;

/// Names one request of one screen. A screen drops replies to tickets that no longer count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

const ORIGIN_SHIFT: u32 = 56;

impl Ticket {
    /// The `n`th ticket of a tab (or of the frame).
    pub const fn of(origin: Origin, n: u64) -> Self {
        Self(((origin as u64) << ORIGIN_SHIFT) | n)
    }

    /// Whether `origin` made this ticket.
    pub const fn is_from(self, origin: Origin) -> bool {
        self.0 >> ORIGIN_SHIFT == origin as u64
    }
}

/// Who makes tickets: the frame or a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The frame around the screens.
    Frame = 0,
    /// Outbound calls.
    Calls = 1,
    /// Registrations, leads, hand-over.
    Register = 2,
    /// Vinmec's appointments.
    Schedule = 3,
    /// Surveys.
    Survey = 4,
    /// The overview.
    Overview = 5,
    /// The tasks, which have no tab of their own.
    Tasks = 6,
}

/// Makes the tickets of one tab or of the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tickets {
    origin: Origin,
    last: u64,
}

impl Tickets {
    /// Tickets of `origin`, numbered from 1.
    pub const fn new(origin: Origin) -> Self {
        Self { origin, last: 0 }
    }

    /// The next ticket.
    pub const fn next(&mut self) -> Ticket {
        self.last += 1;
        Ticket::of(self.origin, self.last)
    }
}

/// A command and, after its commit, the queries to answer; either may be absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Comes back with the reply.
    pub ticket: Ticket,
    /// The command.
    pub command: Option<Command>,
    /// The queries to answer afterwards, in this order.
    pub then: Vec<Query>,
}

/// A campaign file to be read and compared with the campaign in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareFile {
    /// Comes back with the reply.
    pub ticket: Ticket,
    /// The file, as typed.
    pub path: String,
    /// How many of the last days are judged again.
    pub replay: Option<i64>,
}

/// A list to be written to a new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Comes back with the reply.
    pub ticket: Ticket,
    /// The people behind this figure.
    pub figure: Figure,
    /// The file, as typed.
    pub file: String,
}

/// What a job returns: the receipt when there was a command, and a snapshot for each query in the job's order.
pub type Brought = (Option<Receipt>, Vec<Snapshot>);

/// The result of a job.
pub type Outcome = Result<Brought, Error>;

/// The answer to a [`Job`].
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The job's ticket.
    pub ticket: Ticket,
    /// The job's result.
    pub outcome: Outcome,
}

/// The subject that one tab hands to another when it opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A phone number as typed or in E.164.
    Phone(String),
    /// A contact matter.
    Matter(MatterId),
    /// A registration.
    Registration(RegistrationId),
    /// A case at Vinmec.
    Case(CaseId),
    /// A day of the roster, and the case whose appointment is looked for on it.
    Day(NaiveDate, Option<CaseId>),
}

/// A yes-or-no question in a window of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Comes back with the answer ([`super::screen::Msg::Answered`]).
    pub id: &'static str,
    /// The question.
    pub text: Say,
    /// What a yes means, when that needs more words.
    pub detail: Option<Say>,
    /// How grave a yes is.
    pub tone: Tone,
    /// The id that comes back, answered with yes, when Esc is pressed; none: Esc means no.
    pub on_esc: Option<&'static str>,
}

impl Question {
    /// A question whose yes can be undone: yes is marked, so that Enter accepts it.
    pub const fn plain(id: &'static str, text: Say) -> Self {
        Self { id, text, detail: None, tone: Tone::Info, on_esc: None }
    }

    /// A question whose yes cannot be undone. `text` names the person, `consequence` says what a yes does; no is
    /// marked.
    pub const fn irrevocable(id: &'static str, text: Say, consequence: Say) -> Self {
        Self { id, text, detail: Some(consequence), tone: Tone::Danger, on_esc: None }
    }

    /// This question with more words about what a yes means.
    #[must_use]
    pub fn with_detail(self, detail: Say) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// Whether yes is marked at the beginning; never where it is irrevocable.
    pub fn starts_with_yes(&self) -> bool {
        self.tone != Tone::Danger
    }
}

/// Typed text to be saved as a draft, or a draft to be deleted.
#[derive(Clone, PartialEq, Eq)]
pub struct Keep {
    /// Which form.
    pub form: String,
    /// Its text; none deletes the draft.
    pub body: Option<String>,
}

/// Shows nothing that was typed.
impl std::fmt::Debug for Keep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keep").field("forget", &self.body.is_none()).finish_non_exhaustive()
    }
}

/// What the lock asks of the store, for the person of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinAct {
    /// Whether there is a PIN.
    Ask,
    /// Set the first one.
    Set(Pin),
    /// Try these digits.
    Try(Pin),
}

/// What a screen asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Run a job; the answer comes as a [`Reply`].
    Run(Box<Job>),
    /// Put text on the person's own clipboard.
    Copy(String),
    /// Show a notice about the last act.
    Notice(Tone, Say),
    /// Ask a question; the answer comes as a message.
    Ask(Box<Question>),
    /// Show text in a window until it is closed.
    Show {
        /// The window's title.
        title: Say,
        /// Paragraphs.
        lines: Vec<Say>,
        /// Its tone.
        tone: Tone,
    },
    /// The 115 alarm: fills the screen until it is acknowledged; the acknowledgement comes back as an answer
    /// with this id.
    Alarm {
        /// Comes back when acknowledged.
        id: &'static str,
        /// What to tell the customer.
        lines: Vec<Say>,
    },
    /// Open another tab, with a subject or without.
    Goto(Origin, Option<Subject>),
    /// Return to the tab that was open before this screen.
    Back,
    /// Work on as another person (simulated stores only).
    Become(StaffId),
    /// Save or delete a draft; nothing comes back.
    Keep(Box<Keep>),
    /// Ask about the PIN; the answer comes to the lock.
    Pin(Box<PinAct>),
    /// Compare a campaign file; the answer comes as a [`Reply`].
    Compare(Box<CompareFile>),
    /// Write the people behind a figure to a new file; the answer comes as a [`Reply`].
    Export(Box<Export>),
    /// Leave the program.
    Quit,
}

impl Effect {
    /// Read something.
    pub fn load(ticket: Ticket, query: Query) -> Self {
        Self::Run(Box::new(Job { ticket, command: None, then: vec![query] }))
    }

    /// Read several things in one reply.
    pub fn read(ticket: Ticket, queries: Vec<Query>) -> Self {
        Self::Run(Box::new(Job { ticket, command: None, then: queries }))
    }

    /// Change something and read something afterwards.
    pub fn save(ticket: Ticket, command: Command, then: impl IntoIterator<Item = Query>) -> Self {
        Self::Run(Box::new(Job { ticket, command: Some(command), then: then.into_iter().collect() }))
    }

    /// A notice that reports success.
    pub const fn ok(say: Say) -> Self {
        Self::Notice(Tone::Ok, say)
    }

    /// A notice that reports an error, with its hint.
    pub fn failed(error: &Error) -> Self {
        Self::Notice(Tone::Danger, Say::from(error.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_irrevocable_question_names_its_consequence_and_never_begins_with_yes() {
        let grave = Question::irrevocable("cancel", Say::key("x"), Say::key("y"));
        assert!(!grave.starts_with_yes() && grave.detail.is_some());
        assert!(!grave.with_detail(Say::key("z")).starts_with_yes());
        assert!(Question::plain("resume", Say::key("x")).starts_with_yes(), "the control");
    }

    #[test]
    fn tickets_know_their_maker_and_never_repeat() {
        let mut calls = Tickets::new(Origin::Calls);
        let (a, b) = (calls.next(), calls.next());
        assert_ne!(a, b);
        assert!(a.is_from(Origin::Calls) && !a.is_from(Origin::Survey));
        assert_eq!(Ticket::of(Origin::Calls, 1), a);
    }
}
