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
mod lessons;
mod list;
mod play;
mod setup;

use crate::domain::campaign::Campaign;
use crate::store::{Store, StoreError};
use crate::usecase::{Door, Error};
use chrono::{NaiveDate, TimeDelta};
use std::path::Path;

pub use lessons::{lesson_day, lessons, pupil};
pub use list::SEED;
pub use setup::{DAYS_BEHIND, DemoProgress, opens_at};

use setup::{DAYS_AHEAD, at};

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
