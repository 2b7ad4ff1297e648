//! Rows of staff members' SSH keys.
//!
//! Invariant: a row is never deleted, so a key of one staff member never becomes another's.

use super::{Row, StoreError, Tx, Value};
use crate::args;
use crate::domain::actor::{Actor, Role};
use crate::domain::id::{DoctorId, StaffId};
use crate::domain::ssh_key::{Fingerprint, KeyKind, SshKey};
use crate::domain::time::Timestamp;
use std::collections::HashMap;

/// A key that is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffKeyRow {
    /// What it is known by.
    pub fingerprint: String,
    /// The staff member.
    pub staff: StaffId,
    /// The role of that staff member.
    pub role: Role,
    /// Its kind.
    pub kind: KeyKind,
    /// Its label; may be empty.
    pub label: String,
    /// Since when.
    pub added_at: Timestamp,
    /// The staff member who added it.
    pub added_by: StaffId,
    /// The name of the staff member who added it.
    pub added_by_name: String,
}

fn staff_key(row: &Row) -> Result<StaffKeyRow, StoreError> {
    Ok(StaffKeyRow {
        fingerprint: row.text(0)?,
        staff: StaffId(row.text(1)?),
        role: row.code(2, Role::parse)?,
        kind: row.code(3, KeyKind::parse)?,
        label: row.text(4)?,
        added_at: row.time(5)?,
        added_by: StaffId(row.text(6)?),
        added_by_name: row.text(7)?,
    })
}

/// The staff member of a key, present or former, and whether it is in use.
pub fn find_owner(tx: &mut Tx<'_>, key: &Fingerprint) -> Result<Option<(StaffId, bool)>, StoreError> {
    tx.optional("SELECT staff, removed_at FROM staff_key WHERE fingerprint = ?1", args![key.as_str()])?
        .map(|row| Ok((StaffId(row.text(0)?), row.opt_time(1)?.is_none())))
        .transpose()
}

/// Keys that one statement asks about.
const AT_ONCE: usize = 100;

/// The staff member of each key, while both are active; an unknown key is absent. The
/// machine's administrator has no key. A hundred to a statement.
pub fn find_actors(tx: &mut Tx<'_>, keys: &[Fingerprint]) -> Result<HashMap<Fingerprint, Actor>, StoreError> {
    let mut found = HashMap::with_capacity(keys.len());
    for some in keys.chunks(AT_ONCE) {
        // Only two statement texts, so that each is prepared once: unused parameters are no key at all.
        let places = if some.len() == 1 { 1 } else { AT_ONCE };
        let marks: Vec<String> = (1..=places).map(|place| format!("?{place}")).collect();
        let mut args: Vec<Value> = some.iter().map(|key| Value::from(key.as_str())).collect();
        args.resize(places, Value::from(""));
        let sql = format!(
            "SELECT s.id, s.name, s.role, s.doctor, k.fingerprint FROM staff_key k JOIN staff s ON s.id = k.staff
             WHERE k.fingerprint IN ({}) AND k.removed_at IS NULL AND s.active = 1 AND s.role <> 'operator'",
            marks.join(", ")
        );
        for row in tx.many(&sql, &args)? {
            let actor = Actor {
                staff: StaffId(row.text(0)?),
                name: row.text(1)?,
                role: row.code(2, Role::parse)?,
                doctor: row.opt_int(3)?.map(DoctorId),
            };
            found.insert(row.code(4, |text| Fingerprint::parse(text).ok())?, actor);
        }
    }
    Ok(found)
}

/// Adds a key to a staff member, or restores one that was removed. False when it is or was another's.
pub fn upsert(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    key: &SshKey,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let SshKey { fingerprint, kind, line, label } = key;
    let changed = tx.execute(
        "INSERT INTO staff_key (fingerprint, staff, kind, public_key, label, added_at, added_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (fingerprint) DO UPDATE SET label = excluded.label, added_at = excluded.added_at,
           added_by = excluded.added_by, removed_at = NULL, removed_by = NULL
         WHERE staff_key.staff = excluded.staff",
        args![fingerprint.as_str(), staff, kind.code(), line, label, now, by],
    )?;
    Ok(changed == 1)
}

/// Removes a key; false when the staff member has no such key in use.
pub fn remove(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    key: &Fingerprint,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE staff_key SET removed_at = ?4, removed_by = ?3
         WHERE fingerprint = ?1 AND staff = ?2 AND removed_at IS NULL",
        args![key.as_str(), staff, by, now],
    )? == 1)
}

/// Removes all keys of a staff member; returns how many.
pub fn remove_all(tx: &mut Tx<'_>, staff: &StaffId, by: &StaffId, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE staff_key SET removed_at = ?3, removed_by = ?2 WHERE staff = ?1 AND removed_at IS NULL",
        args![staff, by, now],
    )
}

/// How many keys a staff member has in use.
pub fn count(tx: &mut Tx<'_>, staff: &StaffId) -> Result<i64, StoreError> {
    tx.one("SELECT COUNT(*) FROM staff_key WHERE staff = ?1 AND removed_at IS NULL", args![staff])?.int(0)
}

/// The keys in use, of one or all staff members, by login name and age, at most 20 000.
pub fn list(tx: &mut Tx<'_>, staff: Option<&StaffId>) -> Result<Vec<StaffKeyRow>, StoreError> {
    let of = if staff.is_some() { "AND k.staff = ?1" } else { "AND ?1 = ''" };
    let staff = staff.map_or("", StaffId::as_str);
    tx.many(
        &format!(
            "SELECT k.fingerprint, k.staff, s.role, k.kind, k.label, k.added_at, k.added_by, b.name
             FROM staff_key k JOIN staff s ON s.id = k.staff JOIN staff b ON b.id = k.added_by WHERE k.removed_at IS NULL {of}
             ORDER BY k.staff, k.added_at, k.fingerprint LIMIT 20000"
        ),
        args![staff],
    )?
    .iter()
    .map(staff_key)
    .collect()
}
