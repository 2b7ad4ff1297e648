//! Claims the next customer to call, or a named one. Promises come first (the agent's own, then those without an
//! agent), then the customer who has been due longest.
//!
//! A candidate against whom a rule stands is moved in the same transaction (to the time at which the rule allows the
//! call, or held, or closed), so that the next claim does not meet it again. A rule against all customers (the hour
//! of the day, an old national register, registration not open, the programme full) moves none.
//!
//! Concurrent claims: a candidate comes locked, others skip it, and a claim waits for no other after it has read the
//! agent's own lease.

use super::super::command::Claim;
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::super::task::{self, NewTask};
use super::expire::{ended_at, expire};
use super::record::came_about;
use super::settle::{Unanswered, settle_case};
use super::{conflict, dialling_until, late, limits, no_such_matter};
use crate::domain::actor::Role;
use crate::domain::contact::{ContactLimits, MatterState, Purpose, callable_from, reasons_against_call};
use crate::domain::id::MatterId;
use crate::domain::refusal::Refusal;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::time::Timestamp;
use crate::store::matter::{self, HELD_OPT_IN, HELD_REGISTER, HELD_SMS, HELD_SUPERVISOR, Loaded, MatterRow};
use crate::store::{StoreError, Topics, Tx, call, row_lock};
use chrono::NaiveDate;

/// Candidates that one claim may move out of the way.
const TRIES: usize = 64;
/// Expired leases that one claim gives back.
const RETURNED_AT_ONCE: i64 = 64;
/// Offers that one claim returns to the queue because their SMS has been sent.
const INVITED_AT_ONCE: i64 = 512;
/// Good days that a register has left when its renewal becomes a task.
const EXPIRING_DAYS: i64 = 1;
/// How far the numbers in "nothing due" count.
const COUNTED: i64 = 10_000;

/// Gives the agent a lease on a matter, or returns that nothing is due. Claiming the matter that one already holds
/// renews its lease; claiming anything else meanwhile is refused.
pub(in crate::usecase) fn claim(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Claim) -> Result<Done, Error> {
    let limits = limits(ctx);
    if !ctx.campaign.sms_required {
        let uninvited = matter::release_uninvited(tx, INVITED_AT_ONCE)?;
        touch_queue(tx, uninvited);
    }
    if matter::is_any_to_settle(tx, &ctx.actor.staff, ctx.now)?
        && let Some(done) = settle_leases(tx, ctx, input, &limits)?
    {
        return Ok(done);
    }
    match input.matter {
        Some(id) => named(tx, ctx, id, input.purpose, &limits),
        None => next(tx, ctx, input.purpose, &limits),
    }
}

/// Others' screens show the queue with the offers that came back.
fn touch_queue(tx: &mut Tx<'_>, released: u64) {
    if released > 0 {
        tx.touch(Topics::QUEUE);
    }
}

/// Settles expired leases and offers whose SMS has been sent by now. A valid lease of the agent is renewed when they claim its matter, and refuses
/// anything else.
fn settle_leases(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &Claim,
    limits: &ContactLimits,
) -> Result<Option<Done>, Error> {
    // The agent's own first: a transaction that releases it now is waited for while no other lock is held.
    let own = matter::find_by_holder_locked(tx, &ctx.actor.staff)?;
    let invited = matter::release_invited(tx, ctx.now, INVITED_AT_ONCE)?;
    touch_queue(tx, invited);
    let expired = matter::list_expired_locked(tx, ctx.now, RETURNED_AT_ONCE)?;
    for row in &expired {
        expire(tx, ctx, row, ended_at(row, ctx.now), limits)?;
    }
    if let Some(open) = own.filter(|own| expired.iter().all(|row| row.id != own.id)) {
        if open.lease_until.is_some_and(|until| ctx.now < until) {
            if input.matter != Some(open.id) || open.purpose != input.purpose {
                return Err(Refusal::CallOpen.into());
            }
            let loaded = load(tx, ctx, open.id)?;
            return take(tx, ctx, &loaded, limits).map(Some);
        }
        // So many leases ran out at once that this one was not among those.
        expire(tx, ctx, &open, ended_at(&open, ctx.now), limits)?;
    }
    Ok(None)
}

fn load(tx: &mut Tx<'_>, ctx: &Ctx<'_>, id: MatterId) -> Result<Loaded, Error> {
    let mut loaded = matter::find_loaded(tx, id, ctx.now)?.ok_or_else(|| no_such_matter(id))?;
    loaded.facts.agent = Some(ctx.actor.staff.clone());
    // Registered without naming the call: the offer has its answer, whatever the matter says.
    let is_offer = loaded.matter.purpose.is_offer_contact() && loaded.registration.is_some();
    if is_offer && came_about(tx, &loaded.matter)? {
        loaded.facts.state = MatterState::Closed;
    }
    Ok(loaded)
}

/// One matter and no other. A supervisor may take what is held for a supervisor.
fn named(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    purpose: Purpose,
    limits: &ContactLimits,
) -> Result<Done, Error> {
    row_lock::matter(tx, id)?;
    if Purpose::of_matter(id).is_some_and(|(_, of)| of == purpose)
        && late::resume(tx, ctx, id, limits)?.is_some()
    {
        tx.touch(Topics::QUEUE);
    }
    let mut loaded = load(tx, ctx, id)?;
    let is_resumed = loaded.matter.state == MatterState::Leased
        && loaded.matter.lease_staff.as_ref() == Some(&ctx.actor.staff);
    // The permission was asked for this purpose: a matter of another one does not exist here.
    if loaded.matter.purpose != purpose {
        return Err(no_such_matter(id).into());
    }
    if loaded.matter.avoid_staff.as_ref() == Some(&ctx.actor.staff) {
        return Err(Refusal::RegisteredByYou.into());
    }
    if ctx.actor.role == Role::Supervisor && loaded.matter.reason.as_deref() == Some(HELD_SUPERVISOR) {
        loaded.facts.state = MatterState::Waiting;
    }
    if is_resumed {
        return take(tx, ctx, &loaded, limits);
    }
    match reasons_against_call(&loaded.facts, limits, ctx.now).into_iter().next() {
        None => take(tx, ctx, &loaded, limits),
        Some(refusal) => Err(refusal.into()),
    }
}

fn next(tx: &mut Tx<'_>, ctx: &Ctx<'_>, purpose: Purpose, limits: &ContactLimits) -> Result<Done, Error> {
    let window = limits.call_window(purpose);
    let is_open = window.contains(ctx.now);
    // Known without a look at the queue.
    if let Some(reason) = limits.outside_programme(purpose, ctx.now) {
        return blocked(tx, ctx, purpose, reason.rule(), reason.opens_later(ctx.now));
    }
    for _ in 0..TRIES {
        let Some(id) = candidate(tx, ctx, purpose, limits, is_open)? else {
            return if is_open {
                nothing_due(tx, ctx, purpose, limits, None)
            } else {
                nothing_due(
                    tx,
                    ctx,
                    purpose,
                    limits,
                    Some(("outside_calling_hours", window.next_open(ctx.now))),
                )
            };
        };
        let mut loaded = load(tx, ctx, id)?;
        if purpose.is_offer_contact() {
            watch_register(tx, ctx, loaded.facts.dnc_as_of, limits)?;
        }
        let mut reasons = reasons_against_call(&loaded.facts, limits, ctx.now);
        if reasons.iter().any(|reason| matches!(reason, Refusal::DoNotCall)) {
            // A register that is being replaced gives back what was held for it, and must find this one held.
            row_lock::campaign(tx)?;
            loaded = load(tx, ctx, id)?;
            reasons = reasons_against_call(&loaded.facts, limits, ctx.now);
        }
        if reasons.is_empty() {
            return take(tx, ctx, &loaded, limits);
        }
        let facts = &loaded.facts;
        if let Some(reason) = limits.reason_against_all(purpose, facts.seats, facts.dnc_as_of, ctx.now) {
            return blocked(tx, ctx, purpose, reason.rule(), None);
        }
        move_on(tx, ctx, &loaded, limits, &reasons)?;
    }
    // There may be more behind them: claim again at once.
    let receipt = Receipt::NothingDue {
        next_at: Some(ctx.now),
        held: matter::count_held_by_reason(tx, purpose, COUNTED)?,
    };
    Ok(done(receipt, purpose))
}

/// A register that is about to grow too old, or is, is a task: before all offers stop, somebody loads a new one.
fn watch_register(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    as_of: Option<NaiveDate>,
    limits: &ContactLimits,
) -> Result<(), Error> {
    if limits.register_days_left(as_of, ctx.now).is_none_or(|left| left <= EXPIRING_DAYS) {
        let (kind, about) = (TaskKind::RegisterExpiring, TaskAbout::Register);
        task::open(tx, ctx, &NewTask { kind, about, note: None, due_at: None })?;
    }
    Ok(())
}

/// The next matter to check: a promise whose time has come, or the customer who has been due longest.
fn candidate(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    purpose: Purpose,
    limits: &ContactLimits,
    is_open: bool,
) -> Result<Option<MatterId>, StoreError> {
    let staff = &ctx.actor.staff;
    let open_to_all = ctx.now.plus_minutes(-limits.promise_owner_minutes);
    if is_open && purpose.is_offer_contact() {
        return matter::next_offer(tx, staff, ctx.now, open_to_all);
    }
    let promised = matter::next_promise(tx, purpose, staff, ctx.now, open_to_all)?;
    if promised.is_some() || !is_open {
        return Ok(promised);
    }
    matter::next_waiting_service(tx, purpose, staff, ctx.now)
}

/// The lease itself.
fn take(tx: &mut Tx<'_>, ctx: &Ctx<'_>, loaded: &Loaded, limits: &ContactLimits) -> Result<Done, Error> {
    let row = &loaded.matter;
    let lease_until = limits.lease_until(ctx.now);
    let renewed = row.state == MatterState::Leased;
    let began = row.leased_at.filter(|_| renewed).unwrap_or(ctx.now);
    move_to(tx, row, &row.leased_to(&ctx.actor.staff, began, lease_until))?;
    let case = match row.purpose {
        Purpose::Offer => None,
        Purpose::Intake | Purpose::Survey => call::find_case_link(tx, row.customer)?.map(|link| link.case),
    };
    let receipt = Receipt::Claimed {
        matter: row.id,
        phone: loaded.phone.e164(),
        name: loaded.name.clone(),
        lease_until,
        attempt: row.attempts + 1,
        dial_until: dialling_until(loaded, limits, ctx.now, lease_until),
        case,
    };
    let done = Done::new(receipt, format!("matter:{}", row.id));
    Ok(if renewed { done.detail("renewed") } else { done })
}

/// Moves a candidate that may not be called out of the way.
fn move_on(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    loaded: &Loaded,
    limits: &ContactLimits,
    reasons: &[Refusal],
) -> Result<(), Error> {
    let row = &loaded.matter;
    if let Some(sent_at) = reasons.iter().find_map(|refusal| match refusal {
        Refusal::SmsNotReceived { sent_at } => Some(*sent_at),
        _ => None,
    }) {
        let due_at = sent_at.unwrap_or(Timestamp::ZERO);
        let held = MatterRow { due_at, ..row.moved_to(MatterState::Held, Some(HELD_SMS)) };
        return move_to(tx, row, &held);
    }
    if let Some(due_at) = callable_from(&loaded.facts, limits, ctx.now) {
        return move_to(tx, row, &MatterRow { due_at, ..row.clone() });
    }
    let (state, reason) = reasons
        .iter()
        .find_map(|refusal| match refusal {
            Refusal::OptedOut { .. } => Some((MatterState::Closed, "opted_out")),
            Refusal::MatterClosed => Some((MatterState::Closed, "registered")),
            Refusal::AttemptsUsedUp { .. } => Some((MatterState::Closed, "attempts_used_up")),
            Refusal::DoNotCall => Some((MatterState::Held, HELD_REGISTER)),
            Refusal::OptInMissing => Some((MatterState::Held, HELD_OPT_IN)),
            _ => None,
        })
        .unwrap_or((MatterState::Held, HELD_SUPERVISOR));
    move_to(tx, row, &row.moved_to(state, Some(reason)))?;
    if state == MatterState::Closed && reason != "registered" {
        let end = if reason == "opted_out" { Unanswered::Refused } else { Unanswered::Unreachable };
        settle_case(tx, ctx, row.customer, row.purpose, end)?;
    }
    Ok(())
}

fn move_to(tx: &mut Tx<'_>, from: &MatterRow, to: &MatterRow) -> Result<(), Error> {
    if !matter::update(tx, from, to)? {
        return Err(conflict(from).into());
    }
    tx.touch(Topics::QUEUE);
    Ok(())
}

/// No customer may be called: because none is due, or because the window is shut until the given instant.
fn nothing_due(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    purpose: Purpose,
    limits: &ContactLimits,
    shut: Option<(&str, Timestamp)>,
) -> Result<Done, Error> {
    let window = limits.call_window(purpose);
    let mut held = matter::count_held_by_reason(tx, purpose, COUNTED)?;
    let staff = &ctx.actor.staff;
    let promise = matter::next_callback_at(tx, purpose, staff, ctx.now, limits.promise_owner_minutes)?;
    let waiting = if let Some((rule, opens)) = shut {
        let due = matter::count_due(tx, purpose, ctx.now, COUNTED)?;
        if due > 0 {
            held.insert(rule.to_owned(), due);
            Some(opens)
        } else {
            matter::next_due_at(tx, purpose, ctx.now)?.map(|at| window.next_open(at))
        }
    } else {
        // The agent who registered a customer does not survey them: those that are due wait for a colleague.
        let avoided =
            if purpose == Purpose::Survey { matter::count_due(tx, purpose, ctx.now, COUNTED)? } else { 0 };
        if avoided > 0 {
            held.insert("registered_by_you".to_owned(), avoided);
        }
        matter::next_due_at(tx, purpose, ctx.now)?.map(|at| window.next_open(at))
    };
    let invited = if purpose.is_offer_contact() { matter::next_invited_at(tx, ctx.now)? } else { None };
    let invited = invited.map(|at| window.next_open(at));
    let until = limits.span(purpose).until;
    let next_at = [waiting, promise, invited].into_iter().flatten().min().filter(|at| *at <= until);
    Ok(done(Receipt::NothingDue { next_at, held }, purpose))
}

/// A rule stands against all customers, until the given time, or until somebody acts: then no time can be named.
fn blocked(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    purpose: Purpose,
    rule: &str,
    next_at: Option<Timestamp>,
) -> Result<Done, Error> {
    let mut held = matter::count_held_by_reason(tx, purpose, COUNTED)?;
    let due = matter::count_due(tx, purpose, ctx.now, COUNTED)?
        + matter::count_due_promises(tx, purpose, ctx.now, COUNTED)?;
    held.insert(rule.to_owned(), due);
    Ok(done(Receipt::NothingDue { next_at, held }, purpose))
}

fn done(receipt: Receipt, purpose: Purpose) -> Done {
    Done::new(receipt, format!("queue:{}", purpose.code())).detail("nothing_due")
}
