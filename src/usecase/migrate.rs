//! The whole programme moved to another place: from a file to a server, back, or to another of the same kind.
//!
//! Invariants: whoever may export may do it; no import is under way meanwhile, and what a dead one left is taken back
//! first, so that no half-loaded list travels; the source's trail says where its copy went before the first row
//! leaves, and the copy's trail says where it came from and by which proof, behind everything it brought along.
//!
//! Deliberately absent: closing the source. It stays a whole store; what is done in it after the copy is counted and
//! said, and whoever moves decides.

use super::door::Door;
use super::error::Error;
use super::import;
use crate::domain::actor::Act;
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
    /// Acts in the source's trail that came after the snapshot and are not in the copy.
    pub later: u64,
}

/// Copies everything into an empty place and proves the copy. `from` and `to` are shown in the trails.
///
/// # Errors
/// Whoever may not export is refused; the place is not empty; the copy differs; somebody stopped it. The target is
/// then as it was.
pub fn migrate(
    door: &Door,
    staff: &StaffId,
    now: Timestamp,
    from: &Place,
    to: &Place,
    watch: &Watch,
) -> Result<Moved, Error> {
    door.authorise(staff, Act::Export)?;
    let now = door.time_at(now)?;
    let store = door.store();
    // Proved empty before anything is noted; then taken again, for whoever waits holds nothing.
    drop(Target::take(to)?);
    let _place = store.bulk_place(&|| watch(0))?;
    import::settle(store)?;
    door.note(staff, now, Act::Export, "migrate", format!("to={to}"))?;
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
