//! Who has the screens open: laid down when a session begins, said again with every beat of its process, taken away
//! when it ends. Supervisors see and end sessions, tell everybody something; a person's newer session may take over.
//!
//! Invariants: a session's beginning and end stand in the audit trail; a process that died is noticed by the others'
//! beats, its sessions are buried and their open calls come free within two minutes of its last sign of life; who
//! may manage a person may end their sessions, and nobody else may. What a session is told reaches it by the store,
//! on whatever host it is.
//!
//! Deliberately absent: refused logins (anybody can cause them, so they stand in the log and the counts, not in the
//! trail), and what is on anybody's screen.

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
use crate::domain::id::StaffId;
use crate::domain::session::{EndedBy, LOST_MS, Presence, SessionId};
use crate::domain::time::Timestamp;
pub use crate::store::broadcast::BroadcastRow;
use crate::store::{Topics, Tx, broadcast as broadcast_rows, session as session_rows};
use std::collections::HashMap;

/// How far back a process looks for broadcasts that it has not heard: longer than clocks differ and news take.
const HEARD_MS: i64 = 5 * 60 * 1000;
/// Lost sessions that are buried in one transaction.
const BURIED: i64 = 100;
/// Such transactions of one beat beside its own: all that a host has may be lost at once.
const BURIALS: usize = 50;

/// What a process has to tell its sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Orders {
    /// Sessions that are to end.
    pub ended: Vec<(SessionId, EndedBy)>,
    /// What was said to everybody lately, oldest first; a process tells each once, to sessions older than it.
    pub said: Vec<BroadcastRow>,
}

impl Door {
    /// A session begins in `process` (a ULID of its own). Durable when it returns. Saying it again for another
    /// person hands the session on.
    pub fn begin_session(&self, now: Timestamp, process: &str, session: &Presence) -> Result<(), Error> {
        let (process, session) = (process.to_owned(), session.clone());
        self.in_session(now, move |tx, now, os_user| begin(tx, now, os_user, &process, &session))
    }

    /// A session ended, because of `why` (a public code). One that is gone already stays gone.
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

    /// `process` is there with these sessions; those whose row is gone are laid down again. Buries sessions that
    /// nobody says any more that they are there. What the process has to tell its sessions.
    pub fn beat(&self, now: Timestamp, process: &str, here: Vec<Presence>) -> Result<Orders, Error> {
        self.beat_of_those(now, process, here, |_| true)
    }

    /// The same for sessions that may end while it is under way: `is_here` says of one whether it has not begun to
    /// leave, and whoever leaves has said so before it goes through the door. Who left is not laid down again.
    pub fn beat_of_those(
        &self,
        now: Timestamp,
        process: &str,
        here: Vec<Presence>,
        is_here: impl Fn(&SessionId) -> bool + Send + 'static,
    ) -> Result<Orders, Error> {
        let owner = process.to_owned();
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
            Ok((unwelcome, bury(tx, now, os_user, None)?))
        })?;
        for _ in 0..BURIALS {
            if !more {
                break;
            }
            more = self.in_session(now, |tx, now, os_user| bury(tx, now, os_user, None))?;
        }
        let mut orders = self.orders(now, process)?;
        orders.ended.extend(unwelcome);
        Ok(orders)
    }

    /// Takes away the sessions of a process that the caller knows to be gone, without waiting for its silence.
    pub fn bury_process(&self, now: Timestamp, process: &str) -> Result<(), Error> {
        for _ in 0..BURIALS {
            let gone = process.to_owned();
            if !self.in_session(now, move |tx, now, os_user| bury(tx, now, os_user, Some(&gone)))? {
                break;
            }
        }
        Ok(())
    }

    /// What `process` has to tell its sessions.
    pub fn orders(&self, now: Timestamp, process: &str) -> Result<Orders, Error> {
        let process = process.to_owned();
        self.store().read(move |tx| {
            let ended = session_rows::list_of_process(tx, &process)?
                .into_iter()
                .filter_map(|(id, by)| Some((id, by?)))
                .collect();
            Ok(Orders { ended, said: broadcast_rows::list(tx, now.plus_ms(-HEARD_MS))? })
        })
    }

    /// One transaction of a session, at a time that on a simulated store never goes back.
    fn in_session<T: Send + 'static>(
        &self,
        now: Timestamp,
        act: impl FnOnce(&mut Tx<'_>, Timestamp, &str) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (campaign, simulated) = (self.campaign().clone(), self.simulated());
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
    // Somebody who may not sign in any more has no session either.
    actor(tx, staff)?;
    match session_rows::find_owner(tx, id)? {
        // A beat was faster than the session itself.
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

/// Takes away sessions of processes that died; the calls that were open in them come free. Whether there may be more.
fn bury(tx: &mut Tx<'_>, now: Timestamp, os_user: &str, gone: Option<&str>) -> Result<bool, Error> {
    let lost = session_rows::list_lost(tx, now.plus_ms(-LOST_MS), gone, BURIED)?;
    let more = i64::try_from(lost.len()).is_ok_and(|count| count == BURIED);
    for (id, staff, seen_at) in lost {
        // Before the row goes, so that it is not its own person's other session.
        cut_short(tx, now, &staff, seen_at, &id)?;
        session_rows::delete(tx, &id)?;
        note_end(tx, now, os_user, &id, &staff, "lost")?;
        tx.touch(Topics::SESSIONS);
    }
    Ok(more)
}

/// The lease of somebody whose session is gone, unless they sit elsewhere.
fn cut_short(
    tx: &mut Tx<'_>,
    now: Timestamp,
    staff: &StaffId,
    heard_at: Timestamp,
    session: &SessionId,
) -> Result<(), Error> {
    outbound::cut_short(tx, now, staff, &LineLost { heard_at, session: Some(session.clone()) }).map(drop)
}
