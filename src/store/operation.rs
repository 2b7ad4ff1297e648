//! Rows of operation ids with their first receipts, which make a retry safe. An id is inserted before anything else
//! of its operation, so that two operations with one id never run concurrently.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;

/// The first use of an operation id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The actor.
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

/// Inserts the id of a beginning operation; false when it was used before. A second operation with the same id waits
/// here until the first has ended.
pub fn insert(tx: &mut Tx<'_>, op: &str, staff: &StaffId, command: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "INSERT INTO operation (op, staff, command, at, receipt) VALUES (?1, ?2, ?3, 0, '')
         ON CONFLICT (op) DO NOTHING",
        args![op, staff, command],
    )? == 1)
}

/// Stores the receipt of an operation that began in this transaction.
pub fn settle(tx: &mut Tx<'_>, op: &str, at: Timestamp, receipt: &str) -> Result<(), StoreError> {
    tx.execute_later("UPDATE operation SET at = ?2, receipt = ?3 WHERE op = ?1", args![op, at, receipt])
}

/// Writes the operation's row again as it is, so that the answer waits for a commit of its own.
pub fn confirm(tx: &mut Tx<'_>, op: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE operation SET at = at WHERE op = ?1", args![op])?;
    Ok(())
}
