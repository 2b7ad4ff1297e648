//! What a session asks of the door ([`Work`]), and the thread that goes through the door for one session. It owns
//! nothing but its queue: jobs run in the order in which the screens asked, their answers leave as events, and
//! dropping the worker waits until the last job is durable.
//!
//! The queue is bounded; a job that finds it full is answered Busy at once, so that a screen never waits for
//! nothing. A job that panics is answered as an internal error and the worker goes on.

use super::clock::SessionClock;
use crate::domain::actor::{Actor, OPERATOR};
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::tui::app::PinAnswer;
use crate::tui::effect::{Job, Keep, Outcome, PinAct, Reply};
use crate::tui::input::Input;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::LineLost;
use crate::usecase::model::staff::StaffLine;
use crate::usecase::{Command, Door, Error, Query, Request, Snapshot, When};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// Jobs of one session that may wait.
pub const QUEUE: usize = 256;

/// Something for the loop.
#[derive(Debug)]
pub enum Event {
    /// The person or the second hand.
    Input(Input),
    /// A job is done.
    Reply(Box<Reply>),
    /// Who the person works on as.
    Actor(Box<Result<Actor, Error>>),
    /// Who may be worked as.
    People(Vec<StaffLine>),
    /// What came of a person's PIN.
    Pin(Box<Result<PinAnswer, Error>>),
    /// Something is done that nobody waits for.
    Kept,
    /// There is news of the store.
    News,
    /// A sentence from outside the session: the house stops, the supervisor has a message.
    Told(Tone, Say),
}

/// Something that goes through the door for a session.
#[derive(Debug)]
pub enum Work {
    /// A job of a screen, as this person.
    Job(StaffId, Box<Job>),
    /// Typed text of this person, to be kept or forgotten.
    Keep(StaffId, Box<Keep>),
    /// The PIN of this person.
    Pin(StaffId, Box<PinAct>),
    /// This person's line was lost; their client was last heard then.
    LineLost(StaffId, Timestamp),
    /// Who this is.
    Actor(StaffId),
    /// Who may be worked as on a simulated store.
    People,
}

impl Work {
    /// Does it; waits for the store. A panic becomes an internal error.
    pub fn act(self, door: &Door, clock: &SessionClock) -> Event {
        match self {
            Self::Job(staff, job) => {
                let ticket = job.ticket;
                let outcome = caught(|| through_the_door(door, clock, staff, *job));
                Event::Reply(Box::new(Reply { ticket, outcome }))
            }
            Self::Keep(staff, keep) => {
                let now = clock.now();
                let outcome = caught(|| door.keep_draft(&staff, now, &keep.form, keep.body.as_deref()));
                if let Err(error) = outcome {
                    // The person goes on; the next change tries again.
                    tracing::warn!(kind = error.kind(), "a draft was not kept");
                }
                Event::Kept
            }
            Self::Pin(staff, act) => {
                let now = clock.now();
                Event::Pin(Box::new(caught(|| match *act {
                    PinAct::Ask => Ok(PinAnswer::Known(door.has_pin(&staff)?)),
                    PinAct::Set(pin) => door.set_pin(&staff, now, &pin).map(|()| PinAnswer::Set),
                    PinAct::Try(pin) => Ok(PinAnswer::Tried(door.try_pin(&staff, now, &pin)?)),
                })))
            }
            Self::LineLost(staff, heard_at) => {
                let command = Command::LineLost(LineLost { heard_at, session: None });
                let request = Request { op: None, staff, when: When::Now(clock.now()), command };
                if let Err(error) = caught(|| door.execute(request)) {
                    // The lease runs out by itself, only later.
                    tracing::warn!(kind = error.kind(), "a lost line was not told");
                }
                Event::Kept
            }
            Self::Actor(staff) => Event::Actor(Box::new(caught(|| door.actor(&staff)))),
            Self::People => Event::People(people(door, clock)),
        }
    }

    /// The answer when the queue has no room; `None` where nobody waits for one.
    pub fn busy(&self) -> Option<Event> {
        match self {
            Self::Job(_, job) => {
                let outcome = Err(Error::Store(StoreError::Busy));
                Some(Event::Reply(Box::new(Reply { ticket: job.ticket, outcome })))
            }
            Self::Actor(_) => Some(Event::Actor(Box::new(Err(Error::Store(StoreError::Busy))))),
            Self::Pin(..) => Some(Event::Pin(Box::new(Err(Error::Store(StoreError::Busy))))),
            Self::Keep(..) | Self::LineLost(..) | Self::People => None,
        }
    }
}

/// The session's way through the door.
#[derive(Debug)]
pub struct Worker {
    queue: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<()>>,
    events: Sender<Event>,
}

impl Worker {
    /// Starts the thread; answers go to `events`.
    pub fn start(door: Door, clock: SessionClock, events: Sender<Event>) -> std::io::Result<Self> {
        let (queue, waiting) = sync_channel(QUEUE);
        let answers = events.clone();
        let thread = std::thread::Builder::new()
            .name("session worker".to_owned())
            .spawn(move || serve(&door, &clock, &waiting, &answers))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), events })
    }

    /// Queues `work`; a full queue answers at once.
    pub fn give(&self, work: Work) {
        let refused = match self.queue.as_ref().map(|queue| queue.try_send(work)) {
            Some(Err(TrySendError::Full(work) | TrySendError::Disconnected(work))) => work.busy(),
            Some(Ok(())) | None => None,
        };
        if let Some(answer) = refused {
            // Nobody listens only when the session is over.
            let _ = self.events.send(answer);
        }
    }
}

impl Drop for Worker {
    /// Lets the thread finish what waits.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was answered and logged when it happened.
            let _ = thread.join();
        }
    }
}

fn serve(door: &Door, clock: &SessionClock, waiting: &Receiver<Work>, events: &Sender<Event>) {
    for work in waiting {
        // When nobody listens any more, what waits is still done: it was promised to the person.
        let _ = events.send(work.act(door, clock));
    }
}

/// Turns a panic into an internal error.
fn caught<T>(act: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|_| Err(Error::Store(StoreError::internal("a job of a session panicked"))))
}

fn through_the_door(door: &Door, clock: &SessionClock, staff: StaffId, job: Job) -> Outcome {
    let receipt = match job.command {
        Some(command) => {
            let op = Some(ulid::Ulid::generate().to_string());
            let when = When::Now(clock.now());
            Some(door.execute(Request { op, staff: staff.clone(), when, command })?)
        }
        None => None,
    };
    let snapshot = job.then.map(|query| door.query(&staff, clock.now(), query)).transpose()?;
    if let Some(Snapshot::Status(status)) = &snapshot
        && let Some(store_time) = status.store_time
    {
        clock.catch_up(store_time);
    }
    Ok((receipt, snapshot))
}

fn people(door: &Door, clock: &SessionClock) -> Vec<StaffLine> {
    let operator = StaffId(OPERATOR.to_owned());
    match caught(|| door.query(&operator, clock.now(), Query::Staff {})) {
        Ok(Snapshot::Staff { mut staff }) => {
            staff.retain(|line| line.id != operator);
            staff
        }
        Ok(_) | Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usecase::Receipt;

    #[test]
    fn a_job_that_panics_is_an_internal_error_and_no_end() {
        let outcome = caught(|| -> Result<Receipt, Error> { panic!("a broken rule") });
        assert!(matches!(outcome, Err(Error::Store(StoreError::Internal { .. }))));
        assert_eq!(caught(|| Ok(Receipt::Told {})), Ok(Receipt::Told {}));
    }
}
