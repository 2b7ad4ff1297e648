//! Reads one doctor's day, and the grid of all doctors' days: doctors, hours and appointments by one query each.

use crate::domain::actor::{Permission, Role};
use crate::domain::department::Department;
use crate::domain::id::DoctorId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::doctor::DoctorRow;
use crate::store::{Tx, appointment as appointment_rows, doctor as doctor_rows, shift as shift_rows};
use crate::usecase::booking::line;
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::model::case::{DayModel, RosterModel};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Shifts on one day's grid.
const MOST_SHIFTS: i64 = 5_000;

/// A doctor's day; by default the actor's own, today.
///
/// # Errors
/// [`Refusal::Forbidden`] for a doctor who asks for another's day, [`Refusal::FieldInvalid`] when nobody is named,
/// [`Refusal::NoSuchRow`].
pub(in crate::usecase) fn day(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    doctor: Option<DoctorId>,
    date: Option<NaiveDate>,
) -> Result<DayModel, Error> {
    let own = ctx.actor.doctor;
    if ctx.actor.role == Role::Doctor && (own.is_none() || doctor.is_some_and(|asked| Some(asked) != own)) {
        return Err(Refusal::Forbidden { act: Permission::SeeRoster }.into());
    }
    let doctor = doctor.or(own).ok_or(Refusal::FieldInvalid { field: "doctor", reason: "empty" })?;
    let row = doctor_rows::find(tx, doctor)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "doctor", id: doctor.to_string() })?;
    let date = date.unwrap_or_else(|| ctx.now.date());
    let (from, to) = span(date);
    let mut day = empty(&row, date);
    day.shifts = shift_rows::list_of_doctor(tx, doctor, from, to)?
        .iter()
        .map(|shift| (shift.from, shift.to))
        .collect();
    day.appointments =
        appointment_rows::list_between(tx, Some(doctor), from, to, ctx.now)?.into_iter().map(line).collect();
    Ok(day)
}

/// Every doctor of a department (of all, when none is named) with hours and appointments of one day; also those
/// who are off. A doctor sees only themselves.
pub(in crate::usecase) fn roster(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    department: Option<Department>,
    date: Option<NaiveDate>,
) -> Result<RosterModel, Error> {
    let date = date.unwrap_or_else(|| ctx.now.date());
    if ctx.actor.role == Role::Doctor {
        return Ok(RosterModel { date, department, doctors: vec![day(tx, ctx, None, Some(date))?] });
    }
    let (from, to) = span(date);
    let mut doctors: Vec<DayModel> =
        doctor_rows::list_of(tx, department)?.iter().map(|row| empty(row, date)).collect();
    let places: BTreeMap<DoctorId, usize> =
        doctors.iter().enumerate().map(|(place, day)| (day.doctor, place)).collect();
    for shift in shift_rows::list_between(tx, from, to, MOST_SHIFTS)? {
        if let Some(day) = places.get(&shift.doctor).and_then(|place| doctors.get_mut(*place)) {
            day.shifts.push((shift.from, shift.to));
        }
    }
    for listed in appointment_rows::list_between(tx, None, from, to, ctx.now)? {
        let place = places.get(&listed.appointment.doctor);
        if let Some(day) = place.and_then(|place| doctors.get_mut(*place)) {
            day.appointments.push(line(listed));
        }
    }
    Ok(RosterModel { date, department, doctors })
}

/// First instant of a day and of the next.
fn span(date: NaiveDate) -> (Timestamp, Timestamp) {
    let from = Timestamp::start_of(date);
    (from, from.plus_days(1))
}

fn empty(row: &DoctorRow, date: NaiveDate) -> DayModel {
    DayModel { doctor: row.id, name: row.full_name(), date, shifts: Vec::new(), appointments: Vec::new() }
}
