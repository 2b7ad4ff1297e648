//! Rows of openings: when a staff member opened a case or a doctor's day last.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;

/// When the staff member opened it last.
pub fn find(tx: &mut Tx<'_>, staff: &StaffId, what: &str) -> Result<Option<Timestamp>, StoreError> {
    tx.optional("SELECT at FROM opening WHERE staff = ?1 AND what = ?2", args![staff, what])?
        .map(|row| row.time(0))
        .transpose()
}

/// Records an opening; the staff member's openings before `forget` go.
pub fn upsert(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    what: &str,
    now: Timestamp,
    forget: Timestamp,
) -> Result<(), StoreError> {
    tx.execute("DELETE FROM opening WHERE staff = ?1 AND at < ?2", args![staff, forget])?;
    tx.execute(
        "INSERT INTO opening (staff, what, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (staff, what) DO UPDATE SET at = excluded.at",
        args![staff, what, now],
    )?;
    Ok(())
}
