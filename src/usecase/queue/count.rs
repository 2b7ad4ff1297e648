//! Counts a queue: totals from the counters, parts from index scans that stop early.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::call::{PromiseLine, QueueModel};
use super::super::outbound::limits;
use crate::domain::contact::{MatterState, Purpose};
use crate::store::matter;
use crate::store::{StoreError, Tx, counter};
use std::collections::BTreeMap;

/// How far a part of a queue is counted one by one.
const COUNTED: i64 = 20_000;
/// Promises that are listed.
const PROMISES: i64 = 20;

/// The numbers of one queue, the agent's next promises and those without an agent.
pub(in crate::usecase) fn queue(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    purpose: Purpose,
) -> Result<QueueModel, Error> {
    let mut total = |state| counter::sum(tx, &counter::matter(purpose, state));
    let waiting = total(MatterState::Waiting)?;
    let leased = total(MatterState::Leased)?;
    let promised = total(MatterState::Promised)?;
    let closed = total(MatterState::Closed)?;
    let held_total = total(MatterState::Held)?;
    let due = due(tx, ctx, purpose, waiting)?;
    let next_at = if due == 0 {
        let limits = limits(ctx);
        let window = limits.call_window(purpose);
        let waiting = matter::next_due_at(tx, purpose, ctx.now)?.map(|at| window.next_open(at));
        let staff = &ctx.actor.staff;
        let promise = matter::next_callback_at(tx, purpose, staff, ctx.now, limits.promise_owner_minutes)?;
        [waiting, promise].into_iter().flatten().min()
    } else {
        None
    };
    let promises = matter::list_promises(tx, purpose, &ctx.actor.staff, PROMISES)?
        .into_iter()
        .map(|row| PromiseLine {
            matter: row.matter,
            name: row.name,
            phone_masked: row.phone.masked(),
            at: row.at,
            owner: row.owner.map(|staff| staff.0),
            owner_name: row.owner_name,
        })
        .collect();
    Ok(QueueModel {
        purpose,
        due,
        later: (waiting - due).max(0),
        leased,
        promised,
        overdue: matter::count_due_promises(tx, purpose, ctx.now, COUNTED)?,
        held: held(tx, purpose, held_total)?,
        closed,
        next_at,
        promises,
    })
}

/// Of `waiting` matters, those that are due: whichever part is small is counted, the other is the rest.
pub(in crate::usecase) fn due(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    purpose: Purpose,
    waiting: i64,
) -> Result<i64, StoreError> {
    let later = matter::count_later(tx, purpose, ctx.now, COUNTED)?;
    if later < COUNTED {
        return Ok((waiting - later).max(0));
    }
    matter::count_due(tx, purpose, ctx.now, COUNTED)
}

/// Held matters by reason: the small reasons are counted, a large one is what they leave of the total.
fn held(tx: &mut Tx<'_>, purpose: Purpose, total: i64) -> Result<BTreeMap<String, i64>, StoreError> {
    if total == 0 {
        return Ok(BTreeMap::new());
    }
    let mut held = matter::count_held_by_reason(tx, purpose, COUNTED)?;
    let counted: i64 = held.values().sum();
    if let Some(large) = held.values_mut().find(|count| **count == COUNTED) {
        *large += (total - counted).max(0);
    }
    Ok(held)
}
