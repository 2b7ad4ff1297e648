//! Builds a campaign in progress for the demo, the pictures and the benchmarks: nine days of calls, registrations,
//! hand-overs, consultations and surveys, run through the door with a simulated clock.
//!
//! Invariants:
//! - every row comes from a command or an import, so that all rules hold in the demo;
//! - the same number of customers and the same day give the same store;
//! - all people are invented.
//!
//! Deliberately absent: anything that a real store would use.

mod cast;
mod list;
mod play;

use crate::domain::campaign::Campaign;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;
use crate::store::{Store, StoreError};
use crate::usecase::{Command, Door, Error, Receipt, Request, When};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use std::path::Path;

pub use list::SEED;

/// Days of calling before the demo's today.
pub const DAYS_BEHIND: i64 = 9;
/// Days of registration after it.
const DAYS_AHEAD: i64 = 9;
/// The simulated time of day at which the demo opens: inside every calling window.
const OPENS_AT: (u32, u32) = (10, 20);

/// The progress of building the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoProgress {
    /// Customers are loaded; thousandths done.
    Loading(u32),
    /// Days are played; days done of all.
    Playing(i64, i64),
}

/// A simulated store at `path` (none: in memory) with `customers` customers, as it stands at 10:20 of `today`.
pub fn build(
    path: Option<&Path>,
    customers: u32,
    today: NaiveDate,
    mut report: impl FnMut(DemoProgress),
) -> Result<Door, Error> {
    let campaign = campaign(today)?;
    let store = match path {
        Some(path) => Store::create(path)?,
        None => Store::memory()?,
    };
    let door = Door::create(store, campaign, true, at(today - TimeDelta::days(DAYS_BEHIND), 7, 0), "demo")?;
    let doctors = cast::assemble(&door, today)?;
    list::load(&door, customers, today, &mut report)?;
    play::days(&door, doctors, customers, today, &mut report)?;
    Ok(door)
}

/// Sets up a simulated programme with staff, doctors and a list in an empty store, before the first call of `today`;
/// for benchmarks.
pub fn fresh(store: Store, customers: u32, today: NaiveDate) -> Result<Door, Error> {
    let door =
        Door::create(store, campaign(today)?, true, at(today - TimeDelta::days(DAYS_BEHIND), 7, 0), "demo")?;
    cast::assemble(&door, today)?;
    list::load(&door, customers, today, &mut |_| ())?;
    list::load_register(&door, today)?;
    Ok(door)
}

/// Loads another list of `customers` people into a store of [`fresh`]; for benchmarks.
pub fn more(door: &Door, customers: u32, today: NaiveDate) -> Result<(), Error> {
    list::load_people(door, SEED + 5, customers, today, &mut |_| ())
}

/// The demo's programme: nine days in, nine days to go.
fn campaign(today: NaiveDate) -> Result<Campaign, Error> {
    let from = today - TimeDelta::days(DAYS_BEHIND);
    let to = today + TimeDelta::days(DAYS_AHEAD - 1);
    Campaign::default_for(from, to, to + TimeDelta::days(14), to + TimeDelta::days(45))
        .map_err(|error| StoreError::internal(&error.to_string()).into())
}

/// The simulated time at which the demo opens.
pub fn opens_at(today: NaiveDate) -> Timestamp {
    at(today, OPENS_AT.0, OPENS_AT.1)
}

fn at(date: NaiveDate, hour: u32, minute: u32) -> Timestamp {
    Timestamp::from_local(date, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
}

fn request(staff: &str, at: Timestamp, command: Command) -> Request {
    Request { op: None, staff: StaffId(staff.to_owned()), when: When::At(at), command }
}

/// One command of the set-up.
fn run(door: &Door, staff: &str, at: Timestamp, command: Command) -> Result<Receipt, Error> {
    door.execute(request(staff, at, command))
}
