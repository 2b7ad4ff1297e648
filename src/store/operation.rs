//! Operation ids with their first receipts: what makes a retry safe.

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

/// Remembers a receipt.
pub fn insert(
    tx: &mut Tx<'_>,
    op: &str,
    staff: &StaffId,
    command: &str,
    at: Timestamp,
    receipt: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO operation (op, staff, command, at, receipt) VALUES (?1, ?2, ?3, ?4, ?5)",
        args![op, staff, command, at, receipt],
    )?;
    Ok(())
}
