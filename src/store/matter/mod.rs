//! Rows of contact matters: one per customer and purpose. Every change of state goes through this file, which also
//! updates the counters `matter.<purpose>.<state>`.
//!
//! Invariants:
//! - a row changes only from the state in which it was read ([`update`] returns false otherwise);
//! - a lease has one holder and a holder has one lease;
//! - a promise (`callback_at`) is kept while the matter is leased;
//! - matters of lists that are still `loading` are invisible;
//! - a command that decides by a row and writes it reads it with a locking function, so that nothing changes in
//!   between.

mod facts;
mod queue;

pub use facts::{Loaded, find_loaded, next_offer, next_promise, next_waiting_service};
pub use queue::{
    PromiseRow, count_due, count_due_promises, count_held, count_held_by_reason, count_later, count_retries,
    list_promises, next_callback_at, next_due_at,
};

use super::{Row, StoreError, Tx, counter};
use crate::args;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::{CustomerId, ListId, MatterId, StaffId};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Held: the list carries no opt-in evidence.
pub const HELD_OPT_IN: &str = "opt_in_missing";
/// Held: the number is on the national register.
pub const HELD_REGISTER: &str = "do_not_call";
/// Held: the programme's SMS has not reached the customer. `due_at` is the hour at which it will, 0 when none is known.
pub const HELD_SMS: &str = "sms_not_received";
/// Held: a supervisor must look first.
pub const HELD_SUPERVISOR: &str = "supervisor";
/// Every reason for which a matter is held.
pub const HELD_REASONS: [&str; 4] = [HELD_OPT_IN, HELD_REGISTER, HELD_SMS, HELD_SUPERVISOR];

/// A matter as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterRow {
    /// Row.
    pub id: MatterId,
    /// The customer to call.
    pub customer: CustomerId,
    /// Its purpose.
    pub purpose: Purpose,
    /// The list that brought an offer; `ListId(0)` for the other purposes.
    pub list: ListId,
    /// Its state.
    pub state: MatterState,
    /// Why it is closed or held, as a public code.
    pub reason: Option<String>,
    /// When it may be handed out.
    pub due_at: Timestamp,
    /// Attempts so far.
    pub attempts: i64,
    /// Parts of the day tried so far, as a mask.
    pub day_parts: i64,
    /// The last attempt that rang.
    pub last_rang_at: Option<Timestamp>,
    /// The promised time.
    pub callback_at: Option<Timestamp>,
    /// The agent who promised; none: any agent may call.
    pub callback_for: Option<StaffId>,
    /// Its holder.
    pub lease_staff: Option<StaffId>,
    /// When the latest lease began; kept after it ended.
    pub leased_at: Option<Timestamp>,
    /// When the lease expires.
    pub lease_until: Option<Timestamp>,
    /// The agent who may not make this call (survey: the one who registered the customer).
    pub avoid_staff: Option<StaffId>,
}

impl MatterRow {
    /// The same matter in another state, without a lease.
    #[must_use]
    pub fn moved_to(&self, state: MatterState, reason: Option<&str>) -> Self {
        let keeps_promise = state == MatterState::Promised;
        Self {
            state,
            reason: reason.map(str::to_owned),
            callback_at: self.callback_at.filter(|_| keeps_promise),
            callback_for: self.callback_for.clone().filter(|_| keeps_promise),
            lease_staff: None,
            lease_until: None,
            ..self.clone()
        }
    }

    /// The same matter under a lease.
    #[must_use]
    pub fn leased_to(&self, staff: &StaffId, at: Timestamp, until: Timestamp) -> Self {
        Self {
            state: MatterState::Leased,
            reason: None,
            lease_staff: Some(staff.clone()),
            leased_at: Some(at),
            lease_until: Some(until),
            ..self.clone()
        }
    }

    /// The state of a matter that is released without a call: its promise stays.
    pub const fn state_without_lease(&self) -> MatterState {
        if self.callback_at.is_some() { MatterState::Promised } else { MatterState::Waiting }
    }
}

/// Reads the sixteen columns of [`MatterRow`] from column 0 on.
fn matter(row: &Row) -> Result<MatterRow, StoreError> {
    let staff = |column| -> Result<Option<StaffId>, StoreError> { Ok(row.opt_text(column)?.map(StaffId)) };
    Ok(MatterRow {
        id: MatterId(row.int(0)?),
        customer: CustomerId(row.int(1)?),
        purpose: Purpose::from_index(row.int(2)?)
            .ok_or_else(|| StoreError::internal("a matter of an unknown purpose"))?,
        list: ListId(row.int(3)?),
        state: row.code(4, MatterState::parse)?,
        reason: row.opt_text(5)?,
        due_at: row.time(6)?,
        attempts: row.int(7)?,
        day_parts: row.int(8)?,
        last_rang_at: row.opt_time(9)?,
        callback_at: row.opt_time(10)?,
        callback_for: staff(11)?,
        lease_staff: staff(12)?,
        leased_at: row.opt_time(13)?,
        lease_until: row.opt_time(14)?,
        avoid_staff: staff(15)?,
    })
}

/// One matter, unless its list is still loading.
pub fn find(tx: &mut Tx<'_>, id: MatterId) -> Result<Option<MatterRow>, StoreError> {
    tx.optional(
        "SELECT m.id, m.customer, m.purpose, m.list, m.state, m.reason, m.due_at, m.attempts, m.day_parts,
                m.last_rang_at, m.callback_at, m.callback_for, m.lease_staff, m.leased_at, m.lease_until,
                m.avoid_staff
         FROM matter m LEFT JOIN list l ON l.id = m.list
         WHERE m.id = ?1 AND (l.id IS NULL OR l.state = 'active')",
        args![id],
    )?
    .map(|row| matter(&row))
    .transpose()
}

/// The same, locked until the transaction ends.
pub fn find_locked(tx: &mut Tx<'_>, id: MatterId) -> Result<Option<MatterRow>, StoreError> {
    tx.optional(
        "SELECT m.id, m.customer, m.purpose, m.list, m.state, m.reason, m.due_at, m.attempts, m.day_parts,
                m.last_rang_at, m.callback_at, m.callback_for, m.lease_staff, m.leased_at, m.lease_until,
                m.avoid_staff
         FROM matter m
         WHERE m.id = ?1 AND NOT EXISTS (SELECT 1 FROM list l WHERE l.id = m.list AND l.state <> 'active')
         FOR NO KEY UPDATE",
        args![id],
    )?
    .map(|row| matter(&row))
    .transpose()
}

/// The matters of one customer, by purpose.
pub fn list_by_customer(tx: &mut Tx<'_>, customer: CustomerId) -> Result<Vec<MatterRow>, StoreError> {
    tx.many(
        "SELECT m.id, m.customer, m.purpose, m.list, m.state, m.reason, m.due_at, m.attempts, m.day_parts,
                m.last_rang_at, m.callback_at, m.callback_for, m.lease_staff, m.leased_at, m.lease_until,
                m.avoid_staff
         FROM matter m LEFT JOIN list l ON l.id = m.list
         WHERE m.id BETWEEN ?1 AND ?2 AND (l.id IS NULL OR l.state = 'active')
         ORDER BY m.id",
        args![customer.0 * 4 + 1, customer.0 * 4 + 3],
    )?
    .iter()
    .map(matter)
    .collect()
}

/// The matter that an agent holds, also under an expired lease.
pub fn find_by_holder(tx: &mut Tx<'_>, staff: &StaffId) -> Result<Option<MatterRow>, StoreError> {
    tx.optional(
        "SELECT id, customer, purpose, list, state, reason, due_at, attempts, day_parts, last_rang_at, callback_at,
                callback_for, lease_staff, leased_at, lease_until, avoid_staff
         FROM matter WHERE state = 'leased' AND lease_staff = ?1",
        args![staff],
    )?
    .map(|row| matter(&row))
    .transpose()
}

/// The same, locked until the transaction ends.
pub fn find_by_holder_locked(tx: &mut Tx<'_>, staff: &StaffId) -> Result<Option<MatterRow>, StoreError> {
    tx.optional(
        "SELECT id, customer, purpose, list, state, reason, due_at, attempts, day_parts, last_rang_at, callback_at,
                callback_for, lease_staff, leased_at, lease_until, avoid_staff
         FROM matter WHERE state = 'leased' AND lease_staff = ?1 FOR NO KEY UPDATE",
        args![staff],
    )?
    .map(|row| matter(&row))
    .transpose()
}

/// Writes `to` over `from`. False, and nothing happened, when the row is no longer as `from` says (another state
/// or another holder).
pub fn update(tx: &mut Tx<'_>, from: &MatterRow, to: &MatterRow) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE matter SET state = ?1, reason = ?2, due_at = ?3, attempts = ?4, day_parts = ?5, last_rang_at = ?6,
           callback_at = ?7, callback_for = ?8, lease_staff = ?9, leased_at = ?10, lease_until = ?11
         WHERE id = ?12 AND state = ?13 AND COALESCE(lease_staff, '') = ?14",
        args![
            to.state.code(),
            to.reason.as_deref(),
            to.due_at,
            to.attempts,
            to.day_parts,
            to.last_rang_at,
            to.callback_at,
            to.callback_for.as_ref(),
            to.lease_staff.as_ref(),
            to.leased_at,
            to.lease_until,
            from.id,
            from.state.code(),
            from.lease_staff.as_ref().map_or("", StaffId::as_str)
        ],
    )?;
    if changed == 1 {
        count_move(tx, from.purpose, from.state, to.state, 1);
    }
    Ok(changed == 1)
}

/// Opens the intake or survey matter of a customer: waiting, due at `due_at`. A closed one starts afresh; one that
/// is open already stays as it is.
pub fn open(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    purpose: Purpose,
    due_at: Timestamp,
    avoid_staff: Option<&StaffId>,
) -> Result<MatterId, StoreError> {
    let id = purpose.matter_id(customer);
    let opened = tx.execute(
        "INSERT INTO matter (id, customer, purpose, state, due_at, avoid_staff) VALUES (?1, ?2, ?3, 'waiting', ?4, ?5)
         ON CONFLICT (id) DO NOTHING",
        args![id, customer, purpose.index(), due_at, avoid_staff],
    )?;
    if opened == 1 {
        tx.count(counter::matter(purpose, MatterState::Waiting), 1);
        return Ok(id);
    }
    let reopened = tx.execute(
        "UPDATE matter SET state = 'waiting', reason = NULL, due_at = ?1, attempts = 0, day_parts = 0,
           callback_at = NULL, callback_for = NULL, avoid_staff = ?2
         WHERE id = ?3 AND state = 'closed'",
        args![due_at, avoid_staff, id],
    )?;
    if reopened == 1 {
        count_move(tx, purpose, MatterState::Closed, MatterState::Waiting, 1);
    }
    Ok(id)
}

/// Closes a matter for a reason, whatever it waits for; a lease on it ends. False when there is none open.
pub fn close(tx: &mut Tx<'_>, id: MatterId, reason: &str) -> Result<bool, StoreError> {
    match find_locked(tx, id)? {
        Some(matter) if matter.state != MatterState::Closed => {
            update(tx, &matter, &matter.moved_to(MatterState::Closed, Some(reason)))
        }
        _ => Ok(false),
    }
}

/// Closes a waiting matter without a lease. False when there is none, or an agent is on the call now.
pub fn close_unless_leased(tx: &mut Tx<'_>, id: MatterId, reason: &str) -> Result<bool, StoreError> {
    match find_locked(tx, id)? {
        Some(matter) if !matches!(matter.state, MatterState::Closed | MatterState::Leased) => {
            update(tx, &matter, &matter.moved_to(MatterState::Closed, Some(reason)))
        }
        _ => Ok(false),
    }
}

/// Whether a claim has something to settle first: the agent holds a matter, a lease has expired, the hour of a held
/// offer's SMS has come. Every claim checks this, and few find something.
pub fn is_any_to_settle(tx: &mut Tx<'_>, agent: &StaffId, now: Timestamp) -> Result<bool, StoreError> {
    tx.one(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM matter WHERE state = 'leased' AND lease_staff = ?1)
                       OR EXISTS (SELECT 1 FROM matter WHERE state = 'leased' AND lease_until <= ?2)
                       OR EXISTS (SELECT 1 FROM matter WHERE state = 'held' AND reason = 'sms_not_received'
                                    AND due_at > 0 AND due_at <= ?2)
                     THEN 1 ELSE 0 END",
        args![agent, now],
    )?
    .flag(0)
}

/// Matters with an expired lease, locked, at most `limit`; those that another transaction has locked are left to it.
pub fn list_expired_locked(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    tx.many(
        "SELECT id, customer, purpose, list, state, reason, due_at, attempts, day_parts, last_rang_at,
                callback_at, callback_for, lease_staff, leased_at, lease_until, avoid_staff
         FROM matter WHERE state = 'leased' AND lease_until <= ?1 ORDER BY lease_until, id LIMIT ?2
         FOR NO KEY UPDATE SKIP LOCKED",
        args![now, limit],
    )?
    .iter()
    .map(matter)
    .collect()
}

/// The same, without a lock.
pub fn list_expired(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<MatterRow>, StoreError> {
    tx.many(
        "SELECT id, customer, purpose, list, state, reason, due_at, attempts, day_parts, last_rang_at,
                callback_at, callback_for, lease_staff, leased_at, lease_until, avoid_staff
         FROM matter WHERE state = 'leased' AND lease_until <= ?1 ORDER BY lease_until, id LIMIT ?2",
        args![now, limit],
    )?
    .iter()
    .map(matter)
    .collect()
}

/// When the next held offer's SMS goes out after `now`, as far as its hour is known.
pub fn next_invited_at(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    tx.one(
        "SELECT MIN(q.due_at) FROM (SELECT due_at FROM matter
           WHERE state = 'held' AND reason = 'sms_not_received' AND due_at > 0 AND due_at > ?1
           ORDER BY due_at, id LIMIT 1) q",
        args![now],
    )?
    .opt_time(0)
}

/// Returns offers to the queue whose SMS has been sent by now, at most `limit`; how many.
pub fn release_invited(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let released = tx.execute(
        "UPDATE matter SET state = 'waiting', reason = NULL WHERE id IN
           (SELECT id FROM matter WHERE state = 'held' AND reason = 'sms_not_received' AND due_at > 0 AND due_at <= ?1
            ORDER BY due_at, id LIMIT ?2) AND state = 'held' AND reason = 'sms_not_received'",
        args![now, limit],
    )?;
    count_move(tx, Purpose::Offer, MatterState::Held, MatterState::Waiting, released as i64);
    Ok(released)
}

/// Returns every offer to the queue that waits for its SMS, at most `limit`: the campaign asks for none. How many.
pub fn release_uninvited(tx: &mut Tx<'_>, limit: i64) -> Result<u64, StoreError> {
    let released = tx.execute(
        "UPDATE matter SET state = 'waiting', reason = NULL, due_at = 0 WHERE id IN
           (SELECT id FROM matter WHERE purpose = 1 AND state = 'held' AND reason = 'sms_not_received'
            ORDER BY id LIMIT ?1) AND state = 'held' AND reason = 'sms_not_received'",
        args![limit],
    )?;
    count_move(tx, Purpose::Offer, MatterState::Held, MatterState::Waiting, released as i64);
    Ok(released)
}

fn count_move(tx: &mut Tx<'_>, purpose: Purpose, from: MatterState, to: MatterState, matters: i64) {
    if from != to {
        tx.count(counter::matter(purpose, from), -matters);
        tx.count(counter::matter(purpose, to), matters);
    }
}
