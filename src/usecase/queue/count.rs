//! Counts a queue: totals from the counters, parts from index scans that stop early.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::call::{PromiseLine, QueueModel};
use super::super::outbound::{limits, settled};
use crate::domain::contact::{ContactLimits, MatterState, Purpose, SeatsAndWaitlist};
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::matter::{self, MatterRow};
use crate::store::{StoreError, Tx, counter, do_not_call, seat};
use std::collections::BTreeMap;

/// How far a part of a queue is counted one by one.
const COUNTED: i64 = 20_000;
/// Promises that are listed.
const PROMISES: i64 = 20;

/// Expired leases that are looked at.
const EXPIRED: i64 = 64;

/// Matters of a queue by state.
struct Totals {
    waiting: i64,
    leased: i64,
    promised: i64,
    closed: i64,
}

impl Totals {
    /// A lease that ran out, counted as what the next claim makes of it.
    const fn settle(&mut self, state: MatterState) {
        self.leased -= 1;
        match state {
            MatterState::Waiting => self.waiting += 1,
            MatterState::Promised => self.promised += 1,
            MatterState::Closed => self.closed += 1,
            MatterState::Leased | MatterState::Held => {}
        }
    }
}

/// The numbers of one queue, the agent's next promises and those without an agent.
pub(in crate::usecase) fn queue(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    purpose: Purpose,
) -> Result<QueueModel, Error> {
    let limits = limits(ctx);
    let mut total = |state| counter::sum(tx, &counter::matter(purpose, state));
    let mut found = Totals {
        waiting: total(MatterState::Waiting)?,
        leased: total(MatterState::Leased)?,
        promised: total(MatterState::Promised)?,
        closed: total(MatterState::Closed)?,
    };
    let held_total = total(MatterState::Held)?;
    let mut due = due(tx, ctx, purpose, found.waiting)?;
    let expired = matter::list_expired(tx, ctx.now, EXPIRED)?;
    let settled: Vec<MatterRow> = expired
        .iter()
        .filter(|row| row.purpose == purpose)
        .filter_map(|row| settled(row, &limits, ctx.now))
        .collect();
    for row in &settled {
        found.settle(row.state);
        due += i64::from(row.state == MatterState::Waiting && row.due_at <= ctx.now);
    }
    let overdue = matter::count_due_promises(tx, purpose, ctx.now, COUNTED)?;
    let mut held = held(tx, purpose, held_total)?;
    let later = (found.waiting - due).max(0);
    let against_all = reason_against_all(tx, &limits, purpose, ctx.now)?;
    let next_at = if let Some(reason) = &against_all {
        if due + overdue > 0 {
            held.insert(reason.rule().to_owned(), due + overdue);
        }
        due = 0;
        reason.opens_later(ctx.now)
    } else if due == 0 {
        let settled =
            settled.iter().filter(|row| row.state == MatterState::Waiting).map(|row| row.due_at).min();
        next_at(tx, ctx, purpose, &limits, settled)?
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
        later,
        leased: found.leased,
        promised: found.promised,
        overdue,
        held,
        closed: found.closed,
        next_at,
        promises,
    })
}

/// When the next matter comes due: one that waits, one whose lease ran out, an offer whose SMS goes out, a promise.
fn next_at(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    purpose: Purpose,
    limits: &ContactLimits,
    settled: Option<Timestamp>,
) -> Result<Option<Timestamp>, StoreError> {
    let window = limits.call_window(purpose);
    let waiting = matter::next_due_at(tx, purpose, ctx.now)?;
    let invited = if purpose.is_offer_contact() { matter::next_invited_at(tx, ctx.now)? } else { None };
    let staff = &ctx.actor.staff;
    let promise = matter::next_callback_at(tx, purpose, staff, ctx.now, limits.promise_owner_minutes)?;
    let opened = [waiting, invited, settled].into_iter().flatten().map(|at| window.next_open(at));
    Ok(opened.chain(promise).min().filter(|at| *at <= limits.span(purpose).until))
}

/// The rule that stands against every call of that purpose, whoever the customer is; none when calls may be made.
fn reason_against_all(
    tx: &mut Tx<'_>,
    limits: &ContactLimits,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Refusal>, StoreError> {
    let counts = seat::get(tx)?;
    let seats = SeatsAndWaitlist { quota: counts.quota, taken: counts.taken, waitlisted: counts.waitlisted };
    Ok(limits.reason_against_all(purpose, seats, do_not_call::as_of(tx)?, now))
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
