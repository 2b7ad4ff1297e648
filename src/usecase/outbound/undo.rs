//! Undoes the last disposition, within the campaign's undo time, audited. The lease comes back with it, and
//! the call row stays, marked as undone.
//!
//! What cannot be undone: "do not call me again" (T10), a call that brought a registration or survey answers,
//! and anything after another agent has claimed the matter.

use super::super::command::MatterRef;
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::super::task;
use super::record::evidence;
use super::settle::{Before, restore_case, uncount};
use super::{conflict, get_matter, limits, lock_case};
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::refusal::Refusal;
use crate::domain::registration::RegistrationState;
use crate::domain::survey::SurveyState;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::store::call::{self, CallRow};
use crate::store::matter::{self, MatterRow};
use crate::store::{
    StoreError, Topics, Tx, agreement, customer, opt_out, registration, row_lock, seat_release,
};

/// Undoes the agent's last disposition of this matter.
pub(in crate::usecase) fn undo_call(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: MatterRef) -> Result<Done, Error> {
    let limits = limits(ctx);
    // A registration or an opt-out that is under way must be seen.
    if let Some((customer, _)) = Purpose::of_matter(input.matter) {
        row_lock::customer(tx, customer)?;
    }
    lock_case(tx, input.matter)?;
    let row = get_matter(tx, input.matter)?;
    let last = call::find_last(tx, row.id)?
        .filter(|last| last.staff == ctx.actor.staff)
        .ok_or_else(|| Refusal::NoSuchRow { what: "call", id: row.id.to_string() })?;
    if last.disposition == Disposition::NotRecorded {
        return Err(Refusal::LeaseExpired { at: last.ended_at }.into());
    }
    let recorded_at = last.recorded_late_at.unwrap_or(last.ended_at);
    if ctx.now.since(recorded_at) > limits.undo_seconds * 1000 {
        return Err(Refusal::UndoTooLate { within_seconds: limits.undo_seconds }.into());
    }
    let before: Before = serde_json::from_str(&last.before)
        .map_err(|error| StoreError::internal(&format!("an unreadable call: {error}")))?;
    check_not_final(tx, &row, &last, &before)?;
    if row.state == MatterState::Leased {
        return Err(Refusal::NotYourLease { holder: row.lease_staff.map(Into::into) }.into());
    }
    if matter::find_by_holder(tx, &ctx.actor.staff)?.is_some() {
        return Err(Refusal::CallOpen.into());
    }
    let lease_until = limits.lease_until(ctx.now);
    let began = before.matter.leased_at.unwrap_or(last.started_at);
    // Which result it was can be undone; that it rang cannot (T3).
    let last_rang_at = row.last_rang_at.max(before.matter.last_rang_at);
    let back = MatterRow {
        reason: None,
        last_rang_at,
        ..before.matter.leased_to(&ctx.actor.staff, began, lease_until)
    };
    if !call::update_undone(tx, last.id, ctx.now)? || !matter::update(tx, &row, &back)? {
        return Err(conflict(&row).into());
    }
    if let Some(link) = &before.case {
        restore_case(tx, row.customer, row.purpose, link)?;
    }
    if last.disposition.flags().needs_callback_time {
        agreement::delete_by_evidence(tx, row.customer, &evidence(last.id))?;
    }
    task::undo(tx, ctx, TaskKind::Complaint, TaskAbout::Matter(row.id), last.ended_at)?;
    uncount(tx, &last, &before);
    tx.touch(Topics::QUEUE);
    Ok(Done::new(Receipt::CallUndone { lease_until }, format!("matter:{}", row.id)).detail(format!(
        "call={} disposition={}",
        last.id,
        last.disposition.code()
    )))
}

/// Some calls have consequences that stand.
fn check_not_final(tx: &mut Tx<'_>, row: &MatterRow, last: &CallRow, before: &Before) -> Result<(), Error> {
    let flags = last.disposition.flags();
    if flags.opts_out {
        let known = customer::find(tx, row.customer)?;
        let asked = match known {
            Some(known) => opt_out::find(tx, known.phone)?,
            None => None,
        };
        let at = asked.and_then(|asked| asked.voice_at).unwrap_or(last.ended_at);
        return Err(Refusal::OptedOut { at }.into());
    }
    // The matter went on without it: there is no lease to come back to.
    if before.note_only {
        return Err(conflict(row).into());
    }
    let is_closed = row.state == MatterState::Closed;
    if (flags.success || is_closed) && row.purpose == Purpose::Offer {
        let found = registration::find_by_customer(tx, row.customer)?;
        if let Some(found) = found.filter(|found| found.state != RegistrationState::Cancelled)
            && let Some(held) = registration::find_held(tx, found.id)?
        {
            return Err(Refusal::AlreadyRegistered { held }.into());
        }
    }
    if flags.success && row.purpose == Purpose::Survey && is_closed {
        return Err(
            Refusal::Conflict { what: "survey", state: SurveyState::Answered.code().to_owned() }.into()
        );
    }
    // The case has ended since then (given up, sent to 115, advised): there is nothing left to call about. One that this
    // call ended keeps its seat as long as the call can be undone.
    if is_closed
        && row.purpose == Purpose::Intake
        && let Some(link) = call::find_case_link(tx, row.customer)?
    {
        let kept = seat_release::find(tx, link.registration)?.is_some_and(|kept| kept.reason == link.state);
        if link.state.is_final() && !kept {
            return Err(Refusal::MatterClosed.into());
        }
    }
    // Closed since then for another reason (an opt-out, a registration): that stands.
    let closed_by_call = [last.disposition.code(), "attempts_used_up"];
    if is_closed && !row.reason.as_deref().is_some_and(|r| closed_by_call.contains(&r)) {
        return Err(Refusal::MatterClosed.into());
    }
    Ok(())
}
