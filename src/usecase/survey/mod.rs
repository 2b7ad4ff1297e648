//! The survey desk: recording answers and the satisfaction measures.
//!
//! Invariants: the agent who registered a customer never surveys them; answers lie on the campaign's scales; a survey
//! is answered once. Deliberately absent: health text, and the answers of one customer in any read model.

mod record;
mod satisfaction;
#[cfg(test)]
mod tests;

pub(super) use record::record_survey;
pub(super) use satisfaction::satisfaction;
