//! Screens and routes cases, and reads the list of cases and one case's file.
//!
//! Invariants:
//! - a sign that was not answered "no" ends in 115, whatever else is missing from the form;
//! - a case is cleared by the current checklist alone, read out to its end; every answer is kept;
//! - a child whose birth year became known later is screened again before anything goes on;
//! - a diverted case has no open call; its seat and slot are kept as long as the diversion can be corrected, and given
//!   on afterwards;
//! - nobody reads a case that they have not opened;
//! - health text goes into the case and nowhere else: the audit row has `diverted_115` and no reason.
//!
//! Deliberately absent: the call itself (see `outbound`), and medical advice.

mod answers;
mod cases;
mod divert;
#[cfg(test)]
pub(super) mod fixture;
mod red_flags;
mod review;
#[cfg(test)]
mod tests;
mod triage;

pub(super) use answers::check_screening;
pub(super) use cases::{case_file, cases, open_case};
pub(super) use divert::undo_triage;
pub(super) use red_flags::red_flags;
pub(super) use review::review_screening;
pub(super) use triage::triage;
