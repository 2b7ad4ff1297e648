//! The thread that goes through the door for one session. It owns nothing but its queue: jobs run in the order
//! in which the screens asked, their answers leave as events, and dropping the worker waits until the last job is
//! durable.
//!
//! The queue is bounded; a job that finds it full is answered Busy at once, so that a screen never waits for
//! nothing. A job that panics is answered as an internal error and the worker goes on.

use super::clock::SessionClock;
use crate::domain::actor::{Actor, OPERATOR};
use crate::domain::id::StaffId;
use crate::store::StoreError;
use crate::tui::effect::{Job, Outcome, Reply};
use crate::tui::input::Input;
use crate::usecase::model::staff::StaffLine;
use crate::usecase::{Door, Error, Query, Request, Snapshot, When};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// Jobs that may wait.
const QUEUE: usize = 256;

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
    /// There is news of the store.
    News,
}

/// Something for the worker.
enum Work {
    Job(StaffId, Box<Job>),
    Actor(StaffId),
    People,
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

    /// Does a job as `staff`.
    pub fn run(&self, staff: &StaffId, job: Box<Job>) {
        let ticket = job.ticket;
        if !self.give(Work::Job(staff.clone(), job)) {
            let outcome = Err(Error::Store(StoreError::Busy));
            // Nobody listens only when the session is over.
            let _ = self.events.send(Event::Reply(Box::new(Reply { ticket, outcome })));
        }
    }

    /// Finds out who `staff` is.
    pub fn find_actor(&self, staff: StaffId) {
        if !self.give(Work::Actor(staff)) {
            let _ = self.events.send(Event::Actor(Box::new(Err(Error::Store(StoreError::Busy)))));
        }
    }

    /// Finds out who may be worked as on a simulated store.
    pub fn find_people(&self) {
        self.give(Work::People);
    }

    /// Whether the queue took it.
    fn give(&self, work: Work) -> bool {
        match self.queue.as_ref().map(|queue| queue.try_send(work)) {
            Some(Ok(())) => true,
            Some(Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) | None => false,
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
        let event = match work {
            Work::Job(staff, job) => {
                let ticket = job.ticket;
                let outcome = caught(|| through_the_door(door, clock, staff, *job));
                Event::Reply(Box::new(Reply { ticket, outcome }))
            }
            Work::Actor(staff) => Event::Actor(Box::new(caught(|| door.actor(&staff)))),
            Work::People => Event::People(people(door, clock)),
        };
        // When nobody listens any more, what waits is still done: it was promised to the person.
        let _ = events.send(event);
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
