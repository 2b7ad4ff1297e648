//! Keeps the answers of a checklist that was read out.

use crate::domain::department::Department;
use crate::domain::refusal::Refusal;
use crate::domain::triage::FlagAnswer;
use crate::store::Tx;
use crate::store::care_case::CaseRow;
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

/// The row was as it was read.
pub(super) fn moved(changed: bool, case: &CaseRow) -> Result<(), Refusal> {
    if changed {
        Ok(())
    } else {
        Err(Refusal::Conflict { what: "case", state: case.state.code().to_owned() })
    }
}
