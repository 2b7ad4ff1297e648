//! Counts a queue, each number by one bounded index scan, and lists its promises.

use super::super::{StoreError, Tx};
use super::HELD_REASONS;
use crate::args;
use crate::domain::contact::Purpose;
use crate::domain::id::{MatterId, StaffId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::{MINUTE_MS, Timestamp};
use std::collections::BTreeMap;
use std::fmt;

/// A promised callback.
#[derive(Clone, PartialEq, Eq)]
pub struct PromiseRow {
    /// Which matter.
    pub matter: MatterId,
    /// The customer's name.
    pub name: String,
    /// The customer's number.
    pub phone: PhoneNumber,
    /// When it was promised for.
    pub at: Timestamp,
    /// The agent who promised; none: any agent may call.
    pub owner: Option<StaffId>,
    /// The name of that agent.
    pub owner_name: Option<String>,
}

impl fmt::Debug for PromiseRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PromiseRow")
            .field("matter", &self.matter)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// Matters that wait and are due, counted up to `limit`.
pub fn count_due(tx: &mut Tx<'_>, purpose: Purpose, now: Timestamp, limit: i64) -> Result<i64, StoreError> {
    tx.one(
        "WITH shown AS (SELECT id FROM list WHERE state = 'active' UNION ALL SELECT 0)
         SELECT COUNT(*) FROM (SELECT m.id FROM shown s CROSS JOIN matter m
           WHERE m.purpose = ?1 AND m.list = s.id AND m.state = 'waiting' AND m.due_at <= ?2 LIMIT ?3) q",
        args![purpose.index(), now, limit],
    )?
    .int(0)
}

/// Matters that wait for a later time, counted up to `limit`.
pub fn count_later(tx: &mut Tx<'_>, purpose: Purpose, now: Timestamp, limit: i64) -> Result<i64, StoreError> {
    tx.one(
        "WITH shown AS (SELECT id FROM list WHERE state = 'active' UNION ALL SELECT 0)
         SELECT COUNT(*) FROM (SELECT m.id FROM shown s CROSS JOIN matter m
           WHERE m.purpose = ?1 AND m.list = s.id AND m.state = 'waiting' AND m.due_at > ?2 LIMIT ?3) q",
        args![purpose.index(), now, limit],
    )?
    .int(0)
}

/// Matters held for a reason, counted up to `limit`.
pub fn count_held(tx: &mut Tx<'_>, purpose: Purpose, reason: &str, limit: i64) -> Result<i64, StoreError> {
    tx.one(
        "WITH shown AS (SELECT id FROM list WHERE state = 'active' UNION ALL SELECT 0)
         SELECT COUNT(*) FROM (SELECT m.id FROM shown s CROSS JOIN matter m
           WHERE m.purpose = ?1 AND m.reason = ?2 AND m.list = s.id AND m.state = 'held' LIMIT ?3) q",
        args![purpose.index(), reason, limit],
    )?
    .int(0)
}

/// Matters that were called and wait for another attempt or have it now, those that wait counted up to `limit`.
pub fn count_retries(tx: &mut Tx<'_>, purpose: Purpose, limit: i64) -> Result<i64, StoreError> {
    tx.one(
        "SELECT (SELECT COUNT(*) FROM (SELECT id FROM matter
             WHERE purpose = ?1 AND state = 'waiting' AND attempts > 0 LIMIT ?2) w)
           + (SELECT COUNT(*) FROM matter WHERE purpose = ?1 AND state = 'leased' AND attempts > 0)",
        args![purpose.index(), limit],
    )?
    .int(0)
}

/// What is held, by reason, each counted up to `limit`; reasons that hold nothing are left out.
pub fn count_held_by_reason(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    limit: i64,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut held = BTreeMap::new();
    for reason in HELD_REASONS {
        let count = count_held(tx, purpose, reason, limit)?;
        if count > 0 {
            held.insert(reason.to_owned(), count);
        }
    }
    Ok(held)
}

/// Promises whose time has come, counted up to `limit`.
pub fn count_due_promises(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    now: Timestamp,
    limit: i64,
) -> Result<i64, StoreError> {
    tx.one(
        "SELECT COUNT(*) FROM (SELECT id FROM matter
           WHERE purpose = ?1 AND state = 'promised' AND callback_at <= ?2 LIMIT ?3) q",
        args![purpose.index(), now, limit],
    )?
    .int(0)
}

/// When the next waiting matter comes due after `now`.
pub fn next_due_at(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    tx.one(
        "WITH shown AS (SELECT id FROM list WHERE state = 'active' UNION ALL SELECT 0)
         SELECT MIN(q.due_at) FROM (SELECT (
           SELECT x.due_at FROM matter x
           WHERE x.purpose = ?1 AND x.list = s.id AND x.state = 'waiting' AND x.due_at > ?2
           ORDER BY x.due_at LIMIT 1) AS due_at FROM shown s) q",
        args![purpose.index(), now],
    )?
    .opt_time(0)
}

/// When the agent may keep the next promise after `now`: their own and those without an agent at their time, those of
/// others `owner_minutes` later. Looks at the 500 earliest.
pub fn next_callback_at(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    agent: &StaffId,
    now: Timestamp,
    owner_minutes: i64,
) -> Result<Option<Timestamp>, StoreError> {
    tx.one(
        "SELECT MIN(CASE WHEN q.due_at > q.open_at THEN q.due_at ELSE q.open_at END) FROM (
           SELECT due_at, CASE WHEN callback_for IS NULL OR callback_for = ?2 THEN callback_at
                               ELSE callback_at + ?3 END AS open_at
           FROM matter WHERE purpose = ?1 AND state = 'promised' ORDER BY callback_at, id LIMIT 500) q
         WHERE q.open_at > ?4 OR q.due_at > ?4",
        args![purpose.index(), agent, owner_minutes * MINUTE_MS, now],
    )?
    .opt_time(0)
}

/// The agent's own promises and those without an agent, earliest first.
pub fn list_promises(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    agent: &StaffId,
    limit: i64,
) -> Result<Vec<PromiseRow>, StoreError> {
    tx.many(
        "SELECT q.id, c.name, c.phone, q.callback_at, q.callback_for, s.name FROM (
           SELECT id, customer, callback_at, callback_for FROM matter
           WHERE purpose = ?1 AND state = 'promised' AND (callback_for IS NULL OR callback_for = ?2)
           ORDER BY callback_at, id LIMIT ?3) q
         JOIN customer c ON c.id = q.customer LEFT JOIN staff s ON s.id = q.callback_for
         ORDER BY q.callback_at, q.id",
        args![purpose.index(), agent, limit],
    )?
    .iter()
    .map(|row| {
        Ok(PromiseRow {
            matter: MatterId(row.int(0)?),
            name: row.text(1)?,
            phone: row.phone(2)?,
            at: row.time(3)?,
            owner: row.opt_text(4)?.map(StaffId),
            owner_name: row.opt_text(5)?,
        })
    })
    .collect()
}
