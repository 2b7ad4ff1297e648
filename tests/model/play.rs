//! One step as a command, with what must come of it by the paper: a refusal by its rule, or the change.

use crate::ground::{PHONES, at};
use crate::plain::{
    Call, LEASE_MINUTES, MAX_ATTEMPTS, Matter, Place, Plain, Registration, UNDO_MS, Who, is_open_hour,
};
use crate::step::{Act, Step};
use tongdai::domain::appointment::AppointmentState;
use tongdai::domain::case::CaseState;
use tongdai::domain::consent::ConsentAnswers;
use tongdai::domain::contact::{MatterState, Purpose};
use tongdai::domain::disposition::{Disposition, FollowUp};
use tongdai::domain::id::{MatterId, RegistrationId};
use tongdai::domain::time::{HOUR_MS, Timestamp};
use tongdai::usecase::command::{
    CallbackFor, CancelRegistration, Channel, Claim, ContactKind, MatterRef, OptOut, RecordCall, Register,
    SetQuota,
};
use tongdai::usecase::{Command, Receipt};

use crate::hospital::{
    acknowledge, book, cancel_appointment, hand_over, let_go, move_to, result, start, survey, tell, triage,
};

/// Writes the step on the paper once the door has said yes, and checks the receipt.
pub type Change = Box<dyn FnOnce(&mut Plain, &Receipt)>;

/// A command and its outcome by the paper.
pub struct Plan {
    pub who: Who,
    pub command: Command,
    pub outcome: Result<Change, &'static str>,
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside the refusals of a plan")]
pub fn yes(change: impl FnOnce(&mut Plain, &Receipt) + 'static) -> Result<Change, &'static str> {
    Ok(Box::new(change))
}

/// The plan of a step; none when there is nothing it could be about.
pub fn plan(paper: &Plain, step: &Step) -> Option<Plan> {
    let which = i64::from(step.which);
    let agent = ["lan", "minh", "ha"][usize::from(step.who) % 3];
    let desk = ["thu", "quan"][usize::from(step.who) % 2];
    let of = |purpose| if purpose == Purpose::Intake { desk } else { agent };
    let one_of = |rows: usize| (rows > 0).then(|| which % rows as i64 + 1);
    // Often the customer who was on the phone last.
    let last = paper.calls.last().map(|call| call.matter / 4).filter(|_| which % 3 == 0);
    let appointment = || {
        // Mostly one that is live.
        let live: Vec<i64> =
            (1..).zip(&paper.appointments).filter(|(_, a)| a.is_live()).map(|(id, _)| id).collect();
        match (live.is_empty(), which % 8) {
            (false, 1..) => Some(live[step.which as usize % live.len()]),
            _ => one_of(paper.appointments.len()),
        }
    };
    let (who, (command, outcome)) = match &step.act {
        Act::Register { .. } => (agent, register(paper, agent, last.unwrap_or(which % 8 + 1), &step.act)),
        Act::Cancel => {
            let whose = last.and_then(|customer| paper.registration_of(customer)).map(|(id, _)| id);
            (agent, cancel(paper, whose.or_else(|| one_of(paper.registrations.len()))?))
        }
        Act::SetQuota(quota) => ("ha", set_quota(paper, *quota)),
        Act::OptOut => (agent, opt_out(which % 8 + 1)),
        Act::ClaimNext(purpose) => (of(*purpose), claim_next(paper, of(*purpose), *purpose)),
        Act::ClaimNamed(purpose) => {
            let customers: Vec<i64> =
                paper.matters.iter().filter(|(_, m)| m.purpose == *purpose).map(|(id, _)| id / 4).collect();
            let customer = customers.get(step.which as usize % (customers.len() + 1)).copied().unwrap_or(9);
            (of(*purpose), claim_named(paper, of(*purpose), *purpose, customer))
        }
        Act::Release | Act::Renew | Act::Record { .. } => {
            let mut holders: Vec<(Who, i64)> =
                paper.matters.iter().filter_map(|(id, m)| Some((m.lease?.0, *id))).collect();
            if matches!(step.act, Act::Record { other: true, .. }) {
                holders.clear();
            } else if holders.is_empty() {
                // Nobody is on the phone: somebody picks it up.
                let purpose = Purpose::ALL[usize::from(step.which) % 3];
                let (command, outcome) = claim_next(paper, of(purpose), purpose);
                return Some(Plan { who: of(purpose), command, outcome });
            }
            let held = holders.get(usize::from(step.which) % holders.len().max(1));
            let all: Vec<i64> = paper.matters.keys().copied().collect();
            let any = all[usize::from(step.which) % all.len()];
            let (who, id) = held.copied().unwrap_or((of(paper.matters[&any].purpose), any));
            let planned = match &step.act {
                Act::Release => release(paper, who, id),
                Act::Renew => renew(paper, who, id),
                act => record(paper, who, id, act),
            };
            (who, planned)
        }
        Act::Undo => {
            let last = paper.calls.iter().rev().find(|call| !call.undone)?;
            let who =
                if step.which.is_multiple_of(8) { of(paper.matters[&last.matter].purpose) } else { last.who };
            (who, undo(paper, who, last.matter))
        }
        Act::HandOver => ("ha", hand_over(paper)),
        Act::Acknowledge { returned } => {
            let batch =
                if which % 4 == 0 { one_of(paper.batches.len())? } else { paper.batches.len() as i64 };
            (batch > 0).then_some(())?;
            ("quan", acknowledge(paper, batch, usize::from(*returned)))
        }
        Act::Triage { children, flag } => (desk, triage(paper, one_of(paper.cases.len())?, *children, *flag)),
        Act::Hold { slot, long } => {
            (desk, book(paper, desk, one_of(paper.cases.len())?, (*slot, *long, false), true))
        }
        Act::Book { slot, long, wrong_doctor } => {
            (desk, book(paper, desk, one_of(paper.cases.len())?, (*slot, *long, *wrong_doctor), false))
        }
        Act::LetGo => (desk, let_go(paper, appointment()?)),
        Act::Move { slot } => (desk, move_to(paper, desk, appointment()?, *slot)),
        Act::CancelAppointment => (desk, cancel_appointment(paper, appointment()?)),
        Act::Tell => (desk, tell(paper, appointment()?)),
        Act::Start { wrong_doctor } => {
            let id = appointment()?;
            let own = paper.appointments[id as usize - 1].doctor == 1;
            let who = if own == *wrong_doctor { "bs_binh" } else { "bs_mai" };
            (who, start(paper, id, *wrong_doctor))
        }
        Act::Result { done } => (desk, result(paper, appointment()?, *done)),
        Act::Survey { q5 } => (agent, survey(paper, agent, one_of(paper.cases.len())?, *q5)),
        Act::Wait => return None,
    };
    Some(Plan { who, command, outcome })
}

/// A command and its outcome.
pub type Planned = (Command, Result<Change, &'static str>);

fn register(paper: &Plain, who: Who, customer: i64, act: &Act) -> Planned {
    let Act::Register { consent, survey, waitlist, from_call } = *act else { unreachable!() };
    let offer = customer * 4 + 1;
    let matter = paper.matters[&offer].clone();
    let named = from_call && matter.state == MatterState::Leased;
    let command = Command::Register(Register {
        consents: ConsentAnswers { register: consent, handbook: true, survey, marketing: false },
        waitlist,
        matter: named.then_some(MatterId(offer)),
        ..Register::new(
            PHONES[customer as usize - 1],
            if from_call { Channel::Outbound9090 } else { Channel::Inbound9090 },
        )
    });
    let now = paper.now;
    let holder = matter.lease.map(|(holder, _)| holder);
    let outcome = if paper.registration_of(customer).is_some() {
        Err("already_registered")
    } else if now >= at("2026-12-16T00:00") {
        Err("registration_closed")
    } else if from_call && paper.opted_out.contains_key(&customer) {
        Err("opted_out")
    } else if !consent {
        Err("consent_missing")
    } else if paper.taken() >= paper.quota && !waitlist {
        Err("quota_full")
    } else if named && holder != Some(who) {
        Err("not_your_lease")
    } else if named && !matter.has_good_lease(now) {
        Err("lease_expired")
    } else {
        yes(move |paper, receipt| {
            let seat = paper.take_seat();
            let id = paper.registrations.len() as i64 + 1;
            if seat.is_none() {
                paper.waitlist.push(id);
            }
            let expected = match seat {
                Some(seat) => Receipt::Registered { registration: RegistrationId(id), seat },
                None => Receipt::Waitlisted {
                    registration: RegistrationId(id),
                    position: paper.waitlist.len() as i64,
                },
            };
            assert_eq!(receipt, &expected);
            let place = seat.map_or(Place::Waitlist, Place::Seat);
            let hand_over = "waiting";
            paper.registrations.push(Registration { customer, place, by: who, at: now, survey, hand_over });
            if named {
                success(paper, offer, who);
            } else if !(from_call && holder == Some(who) && matter.has_good_lease(now)) {
                paper.close(offer, "registered");
            }
        })
    };
    (command, outcome)
}

/// The call that reached its purpose in another command.
pub fn success(paper: &mut Plain, id: i64, who: Who) {
    let now = paper.now;
    let before = paper.matters[&id].clone();
    let matter = paper.matters.get_mut(&id).unwrap();
    (matter.attempts, matter.rang) = (matter.attempts + 1, Some(now));
    matter.become_state(MatterState::Closed, Some("agreed"));
    paper.calls.push(call(id, who, now, Disposition::Agreed, before));
}

fn call(matter: i64, who: Who, at: Timestamp, disposition: Disposition, before: Matter) -> Call {
    let (moved_case, moved_survey, agreement) = (None, false, None);
    Call { matter, who, at, disposition, before, moved_case, moved_survey, agreement, undone: false }
}

fn cancel(paper: &Plain, id: i64) -> Planned {
    let command = Command::CancelRegistration(CancelRegistration {
        registration: RegistrationId(id),
        reason: "đổi ý".to_owned(),
    });
    let registration = &paper.registrations[id as usize - 1];
    let customer = registration.customer;
    let case = (1..).zip(&paper.cases).find(|(_, case)| case.registration == id);
    let begun = case.is_some_and(|(case_id, case)| {
        let live = paper.live_of(case_id).map(|live| paper.appointments[live as usize - 1].state);
        case.state.is_final() || live == Some(AppointmentState::InProgress)
    });
    let case = case.map(|(case_id, _)| case_id);
    let outcome = if registration.place == Place::Cancelled || begun {
        Err("conflict")
    } else {
        yes(move |paper, receipt| {
            let (seat_freed, promoted) = paper.free_seat(id);
            let promoted = promoted.map(RegistrationId);
            assert_eq!(receipt, &Receipt::Cancelled { seat_freed, promoted });
            if let Some(row) =
                paper.batches.iter_mut().filter_map(|b| b.get_mut(&id)).find(|row| **row == "sent")
            {
                *row = "returned";
                paper.registration_mut(id).hand_over = "returned";
            }
            if let Some(case) = case {
                paper.cancel_live(case);
                paper.cases[case as usize - 1].state = CaseState::Withdrawn;
            }
            for purpose in Purpose::ALL {
                paper.close(customer * 4 + purpose.index(), "cancelled");
            }
        })
    };
    (command, outcome)
}

fn set_quota(paper: &Plain, quota: i64) -> Planned {
    let outcome = if quota < 1 {
        Err("field_invalid")
    } else if quota < paper.taken() {
        Err("quota_below_taken")
    } else {
        yes(move |paper, receipt| {
            paper.quota = quota;
            let mut promoted = Vec::new();
            while let Some(next) = paper.promote() {
                promoted.push(RegistrationId(next));
            }
            assert_eq!(receipt, &Receipt::QuotaSet { quota, promoted });
        })
    };
    (Command::SetQuota(SetQuota { quota }), outcome)
}

fn opt_out(customer: i64) -> Planned {
    let phone = PHONES[customer as usize - 1].to_owned();
    let command = Command::OptOut(OptOut { phone, contact: ContactKind::Both });
    (command, yes(move |paper, _| paper.stop_calls(customer)))
}

fn claim_next(paper: &Plain, who: Who, purpose: Purpose) -> Planned {
    let command = Command::Claim(Claim { purpose, matter: None });
    if paper.matters.values().any(|m| m.has_good_lease(paper.now) && m.lease.is_some_and(|l| l.0 == who)) {
        return (command, Err("call_open"));
    }
    let change = yes(move |paper, receipt| {
        paper.sweep_leases();
        let callable: Vec<i64> = paper
            .matters
            .iter()
            .filter(|(_, m)| m.purpose == purpose && m.avoid != Some(who))
            .filter(|(_, m)| {
                m.state == MatterState::Promised
                    || (m.state == MatterState::Waiting && is_open_hour(purpose, paper.now))
            })
            .map(|(id, _)| *id)
            .filter(|id| paper.against_call(*id, who, false).is_empty())
            .collect();
        match receipt {
            Receipt::Claimed { matter, attempt, .. } => {
                assert!(callable.contains(&matter.0), "{matter} may not be called: {callable:?}");
                let is_promise = |id: &i64| paper.matters[id].state == MatterState::Promised;
                assert!(
                    is_promise(&matter.0) || !callable.iter().any(is_promise),
                    "a promise was passed over"
                );
                assert_eq!(*attempt, paper.matters[&matter.0].attempts + 1);
                let until = paper.now.plus_minutes(LEASE_MINUTES);
                paper.matters.get_mut(&matter.0).unwrap().take(who, until);
            }
            Receipt::NothingDue { .. } => assert!(callable.is_empty(), "{callable:?} could be called"),
            other => panic!("{other:?}"),
        }
    });
    (command, change)
}

fn claim_named(paper: &Plain, who: Who, purpose: Purpose, customer: i64) -> Planned {
    let id = customer * 4 + purpose.index();
    let command = Command::Claim(Claim { purpose, matter: Some(MatterId(id)) });
    let mut swept = paper.clone();
    swept.sweep_leases();
    let mine = swept.matters.iter().find(|(_, m)| m.lease.is_some_and(|(holder, _)| holder == who));
    let outcome = match (mine, swept.matters.get(&id)) {
        (Some((held, _)), _) if *held != id => Err("call_open"),
        (_, None) => Err("no_such_row"),
        (None, Some(matter)) if matter.avoid == Some(who) => Err("registered_by_you"),
        (None, Some(matter)) => {
            let is_supervisors = who == "ha" && matter.reason == Some("supervisor");
            swept.against_call(id, who, is_supervisors).first().map_or(Ok(()), |rule| Err(*rule))
        }
        (Some(_), Some(_)) => Ok(()),
    };
    let outcome = outcome.and_then(|()| {
        yes(move |paper, receipt| {
            paper.sweep_leases();
            let until = paper.now.plus_minutes(LEASE_MINUTES);
            assert!(matches!(receipt, Receipt::Claimed { lease_until, .. } if *lease_until == until));
            paper.matters.get_mut(&id).unwrap().take(who, until);
        })
    });
    (command, outcome)
}

fn lease(paper: &Plain, who: Who, id: i64) -> Result<(), &'static str> {
    match paper.matters[&id].lease {
        Some((holder, until)) if holder == who => {
            if paper.now < until {
                Ok(())
            } else {
                Err("lease_expired")
            }
        }
        _ => Err("not_your_lease"),
    }
}

fn release(paper: &Plain, who: Who, id: i64) -> Planned {
    let command = Command::ReleaseLease(MatterRef { matter: MatterId(id) });
    let outcome = match lease(paper, who, id) {
        Err("not_your_lease") => Err("not_your_lease"),
        _ => yes(move |paper, _| paper.matters.get_mut(&id).unwrap().give_back()),
    };
    (command, outcome)
}

fn renew(paper: &Plain, who: Who, id: i64) -> Planned {
    let command = Command::RenewLease(MatterRef { matter: MatterId(id) });
    let outcome = lease(paper, who, id).and_then(|()| {
        yes(move |paper, _| {
            let until = paper.now.plus_minutes(LEASE_MINUTES);
            paper.matters.get_mut(&id).unwrap().lease = Some((who, until));
        })
    });
    (command, outcome)
}

fn record(paper: &Plain, who: Who, id: i64, act: &Act) -> Planned {
    let Act::Record { disposition, note, callback_after, mine, .. } = *act else { unreachable!() };
    let now = paper.now;
    let callback_at = callback_after.map(|minutes| now.plus_minutes(minutes));
    let command = Command::RecordCall(RecordCall {
        callback_at,
        callback_for: Some(if mine { CallbackFor::Me } else { CallbackFor::Anyone }),
        note: note.then(|| "ghi chú".to_owned()),
        talk_seconds: Some(20),
        recording_announced: Some(true),
        ..RecordCall::new(MatterId(id), disposition)
    });
    let purpose = paper.matters[&id].purpose;
    let outcome = lease(paper, who, id).and_then(|()| {
        if !disposition.is_offered(purpose) {
            Err("field_invalid")
        } else if disposition == Disposition::Language && !note {
            Err("note_missing")
        } else if disposition == Disposition::Callback && callback_at.is_none() {
            Err("callback_time_missing")
        } else {
            let owner = mine.then_some(who);
            yes(move |paper, receipt| {
                recorded(paper, receipt, who, id, disposition, callback_at.map(|at| (at, owner)));
            })
        }
    });
    (command, outcome)
}

fn recorded(
    paper: &mut Plain,
    receipt: &Receipt,
    who: Who,
    id: i64,
    disposition: Disposition,
    callback: Option<(Timestamp, Option<Who>)>,
) {
    let Receipt::Recorded { state, next_at } = receipt else { panic!("{receipt:?}") };
    let (now, customer) = (paper.now, id / 4);
    let flags = disposition.flags();
    let before = paper.matters[&id].clone();
    let purpose = before.purpose;
    let mut made = call(id, who, now, disposition, before.clone());
    let came_about = match purpose {
        Purpose::Offer => paper.registration_of(customer).is_some_and(|(_, r)| r.place != Place::Cancelled),
        Purpose::Intake => true,
        Purpose::Survey => paper.case_of(customer).is_some_and(|case| case.survey != Some("due")),
    };
    let mut after = before;
    after.attempts += i64::from(flags.counts_as_attempt);
    if flags.rang {
        after.rang = Some(now);
    }
    match disposition.follow_up() {
        FollowUp::Promise => {
            after.become_state(MatterState::Promised, None);
            after.callback = callback;
            if purpose == Purpose::Offer {
                made.agreement = callback.map(|(at, _)| (customer, at));
            }
        }
        FollowUp::Close if flags.success && !came_about => {
            after.become_state(MatterState::Promised, None);
            after.callback = Some((now, Some(who)));
        }
        FollowUp::Close => after.become_state(MatterState::Closed, Some(disposition.code())),
        FollowUp::Supervisor => after.become_state(MatterState::Held, Some("supervisor")),
        FollowUp::Retry if after.attempts >= MAX_ATTEMPTS => {
            after.become_state(MatterState::Closed, Some("attempts_used_up"));
        }
        FollowUp::Retry => {
            after.become_state(MatterState::Waiting, None);
            after.due = next_at.unwrap();
            let least = if purpose == Purpose::Offer { 24 } else { 2 } * HOUR_MS;
            assert!(
                after.due.since(now) >= least && is_open_hour(purpose, after.due),
                "due at {:?}",
                after.due
            );
        }
    }
    if let Some((at, _)) = after.callback {
        after.due = at;
    }
    assert_eq!(*state, after.state);
    let is_over = after.state == MatterState::Closed && !flags.success;
    let nobody_there = matches!(disposition, Disposition::WrongPerson | Disposition::InvalidNumber);
    paper.matters.insert(id, after);
    match purpose {
        Purpose::Intake if is_over && (nobody_there || !flags.human_answered) => {
            (made.moved_case, _) = paper.unanswered(customer, purpose, "");
        }
        Purpose::Intake if flags.human_answered => {
            if let Some(case) = paper.case_of(customer)
                && matches!(case.state, CaseState::New | CaseState::Unreachable)
            {
                made.moved_case = Some(std::mem::replace(&mut case.state, CaseState::Contacted));
            }
        }
        Purpose::Survey if is_over => {
            let refused = matches!(disposition, Disposition::Declined | Disposition::DoNotCall);
            let end = if refused { "refused" } else { "unreachable" };
            (_, made.moved_survey) = paper.unanswered(customer, purpose, end);
        }
        _ => {}
    }
    paper.agreements.extend(made.agreement);
    paper.calls.push(made);
    if flags.opts_out {
        paper.stop_calls(customer);
    }
}

fn undo(paper: &Plain, who: Who, id: i64) -> Planned {
    let command = Command::UndoCall(MatterRef { matter: MatterId(id) });
    let matter = &paper.matters[&id];
    let place = paper.calls.iter().rposition(|call| call.matter == id && !call.undone).unwrap();
    let last = &paper.calls[place];
    let is_success = last.disposition == Disposition::Agreed;
    let registered = paper.registration_of(id / 4).is_some_and(|(_, r)| r.place != Place::Cancelled);
    let is_closed = matter.state == MatterState::Closed;
    let case_ended = matter.purpose == Purpose::Intake
        && paper.cases.iter().any(|case| case.customer == id / 4 && case.state.is_final());
    let by_call = [Some(last.disposition.code()), Some("attempts_used_up")].contains(&matter.reason);
    let outcome = if last.who != who {
        Err("no_such_row")
    } else if paper.now.since(last.at) > UNDO_MS {
        Err("undo_too_late")
    } else if last.disposition == Disposition::DoNotCall {
        Err("opted_out")
    } else if (is_success || is_closed) && matter.purpose == Purpose::Offer && registered {
        Err("already_registered")
    } else if is_success && matter.purpose == Purpose::Survey && is_closed {
        Err("conflict")
    } else if is_closed && (!by_call || case_ended) {
        Err("matter_closed")
    } else if matter.state == MatterState::Leased {
        Err("not_your_lease")
    } else if paper.matters.values().any(|m| m.lease.is_some_and(|(holder, _)| holder == who)) {
        Err("call_open")
    } else {
        yes(move |paper, _| {
            let until = paper.now.plus_minutes(LEASE_MINUTES);
            paper.calls[place].undone = true;
            let call = paper.calls[place].clone();
            let mut back = call.before;
            back.take(who, until);
            let purpose = back.purpose;
            paper.matters.insert(id, back);
            paper.agreements.retain(|kept| Some(*kept) != call.agreement);
            let Some(case) = paper.case_of(id / 4) else { return };
            match (purpose, call.moved_case) {
                (Purpose::Intake, Some(was))
                    if matches!(case.state, CaseState::Contacted | CaseState::Unreachable) =>
                {
                    case.state = was;
                }
                (Purpose::Survey, _) if call.moved_survey => case.survey = Some("due"),
                _ => {}
            }
        })
    };
    (command, outcome)
}

/// What a claim tidied up on its way: whoever wants no calls is out of the queue.
pub fn follow_closed(paper: &mut Plain, closed: &[i64]) {
    for id in closed {
        let purpose = paper.matters[id].purpose;
        assert!(paper.stopped_at(id / 4, purpose).is_some(), "matter {id} was closed for no reason");
        paper.close(*id, "opted_out");
        paper.unanswered(id / 4, purpose, "refused");
    }
}
