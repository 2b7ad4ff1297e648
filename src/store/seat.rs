//! The seats of the programme: the one campaign row that every registration shares, and the numbers that are free
//! again.
//!
//! Invariants:
//! - `taken` counts the seated registrations and never exceeds `quota` (a CHECK, too);
//! - the numbers from 1 to `next_seat - 1` are either taken or in `free_seat`;
//! - `waitlisted` counts the places on the waitlist.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::time::Timestamp;

/// The counts of the campaign row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatCounts {
    /// Seats of the programme.
    pub quota: i64,
    /// Seats taken.
    pub taken: i64,
    /// Places on the waitlist.
    pub waitlisted: i64,
    /// Since when the last seat is taken; none while seats are left.
    pub full_since: Option<Timestamp>,
}

/// The counts now.
pub fn get(tx: &mut Tx<'_>) -> Result<SeatCounts, StoreError> {
    let row =
        tx.one("SELECT quota, taken, waitlisted, closed_by, closed_at FROM campaign WHERE id = 1", &[])?;
    let by_quota = row.opt_text(3)?.as_deref() == Some("quota");
    Ok(SeatCounts {
        quota: row.int(0)?,
        taken: row.int(1)?,
        waitlisted: row.int(2)?,
        full_since: row.opt_time(4)?.filter(|_| by_quota),
    })
}

/// Takes a seat if one is left: the lowest free number, or the next new one.
pub fn take(tx: &mut Tx<'_>) -> Result<Option<i64>, StoreError> {
    let taken = tx.execute("UPDATE campaign SET taken = taken + 1 WHERE id = 1 AND taken < quota", &[])?;
    if taken == 0 {
        return Ok(None);
    }
    let freed = tx.optional(
        "DELETE FROM free_seat WHERE number = (SELECT MIN(number) FROM free_seat) RETURNING number",
        &[],
    )?;
    if let Some(row) = freed {
        return row.int(0).map(Some);
    }
    let row =
        tx.one("UPDATE campaign SET next_seat = next_seat + 1 WHERE id = 1 RETURNING next_seat - 1", &[])?;
    row.int(0).map(Some)
}

/// Takes that number again when it is free, or another one while a seat is left; none when no seat is left.
pub fn take_number(tx: &mut Tx<'_>, number: i64) -> Result<Option<i64>, StoreError> {
    let free = tx.optional("SELECT number FROM free_seat WHERE number = ?1", args![number])?;
    if free.is_none() {
        return take(tx);
    }
    if tx.execute("UPDATE campaign SET taken = taken + 1 WHERE id = 1 AND taken < quota", &[])? == 0 {
        return Ok(None);
    }
    tx.execute("DELETE FROM free_seat WHERE number = ?1", args![number])?;
    Ok(Some(number))
}

/// A place on the waitlist that was left is taken again.
pub fn return_place(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE campaign SET waitlisted = waitlisted + 1 WHERE id = 1", &[])?;
    Ok(())
}

/// Returns a seat's number.
pub fn give_back(tx: &mut Tx<'_>, number: i64) -> Result<(), StoreError> {
    tx.execute("INSERT INTO free_seat (number) VALUES (?1)", args![number])?;
    tx.execute("UPDATE campaign SET taken = taken - 1 WHERE id = 1", &[])?;
    Ok(())
}

/// A new place at the end of the waitlist, and its position (1 = next).
pub fn take_place(tx: &mut Tx<'_>) -> Result<(i64, i64), StoreError> {
    let row = tx.one(
        "UPDATE campaign SET next_place = next_place + 1, waitlisted = waitlisted + 1 WHERE id = 1
         RETURNING next_place - 1, waitlisted",
        &[],
    )?;
    Ok((row.int(0)?, row.int(1)?))
}

/// One place less on the waitlist.
pub fn leave_place(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE campaign SET waitlisted = waitlisted - 1 WHERE id = 1", &[])?;
    Ok(())
}

/// Changes the number of seats; not below what is taken, which a CHECK holds, too.
pub fn set_quota(tx: &mut Tx<'_>, quota: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE campaign SET quota = ?1 WHERE id = 1", args![quota])?;
    Ok(())
}

/// Records that the last seat is taken, if it is and was not before.
pub fn close_when_full(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE campaign SET closed_by = 'quota', closed_at = ?1
         WHERE id = 1 AND taken >= quota AND closed_by IS NULL",
        args![now],
    )?;
    Ok(())
}

/// Records that a seat which comes free goes to nobody any more, if it is not recorded yet.
pub fn close_waitlist(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE campaign SET waitlist_closed_at = ?1 WHERE id = 1 AND waitlist_closed_at IS NULL",
        args![now],
    )?;
    Ok(())
}

/// Clears that record when seats are left.
pub fn open_when_free(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE campaign SET closed_by = NULL, closed_at = NULL WHERE id = 1 AND taken < quota", &[])?;
    Ok(())
}
