//! Checks a slot for every use: the case, the doctor, the time, the hours, the doctor's other appointments. Order of
//! the checks: the case first, then what the actor typed, then what others did.

use crate::domain::appointment::{check_time, granules};
use crate::domain::case::CaseState;
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, CaseId, DoctorId, StaffId};
use crate::domain::refusal::Refusal;
use crate::domain::roster::{self, Hours};
use crate::domain::time::Timestamp;
use crate::store::appointment::{AppointmentRow, NewAppointment};
use crate::store::care_case::CaseRow;
use crate::store::{
    Tx, appointment as appointment_rows, care_case as case_rows, doctor as doctor_rows,
    granule as granule_rows, row_lock, shift as shift_rows,
};
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::intake::check_screening;

/// A stretch of a doctor's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// With whom.
    pub doctor: DoctorId,
    /// Start.
    pub starts_at: Timestamp,
    /// Length in minutes.
    pub minutes: i64,
}

impl Slot {
    const fn ends_at(&self) -> Timestamp {
        self.starts_at.plus_minutes(self.minutes)
    }

    /// Whether an appointment is exactly this.
    pub(super) fn is(&self, row: &AppointmentRow) -> bool {
        (self.doctor, self.starts_at, self.minutes) == (row.doctor, row.starts_at, row.minutes)
    }
}

/// A case that may be booked, with what its screening decided and the hold it has, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bookable {
    pub case: CaseRow,
    pub department: Department,
    pub method: String,
    pub hold: Option<AppointmentRow>,
}

/// Locks a case, sweeps the holds that ran out, then loads the case if it may be booked now.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::AcuteProblem`] for a diverted case, [`Refusal::Conflict`] for one that is
/// booked already or held by another actor, [`Refusal::CaseNotReady`], [`Refusal::ScreeningMissing`].
pub(super) fn bookable(tx: &mut Tx<'_>, ctx: &Ctx<'_>, case: CaseId) -> Result<Bookable, Error> {
    row_lock::case(tx, case)?;
    appointment_rows::settle_expired_holds(tx, ctx.now)?;
    let row = case_rows::find(tx, case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: case.to_string() })?;
    if row.state == CaseState::Diverted115 {
        return Err(Refusal::AcuteProblem.into());
    }
    let hold = appointment_rows::find_live(tx, case)?;
    if let Some(live) = &hold
        && (live.held_until.is_none() || live.by != ctx.actor.staff)
    {
        return Err(Refusal::Conflict { what: "appointment", state: live.state.code().to_owned() }.into());
    }
    match (row.state.is_bookable(), row.department, row.method.clone()) {
        (true, Some(department), Some(method)) => {
            check_screening(tx, ctx, case, Some(department))?;
            Ok(Bookable { case: row, department, method, hold })
        }
        _ => Err(Refusal::CaseNotReady { state: row.state.code().to_owned() }.into()),
    }
}

/// Whether `slot` may be taken for `department`; granules of `besides` count as free.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::WrongDepartment`], [`Refusal::DegreeTooLow`], those of
/// [`check_time`], [`Refusal::OutsideShift`], [`Refusal::DoctorBusy`].
pub(super) fn check(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    slot: Slot,
    department: Department,
    besides: Option<AppointmentId>,
) -> Result<(), Error> {
    let found = doctor_rows::find_bookable(tx, slot.doctor, department)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "doctor", id: slot.doctor.to_string() })?;
    if !found.works_there {
        return Err(Refusal::WrongDepartment { department }.into());
    }
    // The policy may have become stricter since the doctor was added.
    ctx.campaign.degree.check(&found.doctor.titles)?;
    let limits = ctx.campaign.limits_on(slot.starts_at.date());
    check_time(slot.starts_at, slot.minutes, &limits, &ctx.campaign.consultation, ctx.now)?;
    let day = Timestamp::start_of(slot.starts_at.date());
    let hours: Vec<Hours> = shift_rows::list_of_doctor(tx, slot.doctor, day, day.plus_days(1))?
        .iter()
        .map(|shift| Hours { from: shift.from, to: shift.to })
        .collect();
    roster::check_cover(&hours, slot.starts_at, slot.minutes)?;
    match granule_rows::find_taken(tx, slot.doctor, slot.starts_at, slot.ends_at(), besides, ctx.now)? {
        Some(at) => Err(Refusal::DoctorBusy { at }.into()),
        None => Ok(()),
    }
}

/// Who takes a slot for which case, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct For<'a> {
    pub case: CaseId,
    pub department: Department,
    pub method: &'a str,
    pub by: &'a StaffId,
    /// Only held until then.
    pub held_until: Option<Timestamp>,
}

/// Takes a slot that [`check`] passed: the appointment and its granules.
///
/// # Errors
/// [`Refusal::DoctorBusy`] when another command was faster.
pub(super) fn take(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    slot: Slot,
    whose: For<'_>,
) -> Result<AppointmentId, Error> {
    let new = NewAppointment {
        case: whose.case,
        doctor: slot.doctor,
        department: whose.department,
        starts_at: slot.starts_at,
        minutes: slot.minutes,
        method: whose.method,
        by: whose.by,
        held_until: whose.held_until,
    };
    let appointment = appointment_rows::insert(tx, &new, ctx.now)?;
    for at in granules(slot.starts_at, slot.minutes, granule_rows::MINUTES) {
        if !granule_rows::insert(tx, slot.doctor, at, appointment)? {
            return Err(Refusal::DoctorBusy { at }.into());
        }
    }
    Ok(appointment)
}
