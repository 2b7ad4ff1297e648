//! Holds a slot while the intake nurse talks with the customer.

use super::slot::{self, For, Slot};
use crate::domain::appointment::AppointmentState;
use crate::domain::refusal::Refusal;
use crate::store::{Topics, Tx, appointment as appointment_rows};
use crate::usecase::command::{AppointmentRef, Book};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::receipt::Receipt;

/// Holds a slot for the campaign's minutes. The actor's earlier hold for the same case is released.
///
/// # Errors
/// Those of booking.
pub(in crate::usecase) fn hold_slot(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Book) -> Result<Done, Error> {
    let bookable = slot::bookable(tx, ctx, input.case)?;
    let wanted = Slot { doctor: input.doctor, starts_at: input.starts_at, minutes: input.minutes };
    slot::check(tx, ctx, wanted, bookable.department, bookable.hold.as_ref().map(|hold| hold.id))?;
    appointment_rows::cancel_live(tx, input.case, "vinmec", "held_elsewhere")?;
    let until = ctx.now.plus_minutes(ctx.campaign.limits_on(ctx.now.date()).slot_hold_minutes);
    let whose = For {
        case: input.case,
        department: bookable.department,
        method: &bookable.method,
        by: &ctx.actor.staff,
        held_until: Some(until),
    };
    let appointment = slot::take(tx, ctx, wanted, whose)?;
    tx.touch(Topics::ROSTER);
    let done = Done::new(Receipt::SlotHeld { appointment, until }, format!("appointment:{appointment}"));
    Ok(done.detail(format!("case={}", input.case)))
}

/// Releases a held slot; any role with the permission to book may.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::Conflict`] when it is not held.
pub(in crate::usecase) fn release_slot(
    tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    input: AppointmentRef,
) -> Result<Done, Error> {
    let row = super::get_locked(tx, input.appointment)?;
    let released = row.state == AppointmentState::Held
        && appointment_rows::settle_cancelled(tx, row.id, AppointmentState::Held, "vinmec", "released")?;
    if !released {
        return Err(Refusal::Conflict { what: "appointment", state: row.state.code().to_owned() }.into());
    }
    tx.touch(Topics::ROSTER);
    Ok(Done::new(Receipt::SlotReleased {}, format!("appointment:{}", row.id)))
}
