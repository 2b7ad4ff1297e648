//! Closes the matters of a customer who asked not to be called, whoever heard it: also the call that somebody else is in
//! with them now, with its result, in the name of who holds it.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::attempt::attempted;
use super::expire::{ended_at, expire};
use super::settle::{CallEnd, Unanswered, settle, settle_case};
use super::{check_lease, get_matter, limits};
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::{CustomerId, MatterId};
use crate::domain::refusal::Refusal;
use crate::store::matter::{self, MatterRow};
use crate::store::{Topics, Tx, customer, opt_out};

/// Why a matter is closed whose customer asked for no calls.
const OPTED_OUT: &str = "opted_out";

/// Closes every open matter of a customer who asked not to be called, except the one just recorded.
pub(in crate::usecase) fn close_for_opt_out(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    customer: CustomerId,
    purposes: &[Purpose],
) -> Result<(), Error> {
    for purpose in purposes {
        let id = purpose.matter_id(customer);
        if let Some(row) = matter::find_locked(tx, id)?.filter(|row| row.state == MatterState::Leased) {
            end_call(tx, ctx, &row)?;
        }
        if matter::close(tx, id, OPTED_OUT)? {
            settle_case(tx, ctx, customer, *purpose, Unanswered::Refused)?;
            tx.touch(Topics::QUEUE);
        }
    }
    Ok(())
}

/// The call of a lease ends with the request; one that ran out before is the attempt that it was.
fn end_call(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: &MatterRow) -> Result<(), Error> {
    let Some(holder) = &row.lease_staff else { return Ok(()) };
    if row.lease_until.is_none_or(|until| until <= ctx.now) {
        expire(tx, ctx, row, ended_at(row, ctx.now), &limits(ctx))?;
        return Ok(());
    }
    let to = attempted(ctx.now, row, Disposition::DoNotCall).moved_to(MatterState::Closed, Some(OPTED_OUT));
    let ended = CallEnd {
        disposition: Disposition::DoNotCall,
        talk_seconds: 0,
        note: None,
        callback_at: None,
        recording: false,
        by: holder,
        started_at: row.leased_at.unwrap_or(ctx.now),
        ended_at: ctx.now,
        late_at: None,
    };
    settle(tx, ctx, row, &to, &ended)?;
    // Who is in the call is told at once, not with their next renewal.
    tx.touch(Topics::QUEUE.with(Topics::OPT_OUTS));
    Ok(())
}

/// What is told to an agent whose call was ended by the customer's request elsewhere: the request, and not that somebody
/// else holds the customer.
pub(super) fn ended_by_request(tx: &mut Tx<'_>, row: &MatterRow, refusal: Refusal) -> Result<Refusal, Error> {
    let is_ended = row.state == MatterState::Closed && row.reason.as_deref() == Some(OPTED_OUT);
    if !is_ended || !matches!(refusal, Refusal::NotYourLease { .. }) {
        return Ok(refusal);
    }
    let Some(known) = customer::find(tx, row.customer)? else { return Ok(refusal) };
    let asked = opt_out::find(tx, known.phone)?.and_then(|asked| asked.voice_at);
    Ok(asked.map_or(refusal, |at| Refusal::OptedOut { at }))
}

/// The matter that the actor holds under a valid lease.
///
/// # Errors
/// Why they do not hold it.
pub(super) fn get_held(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: MatterId) -> Result<MatterRow, Error> {
    let row = get_matter(tx, id)?;
    match check_lease(ctx, &row) {
        Ok(()) => Ok(row),
        Err(refusal) => Err(ended_by_request(tx, &row, refusal)?.into()),
    }
}
