//! Books appointments: from a routed case to a consultation with its result.
//!
//! Invariants:
//! - a command that changes a case's appointment holds the lock of the case;
//! - expired holds are ended before any slot is checked, in the same transaction;
//! - nothing is booked that [`slot::check`] did not pass;
//! - a case has one live appointment;
//! - ending an appointment before the consultation returns the case to the intake, with its call open again.
//!
//! Deliberately absent: free-slot search (see `roster`), and the clinical note, which is the hospital's.

mod book;
mod cancel;
mod hold;
mod line;
mod result;
mod slot;
mod tell;
#[cfg(test)]
mod tests;

pub(super) use book::{book, move_appointment};
pub(super) use cancel::cancel_appointment;
pub(super) use hold::{hold_slot, release_slot};
pub(super) use line::line;
pub(super) use result::{record_result, start_consultation};
pub(super) use tell::tell_customer;

use super::error::Error;
use crate::domain::actor::{Permission, Role};
use crate::domain::id::AppointmentId;
use crate::domain::refusal::Refusal;
use crate::store::appointment::{self as appointment_rows, AppointmentRow};
use crate::store::{Tx, row_lock};
use crate::usecase::ctx::Ctx;

fn get(tx: &mut Tx<'_>, id: AppointmentId) -> Result<AppointmentRow, Error> {
    appointment_rows::find(tx, id)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "appointment", id: id.to_string() }.into())
}

/// An appointment as it is once its case is locked.
fn get_locked(tx: &mut Tx<'_>, id: AppointmentId) -> Result<AppointmentRow, Error> {
    let seen = get(tx, id)?;
    row_lock::case(tx, seen.case)?;
    get(tx, id)
}

/// An appointment that the actor may end, with its case locked: a doctor only their own.
fn get_own(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: AppointmentId) -> Result<AppointmentRow, Error> {
    let row = get_locked(tx, id)?;
    if ctx.actor.role == Role::Doctor && ctx.actor.doctor != Some(row.doctor) {
        return Err(Refusal::Forbidden { act: Permission::RecordResult }.into());
    }
    Ok(row)
}

/// The row was as it was read.
fn settled(changed: bool, row: &AppointmentRow) -> Result<(), Refusal> {
    if changed {
        Ok(())
    } else {
        Err(Refusal::Conflict { what: "appointment", state: row.state.code().to_owned() })
    }
}
