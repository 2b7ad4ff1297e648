//! The model's steps of a call: lease, result, undo.

use crate::attempt::Unrecorded;
use crate::fixture::at;
use crate::plain::{Actor, Call, LEASE_MINUTES, Matter, Place, Plain, UNDO_MS, is_open_hour};
use crate::play::{Planned, yes};
use crate::step::Action;
use tongdai::domain::case::CaseState;
use tongdai::domain::contact::{MatterState, Purpose};
use tongdai::domain::disposition::{Disposition, FollowUp};
use tongdai::domain::id::MatterId;
use tongdai::domain::time::Timestamp;
use tongdai::usecase::command::{CallbackFor, MatterRef, RecordCall};
use tongdai::usecase::{Command, Receipt};

/// A call that moved nothing but its matter.
pub fn call(matter: i64, actor: Actor, at: Timestamp, disposition: Disposition, before: Matter) -> Call {
    Call {
        matter,
        actor,
        started: before.began.unwrap_or(at),
        at,
        late: None,
        note_only: false,
        disposition,
        before,
        moved_case: None,
        moved_survey: false,
        agreement: None,
        undone: false,
    }
}

/// The same call, recorded after its lease had run out: it happened when the attempt did that it replaces.
fn late_call(model: &Plain, found: &Unrecorded, made: Call) -> Call {
    let attempt = &model.calls[found.place];
    Call {
        at: attempt.at,
        started: attempt.started,
        late: Some(model.now),
        note_only: found.under_lease.is_none(),
        before: found.under_lease.clone().unwrap_or_else(|| attempt.before.clone()),
        ..made
    }
}

/// The call that reached its purpose in another command. Under a lease that ran out it is the call of that lease.
pub fn success(model: &mut Plain, id: i64, actor: Actor) {
    let is_held = lease(model, actor, id).is_ok();
    let late = if is_held { None } else { model.unrecorded(actor, id, true) };
    let mut made = call(id, actor, model.now, Disposition::Agreed, model.matters[&id].clone());
    if let Some(found) = &late {
        model.replace(found);
        made = late_call(model, found, made);
    }
    if made.note_only {
        model.close(id, "agreed");
    } else {
        let mut matter = made.before.clone();
        matter.tried(made.at, Disposition::Agreed);
        matter.become_state(MatterState::Closed, Some("agreed"));
        model.matters.insert(id, matter);
    }
    model.calls.push(made);
}

pub fn lease(model: &Plain, actor: Actor, id: i64) -> Result<(), &'static str> {
    match model.matters[&id].lease {
        Some((holder, until)) if holder == actor => {
            if model.now < until {
                Ok(())
            } else {
                Err("lease_expired")
            }
        }
        _ => Err(not_held(model, id)),
    }
}

/// Why a matter is not the actor's: the customer's request ended the call, or nobody's it is.
pub fn not_held(model: &Plain, id: i64) -> &'static str {
    let matter = &model.matters[&id];
    let by_request = matter.state == MatterState::Closed && matter.reason == Some("opted_out");
    if by_request { "opted_out" } else { "not_your_lease" }
}

pub fn release(model: &Plain, actor: Actor, id: i64) -> Planned {
    let command = Command::ReleaseLease(MatterRef { matter: MatterId(id) });
    let outcome = match lease(model, actor, id) {
        Err("not_your_lease" | "opted_out") => Err("not_your_lease"),
        _ => yes(move |model, _| {
            let (now, matter) = (model.now, model.matters.get_mut(&id).unwrap());
            let rang = matter.rang.is_some_and(|rang| matter.began.is_none_or(|began| began <= rang));
            if rang || !matter.has_good_lease(now) {
                model.expire(id);
            } else {
                matter.give_back();
            }
        }),
    };
    (command, outcome)
}

pub fn renew(model: &Plain, actor: Actor, id: i64) -> Planned {
    let command = Command::RenewLease(MatterRef { matter: MatterId(id) });
    let outcome = lease(model, actor, id).and_then(|()| {
        yes(move |model, _| {
            let until = model.now.plus_minutes(LEASE_MINUTES);
            model.matters.get_mut(&id).unwrap().lease = Some((actor, until));
        })
    });
    (command, outcome)
}

/// The last instant for which a callback of that purpose may be promised lies before this one.
fn callbacks_end(purpose: Purpose) -> Timestamp {
    at(match purpose {
        Purpose::Offer => "2026-12-16T00:00",
        Purpose::Intake => "2027-01-01T00:00",
        Purpose::Survey => "2027-02-01T00:00",
    })
}

pub fn record(model: &Plain, actor: Actor, id: i64, act: &Action) -> Planned {
    let Action::Record { disposition, note, callback_after, mine, .. } = *act else { unreachable!() };
    let now = model.now;
    let callback_at = callback_after.map(|minutes| now.plus_minutes(minutes));
    let command = Command::RecordCall(RecordCall {
        callback_at,
        callback_for: Some(if mine { CallbackFor::Me } else { CallbackFor::Anyone }),
        note: note.then(|| "ghi chú".to_owned()),
        talk_seconds: Some(20),
        recording_announced: Some(true),
        ..RecordCall::new(MatterId(id), disposition)
    });
    let purpose = model.matters[&id].purpose;
    let is_held = lease(model, actor, id).is_ok();
    let outcome = if !disposition.is_offered(purpose) {
        Err("field_invalid")
    } else if disposition == Disposition::Language && !note {
        Err("note_missing")
    } else if !is_held && model.clone().unrecorded(actor, id, false).is_none() {
        Err(not_held(model, id))
    } else if disposition == Disposition::Callback && callback_at.is_none() {
        Err("callback_time_missing")
    } else if disposition == Disposition::Callback && callback_at >= Some(callbacks_end(purpose)) {
        Err("callback_outside_window")
    } else {
        let owner = mine.then_some(actor);
        yes(move |model, receipt| {
            let late = if is_held { None } else { model.unrecorded(actor, id, false) };
            let mut made = call(id, actor, now, disposition, model.matters[&id].clone());
            if let Some(found) = &late {
                model.replace(found);
                made = late_call(model, found, made);
            }
            recorded(model, receipt, made, callback_at.map(|at| (at, owner)));
        })
    };
    (command, outcome)
}

fn recorded(
    model: &mut Plain,
    receipt: &Receipt,
    mut made: Call,
    callback: Option<(Timestamp, Option<Actor>)>,
) {
    let Receipt::Recorded { state, next_at, late, note_only } = receipt else { panic!("{receipt:?}") };
    assert_eq!((*late, *note_only), (made.late.is_some(), made.note_only));
    let (id, customer, flags) = (made.matter, made.matter / 4, made.disposition.flags());
    if made.note_only {
        assert_eq!(*state, model.matters[&id].state);
    } else {
        let after = after(model, &mut made, callback);
        let is_due = matches!(after.state, MatterState::Waiting | MatterState::Promised);
        let next = is_due.then_some(after.due).filter(|at| *at < callbacks_end(after.purpose));
        assert_eq!((*state, *next_at), (after.state, next));
        model.matters.insert(id, after);
        move_case(model, &mut made);
    }
    model.agreements.extend(made.agreement);
    model.calls.push(made);
    if flags.opts_out {
        model.stop_calls(customer);
    }
}

/// The matter after a call.
fn after(model: &mut Plain, made: &mut Call, callback: Option<(Timestamp, Option<Actor>)>) -> Matter {
    let (now, customer, disposition) = (model.now, made.matter / 4, made.disposition);
    let mut after = made.before.clone();
    let purpose = after.purpose;
    let came_about = match purpose {
        Purpose::Offer => model.registration_of(customer).is_some_and(|(_, r)| r.place != Place::Cancelled),
        Purpose::Intake => true,
        Purpose::Survey => model.case_of(customer).is_some_and(|case| case.survey != Some("due")),
    };
    after.tried(made.at, disposition);
    let mut promised = None;
    match disposition.follow_up() {
        FollowUp::Promise => {
            promised = callback;
            let is_agreed = |at: &Timestamp| purpose == Purpose::Offer || !is_open_hour(purpose, *at);
            made.agreement = callback.map(|(at, _)| at).filter(is_agreed).map(|at| (customer, at));
        }
        FollowUp::Close if disposition.flags().success && !came_about => {
            promised = Some((now, Some(made.actor)));
        }
        FollowUp::Close => after.become_state(MatterState::Closed, Some(disposition.code())),
        FollowUp::Supervisor => after.become_state(MatterState::Held, Some("supervisor")),
        FollowUp::Retry => after.retry(made.at, now),
    }
    if let Some((at, _)) = promised {
        after.become_state(MatterState::Promised, None);
        (after.callback, after.due) = (promised, at);
    }
    after
}

/// What the call did to the case or the survey.
fn move_case(model: &mut Plain, made: &mut Call) {
    let (customer, disposition) = (made.matter / 4, made.disposition);
    let matter = &model.matters[&made.matter];
    let is_over = matter.state == MatterState::Closed && !disposition.flags().success;
    let refused = matches!(disposition, Disposition::Declined | Disposition::DoNotCall);
    let end = if refused { "refused" } else { "unreachable" };
    match matter.purpose {
        Purpose::Intake | Purpose::Survey if is_over => {
            let purpose = matter.purpose;
            (made.moved_case, made.moved_survey) = model.unanswered(customer, purpose, end);
        }
        Purpose::Intake if disposition.flags().human_answered => {
            if let Some(case) = model.case_of(customer)
                && matches!(case.state, CaseState::New | CaseState::Unreachable)
            {
                made.moved_case = Some(std::mem::replace(&mut case.state, CaseState::Contacted));
            }
        }
        _ => {}
    }
}

pub fn undo(model: &Plain, actor: Actor, id: i64) -> Planned {
    let command = Command::UndoCall(MatterRef { matter: MatterId(id) });
    let matter = &model.matters[&id];
    let place = model.last_call(id).unwrap();
    let last = &model.calls[place];
    let is_success = last.disposition == Disposition::Agreed;
    let registered = model.registration_of(id / 4).is_some_and(|(_, r)| r.place != Place::Cancelled);
    let is_closed = matter.state == MatterState::Closed;
    let case_ended = matter.purpose == Purpose::Intake
        && model.cases.iter().any(|case| {
            let kept = model.kept.get(&case.registration).is_some_and(|kept| kept.reason == case.state);
            case.customer == id / 4 && case.state.is_final() && !kept
        });
    let by_call = [Some(last.disposition.code()), Some("attempts_used_up")].contains(&matter.reason);
    let outcome = if last.actor != actor {
        Err("no_such_row")
    } else if last.disposition == Disposition::NotRecorded {
        Err("lease_expired")
    } else if model.now.since(last.late.unwrap_or(last.at)) > UNDO_MS {
        Err("undo_too_late")
    } else if last.disposition == Disposition::DoNotCall {
        Err("opted_out")
    } else if last.note_only {
        Err("conflict")
    } else if (is_success || is_closed) && matter.purpose == Purpose::Offer && registered {
        Err("already_registered")
    } else if is_success && matter.purpose == Purpose::Survey && is_closed {
        Err("conflict")
    } else if is_closed && (!by_call || case_ended) {
        Err("matter_closed")
    } else if matter.state == MatterState::Leased {
        Err("not_your_lease")
    } else if model.matters.values().any(|m| m.lease.is_some_and(|(holder, _)| holder == actor)) {
        Err("call_open")
    } else {
        yes(move |model, _| {
            model.calls[place].undone = true;
            let call = model.calls[place].clone();
            let rang = model.matters[&id].rang;
            let mut back = call.before.clone();
            let began = back.began.or(Some(call.started));
            back.take(actor, model.now);
            // Which result it was is taken back; that it rang is not.
            (back.began, back.rang) = (began, rang.max(back.rang));
            model.matters.insert(id, back);
            model.agreements.retain(|kept| Some(*kept) != call.agreement);
            model.restore(&call);
        })
    };
    (command, outcome)
}
