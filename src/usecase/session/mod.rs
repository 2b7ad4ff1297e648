//! Keeps the open sessions as rows: inserted when a session begins, updated with every heartbeat of its process,
//! deleted when it ends. Supervisors see and end sessions and send broadcasts; a newer session of a staff member may
//! take over.
//!
//! Invariants:
//! - the beginning and the end of a session are in the audit log;
//! - the sessions of a process that died are expired by the heartbeats of others, and their open calls are released
//!   within two minutes of its last heartbeat;
//! - a role that manages a staff member may end their sessions, and no other role may;
//! - orders and broadcasts reach a session through the store, on any host.
//!
//! Deliberately absent: refused logins (any client can cause them, so they are in the log and the counters, not in the
//! audit log), and the content of screens.

mod manage;
#[cfg(test)]
mod tests;

pub use manage::MOST_TEXT;
pub(super) use manage::{broadcast, end, is_elsewhere, list, own, take_over};

use super::command::LineLost;
use super::ctx::{Signer, When, actor, append, settle_time};
use super::door::Door;
use super::error::Error;
use super::outbound;
use super::seat_release::release_due;
use crate::domain::id::StaffId;
use crate::domain::session::{EndedBy, LOST_MS, Presence, SessionId};
use crate::domain::time::Timestamp;
pub use crate::store::broadcast::BroadcastRow;
use crate::store::{Topics, Tx, broadcast as broadcast_rows, seat_release, session as session_rows};
use std::collections::HashMap;

/// How far back a process reads broadcasts: longer than clocks differ and change reports take.
const BROADCAST_MS: i64 = 5 * 60 * 1000;
/// Lost sessions that are expired in one transaction.
const EXPIRED_AT_ONCE: i64 = 100;
/// Such transactions of one heartbeat beside its own: all sessions of a host may be lost at once.
const MOST_ROUNDS: usize = 50;

/// The orders of the store for the sessions of a process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Orders {
    /// Sessions that must end.
    pub ended: Vec<(SessionId, EndedBy)>,
    /// Recent broadcasts, oldest first; a process shows each once, in sessions older than it.
    pub broadcasts: Vec<BroadcastRow>,
}

impl Door {
    /// Inserts a session of `process` (a ULID of its own). Durable when it returns. A second call for another staff
    /// member hands the session on.
    pub fn begin_session(&self, now: Timestamp, process: &str, session: &Presence) -> Result<(), Error> {
        let (process, session) = (process.to_owned(), session.clone());
        self.in_session(now, move |tx, now, os_user| begin(tx, now, os_user, &process, &session))
    }

    /// Deletes a session that ended because of `why` (a public code). Does nothing when the row is gone.
    pub fn leave_session(
        &self,
        now: Timestamp,
        session: &SessionId,
        staff: &StaffId,
        why: &'static str,
    ) -> Result<(), Error> {
        let (id, staff) = (session.clone(), staff.clone());
        self.in_session(now, move |tx, now, os_user| {
            if session_rows::delete(tx, &id)? {
                tx.touch(Topics::SESSIONS);
                note_end(tx, now, os_user, &id, &staff, why)?;
            }
            Ok(())
        })
    }

    /// Takes the heartbeat of `process` with its sessions: updates their rows, inserts a missing one again, and expires
    /// sessions without a heartbeat. Kept seats whose time is over are given on. Returns the orders for the sessions of
    /// the process.
    pub fn beat(&self, now: Timestamp, process: &str, here: Vec<Presence>) -> Result<Orders, Error> {
        self.beat_of_those(now, process, here, |_| true)
    }

    /// The same for sessions that may end meanwhile: `is_here` returns false for a session that has begun to leave.
    /// Such a session is not inserted again; it begins to leave before it calls [`Door::leave_session`].
    pub fn beat_of_those(
        &self,
        now: Timestamp,
        process: &str,
        here: Vec<Presence>,
        is_here: impl Fn(&SessionId) -> bool + Send + 'static,
    ) -> Result<Orders, Error> {
        let (owner, campaign) = (process.to_owned(), self.campaign().clone());
        let (unwelcome, mut more) = self.in_session(now, move |tx, now, os_user| {
            let known: HashMap<SessionId, Option<EndedBy>> =
                session_rows::list_of_process(tx, &owner)?.into_iter().collect();
            let mut unwelcome = Vec::new();
            for session in &here {
                if known.contains_key(&session.id) {
                    session_rows::update(tx, session, now)?;
                    continue;
                }
                if !is_here(&session.id) {
                    continue;
                }
                match begin(tx, now, os_user, &owner, session) {
                    Err(Error::Refused(_)) => unwelcome.push((session.id.clone(), EndedBy::Revoked)),
                    outcome => outcome?,
                }
            }
            if seat_release::is_any_due(tx, now)? {
                release_due(tx, &campaign, now, os_user)?;
            }
            Ok((unwelcome, expire(tx, now, os_user, None)?))
        })?;
        for _ in 0..MOST_ROUNDS {
            if !more {
                break;
            }
            more = self.in_session(now, |tx, now, os_user| expire(tx, now, os_user, None))?;
        }
        let mut orders = self.orders(now, process)?;
        orders.ended.extend(unwelcome);
        Ok(orders)
    }

    /// Expires the sessions of a process that the caller knows to be gone, without waiting for missing heartbeats.
    pub fn expire_process(&self, now: Timestamp, process: &str) -> Result<(), Error> {
        for _ in 0..MOST_ROUNDS {
            let gone = process.to_owned();
            if !self.in_session(now, move |tx, now, os_user| expire(tx, now, os_user, Some(&gone)))? {
                break;
            }
        }
        Ok(())
    }

    /// Reads the orders for the sessions of `process`.
    pub fn orders(&self, now: Timestamp, process: &str) -> Result<Orders, Error> {
        let process = process.to_owned();
        self.store().read(move |tx| {
            let ended = session_rows::list_of_process(tx, &process)?
                .into_iter()
                .filter_map(|(id, by)| Some((id, by?)))
                .collect();
            Ok(Orders { ended, broadcasts: broadcast_rows::list(tx, now.plus_ms(-BROADCAST_MS))? })
        })
    }

    /// Runs one transaction of a session, at a time that never goes back on a simulated store.
    fn in_session<T: Send + 'static>(
        &self,
        now: Timestamp,
        act: impl FnOnce(&mut Tx<'_>, Timestamp, &str) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (campaign, simulated) = (self.campaign(), self.simulated());
        let os_user = self.os_user().to_owned();
        self.store().write(move |tx| {
            let when = When::Now(now);
            let now = settle_time(tx, &campaign, simulated, when)?;
            act(tx, now, &os_user)
        })
    }
}

fn begin(
    tx: &mut Tx<'_>,
    now: Timestamp,
    os_user: &str,
    process: &str,
    session: &Presence,
) -> Result<(), Error> {
    let Presence { id, staff, entrance, origin, .. } = session;
    // A staff member who may not sign in any more has no session either.
    actor(tx, staff)?;
    match session_rows::find_owner(tx, id)? {
        // A heartbeat was faster than the session itself.
        Some((owner, _)) if owner == *staff => return Ok(session_rows::update(tx, session, now)?),
        Some((owner, _)) => note_end(tx, now, os_user, id, &owner, "handed_on")?,
        None => {}
    }
    session_rows::upsert(tx, process, session, now)?;
    tx.touch(Topics::SESSIONS);
    let detail = format!("entrance={} from={origin}", entrance.code());
    append(tx, Signer { at: now, staff, os_user }, "session_start", format!("session:{id}"), detail)
}

fn note_end(
    tx: &mut Tx<'_>,
    now: Timestamp,
    os_user: &str,
    id: &SessionId,
    staff: &StaffId,
    why: &str,
) -> Result<(), Error> {
    append(
        tx,
        Signer { at: now, staff, os_user },
        "session_end",
        format!("session:{id}"),
        format!("why={why}"),
    )
}

/// Deletes the sessions of processes that died and releases their open calls. Returns whether there may be more.
fn expire(tx: &mut Tx<'_>, now: Timestamp, os_user: &str, gone: Option<&str>) -> Result<bool, Error> {
    let lost = session_rows::list_lost(tx, now.plus_ms(-LOST_MS), gone, EXPIRED_AT_ONCE)?;
    let more = i64::try_from(lost.len()).is_ok_and(|count| count == EXPIRED_AT_ONCE);
    for (id, staff, seen_at) in lost {
        // Before the row is deleted, so that it is not taken for another session of its staff member.
        cut_short(tx, now, &staff, seen_at, &id)?;
        session_rows::delete(tx, &id)?;
        note_end(tx, now, os_user, &id, &staff, "lost")?;
        tx.touch(Topics::SESSIONS);
    }
    Ok(more)
}

/// Shortens the lease of a staff member whose session is gone, unless they have another session.
fn cut_short(
    tx: &mut Tx<'_>,
    now: Timestamp,
    staff: &StaffId,
    heard_at: Timestamp,
    session: &SessionId,
) -> Result<(), Error> {
    outbound::cut_short(tx, now, staff, &LineLost { heard_at, session: Some(session.clone()) }).map(drop)
}
