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
use super::attempt::{attempted, settled_after_attempt};
use super::late::Follows;
use super::opted_out::ended_by_request;
use super::settle::{CallEnd, settle, settle_history};
use super::{check_lease, conflict, get_matter, late, limits, lock_case, no_such_matter};
use crate::domain::calendar::DailyWindow;
use crate::domain::contact::{ContactLimits, MatterState, Purpose};
use crate::domain::disposition::{Disposition, FollowUp};
use crate::domain::id::{CallId, MatterId, StaffId};
use crate::domain::refusal::Refusal;
use crate::domain::registration::RegistrationState;
use crate::domain::survey::SurveyState;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::matter::{self, HELD_SUPERVISOR, MatterRow};
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

/// Records the result of the agent's open call, or of one whose lease ran out before ([`late`]).
pub(in crate::usecase) fn record_call(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &RecordCall,
) -> Result<Done, Error> {
    let disposition = input.disposition;
    lock_before(tx, ctx, input.matter, disposition)?;
    let row = get_matter(tx, input.matter)?;
    if !disposition.is_offered(row.purpose) {
        return Err(Refusal::FieldInvalid { field: "disposition", reason: "unknown" }.into());
    }
    let note = note(input.note.as_deref())?;
    if disposition.flags().needs_note && note.is_none() {
        return Err(Refusal::NoteMissing(disposition).into());
    }
    let talk_seconds = talk_seconds(input.talk_seconds)?;
    let limits = limits(ctx);
    let late = match check_lease(ctx, &row) {
        Ok(()) => None,
        Err(refusal) => match late::take(tx, ctx, row.id, Follows::AnyResult)? {
            Some(late) => Some(late),
            None => return note_to_request(tx, ctx, &row, note.as_deref(), refusal),
        },
    };
    let promise = promise(ctx, input, row.purpose, &limits)?;
    let at = late::happened_at(late.as_ref(), ctx.now);
    let ended = CallEnd {
        disposition,
        talk_seconds,
        note: note.as_deref(),
        callback_at: promise.as_ref().map(|promise| promise.at),
        recording: input.recording_announced.unwrap_or(false),
        by: &ctx.actor.staff,
        started_at: late.as_ref().map_or(row.leased_at.unwrap_or(ctx.now), |late| late.call.started_at),
        ended_at: at,
        late_at: late.as_ref().map(|_| ctx.now),
    };
    let from = late.as_ref().map_or(Some(&row), |late| late.under_lease.as_ref());
    let (id, now_is) = match (from, &late) {
        (Some(from), _) => {
            let to = after(tx, ctx, from, disposition, promise.as_ref(), at, &limits)?;
            (settle(tx, ctx, from, &to, &ended)?, to)
        }
        (None, Some(late)) => (settle_history(tx, &late.matter, &ended, &late.before)?, late.matter.clone()),
        (None, None) => return Err(conflict(&row).into()),
    };
    let note_only = from.is_none();
    if let Some(promise) = promise.as_ref().filter(|promise| !note_only && promise.becomes_agreement) {
        agree(tx, ctx, &row, promise.at, id, &limits)?;
    }
    if note_only && leads_to_something(disposition) {
        let about = TaskAbout::Matter(row.id);
        let kind = TaskKind::LateResult;
        task::open(tx, ctx, &NewTask { kind, about, note: note.as_deref(), due_at: None })?;
    }
    if disposition.flags().human_answered && !row.purpose.is_offer_contact() {
        task::told(tx, ctx, row.customer)?;
    }
    if disposition.flags().to_supervisor {
        complain(tx, ctx, &row, note.as_deref())?;
    } else if disposition.flags().human_answered {
        task::hear_complaint(tx, ctx, TaskAbout::Matter(row.id))?;
    }
    if disposition.flags().opts_out {
        stop_calls(tx, ctx, &row, id)?;
    }
    // After the last day of its purpose there is no next time.
    let next_at = matches!(now_is.state, MatterState::Waiting | MatterState::Promised)
        .then_some(now_is.due_at)
        .filter(|at| *at <= limits.span(row.purpose).until);
    let is_late = late.is_some();
    let receipt = Receipt::Recorded { state: now_is.state, next_at, late: is_late, note_only };
    let detail = format!(
        "disposition={} state={}{}",
        disposition.code(),
        now_is.state.code(),
        if is_late { " late" } else { "" }
    );
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
    let late = match check_lease(ctx, &row) {
        Ok(()) => None,
        Err(refusal) => match late::take(tx, ctx, row.id, Follows::Success)? {
            None if holding == Holding::NoOtherAgent && has_no_holder => None,
            Some(late) => Some(late),
            None => return Err(ended_by_request(tx, &row, refusal)?.into()),
        },
    };
    if late.is_none() && row.state == MatterState::Closed {
        return Err(Refusal::MatterClosed.into());
    }
    let talk_seconds = talk_seconds(data.talk_seconds)?;
    let note = note(data.note)?;
    let claimed = row.lease_staff.as_ref() == Some(&ctx.actor.staff);
    let started_at = late.as_ref().map_or_else(
        || row.leased_at.filter(|_| claimed).unwrap_or_else(|| ctx.now.plus_ms(-talk_seconds * 1000)),
        |late| late.call.started_at,
    );
    let at = late::happened_at(late.as_ref(), ctx.now);
    let ended = CallEnd {
        disposition: Disposition::Agreed,
        talk_seconds,
        note: note.as_deref(),
        callback_at: None,
        recording: data.recording_announced.unwrap_or(false),
        by: &ctx.actor.staff,
        started_at,
        ended_at: at,
        late_at: late.as_ref().map(|_| ctx.now),
    };
    let from = late.as_ref().map_or(&row, |late| late.under_lease.as_ref().unwrap_or(&late.matter));
    match &late {
        // Somebody called since, or calls now: what the call was for came about all the same.
        Some(late) if late.under_lease.is_none() => {
            let id = settle_history(tx, from, &ended, &late.before)?;
            matter::close(tx, from.id, "agreed")?;
            Ok(id)
        }
        Some(_) | None => {
            let to = attempted(at, from, Disposition::Agreed).moved_to(MatterState::Closed, Some("agreed"));
            settle(tx, ctx, from, &to, &ended)
        }
    }
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
    /// The time is the customer's own wish, kept as an agreement: always for offers (T5), and for a service call
    /// outside its hours.
    becomes_agreement: bool,
}

/// The promise of a callback: its time lies ahead, inside the window of its purpose (T13), and inside the allowed hours
/// unless the customer wished it otherwise. Other dispositions carry none.
fn promise(
    ctx: &Ctx<'_>,
    input: &RecordCall,
    purpose: Purpose,
    limits: &ContactLimits,
) -> Result<Option<Promised>, Refusal> {
    if !input.disposition.flags().needs_callback_time {
        return Ok(None);
    }
    let at = input.callback_at.filter(|at| *at > ctx.now).ok_or(Refusal::CallbackTimeMissing)?;
    limits.check_callback(purpose, at)?;
    let window = limits.call_window(purpose);
    let is_outside = !window.contains(at);
    if is_outside && input.agreed == Some(false) {
        return Err(Refusal::OutsideCallingHours {
            opens_minute: window.opens_minute,
            closes_minute: window.closes_minute,
            next_at: window.next_open(at),
        });
    }
    let owner = match input.callback_for.unwrap_or_default() {
        CallbackFor::Me => Some(ctx.actor.staff.clone()),
        CallbackFor::Anyone => None,
    };
    Ok(Some(Promised { at, owner, becomes_agreement: is_outside || purpose.is_offer_contact() }))
}

/// What becomes of the matter.
fn after(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: &MatterRow,
    disposition: Disposition,
    promise: Option<&Promised>,
    at: Timestamp,
    limits: &ContactLimits,
) -> Result<MatterRow, StoreError> {
    let tried = attempted(at, row, disposition);
    Ok(match (disposition.follow_up(), promise) {
        (FollowUp::Promise, Some(promise)) => promised(&tried, promise.at, promise.owner.clone()),
        (FollowUp::Close, _) if disposition.flags().success && !came_about(tx, row)? => {
            promised(&tried, ctx.now, Some(ctx.actor.staff.clone()))
        }
        (FollowUp::Close, _) => tried.moved_to(MatterState::Closed, Some(disposition.code())),
        (FollowUp::Supervisor, _) => tried.moved_to(MatterState::Held, Some(HELD_SUPERVISOR)),
        (FollowUp::Retry | FollowUp::Promise, _) => settled_after_attempt(&tried, at, ctx.now, limits),
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

/// What an agent wrote in a call that the customer's request ended elsewhere is kept with that call; without a note the
/// refusal stands.
fn note_to_request(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    row: &MatterRow,
    note: Option<&str>,
    refusal: Refusal,
) -> Result<Done, Error> {
    let refusal = ended_by_request(tx, row, refusal)?;
    if let (Refusal::OptedOut { .. }, Some(note)) = (&refusal, note)
        && call::add_note_to_request(tx, row.id, &ctx.actor.staff, note)?
    {
        let receipt = Receipt::Recorded { state: row.state, next_at: None, late: false, note_only: true };
        return Ok(Done::new(receipt, format!("matter:{}", row.id)).detail("note"));
    }
    Err(refusal.into())
}

/// Whether what the call was for is on record: a registration, the survey's answers. An intake call has reached
/// its purpose when the agent says so.
pub(super) fn came_about(tx: &mut Tx<'_>, row: &MatterRow) -> Result<bool, StoreError> {
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
            window: hour_of(at, limits),
            evidence: &evidence(call),
            by: &ctx.actor.staff,
            at: ctx.now,
        },
    )
}

/// Whether somebody expects something of this result, which a matter that went on without it does not bring about.
const fn leads_to_something(disposition: Disposition) -> bool {
    let flags = disposition.flags();
    flags.needs_callback_time || flags.success
}

/// What the customer complains of waits for whoever leads this side.
fn complain(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: &MatterRow, note: Option<&str>) -> Result<(), Error> {
    let about = TaskAbout::Matter(row.id);
    task::open(tx, ctx, &NewTask { kind: TaskKind::Complaint, about, note, due_at: None })?;
    Ok(())
}

/// The hour of the day that a promised time opens, with its grace; up to midnight.
fn hour_of(at: Timestamp, limits: &ContactLimits) -> Option<DailyWindow> {
    let opens = at.minute_of_day();
    let grace = u32::try_from(limits.promise_grace_minutes).unwrap_or(0);
    DailyWindow::new(opens, (opens + grace + 1).min(24 * 60))
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
