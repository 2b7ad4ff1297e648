//! Records how a call ended. The disposition's flags decide the matter's next state; the codes are only names.
//!
//! "Agreed" means that what the call was for comes about. An offer is closed when the customer has a registration;
//! until then it stays with the agent as a promise that is due now, so that an agreed customer whose form was
//! interrupted is the first one the same agent gets. A survey is closed by its answers in the same way.

use super::super::command::{CallbackFor, RecordCall};
use super::super::ctx::{Ctx, Done, actor};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::super::task::{self, NewTask};
use super::settle::{Ended, settle};
use super::{check_lease, get_matter, limits, lock_case, no_such_matter};
use crate::domain::calendar::DayPart;
use crate::domain::contact::{ContactLimits, MatterState, Next, Purpose, day_part_bit, retry_plan};
use crate::domain::disposition::{Disposition, FollowUp};
use crate::domain::id::{CallId, MatterId, StaffId};
use crate::domain::refusal::Refusal;
use crate::domain::registration::RegistrationState;
use crate::domain::survey::SurveyState;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::matter::{HELD_SUPERVISOR, MatterRow};
use crate::store::{StoreError, Tx, agreement, call, customer, registration, row_lock};

/// Longest note, in graphemes.
const MAX_NOTE: usize = 500;
/// Longest talk that is accepted, in seconds.
const MAX_TALK_SECONDS: i64 = 24 * 3600;

/// The holder that a matter must have when its success is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::usecase) enum Holding {
    /// The agent, under a valid lease.
    Agent,
    /// No other agent: a matter without a holder may be settled without a claim.
    NoOtherAgent,
}

/// The data of a call that reached its purpose.
#[derive(Debug, Clone, Copy)]
pub(in crate::usecase) struct CallData<'a> {
    /// Seconds of talk.
    pub talk_seconds: Option<i64>,
    /// The customer was told that the call is recorded.
    pub recording_announced: Option<bool>,
    /// The agent's note, as typed.
    pub note: Option<&'a str>,
}

/// Records the result of the agent's open call.
pub(in crate::usecase) fn record_call(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &RecordCall,
) -> Result<Done, Error> {
    let disposition = input.disposition;
    lock_before(tx, ctx, input.matter, disposition)?;
    let row = get_matter(tx, input.matter)?;
    check_lease(ctx, &row)?;
    if !disposition.is_offered(row.purpose) {
        return Err(Refusal::FieldInvalid { field: "disposition", reason: "unknown" }.into());
    }
    let note = note(input.note.as_deref())?;
    if disposition.flags().needs_note && note.is_none() {
        return Err(Refusal::NoteMissing(disposition).into());
    }
    let promise = promise(ctx, input)?;
    let limits = limits(ctx);
    let to = after(tx, ctx, &row, disposition, promise.as_ref(), &limits)?;
    let ended = Ended {
        disposition,
        talk_seconds: talk_seconds(input.talk_seconds)?,
        note: note.as_deref(),
        callback_at: promise.as_ref().map(|promise| promise.at),
        recording: input.recording_announced.unwrap_or(false),
        started_at: row.leased_at.unwrap_or(ctx.now),
    };
    let id = settle(tx, ctx, &row, &to, &ended)?;
    if let Some(promise) = &promise
        && row.purpose.is_offer_contact()
    {
        agree(tx, ctx, &row, promise.at, id, &limits)?;
    }
    if disposition.flags().to_supervisor {
        complain(tx, ctx, &row, note.as_deref())?;
    } else if disposition.flags().human_answered {
        task::hear_complaint(tx, ctx, TaskAbout::Matter(row.id))?;
    }
    if disposition.flags().opts_out {
        stop_calls(tx, ctx, &row, id)?;
    }
    let next_at = matches!(to.state, MatterState::Waiting | MatterState::Promised).then_some(to.due_at);
    let receipt = Receipt::Recorded { state: to.state, next_at };
    let detail = format!("disposition={} state={}", disposition.code(), to.state.code());
    Ok(Done::new(receipt, format!("matter:{}", row.id)).detail(detail))
}

/// Locks what the outcome of a call rests on beside its matter, in the order of [`row_lock`].
fn lock_before(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    matter: MatterId,
    disposition: Disposition,
) -> Result<(), Error> {
    let flags = disposition.flags();
    if flags.opts_out {
        row_lock::campaign(tx)?;
    }
    if flags.needs_callback_time || flags.success {
        // A promise in the agent's name: a concurrent command may be disabling them.
        row_lock::staff(tx, &ctx.actor.staff)?;
        actor(tx, &ctx.actor.staff)?;
    }
    if flags.opts_out || flags.success {
        // A concurrent command may be registering the customer, who is read below.
        if let Some((customer, _)) = Purpose::of_matter(matter) {
            row_lock::customer(tx, customer)?;
        }
    }
    Ok(lock_case(tx, matter)?)
}

/// Records the call whose purpose came about in this very transaction (a registration, survey answers) and closes
/// its matter as agreed.
pub(in crate::usecase) fn record_success(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    matter: MatterId,
    data: CallData<'_>,
    holding: Holding,
) -> Result<CallId, Error> {
    let row = get_matter(tx, matter)?;
    let has_no_holder = row.lease_staff.is_none() || row.lease_until.is_some_and(|until| until <= ctx.now);
    if !(holding == Holding::NoOtherAgent && has_no_holder) {
        check_lease(ctx, &row)?;
    }
    if row.state == MatterState::Closed {
        return Err(Refusal::MatterClosed.into());
    }
    let talk_seconds = talk_seconds(data.talk_seconds)?;
    let note = note(data.note)?;
    let claimed = row.lease_staff.as_ref() == Some(&ctx.actor.staff);
    let started_at =
        row.leased_at.filter(|_| claimed).unwrap_or_else(|| ctx.now.plus_ms(-talk_seconds * 1000));
    let to = attempted(ctx, &row, Disposition::Agreed).moved_to(MatterState::Closed, Some("agreed"));
    let ended = Ended {
        disposition: Disposition::Agreed,
        talk_seconds,
        note: note.as_deref(),
        callback_at: None,
        recording: data.recording_announced.unwrap_or(false),
        started_at,
    };
    settle(tx, ctx, &row, &to, &ended)
}

fn note(typed: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(typed) = typed else { return Ok(None) };
    let cleaned = text::clean_multiline(typed, MAX_NOTE + 1);
    if text::clean_multiline(&cleaned, MAX_NOTE) != cleaned {
        return Err(Refusal::FieldInvalid { field: "note", reason: "too_long" });
    }
    Ok((!cleaned.is_empty()).then_some(cleaned))
}

fn talk_seconds(given: Option<i64>) -> Result<i64, Refusal> {
    let seconds = given.unwrap_or(0);
    if (0..=MAX_TALK_SECONDS).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(Refusal::FieldInvalid { field: "talk_seconds", reason: "out_of_range" })
    }
}

/// What was promised on the phone.
struct Promised {
    at: Timestamp,
    owner: Option<StaffId>,
}

/// The promise of a callback, whose time must lie ahead. Other dispositions carry none.
fn promise(ctx: &Ctx<'_>, input: &RecordCall) -> Result<Option<Promised>, Refusal> {
    if !input.disposition.flags().needs_callback_time {
        return Ok(None);
    }
    let at = input.callback_at.filter(|at| *at > ctx.now).ok_or(Refusal::CallbackTimeMissing)?;
    let owner = match input.callback_for.unwrap_or_default() {
        CallbackFor::Me => Some(ctx.actor.staff.clone()),
        CallbackFor::Anyone => None,
    };
    Ok(Some(Promised { at, owner }))
}

/// The matter with this attempt counted, still under its lease.
fn attempted(ctx: &Ctx<'_>, row: &MatterRow, disposition: Disposition) -> MatterRow {
    let flags = disposition.flags();
    let counts = i64::from(flags.counts_as_attempt);
    MatterRow {
        attempts: row.attempts + counts,
        day_parts: row.day_parts | (counts * day_part_bit(DayPart::of(ctx.now))),
        last_rang_at: if flags.rang { Some(ctx.now) } else { row.last_rang_at },
        ..row.clone()
    }
}

/// What becomes of the matter.
fn after(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: &MatterRow,
    disposition: Disposition,
    promise: Option<&Promised>,
    limits: &ContactLimits,
) -> Result<MatterRow, StoreError> {
    let tried = attempted(ctx, row, disposition);
    Ok(match (disposition.follow_up(), promise) {
        (FollowUp::Promise, Some(promise)) => promised(&tried, promise.at, promise.owner.clone()),
        (FollowUp::Close, _) if disposition.flags().success && !came_about(tx, row)? => {
            promised(&tried, ctx.now, Some(ctx.actor.staff.clone()))
        }
        (FollowUp::Close, _) => tried.moved_to(MatterState::Closed, Some(disposition.code())),
        (FollowUp::Supervisor, _) => tried.moved_to(MatterState::Held, Some(HELD_SUPERVISOR)),
        (FollowUp::Retry | FollowUp::Promise, _) => {
            match retry_plan(tried.attempts, ctx.now, tried.day_parts, row.purpose, limits, ctx.now) {
                Next::At(due_at) => MatterRow { due_at, ..tried.moved_to(MatterState::Waiting, None) },
                Next::UsedUp => tried.moved_to(MatterState::Closed, Some("attempts_used_up")),
            }
        }
    })
}

fn promised(row: &MatterRow, at: Timestamp, owner: Option<StaffId>) -> MatterRow {
    MatterRow {
        due_at: at,
        callback_at: Some(at),
        callback_for: owner,
        ..row.moved_to(MatterState::Promised, None)
    }
}

/// Whether what the call was for is on record: a registration, the survey's answers. An intake call has reached
/// its purpose when the agent says so.
fn came_about(tx: &mut Tx<'_>, row: &MatterRow) -> Result<bool, StoreError> {
    Ok(match row.purpose {
        Purpose::Offer => registration::find_by_customer(tx, row.customer)?
            .is_some_and(|registration| registration.state != RegistrationState::Cancelled),
        Purpose::Survey => {
            call::find_case_link(tx, row.customer)?.is_some_and(|link| link.survey != Some(SurveyState::Due))
        }
        Purpose::Intake => true,
    })
}

/// The customer named a time: that request is the agreement of rule T5, good around that time.
fn agree(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: &MatterRow,
    at: Timestamp,
    call: CallId,
    limits: &ContactLimits,
) -> Result<(), StoreError> {
    agreement::insert(
        tx,
        &agreement::NewAgreement {
            customer: row.customer,
            voice: true,
            sms: false,
            what: "callback",
            from: at,
            until: at.plus_minutes(limits.promise_grace_minutes),
            evidence: &evidence(call),
            by: &ctx.actor.staff,
            at: ctx.now,
        },
    )
}

/// What the customer complains of waits for whoever leads this side.
fn complain(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: &MatterRow, note: Option<&str>) -> Result<(), Error> {
    let about = TaskAbout::Matter(row.id);
    task::open(tx, ctx, &NewTask { kind: TaskKind::Complaint, about, note, due_at: None })?;
    Ok(())
}

/// How rows that a call brought name it.
pub(super) fn evidence(call: CallId) -> String {
    format!("call:{call}")
}

/// "Do not call me again": at once, for every purpose, with one confirmation (T10).
fn stop_calls(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: &MatterRow, call: CallId) -> Result<(), Error> {
    let known = customer::find(tx, row.customer)?.ok_or_else(|| no_such_matter(row.id))?;
    super::super::optout::stop(tx, ctx, &known, true, false, &evidence(call))?;
    Ok(())
}
