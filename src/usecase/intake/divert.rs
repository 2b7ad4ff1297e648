//! Sends a case to 115, and takes that back while its seat is still kept.
//!
//! Until then the appointment's time is held, so that nobody books it; the call is closed at once.

use super::answers::{Answered, MAX_NEED, keep_answers, moved};
use crate::domain::appointment::AppointmentState;
use crate::domain::case::CaseState;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::AppointmentId;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::care_case::{CaseRow, Screened, ScreeningColumns};
use crate::store::matter::MatterRow;
use crate::store::seat_release::{self as release_rows, SeatRelease};
use crate::store::{
    StoreError, Topics, Tx, appointment as appointment_rows, care_case as case_rows, matter as matter_rows,
    row_lock, screening as screening_rows,
};
use crate::usecase::command::{CaseRef, Triage};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::receipt::Receipt;
use crate::usecase::seat_release::{self, ENDED_AT_VINMEC, Ended};
use serde::{Deserialize, Serialize};

/// How a case was before it was diverted.
#[derive(Serialize, Deserialize)]
struct Before {
    state: CaseState,
    since: Timestamp,
    screening: ScreeningColumns,
    /// The appointment whose time is held meanwhile.
    appointment: Option<(AppointmentId, AppointmentState)>,
    /// The open intake call.
    matter: Option<MatterRow>,
    /// An end that was waiting already.
    earlier: Option<(Timestamp, CaseState)>,
}

/// Diverts a case that is locked.
pub(super) fn divert(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &Triage,
    case: &CaseRow,
    answered: Answered<'_>,
) -> Result<Done, Error> {
    if !case.state.may_become(CaseState::Diverted115) {
        return Err(Refusal::CaseNotReady { state: case.state.code().to_owned() }.into());
    }
    let live = appointment_rows::find_live(tx, case.id)?;
    if let Some(live) = &live
        && live.state == AppointmentState::InProgress
    {
        return Err(Refusal::Conflict { what: "appointment", state: live.state.code().to_owned() }.into());
    }
    let matter = matter_rows::find_locked(tx, Purpose::Intake.matter_id(case.customer))?
        .filter(|matter| matter.state != MatterState::Closed);
    let earlier = release_rows::find(tx, case.registration)?.map(|row| (row.due_at, row.reason));
    let before = Before {
        state: case.state,
        since: case.since,
        screening: case_rows::get_screening(tx, case.id)?,
        appointment: live.as_ref().map(|live| (live.id, live.state)),
        matter,
        earlier,
    };
    let before = serde_json::to_string(&before).map_err(|error| StoreError::internal(&error.to_string()))?;
    let need = text::clean_multiline(&input.need, MAX_NEED);
    let red_flags = answered.acute.join(",");
    let version = input.screened.unwrap_or(ctx.campaign.red_flags.version);
    let screened = Screened {
        need: (!need.is_empty()).then_some(need.as_str()),
        department: input.department,
        method: input.method.code(),
        method_reason: None,
        flags_version: version,
        red_flags: &red_flags,
    };
    moved(
        case_rows::update_screening(tx, case.id, case.state, CaseState::Diverted115, &screened, ctx.now)?,
        case,
    )?;
    keep_answers(tx, ctx, input, answered, true)?;
    let ended = Ended {
        case: case.id,
        registration: case.registration,
        state: CaseState::Diverted115,
        before: &before,
    };
    let kept = seat_release::keep(tx, ctx, ended)?;
    if let Some(live) = &live {
        if live.state == AppointmentState::Held || !kept.seat {
            appointment_rows::cancel_live(tx, case.id, "vinmec", CaseState::Diverted115.code())?;
        } else {
            // A hold ends at its time, a correction is possible at that time.
            appointment_rows::settle_kept(tx, live.id, live.state, kept.until.plus_ms(1))?;
        }
    }
    matter_rows::close(tx, Purpose::Intake.matter_id(case.customer), ENDED_AT_VINMEC)?;
    tx.touch(Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE));
    let receipt = Receipt::Diverted115 { seat_freed: kept.seat, waiting: kept.waiting };
    Ok(Done::new(receipt, format!("case:{}", case.id)).detail(CaseState::Diverted115.code()))
}

/// Takes a diversion back: case, appointment, call and seat are as they were.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::UndoTooLate`] once the seat may be given on, [`Refusal::Conflict`] for a case
/// that was not diverted, or whose registration was cancelled since then.
pub(in crate::usecase) fn undo_triage(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: CaseRef) -> Result<Done, Error> {
    row_lock::case(tx, input.case)?;
    let case = case_rows::find(tx, input.case)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: input.case.to_string() })?;
    let conflict = || Refusal::Conflict { what: "case", state: case.state.code().to_owned() };
    if case.state != CaseState::Diverted115 {
        return Err(conflict().into());
    }
    let kept = release_rows::find(tx, case.registration)?;
    let seconds = ctx.campaign.limits_on(ctx.now.date()).contact.undo_seconds;
    let Some(kept) = kept.filter(|kept| kept.reason == CaseState::Diverted115 && ctx.now <= kept.due_at)
    else {
        return Err(if ctx.now.since(case.since) > seconds * 1000 {
            Refusal::UndoTooLate { within_seconds: seconds }
        } else {
            conflict()
        }
        .into());
    };
    let before: Before = serde_json::from_str(&kept.before)
        .map_err(|error| StoreError::internal(&format!("an unreadable case: {error}")))?;
    if !release_rows::delete(tx, case.registration)? {
        return Err(conflict().into());
    }
    let state = restore_appointment(tx, &before)?;
    if !case_rows::restore_screening(tx, case.id, case.state, state, before.since, &before.screening)? {
        return Err(conflict().into());
    }
    screening_rows::update_undone(tx, case.id, ctx.now)?;
    if let Some((due_at, reason)) = before.earlier {
        let again = SeatRelease { due_at, reason, before: String::new(), ..kept };
        release_rows::insert(tx, &again)?;
    }
    let lease_until = restore_call(tx, ctx, &case, state, before.matter)?;
    tx.touch(Topics::CASES.with(Topics::ROSTER).with(Topics::QUEUE));
    Ok(Done::new(Receipt::TriageUndone { state, lease_until }, format!("case:{}", case.id)))
}

/// The held time becomes the appointment again. Somebody may have let it go: then the case is to be booked again.
fn restore_appointment(tx: &mut Tx<'_>, before: &Before) -> Result<CaseState, Error> {
    let Some((id, state)) = before.appointment else { return Ok(before.state) };
    if state != AppointmentState::Held && appointment_rows::settle_kept_back(tx, id, state)? {
        return Ok(before.state);
    }
    Ok(if before.state == CaseState::Booked { CaseState::Triaged } else { before.state })
}

/// The call that was closed is open again: with the actor who had it, unless they have another one by now.
fn restore_call(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    case: &CaseRow,
    state: CaseState,
    before: Option<MatterRow>,
) -> Result<Option<Timestamp>, Error> {
    let id = Purpose::Intake.matter_id(case.customer);
    let is_free = matter_rows::find_by_holder(tx, &ctx.actor.staff)?.is_none();
    let closed = matter_rows::find_locked(tx, id)?
        .filter(|now| now.state == MatterState::Closed && now.reason.as_deref() == Some(ENDED_AT_VINMEC));
    let (Some(was), Some(closed)) = (before, closed) else {
        if state == CaseState::Triaged {
            matter_rows::open(tx, case.customer, Purpose::Intake, ctx.now, None)?;
        }
        return Ok(None);
    };
    let own = was.state == MatterState::Leased && was.lease_staff.as_ref() == Some(&ctx.actor.staff);
    let limits = ctx.campaign.limits_on(ctx.now.date()).contact;
    let (to, lease_until) = if own && is_free {
        let until = limits.lease_until(ctx.now);
        (was.leased_to(&ctx.actor.staff, was.leased_at.unwrap_or(ctx.now), until), Some(until))
    } else if was.state == MatterState::Leased {
        (was.moved_to(was.state_without_lease(), None), None)
    } else {
        (was, None)
    };
    if !matter_rows::update(tx, &closed, &to)? {
        return Err(Refusal::Conflict { what: "matter", state: closed.state.code().to_owned() }.into());
    }
    Ok(lease_until)
}
