//! Settles the matter of a complaint: what becomes of calls to a customer who complained, when the lead has closed the
//! task, and when they take that back.

use super::super::command::AfterComplaint;
use super::super::ctx::Ctx;
use super::super::error::Error;
use super::settle::{Unanswered, settle_case};
use super::{conflict, get_matter, lock_case};
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::domain::refusal::Refusal;
use crate::domain::survey::SurveyState;
use crate::store::matter::{self, HELD_SUPERVISOR, MatterRow};
use crate::store::{Topics, Tx, call};

/// Lets the matter go on or ends it, while it is held for the complaint. Vinmec's intake goes on: its case ends by a
/// command of its own.
///
/// # Errors
/// `field_invalid` when an intake call shall stop.
pub(in crate::usecase) fn settle_complaint(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    then: Option<AfterComplaint>,
) -> Result<(), Error> {
    lock_case(tx, id)?;
    let row = get_matter(tx, id)?;
    if row.state != MatterState::Held || row.reason.as_deref() != Some(HELD_SUPERVISOR) {
        return Ok(());
    }
    let then = match (row.purpose, then) {
        (Purpose::Intake, Some(AfterComplaint::Stop)) => {
            return Err(Refusal::FieldInvalid { field: "then", reason: "unknown" }.into());
        }
        (Purpose::Intake, None) => AfterComplaint::Resume,
        (Purpose::Offer | Purpose::Intake | Purpose::Survey, then) => then.unwrap_or_default(),
    };
    let to = match then {
        AfterComplaint::Resume => MatterRow { due_at: ctx.now, ..row.moved_to(MatterState::Waiting, None) },
        AfterComplaint::Stop => row.moved_to(MatterState::Closed, Some(Disposition::Complaint.code())),
    };
    move_on(tx, &row, &to)?;
    if then == AfterComplaint::Stop {
        settle_case(tx, ctx, row.customer, row.purpose, Unanswered::Refused)?;
    }
    Ok(())
}

/// Holds the matter again whose complaint is open again; what has moved on since stays.
pub(in crate::usecase) fn hold_complaint(tx: &mut Tx<'_>, id: MatterId) -> Result<(), Error> {
    lock_case(tx, id)?;
    let row = get_matter(tx, id)?;
    let stopped =
        row.state == MatterState::Closed && row.reason.as_deref() == Some(Disposition::Complaint.code());
    if !stopped && row.state != MatterState::Waiting {
        return Ok(());
    }
    move_on(tx, &row, &row.moved_to(MatterState::Held, Some(HELD_SUPERVISOR)))?;
    if stopped
        && row.purpose == Purpose::Survey
        && let Some(link) = call::find_case_link(tx, row.customer)?
        && call::update_survey_state(tx, link.case, SurveyState::Refused, SurveyState::Due, None)?
    {
        tx.touch(Topics::SURVEYS);
    }
    Ok(())
}

fn move_on(tx: &mut Tx<'_>, from: &MatterRow, to: &MatterRow) -> Result<(), Error> {
    if !matter::update(tx, from, to)? {
        return Err(conflict(from).into());
    }
    tx.touch(Topics::QUEUE);
    Ok(())
}
