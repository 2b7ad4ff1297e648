//! Records the result of a call whose lease ran out while the agent talked: nothing that an agent did is lost.
//!
//! - Nobody called the customer since: the result counts as if it had come in time, and is marked as late.
//! - Somebody did, or the matter ended otherwise: it stands in the history with its time, and changes nothing else. An
//!   opt-out takes effect whatever happened since (T10).
//!
//! An agent who comes back soon goes on with the call itself ([`resume`]).
//!
//! Invariant: one call has one result. The attempt that the expired lease left ([`super::expire`]) is replaced by it, so
//! that a second result finds none.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::expire::{ended_at, expire};
use super::settle::{Before, restore_case, uncount};
use super::{conflict, get_matter, limits};
use crate::domain::contact::MatterState;
use crate::domain::id::MatterId;
use crate::domain::refusal::Refusal;
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::store::call::{self, CallRow};
use crate::store::matter::{self, MatterRow};
use crate::store::{StoreError, Tx};

/// How long after its lease a call can be gone on with.
const RESUMED_WITHIN_MS: i64 = 2 * HOUR_MS;

/// The call of an expired lease that waits for its result.
pub(super) struct LateCall {
    /// The attempt that the lease left.
    pub call: CallRow,
    /// The matter as it would be under that lease now: what the result is applied to. None: somebody else called since,
    /// or the matter ended otherwise.
    pub under_lease: Option<MatterRow>,
    /// The matter as it is.
    pub matter: MatterRow,
    /// What the call's rows looked like when its lease ran out.
    pub before: Before,
}

/// The actor's call of this matter that ended without a result; none when there is no such call.
pub(super) fn find(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: MatterId) -> Result<Option<LateCall>, Error> {
    let row = get_matter(tx, id)?;
    let is_own = row.state == MatterState::Leased && row.lease_staff.as_ref() == Some(&ctx.actor.staff);
    if is_own && row.lease_until.is_some_and(|until| until <= ctx.now) {
        expire(tx, ctx, &row, ended_at(&row, ctx.now), &limits(ctx))?;
    }
    let Some(call) = call::find_not_recorded(tx, id, &ctx.actor.staff)? else { return Ok(None) };
    let matter = get_matter(tx, id)?;
    let before: Before = serde_json::from_str(&call.before)
        .map_err(|error| StoreError::internal(&format!("an unreadable call: {error}")))?;
    let is_last = call::find_last(tx, id)?.is_some_and(|last| last.id == call.id);
    let went_on = match matter.state {
        MatterState::Waiting | MatterState::Promised => false,
        // The lease itself was the last attempt.
        MatterState::Closed => matter.reason.as_deref() != Some("attempts_used_up"),
        MatterState::Leased | MatterState::Held => true,
    };
    let under_lease = (is_last && !went_on).then(|| MatterRow {
        attempts: before.matter.attempts,
        day_parts: before.matter.day_parts,
        callback_at: before.matter.callback_at,
        callback_for: before.matter.callback_for.clone(),
        leased_at: before.matter.leased_at,
        ..matter.clone()
    });
    Ok(Some(LateCall { call, under_lease, matter, before }))
}

/// Takes the attempt out of the counters and the history: its result follows in this transaction.
pub(super) fn replace(tx: &mut Tx<'_>, ctx: &Ctx<'_>, late: &LateCall) -> Result<(), Error> {
    if !call::update_undone(tx, late.call.id, ctx.now)? {
        return Err(conflict(&late.matter).into());
    }
    uncount(tx, &late.call, &late.before);
    if late.under_lease.is_some()
        && let Some(link) = &late.before.case
    {
        restore_case(tx, late.matter.customer, late.matter.purpose, link)?;
    }
    Ok(())
}

/// The actor's call that ended without a result, to be replaced by the one that follows.
///
/// # Errors
/// `refusal`, when there is none.
pub(super) fn take(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    refusal: Refusal,
) -> Result<LateCall, Error> {
    let late = find(tx, ctx, id)?.ok_or(refusal)?;
    replace(tx, ctx, &late)?;
    Ok(late)
}

/// Gives the actor back the call that they were in when their lease ran out (their client was lost, say), unless somebody
/// called since or it is too long ago: it goes on and counts once. None when there is nothing to go on with.
pub(super) fn resume(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    until: Timestamp,
) -> Result<Option<()>, Error> {
    let Some(late) = find(tx, ctx, id)? else { return Ok(None) };
    let Some(under_lease) = &late.under_lease else { return Ok(None) };
    if ctx.now.since(late.call.ended_at) > RESUMED_WITHIN_MS {
        return Ok(None);
    }
    replace(tx, ctx, &late)?;
    let began = late.call.started_at;
    if !matter::update(tx, &late.matter, &under_lease.leased_to(&ctx.actor.staff, began, until))? {
        return Err(conflict(&late.matter).into());
    }
    Ok(Some(()))
}

/// When a call happened that is recorded now.
pub(super) const fn happened_at(late: Option<&LateCall>, now: Timestamp) -> Timestamp {
    match late {
        Some(late) => late.call.ended_at,
        None => now,
    }
}
