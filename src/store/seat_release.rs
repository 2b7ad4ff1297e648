//! Rows of seats whose case ended without a consultation: kept while the end can be taken back, given on afterwards.
//!
//! Invariants:
//! - a registration is here at most once, and only while it is seated;
//! - `before` holds health text, so that a row has no `Debug` form; it goes with the row.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::case::CaseState;
use crate::domain::id::{CaseId, RegistrationId, StaffId};
use crate::domain::time::Timestamp;

/// A seat that is kept for a while.
#[derive(Clone, PartialEq, Eq)]
pub struct SeatRelease {
    /// Whose seat.
    pub registration: RegistrationId,
    /// The case that ended.
    pub case: CaseId,
    /// The last moment at which the end can be taken back.
    pub due_at: Timestamp,
    /// The state in which the case ended.
    pub reason: CaseState,
    /// The staff member who ended it.
    pub by: StaffId,
    /// How the case was before, JSON of the use case; empty where the call keeps it.
    pub before: String,
}

fn seat_release(row: &Row) -> Result<SeatRelease, StoreError> {
    Ok(SeatRelease {
        registration: RegistrationId(row.int(0)?),
        case: CaseId(row.int(1)?),
        due_at: row.time(2)?,
        reason: row.code(3, CaseState::parse)?,
        by: StaffId(row.text(4)?),
        before: row.text(5)?,
    })
}

/// Keeps a seat; false when it is kept already.
pub fn insert(tx: &mut Tx<'_>, new: &SeatRelease) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "INSERT INTO seat_release (registration, care_case, due_at, reason, by_staff, before)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (registration) DO NOTHING",
        args![new.registration, new.case, new.due_at, new.reason.code(), &new.by, new.before.as_str()],
    )? == 1)
}

/// The kept seat of a registration.
pub fn find(tx: &mut Tx<'_>, registration: RegistrationId) -> Result<Option<SeatRelease>, StoreError> {
    tx.optional(
        "SELECT registration, care_case, due_at, reason, by_staff, before FROM seat_release
         WHERE registration = ?1",
        args![registration],
    )?
    .map(|row| seat_release(&row))
    .transpose()
}

/// The seats whose time is over at `now`, longest first, at most `limit`.
pub fn list_due(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<SeatRelease>, StoreError> {
    tx.many(
        "SELECT registration, care_case, due_at, reason, by_staff, before FROM seat_release
         WHERE due_at < ?1 ORDER BY due_at, registration LIMIT ?2",
        args![now, limit],
    )?
    .iter()
    .map(seat_release)
    .collect()
}

/// Whether a seat is to be given on at `now`.
pub fn is_any_due(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.optional("SELECT 1 FROM seat_release WHERE due_at < ?1 LIMIT 1", args![now])?.is_some())
}

/// Ends the wait for a seat; false when another transaction has done so.
pub fn delete(tx: &mut Tx<'_>, registration: RegistrationId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM seat_release WHERE registration = ?1", args![registration])? == 1)
}
