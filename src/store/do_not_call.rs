//! Rows of the national Do-Not-Call register: flags per number, and the day it was taken. Replacing it is an import.

use super::postgres::bulk_rows::INSERT_ENTRIES;
use super::{StoreError, Topics, Tx, counter};
use crate::args;
use crate::domain::contact::{DoNotCallFlags, MatterState, Purpose};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use chrono::NaiveDate;

/// The flags of a number; none when it is not on the register.
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

/// Returns offers that were held for the register to the queue when their number is no longer on it; called after the
/// register was replaced. Returns how many.
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

/// One entry of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The number.
    pub phone: PhoneNumber,
    /// Wants no advertising calls.
    pub voice: bool,
    /// Wants no advertising SMS.
    pub sms: bool,
}

/// What replacing the register changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replaced {
    /// Numbers that were not on it.
    pub added: u64,
    /// Numbers whose flags changed.
    pub changed: u64,
    /// Numbers that are no longer on it.
    pub removed: u64,
}

/// Stages entries, in the order of their numbers; of two for one number the stricter flags count.
pub fn insert_load(tx: &mut Tx<'_>, entries: &[Entry]) -> Result<(), StoreError> {
    if tx.file().is_none() {
        return insert_load_at_once(tx, entries);
    }
    for entry in entries {
        tx.execute(
            "INSERT INTO do_not_call_load (phone, voice, sms) VALUES (?1, ?2, ?3)
             ON CONFLICT (phone) DO UPDATE SET
             voice = CASE WHEN excluded.voice = 1 THEN 1 ELSE do_not_call_load.voice END,
             sms = CASE WHEN excluded.sms = 1 THEN 1 ELSE do_not_call_load.sms END",
            args![entry.phone, entry.voice, entry.sms],
        )?;
    }
    Ok(())
}

/// By one statement, which may touch no number twice.
fn insert_load_at_once(tx: &mut Tx<'_>, entries: &[Entry]) -> Result<(), StoreError> {
    let mut each: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        match each.last_mut() {
            Some(last) if last.phone == entry.phone => {
                last.voice |= entry.voice;
                last.sms |= entry.sms;
            }
            _ => each.push(*entry),
        }
    }
    let list = |part: fn(&Entry) -> i64| {
        each.iter().map(|entry| part(entry).to_string()).collect::<Vec<_>>().join(",")
    };
    let phones = list(|entry| entry.phone.digits());
    let (voices, messages) = (list(|entry| i64::from(entry.voice)), list(|entry| i64::from(entry.sms)));
    tx.execute(INSERT_ENTRIES, args![phones, voices, messages])?;
    Ok(())
}

/// Empties the staging table.
pub fn clear_load(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM do_not_call_load", &[])?;
    Ok(())
}

/// Makes the staged register the current one, returns released offers to the queue and empties the staging table.
pub fn replace(tx: &mut Tx<'_>, as_of: NaiveDate, now: Timestamp) -> Result<Replaced, StoreError> {
    let changed = tx.execute(
        "UPDATE do_not_call SET voice = staged.voice, sms = staged.sms FROM do_not_call_load AS staged
         WHERE staged.phone = do_not_call.phone
           AND (staged.voice <> do_not_call.voice OR staged.sms <> do_not_call.sms)",
        &[],
    )?;
    let removed = tx.execute(
        "DELETE FROM do_not_call WHERE NOT EXISTS
         (SELECT 1 FROM do_not_call_load WHERE do_not_call_load.phone = do_not_call.phone)",
        &[],
    )?;
    let added = tx.execute(
        "INSERT INTO do_not_call (phone, voice, sms)
         SELECT phone, voice, sms FROM do_not_call_load WHERE NOT EXISTS
         (SELECT 1 FROM do_not_call WHERE do_not_call.phone = do_not_call_load.phone) ORDER BY phone",
        &[],
    )?;
    clear_load(tx)?;
    tx.execute(
        "UPDATE campaign SET dnc_as_of = ?1, dnc_at = ?2 WHERE id = 1",
        args![as_of.to_string(), now],
    )?;
    release_held(tx)?;
    tx.touch(Topics::LISTS.with(Topics::QUEUE));
    Ok(Replaced { added, changed, removed })
}
