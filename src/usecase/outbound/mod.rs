//! Handles calls of any purpose: claims a customer from the queue, renews and releases the lease, records the result,
//! undoes it.
//!
//! Invariants:
//! - the contact rules are applied in the transaction that hands the customer out;
//! - an agent holds one matter at a time;
//! - only the holder of a lease records its call; a lease that ran out is an attempt, and its result may come late;
//! - what rang stays rung: neither an undo nor an expired lease takes it back (T3);
//! - "do not call me again" is never undone.
//!
//! Deliberately absent: dialling. The agent's telephone is outside the program.

mod attempt;
mod claim;
mod complaint;
mod expire;
mod late;
mod lease;
mod opted_out;
mod record;
mod settle;
mod undo;

#[cfg(test)]
mod tests;

pub(super) use claim::claim;
pub(super) use complaint::{hold_complaint, settle_complaint};
pub(super) use expire::{settled, show_settled};
pub(super) use late::reopen_survey;
pub(super) use lease::{cut_short, line_lost, release_lease, renew_lease};
pub(super) use opted_out::close_for_opt_out;
pub(super) use record::{CallData, Holding, record_call, record_success};
pub(super) use settle::matter_under_lease;
pub(super) use undo::undo_call;

use super::ctx::Ctx;
use super::error::Error;
use crate::domain::contact::{ContactLimits, MatterState, Purpose, dial_until};
use crate::domain::id::MatterId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::matter::{self, Loaded, MatterRow};
use crate::store::{StoreError, Tx, row_lock};

/// The contact limits of today.
pub(super) fn limits(ctx: &Ctx<'_>) -> ContactLimits {
    ctx.campaign.limits_on(ctx.now.date()).contact
}

/// Until when the holder of a lease may begin to ring; none when that is as long as the lease. A call that rang under
/// this lease goes on, and nothing rings again.
pub(super) fn dialling_until(
    loaded: &Loaded,
    limits: &ContactLimits,
    now: Timestamp,
    lease_until: Timestamp,
) -> Option<Timestamp> {
    let row = &loaded.matter;
    if row.state == MatterState::Leased && row.leased_at.is_some_and(|began| Some(began) < row.last_rang_at) {
        return Some(now);
    }
    dial_until(&loaded.facts, limits, now, lease_until)
}

pub(super) fn no_such_matter(id: MatterId) -> Refusal {
    Refusal::NoSuchRow { what: "matter", id: id.to_string() }
}

/// The matter, which must exist, locked.
fn get_matter(tx: &mut Tx<'_>, id: MatterId) -> Result<MatterRow, Error> {
    matter::find_locked(tx, id)?.ok_or_else(|| no_such_matter(id).into())
}

/// Locks the case behind a service matter; to be done before the matter is locked.
fn lock_case(tx: &mut Tx<'_>, id: MatterId) -> Result<(), StoreError> {
    match Purpose::of_matter(id) {
        Some((customer, Purpose::Intake | Purpose::Survey)) => row_lock::case_of_customer(tx, customer),
        Some((_, Purpose::Offer)) | None => Ok(()),
    }
}

/// The actor must hold the matter.
fn check_holder(ctx: &Ctx<'_>, matter: &MatterRow) -> Result<(), Refusal> {
    if matter.state == MatterState::Leased && matter.lease_staff.as_ref() == Some(&ctx.actor.staff) {
        Ok(())
    } else {
        Err(Refusal::NotYourLease { holder: matter.lease_staff.clone().map(Into::into) })
    }
}

/// The actor must hold the matter, and the lease must be valid.
fn check_lease(ctx: &Ctx<'_>, matter: &MatterRow) -> Result<(), Refusal> {
    check_holder(ctx, matter)?;
    match matter.lease_until {
        Some(until) if ctx.now < until => Ok(()),
        until => Err(Refusal::LeaseExpired { at: until.unwrap_or(ctx.now) }),
    }
}

/// A row that was read in this transaction is no longer as it was read.
fn conflict(matter: &MatterRow) -> Refusal {
    Refusal::Conflict { what: "matter", state: matter.state.code().to_owned() }
}
