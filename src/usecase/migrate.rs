//! Copies the whole programme to another place: from a file to a server, back, or to another of the same kind.
//!
//! Invariants:
//! - the actor has the permission to export;
//! - no import runs meanwhile, and the rows of an interrupted one are removed first, so that no half-loaded list is
//!   copied;
//! - the source's audit log names the target before the first row is copied;
//! - the copy's audit log names the source and the proof, after all copied rows.
//!
//! Deliberately absent: closing the source. It stays a whole store; commands in it after the copy are counted and
//! reported, and the administrator decides.

use super::door::Door;
use super::error::Error;
use super::import;
use crate::domain::actor::Permission;
use crate::domain::audit::Entry;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;
use crate::store::{Place, Proof, Target, Watch};
use serde::Serialize;

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Tables, all of them.
    pub tables: usize,
    /// Their rows.
    pub rows: u64,
    /// What was compared: hex of the SHA-256 over all tables.
    pub sha256: String,
    /// Rows of the source's audit log after the snapshot, which are not in the copy.
    pub later: u64,
}

/// Copies everything into an empty place and proves the copy. `from` and `to` are shown in both audit logs.
///
/// # Errors
/// The actor may not export; the place is not empty; the copy differs; it was stopped. The target is then unchanged.
pub fn migrate(
    door: &Door,
    staff: &StaffId,
    now: Timestamp,
    from: &Place,
    to: &Place,
    watch: &Watch,
) -> Result<Moved, Error> {
    door.authorise(staff, Permission::Export)?;
    let now = door.time_at(now)?;
    let store = door.store();
    // Checked to be empty before the audit row, and released, so that the wait below locks nothing.
    drop(Target::take(to)?);
    let _place = store.bulk_place(&|| watch(0))?;
    import::settle(store, door.campaign().sms_required)?;
    door.note(staff, now, Permission::Export, "migrate", format!("to={to}"))?;
    let entry = Entry {
        at: now,
        staff: staff.0.clone(),
        os_user: door.os_user().to_owned(),
        action: "migrate".to_owned(),
        subject: "store".to_owned(),
        detail: format!("from={from}"),
    };
    let sign = move |proof: &Proof| Entry {
        detail: format!("{} rows={} sha256={}", entry.detail, proof.rows, proof.sha256),
        ..entry
    };
    let proof = store.copy_into(Target::take(to)?, watch.clone(), Some(Box::new(sign)))?;
    let later = store.audit_rows()?.saturating_sub(proof.audit_rows);
    Ok(Moved { tables: proof.tables, rows: proof.rows, sha256: proof.sha256, later })
}

#[cfg(test)]
mod tests;
