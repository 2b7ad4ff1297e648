//! Rows of staff members.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::actor::AgentState;
use crate::domain::actor::{Actor, Role};
use crate::domain::id::{CustomerId, DoctorId, StaffId};
use crate::domain::time::Timestamp;

/// A staff row as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// The staff member.
    pub actor: Actor,
    /// Whether they may sign in.
    pub active: bool,
    /// The working state, apart from calls.
    pub state: AgentState,
    /// Pause code, while pausing.
    pub pause: Option<String>,
    /// Since when they are in that state.
    pub since: Timestamp,
}

/// A staff row in the list of all, with their means to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffListed {
    /// The row.
    pub row: StaffRow,
    /// SSH keys in use.
    pub keys: i64,
    /// Whether they have a PIN.
    pub has_pin: bool,
}

fn staff(row: &Row) -> Result<StaffRow, StoreError> {
    Ok(StaffRow {
        actor: Actor {
            staff: StaffId(row.text(0)?),
            name: row.text(1)?,
            role: row.code(2, Role::parse)?,
            doctor: row.opt_int(3)?.map(DoctorId),
        },
        active: row.flag(4)?,
        state: row.code(5, AgentState::parse)?,
        pause: row.opt_text(6)?,
        since: row.time(7)?,
    })
}

/// The active staff member with this login name.
pub fn find_active(tx: &mut Tx<'_>, id: &StaffId) -> Result<Option<Actor>, StoreError> {
    Ok(find(tx, id)?.filter(|found| found.active).map(|found| found.actor))
}

/// A staff member who may act, and what holds for every command: read in one statement, because each asks all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entering {
    /// The staff member.
    pub actor: Actor,
    /// When the next kept seat is to be given on; none when none is kept.
    pub release_at: Option<Timestamp>,
    /// The campaign version in force.
    pub version: i64,
}

/// The active staff member with this login name, with what holds for every command.
pub fn find_entering(tx: &mut Tx<'_>, id: &StaffId) -> Result<Option<Entering>, StoreError> {
    let row = tx.optional(
        "SELECT id, name, role, doctor, active, state, pause, state_since,
           (SELECT MIN(due_at) FROM seat_release), (SELECT MAX(version) FROM campaign_version)
         FROM staff WHERE id = ?1",
        args![id],
    )?;
    let Some(row) = row else { return Ok(None) };
    let found = staff(&row)?;
    let (release_at, version) = (row.opt_time(8)?, row.int(9)?);
    Ok(found.active.then_some(Entering { actor: found.actor, release_at, version }))
}

/// One staff member.
pub fn find(tx: &mut Tx<'_>, id: &StaffId) -> Result<Option<StaffRow>, StoreError> {
    tx.optional(
        "SELECT id, name, role, doctor, active, state, pause, state_since FROM staff WHERE id = ?1",
        args![id],
    )?
    .map(|row| staff(&row))
    .transpose()
}

/// All staff, by login name, at most 10 000.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<StaffListed>, StoreError> {
    tx.many(
        "SELECT s.id, s.name, s.role, s.doctor, s.active, s.state, s.pause, s.state_since,
           (SELECT COUNT(*) FROM staff_key k WHERE k.staff = s.id AND k.removed_at IS NULL),
           CASE WHEN p.staff IS NULL THEN 0 ELSE 1 END
         FROM staff s LEFT JOIN staff_pin p ON p.staff = s.id ORDER BY s.id LIMIT 10000",
        &[],
    )?
    .iter()
    .map(|row| Ok(StaffListed { row: staff(row)?, keys: row.int(8)?, has_pin: row.flag(9)? }))
    .collect()
}

/// Adds a staff member or changes name, role and doctor; an inactive one becomes active again.
pub fn upsert(
    tx: &mut Tx<'_>,
    id: &StaffId,
    name: &str,
    role: Role,
    doctor: Option<DoctorId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO staff (id, name, role, doctor, active, created_at) VALUES (?1, ?2, ?3, ?4, 1, ?5)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, doctor = excluded.doctor, active = 1",
        args![id, name, role.code(), doctor, now],
    )?;
    Ok(())
}

/// Disables a staff member; false when there is none active.
pub fn disable(tx: &mut Tx<'_>, id: &StaffId) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE staff SET active = 0, state = 'off', pause = NULL WHERE id = ?1 AND active = 1",
        args![id],
    )? == 1)
}

/// Sets the working state; a pause comes with its code.
pub fn set_state(
    tx: &mut Tx<'_>,
    id: &StaffId,
    state: AgentState,
    pause: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff SET state = ?2, pause = ?3, state_since = ?4 WHERE id = ?1",
        args![id, state.code(), pause, now],
    )?;
    Ok(())
}

/// Whether this is the only active supervisor.
pub fn is_last_supervisor(tx: &mut Tx<'_>, id: &StaffId) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT COALESCE(SUM(CASE WHEN id = ?1 THEN 1 ELSE 0 END), 0), COUNT(*)
         FROM staff WHERE role = 'supervisor' AND active = 1",
        args![id],
    )?;
    Ok(row.int(0)? == 1 && row.int(1)? == 1)
}

/// Whether there is such a doctor.
pub fn is_doctor(tx: &mut Tx<'_>, doctor: DoctorId) -> Result<bool, StoreError> {
    Ok(tx.optional("SELECT 1 FROM doctor WHERE id = ?1", args![doctor])?.is_some())
}

/// Opens the promises of a staff member who left to all agents; returns how many.
pub fn release_promises(tx: &mut Tx<'_>, id: &StaffId) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE matter SET callback_for = NULL WHERE state = 'promised' AND callback_for = ?1",
        args![id],
    )
}

/// Whether Vinmec has a case of this customer; for a doctor, one with an appointment of theirs.
pub fn has_case_of(
    tx: &mut Tx<'_>,
    doctor: Option<DoctorId>,
    role: Role,
    customer: CustomerId,
) -> Result<bool, StoreError> {
    let found = if role == Role::Doctor {
        tx.optional(
            "SELECT 1 FROM registration r JOIN care_case k ON k.registration = r.id
             JOIN appointment a ON a.care_case = k.id WHERE r.customer = ?1 AND a.doctor = ?2 LIMIT 1",
            args![customer, doctor],
        )?
    } else {
        tx.optional(
            "SELECT 1 FROM registration r JOIN care_case k ON k.registration = r.id WHERE r.customer = ?1",
            args![customer],
        )?
    };
    Ok(found.is_some())
}
