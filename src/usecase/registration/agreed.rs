//! The call that a registration comes from: recorded as agreed and its offer closed, in the same transaction.

use super::super::door::Ctx;
use super::super::error::Error;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::domain::refusal::Refusal;
use crate::domain::time::HOUR_MS;
use crate::store::counter::AgentCount;
use crate::store::{StoreError, Topics, Tx, call, counter, matter};

/// Records the asker's open offer call as agreed.
///
/// # Errors
/// [`Refusal::NotYourLease`] when the asker does not hold it, [`Refusal::LeaseExpired`] when they no longer do.
pub(super) fn record_agreed(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    talk_seconds: Option<i64>,
) -> Result<(), Error> {
    let talk_seconds = talk_seconds.unwrap_or(0);
    if !(0..=24 * HOUR_MS / 1000).contains(&talk_seconds) {
        return Err(Refusal::FieldInvalid { field: "talk_seconds", reason: "out_of_range" }.into());
    }
    let found =
        matter::find(tx, id)?.ok_or_else(|| Refusal::NoSuchRow { what: "matter", id: id.to_string() })?;
    if found.lease_staff.as_ref() != Some(&ctx.actor.staff) {
        return Err(Refusal::NotYourLease { holder: found.lease_staff }.into());
    }
    if let Some(until) = found.lease_until.filter(|until| *until <= ctx.now) {
        return Err(Refusal::LeaseExpired { at: until }.into());
    }
    let earlier = call::list_dispositions(tx, id)?;
    let before = serde_json::to_string(&found).map_err(|error| StoreError::internal(&error.to_string()))?;
    let started_at = found.leased_at.unwrap_or(ctx.now);
    call::insert(
        tx,
        &call::NewCall {
            matter: id,
            customer: found.customer,
            staff: &ctx.actor.staff,
            purpose: Purpose::Offer,
            started_at,
            ended_at: ctx.now,
            talk_seconds,
            disposition: Disposition::Agreed,
            note: None,
            callback_at: None,
            recording: true,
            before: &before,
        },
    )?;
    let mut closed = found.moved_to(MatterState::Closed, Some(Disposition::Agreed.code()));
    closed.attempts += 1;
    closed.last_rang_at = Some(ctx.now);
    if !matter::update(tx, &found, &closed)? {
        return Err(Refusal::Conflict { what: "matter", state: found.state.code().to_owned() }.into());
    }
    count(tx, ctx, talk_seconds, &earlier);
    tx.touch(Topics::QUEUE);
    Ok(())
}

fn count(tx: &mut Tx<'_>, ctx: &Ctx<'_>, talk_seconds: i64, earlier: &[Disposition]) {
    let day = ctx.now.date();
    if !earlier.iter().any(|disposition| disposition.flags().counts_as_attempt) {
        tx.count(counter::OFFER_CALLED, 1);
    }
    if !earlier.iter().any(|disposition| disposition.flags().human_answered) {
        tx.count(counter::OFFER_REACHED, 1);
    }
    tx.count(counter::disposition(Purpose::Offer, Disposition::Agreed), 1);
    tx.count(counter::hour(ctx.now), 1);
    tx.count(counter::day_calls(day), 1);
    let mut agent = |what, delta| tx.count(counter::agent(day, &ctx.actor.staff, what), delta);
    agent(AgentCount::Calls, 1);
    agent(AgentCount::Reached, 1);
    agent(AgentCount::Talk, talk_seconds);
}
