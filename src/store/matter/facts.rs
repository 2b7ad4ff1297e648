//! Loads a matter with all facts of the contact rules by one statement, and finds the next candidate of a queue,
//! locked for the agent.
//!
//! Invariant: a candidate that another transaction has locked is skipped, so that concurrent claims neither wait for
//! each other nor get the same one.

use super::super::{Row, StoreError, Tx, agreement};
use super::{MatterRow, matter};
use crate::args;
use crate::domain::calendar::DayPart;
use crate::domain::contact::{
    ContactFacts, DoNotCallFlags, Lease, MatterState, Promise, Purpose, SeatsAndWaitlist, day_part_bit,
    opt_out_against,
};
use crate::domain::id::{MatterId, RegistrationId, StaffId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use std::fmt;

/// A matter as the contact rules see it.
#[derive(Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The row.
    pub matter: MatterRow,
    /// The customer's number.
    pub phone: PhoneNumber,
    /// The customer's name.
    pub name: String,
    /// The customer's registration, in whatever state.
    pub registration: Option<RegistrationId>,
    /// The facts of the rules; the use case sets `agent`.
    pub facts: ContactFacts,
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").field("matter", &self.matter.id).finish_non_exhaustive()
    }
}

/// Reads a row of [`find_loaded`]; the agreements, which few customers have, are read by a statement of their own.
fn loaded(tx: &mut Tx<'_>, row: &Row, now: Timestamp) -> Result<Loaded, StoreError> {
    let mut loaded = loaded_row(row)?;
    if row.flag(22)? {
        loaded.facts.agreements = agreement::list_good(tx, loaded.matter.customer, now)?;
    }
    Ok(loaded)
}

fn loaded_row(row: &Row) -> Result<Loaded, StoreError> {
    let matter = matter(row)?;
    let opted_out_voice_at = opt_out_against(matter.purpose, row.opt_time(18)?, row.opt_time(27)?);
    let facts = ContactFacts {
        purpose: matter.purpose,
        state: matter.state,
        due_at: matter.due_at,
        attempts: matter.attempts,
        last_rang_at: matter.last_rang_at,
        promise: matter
            .callback_at
            .filter(|_| matches!(matter.state, MatterState::Promised | MatterState::Leased))
            .map(|at| Promise { at, owner: matter.callback_for.clone() }),
        agreements: Vec::new(),
        sms_sent_at: row.opt_time(23)?,
        seats: SeatsAndWaitlist { quota: row.int(29)?, taken: row.int(30)?, waitlisted: row.int(31)? },
        dnc: DoNotCallFlags { voice: row.flag(20)?, sms: row.flag(21)? },
        dnc_as_of: row.opt_code(24, |day| day.parse().ok())?,
        opted_out_voice_at,
        opted_out_sms_at: row.opt_time(19)?,
        opt_in_evidence: row.flag(25)?,
        lease: match (&matter.lease_staff, matter.lease_until) {
            (Some(holder), Some(until)) => Some(Lease { holder: holder.clone(), until }),
            _ => None,
        },
        agent: None,
    };
    Ok(Loaded {
        phone: row.phone(16)?,
        name: row.text(17)?,
        registration: row.opt_int(26)?.map(RegistrationId),
        facts,
        matter,
    })
}

/// A matter with its facts at `now`, unless its list is still loading.
pub fn find_loaded(tx: &mut Tx<'_>, id: MatterId, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
    tx.optional(
        "SELECT m.id, m.customer, m.purpose, m.list, m.state, m.reason, m.due_at, m.attempts, m.day_parts,
           m.last_rang_at, m.callback_at, m.callback_for, m.lease_staff, m.leased_at, m.lease_until, m.avoid_staff,
           c.phone, c.name, o.voice_at, o.sms_at, COALESCE(d.voice, 0), COALESCE(d.sms, 0),
           CASE WHEN EXISTS (SELECT 1 FROM agreement x WHERE x.customer = c.id AND x.until_at >= ?1)
                THEN 1 ELSE 0 END,
           c.sms_sent_at, p.dnc_as_of,
           CASE WHEN COALESCE(ml.evidence, '') <> '' OR COALESCE(cl.evidence, '') <> '' THEN 1 ELSE 0 END,
           r.id, r.at, m.id, p.quota, p.taken, p.waitlisted
         FROM matter m
         JOIN customer c ON c.id = m.customer
         JOIN campaign p ON p.id = 1
         LEFT JOIN list ml ON ml.id = m.list
         LEFT JOIN list cl ON cl.id = c.list
         LEFT JOIN opt_out o ON o.phone = c.phone
         LEFT JOIN do_not_call d ON d.phone = c.phone
         LEFT JOIN registration r ON r.customer = c.id AND r.taken_back_at IS NULL
         WHERE m.id = ?2 AND (ml.id IS NULL OR ml.state = 'active')",
        args![now, id],
    )?
    .map(|row| loaded(tx, &row, now))
    .transpose()
}

/// A possible next candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Candidate {
    /// A promise; the agent's own come first, then the oldest.
    Promise { is_others: bool, at: i64, matter: i64 },
    /// A retry in a part of the day that was not tried; the longest due comes first.
    Retry { due_at: i64, matter: i64 },
    /// The head of a list; the longest due comes first.
    Head { due_at: i64, matter: i64, list: i64 },
}

/// The promise to keep next: the agent's own first, then those without an agent, then those of others that are open
/// to all (promised before `open_to_all`). Looks at the 500 oldest that are due.
pub fn next_promise(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    agent: &StaffId,
    now: Timestamp,
    open_to_all: Timestamp,
) -> Result<Option<MatterId>, StoreError> {
    let rows = tx.many(
        "SELECT 0, CASE WHEN q.callback_for = ?3 THEN 0 ELSE 1 END, q.callback_at, q.id, 0
         FROM (SELECT id, callback_at, callback_for FROM matter
           WHERE purpose = ?2 AND state = 'promised' AND callback_at <= ?1 AND due_at <= ?1
             AND (avoid_staff IS NULL OR avoid_staff <> ?3)
           ORDER BY callback_at, id LIMIT 500) q
         WHERE q.callback_for = ?3 OR q.callback_for IS NULL OR q.callback_at <= ?4",
        args![now, purpose.index(), agent, open_to_all],
    )?;
    first_free(tx, candidates(&rows)?, agent, now, open_to_all)
}

/// The offer to make next: a promise as [`next_promise`] finds it; a retry that is due in a part of the day that was not
/// tried before (among the 500 that have been due longest), so that retries do not wait behind customers who were never
/// called; or the customer who has been due longest over all active lists (at most 10 000 of them).
pub fn next_offer(
    tx: &mut Tx<'_>,
    agent: &StaffId,
    now: Timestamp,
    open_to_all: Timestamp,
) -> Result<Option<MatterId>, StoreError> {
    // One index look-up per list. The few candidates are compared here: sorting them in SQL costs more than finding
    // them.
    let rows = tx.many(
        "SELECT 0, CASE WHEN q.callback_for = ?2 THEN 0 ELSE 1 END, q.callback_at, q.id, 0
         FROM (SELECT id, callback_at, callback_for FROM matter
           WHERE purpose = 1 AND state = 'promised' AND callback_at <= ?1 AND due_at <= ?1
             AND (avoid_staff IS NULL OR avoid_staff <> ?2)
           ORDER BY callback_at, id LIMIT 500) q
         WHERE q.callback_for = ?2 OR q.callback_for IS NULL OR q.callback_at <= ?3
         UNION ALL
         SELECT 1, 1, r.due_at, r.id, 0 FROM (
           SELECT q.due_at, q.id FROM (SELECT id, due_at, day_parts FROM matter
             WHERE purpose = 1 AND state = 'waiting' AND attempts > 0 AND due_at <= ?1
             ORDER BY due_at, id LIMIT 500) q
           WHERE (q.day_parts & ?4) = 0 ORDER BY q.due_at, q.id LIMIT 8) r
         UNION ALL
         SELECT 2, 1, h.due_at, h.id, h.list FROM (
           SELECT q.due_at, q.id, l.id AS list FROM list l JOIN matter q ON q.id = (
             SELECT x.id FROM matter x
             WHERE x.purpose = 1 AND x.list = l.id AND x.state = 'waiting' AND x.due_at <= ?1
             ORDER BY x.due_at, x.id LIMIT 1)
           WHERE l.state = 'active' LIMIT 10000) h",
        args![now, agent, open_to_all, day_part_bit(DayPart::of(now))],
    )?;
    first_free(tx, candidates(&rows)?, agent, now, open_to_all)
}

fn candidates(rows: &[Row]) -> Result<Vec<Candidate>, StoreError> {
    let mut candidates = rows
        .iter()
        .map(|row| {
            let (at, matter) = (row.int(2)?, row.int(3)?);
            Ok(match row.int(0)? {
                0 => Candidate::Promise { is_others: row.flag(1)?, at, matter },
                1 => Candidate::Retry { due_at: at, matter },
                _ => Candidate::Head { due_at: at, matter, list: row.int(4)? },
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    candidates.sort_unstable();
    Ok(candidates)
}

/// Locks the first candidate that no other transaction has locked. After a list's head come others of the same list.
fn first_free(
    tx: &mut Tx<'_>,
    candidates: Vec<Candidate>,
    agent: &StaffId,
    now: Timestamp,
    open_to_all: Timestamp,
) -> Result<Option<MatterId>, StoreError> {
    for candidate in candidates {
        let locked = match candidate {
            Candidate::Promise { matter, .. } => tx.optional(
                "SELECT id FROM matter WHERE id = ?1 AND state = 'promised' AND callback_at <= ?2 AND due_at <= ?2
                   AND (callback_for = ?3 OR callback_for IS NULL OR callback_at <= ?4)
                 FOR NO KEY UPDATE SKIP LOCKED",
                args![matter, now, agent, open_to_all],
            )?,
            Candidate::Retry { matter, .. } => tx.optional(
                "SELECT id FROM matter WHERE id = ?1 AND state = 'waiting' AND due_at <= ?2
                 FOR NO KEY UPDATE SKIP LOCKED",
                args![matter, now],
            )?,
            Candidate::Head { list, .. } => tx.optional(
                "SELECT id FROM matter
                 WHERE purpose = 1 AND list = ?1 AND state = 'waiting' AND due_at <= ?2
                 ORDER BY due_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED",
                args![list, now],
            )?,
        };
        if let Some(row) = locked {
            return row.int(0).map(|id| Some(MatterId(id)));
        }
    }
    Ok(None)
}

/// The intake or survey call that has been due longest and that the agent may make; a retry in a part of the day that
/// was not tried before comes first.
pub fn next_waiting_service(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    agent: &StaffId,
    now: Timestamp,
) -> Result<Option<MatterId>, StoreError> {
    tx.optional(
        "SELECT id FROM matter
         WHERE purpose = ?2 AND list = 0 AND state = 'waiting' AND due_at <= ?1
           AND (avoid_staff IS NULL OR avoid_staff <> ?3)
         ORDER BY CASE WHEN attempts > 0 AND (day_parts & ?4) = 0 THEN 0 ELSE 1 END, due_at, id
         LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED",
        args![now, purpose.index(), agent, day_part_bit(DayPart::of(now))],
    )?
    .map(|row| row.int(0).map(MatterId))
    .transpose()
}
