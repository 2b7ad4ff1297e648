//! Reads one doctor's day, and the grid of all doctors' days: doctors, hours and appointments by one query each.

use crate::domain::actor::{Permission, Role};
use crate::domain::department::Department;
use crate::domain::id::DoctorId;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::doctor::DoctorRow;
use crate::store::{Tx, appointment as appointment_rows, doctor as doctor_rows, shift as shift_rows};
use crate::usecase::booking::line;
use crate::usecase::command::OpenDay;
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::model::case::{AppointmentLine, DayModel, RosterModel};
use crate::usecase::opening;
use crate::usecase::receipt::Receipt;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Shifts on one day's grid.
const MOST_SHIFTS: i64 = 5_000;

/// Whose day is meant, and which.
fn named(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    doctor: Option<DoctorId>,
    date: Option<NaiveDate>,
) -> Result<(DoctorRow, NaiveDate), Error> {
    let own = ctx.actor.doctor;
    if ctx.actor.role == Role::Doctor && (own.is_none() || doctor.is_some_and(|asked| Some(asked) != own)) {
        return Err(Refusal::Forbidden { act: Permission::SeeRoster }.into());
    }
    let doctor = doctor.or(own).ok_or(Refusal::FieldInvalid { field: "doctor", reason: "empty" })?;
    let row = doctor_rows::find(tx, doctor)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "doctor", id: doctor.to_string() })?;
    Ok((row, date.unwrap_or_else(|| ctx.now.date())))
}

/// Opens a doctor's day: who did so may read it for a while. By default the actor's own, today.
///
/// # Errors
/// Those of [`day`], but for the last.
pub(in crate::usecase) fn open_day(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: OpenDay) -> Result<Done, Error> {
    let (row, date) = named(tx, ctx, input.doctor, input.date)?;
    opening::open(tx, ctx, Receipt::DayOpened { doctor: row.id, date }, opening::of_day(row.id, date))
}

/// A doctor's day; by default the actor's own, today. What its patients need and what was said is for roles that may
/// see it.
///
/// # Errors
/// [`Refusal::Forbidden`] for a doctor who asks for another's day, [`Refusal::FieldInvalid`] when nobody is named,
/// [`Refusal::NoSuchRow`], [`Refusal::NotOpened`] for an actor who did not open it ([`open_day`]).
pub(in crate::usecase) fn day(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    doctor: Option<DoctorId>,
    date: Option<NaiveDate>,
) -> Result<DayModel, Error> {
    let (row, date) = named(tx, ctx, doctor, date)?;
    opening::check(tx, ctx, "day", &opening::of_day(row.id, date))?;
    let mut day = read(tx, ctx, &row, date)?;
    if !ctx.may(Permission::SeeHealth) {
        day.appointments.iter_mut().for_each(|line| *line = in_list(ctx, line.clone()));
    }
    Ok(day)
}

fn read(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: &DoctorRow, date: NaiveDate) -> Result<DayModel, Error> {
    let doctor = row.id;
    let (from, to) = span(date);
    let mut day = empty(row, date);
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
        let (row, date) = named(tx, ctx, None, Some(date))?;
        let mut own = read(tx, ctx, &row, date)?;
        own.appointments = own.appointments.into_iter().map(|line| in_list(ctx, line)).collect();
        return Ok(RosterModel { date, department, doctors: vec![own] });
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
            day.appointments.push(in_list(ctx, line(listed)));
        }
    }
    Ok(RosterModel { date, department, doctors })
}

/// An appointment in a list, which is no opening: without need and summary, and without the patient for roles that may
/// not know whom a doctor sees.
fn in_list(ctx: &Ctx<'_>, line: AppointmentLine) -> AppointmentLine {
    let patient = if ctx.may(Permission::SeeHealth) { line.patient } else { String::new() };
    AppointmentLine { patient, need: None, summary: None, ..line }
}

/// First instant of a day and of the next.
fn span(date: NaiveDate) -> (Timestamp, Timestamp) {
    let from = Timestamp::start_of(date);
    (from, from.plus_days(1))
}

fn empty(row: &DoctorRow, date: NaiveDate) -> DayModel {
    DayModel { doctor: row.id, name: row.full_name(), date, shifts: Vec::new(), appointments: Vec::new() }
}
