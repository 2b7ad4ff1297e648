//! Settles leases that ran out. Whether the telephone rang is a fact of the network that nobody reported: the lease
//! counts as an attempt that rang (T3), whose result is not known. The agent who held it may still record it
//! ([`super::late`]).
//!
//! Invariants:
//! - the next attempt is planned from the ring, whenever the lease is settled;
//! - a promise that was missed stays on the list of promises and is due as the retry plan says; after the last attempt it
//!   is a task, for the customer waits for that call.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::task::{self, NewTask};
use super::attempt::{attempted, settled_after_attempt};
use super::settle::{CallEnd, settle};
use crate::domain::contact::{ContactLimits, MatterState, Promise};
use crate::domain::disposition::Disposition;
use crate::domain::id::CallId;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::time::Timestamp;
use crate::store::matter::{Loaded, MatterRow};
use crate::store::{StoreError, Tx};

/// Ends a lease without a result, `at` its end (or the earlier moment at which its holder gave up the matter).
pub(super) fn expire(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: &MatterRow,
    at: Timestamp,
    limits: &ContactLimits,
) -> Result<CallId, Error> {
    let Some(holder) = &row.lease_staff else {
        return Err(StoreError::internal("a lease without its holder").into());
    };
    let tried = attempted(at, row, Disposition::NotRecorded);
    let to = after_expiry(&tried, at, limits);
    let ended = CallEnd {
        disposition: Disposition::NotRecorded,
        talk_seconds: 0,
        note: None,
        callback_at: None,
        recording: false,
        by: holder,
        started_at: row.leased_at.unwrap_or(at),
        ended_at: at,
        late_at: None,
    };
    let call = settle(tx, ctx, row, &to, &ended)?;
    if row.callback_at.is_some() && to.state == MatterState::Closed {
        let about = TaskAbout::Matter(row.id);
        task::open(tx, ctx, &NewTask { kind: TaskKind::LateResult, about, note: None, due_at: None })?;
    }
    Ok(call)
}

/// Shows a matter whose lease ran out as the next claim will find it: with the attempt that the lease left.
pub(in crate::usecase) fn show_settled(loaded: &mut Loaded, limits: &ContactLimits, now: Timestamp) {
    if let Some(row) = settled(&loaded.matter, limits, now) {
        loaded.facts.state = row.state;
        loaded.facts.due_at = row.due_at;
        loaded.facts.attempts = row.attempts;
        loaded.facts.last_rang_at = row.last_rang_at;
        loaded.facts.promise = row.callback_at.map(|at| Promise { at, owner: row.callback_for.clone() });
        loaded.facts.lease = None;
        loaded.matter = row;
    }
}

/// The matter as the next claim will settle it; none when no lease of it ran out.
pub(in crate::usecase) fn settled(
    row: &MatterRow,
    limits: &ContactLimits,
    now: Timestamp,
) -> Option<MatterRow> {
    let ran_out = row.state == MatterState::Leased && row.lease_until.is_some_and(|until| until <= now);
    let at = ended_at(row, now);
    ran_out.then(|| after_expiry(&attempted(at, row, Disposition::NotRecorded), at, limits))
}

/// The matter after the attempt that its lease left.
fn after_expiry(tried: &MatterRow, at: Timestamp, limits: &ContactLimits) -> MatterRow {
    let planned = settled_after_attempt(tried, at, at, limits);
    match tried.callback_at {
        // Nobody rang for it: it is as it was.
        Some(promised_at) if at <= promised_at => tried.moved_to(MatterState::Promised, None),
        Some(_) if planned.state == MatterState::Waiting => {
            MatterRow { due_at: planned.due_at, ..tried.moved_to(MatterState::Promised, None) }
        }
        Some(_) | None => planned,
    }
}

/// When the lease of a matter ended, as of now: its time, or now while it is valid.
pub(super) fn ended_at(row: &MatterRow, now: Timestamp) -> Timestamp {
    row.lease_until.map_or(now, |until| until.min(now))
}
