//! Rows of staff members' PINs: hashes and the count of wrong tries.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;

/// A PIN row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinRow {
    /// Argon2id.
    pub hash: String,
    /// Wrong tries since the last right one.
    pub tries: i64,
    /// No try counts before.
    pub blocked_until: Timestamp,
}

/// A staff member's PIN, locked against concurrent tries.
pub fn find_locked(tx: &mut Tx<'_>, staff: &StaffId) -> Result<Option<PinRow>, StoreError> {
    tx.optional(
        "SELECT hash, tries, blocked_until FROM staff_pin WHERE staff = ?1 FOR NO KEY UPDATE",
        args![staff],
    )?
    .map(|row| Ok(PinRow { hash: row.text(0)?, tries: row.int(1)?, blocked_until: row.time(2)? }))
    .transpose()
}

/// Whether a staff member has a PIN.
pub fn is_set(tx: &mut Tx<'_>, staff: &StaffId) -> Result<bool, StoreError> {
    Ok(tx.optional("SELECT 1 FROM staff_pin WHERE staff = ?1", args![staff])?.is_some())
}

/// Sets the PIN of a staff member; false when they have one.
pub fn insert(tx: &mut Tx<'_>, staff: &StaffId, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let added = tx.execute(
        "INSERT INTO staff_pin (staff, hash, set_at) VALUES (?1, ?2, ?3) ON CONFLICT (staff) DO NOTHING",
        args![staff, hash, now],
    )?;
    Ok(added == 1)
}

/// Counts a try before it is judged.
pub fn count_try(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    tries: i64,
    blocked_until: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff_pin SET tries = ?2, blocked_until = ?3 WHERE staff = ?1",
        args![staff, tries, blocked_until],
    )?;
    Ok(())
}

/// Removes a staff member's PIN; false when they have none.
pub fn delete(tx: &mut Tx<'_>, staff: &StaffId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM staff_pin WHERE staff = ?1", args![staff])? == 1)
}
