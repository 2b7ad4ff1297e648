//! Operation ids with their first receipts: what makes a retry safe. An id is taken before anything else of its
//! operation is done, so that two with one id never run side by side.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;

/// What an operation id did the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Who asked.
    pub staff: String,
    /// Name of the command.
    pub command: String,
    /// Its receipt, JSON.
    pub receipt: String,
}

/// The first use of an id.
pub fn find(tx: &mut Tx<'_>, op: &str) -> Result<Option<Operation>, StoreError> {
    tx.optional("SELECT staff, command, receipt FROM operation WHERE op = ?1", args![op])?
        .map(|row| Ok(Operation { staff: row.text(0)?, command: row.text(1)?, receipt: row.text(2)? }))
        .transpose()
}

/// Takes an id for the operation that begins; false when it was used before. Whoever comes with the same id while the
/// first is still under way waits here for how it ends.
pub fn insert(tx: &mut Tx<'_>, op: &str, staff: &StaffId, command: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "INSERT INTO operation (op, staff, command, at, receipt) VALUES (?1, ?2, ?3, 0, '')
         ON CONFLICT (op) DO NOTHING",
        args![op, staff, command],
    )? == 1)
}

/// Remembers the receipt of an operation that was begun in this transaction.
pub fn settle(tx: &mut Tx<'_>, op: &str, at: Timestamp, receipt: &str) -> Result<(), StoreError> {
    tx.execute_later("UPDATE operation SET at = ?2, receipt = ?3 WHERE op = ?1", args![op, at, receipt])
}

/// Writes the operation's row again as it is, so that the answer waits for a commit of its own.
pub fn confirm(tx: &mut Tx<'_>, op: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE operation SET at = at WHERE op = ?1", args![op])?;
    Ok(())
}
