//! Books and moves appointments.

use super::slot::{self, For, Slot};
use crate::domain::appointment::AppointmentState;
use crate::domain::case::CaseState;
use crate::domain::contact::Purpose;
use crate::domain::refusal::Refusal;
use crate::store::{
    Topics, Tx, appointment as appointment_rows, care_case as case_rows, matter as matter_rows,
};
use crate::usecase::command::{Book, MoveAppointment};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::intake::check_screening;
use crate::usecase::receipt::Receipt;

/// The close reason of an intake call that no agent has open.
const BOOKED: &str = "booked";

/// Books a slot for a case. The actor's hold on the same slot becomes the booking; a hold elsewhere is released.
/// An intake call that no agent has open is closed: there is nothing left to call about.
///
/// # Errors
/// [`Refusal::AcuteProblem`], [`Refusal::CaseNotReady`], [`Refusal::ScreeningMissing`], [`Refusal::Conflict`] for a case that has a live
/// appointment (move that one), and those of [`slot::check`].
pub(in crate::usecase) fn book(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Book) -> Result<Done, Error> {
    let bookable = slot::bookable(tx, ctx, input.case)?;
    let wanted = Slot { doctor: input.doctor, starts_at: input.starts_at, minutes: input.minutes };
    slot::check(tx, ctx, wanted, bookable.department, bookable.hold.as_ref().map(|hold| hold.id))?;
    let kept =
        bookable.hold.as_ref().filter(|hold| wanted.is(hold) && hold.department == bookable.department);
    let appointment = if let Some(hold) = kept {
        let booked = appointment_rows::settle_hold(tx, hold.id, &bookable.method, &ctx.actor.staff, ctx.now)?;
        super::settled(booked, hold)?;
        hold.id
    } else {
        appointment_rows::cancel_live(tx, input.case, "vinmec", "booked_elsewhere")?;
        let whose = For {
            case: input.case,
            department: bookable.department,
            method: &bookable.method,
            by: &ctx.actor.staff,
            held_until: None,
        };
        slot::take(tx, ctx, wanted, whose)?
    };
    let case = &bookable.case;
    if !case_rows::update_state(tx, case.id, case.state, CaseState::Booked, ctx.now)? {
        return Err(Refusal::Conflict { what: "case", state: case.state.code().to_owned() }.into());
    }
    if matter_rows::close_unless_leased(tx, Purpose::Intake.matter_id(case.customer), BOOKED)? {
        tx.touch(Topics::QUEUE);
    }
    tx.touch(Topics::CASES.with(Topics::ROSTER));
    let done = Done::new(Receipt::Booked { appointment }, format!("appointment:{appointment}"));
    Ok(done.detail(format!("case={} doctor={} starts_at={}", case.id, wanted.doctor, wanted.starts_at)))
}

/// Moves an appointment that has not begun. The old one links to the new one, and the customer has to be told
/// again.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::Conflict`] unless it is booked or told, [`Refusal::ScreeningMissing`], and those of
/// [`slot::check`].
pub(in crate::usecase) fn move_appointment(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &MoveAppointment,
) -> Result<Done, Error> {
    let old = super::get_locked(tx, input.appointment)?;
    appointment_rows::settle_expired_holds(tx, ctx.now)?;
    old.state.become_state(AppointmentState::Moved)?;
    check_screening(tx, ctx, old.case, Some(old.department))?;
    let wanted = Slot {
        doctor: input.doctor.unwrap_or(old.doctor),
        starts_at: input.starts_at,
        minutes: input.minutes.unwrap_or(old.minutes),
    };
    slot::check(tx, ctx, wanted, old.department, Some(old.id))?;
    // The case may have one live appointment, so the old one ends before the new one begins.
    if !appointment_rows::settle_cancelled(tx, old.id, old.state, "vinmec", "moved")? {
        return Err(Refusal::Conflict { what: "appointment", state: old.state.code().to_owned() }.into());
    }
    let whose = For {
        case: old.case,
        department: old.department,
        method: &old.method,
        by: &ctx.actor.staff,
        held_until: None,
    };
    let appointment = slot::take(tx, ctx, wanted, whose)?;
    appointment_rows::settle_moved(tx, old.id, appointment)?;
    if let Some(case) = case_rows::find(tx, old.case)? {
        super::tell::take_back(tx, case.customer)?;
    }
    tx.touch(Topics::CASES.with(Topics::ROSTER));
    let done = Done::new(Receipt::Moved { appointment }, format!("appointment:{}", old.id));
    Ok(done.detail(format!("to={appointment} doctor={} starts_at={}", wanted.doctor, wanted.starts_at)))
}
