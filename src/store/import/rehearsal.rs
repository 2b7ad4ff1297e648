//! The dry run of an import: what a file would change, without changing it.

use super::{Known, NewCustomer, Put, batch, find_known};
use crate::store::{StoreError, Tx};

/// Whether each screened row would be new, a change or nothing; for a dry run.
pub fn rehearse(tx: &mut Tx<'_>, rows: &[NewCustomer], has_evidence: bool) -> Result<Vec<Put>, StoreError> {
    let told = |known: Option<&Known>, row: &NewCustomer| match known {
        None => Put::New,
        Some(known) if known.differs(row, has_evidence) => Put::Changed,
        Some(_) => Put::Unchanged,
    };
    if tx.file().is_none() {
        let known = batch::find_known(tx, rows)?;
        return Ok(rows.iter().map(|row| told(known.get(&row.phone), row)).collect());
    }
    rows.iter().map(|row| Ok(told(find_known(tx, row.phone)?.as_ref(), row))).collect()
}
