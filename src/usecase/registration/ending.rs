//! Giving a registration up, or one of its consents.

use super::super::command::{CancelRegistration, WithdrawConsent};
use super::super::door::{Ctx, Done};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::seats::free_seat;
use crate::domain::consent::ConsentPurpose;
use crate::domain::contact::Purpose;
use crate::domain::id::{CustomerId, RegistrationId};
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::registration::{CANCELLED, RegistrationRow};
use crate::store::{Topics, Tx, consent, ending, matter, registration, sms};

/// Longest reason, in graphemes.
const MAX_REASON: usize = 200;
/// Reason code of a registration that ended with its consent.
const WITHDRAWN: &str = "consent_withdrawn";

/// Ends a registration before the consultation: the seat goes on, Vinmec's case ends, its appointment is off.
pub(in crate::usecase) fn cancel(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &CancelRegistration,
) -> Result<Done, Error> {
    let row = get(tx, input.registration)?;
    let reason = text::clean(&input.reason, MAX_REASON);
    if reason.is_empty() {
        return Err(Refusal::FieldInvalid { field: "reason", reason: "empty" }.into());
    }
    if row.state == CANCELLED {
        return Err(Refusal::Conflict { what: "registration", state: row.state }.into());
    }
    if let Some(state) = begun(tx, row.id)? {
        return Err(Refusal::Conflict { what: "case", state }.into());
    }
    let (seat_freed, promoted) = end(tx, ctx, &row, &reason)?;
    let detail = format!("seat_freed={seat_freed}");
    let detail = promoted.map_or(detail.clone(), |promoted| format!("{detail} promoted={promoted}"));
    Ok(Done::new(Receipt::Cancelled { seat_freed, promoted }, format!("registration:{}", row.id))
        .detail(detail))
}

/// Withdraws one consent with what rests on it. A registration whose consultation took place stays as it is: what
/// happened is not undone.
pub(in crate::usecase) fn withdraw_consent(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &WithdrawConsent,
) -> Result<Done, Error> {
    let row = get(tx, input.registration)?;
    if !consent::withdraw(tx, row.id, input.purpose, ctx.now)? {
        return Err(Refusal::Conflict { what: "consent", state: "withdrawn".to_owned() }.into());
    }
    match input.purpose {
        ConsentPurpose::Register => {
            if row.state != CANCELLED && begun(tx, row.id)?.is_none() {
                end(tx, ctx, &row, WITHDRAWN)?;
            }
        }
        ConsentPurpose::Handbook => {
            sms::delete_queued(tx, row.customer, "handbook")?;
        }
        ConsentPurpose::Survey => {
            close_matters(tx, row.customer, Some(Purpose::Survey), WITHDRAWN)?;
            if ending::refuse_survey(tx, row.customer, &ctx.actor.staff, ctx.now)? {
                tx.touch(Topics::SURVEYS);
            }
        }
        ConsentPurpose::Marketing => {}
    }
    let detail = format!("purpose={}", input.purpose.code());
    Ok(Done::new(Receipt::ConsentWithdrawn {}, format!("registration:{}", row.id)).detail(detail))
}

fn get(tx: &mut Tx<'_>, id: RegistrationId) -> Result<RegistrationRow, Error> {
    registration::find(tx, id)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "registration", id: id.to_string() }.into())
}

/// The state past which a registration cannot be given up: the consultation has begun or is over.
fn begun(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<String>, Error> {
    let Some((case, state)) = registration::find_case(tx, id)? else { return Ok(None) };
    if matches!(state.as_str(), "consulted" | "diverted_115") {
        return Ok(Some(state));
    }
    let live = ending::find_live_appointment(tx, case)?;
    Ok(live.map(|(_, state)| state).filter(|state| state == "in_progress"))
}

/// Everything that ends with a registration.
fn end(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: &RegistrationRow,
    reason: &str,
) -> Result<(bool, Option<RegistrationId>), Error> {
    let freed = free_seat(tx, ctx, row.id, reason)?;
    if ending::return_batch_row(tx, row.id, CANCELLED, &ctx.actor.staff, ctx.now)? {
        tx.touch(Topics::BATCHES);
    }
    if let Some((case, _)) = registration::find_case(tx, row.id)? {
        if let Some((appointment, _)) = ending::find_live_appointment(tx, case)? {
            ending::cancel_appointment(tx, appointment, reason)?;
            tx.touch(Topics::ROSTER);
        }
        ending::withdraw_case(tx, case, ctx.now)?;
        tx.touch(Topics::CASES);
    }
    close_matters(tx, row.customer, None, CANCELLED)?;
    sms::delete_queued_service(tx, row.customer)?;
    Ok(freed)
}

/// Closes the open matters of a customer, of one purpose or of all.
pub(super) fn close_matters(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    only: Option<Purpose>,
    reason: &str,
) -> Result<(), Error> {
    for purpose in Purpose::ALL.into_iter().filter(|purpose| only.is_none_or(|only| only == *purpose)) {
        if matter::close(tx, purpose.matter_id(customer), reason)? {
            tx.touch(Topics::QUEUE);
        }
    }
    Ok(())
}
