//! Counts the small tables: registrations, batches, cases, surveys, staff. At most a few rows per seat are read;
//! calls and customers are counted by [`super::counter`] and never scanned.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::actor::AgentState;
use crate::domain::actor::Role;
use crate::domain::case::CaseState;
use crate::domain::id::StaffId;
use crate::domain::registration::{HandOverState, RegistrationState};
use crate::domain::time::Timestamp;
use std::collections::BTreeMap;

/// Registrations and where they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Registrations {
    /// Holding a seat.
    pub seated: i64,
    /// Holding a seat and accepted by Vinmec.
    pub accepted: i64,
    /// On the waitlist.
    pub waitlisted: i64,
    /// Cancelled before Vinmec accepted them.
    pub cancelled: i64,
    /// Returned by Vinmec and not sent again.
    pub returned: i64,
    /// Since when the oldest seated one waits to be accepted.
    pub oldest_waiting: Option<Timestamp>,
}

/// Cases in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// How many.
    pub count: i64,
    /// Since when the longest of them.
    pub oldest: Option<Timestamp>,
}

/// A staff member at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffNow {
    /// Login name.
    pub id: StaffId,
    /// Name on screen.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
    /// The working state, apart from calls.
    pub state: AgentState,
    /// Whether they have the screens open.
    pub here: bool,
    /// Until when their open call is leased.
    pub lease_until: Option<Timestamp>,
}

/// Registrations by state, hand-over and way out.
pub fn registrations(tx: &mut Tx<'_>) -> Result<Registrations, StoreError> {
    let rows = tx.many(
        "SELECT state, hand_over, COUNT(*), MIN(seated_at) FROM registration
         WHERE taken_back_at IS NULL GROUP BY state, hand_over ORDER BY state, hand_over LIMIT 50",
        &[],
    )?;
    let mut found = Registrations::default();
    for row in &rows {
        let state = row.code(0, RegistrationState::parse)?;
        let (hand_over, count) = (row.code(1, HandOverState::parse)?, row.int(2)?);
        match (state, hand_over) {
            (RegistrationState::Registered, HandOverState::Accepted) => {
                found.seated += count;
                found.accepted += count;
            }
            (RegistrationState::Registered, hand_over) => {
                found.seated += count;
                found.returned += if hand_over == HandOverState::Returned { count } else { 0 };
                found.oldest_waiting = earlier(found.oldest_waiting, row.opt_time(3)?);
            }
            (RegistrationState::Waitlisted, _) => found.waitlisted += count,
            // Its case has ended, too, and is counted there.
            (RegistrationState::Cancelled, HandOverState::Accepted) => {}
            (RegistrationState::Cancelled, _) => found.cancelled += count,
        }
    }
    Ok(found)
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Cases by state, with the longest wait in each.
pub fn cases(tx: &mut Tx<'_>) -> Result<BTreeMap<CaseState, Waiting>, StoreError> {
    tx.many("SELECT state, COUNT(*), MIN(since) FROM care_case GROUP BY state ORDER BY state LIMIT 20", &[])?
        .iter()
        .map(|row| {
            Ok((row.code(0, CaseState::parse)?, Waiting { count: row.int(1)?, oldest: row.opt_time(2)? }))
        })
        .collect()
}

/// Batch rows that Vinmec has not settled.
pub fn unacknowledged(tx: &mut Tx<'_>) -> Result<Waiting, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*), MIN(b.sent_at) FROM batch_row r JOIN batch b ON b.id = r.batch WHERE r.state = 'sent'",
        &[],
    )?;
    Ok(Waiting { count: row.int(0)?, oldest: row.opt_time(1)? })
}

/// Surveys that wait for their call.
pub fn due_surveys(tx: &mut Tx<'_>) -> Result<Waiting, StoreError> {
    let row = tx.one("SELECT COUNT(*), MIN(due_at) FROM survey WHERE state = 'due'", &[])?;
    Ok(Waiting { count: row.int(0)?, oldest: row.opt_time(1)? })
}

/// Consultations that were longer than the programme allows.
pub fn count_over_limit(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one("SELECT COUNT(*) FROM appointment WHERE over_minutes > 0", &[])?.int(0)
}

/// Registrations on which 9090's rows and Vinmec's differ, with what differs, at most 50: accepted without a case,
/// a case that was never accepted, an open case of a registration that ended.
pub fn differences(tx: &mut Tx<'_>) -> Result<Vec<(i64, String)>, StoreError> {
    tx.many(
        "SELECT r.id AS registration, 'case_missing' AS difference
         FROM registration r LEFT JOIN care_case c ON c.registration = r.id
         WHERE r.hand_over = 'accepted' AND c.id IS NULL
         UNION ALL
         SELECT c.registration, 'not_accepted'
         FROM care_case c LEFT JOIN batch_row b
           ON b.registration = c.registration AND b.state = 'accepted' AND b.state <> 'returned'
         WHERE b.batch IS NULL
         UNION ALL
         SELECT c.registration, 'case_open'
         FROM care_case c JOIN registration r ON r.id = c.registration
         WHERE r.state <> 'registered' AND c.state NOT IN ('withdrawn', 'diverted_115', 'unreachable', 'consulted')
         UNION ALL
         SELECT c.registration, 'case_ended'
         FROM care_case c JOIN registration r ON r.id = c.registration
         WHERE r.state = 'registered' AND c.state IN ('withdrawn', 'diverted_115')
           AND NOT EXISTS (SELECT 1 FROM seat_release s WHERE s.registration = r.id)
         ORDER BY 1, 2 LIMIT 50",
        &[],
    )?
    .iter()
    .map(|row| Ok((row.int(0)?, row.text(1)?)))
    .collect()
}

/// All staff with the call they have open, by login name, at most 10 000.
pub fn staff_now(tx: &mut Tx<'_>) -> Result<Vec<StaffNow>, StoreError> {
    tx.many(
        "SELECT s.id, s.name, s.role, s.active, s.state, m.lease_until,
           CASE WHEN EXISTS (SELECT 1 FROM session o WHERE o.staff = s.id) THEN 1 ELSE 0 END
         FROM staff s LEFT JOIN matter m ON m.lease_staff = s.id AND m.state = 'leased'
         ORDER BY s.id LIMIT ?1",
        args![10_000],
    )?
    .iter()
    .map(|row| {
        Ok(StaffNow {
            id: StaffId(row.text(0)?),
            name: row.text(1)?,
            role: row.code(2, Role::parse)?,
            active: row.flag(3)?,
            state: row.code(4, AgentState::parse)?,
            lease_until: row.opt_time(5)?,
            here: row.flag(6)?,
        })
    })
    .collect()
}
