//! Cancels a registration, or withdraws one of its consents.

use super::super::command::{CancelRegistration, WithdrawConsent};
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::super::task;
use super::seats::{free_seat, get};
use super::taking_back::{before_cancelling, keep};
use crate::domain::appointment::AppointmentState;
use crate::domain::case::CaseState;
use crate::domain::consent::ConsentPurpose;
use crate::domain::contact::Purpose;
use crate::domain::id::{CustomerId, RegistrationId};
use crate::domain::refusal::{NEVER_AGREED, Refusal};
use crate::domain::registration::RegistrationState;
use crate::domain::survey::SurveyState;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::store::registration::RegistrationRow;
use crate::store::{
    Topics, Tx, appointment, batch, call, care_case, consent, matter, row_lock, seat_release, sms,
};

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
    row_lock::campaign(tx)?;
    let row = get(tx, input.registration)?;
    row_lock::case_of(tx, row.id)?;
    let reason = text::clean(&input.reason, MAX_REASON);
    if reason.is_empty() {
        return Err(Refusal::FieldInvalid { field: "reason", reason: "empty" }.into());
    }
    if row.state == RegistrationState::Cancelled {
        return Err(Refusal::Conflict { what: "registration", state: row.state.code().to_owned() }.into());
    }
    if let Some(state) = begun(tx, row.id)? {
        return Err(Refusal::Conflict { what: "case", state }.into());
    }
    let before = before_cancelling(tx, &row)?;
    let (seat_freed, promoted) = end(tx, ctx, &row, &reason)?;
    keep(tx, row.id, before.as_ref(), Some(&ctx.actor.staff))?;
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
    row_lock::campaign(tx)?;
    let row = get(tx, input.registration)?;
    row_lock::case_of(tx, row.id)?;
    if !consent::withdraw(tx, row.id, input.purpose, ctx.now)? {
        let state = if consent::was_given(tx, row.id, input.purpose)? { "withdrawn" } else { NEVER_AGREED }
            .to_owned();
        return Err(Refusal::Conflict { what: "consent", state }.into());
    }
    match input.purpose {
        ConsentPurpose::Register => {
            if row.state != RegistrationState::Cancelled && begun(tx, row.id)?.is_none() {
                end(tx, ctx, &row, WITHDRAWN)?;
            }
        }
        ConsentPurpose::Handbook => {
            sms::delete_queued(tx, row.customer, "handbook")?;
        }
        ConsentPurpose::Survey => {
            close_matters(tx, row.customer, Some(Purpose::Survey), WITHDRAWN)?;
            if let Some(case) = care_case::find_by_registration(tx, row.id)? {
                let settled = Some((&ctx.actor.staff, ctx.now));
                call::update_survey_state(tx, case.id, SurveyState::Due, SurveyState::Refused, settled)?;
                tx.touch(Topics::SURVEYS);
            }
        }
        ConsentPurpose::Marketing => {}
    }
    let detail = format!("purpose={}", input.purpose.code());
    Ok(Done::new(Receipt::ConsentWithdrawn {}, format!("registration:{}", row.id)).detail(detail))
}

/// The state past which a registration cannot be given up: the consultation has begun or is over. Who may cancel may not
/// know how else a case ended at Vinmec, and such a seat can be given up, too.
pub(super) fn begun(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<String>, Error> {
    let Some(case) = care_case::find_by_registration(tx, id)? else { return Ok(None) };
    if case.state == CaseState::Consulted {
        return Ok(Some(case.state.code().to_owned()));
    }
    let live = appointment::find_live(tx, case.id)?.map(|live| live.state);
    Ok(live.filter(|state| *state == AppointmentState::InProgress).map(|state| state.code().to_owned()))
}

/// Everything that ends with a registration.
pub(super) fn end(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: &RegistrationRow,
    reason: &str,
) -> Result<(bool, Option<RegistrationId>), Error> {
    let freed = free_seat(tx, ctx, row.id, reason)?;
    // It was kept for a correction that can come no more.
    seat_release::delete(tx, row.id)?;
    for kind in [TaskKind::SeatReturned, TaskKind::PromotedToTell, TaskKind::HandoverReturned] {
        task::close_about(tx, ctx, kind, TaskAbout::Registration(row.id))?;
    }
    if batch::return_open(tx, row.id, RegistrationState::Cancelled.code(), &ctx.actor.staff, ctx.now)? {
        tx.touch(Topics::BATCHES);
    }
    if let Some(case) = care_case::find_by_registration(tx, row.id)? {
        appointment::cancel_live(tx, case.id, "customer", reason)?;
        if case.state.may_become(CaseState::Withdrawn)
            && !care_case::update_state(tx, case.id, case.state, CaseState::Withdrawn, ctx.now)?
        {
            return Err(Refusal::Conflict { what: "case", state: case.state.code().to_owned() }.into());
        }
        tx.touch(Topics::CASES.with(Topics::ROSTER));
    }
    close_matters(tx, row.customer, None, RegistrationState::Cancelled.code())?;
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
