//! Cancels an appointment. The seat stays; the case can be booked again.

use crate::domain::appointment::AppointmentState;
use crate::domain::case::CaseState;
use crate::domain::contact::Purpose;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::{
    Topics, Tx, appointment as appointment_rows, care_case as case_rows, matter as matter_rows,
};
use crate::usecase::command::{CancelAppointment, CancelledBy};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::receipt::Receipt;

/// Longest reason, in graphemes.
const MAX_REASON: usize = 200;

/// Cancels an appointment that has not begun. The case goes back to `triaged` and its intake call is open again,
/// due at once; an appointment message that was not sent yet is taken back.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::FieldInvalid`] without a reason, [`Refusal::Conflict`] unless it is held,
/// booked or told.
pub(in crate::usecase) fn cancel_appointment(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &CancelAppointment,
) -> Result<Done, Error> {
    let row = super::get_locked(tx, input.appointment)?;
    row.state.become_state(AppointmentState::Cancelled)?;
    let reason = text::clean(&input.reason, MAX_REASON);
    if reason.is_empty() {
        return Err(Refusal::FieldInvalid { field: "reason", reason: "empty" }.into());
    }
    let by = match input.by {
        CancelledBy::Customer => "customer",
        CancelledBy::Vinmec => "vinmec",
    };
    super::settled(appointment_rows::settle_cancelled(tx, row.id, row.state, by, &reason)?, &row)?;
    if row.state != AppointmentState::Held
        && let Some(case) = case_rows::find(tx, row.case)?
    {
        if !case_rows::update_state(tx, case.id, case.state, CaseState::Triaged, ctx.now)? {
            return Err(Refusal::Conflict { what: "case", state: case.state.code().to_owned() }.into());
        }
        matter_rows::open(tx, case.customer, Purpose::Intake, ctx.now, None)?;
        super::tell::take_back(tx, case.customer)?;
    }
    tx.touch(Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE));
    let done = Done::new(Receipt::AppointmentCancelled {}, format!("appointment:{}", row.id));
    Ok(done.detail(format!("by={by}")))
}
