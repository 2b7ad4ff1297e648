//! Rows of consents: one per registration and purpose, written once with its evidence. Withdrawing sets one column and
//! removes nothing.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::consent::ConsentPurpose;
use crate::domain::id::{RegistrationId, StaffId};
use crate::domain::time::Timestamp;

/// What all answers of one registration share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Of which registration.
    pub registration: RegistrationId,
    /// `customer`, or the representative with the relation.
    pub subject: &'a str,
    /// Version of the notice that was read out or sent.
    pub notice_version: &'a str,
    /// Channel code.
    pub channel: &'a str,
    /// Where the evidence is, such as `matter:41` or `lead:7`.
    pub evidence: &'a str,
    /// The staff member who recorded it.
    pub by: &'a StaffId,
    /// When.
    pub at: Timestamp,
}

/// Writes one answer.
pub fn insert(
    tx: &mut Tx<'_>,
    asked: &Asked<'_>,
    purpose: ConsentPurpose,
    given: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO consent (registration, purpose, given, subject, notice_version, channel, evidence, by_staff, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        args![
            asked.registration,
            purpose.code(),
            given,
            asked.subject,
            asked.notice_version,
            asked.channel,
            asked.evidence,
            asked.by,
            asked.at
        ],
    )?;
    Ok(())
}

/// Whether the consent was given and not withdrawn.
pub fn is_given(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    purpose: ConsentPurpose,
) -> Result<bool, StoreError> {
    let row = tx.optional(
        "SELECT 1 FROM consent WHERE registration = ?1 AND purpose = ?2 AND given = 1 AND withdrawn_at IS NULL",
        args![registration, purpose.code()],
    )?;
    Ok(row.is_some())
}

/// All answers of a registration in the order they are asked: given and not withdrawn?
pub fn list(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
) -> Result<Vec<(ConsentPurpose, bool)>, StoreError> {
    let rows = tx.many(
        "SELECT purpose, given, withdrawn_at FROM consent WHERE registration = ?1 ORDER BY id LIMIT 4",
        args![registration],
    )?;
    rows.iter()
        .map(|row| {
            let given = row.flag(1)? && row.opt_int(2)?.is_none();
            Ok((row.code(0, ConsentPurpose::parse)?, given))
        })
        .collect()
}

/// Marks a consent as withdrawn; false when it was not given or is withdrawn already.
pub fn withdraw(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    purpose: ConsentPurpose,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE consent SET withdrawn_at = ?1
         WHERE registration = ?2 AND purpose = ?3 AND given = 1 AND withdrawn_at IS NULL",
        args![now, registration, purpose.code()],
    )?;
    Ok(changed == 1)
}
