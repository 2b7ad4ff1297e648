//! Rows of sessions: one for each set of screens that is open, on any host of the store.
//!
//! Invariant: a row lives as long as its session, or until its process has sent no heartbeat for too long.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::actor::AgentState;
use crate::domain::actor::Role;
use crate::domain::id::StaffId;
use crate::domain::session::{EndedBy, Entrance, Presence, SessionId};
use crate::domain::ssh_key::Fingerprint;
use crate::domain::time::Timestamp;

/// Sessions in one answer.
const MOST: i64 = 5_000;

/// A session with the state of its staff member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// What its process reports of it.
    pub presence: Presence,
    /// The last heartbeat of its process.
    pub seen_at: Timestamp,
    /// Who ordered it to end.
    pub ended_by: Option<EndedBy>,
    /// The staff member's name.
    pub name: String,
    /// The staff member's role.
    pub role: Role,
    /// The staff member's working state, apart from calls.
    pub state: AgentState,
    /// The end of the lease that the staff member holds.
    pub lease_until: Option<Timestamp>,
}

/// A count of bytes as the store keeps it.
fn stored(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn counted(row: &Row, column: usize) -> Result<u64, StoreError> {
    Ok(u64::try_from(row.int(column)?).unwrap_or_default())
}

/// Inserts a session. On a simulated store another staff member may continue it: it keeps its id.
pub fn upsert(tx: &mut Tx<'_>, process: &str, session: &Presence, now: Timestamp) -> Result<(), StoreError> {
    let Presence { id, staff, entrance, origin, key, began_at, active_at, locked, bytes } = session;
    tx.execute(
        "INSERT INTO session (id, process, staff, entrance, origin, fingerprint, began_at, seen_at, active_at, locked,
                              received, sent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (id) DO UPDATE SET staff = excluded.staff, seen_at = excluded.seen_at,
           active_at = excluded.active_at, ended_by = NULL",
        args![
            id.as_str(),
            process,
            staff,
            entrance.code(),
            origin,
            key.as_ref().map(Fingerprint::as_str),
            *began_at,
            now,
            *active_at,
            *locked,
            stored(bytes.0),
            stored(bytes.1)
        ],
    )?;
    Ok(())
}

/// The sessions of a process, by id, and who ordered them to end; at most 5 000.
pub fn list_of_process(
    tx: &mut Tx<'_>,
    process: &str,
) -> Result<Vec<(SessionId, Option<EndedBy>)>, StoreError> {
    tx.many("SELECT id, ended_by FROM session WHERE process = ?1 ORDER BY id LIMIT ?2", args![process, MOST])?
        .iter()
        .map(|row| Ok((SessionId(row.text(0)?), row.opt_code(1, EndedBy::parse)?)))
        .collect()
}

/// Writes the heartbeat of a session with its changed state.
pub fn update(tx: &mut Tx<'_>, session: &Presence, now: Timestamp) -> Result<(), StoreError> {
    let (received, sent) = session.bytes;
    tx.execute_later(
        "UPDATE session SET seen_at = ?2, active_at = ?3, locked = ?4, received = ?5, sent = ?6 WHERE id = ?1",
        args![session.id.as_str(), now, session.active_at, session.locked, stored(received), stored(sent)],
    )
}

/// Deletes a session; false when it does not exist any more.
pub fn delete(tx: &mut Tx<'_>, id: &SessionId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM session WHERE id = ?1", args![id.as_str()])? == 1)
}

/// Orders a session to end; false when it does not exist. The first order stays.
pub fn end(tx: &mut Tx<'_>, id: &SessionId, by: EndedBy) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE session SET ended_by = COALESCE(ended_by, ?2) WHERE id = ?1",
        args![id.as_str(), by.code()],
    )?;
    Ok(changed == 1)
}

/// Orders every session of a staff member but one to end; returns how many.
pub fn end_others(tx: &mut Tx<'_>, staff: &StaffId, but: &SessionId, by: EndedBy) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE session SET ended_by = COALESCE(ended_by, ?3) WHERE staff = ?1 AND id <> ?2",
        args![staff, but.as_str(), by.code()],
    )
}

/// Orders every session of a staff member to end; returns how many.
pub fn end_all(tx: &mut Tx<'_>, staff: &StaffId, by: EndedBy) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE session SET ended_by = COALESCE(ended_by, ?2) WHERE staff = ?1",
        args![staff, by.code()],
    )
}

/// Whether a staff member has a session besides `but` with a heartbeat at `from` or later.
pub fn has_other(
    tx: &mut Tx<'_>,
    staff: &StaffId,
    but: &SessionId,
    from: Timestamp,
) -> Result<bool, StoreError> {
    let other = tx.optional(
        "SELECT 1 FROM session WHERE staff = ?1 AND id <> ?2 AND seen_at >= ?3 AND ended_by IS NULL LIMIT 1",
        args![staff, but.as_str(), from],
    )?;
    Ok(other.is_some())
}

/// Sessions without a heartbeat since `before`, and those of the ended process `gone`, oldest first, to be expired:
/// id, staff member, last heartbeat. Those that another transaction is expiring are left out.
pub fn list_lost(
    tx: &mut Tx<'_>,
    before: Timestamp,
    gone: Option<&str>,
    limit: i64,
) -> Result<Vec<(SessionId, StaffId, Timestamp)>, StoreError> {
    tx.many(
        "SELECT id, staff, seen_at FROM session WHERE seen_at < ?1 OR process = ?2 ORDER BY seen_at, id LIMIT ?3
         FOR NO KEY UPDATE SKIP LOCKED",
        args![before, gone.unwrap_or_default(), limit],
    )?
    .iter()
    .map(|row| Ok((SessionId(row.text(0)?), StaffId(row.text(1)?), row.time(2)?)))
    .collect()
}

/// A session's staff member and their role.
pub fn find_owner(tx: &mut Tx<'_>, id: &SessionId) -> Result<Option<(StaffId, Role)>, StoreError> {
    tx.optional(
        "SELECT x.staff, s.role FROM session x JOIN staff s ON s.id = x.staff WHERE x.id = ?1",
        args![id.as_str()],
    )?
    .map(|row| Ok((StaffId(row.text(0)?), row.code(1, Role::parse)?)))
    .transpose()
}

/// The sessions of one or all staff members, by login name and beginning, at most 5 000.
pub fn list(tx: &mut Tx<'_>, staff: Option<&StaffId>) -> Result<Vec<SessionRow>, StoreError> {
    let of = staff.map_or("", StaffId::as_str);
    tx.many(
        "SELECT x.id, x.staff, x.entrance, x.origin, x.fingerprint, x.began_at, x.active_at, x.locked, x.received,
                x.sent, x.seen_at, x.ended_by, s.name, s.role, s.state, m.lease_until
         FROM session x JOIN staff s ON s.id = x.staff
         LEFT JOIN matter m ON m.lease_staff = x.staff AND m.state = 'leased'
         WHERE ?1 = '' OR x.staff = ?1 ORDER BY x.staff, x.id LIMIT ?2",
        args![of, MOST],
    )?
    .iter()
    .map(session)
    .collect()
}

fn session(row: &Row) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        presence: Presence {
            id: SessionId(row.text(0)?),
            staff: StaffId(row.text(1)?),
            entrance: row.code(2, Entrance::parse)?,
            origin: row.text(3)?,
            key: row.opt_code(4, |text| Fingerprint::parse(text).ok())?,
            began_at: row.time(5)?,
            active_at: row.time(6)?,
            locked: row.flag(7)?,
            bytes: (counted(row, 8)?, counted(row, 9)?),
        },
        seen_at: row.time(10)?,
        ended_by: row.opt_code(11, EndedBy::parse)?,
        name: row.text(12)?,
        role: row.code(13, Role::parse)?,
        state: row.code(14, AgentState::parse)?,
        lease_until: row.opt_time(15)?,
    })
}
