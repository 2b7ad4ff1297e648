//! Applies what a recorded call changes besides its matter: the call row with the earlier state, the counters,
//! Vinmec's case or the survey of a service call. It is one file so that undoing a call subtracts exactly what it
//! added. A lease that ran out is settled here, too, as an attempt whose result nobody recorded: the telephone may have
//! rung.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::seat_release::{self, Ended as EndedCase};
use super::conflict;
use crate::domain::case::CaseState;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::{CallId, CustomerId, StaffId};
use crate::domain::survey::SurveyState;
use crate::domain::time::Timestamp;
use crate::store::call::{self, CallRow, CaseLink, NewCall};
use crate::store::counter::{self, AgentCount};
use crate::store::matter::{self, MatterRow};
use crate::store::{StoreError, Topics, Tx, appointment, seat_release as release_rows};
use serde::{Deserialize, Serialize};

/// What a call's rows looked like before it; kept with the call as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Before {
    /// The matter under lease.
    pub matter: MatterRow,
    /// Whether this call was the matter's first.
    pub first_call: bool,
    /// Whether it was the first in which a person answered.
    pub first_reached: bool,
    /// The case or survey as it was, when the call moved it.
    pub case: Option<CaseLink>,
    /// The call stands in the history and changed nothing else: the matter had gone on without its result.
    #[serde(default)]
    pub note_only: bool,
}

/// The matter under the lease of a call, from what is kept with the call.
pub(in crate::usecase) fn matter_under_lease(before: &str) -> Result<MatterRow, StoreError> {
    #[derive(Deserialize)]
    struct Under {
        matter: MatterRow,
    }
    serde_json::from_str::<Under>(before)
        .map(|under| under.matter)
        .map_err(|error| StoreError::internal(&format!("a call's earlier state: {error}")))
}

/// How a call ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallEnd<'a> {
    /// The result.
    pub disposition: Disposition,
    /// Seconds of talk.
    pub talk_seconds: i64,
    /// Free text, cleaned.
    pub note: Option<&'a str>,
    /// The promised time.
    pub callback_at: Option<Timestamp>,
    /// The customer was told that the call is recorded.
    pub recording: bool,
    /// Who called.
    pub by: &'a StaffId,
    /// When the call began.
    pub started_at: Timestamp,
    /// When it ended, as far as is known.
    pub ended_at: Timestamp,
    /// When its result was recorded, if its lease had run out by then.
    pub late_at: Option<Timestamp>,
}

/// Why a service matter ends without its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// The customer does not want it.
    Refused,
    /// The customer cannot be reached.
    Unreachable,
}

/// Writes the call, moves the matter from `from` to `to`, and counts.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    from: &MatterRow,
    to: &MatterRow,
    ended: &CallEnd<'_>,
) -> Result<CallId, Error> {
    let flags = ended.disposition.flags();
    let first_call = from.attempts == 0;
    let first_reached = flags.human_answered && (first_call || !was_reached(tx, from)?);
    let case = case_after(tx, ctx, from, to, ended)?;
    let before = Before { matter: from.clone(), first_call, first_reached, case, note_only: false };
    let before = serde_json::to_string(&before).map_err(|error| StoreError::internal(&error.to_string()))?;
    if !matter::update(tx, from, to)? {
        return Err(conflict(from).into());
    }
    let id = insert(tx, from, ended, &before)?;
    counted(from, ended, first_call, first_reached).count(tx, 1);
    tx.touch(Topics::QUEUE);
    Ok(id)
}

/// Writes the result of a call into the history and the counters alone: the matter went on without it. `before` is what
/// the call's rows looked like when its lease ran out.
pub(super) fn settle_history(
    tx: &mut Tx<'_>,
    matter: &MatterRow,
    ended: &CallEnd<'_>,
    before: &Before,
) -> Result<CallId, Error> {
    let first_reached = ended.disposition.flags().human_answered && !was_reached(tx, matter)?;
    let before = Before { first_reached, case: None, note_only: true, ..before.clone() };
    let text = serde_json::to_string(&before).map_err(|error| StoreError::internal(&error.to_string()))?;
    let id = insert(tx, matter, ended, &text)?;
    counted(matter, ended, before.first_call, first_reached).count(tx, 1);
    tx.touch(Topics::QUEUE);
    Ok(id)
}

fn insert(
    tx: &mut Tx<'_>,
    matter: &MatterRow,
    ended: &CallEnd<'_>,
    before: &str,
) -> Result<CallId, StoreError> {
    call::insert(
        tx,
        &NewCall {
            matter: matter.id,
            customer: matter.customer,
            staff: ended.by,
            purpose: matter.purpose,
            started_at: ended.started_at,
            ended_at: ended.ended_at,
            talk_seconds: ended.talk_seconds,
            disposition: ended.disposition,
            note: ended.note,
            callback_at: ended.callback_at,
            recording: ended.recording,
            recorded_late_at: ended.late_at,
            before,
        },
    )
}

fn counted<'a>(
    matter: &MatterRow,
    ended: &CallEnd<'a>,
    first_call: bool,
    first_reached: bool,
) -> Counted<'a> {
    Counted {
        purpose: matter.purpose,
        disposition: ended.disposition,
        staff: ended.by,
        started_at: ended.started_at,
        ended_at: ended.ended_at,
        talk_seconds: ended.talk_seconds,
        first_call,
        first_reached,
    }
}

/// Takes a call out of the counters.
pub(super) fn uncount(tx: &mut Tx<'_>, call: &CallRow, before: &Before) {
    let counted = Counted {
        purpose: call.purpose,
        disposition: call.disposition,
        staff: &call.staff,
        started_at: call.started_at,
        ended_at: call.ended_at,
        talk_seconds: call.talk_seconds,
        first_call: before.first_call,
        first_reached: before.first_reached,
    };
    counted.count(tx, -1);
}

fn was_reached(tx: &mut Tx<'_>, matter: &MatterRow) -> Result<bool, StoreError> {
    Ok(call::list_dispositions(tx, matter.id)?.iter().any(|ended| ended.flags().human_answered))
}

/// A call as the overview counts it.
struct Counted<'a> {
    purpose: Purpose,
    disposition: Disposition,
    staff: &'a StaffId,
    started_at: Timestamp,
    ended_at: Timestamp,
    talk_seconds: i64,
    first_call: bool,
    first_reached: bool,
}

impl Counted<'_> {
    fn count(&self, tx: &mut Tx<'_>, sign: i64) {
        let day = self.ended_at.date();
        let flags = self.disposition.flags();
        let agent = |what| counter::agent(day, self.staff, what);
        tx.count(counter::disposition(self.purpose, self.disposition), sign);
        if self.purpose.is_by_9090() {
            tx.count(counter::hour(self.ended_at), sign);
            tx.count(counter::day_calls(day), sign);
        }
        tx.count(agent(AgentCount::Calls), sign);
        if flags.human_answered {
            tx.count(agent(AgentCount::Reached), sign);
        }
        if self.talk_seconds > 0 {
            tx.count(agent(AgentCount::Talk), sign * self.talk_seconds);
        }
        let wrap_up = (self.ended_at.since(self.started_at) / 1000 - self.talk_seconds).max(0);
        if wrap_up > 0 {
            tx.count(agent(AgentCount::WrapUp), sign * wrap_up);
        }
        if self.purpose.is_offer_contact() {
            if flags.human_answered {
                tx.count(agent(AgentCount::Offered), sign);
            }
            if flags.success {
                tx.count(agent(AgentCount::Agreed), sign);
            }
            if self.first_call && flags.counts_as_attempt {
                tx.count(counter::OFFER_CALLED, sign);
            }
            if self.first_reached {
                tx.count(counter::OFFER_REACHED, sign);
            }
        }
    }
}

/// Moves Vinmec's case or the survey as this call says; gives back how it was, when it moved.
fn case_after(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    from: &MatterRow,
    to: &MatterRow,
    ended: &CallEnd<'_>,
) -> Result<Option<CaseLink>, Error> {
    let disposition = ended.disposition;
    let flags = disposition.flags();
    let is_over = to.state == MatterState::Closed && !flags.success;
    let nobody_there = matches!(disposition, Disposition::WrongPerson | Disposition::InvalidNumber);
    match from.purpose {
        Purpose::Offer => Ok(None),
        Purpose::Intake if is_over => {
            let refused = flags.opts_out || disposition == Disposition::Declined;
            let end = if refused { Unanswered::Refused } else { Unanswered::Unreachable };
            settle_case(tx, ctx, from.customer, from.purpose, end)
        }
        Purpose::Intake if flags.human_answered => contacted(tx, ctx, from.customer),
        Purpose::Survey if is_over => {
            let refused = !nobody_there && (flags.opts_out || disposition == Disposition::Declined);
            let end = if refused { Unanswered::Refused } else { Unanswered::Unreachable };
            settle_case(tx, ctx, from.customer, from.purpose, end)
        }
        Purpose::Intake | Purpose::Survey => Ok(None),
    }
}

/// A person answered the intake call: the case is contacted.
fn contacted(tx: &mut Tx<'_>, ctx: &Ctx<'_>, customer: CustomerId) -> Result<Option<CaseLink>, Error> {
    let Some(link) = call::find_case_link(tx, customer)? else { return Ok(None) };
    if !matches!(link.state, CaseState::New | CaseState::Unreachable)
        || !call::update_case_state(tx, link.case, link.state, CaseState::Contacted, ctx.now)?
    {
        return Ok(None);
    }
    tx.touch(Topics::CASES);
    Ok(Some(link))
}

/// Ends what an intake or survey matter was about without its purpose: the case becomes withdrawn or unreachable and
/// its seat is kept no longer than the end can be taken back; the survey becomes refused or unreachable. A booked case
/// goes on. Gives back how it was, when it moved.
pub(super) fn settle_case(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    customer: CustomerId,
    purpose: Purpose,
    end: Unanswered,
) -> Result<Option<CaseLink>, Error> {
    if purpose.is_offer_contact() {
        return Ok(None);
    }
    let Some(link) = call::find_case_link(tx, customer)? else { return Ok(None) };
    let moved = if purpose == Purpose::Intake {
        end_case(tx, ctx, &link, end)?
    } else {
        let to = if end == Unanswered::Refused { SurveyState::Refused } else { SurveyState::Unreachable };
        link.survey == Some(SurveyState::Due)
            && call::update_survey_state(
                tx,
                link.case,
                SurveyState::Due,
                to,
                Some((&ctx.actor.staff, ctx.now)),
            )?
    };
    if moved {
        tx.touch(if purpose == Purpose::Intake { Topics::CASES } else { Topics::SURVEYS });
    }
    Ok(moved.then_some(link))
}

/// Ends a case that has no appointment; false for any other.
fn end_case(tx: &mut Tx<'_>, ctx: &Ctx<'_>, link: &CaseLink, end: Unanswered) -> Result<bool, Error> {
    let state = match end {
        Unanswered::Refused => CaseState::Withdrawn,
        Unanswered::Unreachable => CaseState::Unreachable,
    };
    if link.state == CaseState::Booked
        || !link.state.may_become(state)
        || !call::update_case_state(tx, link.case, link.state, state, ctx.now)?
    {
        return Ok(false);
    }
    // A slot that is only held is of no use any more.
    appointment::cancel_live(tx, link.case, "customer", state.code())?;
    let ended = EndedCase { case: link.case, registration: link.registration, state, before: "" };
    seat_release::keep(tx, ctx, ended)?;
    tx.touch(Topics::ROSTER);
    Ok(true)
}

/// The case or survey as it was, unless it moved on since then.
pub(super) fn restore_case(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    purpose: Purpose,
    was: &CaseLink,
) -> Result<(), StoreError> {
    match purpose {
        Purpose::Offer => {}
        Purpose::Intake => {
            for now in [CaseState::Contacted, CaseState::Unreachable, CaseState::Withdrawn] {
                if now != was.state && call::update_case_state(tx, was.case, now, was.state, was.since)? {
                    if let Some(link) = call::find_case_link(tx, customer)? {
                        release_rows::delete(tx, link.registration)?;
                    }
                    break;
                }
            }
            tx.touch(Topics::CASES);
        }
        Purpose::Survey => {
            for now in [SurveyState::Refused, SurveyState::Unreachable] {
                if call::update_survey_state(tx, was.case, now, SurveyState::Due, None)? {
                    break;
                }
            }
            tx.touch(Topics::SURVEYS);
        }
    }
    Ok(())
}
