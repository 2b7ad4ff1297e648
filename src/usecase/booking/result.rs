//! Records the start and the result of a consultation. A consultation that took place opens the survey of a customer
//! who agreed to be asked; a missed one returns the case to the intake.

use crate::domain::appointment::{AppointmentState, minutes_over};
use crate::domain::case::CaseState;
use crate::domain::consent::ConsentPurpose;
use crate::domain::contact::Purpose;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::appointment::{self as appointment_rows, AppointmentRow, ConsultationResult};
use crate::store::care_case::{self as case_rows, CaseRow};
use crate::store::{
    Topics, Tx, consent as consent_rows, matter as matter_rows, registration as registration_rows,
    survey as survey_rows,
};
use crate::usecase::command::{AppointmentRef, Outcome, RecordResult};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::intake::check_screening;
use crate::usecase::receipt::Receipt;

/// Longest summary, in graphemes: the clinical note is the hospital's.
const MAX_SUMMARY: usize = 1_000;

/// The doctor starts, on the day of the appointment or later.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::Forbidden`] for another doctor's appointment, [`Refusal::Conflict`] unless it
/// is booked or told, [`Refusal::FieldInvalid`] on `started_at` before the appointment's day,
/// [`Refusal::ScreeningMissing`] for a child who was not asked the list of paediatrics.
pub(in crate::usecase) fn start_consultation(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: AppointmentRef,
) -> Result<Done, Error> {
    let row = super::get_own(tx, ctx, input.appointment)?;
    row.state.become_state(AppointmentState::InProgress)?;
    not_before_its_day(&row, ctx.now)?;
    check_screening(tx, ctx, row.case, Some(row.department))?;
    super::settled(appointment_rows::settle_started(tx, row.id, ctx.now)?, &row)?;
    tx.touch(Topics::CASES.with(Topics::ROSTER));
    Ok(Done::new(Receipt::ConsultationStarted { at: ctx.now }, format!("appointment:{}", row.id)))
}

/// Records what came of an appointment. Times that are not given: the start is the one noted, else the planned
/// one; the end is now, for a consultation that was not noted at most the planned length later. One that ran over the
/// limit is recorded as it was, and marked.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::Forbidden`], [`Refusal::Conflict`] unless it is booked, told or in progress,
/// [`Refusal::FieldInvalid`] on times that cannot be.
pub(in crate::usecase) fn record_result(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &RecordResult,
) -> Result<Done, Error> {
    let row = super::get_own(tx, ctx, input.appointment)?;
    let case = case_rows::find(tx, row.case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: row.case.to_string() })?;
    let mut over_limit_minutes = 0;
    let outcome = match input.outcome {
        Outcome::Done => {
            over_limit_minutes = took_place(tx, ctx, input, &row, &case)?;
            "done"
        }
        Outcome::NoShowCustomer => {
            if ctx.now < row.starts_at {
                return Err(out_of_range("outcome").into());
            }
            missed(tx, ctx, "no_show_customer", &row, &case)?;
            "no_show_customer"
        }
        Outcome::NoShowDoctor => {
            missed(tx, ctx, "no_show_doctor", &row, &case)?;
            "no_show_doctor"
        }
    };
    tx.touch(Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE));
    let over_limit_minutes = (over_limit_minutes > 0).then_some(over_limit_minutes);
    let over = over_limit_minutes.map_or_else(String::new, |minutes| format!(" over_minutes={minutes}"));
    let done = Done::new(Receipt::ResultRecorded { over_limit_minutes }, format!("appointment:{}", row.id));
    Ok(done.detail(format!("case={} outcome={outcome}{over}", case.id)))
}

/// Records a consultation that took place; returns the minutes over the limit.
fn took_place(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &RecordResult,
    row: &AppointmentRow,
    case: &CaseRow,
) -> Result<i64, Error> {
    row.state.become_state(AppointmentState::Done)?;
    case.state.become_state(CaseState::Consulted)?;
    let (started_at, ended_at) = times(ctx, input, row)?;
    let max_minutes = ctx.campaign.limits_on(started_at.date()).consultation_minutes;
    let over_minutes = minutes_over(started_at, ended_at, max_minutes);
    let summary = text::clean_multiline(input.summary.as_deref().unwrap_or_default(), MAX_SUMMARY + 1);
    if text::clean_multiline(&summary, MAX_SUMMARY) != summary {
        return Err(Refusal::FieldInvalid { field: "summary", reason: "too_long" }.into());
    }
    let result = ConsultationResult {
        outcome: "done",
        started_at: Some(started_at),
        ended_at: Some(ended_at),
        summary: (!summary.is_empty()).then_some(summary.as_str()),
        in_person: input.in_person_advised,
        over_minutes,
    };
    super::settled(appointment_rows::settle_result(tx, row.id, AppointmentState::Done, &result)?, row)?;
    if !case_rows::update_consulted(tx, case.id, case.state, ended_at, ctx.now)? {
        return Err(Refusal::Conflict { what: "case", state: case.state.code().to_owned() }.into());
    }
    matter_rows::close(tx, Purpose::Intake.matter_id(case.customer), CaseState::Consulted.code())?;
    if consent_rows::is_given(tx, case.registration, ConsentPurpose::Survey)? {
        let registered_by =
            registration_rows::find(tx, case.registration)?.map(|registration| registration.by);
        survey_rows::insert(tx, case.id, case.customer, row.department, ctx.now)?;
        matter_rows::open(tx, case.customer, Purpose::Survey, ctx.now, registered_by.as_ref())?;
        tx.touch(Topics::SURVEYS);
    }
    Ok(over_minutes)
}

/// Real start and end.
fn times(
    ctx: &Ctx<'_>,
    input: &RecordResult,
    row: &AppointmentRow,
) -> Result<(Timestamp, Timestamp), Refusal> {
    let noted = input.started_at.or(row.started_at);
    let started_at = noted.unwrap_or_else(|| row.starts_at.min(ctx.now));
    not_before_its_day(row, started_at)?;
    if started_at > ctx.now {
        return Err(out_of_range("started_at"));
    }
    let ended_at = match (input.ended_at, noted) {
        (Some(given), _) => given,
        (None, Some(_)) => end_of_noted(ctx, started_at)?,
        (None, None) => ctx.now.min(started_at.plus_minutes(row.minutes)),
    };
    if ended_at < started_at || ended_at > ctx.now {
        return Err(out_of_range("ended_at"));
    }
    Ok((started_at, ended_at))
}

/// The end of a consultation that is recorded while it ends: now. One that was left open for twice the limit was forgotten,
/// and its real end must be given.
fn end_of_noted(ctx: &Ctx<'_>, started_at: Timestamp) -> Result<Timestamp, Refusal> {
    let max_minutes = ctx.campaign.limits_on(started_at.date()).consultation_minutes;
    if minutes_over(started_at, ctx.now, 2 * max_minutes) > 0 {
        return Err(Refusal::FieldInvalid { field: "ended_at", reason: "needed" });
    }
    Ok(ctx.now)
}

/// The case goes back to the intake, to be booked again.
fn missed(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    outcome: &'static str,
    row: &AppointmentRow,
    case: &CaseRow,
) -> Result<(), Error> {
    row.state.become_state(AppointmentState::NoShow)?;
    case.state.become_state(CaseState::NoShow)?;
    not_before_its_day(row, ctx.now)?;
    let result = ConsultationResult {
        outcome,
        started_at: row.started_at,
        ended_at: None,
        summary: None,
        in_person: None,
        over_minutes: 0,
    };
    super::settled(appointment_rows::settle_result(tx, row.id, AppointmentState::NoShow, &result)?, row)?;
    if !case_rows::update_state(tx, case.id, case.state, CaseState::NoShow, ctx.now)? {
        return Err(Refusal::Conflict { what: "case", state: case.state.code().to_owned() }.into());
    }
    matter_rows::open(tx, case.customer, Purpose::Intake, ctx.now, None)?;
    Ok(())
}

fn not_before_its_day(row: &AppointmentRow, at: Timestamp) -> Result<(), Refusal> {
    if at.date() < row.starts_at.date() { Err(out_of_range("started_at")) } else { Ok(()) }
}

const fn out_of_range(field: &'static str) -> Refusal {
    Refusal::FieldInvalid { field, reason: "out_of_range" }
}
