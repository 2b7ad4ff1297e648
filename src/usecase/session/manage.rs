//! Lists and ends sessions, lets a newer session take over, and sends broadcasts.

use super::super::command::{Broadcast, SessionRef};
use super::super::ctx::{Ctx, Done, check_manages};
use super::super::error::Error;
use super::super::model::session::{SessionLine, SessionState};
use super::super::receipt::Receipt;
use crate::domain::actor::AgentState;
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::session::{EndedBy, LOST_MS, Presence, SessionId};
use crate::domain::ssh_key::Fingerprint;
use crate::domain::text::clean;
use crate::domain::time::Timestamp;
use crate::store::session::SessionRow;
use crate::store::{Topics, Tx, broadcast, session as session_rows};

/// A session without a key press for this long is idle, in milliseconds.
pub(super) const IDLE_MS: i64 = 5 * 60 * 1000;
/// Longest broadcast, in characters as people count them.
pub const MOST_TEXT: usize = 200;
/// How long a broadcast is kept, in milliseconds.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Whether a staff member has another live session.
pub(in crate::usecase) fn is_elsewhere(
    tx: &mut Tx<'_>,
    now: Timestamp,
    staff: &StaffId,
    but: &SessionId,
) -> Result<bool, Error> {
    Ok(session_rows::has_other(tx, staff, but, now.plus_ms(-LOST_MS))?)
}

/// Ends a session of a staff member whom the actor manages.
pub(in crate::usecase) fn end(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &SessionRef) -> Result<Done, Error> {
    let id = &input.session;
    let no_such = || Refusal::NoSuchRow { what: "session", id: id.to_string() };
    let (staff, role) = session_rows::find_owner(tx, id)?.ok_or_else(no_such)?;
    check_manages(ctx, role)?;
    if !session_rows::end(tx, id, EndedBy::Supervisor)? {
        return Err(no_such().into());
    }
    tx.touch(Topics::SESSIONS);
    Ok(Done::new(Receipt::SessionEnding {}, format!("session:{id}")).detail(format!("staff={staff}")))
}

/// Ends all other sessions of the actor.
pub(in crate::usecase) fn take_over(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &SessionRef,
) -> Result<Done, Error> {
    let id = &input.session;
    let staff = &ctx.actor.staff;
    if session_rows::find_owner(tx, id)?.is_none_or(|(owner, _)| owner != *staff) {
        return Err(Refusal::NoSuchRow { what: "session", id: id.to_string() }.into());
    }
    let sessions = session_rows::end_others(tx, staff, id, EndedBy::TakeOver)?;
    tx.touch(Topics::SESSIONS);
    let done = Done::new(Receipt::TakenOver { sessions }, format!("session:{id}"));
    Ok(done.detail(format!("sessions={sessions}")))
}

/// Sends a broadcast to all sessions. The audit log keeps that it was sent, not its text.
pub(in crate::usecase) fn broadcast(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &Broadcast,
) -> Result<Done, Error> {
    let text = clean(&input.text, MOST_TEXT + 1);
    let reason = match clean(&text, MOST_TEXT) {
        ref shorter if *shorter != text => Some("too_long"),
        ref whole if whole.is_empty() => Some("empty"),
        _ => None,
    };
    if let Some(reason) = reason {
        return Err(Refusal::FieldInvalid { field: "text", reason }.into());
    }
    broadcast::sweep(tx, ctx.now.plus_ms(-KEPT_MS))?;
    broadcast::insert(tx, &ctx.actor.staff, &text, ctx.now)?;
    tx.touch(Topics::SESSIONS);
    let detail = format!("characters={}", text.chars().count());
    Ok(Done::new(Receipt::Broadcast {}, "sessions").detail(detail))
}

/// The sessions of the staff whom the actor manages.
pub(in crate::usecase) fn list(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Vec<SessionLine>, Error> {
    let rows = session_rows::list(tx, None)?;
    Ok(rows
        .into_iter()
        .filter(|row| ctx.actor.role.manages(row.role) || row.presence.staff == ctx.actor.staff)
        .map(|row| line(row, ctx.now))
        .collect())
}

/// The actor's own sessions.
pub(in crate::usecase) fn own(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Vec<SessionLine>, Error> {
    let rows = session_rows::list(tx, Some(&ctx.actor.staff))?;
    Ok(rows.into_iter().map(|row| line(row, ctx.now)).collect())
}

fn line(row: SessionRow, now: Timestamp) -> SessionLine {
    let state = state(&row, now);
    let Presence { id, staff, entrance, origin, key, began_at, active_at, bytes, .. } = row.presence;
    SessionLine {
        id,
        staff,
        name: row.name,
        role: row.role,
        entrance,
        origin,
        key: key.as_ref().map(Fingerprint::to_string),
        since: began_at,
        active_at,
        state,
        received: bytes.0,
        sent: bytes.1,
        ended_by: row.ended_by,
    }
}

/// The state of a session, by what matters most.
fn state(row: &SessionRow, now: Timestamp) -> SessionState {
    let gone = |since: Timestamp| now.since(since);
    if gone(row.seen_at) > LOST_MS {
        SessionState::Lost
    } else if row.ended_by.is_some() {
        SessionState::Ending
    } else if row.lease_until.is_some_and(|until| now < until) {
        SessionState::OnCall
    } else if row.presence.locked {
        SessionState::Locked
    } else if row.state == AgentState::Paused {
        SessionState::Paused
    } else if gone(row.presence.active_at) > IDLE_MS {
        SessionState::Idle
    } else {
        SessionState::Ready
    }
}
