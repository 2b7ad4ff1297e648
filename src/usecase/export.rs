//! Authorises exports of whole phone numbers. Each one is audited with its number of rows, so that access to personal
//! data can be traced.

use super::door::Door;
use super::error::Error;
use super::model::batch::ExportRow;
use crate::domain::actor::Permission;
use crate::domain::id::{BatchId, StaffId};
use crate::domain::time::Timestamp;
use crate::store::batch as rows;

/// The rows of one batch, in seat order.
pub fn batch(door: &Door, staff: &StaffId, now: Timestamp, batch: BatchId) -> Result<Vec<ExportRow>, Error> {
    let found =
        door.store().read(move |tx| -> Result<_, Error> { Ok(rows::list_export_rows(tx, batch)?) })?;
    door.note(staff, now, Permission::Export, "export_batch", format!("batch={batch} rows={}", found.len()))?;
    Ok(found)
}
