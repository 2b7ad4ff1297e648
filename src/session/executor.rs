//! Executes the requests of one session through the door, on the thread of its caller.
//!
//! Invariants:
//! - a command whose outcome did not reach the user keeps its operation id until one does, so that sending the same
//!   command again acts once;
//! - the time limit of a request counts from when it was made, not from when it leaves the queue;
//! - a panic becomes an internal error and ends nothing.
//!
//! Deliberately absent: queues and threads (those of the worker and of the SSH server), and memory beyond the
//! session: a user who reconnects gets their form back, and the rules decide.

use super::clock::SessionClock;
use super::work::{Event, Work};
use crate::domain::actor::OPERATOR;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::exchange::handover::Format;
use crate::exchange::people as file;
use crate::store::StoreError;
use crate::tui::app::PinAnswer;
use crate::tui::effect::{CompareFile, Export, Job, Outcome, PinAct, Reply};
use crate::usecase::command::LineLost;
use crate::usecase::export as lists;
use crate::usecase::model::staff::StaffLine;
use crate::usecase::{Command, Door, Error, Query, Receipt, Request, Snapshot, When};
use std::io::{ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

/// Bytes that are read of a campaign file: one more than the door takes, so that the refusal is its.
const MOST_FILE: u64 = 1024 * 1024 + 1;

/// The executor of one session.
#[derive(Debug)]
pub struct Executor {
    door: Door,
    clock: SessionClock,
    unconfirmed: Option<Unconfirmed>,
}

/// The last command whose outcome did not reach the user.
#[derive(Debug)]
struct Unconfirmed {
    staff: StaffId,
    command: Command,
    op: String,
}

impl Unconfirmed {
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

/// Reads a campaign file, up to one byte more than the door takes, and compares it.
fn compare_file(door: &Door, staff: &StaffId, now: Timestamp, compare: CompareFile) -> Outcome {
    let mut text = String::new();
    std::fs::File::open(&compare.path)
        .and_then(|file| file.take(MOST_FILE).read_to_string(&mut text))
        .map_err(|_| Refusal::FieldInvalid { field: "path", reason: "unreadable" })?;
    let query = Query::CampaignDiff { file: Some(text), version: None, base: None, replay: compare.replay };
    Ok((None, vec![door.query(staff, now, query)?]))
}

/// Writes the people behind a figure to a new file; nothing is written over another one.
fn write_list(door: &Door, staff: &StaffId, now: Timestamp, lang: Lang, export: Export) -> Outcome {
    let path = Path::new(&export.file);
    let format =
        Format::of(path).ok_or(Refusal::FieldInvalid { field: "list_file", reason: "file_ending" })?;
    if path.symlink_metadata().is_ok() {
        return Err(Refusal::FieldInvalid { field: "list_file", reason: "file_exists" }.into());
    }
    let people = lists::people(door, staff, now, &export.figure)?;
    let bytes = file::write(format, &export.figure, &people, lang)
        .map_err(|error| StoreError::internal(&error.to_string()))?;
    file::write_new(path, &bytes).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Refusal::FieldInvalid { field: "list_file", reason: "file_exists" },
        _ => Refusal::FieldInvalid { field: "list_file", reason: "file_not_written" },
    })?;
    Ok((None, vec![Snapshot::Exported { file: export.file, rows: people.len() as i64 }]))
}

fn new_op() -> String {
    ulid::Ulid::generate().to_string()
}

impl Executor {
    /// An executor without an unconfirmed command.
    pub const fn new(door: Door, clock: SessionClock) -> Self {
        Self { door, clock, unconfirmed: None }
    }

    /// Executes `work`, which was requested at `asked`; waits for the store and returns the event for the session.
    pub fn run(&mut self, work: Work, asked: Instant) -> Event {
        let door = self.door.asked_at(asked);
        match work {
            Work::Job(staff, job) => {
                let ticket = job.ticket;
                let outcome = caught(|| self.run_job(&door, &staff, *job));
                Event::Reply(Box::new(Reply { ticket, outcome }))
            }
            Work::Compare(staff, compare) => {
                let ticket = compare.ticket;
                let outcome = caught(|| compare_file(&door, &staff, self.clock.now(), *compare));
                Event::Reply(Box::new(Reply { ticket, outcome }))
            }
            Work::Export(staff, lang, export) => {
                let ticket = export.ticket;
                let outcome = caught(|| write_list(&door, &staff, self.clock.now(), lang, *export));
                Event::Reply(Box::new(Reply { ticket, outcome }))
            }
            Work::Keep(staff, keep) => {
                let now = self.clock.now();
                let outcome = caught(|| door.keep_draft(&staff, now, &keep.form, keep.body.as_deref()));
                if let Err(error) = outcome {
                    // The user goes on; the next change tries again.
                    tracing::warn!(kind = error.kind(), "a draft was not kept");
                }
                Event::Done
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
                    // The lease expires by itself, only later.
                    tracing::warn!(kind = error.kind(), "a lost line was not recorded");
                }
                Event::Done
            }
            Work::Arrive(process, session) => {
                let begun = caught(|| door.begin_session(self.clock.now(), &process, &session));
                or_later(begun.map(|()| Event::Done))
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
                or_later(left.map(|()| Event::Done))
            }
            Work::Actor(staff) => Event::Actor(Box::new(caught(|| door.actor(&staff)))),
            Work::People => Event::People(people(&door, &self.clock)),
        }
    }

    fn run_job(&mut self, door: &Door, staff: &StaffId, job: Job) -> Outcome {
        let Job { command, then, .. } = job;
        let Some(command) = command else {
            // After the store was away for so long, no screen waits for the result: the user has seen an error, and
            // each such query would make them wait again.
            return if door.is_out_of_patience() {
                Err(StoreError::Busy.into())
            } else {
                Ok((None, self.read(door, staff, then)?))
            };
        };
        if matches!(command, Command::RenewLease(_)) {
            // A screen sends this periodically by itself; it is not the user's command.
            let request = Unconfirmed::new(staff, &command).request(When::Now(self.clock.now()));
            return Ok((Some(door.execute(request)?), self.read(door, staff, then)?));
        }
        let other = self.unconfirmed.take_if(|last| !last.is(staff, &command));
        match self.execute(door, staff, &command) {
            Err(refused @ Error::Refused(_)) => {
                // Nothing was done, so the unconfirmed command may still be sent again.
                self.unconfirmed = other;
                Err(refused)
            }
            Err(unknown) => Err(unknown),
            Ok(receipt) => {
                // The receipt reaches the user only together with what is read after it.
                let snapshots = self.read(door, staff, then)?;
                self.unconfirmed = None;
                Ok((Some(receipt), snapshots))
            }
        }
    }

    /// Runs a command under the operation id with which it may have been done already.
    fn execute(&mut self, door: &Door, staff: &StaffId, command: &Command) -> Result<Receipt, Error> {
        let now = self.clock.now();
        let again = self.unconfirmed.is_some();
        let unconfirmed = self.unconfirmed.get_or_insert_with(|| Unconfirmed::new(staff, command));
        let receipt = door.execute(unconfirmed.request(When::Now(now)))?;
        if !again || receipt.stands_at(now) {
            return Ok(receipt);
        }
        // The customer whom the first run handed out may be with another agent by now.
        unconfirmed.op = new_op();
        door.execute(unconfirmed.request(When::Now(now)))
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

/// The event of a session's report to the store; after an error the user goes on, and the next heartbeat tries again.
fn or_later(outcome: Result<Event, Error>) -> Event {
    outcome.unwrap_or_else(|error| {
        tracing::warn!(kind = error.kind(), "a session could not be reported to the store");
        Event::Done
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
