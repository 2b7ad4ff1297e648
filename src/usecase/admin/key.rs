//! Manages SSH keys of staff members.
//!
//! Invariants:
//! - a key belongs to one staff member and never becomes another's;
//! - the actor who manages a staff member manages their keys;
//! - the machine's administrator has none.

#[cfg(test)]
mod tests;

use super::super::command::{AddStaffKey, RemoveStaffKey};
use super::super::ctx::{Ctx, Done, check_manages};
use super::super::error::Error;
use super::super::model::staff::StaffKeyLine;
use super::super::receipt::Receipt;
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::ssh_key::{Fingerprint, SshKey};
use crate::store::{Topics, Tx, row_lock, staff as staff_rows, staff_key};

/// Keys that one person may have in use.
const MOST_KEYS: i64 = 10;

/// Gives an active staff member one more key.
pub(in crate::usecase) fn add(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &AddStaffKey) -> Result<Done, Error> {
    let id = &input.id;
    row_lock::campaign(tx)?;
    let found = get(tx, ctx, id)?;
    if !found.active {
        return Err(Refusal::Conflict { what: "staff", state: "disabled".to_owned() }.into());
    }
    let key = SshKey::parse(&input.key)?;
    if !give(tx, ctx, id, &key)? {
        return Err(Refusal::FieldInvalid { field: "key", reason: "duplicate" }.into());
    }
    let fingerprint = key.fingerprint;
    tx.touch(Topics::STAFF);
    let detail = format!("key={fingerprint}");
    let receipt = Receipt::StaffKeyAdded { fingerprint: fingerprint.to_string() };
    Ok(Done::new(receipt, format!("staff:{id}")).detail(detail))
}

/// Takes a key away. Sessions that it opened end soon after.
pub(in crate::usecase) fn remove(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &RemoveStaffKey,
) -> Result<Done, Error> {
    let id = &input.id;
    row_lock::campaign(tx)?;
    get(tx, ctx, id)?;
    let fingerprint = Fingerprint::parse(&input.fingerprint)?;
    if !staff_key::remove(tx, id, &fingerprint, &ctx.actor.staff, ctx.now)? {
        return Err(Refusal::NoSuchRow { what: "staff_key", id: fingerprint.to_string() }.into());
    }
    tx.touch(Topics::STAFF);
    let detail = format!("key={fingerprint}");
    Ok(Done::new(Receipt::StaffKeyRemoved {}, format!("staff:{id}")).detail(detail))
}

/// Gives a staff member a key that no other has; false when they have it already. The campaign row is locked.
pub(super) fn give(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: &StaffId, key: &SshKey) -> Result<bool, Error> {
    if staff_key::find_owner(tx, &key.fingerprint)? == Some((id.clone(), true)) {
        return Ok(false);
    }
    if staff_key::count(tx, id)? >= MOST_KEYS {
        return Err(Refusal::FieldInvalid { field: "key", reason: "too_many" }.into());
    }
    if !staff_key::upsert(tx, id, key, &ctx.actor.staff, ctx.now)? {
        return Err(Refusal::FieldInvalid { field: "key", reason: "taken" }.into());
    }
    Ok(true)
}

/// The keys in use of the staff that the actor manages.
pub(in crate::usecase) fn list(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    staff: Option<&StaffId>,
) -> Result<Vec<StaffKeyLine>, Error> {
    if let Some(id) = staff {
        get(tx, ctx, id)?;
    }
    let rows = staff_key::list(tx, staff)?;
    Ok(rows
        .into_iter()
        .filter(|row| ctx.actor.role.manages(row.role))
        .map(|row| StaffKeyLine {
            fingerprint: row.fingerprint,
            staff: row.staff,
            kind: row.kind.code().to_owned(),
            label: row.label,
            added_at: row.added_at,
            added_by: row.added_by,
            added_by_name: row.added_by_name,
        })
        .collect())
}

/// A staff member whom the actor manages.
fn get(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: &StaffId) -> Result<staff_rows::StaffRow, Error> {
    let found =
        staff_rows::find(tx, id)?.ok_or_else(|| Refusal::NoSuchRow { what: "staff", id: id.to_string() })?;
    check_manages(ctx, found.actor.role)?;
    Ok(found)
}
