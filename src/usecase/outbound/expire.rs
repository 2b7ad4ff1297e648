//! Settles leases that ran out. Whether the telephone rang is a fact of the network that nobody reported: the lease
//! counts as an attempt that rang (T3), whose result is not known. The agent who held it may still record it
//! ([`super::late`]).
//!
//! Invariant: a promised time stays promised, for the customer waits for that call.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::attempt::{attempted, settled_after_attempt};
use super::settle::{CallEnd, settle};
use crate::domain::contact::{ContactLimits, MatterState};
use crate::domain::disposition::Disposition;
use crate::domain::id::CallId;
use crate::domain::time::Timestamp;
use crate::store::matter::MatterRow;
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
    let to = if row.callback_at.is_some() {
        tried.moved_to(MatterState::Promised, None)
    } else {
        settled_after_attempt(&tried, at, ctx.now, limits)
    };
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
    settle(tx, ctx, row, &to, &ended)
}

/// When the lease of a matter ended, as of now: its time, or now while it is valid.
pub(super) fn ended_at(row: &MatterRow, now: Timestamp) -> Timestamp {
    row.lease_until.map_or(now, |until| until.min(now))
}
