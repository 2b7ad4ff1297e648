//! Keeping a lease alive while the call lasts, and giving it back without a call.

use super::super::command::MatterRef;
use super::super::door::{Ctx, Done};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::{check_holder, check_lease, conflict, get_matter, limits};
use crate::store::matter::{self, MatterRow};
use crate::store::{Topics, Tx};

/// Prolongs the asker's lease from now on.
pub(in crate::usecase) fn renew_lease(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: MatterRef,
) -> Result<Done, Error> {
    let row = get_matter(tx, input.matter)?;
    check_lease(ctx, &row)?;
    let lease_until = limits(ctx).lease_until(ctx.now);
    if !matter::update(tx, &row, &MatterRow { lease_until: Some(lease_until), ..row.clone() })? {
        return Err(conflict(&row).into());
    }
    Ok(Done::new(Receipt::LeaseRenewed { lease_until }, format!("matter:{}", row.id)))
}

/// Gives the asker's matter back to where it came from: the queue, or the promise. A lease that ran out can be
/// given back, too.
pub(in crate::usecase) fn release_lease(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: MatterRef,
) -> Result<Done, Error> {
    let row = get_matter(tx, input.matter)?;
    check_holder(ctx, &row)?;
    if !matter::update(tx, &row, &row.moved_to(row.state_without_lease(), None))? {
        return Err(conflict(&row).into());
    }
    tx.touch(Topics::QUEUE);
    Ok(Done::new(Receipt::LeaseReleased {}, format!("matter:{}", row.id)))
}
