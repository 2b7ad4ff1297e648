//! The days and the clock of the demo, and how its parts give a command.

use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;
use crate::usecase::{Command, Door, Error, Receipt, Request, When};
use chrono::{NaiveDate, NaiveTime};

/// Days of calling before the demo's today.
pub const DAYS_BEHIND: i64 = 9;
/// Days of registration after it.
pub(super) const DAYS_AHEAD: i64 = 9;
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

/// The simulated time at which the demo opens.
pub fn opens_at(today: NaiveDate) -> Timestamp {
    at(today, OPENS_AT.0, OPENS_AT.1)
}

/// A time of the simulated clock.
pub(super) fn at(date: NaiveDate, hour: u32, minute: u32) -> Timestamp {
    Timestamp::from_local(date, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
}

/// A command at a simulated time.
pub(super) fn request(staff: &str, at: Timestamp, command: Command) -> Request {
    Request { op: None, staff: StaffId(staff.to_owned()), when: When::At(at), command }
}

/// One command of the set-up.
pub(super) fn run(door: &Door, staff: &str, at: Timestamp, command: Command) -> Result<Receipt, Error> {
    door.execute(request(staff, at, command))
}
