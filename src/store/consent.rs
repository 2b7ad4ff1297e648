//! Rows of consents: one live row per registration, purpose and party, written once with its evidence. Withdrawing sets
//! one column and removes nothing; an answer that is asked again is a new row.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::consent::{ConsentParty, ConsentPurpose};
use crate::domain::id::{RegistrationId, StaffId};
use crate::domain::time::Timestamp;

/// What all answers of one party share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Of which registration.
    pub registration: RegistrationId,
    /// Who agrees.
    pub party: ConsentParty,
    /// `customer`, or the name of the party, with the relation of a representative.
    pub subject: &'a str,
    /// Who passed the answer on; none: the party itself.
    pub spoken_by: Option<&'a str>,
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
        "INSERT INTO consent (registration, purpose, given, subject, notice_version, channel, evidence, by_staff, at,
                              party, spoken_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        args![
            asked.registration,
            purpose.code(),
            given,
            asked.subject,
            asked.notice_version,
            asked.channel,
            asked.evidence,
            asked.by,
            asked.at,
            asked.party.code(),
            asked.spoken_by
        ],
    )?;
    Ok(())
}

/// Whether the customer, or the representative of a child, gave the consent and did not withdraw it. Whose own agreement
/// is needed besides is in [`list_answers`].
pub fn is_given(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    purpose: ConsentPurpose,
) -> Result<bool, StoreError> {
    let row = tx.optional(
        "SELECT 1 FROM consent WHERE registration = ?1 AND purpose = ?2 AND given = 1 AND withdrawn_at IS NULL
           AND party IN ('customer', 'representative') LIMIT 1",
        args![registration, purpose.code()],
    )?;
    Ok(row.is_some())
}

/// The newest answers of a registration's customer or representative in the order they are asked: given and not
/// withdrawn?
pub fn list(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
) -> Result<Vec<(ConsentPurpose, bool)>, StoreError> {
    let rows = tx.many(
        "SELECT purpose, given, withdrawn_at FROM consent
         WHERE id IN (SELECT MAX(n.id) FROM consent n WHERE n.registration = ?1
           AND n.party IN ('customer', 'representative') GROUP BY n.purpose)
         ORDER BY id LIMIT 4",
        args![registration],
    )?;
    rows.iter()
        .map(|row| {
            let given = row.flag(1)? && row.opt_int(2)?.is_none();
            Ok((row.code(0, ConsentPurpose::parse)?, given))
        })
        .collect()
}

/// Who answered for a purpose, and what: the live rows, at most one of each party.
pub fn list_answers(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    purpose: ConsentPurpose,
) -> Result<Vec<(ConsentParty, bool)>, StoreError> {
    tx.many(
        "SELECT party, given FROM consent WHERE registration = ?1 AND purpose = ?2 AND withdrawn_at IS NULL
         ORDER BY id LIMIT 4",
        args![registration, purpose.code()],
    )?
    .iter()
    .map(|row| Ok((row.code(0, ConsentParty::parse)?, row.flag(1)?)))
    .collect()
}

/// A live answer with how it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// Who answered.
    pub party: ConsentParty,
    /// Whether they agree.
    pub given: bool,
    /// Who passed it on; none: the party itself.
    pub spoken_by: Option<String>,
    /// Version of the notice that was read out or sent.
    pub notice_version: String,
    /// Name of the staff member who recorded it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The live answers to a purpose with notice, time and who recorded them, at most one of each party.
pub fn list_recorded(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    purpose: ConsentPurpose,
) -> Result<Vec<AnswerRow>, StoreError> {
    tx.many(
        "SELECT c.party, c.given, c.spoken_by, c.notice_version, s.name, c.at
         FROM consent c JOIN staff s ON s.id = c.by_staff
         WHERE c.registration = ?1 AND c.purpose = ?2 AND c.withdrawn_at IS NULL ORDER BY c.id LIMIT 4",
        args![registration, purpose.code()],
    )?
    .iter()
    .map(|row| {
        Ok(AnswerRow {
            party: row.code(0, ConsentParty::parse)?,
            given: row.flag(1)?,
            spoken_by: row.opt_text(2)?,
            notice_version: row.text(3)?,
            by: row.text(4)?,
            at: row.time(5)?,
        })
    })
    .collect()
}

/// Ends the live answer of one party, before it is asked again.
pub fn withdraw_of(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    purpose: ConsentPurpose,
    party: ConsentParty,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE consent SET withdrawn_at = ?1
         WHERE registration = ?2 AND purpose = ?3 AND party = ?4 AND withdrawn_at IS NULL",
        args![now, registration, purpose.code(), party.code()],
    )?;
    Ok(())
}

/// Whether the customer once agreed to this purpose, withdrawn since or not.
pub fn was_given(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    purpose: ConsentPurpose,
) -> Result<bool, StoreError> {
    let found = tx.optional(
        "SELECT 1 FROM consent WHERE registration = ?1 AND purpose = ?2 AND given = 1 LIMIT 1",
        args![registration, purpose.code()],
    )?;
    Ok(found.is_some())
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
    Ok(changed > 0)
}

/// Ends every live answer of a registration that was taken back; the rows stay as evidence.
pub fn withdraw_all(tx: &mut Tx<'_>, registration: RegistrationId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE consent SET withdrawn_at = ?1 WHERE registration = ?2 AND withdrawn_at IS NULL",
        args![now, registration],
    )?;
    Ok(())
}
