//! Records what a doctor says of a screening afterwards, for who signs the checklist.

use crate::domain::refusal::Refusal;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::store::{Topics, Tx, care_case as case_rows, screening as screening_rows};
use crate::usecase::command::ReviewScreening;
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::receipt::Receipt;
use crate::usecase::task::{self, NewTask};

/// Longest note, in graphemes.
const MAX_NOTE: usize = 500;

/// Says that a patient should have been sent to 115, or that a flag was wrong. A doctor does so for cases of their own.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::Forbidden`], [`Refusal::CaseNotReady`] for a case that was never screened,
/// [`Refusal::FieldInvalid`] for a note that is too long.
pub(in crate::usecase) fn review_screening(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &ReviewScreening,
) -> Result<Done, Error> {
    super::cases::check_own(tx, ctx, input.case)?;
    let case = case_rows::find(tx, input.case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: input.case.to_string() })?;
    if case.department.is_none() {
        return Err(Refusal::CaseNotReady { state: case.state.code().to_owned() }.into());
    }
    let note = text::clean_multiline(input.note.as_deref().unwrap_or_default(), MAX_NOTE + 1);
    if text::clean_multiline(&note, MAX_NOTE) != note {
        return Err(Refusal::FieldInvalid { field: "note", reason: "too_long" }.into());
    }
    let note = (!note.is_empty()).then_some(note.as_str());
    screening_rows::insert_review(tx, case.id, input.verdict, note, &ctx.actor.staff, ctx.now)?;
    let about = TaskAbout::Case(case.id);
    task::open(tx, ctx, &NewTask { kind: TaskKind::RedFlagReview, about, note, due_at: None })?;
    tx.touch(Topics::CASES);
    let done = Done::new(Receipt::ScreeningReviewed {}, format!("case:{}", case.id));
    Ok(done.detail(format!("verdict={}", input.verdict.code())))
}
