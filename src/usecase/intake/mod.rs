//! Screens and routes cases, and reads the list of cases and one case's file.
//!
//! Invariants:
//! - a sign that was not answered "no" ends in 115, whatever else is missing from the form;
//! - a diverted case holds no seat, no slot and no open call;
//! - health text goes into the case and nowhere else: the audit row has `diverted_115` and no reason.
//!
//! Deliberately absent: the call itself (see `outbound`), and medical advice.

mod cases;
#[cfg(test)]
pub(super) mod fixture;
#[cfg(test)]
mod tests;
mod triage;

pub(super) use cases::{case_file, cases};
pub(super) use triage::triage;
