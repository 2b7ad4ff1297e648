//! Takes back a registration, or a cancellation, that was made by mistake, within the campaign's undo time and by who made
//! it; and restores a cancelled registration for a supervisor while seats are left.
//!
//! Invariants:
//! - a registration that was taken back never counts, and its customer may register again on the same row;
//! - nothing that was built on a registration is undone with it: once it is handed over it stays;
//! - a seat that was given on is not taken from who has it;
//! - consents that were taken back stay as rows with their end.

use super::super::command::{MatterRef, ReactivateRegistration, RegistrationRef};
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::outbound::undo_call;
use super::super::receipt::Receipt;
use super::super::task::{self, NewTask};
use super::seats::{free_seat, get, queue_handbook, seated};
use crate::domain::actor::Permission;
use crate::domain::appointment::{AppointmentState, granules};
use crate::domain::case::CaseState;
use crate::domain::consent::ConsentPurpose;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::{AppointmentId, CaseId, LeadId, RegistrationId, StaffId};
use crate::domain::lead::LeadState;
use crate::domain::quota::is_seat_of_use;
use crate::domain::refusal::Refusal;
use crate::domain::registration::{HandOverState, RegistrationState};
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::counter::{self, AgentCount};
use crate::store::matter::MatterRow;
use crate::store::registration::RegistrationRow;
use crate::store::sms::QueuedSms;
use crate::store::{
    StoreError, Topics, Tx, appointment, batch, care_case, consent, granule, lead, matter, registration,
    row_lock, seat, seat_release, sms,
};
use serde::{Deserialize, Serialize};

/// Reason code of a registration that was taken back.
const TAKEN_BACK: &str = "taken_back";
/// Longest reason, in graphemes.
const MAX_REASON: usize = 200;

/// How things were before the last step of a registration; kept with it as JSON, so that the step can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Before {
    /// Before the registration.
    Registered {
        /// The open offer that it closed.
        offer: Option<Box<MatterRow>>,
        /// Whether it was made in the call of that offer, which is recorded as agreed.
        in_call: bool,
        /// The fanpage lead that it ended, with its state.
        lead: Option<(LeadId, LeadState)>,
    },
    /// Before the cancellation.
    Cancelled(Box<Cancelled>),
}

/// What a cancellation ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cancelled {
    seat: Option<i64>,
    place: Option<i64>,
    hand_over: HandOverState,
    matters: Vec<MatterRow>,
    case: Option<(CaseId, CaseState, Timestamp)>,
    appointment: Option<(AppointmentId, AppointmentState)>,
    messages: Vec<QueuedSms>,
}

/// Keeps with a registration how things were before its last step. The canceller is named when it was a cancellation.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    id: RegistrationId,
    before: Option<&Before>,
    cancelled_by: Option<&StaffId>,
) -> Result<(), Error> {
    let text = before
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| StoreError::internal(&error.to_string()))?;
    Ok(registration::update_before(tx, id, text.as_deref(), cancelled_by)?)
}

/// What a cancellation of this registration is about to end; none when it cannot be taken back, because the case had ended at
/// Vinmec before.
pub(super) fn before_cancelling(tx: &mut Tx<'_>, row: &RegistrationRow) -> Result<Option<Before>, Error> {
    if seat_release::find(tx, row.id)?.is_some() {
        return Ok(None);
    }
    let case = care_case::find_by_registration(tx, row.id)?;
    let live = match &case {
        Some(case) => appointment::find_live(tx, case.id)?,
        None => None,
    };
    let matters = matter::list_by_customer(tx, row.customer)?;
    Ok(Some(Before::Cancelled(Box::new(Cancelled {
        seat: row.seat,
        place: row.place,
        hand_over: row.hand_over,
        matters: matters.into_iter().filter(|matter| matter.state != MatterState::Closed).collect(),
        case: case.map(|case| (case.id, case.state, case.since)),
        appointment: live.map(|live| (live.id, live.state)),
        messages: sms::list_queued_service(tx, row.customer)?,
    }))))
}

/// Takes a registration back that was made by mistake: as if it had not been made.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::DoneByAnother`], [`Refusal::UndoTooLate`], [`Refusal::Conflict`] once it is cancelled or
/// handed over, [`Refusal::CallOpen`] when it was made in a call and the agent is in the next one.
pub(in crate::usecase) fn undo_registration(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: RegistrationRef,
) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let row = get(tx, input.registration)?;
    row_lock::customer(tx, row.customer)?;
    if row.state == RegistrationState::Cancelled {
        return Err(conflict(row.state.code()).into());
    }
    check_own(ctx, &row.by, row.at)?;
    if row.hand_over != HandOverState::Waiting {
        return Err(conflict(row.hand_over.code()).into());
    }
    let step = registration::get_step(tx, row.id)?;
    let before = step.before.as_deref().map(parse).transpose()?;
    let (seat_freed, promoted) = free_seat(tx, ctx, row.id, TAKEN_BACK)?;
    registration::take_back(tx, row.id, ctx.now)?;
    consent::withdraw_all(tx, row.id, ctx.now)?;
    sms::delete_queued_service(tx, row.customer)?;
    tx.count(counter::agent(row.at.date(), &row.by, AgentCount::Registered), -1);
    if let Some(seated_at) = step.seated_at {
        tx.count(counter::day_registered(seated_at.date()), -1);
    }
    let mut lease_until = None;
    if let Some(Before::Registered { offer, in_call, lead }) = before {
        match offer {
            Some(offer) if in_call => {
                let undone = undo_call(tx, ctx, MatterRef { matter: offer.id })?;
                if let Receipt::CallUndone { lease_until: until } = undone.receipt {
                    lease_until = Some(until);
                }
            }
            Some(offer) => reopen(tx, &offer)?,
            None => {}
        }
        if let Some((id, state)) = lead {
            lead::reopen(tx, id, row.id, state, ctx.now)?;
            tx.touch(Topics::LEADS);
        }
    }
    tx.touch(Topics::SEATS.with(Topics::BATCHES).with(Topics::QUEUE));
    let detail = format!("seat_freed={seat_freed}");
    let detail = promoted.map_or(detail.clone(), |promoted| format!("{detail} promoted={promoted}"));
    let receipt = Receipt::RegistrationUndone { seat_freed, promoted, lease_until };
    Ok(Done::new(receipt, format!("registration:{}", row.id)).detail(detail))
}

/// Takes a cancellation back that was made by mistake: seat or position, Vinmec's case and appointment, and calls are as
/// before.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::Conflict`] unless it was cancelled by a command, [`Refusal::DoneByAnother`],
/// [`Refusal::UndoTooLate`], [`Refusal::QuotaFull`] once its seat was given on, [`Refusal::ConsentMissing`] when its consent was
/// withdrawn, [`Refusal::DoctorBusy`] when the time of its appointment is taken.
pub(in crate::usecase) fn undo_cancel(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: RegistrationRef,
) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let row = get(tx, input.registration)?;
    row_lock::customer(tx, row.customer)?;
    row_lock::case_of(tx, row.id)?;
    let step = registration::get_step(tx, row.id)?;
    let (Some(by), Some(at)) = (&step.cancelled_by, step.cancelled_at) else {
        return Err(conflict(row.state.code()).into());
    };
    check_own(ctx, by, at)?;
    let Some(Before::Cancelled(was)) = step.before.as_deref().map(parse).transpose()? else {
        return Err(conflict(row.state.code()).into());
    };
    check_consent(tx, row.id)?;
    let (number, place) = take_again(tx, ctx, &was)?;
    let seated_now = number.is_some() && step.seated_at.is_none();
    registration::restore(tx, row.id, number, place, was.hand_over, seated_now.then_some(ctx.now))?;
    if was.hand_over == HandOverState::Sent && !batch::reopen(tx, row.id, by, at)? {
        return Err(conflict(HandOverState::Returned.code()).into());
    }
    if was.hand_over == HandOverState::Returned {
        let about = TaskAbout::Registration(row.id);
        let reason = batch::find_open_reason(tx, row.id)?;
        let note = reason.as_deref();
        let again = NewTask { kind: TaskKind::HandoverReturned, about, note, due_at: None };
        task::open(tx, ctx, &again)?;
    }
    if let Some((case, state, since)) = was.case {
        restore_case(tx, case, state, since)?;
        restore_appointment(tx, &was)?;
    }
    for matter in &was.matters {
        reopen(tx, matter)?;
    }
    for message in &was.messages {
        sms::requeue(tx, message)?;
    }
    if seated_now {
        seated(tx, ctx, row.id, row.customer, row.phone)?;
    }
    seat::close_when_full(tx, ctx.now)?;
    tx.touch(
        Topics::SEATS.with(Topics::BATCHES).with(Topics::QUEUE).with(Topics::CASES).with(Topics::ROSTER),
    );
    let position = place.map(|place| registration::position(tx, place)).transpose()?;
    let receipt = Receipt::CancelUndone { seat: number, position };
    Ok(Done::new(receipt, format!("registration:{}", row.id)))
}

/// Restores a registration that was cancelled by mistake, on a seat that is left.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::FieldInvalid`] without a reason, [`Refusal::Conflict`] unless it is cancelled and was not
/// ended by Vinmec, [`Refusal::OutsideConsultationWindow`] after the last consultation day, [`Refusal::ConsentMissing`],
/// [`Refusal::QuotaFull`].
pub(in crate::usecase) fn reactivate(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &ReactivateRegistration,
) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let row = get(tx, input.registration)?;
    row_lock::customer(tx, row.customer)?;
    row_lock::case_of(tx, row.id)?;
    if text::clean(&input.reason, MAX_REASON).is_empty() {
        return Err(Refusal::FieldInvalid { field: "reason", reason: "empty" }.into());
    }
    let step = registration::get_step(tx, row.id)?;
    let case = care_case::find_by_registration(tx, row.id)?;
    // Without a canceller it was ended by Vinmec, by a withdrawn consent, or taken back.
    let ended = case.as_ref().is_some_and(|case| case.state != CaseState::Withdrawn);
    if row.state != RegistrationState::Cancelled || step.cancelled_by.is_none() || ended {
        return Err(conflict(row.state.code()).into());
    }
    let window = &ctx.campaign.consultation;
    if !is_seat_of_use(window, ctx.now) {
        return Err(
            Refusal::OutsideConsultationWindow { opens: window.opens(), closes: window.closes() }.into()
        );
    }
    check_consent(tx, row.id)?;
    let Some(number) = seat::take(tx)? else { return Err(full(tx)?.into()) };
    let seated_now = step.seated_at.is_none();
    registration::restore(tx, row.id, Some(number), None, row.hand_over, seated_now.then_some(ctx.now))?;
    // A row that came back goes out again with the reason as its answer.
    batch::answer_returned(tx, row.id, &text::clean(&input.reason, MAX_REASON), &ctx.actor.staff, ctx.now)?;
    if let Some(case) = &case {
        restore_case(tx, case.id, CaseState::New, ctx.now)?;
        matter::open(tx, row.customer, Purpose::Intake, ctx.now, None)?;
    }
    if seated_now {
        seated(tx, ctx, row.id, row.customer, row.phone)?;
    } else {
        seat::close_when_full(tx, ctx.now)?;
        queue_handbook(tx, ctx, row.id, row.customer, row.phone)?;
    }
    tx.touch(Topics::SEATS.with(Topics::BATCHES).with(Topics::QUEUE).with(Topics::CASES));
    let receipt = Receipt::Reactivated { registration: row.id, seat: number };
    Ok(Done::new(receipt, format!("registration:{}", row.id)).detail(format!("seat={number}")))
}

/// What the actor may still do about the last step of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::usecase) struct LastStep {
    /// Until when they may take it back.
    pub undo_until: Option<Timestamp>,
    /// Whether they may restore it, while seats are left.
    pub restorable: bool,
}

/// Whether and until when the actor may take back the last step of a registration, or restore it.
pub(in crate::usecase) fn last_step(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: &RegistrationRow,
) -> Result<LastStep, Error> {
    let step = registration::get_step(tx, row.id)?;
    let cancelled = row.state == RegistrationState::Cancelled;
    let done = match (cancelled, &step.cancelled_by, step.cancelled_at) {
        (false, ..) => Some((&row.by, row.at)).filter(|_| row.hand_over == HandOverState::Waiting),
        (true, Some(by), Some(at)) => Some((by, at)).filter(|_| step.before.is_some()),
        (true, ..) => None,
    };
    let seconds = ctx.campaign.limits_on(ctx.now.date()).contact.undo_seconds;
    let undo_until =
        done.filter(|(by, at)| check_own(ctx, by, *at).is_ok()).map(|(_, at)| at.plus_ms(seconds * 1000));
    let restorable = cancelled && step.cancelled_by.is_some() && ctx.may(Permission::ReactivateRegistration);
    Ok(LastStep { undo_until, restorable })
}

/// Only who did it takes it back, and only soon.
pub(super) fn check_own(ctx: &Ctx<'_>, by: &StaffId, at: Timestamp) -> Result<(), Refusal> {
    let within_seconds = ctx.campaign.limits_on(ctx.now.date()).contact.undo_seconds;
    if *by != ctx.actor.staff {
        return Err(Refusal::DoneByAnother);
    }
    if ctx.now.since(at) > within_seconds * 1000 {
        return Err(Refusal::UndoTooLate { within_seconds });
    }
    Ok(())
}

fn conflict(state: &str) -> Refusal {
    Refusal::Conflict { what: "registration", state: state.to_owned() }
}

fn full(tx: &mut Tx<'_>) -> Result<Refusal, StoreError> {
    Ok(Refusal::QuotaFull { quota: seat::get(tx)?.quota })
}

fn parse(text: &str) -> Result<Before, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::internal(&format!("an unreadable registration: {error}")))
}

fn check_consent(tx: &mut Tx<'_>, id: RegistrationId) -> Result<(), Error> {
    if consent::is_given(tx, id, ConsentPurpose::Register)? {
        Ok(())
    } else {
        Err(Refusal::ConsentMissing.into())
    }
}

/// The seat that was given up, or another one that is left; the old place on the waitlist when it held no seat and none is
/// left: (seat, place).
fn take_again(tx: &mut Tx<'_>, ctx: &Ctx<'_>, was: &Cancelled) -> Result<(Option<i64>, Option<i64>), Error> {
    if let Some(number) = was.seat {
        return match seat::take_number(tx, number)? {
            Some(number) => Ok((Some(number), None)),
            None => Err(full(tx)?.into()),
        };
    }
    if is_seat_of_use(&ctx.campaign.consultation, ctx.now)
        && let Some(number) = seat::take(tx)?
    {
        return Ok((Some(number), None));
    }
    seat::return_place(tx)?;
    Ok((None, was.place))
}

fn restore_case(tx: &mut Tx<'_>, case: CaseId, state: CaseState, since: Timestamp) -> Result<(), Error> {
    if state == CaseState::Withdrawn || care_case::update_state(tx, case, CaseState::Withdrawn, state, since)?
    {
        return Ok(());
    }
    Err(Refusal::Conflict { what: "case", state: state.code().to_owned() }.into())
}

/// The appointment that the cancellation took off, at its time; a slot that was only held is gone.
fn restore_appointment(tx: &mut Tx<'_>, was: &Cancelled) -> Result<(), Error> {
    let Some((id, state)) = was.appointment.filter(|(_, state)| *state != AppointmentState::Held) else {
        return Ok(());
    };
    let Some(row) = appointment::find(tx, id)? else { return Ok(()) };
    if !appointment::reopen(tx, id, state)? {
        let what = "appointment";
        return Err(Refusal::Conflict { what, state: row.state.code().to_owned() }.into());
    }
    for at in granules(row.starts_at, row.minutes, granule::MINUTES) {
        if !granule::insert(tx, row.doctor, at, id)? {
            return Err(Refusal::DoctorBusy { at }.into());
        }
    }
    Ok(())
}

/// A matter as it was before it was closed with its registration, in nobody's hands. One that was closed for another reason
/// since then stays closed.
fn reopen(tx: &mut Tx<'_>, was: &MatterRow) -> Result<(), Error> {
    let Some(now) = matter::find_locked(tx, was.id)? else { return Ok(()) };
    let by_registration = matches!(now.reason.as_deref(), Some("registered" | "cancelled"));
    if now.state != MatterState::Closed || !by_registration {
        return Ok(());
    }
    let back = match was.state {
        MatterState::Leased => was.moved_to(was.state_without_lease(), None),
        MatterState::Waiting | MatterState::Promised | MatterState::Closed | MatterState::Held => was.clone(),
    };
    matter::update(tx, &now, &MatterRow { last_rang_at: now.last_rang_at, ..back })?;
    Ok(())
}
