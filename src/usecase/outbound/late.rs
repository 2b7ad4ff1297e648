//! Records the result of a call whose lease ran out while the agent talked: nothing that an agent did is lost.
//!
//! - Nobody called the customer since: the result counts as if it had come in time, and is marked as late.
//! - Somebody did, or the matter ended otherwise or began afresh: it stands in the history with its time, and changes
//!   nothing else. An opt-out takes effect whatever happened since (T10).
//!
//! An agent who comes back soon goes on with the call itself ([`resume`]): they still talk, and nothing rings again.
//! Therefore a call is gone on with
//! - once, within two hours after its lease ran out for the first time: a second loss ends it;
//! - only where nothing stands against it but that it rang: an opt-out, the register, a hold, the hours, a programme that
//!   is over or full refuse it with their own reason.
//!
//! Whatever does not go on is judged as a new call, with the ring that the expired lease may have been (T3, attempts).
//! The result can be recorded in every case.
//!
//! Invariant: one call has one result. The attempt that the expired lease left ([`super::expire`]) is replaced by it, so
//! that a second result finds none.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::expire::{ended_at, expire};
use super::settle::{Before, restore_case, uncount};
use super::{conflict, get_matter, limits};
use crate::domain::case::CaseState;
use crate::domain::contact::{
    ContactFacts, ContactLimits, MatterState, Promise, Purpose, reasons_against_call,
};
use crate::domain::id::{MatterId, StaffId};
use crate::domain::registration::RegistrationState;
use crate::domain::survey::SurveyState;
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::store::call::{self, CallRow};
use crate::store::matter::{self, MatterRow};
use crate::store::{StoreError, Tx, registration};

/// How long after its lease a call can be gone on with.
const RESUMED_WITHIN_MS: i64 = 2 * HOUR_MS;

/// The call of an expired lease that waits for its result.
pub(super) struct LateCall {
    /// The attempt that the lease left.
    pub call: CallRow,
    /// The matter as it would be under that lease now: what the result is applied to. None: somebody else called since,
    /// or the matter ended otherwise or began afresh.
    pub under_lease: Option<MatterRow>,
    /// The matter as it is.
    pub matter: MatterRow,
    /// What the call's rows looked like when its lease ran out.
    pub before: Before,
}

/// What is known of the result that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// It may be any, or the call goes on.
    AnyResult,
    /// What the call was for comes about in this transaction.
    Success,
}

/// The actor's call of this matter that ended without a result; none when there is no such call.
pub(super) fn find(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    follows: Follows,
) -> Result<Option<LateCall>, Error> {
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
    // A matter that began afresh counts its attempts from none.
    let is_same = matter.attempts == before.matter.attempts + 1;
    let went_on = match matter.state {
        MatterState::Waiting | MatterState::Promised => false,
        // The lease itself was the last attempt.
        MatterState::Closed => {
            matter.reason.as_deref() != Some("attempts_used_up")
                || (follows == Follows::AnyResult && is_over(tx, ctx, &matter)?)
        }
        MatterState::Leased | MatterState::Held => true,
    };
    let under_lease = (is_last && is_same && !went_on).then(|| MatterRow {
        attempts: before.matter.attempts,
        day_parts: before.matter.day_parts,
        callback_at: before.matter.callback_at,
        callback_for: before.matter.callback_for.clone(),
        leased_at: before.matter.leased_at,
        ..matter.clone()
    });
    Ok(Some(LateCall { call, under_lease, matter, before }))
}

/// Whether something else than its last attempt ends a closed matter by now: the customer is registered or wants no
/// calls, the case went on or lost its seat.
fn is_over(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: &MatterRow) -> Result<bool, Error> {
    let Some(loaded) = matter::find_loaded(tx, row.id, ctx.now)? else { return Ok(true) };
    if loaded.facts.opted_out_voice_at.is_some() {
        return Ok(true);
    }
    Ok(match row.purpose {
        Purpose::Offer => loaded.registration.is_some(),
        Purpose::Intake => {
            let registered = registration::find_by_customer(tx, row.customer)?;
            registered.is_none_or(|found| found.state == RegistrationState::Cancelled)
                || call::find_case_link(tx, row.customer)?
                    .is_none_or(|link| link.state != CaseState::Unreachable)
        }
        Purpose::Survey => call::find_case_link(tx, row.customer)?
            .is_none_or(|link| link.survey != Some(SurveyState::Unreachable)),
    })
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

/// The actor's call that ended without a result, replaced by the one that follows; none when there is no such call.
pub(super) fn take(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    follows: Follows,
) -> Result<Option<LateCall>, Error> {
    let late = find(tx, ctx, id, follows)?;
    if let Some(late) = &late {
        replace(tx, ctx, late)?;
    }
    Ok(late)
}

/// Makes a survey due again that the actor's own expired lease left unreachable: the answers of that call follow in this
/// transaction.
pub(in crate::usecase) fn reopen_survey(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: MatterId) -> Result<(), Error> {
    if matter::find(tx, id)?.is_none() {
        return Ok(());
    }
    if let Some(late) = find(tx, ctx, id, Follows::Success)?
        && late.under_lease.is_some()
        && let Some(link) = &late.before.case
    {
        restore_case(tx, late.matter.customer, late.matter.purpose, link)?;
    }
    Ok(())
}

/// Gives the actor back the call that they were in when their lease ran out (their client was lost, say): it goes on and
/// counts once. None when there is nothing to go on with: somebody called since, it is too long ago, or the call went on
/// once already.
///
/// # Errors
/// What stands against the call beside its own ring.
pub(super) fn resume(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    limits: &ContactLimits,
) -> Result<Option<()>, Error> {
    let Some(late) = find(tx, ctx, id, Follows::AnyResult)? else { return Ok(None) };
    let Some(under_lease) = &late.under_lease else { return Ok(None) };
    let is_too_late = ctx.now.since(late.call.ended_at) > RESUMED_WITHIN_MS;
    if is_too_late || call::was_interrupted_before(tx, &late.call)? {
        return Ok(None);
    }
    let Some(loaded) = matter::find_loaded(tx, id, ctx.now)? else { return Ok(None) };
    let facts = without_its_ring(&loaded.facts, &late.before.matter, &ctx.actor.staff);
    if let Some(refusal) = reasons_against_call(&facts, limits, ctx.now).into_iter().next() {
        return Err(refusal.into());
    }
    replace(tx, ctx, &late)?;
    let (began, until) = (late.call.started_at, limits.lease_until(ctx.now));
    if !matter::update(tx, &late.matter, &under_lease.leased_to(&ctx.actor.staff, began, until))? {
        return Err(conflict(&late.matter).into());
    }
    Ok(Some(()))
}

/// What is known of the customer now, and of the matter as it was when the call began.
fn without_its_ring(facts: &ContactFacts, began: &MatterRow, agent: &StaffId) -> ContactFacts {
    ContactFacts {
        state: began.state_without_lease(),
        due_at: began.due_at,
        attempts: began.attempts,
        last_rang_at: began.last_rang_at,
        promise: began.callback_at.map(|at| Promise { at, owner: began.callback_for.clone() }),
        lease: None,
        agent: Some(agent.clone()),
        ..facts.clone()
    }
}

/// When a call happened that is recorded now.
pub(super) const fn happened_at(late: Option<&LateCall>, now: Timestamp) -> Timestamp {
    match late {
        Some(late) => late.call.ended_at,
        None => now,
    }
}
