//! Triages a case: the checklist first, because an emergency must not wait for a complete form.

use super::answers::{Answered, MAX_NEED, keep_answers, moved, screening_missing};
use super::divert::divert;
use crate::domain::case::CaseState;
use crate::domain::refusal::Refusal;
use crate::domain::registration::RegistrationState;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::domain::triage::{ReadOut, Screened, Screening};
use crate::store::care_case::{self as case_rows, CaseRow, Screened as ScreenedCase};
use crate::store::{
    Topics, Tx, appointment as appointment_rows, registration as registration_rows, row_lock, seat_release,
};
use crate::usecase::command::{Method, Triage};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::receipt::Receipt;
use crate::usecase::task;

/// Longest reason for video, in graphemes.
const MAX_METHOD_REASON: usize = 200;

/// Screens and routes a case that is not booked yet; may be repeated until it is. A booked case whose screening does
/// not cover its patient is screened again and stays booked as it is. A red flag diverts it to 115,
/// also when it is booked already, until the consultation begins.
///
/// # Errors
/// [`Refusal::FieldInvalid`], [`Refusal::NoSuchRow`], [`Refusal::AcuteProblem`] for a case that was diverted,
/// [`Refusal::ScreeningMissing`] unless the current checklist was read out, [`Refusal::CaseNotReady`],
/// [`Refusal::Conflict`] when the consultation is under way.
pub(in crate::usecase) fn triage(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Triage) -> Result<Done, Error> {
    let case = case_rows::find(tx, input.case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: input.case.to_string() })?;
    if case.state == CaseState::Diverted115 {
        return Err(Refusal::AcuteProblem.into());
    }
    let flags = &ctx.campaign.red_flags;
    let list = flags.list_of(input.department, case_rows::find_birth_year(tx, case.id)?, ctx.now.date());
    let read = ReadOut { version: input.screened, flags: &input.red_flags, answers: &input.answers };
    let Screened { screening, answers } = flags.screen(list, &read)?;
    let case = locked(tx, &case)?;
    match screening {
        Screening::Acute(acute) => {
            divert(tx, ctx, input, &case, Answered { list, acute: &acute, answers: &answers })
        }
        Screening::Clear => route(tx, ctx, input, &case, Answered { list, acute: &[], answers: &answers }),
    }
}

/// The case as it is once it is locked.
fn locked(tx: &mut Tx<'_>, seen: &CaseRow) -> Result<CaseRow, Error> {
    row_lock::case(tx, seen.id)?;
    match case_rows::find(tx, seen.id)? {
        Some(case) if case.state == CaseState::Diverted115 => Err(Refusal::AcuteProblem.into()),
        Some(case) => Ok(case),
        None => Err(Refusal::NoSuchRow { what: "case", id: seen.id.to_string() }.into()),
    }
}

fn route(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &Triage,
    case: &CaseRow,
    answered: Answered<'_>,
) -> Result<Done, Error> {
    let is_booked = case.state == CaseState::Booked;
    let stays_booked = is_booked
        && (case.department, case.method.as_deref()) == (Some(input.department), Some(input.method.code()))
        && screening_missing(tx, ctx, case.id, case.department)?.is_some();
    let to = if stays_booked { CaseState::Booked } else { CaseState::Triaged };
    if !case.state.may_become(to) || (is_booked && !stays_booked) {
        return Err(Refusal::CaseNotReady { state: case.state.code().to_owned() }.into());
    }
    // Somebody who could not be reached may call, until their seat was given on.
    if case.state == CaseState::Unreachable {
        let found = registration_rows::find(tx, case.registration)?;
        if found.is_some_and(|found| found.state == RegistrationState::Cancelled) {
            return Err(
                Refusal::CaseNotReady { state: RegistrationState::Cancelled.code().to_owned() }.into()
            );
        }
    }
    let need = text::clean_multiline(&input.need, MAX_NEED + 1);
    if need.is_empty() {
        return Err(Refusal::FieldInvalid { field: "need", reason: "empty" }.into());
    }
    if text::clean_multiline(&need, MAX_NEED) != need {
        return Err(Refusal::FieldInvalid { field: "need", reason: "too_long" }.into());
    }
    let method_reason = text::clean(input.method_reason.as_deref().unwrap_or_default(), MAX_METHOD_REASON);
    if input.method == Method::Video && method_reason.is_empty() {
        return Err(Refusal::FieldInvalid { field: "method_reason", reason: "needed" }.into());
    }
    // A slot held for another department is of no use any more.
    if case.department.is_some_and(|held_for| held_for != input.department) {
        appointment_rows::cancel_live(tx, case.id, "vinmec", "routed_elsewhere")?;
    }
    let screened = ScreenedCase {
        need: Some(&need),
        department: input.department,
        method: input.method.code(),
        method_reason: (input.method == Method::Video).then_some(method_reason.as_str()),
        flags_version: ctx.campaign.red_flags.version,
        red_flags: "",
    };
    moved(case_rows::update_screening(tx, case.id, case.state, to, &screened, ctx.now)?, case)?;
    keep_answers(tx, ctx, input, answered, false)?;
    // It goes on, so that its seat is not given on.
    seat_release::delete(tx, case.registration)?;
    task::close_about(tx, ctx, TaskKind::SeatReturned, TaskAbout::Registration(case.registration))?;
    tx.touch(Topics::CASES.with(Topics::ROSTER));
    let detail = format!("department={} method={}", input.department.code(), input.method.code());
    Ok(Done::new(Receipt::Triaged {}, format!("case:{}", case.id)).detail(detail))
}
