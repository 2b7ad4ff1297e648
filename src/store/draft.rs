//! Rows of drafts: forms that were not sent yet, one per staff member and form.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;

/// Writes a draft over an earlier one of the same form.
pub fn upsert(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    form: &str,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO draft (staff, form, body, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (staff, form) DO UPDATE SET body = excluded.body, at = excluded.at",
        args![staff, form, body, now],
    )?;
    Ok(())
}

/// Deletes one draft.
pub fn delete(tx: &mut Tx<'_>, staff: &StaffId, form: &str) -> Result<(), StoreError> {
    tx.execute_later("DELETE FROM draft WHERE staff = ?1 AND form = ?2", args![staff, form])
}

/// Deletes every draft of a staff member.
pub fn delete_all(tx: &mut Tx<'_>, staff: &StaffId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM draft WHERE staff = ?1", args![staff])?;
    Ok(())
}

/// Deletes a staff member's drafts but the newest `most`, and all drafts from before `than`.
pub fn sweep(tx: &mut Tx<'_>, staff: &StaffId, most: i64, than: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM draft WHERE staff = ?1 AND form NOT IN
           (SELECT form FROM draft WHERE staff = ?1 ORDER BY at DESC, form LIMIT ?2)",
        args![staff, most],
    )?;
    let old = tx.many(
        "SELECT staff, form FROM draft WHERE at < ?1 ORDER BY at LIMIT 100 FOR NO KEY UPDATE SKIP LOCKED",
        args![than],
    )?;
    for row in &old {
        delete(tx, &StaffId(row.text(0)?), &row.text(1)?)?;
    }
    Ok(())
}

/// A staff member's drafts from `from` on, newest first: form, body, time; at most 100.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    from: Timestamp,
) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
    tx.many(
        "SELECT form, body, at FROM draft WHERE staff = ?1 AND at >= ?2 ORDER BY at DESC, form LIMIT 100",
        args![staff, from],
    )?
    .iter()
    .map(|row| Ok((row.text(0)?, row.text(1)?, row.time(2)?)))
    .collect()
}
