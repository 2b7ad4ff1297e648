//! Rows of lists: one per imported version of the SMS list. A `loading` list is visible to its import alone.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::{CustomerId, ListId, StaffId};
use crate::domain::time::Timestamp;

/// The facts of a list before its first row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewList {
    /// The file's own name, without folders.
    pub file_name: String,
    /// Reference of the customers' prior consent (T7); empty when there is none.
    pub evidence: String,
    /// Whether offers wait until the programme's SMS has reached the customer.
    pub sms_required: bool,
    /// When it was imported.
    pub at: Timestamp,
    /// The staff member who imported it.
    pub by: StaffId,
}

/// Inserts a list that is about to be loaded; no customer of it will have a lower id than `first`.
pub fn insert_loading(tx: &mut Tx<'_>, list: &NewList, first: CustomerId) -> Result<ListId, StoreError> {
    let row = tx.one(
        "INSERT INTO list (file_name, evidence, state, imported_at, imported_by, first_customer)
         VALUES (?1, ?2, 'loading', ?3, ?4, ?5) RETURNING id",
        args![list.file_name.as_str(), list.evidence.as_str(), list.at, &list.by, first],
    )?;
    Ok(ListId(row.int(0)?))
}

/// Makes a list active. False when it is not loading any more.
pub fn activate(tx: &mut Tx<'_>, list: ListId, rows: i64) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE list SET state = 'active', rows = ?2 WHERE id = ?1 AND state = 'loading'",
        args![list, rows],
    )? == 1)
}

/// Lists that were left half-loaded, with the id from which their customers start. At most 1000.
pub fn list_loading(tx: &mut Tx<'_>) -> Result<Vec<(ListId, CustomerId)>, StoreError> {
    tx.many("SELECT id, first_customer FROM list WHERE state = 'loading' ORDER BY id LIMIT 1000", &[])?
        .iter()
        .map(|row| Ok((ListId(row.int(0)?), CustomerId(row.int(1)?))))
        .collect()
}

/// Active lists whose changes of other lists' customers were not all applied yet. At most 1000.
pub fn list_unsettled(tx: &mut Tx<'_>) -> Result<Vec<ListId>, StoreError> {
    tx.many(
        "SELECT id FROM list WHERE state = 'active'
         AND EXISTS (SELECT 1 FROM list_change WHERE list_change.list = list.id) ORDER BY id LIMIT 1000",
        &[],
    )?
    .iter()
    .map(|row| Ok(ListId(row.int(0)?)))
    .collect()
}

/// Deletes an empty list.
pub fn delete_loading(tx: &mut Tx<'_>, list: ListId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM list WHERE id = ?1 AND state = 'loading'", args![list])?;
    Ok(())
}
