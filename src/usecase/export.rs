//! Authorises exports: hand-over batches and the people behind a figure. Each one is audited with its number of rows, so that access to personal
//! data can be traced.

use super::door::Door;
use super::error::Error;
use super::model::batch::ExportRow;
use super::model::people::PersonLine;
use super::people::{EXPORT_PEOPLE, line};
use crate::domain::actor::Permission;
use crate::domain::figure::Figure;
use crate::domain::id::{BatchId, StaffId};
use crate::domain::time::Timestamp;
use crate::store::people::MOST;
use crate::store::{batch as rows, people as person_rows};

/// The rows of one batch, in seat order.
pub fn batch(door: &Door, staff: &StaffId, now: Timestamp, batch: BatchId) -> Result<Vec<ExportRow>, Error> {
    let found =
        door.store().read(move |tx| -> Result<_, Error> { Ok(rows::list_export_rows(tx, batch)?) })?;
    door.note(staff, now, Permission::Export, "export_batch", format!("batch={batch} rows={}", found.len()))?;
    Ok(found)
}

/// Everybody behind a figure, for a file, at most [`MOST`]; audited with the figure, the number of rows and whether the
/// phone numbers are whole, which they are for a role that may see them.
///
/// # Errors
/// `forbidden` without the permission to export or those of the figure; those of the store.
pub fn people(
    door: &Door,
    staff: &StaffId,
    now: Timestamp,
    behind: &Figure,
) -> Result<Vec<PersonLine>, Error> {
    for act in [Permission::Export].iter().chain(behind.needs()) {
        door.authorise(staff, *act)?;
    }
    let whole = match door.authorise(staff, Permission::RevealPhone) {
        Ok(_) => true,
        Err(Error::Refused(_)) => false,
        Err(error) => return Err(error),
    };
    let now = door.time_at(now)?;
    let wanted = behind.clone();
    let rows = door
        .store()
        .read(move |tx| -> Result<_, Error> { Ok(person_rows::list(tx, &wanted, now, 0, MOST)?) })?;
    let phones = if whole { "whole" } else { "masked" };
    let detail = format!("figure={} rows={} phones={phones}", behind.code(), rows.len());
    door.note(staff, now, Permission::Export, EXPORT_PEOPLE, detail)?;
    Ok(rows.into_iter().map(|row| line(row, whole)).collect())
}
