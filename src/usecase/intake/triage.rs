//! Triages a case: the checklist first, because an emergency must not wait for a complete form.

use crate::domain::appointment::AppointmentState;
use crate::domain::case::CaseState;
use crate::domain::contact::Purpose;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::triage::Screening;
use crate::store::care_case::{CaseRow, Screened};
use crate::store::{
    Topics, Tx, appointment as appointment_rows, care_case as case_rows, matter as matter_rows, row_lock,
};
use crate::usecase::command::{Method, Triage};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::receipt::Receipt;
use crate::usecase::registration;

/// Longest need, in graphemes.
const MAX_NEED: usize = 1_000;
/// Longest reason for video, in graphemes.
const MAX_METHOD_REASON: usize = 200;
/// Why everything about a diverted case ended.
const DIVERTED: &str = "diverted_115";

/// Screens and routes a case that is not booked yet; may be repeated until it is. A red flag diverts it to 115,
/// also when it is booked already, until the consultation begins.
///
/// # Errors
/// [`Refusal::FieldInvalid`], [`Refusal::NoSuchRow`], [`Refusal::AcuteProblem`] for a case that was diverted,
/// [`Refusal::CaseNotReady`], [`Refusal::Conflict`] when the consultation is under way.
pub(in crate::usecase) fn triage(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Triage) -> Result<Done, Error> {
    let case = case_rows::find(tx, input.case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: input.case.to_string() })?;
    if case.state == CaseState::Diverted115 {
        return Err(Refusal::AcuteProblem.into());
    }
    let need = text::clean_multiline(&input.need, MAX_NEED + 1);
    let flags = &ctx.campaign.red_flags;
    match flags.screen_codes(&input.red_flags)? {
        Screening::Acute(codes) => {
            // It gives a seat back.
            row_lock::campaign(tx)?;
            let case = locked(tx, &case)?;
            divert(tx, ctx, input, &case, &need, &codes)
        }
        Screening::Clear => {
            let case = locked(tx, &case)?;
            route(tx, ctx, input, &case, &need)
        }
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

fn route(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Triage, case: &CaseRow, need: &str) -> Result<Done, Error> {
    if !case.state.may_become(CaseState::Triaged) || case.state == CaseState::Booked {
        return Err(Refusal::CaseNotReady { state: case.state.code().to_owned() }.into());
    }
    if need.is_empty() {
        return Err(Refusal::FieldInvalid { field: "need", reason: "empty" }.into());
    }
    if text::clean_multiline(need, MAX_NEED) != need {
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
    let screened = Screened {
        need: Some(need),
        department: input.department,
        method: input.method.code(),
        method_reason: (input.method == Method::Video).then_some(method_reason.as_str()),
        flags_version: ctx.campaign.red_flags.version,
        red_flags: "",
    };
    moved(
        case_rows::update_screening(tx, case.id, case.state, CaseState::Triaged, &screened, ctx.now)?,
        case,
    )?;
    tx.touch(Topics::CASES.with(Topics::ROSTER));
    let detail = format!("department={} method={}", input.department.code(), input.method.code());
    Ok(Done::new(Receipt::Triaged {}, format!("case:{}", case.id)).detail(detail))
}

fn divert(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &Triage,
    case: &CaseRow,
    need: &str,
    codes: &[String],
) -> Result<Done, Error> {
    if !case.state.may_become(CaseState::Diverted115) {
        return Err(Refusal::CaseNotReady { state: case.state.code().to_owned() }.into());
    }
    if let Some(live) = appointment_rows::find_live(tx, case.id)?
        && live.state == AppointmentState::InProgress
    {
        return Err(Refusal::Conflict { what: "appointment", state: live.state.code().to_owned() }.into());
    }
    appointment_rows::cancel_live(tx, case.id, "vinmec", DIVERTED)?;
    let need = text::clean_multiline(need, MAX_NEED);
    let red_flags = codes.join(",");
    let screened = Screened {
        need: (!need.is_empty()).then_some(need.as_str()),
        department: input.department,
        method: input.method.code(),
        method_reason: None,
        flags_version: ctx.campaign.red_flags.version,
        red_flags: &red_flags,
    };
    moved(
        case_rows::update_screening(tx, case.id, case.state, CaseState::Diverted115, &screened, ctx.now)?,
        case,
    )?;
    let (seat_freed, promoted) = registration::free_seat(tx, ctx, case.registration, DIVERTED)?;
    matter_rows::close(tx, Purpose::Intake.matter_id(case.customer), DIVERTED)?;
    tx.touch(Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE));
    let receipt = Receipt::Diverted115 { seat_freed, promoted };
    Ok(Done::new(receipt, format!("case:{}", case.id)).detail(DIVERTED))
}

/// The row was as it was read.
fn moved(changed: bool, case: &CaseRow) -> Result<(), Refusal> {
    if changed {
        Ok(())
    } else {
        Err(Refusal::Conflict { what: "case", state: case.state.code().to_owned() })
    }
}
