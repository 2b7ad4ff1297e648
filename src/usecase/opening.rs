//! Opens cases and doctors' days: looking at them is a command, and the audit log says who looked.
//!
//! An opening lets its actor read for [`READABLE_MS`]. Opening the same again within [`AGAIN_MS`] adds no audit row, so
//! that a screen that comes back to a case does not fill the log; who opens it later is written down again. A list is
//! no opening.

use super::ctx::{Ctx, Done};
use super::error::Error;
use super::receipt::Receipt;
use crate::domain::id::{CaseId, DoctorId};
use crate::domain::refusal::Refusal;
use crate::store::{Tx, opening};
use chrono::NaiveDate;

/// How long an opening lets its actor read: one shift.
const READABLE_MS: i64 = 8 * 3_600_000;
/// Within this time the same opening is not written down again.
const AGAIN_MS: i64 = 10 * 60_000;

/// The name of a case in the audit log.
pub(super) fn of_case(case: CaseId) -> String {
    format!("case:{case}")
}

/// The name of a doctor's day in the audit log.
pub(super) fn of_day(doctor: DoctorId, date: NaiveDate) -> String {
    format!("day:{doctor}:{date}")
}

/// Opens `what` for the actor.
pub(super) fn open(tx: &mut Tx<'_>, ctx: &Ctx<'_>, receipt: Receipt, what: String) -> Result<Done, Error> {
    let staff = &ctx.actor.staff;
    let last = opening::find(tx, staff, &what)?;
    if last.is_some_and(|last| ctx.now.since(last) < AGAIN_MS) {
        return Ok(Done::new(receipt, what).quiet());
    }
    opening::upsert(tx, staff, &what, ctx.now, ctx.now.plus_ms(-READABLE_MS))?;
    Ok(Done::new(receipt, what))
}

/// Refuses to read what the actor did not open.
///
/// # Errors
/// [`Refusal::NotOpened`] with the kind of thing.
pub(super) fn check(tx: &mut Tx<'_>, ctx: &Ctx<'_>, kind: &'static str, what: &str) -> Result<(), Error> {
    let last = opening::find(tx, &ctx.actor.staff, what)?;
    if last.is_some_and(|last| ctx.now.since(last) < READABLE_MS) {
        Ok(())
    } else {
        Err(Refusal::NotOpened { what: kind }.into())
    }
}
