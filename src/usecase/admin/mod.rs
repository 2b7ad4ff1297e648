//! Manages staff, pauses and the number of seats, reveals whole phone numbers, and reads the audit log.
//!
//! Invariants:
//! - each organisation manages its own staff (supervisors MobiFone's and the auditors, Vinmec's lead Vinmec's, the
//!   machine's operator all);
//! - a programme that has a supervisor keeps one;
//! - the operator stays.

mod audit;
pub(super) mod key;
#[cfg(test)]
mod tests;

pub(super) use audit::audit;

use super::command::{AddStaff, Pause, RevealPhone, StaffRef};
use super::ctx::{Ctx, Done, check_manages};
use super::error::Error;
use super::model::staff::StaffLine;
use super::receipt::Receipt;
use super::registration::name;
use crate::domain::actor::{AgentState, OPERATOR, Permission, Role};
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::session::EndedBy;
use crate::domain::ssh_key::SshKey;
use crate::domain::time::Timestamp;
use crate::store::counter::AgentCount;
use crate::store::staff::StaffListed;
use crate::store::{
    Topics, Tx, counter, customer, draft, matter, row_lock, session as session_rows, staff as staff_rows,
    staff_key, staff_pin, task,
};

/// Longest login name, in characters.
const MAX_LOGIN: usize = 32;

/// Shows one whole number; the audit row is the point. Vinmec's people see numbers of their cases only, a doctor
/// those of their own appointments.
pub(super) fn reveal_phone(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &RevealPhone) -> Result<Done, Error> {
    let no_such = || Refusal::NoSuchRow { what: "customer", id: input.customer.to_string() };
    let found = customer::find(tx, input.customer)?.ok_or_else(no_such)?;
    if ctx.actor.role.is_vinmec() && !staff_rows::has_case_of(tx, ctx.actor.doctor, ctx.actor.role, found.id)?
    {
        return Err(Refusal::Forbidden { act: Permission::RevealPhone }.into());
    }
    let subject = format!("customer:{}", found.id);
    Ok(Done::new(Receipt::PhoneRevealed { phone: found.phone.e164() }, subject))
}

/// Stops taking calls for a reason. Not in the middle of a call; another reason may follow on the first.
pub(super) fn pause(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Pause) -> Result<Done, Error> {
    let staff = &ctx.actor.staff;
    row_lock::staff(tx, staff)?;
    let open = matter::find_by_holder(tx, staff)?;
    if open.is_some_and(|held| held.lease_until.is_some_and(|until| ctx.now < until)) {
        return Err(Refusal::CallOpen.into());
    }
    count_pause(tx, ctx)?;
    let code = input.reason.code();
    staff_rows::set_state(tx, staff, AgentState::Paused, Some(code), ctx.now)?;
    tx.touch(Topics::STAFF);
    Ok(Done::new(Receipt::Paused {}, format!("staff:{staff}")).detail(format!("reason={code}")))
}

/// Takes calls again.
pub(super) fn resume(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Done, Error> {
    let staff = &ctx.actor.staff;
    row_lock::staff(tx, staff)?;
    let seconds = count_pause(tx, ctx)?;
    staff_rows::set_state(tx, staff, AgentState::Ready, None, ctx.now)?;
    tx.touch(Topics::STAFF);
    Ok(Done::new(Receipt::Resumed {}, format!("staff:{staff}")).detail(format!("paused_seconds={seconds}")))
}

/// Adds the pause that ends now to its day, in seconds. One without an end counts to the end of its day.
fn count_pause(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<i64, Error> {
    let staff = &ctx.actor.staff;
    let Some(row) = staff_rows::find(tx, staff)?.filter(|row| row.state == AgentState::Paused) else {
        return Ok(0);
    };
    let day = row.since.date();
    let ended = ctx.now.min(Timestamp::end_of(day));
    let seconds = (ended.since(row.since) / 1000).max(0);
    tx.count(counter::agent(day, staff, AgentCount::Pause), seconds);
    Ok(seconds)
}

/// Adds a staff member, or changes name, role and doctor of one.
pub(super) fn add_staff(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &AddStaff) -> Result<Done, Error> {
    let AddStaff { id, role, doctor, .. } = input;
    check_login(id)?;
    let name = name(&input.name, "name")?;
    // A login that does not exist yet, and the last supervisor, have no row of their own to lock.
    row_lock::campaign(tx)?;
    let before = staff_rows::find(tx, id)?;
    for concerned in before.iter().map(|row| row.actor.role).chain([*role]) {
        check_manages(ctx, concerned)?;
    }
    match (role, doctor) {
        (Role::Doctor, None) => {
            return Err(Refusal::FieldInvalid { field: "doctor", reason: "needed" }.into());
        }
        (Role::Doctor, Some(doctor)) if !staff_rows::is_doctor(tx, *doctor)? => {
            return Err(Refusal::NoSuchRow { what: "doctor", id: doctor.to_string() }.into());
        }
        (_, _) => {}
    }
    if *role != Role::Supervisor {
        check_not_last_supervisor(tx, id)?;
    }
    let doctor = doctor.filter(|_| *role == Role::Doctor);
    staff_rows::upsert(tx, id, name.as_str(), *role, doctor, ctx.now)?;
    tx.touch(Topics::STAFF);
    let mut detail = format!("role={}", role.code());
    let key = input.key.as_deref().map(SshKey::parse).transpose()?;
    if let Some(key) = &key {
        // One that they have already is no reason to refuse the rest.
        key::give(tx, ctx, id, key)?;
        detail = format!("{detail} key={}", key.fingerprint);
    }
    let key = key.map(|key| key.fingerprint.to_string());
    let receipt = Receipt::StaffAdded { staff: id.clone(), role: *role, key };
    Ok(Done::new(receipt, format!("staff:{id}")).detail(detail))
}

/// Disables a staff member, whose keys are gone for good: should they come back, they bring new ones. Their
/// promises pass to anyone; their sessions end; a call they have open ends with its lease.
pub(super) fn disable_staff(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &StaffRef) -> Result<Done, Error> {
    let id = &input.id;
    row_lock::campaign(tx)?;
    let found =
        staff_rows::find(tx, id)?.ok_or_else(|| Refusal::NoSuchRow { what: "staff", id: id.to_string() })?;
    check_manages(ctx, found.actor.role)?;
    check_not_last_supervisor(tx, id)?;
    if !staff_rows::disable(tx, id)? {
        return Err(Refusal::Conflict { what: "staff", state: "disabled".to_owned() }.into());
    }
    staff_rows::release_promises(tx, id)?;
    task::release_owned(tx, id)?;
    draft::delete_all(tx, id)?;
    staff_pin::delete(tx, id)?;
    let keys = staff_key::remove_all(tx, id, &ctx.actor.staff, ctx.now)?;
    session_rows::end_all(tx, id, EndedBy::Revoked)?;
    tx.touch(Topics::STAFF.with(Topics::QUEUE).with(Topics::SESSIONS).with(Topics::TASKS));
    Ok(Done::new(Receipt::StaffDisabled {}, format!("staff:{id}")).detail(format!("keys_removed={keys}")))
}

/// Takes a forgotten PIN away.
pub(super) fn clear_pin(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &StaffRef) -> Result<Done, Error> {
    let id = &input.id;
    let found =
        staff_rows::find(tx, id)?.ok_or_else(|| Refusal::NoSuchRow { what: "staff", id: id.to_string() })?;
    check_manages(ctx, found.actor.role)?;
    if !staff_pin::delete(tx, id)? {
        return Err(Refusal::NoSuchRow { what: "pin", id: id.to_string() }.into());
    }
    tx.touch(Topics::STAFF);
    Ok(Done::new(Receipt::PinCleared {}, format!("staff:{id}")))
}

fn check_not_last_supervisor(tx: &mut Tx<'_>, id: &StaffId) -> Result<(), Error> {
    if staff_rows::is_last_supervisor(tx, id)? {
        return Err(Refusal::Conflict { what: "staff", state: "last_supervisor".to_owned() }.into());
    }
    Ok(())
}

/// Login names are typed on every keyboard: lower-case letters, digits, `.`, `_`, `-`, beginning with a letter.
fn check_login(id: &StaffId) -> Result<(), Refusal> {
    let reason = if id.0.is_empty() {
        "empty"
    } else if id.0.chars().count() > MAX_LOGIN {
        "too_long"
    } else if !id.0.starts_with(|first: char| first.is_ascii_lowercase())
        || !id.0.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
    {
        "bad_characters"
    } else if id.0 == OPERATOR {
        "duplicate"
    } else {
        return Ok(());
    };
    Err(Refusal::FieldInvalid { field: "id", reason })
}

/// The staff that the actor manages, by login name.
pub(super) fn staff(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Vec<StaffLine>, Error> {
    let rows = staff_rows::list(tx)?;
    Ok(rows
        .into_iter()
        .filter(|found| ctx.actor.role.manages(found.row.actor.role))
        .map(|StaffListed { row, keys, has_pin }| StaffLine {
            id: row.actor.staff,
            name: row.actor.name,
            role: row.actor.role,
            active: row.active,
            doctor: row.actor.doctor,
            keys,
            has_pin,
        })
        .collect())
}
