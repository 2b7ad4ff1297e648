//! The store of `tongdai tutor`: a demo that is the same on every day and every machine, so that each lesson finds what
//! it needs.

use super::cast::person_with;
use crate::domain::actor::Role;
use crate::domain::id::StaffId;
use crate::usecase::{Door, Error};
use chrono::NaiveDate;
use std::path::Path;

/// Few enough to be ready at once; enough that calls, leads, batches and appointments wait.
const CUSTOMERS: u32 = 1500;
/// The simulated day: a Wednesday without a holiday near it.
const DAY: (i32, u32, u32) = (2026, 12, 2);

/// The day on which the lessons are.
pub fn lesson_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(DAY.0, DAY.1, DAY.2).unwrap_or_default()
}

/// A simulated store for lessons at `path` (none: in memory).
pub fn lessons(path: Option<&Path>) -> Result<Door, Error> {
    super::build(path, CUSTOMERS, lesson_day(), |_| ())
}

/// Whom a person of this role works as; whom an administrator works as: nobody.
pub fn pupil(role: Role) -> Option<StaffId> {
    person_with(role).map(|login| StaffId(login.to_owned()))
}
