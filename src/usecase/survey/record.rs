//! Recording the answers of one customer, with the call they were given in.

use crate::domain::case::CaseState;
use crate::domain::contact::Purpose;
use crate::domain::refusal::Refusal;
use crate::domain::survey::SurveyState;
use crate::domain::text;
use crate::store::survey::{self as survey_rows, Sheet};
use crate::store::{Topics, Tx, care_case as case_rows, draft, matter as matter_rows, row_lock};
use crate::usecase::command::{RecordSurvey, SurveyAnswers};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::draft::form_of_matter;
use crate::usecase::error::Error;
use crate::usecase::outbound::{self, CallData, Holding};
use crate::usecase::receipt::Receipt;

/// Longest comment, in graphemes.
const MAX_COMMENT: usize = 1_000;
/// Codes of the scale questions in the order of their columns.
const SCALES: [&str; 6] = ["q1", "q2", "q3", "q4", "q5", "q6"];
/// The yes/no question.
const HANDBOOK: &str = "handbook_received";

/// Records the answers of a consulted case, closes its survey matter and counts the call. The matter may be the
/// actor's open call or without a holder.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::CaseNotReady`] before the consultation, [`Refusal::Conflict`] for a survey that
/// is settled or that the customer did not want, [`Refusal::RegisteredByYou`], [`Refusal::AnswerOutOfRange`],
/// [`Refusal::FieldInvalid`], [`Refusal::NotYourLease`], [`Refusal::LeaseExpired`].
pub(in crate::usecase) fn record_survey(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &RecordSurvey,
) -> Result<Done, Error> {
    row_lock::case(tx, input.case)?;
    let case = case_rows::find(tx, input.case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: input.case.to_string() })?;
    if case.state != CaseState::Consulted {
        return Err(Refusal::CaseNotReady { state: case.state.outside_code().to_owned() }.into());
    }
    let matter = Purpose::Survey.matter_id(case.customer);
    outbound::reopen_survey(tx, ctx, matter)?;
    // A customer who did not agree to be asked has no survey.
    let state = survey_rows::find(tx, case.id)?.map_or(SurveyState::Refused, |survey| survey.state);
    let conflict = || Refusal::Conflict { what: "survey", state: state.code().to_owned() };
    if state != SurveyState::Due {
        return Err(conflict().into());
    }
    let call = matter_rows::find(tx, matter)?;
    if call.as_ref().is_some_and(|row| row.avoid_staff.as_ref() == Some(&ctx.actor.staff)) {
        return Err(Refusal::RegisteredByYou.into());
    }
    let sheet = sheet(ctx, &input.answers)?;
    // The questions are those that were in force when the call began.
    let asked_at = call.and_then(|row| row.leased_at).unwrap_or(ctx.now);
    if !survey_rows::settle_answered(tx, case.id, &sheet, &ctx.actor.staff, ctx.now, asked_at)? {
        return Err(conflict().into());
    }
    let data = CallData {
        talk_seconds: input.talk_seconds,
        recording_announced: input.recording_announced,
        note: input.note.as_deref(),
    };
    outbound::record_success(tx, ctx, matter, data, Holding::NoOtherAgent)?;
    draft::delete(tx, &ctx.actor.staff, &form_of_matter(matter))?;
    tx.touch(Topics::SURVEYS.with(Topics::QUEUE));
    Ok(Done::new(Receipt::SurveyRecorded {}, format!("case:{}", case.id)))
}

/// The answers, checked against the campaign's questionnaire.
fn sheet(ctx: &Ctx<'_>, answers: &SurveyAnswers) -> Result<Sheet, Refusal> {
    let SurveyAnswers { q1, q2, q3, q4, q5, q6, handbook_received, comment } = answers;
    let scales = [*q1, *q2, *q3, *q4, *q5, *q6];
    let comment = text::clean_multiline(comment.as_deref().unwrap_or_default(), MAX_COMMENT + 1);
    if text::clean_multiline(&comment, MAX_COMMENT) != comment {
        return Err(Refusal::FieldInvalid { field: "comment", reason: "too_long" });
    }
    let comment = (!comment.is_empty()).then_some(comment);
    let handbook = (HANDBOOK, handbook_received.map(i64::from));
    let given = ctx.campaign.survey.check(SCALES.into_iter().zip(scales).chain([handbook]))?;
    // Who answers nothing has declined, and that is how the call ends.
    if given.is_empty() && comment.is_none() {
        return Err(Refusal::FieldInvalid { field: "answers", reason: "empty" });
    }
    Ok(Sheet { scales, handbook_received: *handbook_received, comment })
}
