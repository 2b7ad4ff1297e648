//! Rows of agreements with single customers, which lift the hours and the 24-hour rules (T5), with their evidence.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::{CustomerId, StaffId};
use crate::domain::time::Timestamp;

/// An agreement to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgreement<'a> {
    /// The customer.
    pub customer: CustomerId,
    /// Covers calls.
    pub voice: bool,
    /// Covers messages.
    pub sms: bool,
    /// What was agreed, in a few words.
    pub what: &'a str,
    /// First instant it is good for.
    pub from: Timestamp,
    /// Last instant it is good for.
    pub until: Timestamp,
    /// Where the evidence is.
    pub evidence: &'a str,
    /// The staff member who recorded it.
    pub by: &'a StaffId,
    /// When.
    pub at: Timestamp,
}

/// Records an agreement.
pub fn insert(tx: &mut Tx<'_>, new: &NewAgreement<'_>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO agreement (customer, voice, sms, what, from_at, until_at, evidence, by_staff, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        args![new.customer, new.voice, new.sms, new.what, new.from, new.until, new.evidence, new.by, new.at],
    )?;
    Ok(())
}

/// Deletes the agreement that a call brought, when that call is undone.
pub fn delete_by_evidence(tx: &mut Tx<'_>, customer: CustomerId, evidence: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM agreement WHERE customer = ?1 AND evidence = ?2", args![customer, evidence])?;
    Ok(())
}
