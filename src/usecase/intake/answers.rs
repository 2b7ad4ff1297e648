//! Keeps the answers of a checklist that was read out, and says whether they cover the patient.

use crate::domain::department::Department;
use crate::domain::id::CaseId;
use crate::domain::refusal::Refusal;
use crate::domain::triage::FlagAnswer;
use crate::store::Tx;
use crate::store::care_case::{self as case_rows, CaseRow};
use crate::store::screening::{self as screening_rows, NewScreening};
use crate::usecase::command::Triage;
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;

/// Longest need, in graphemes.
pub(super) const MAX_NEED: usize = 1_000;

/// A checklist that was read out, with what it said.
#[derive(Clone, Copy)]
pub(super) struct Answered<'a> {
    /// Whose checklist.
    pub list: Department,
    /// Signs answered "yes" or "unsure".
    pub acute: &'a [String],
    /// Every answer.
    pub answers: &'a [(String, FlagAnswer)],
}

/// Keeps every answer with version, time and nurse.
pub(super) fn keep_answers(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &Triage,
    answered: Answered<'_>,
    acute: bool,
) -> Result<(), Error> {
    let new = NewScreening {
        case: input.case,
        department: input.department,
        list: answered.list,
        version: input.screened.unwrap_or(ctx.campaign.red_flags.version),
        answers: answered.answers,
        acute,
        by: &ctx.actor.staff,
    };
    Ok(screening_rows::insert(tx, &new, ctx.now)?)
}

/// Refuses a case whose screening does not cover its patient: a child was not asked the list of paediatrics, because
/// the birth year was not known then. A case of an older store keeps no list: its department says whose it was.
///
/// # Errors
/// [`Refusal::ScreeningMissing`] until the case was triaged again.
pub(in crate::usecase) fn check_screening(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    case: CaseId,
    department: Option<Department>,
) -> Result<(), Error> {
    match screening_missing(tx, ctx, case, department)? {
        Some(missing) => Err(missing.into()),
        None => Ok(()),
    }
}

/// The refusal of [`check_screening`], where there is one.
pub(super) fn screening_missing(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    case: CaseId,
    department: Option<Department>,
) -> Result<Option<Refusal>, Error> {
    let Some(read) = screening_rows::find_list(tx, case)?.or(department) else { return Ok(None) };
    let born = case_rows::find_birth_year(tx, case)?;
    Ok(ctx.campaign.red_flags.check_covers(read, born, ctx.now.date()).err())
}

/// The row was as it was read.
pub(super) fn moved(changed: bool, case: &CaseRow) -> Result<(), Refusal> {
    if changed {
        Ok(())
    } else {
        Err(Refusal::Conflict { what: "case", state: case.state.code().to_owned() })
    }
}
