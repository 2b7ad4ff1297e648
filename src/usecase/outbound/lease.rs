//! Renews a lease while the call lasts, and releases it without a call.

use super::super::command::{LineLost, MatterRef};
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::super::session;
use super::expire::{ended_at, expire};
use super::opted_out::get_held;
use super::{check_holder, conflict, get_matter, limits, lock_case};
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;
use crate::store::matter::{self, MatterRow};
use crate::store::{Topics, Tx};

/// How long a customer waits for an agent whose connection was lost, in milliseconds.
const GRACE_MS: i64 = 120_000;

/// Prolongs the agent's lease from now on. While the lease lasts, it leaves no audit row: a call of half an hour would
/// leave ten that say what its claim says.
pub(in crate::usecase) fn renew_lease(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: MatterRef,
) -> Result<Done, Error> {
    let row = get_held(tx, ctx, input.matter)?;
    let lease_until = limits(ctx).lease_until(ctx.now);
    if !matter::update(tx, &row, &MatterRow { lease_until: Some(lease_until), ..row.clone() })? {
        return Err(conflict(&row).into());
    }
    let done = Done::new(Receipt::LeaseRenewed { lease_until }, format!("matter:{}", row.id));
    // The claim says who has the customer; only a lease that had run out is a new fact.
    Ok(if row.lease_until.is_some_and(|until| ctx.now < until) { done.quiet() } else { done })
}

/// Shortens the agent's lease, because their client is lost: they have [`GRACE_MS`] to reconnect and continue, then
/// another agent may get the customer.
pub(in crate::usecase) fn line_lost(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &LineLost) -> Result<Done, Error> {
    cut_short(tx, ctx.now, &ctx.actor.staff, input)
}

/// The same for any staff member. An agent with another session keeps their lease.
pub(in crate::usecase) fn cut_short(
    tx: &mut Tx<'_>,
    now: Timestamp,
    staff: &StaffId,
    input: &LineLost,
) -> Result<Done, Error> {
    let done = |lease_until| Done::new(Receipt::LineLost { lease_until }, format!("staff:{staff}"));
    if let Some(session) = &input.session
        && session::is_elsewhere(tx, now, staff, session)?
    {
        return Ok(done(None));
    }
    let Some(row) = matter::find_by_holder_locked(tx, staff)? else { return Ok(done(None)) };
    let Some(until) = row.lease_until.filter(|until| now < *until) else { return Ok(done(None)) };
    let lease_until = until.min(input.heard_at.min(now).plus_ms(GRACE_MS).max(now));
    if !matter::update(tx, &row, &MatterRow { lease_until: Some(lease_until), ..row.clone() })? {
        return Err(conflict(&row).into());
    }
    Ok(done(Some(lease_until)).detail(format!("matter={}", row.id)))
}

/// Returns the agent's matter to where it came from: the queue, or the promise. Where the telephone rang under this
/// lease (an undone result), or may have, because the lease ran out, the call stays as an attempt without a result.
pub(in crate::usecase) fn release_lease(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: MatterRef,
) -> Result<Done, Error> {
    lock_case(tx, input.matter)?;
    let row = get_matter(tx, input.matter)?;
    check_holder(ctx, &row)?;
    let ran_out = row.lease_until.is_none_or(|until| until <= ctx.now);
    let rang = row.last_rang_at.is_some_and(|rang_at| row.leased_at.is_none_or(|began| began <= rang_at));
    if ran_out || rang {
        expire(tx, ctx, &row, ended_at(&row, ctx.now), &limits(ctx))?;
    } else if !matter::update(tx, &row, &row.moved_to(row.state_without_lease(), None))? {
        return Err(conflict(&row).into());
    }
    tx.touch(Topics::QUEUE);
    Ok(Done::new(Receipt::LeaseReleased {}, format!("matter:{}", row.id)))
}
