//! The roster desk: doctors, their registered hours, free slots, days and the grid.
//!
//! Invariants: a doctor below the programme's degrees never gets a row; hours lie on the grid within one civil
//! day and never overlap hours of the same doctor. A doctor sees their own day only; intake and lead see all.
//! Deliberately absent: booking (see `booking`), and the end of a doctor's service.

mod day;
mod doctor;
mod shift;
mod slots;
#[cfg(test)]
mod tests;

pub(super) use day::{day, open_day, roster};
pub(super) use doctor::{add_doctor, doctors};
pub(super) use shift::add_shift;
pub(super) use slots::free_slots;
