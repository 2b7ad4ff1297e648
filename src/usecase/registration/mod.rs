//! Registers customers with a seat or a place on the waitlist, cancels registrations, and changes the number of seats.
//!
//! Invariants:
//! - one registration per customer, across all channels and for ever;
//! - a freed seat goes to the first on the waitlist in the same transaction;
//! - no consent is recorded but that of who was asked: another adult patient and a child answer for themselves;
//! - an opt-out does not stop a customer who contacts us, but no marketing consent is recorded for them.

mod applicant;
mod consents;
mod correction;
mod ending;
mod register;
mod seats;
mod taking_back;
#[cfg(test)]
mod taking_back_tests;

#[cfg(test)]
mod consents_tests;
#[cfg(test)]
mod tests;

pub(super) use applicant::{name, phone};
pub(super) use consents::{missing_parties, record_birth_year, record_consent};
pub(super) use correction::correct;
pub(super) use ending::{cancel, withdraw_consent};
pub(super) use register::register;
pub(super) use seats::{free_seat, resize, set_quota};
pub(super) use taking_back::{last_step, reactivate, undo_cancel, undo_registration};
