//! Rows of broadcasts: messages to all open sessions.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;

/// Broadcasts in one answer.
const MOST: i64 = 100;

/// One broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastRow {
    /// Its id.
    pub id: i64,
    /// When it was sent.
    pub at: Timestamp,
    /// The sender's name.
    pub name: String,
    /// The text.
    pub body: String,
}

/// Adds a broadcast.
pub fn insert(tx: &mut Tx<'_>, staff: &StaffId, body: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute("INSERT INTO broadcast (at, staff, body) VALUES (?1, ?2, ?3)", args![now, staff, body])?;
    Ok(())
}

/// Deletes broadcasts from before `than`.
pub fn sweep(tx: &mut Tx<'_>, than: Timestamp) -> Result<(), StoreError> {
    tx.execute_later("DELETE FROM broadcast WHERE at < ?1", args![than])
}

/// Broadcasts from `from` on, oldest first; at most the newest 100.
pub fn list(tx: &mut Tx<'_>, from: Timestamp) -> Result<Vec<BroadcastRow>, StoreError> {
    let mut rows = tx
        .many(
            "SELECT b.id, b.at, s.name, b.body FROM broadcast b JOIN staff s ON s.id = b.staff
             WHERE b.at >= ?1 ORDER BY b.id DESC LIMIT ?2",
            args![from, MOST],
        )?
        .iter()
        .map(|row| {
            Ok(BroadcastRow { id: row.int(0)?, at: row.time(1)?, name: row.text(2)?, body: row.text(3)? })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    rows.reverse();
    Ok(rows)
}
