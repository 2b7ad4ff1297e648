//! The national Do-Not-Call register as loaded: flags per number, the day it was taken. Replacing it is an import.

use super::{StoreError, Tx, counter};
use crate::args;
use crate::domain::contact::{DoNotCallFlags, MatterState, Purpose};
use crate::domain::phone::PhoneNumber;
use chrono::NaiveDate;

/// What the register says about a number; no flags when it is not on it.
pub fn find(tx: &mut Tx<'_>, phone: PhoneNumber) -> Result<DoNotCallFlags, StoreError> {
    Ok(match tx.optional("SELECT voice, sms FROM do_not_call WHERE phone = ?1", args![phone])? {
        Some(row) => DoNotCallFlags { voice: row.flag(0)?, sms: row.flag(1)? },
        None => DoNotCallFlags::default(),
    })
}

/// The day of the register on file; none when none was ever loaded.
pub fn as_of(tx: &mut Tx<'_>) -> Result<Option<NaiveDate>, StoreError> {
    tx.one("SELECT dnc_as_of FROM campaign WHERE id = 1", &[])?.opt_code(0, |day| day.parse().ok())
}

/// Gives offers that were held for the register back to the queue when their number is no longer on it; to be
/// called after the register was replaced. Returns how many.
pub fn release_held(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let released = tx.execute(
        "UPDATE matter SET state = 'waiting', reason = NULL
         WHERE purpose = 1 AND state = 'held' AND reason = 'do_not_call'
           AND NOT EXISTS (SELECT 1 FROM customer c JOIN do_not_call d ON d.phone = c.phone
                           WHERE c.id = matter.customer AND d.voice = 1)",
        &[],
    )?;
    tx.count(counter::matter(Purpose::Offer, MatterState::Held), -(released as i64));
    tx.count(counter::matter(Purpose::Offer, MatterState::Waiting), released as i64);
    Ok(released)
}
