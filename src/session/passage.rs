//! One session's way through the door, on whichever thread it is given.
//!
//! Invariants: a command whose outcome the person could not hear keeps its operation id until it is heard, so that
//! asking for the same again acts once; patience counts from when something was asked for, not from when its turn
//! came; a panic becomes an internal error and ends nothing.
//!
//! Deliberately absent: queues and threads (the worker's and the SSH door's), and remembering beyond the session:
//! who comes back on a new line finds their form, and the rules decide.

use super::clock::SessionClock;
use super::work::{Event, Work};
use crate::domain::actor::OPERATOR;
use crate::domain::id::StaffId;
use crate::store::StoreError;
use crate::tui::app::PinAnswer;
use crate::tui::effect::{Job, Outcome, PinAct, Reply};
use crate::usecase::command::LineLost;
use crate::usecase::model::staff::StaffLine;
use crate::usecase::{Command, Door, Error, Query, Receipt, Request, Snapshot, When};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// The way of one session.
#[derive(Debug)]
pub struct Passage {
    door: Door,
    clock: SessionClock,
    unheard: Option<Unheard>,
}

/// The last command whose outcome the person did not hear.
#[derive(Debug)]
struct Unheard {
    staff: StaffId,
    command: Command,
    op: String,
}

impl Unheard {
    fn new(staff: &StaffId, command: &Command) -> Self {
        Self { staff: staff.clone(), command: command.clone(), op: new_op() }
    }

    fn is(&self, staff: &StaffId, command: &Command) -> bool {
        self.staff == *staff && self.command == *command
    }

    fn request(&self, when: When) -> Request {
        let Self { staff, command, op } = self;
        Request { op: Some(op.clone()), staff: staff.clone(), when, command: command.clone() }
    }
}

fn new_op() -> String {
    ulid::Ulid::generate().to_string()
}

impl Passage {
    /// A session's way, with nothing in doubt.
    pub const fn new(door: Door, clock: SessionClock) -> Self {
        Self { door, clock, unheard: None }
    }

    /// Does what was asked for at `asked`; waits for the store.
    pub fn act(&mut self, work: Work, asked: Instant) -> Event {
        let door = self.door.asked_at(asked);
        match work {
            Work::Job(staff, job) => {
                let ticket = job.ticket;
                let outcome = caught(|| self.go(&door, &staff, *job));
                Event::Reply(Box::new(Reply { ticket, outcome }))
            }
            Work::Keep(staff, keep) => {
                let now = self.clock.now();
                let outcome = caught(|| door.keep_draft(&staff, now, &keep.form, keep.body.as_deref()));
                if let Err(error) = outcome {
                    // The person goes on; the next change tries again.
                    tracing::warn!(kind = error.kind(), "a draft was not kept");
                }
                Event::Kept
            }
            Work::Pin(staff, act) => {
                let now = self.clock.now();
                Event::Pin(Box::new(caught(|| match *act {
                    PinAct::Ask => Ok(PinAnswer::Known(door.has_pin(&staff)?)),
                    PinAct::Set(pin) => door.set_pin(&staff, now, &pin).map(|()| PinAnswer::Set),
                    PinAct::Try(pin) => Ok(PinAnswer::Tried(door.try_pin(&staff, now, &pin)?)),
                })))
            }
            Work::LineLost(staff, session, heard_at) => {
                let command = Command::LineLost(LineLost { heard_at, session: Some(session) });
                let request = Request { op: None, staff, when: When::Now(self.clock.now()), command };
                if let Err(error) = caught(|| door.execute(request)) {
                    // The lease runs out by itself, only later.
                    tracing::warn!(kind = error.kind(), "a lost line was not told");
                }
                Event::Kept
            }
            Work::Arrive(process, session) => {
                let begun = caught(|| door.begin_session(self.clock.now(), &process, &session));
                or_later(begun.map(|()| Event::Kept))
            }
            Work::Beat(process, here) => {
                let beaten = caught(|| door.beat(self.clock.now(), &process, here));
                or_later(beaten.map(|orders| Event::Orders(Box::new(orders))))
            }
            Work::Orders(process) => {
                let read = caught(|| door.orders(self.clock.now(), &process));
                or_later(read.map(|orders| Event::Orders(Box::new(orders))))
            }
            Work::Leave(staff, session, why) => {
                let left = caught(|| door.leave_session(self.clock.now(), &session, &staff, why));
                or_later(left.map(|()| Event::Kept))
            }
            Work::Actor(staff) => Event::Actor(Box::new(caught(|| door.actor(&staff)))),
            Work::People => Event::People(people(&door, &self.clock)),
        }
    }

    fn go(&mut self, door: &Door, staff: &StaffId, job: Job) -> Outcome {
        let Job { command, then, .. } = job;
        let Some(command) = command else {
            // Behind a store that was away for so long, it is on nobody's screen any more: the person has heard of
            // that, and each such query would make them wait again.
            return if door.is_out_of_patience() {
                Err(StoreError::Busy.into())
            } else {
                Ok((None, self.read(door, staff, then)?))
            };
        };
        if matches!(command, Command::RenewLease(_)) {
            // A screen says this by itself, again and again: it is no intent of the person's.
            let request = Unheard::new(staff, &command).request(When::Now(self.clock.now()));
            return Ok((Some(door.execute(request)?), self.read(door, staff, then)?));
        }
        let other = self.unheard.take_if(|last| !last.is(staff, &command));
        match self.execute(door, staff, &command) {
            Err(refused @ Error::Refused(_)) => {
                // Nothing was done, so what was in doubt before may still be asked for again.
                self.unheard = other;
                Err(refused)
            }
            Err(unknown) => Err(unknown),
            Ok(receipt) => {
                // The person hears of a receipt only together with what is read after it.
                let snapshots = self.read(door, staff, then)?;
                self.unheard = None;
                Ok((Some(receipt), snapshots))
            }
        }
    }

    /// Runs a command by the id under which it may have been done already.
    fn execute(&mut self, door: &Door, staff: &StaffId, command: &Command) -> Result<Receipt, Error> {
        let now = self.clock.now();
        let again = self.unheard.is_some();
        let unheard = self.unheard.get_or_insert_with(|| Unheard::new(staff, command));
        let receipt = door.execute(unheard.request(When::Now(now)))?;
        if !again || receipt.stands_at(now) {
            return Ok(receipt);
        }
        // The customer whom the first one handed out may be in another's hands by now.
        unheard.op = new_op();
        door.execute(unheard.request(When::Now(now)))
    }

    fn read(&self, door: &Door, staff: &StaffId, queries: Vec<Query>) -> Result<Vec<Snapshot>, Error> {
        let mut snapshots = Vec::with_capacity(queries.len());
        for query in queries {
            let snapshot = door.query(staff, self.clock.now(), query)?;
            if let Snapshot::Status(status) = &snapshot
                && let Some(store_time) = status.store_time
            {
                self.clock.catch_up(store_time);
            }
            snapshots.push(snapshot);
        }
        Ok(snapshots)
    }
}

/// What is said of a session to the store: the person goes on without, and the next beat tries again.
fn or_later(outcome: Result<Event, Error>) -> Event {
    outcome.unwrap_or_else(|error| {
        tracing::warn!(kind = error.kind(), "a session could not be told to the store");
        Event::Kept
    })
}

/// Turns a panic into an internal error.
fn caught<T>(act: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|_| Err(Error::Store(StoreError::internal("a job of a session panicked"))))
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

    #[test]
    fn a_job_that_panics_is_an_internal_error_and_no_end() {
        let outcome = caught(|| -> Result<Receipt, Error> { panic!("a broken rule") });
        assert!(matches!(outcome, Err(Error::Store(StoreError::Internal { .. }))));
        assert_eq!(caught(|| Ok(Receipt::Told {})), Ok(Receipt::Told {}));
    }
}
