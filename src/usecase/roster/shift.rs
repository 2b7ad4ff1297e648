//! Registered hours.

use crate::domain::refusal::Refusal;
use crate::domain::roster::{self, Hours};
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::store::{Topics, Tx, doctor as doctor_rows, row_lock, shift as shift_rows};
use crate::usecase::command::AddShift;
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::receipt::Receipt;

/// Nobody works longer in one stretch; a longer one is a typing error.
const LONGEST_MS: i64 = 16 * HOUR_MS;

/// Adds hours to a doctor.
///
/// # Errors
/// [`Refusal::OffGrid`]; [`Refusal::FieldInvalid`] on `to` unless it lies after `from`, on the same civil day and
/// at most 16 hours later; [`Refusal::NoSuchRow`]; [`Refusal::Conflict`] for hours that overlap the doctor's own.
pub(in crate::usecase) fn add_shift(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &AddShift) -> Result<Done, Error> {
    let AddShift { doctor, from, to } = *input;
    let limits = ctx.campaign.limits_on(from.date());
    roster::check_shift(&Hours { from, to }, limits.granule_minutes)?;
    // A shift until midnight belongs to the day that ends.
    if from.date() != to.plus_ms(-1).date() || to.since(from) > LONGEST_MS {
        return Err(Refusal::FieldInvalid { field: "to", reason: "out_of_range" }.into());
    }
    row_lock::doctor(tx, doctor)?;
    if doctor_rows::find(tx, doctor)?.is_none() {
        return Err(Refusal::NoSuchRow { what: "doctor", id: doctor.to_string() }.into());
    }
    let day = Timestamp::start_of(from.date());
    let own = shift_rows::list_of_doctor(tx, doctor, day, day.plus_days(1))?;
    if own.iter().any(|shift| shift.from < to && from < shift.to) {
        return Err(Refusal::Conflict { what: "shift", state: "exists".to_owned() }.into());
    }
    let shift = shift_rows::insert(tx, doctor, from, to)?;
    tx.touch(Topics::ROSTER);
    Ok(Done::new(Receipt::ShiftAdded { shift }, format!("shift:{shift}")).detail(format!("doctor={doctor}")))
}
