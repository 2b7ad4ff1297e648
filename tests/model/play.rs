//! Runs one step as a command and compares the outcome with the model: a refusal by its rule, or the change.

use crate::calls::{record, release, renew, success, undo};
use crate::fixture::{PHONES, at};
use crate::plain::{Actor, Call, LEASE_MINUTES, Matter, Place, Plain, Registration, is_open_hour};
use crate::step::{Action, Step};
use tongdai::domain::appointment::AppointmentState;
use tongdai::domain::case::CaseState;
use tongdai::domain::consent::ConsentAnswers;
use tongdai::domain::contact::{MatterState, Purpose};
use tongdai::domain::disposition::Disposition;
use tongdai::domain::id::{MatterId, RegistrationId};
use tongdai::usecase::command::{
    CancelRegistration, Channel, Claim, ContactKind, OptOut, Register, SetQuota,
};
use tongdai::usecase::{Command, Receipt};

use crate::hospital::{
    acknowledge, book, cancel_appointment, correct, hand_over, let_go, move_to, result, start, survey, tell,
    triage,
};

/// Applies an accepted step to the model and checks the receipt.
pub type Change = Box<dyn FnOnce(&mut Plain, &Receipt)>;

/// A command and its outcome by the model.
pub struct Plan {
    pub actor: Actor,
    pub command: Command,
    pub outcome: Result<Change, &'static str>,
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside the refusals of a plan")]
pub fn yes(change: impl FnOnce(&mut Plain, &Receipt) + 'static) -> Result<Change, &'static str> {
    Ok(Box::new(change))
}

/// The plan of a step; none when there is nothing it could be about.
pub fn plan(model: &Plain, step: &Step) -> Option<Plan> {
    let which = i64::from(step.which);
    let agent = ["lan", "minh", "ha"][usize::from(step.actor) % 3];
    let desk = ["thu", "quan"][usize::from(step.actor) % 2];
    let of = |purpose| if purpose == Purpose::Intake { desk } else { agent };
    let one_of = |rows: usize| (rows > 0).then(|| which % rows as i64 + 1);
    // Often the customer who was on the phone last.
    let last = model.calls.last().map(|call| call.matter / 4).filter(|_| which % 3 == 0);
    let appointment = || {
        // Mostly one that is live.
        let live: Vec<i64> =
            (1..).zip(&model.appointments).filter(|(_, a)| a.is_live()).map(|(id, _)| id).collect();
        match (live.is_empty(), which % 8) {
            (false, 1..) => Some(live[step.which as usize % live.len()]),
            _ => one_of(model.appointments.len()),
        }
    };
    let (actor, (command, outcome)) = match &step.act {
        Action::Register { .. } => (agent, register(model, agent, last.unwrap_or(which % 8 + 1), &step.act)),
        Action::Cancel => {
            let whose = last.and_then(|customer| model.registration_of(customer)).map(|(id, _)| id);
            (agent, cancel(model, whose.or_else(|| one_of(model.registrations.len()))?))
        }
        Action::SetQuota(quota) => ("ha", set_quota(model, *quota)),
        Action::OptOut => (agent, opt_out(which % 8 + 1)),
        Action::ClaimNext(purpose) => (of(*purpose), claim_next(model, of(*purpose), *purpose)),
        Action::ClaimNamed(purpose) => {
            let customers: Vec<i64> =
                model.matters.iter().filter(|(_, m)| m.purpose == *purpose).map(|(id, _)| id / 4).collect();
            let customer = customers.get(step.which as usize % (customers.len() + 1)).copied().unwrap_or(9);
            let (actor, customer) = unrecorded(model)
                .map(|(actor, id)| (actor, id / 4, id % 4))
                .filter(|(_, _, of)| which % 2 == 0 && *of == purpose.index())
                .last()
                .map_or((of(*purpose), customer), |(actor, customer, _)| (actor, customer));
            (actor, claim_named(model, actor, *purpose, customer))
        }
        Action::Release | Action::Renew | Action::Record { .. } => {
            let mut holders: Vec<(Actor, i64)> =
                model.matters.iter().filter_map(|(id, m)| Some((m.lease?.0, *id))).collect();
            if matches!(step.act, Action::Record { .. }) {
                holders.extend(unrecorded(model));
            }
            if matches!(step.act, Action::Record { other: true, .. }) {
                holders.clear();
            } else if holders.is_empty() {
                // No call is open: an agent claims one.
                let purpose = Purpose::ALL[usize::from(step.which) % 3];
                let (command, outcome) = claim_next(model, of(purpose), purpose);
                return Some(Plan { actor: of(purpose), command, outcome });
            }
            let held = holders.get(usize::from(step.which) % holders.len().max(1));
            let all: Vec<i64> = model.matters.keys().copied().collect();
            let any = all[usize::from(step.which) % all.len()];
            let (actor, id) = held.copied().unwrap_or((of(model.matters[&any].purpose), any));
            let planned = match &step.act {
                Action::Release => release(model, actor, id),
                Action::Renew => renew(model, actor, id),
                act => record(model, actor, id, act),
            };
            (actor, planned)
        }
        Action::Undo => {
            let last = model.calls.iter().rev().find(|call| !call.undone)?;
            let actor = if step.which.is_multiple_of(8) {
                of(model.matters[&last.matter].purpose)
            } else {
                last.actor
            };
            (actor, undo(model, actor, last.matter))
        }
        Action::HandOver => {
            let returned = (1..).zip(&model.registrations).find(|(_, r)| r.hand_over == "returned");
            match returned.filter(|_| step.which.is_multiple_of(2)) {
                Some((id, _)) => ("ha", correct(model, id)),
                None => ("ha", hand_over(model)),
            }
        }
        Action::Acknowledge { returned } => {
            let batch =
                if which % 4 == 0 { one_of(model.batches.len())? } else { model.batches.len() as i64 };
            (batch > 0).then_some(())?;
            ("quan", acknowledge(model, batch, usize::from(*returned)))
        }
        Action::Triage { children, flag } => {
            (desk, triage(model, one_of(model.cases.len())?, *children, *flag))
        }
        Action::Hold { slot, long } => {
            (desk, book(model, desk, one_of(model.cases.len())?, (*slot, *long, false), true))
        }
        Action::Book { slot, long, wrong_doctor } => {
            (desk, book(model, desk, one_of(model.cases.len())?, (*slot, *long, *wrong_doctor), false))
        }
        Action::LetGo => (desk, let_go(model, appointment()?)),
        Action::Move { slot } => (desk, move_to(model, desk, appointment()?, *slot)),
        Action::CancelAppointment => (desk, cancel_appointment(model, appointment()?)),
        Action::Tell => (desk, tell(model, appointment()?)),
        Action::Start { wrong_doctor } => {
            let id = appointment()?;
            let own = model.appointments[id as usize - 1].doctor == 1;
            let actor = if own == *wrong_doctor { "bs_binh" } else { "bs_mai" };
            (actor, start(model, id, *wrong_doctor))
        }
        Action::Result { done } => (desk, result(model, appointment()?, *done)),
        Action::Survey { q5 } => (agent, survey(model, agent, one_of(model.cases.len())?, *q5)),
        Action::Wait => return None,
    };
    Some(Plan { actor, command, outcome })
}

/// Who has yet to record which call, whose lease ran out.
fn unrecorded(model: &Plain) -> impl Iterator<Item = (Actor, i64)> {
    let waiting = |call: &&Call| !call.undone && call.disposition == Disposition::NotRecorded;
    model.calls.iter().filter(waiting).map(|call| (call.actor, call.matter))
}

/// A command and its outcome.
pub type Planned = (Command, Result<Change, &'static str>);

fn register(model: &Plain, actor: Actor, customer: i64, act: &Action) -> Planned {
    let Action::Register { consent, survey, waitlist, from_call } = *act else { unreachable!() };
    let offer = customer * 4 + 1;
    let matter = model.matters[&offer].clone();
    let has_unrecorded = model.clone().unrecorded(actor, offer, true).is_some();
    let named = from_call && (matter.state == MatterState::Leased || has_unrecorded);
    let command = Command::Register(Register {
        consents: ConsentAnswers { register: consent, handbook: true, survey, marketing: false },
        waitlist,
        matter: named.then_some(MatterId(offer)),
        ..Register::new(
            PHONES[customer as usize - 1],
            if from_call { Channel::Outbound9090 } else { Channel::Inbound9090 },
        )
    });
    let now = model.now;
    let holder = matter.lease.map(|(holder, _)| holder);
    let outcome = if model.registration_of(customer).is_some() {
        Err("already_registered")
    } else if now >= at("2026-12-16T00:00") {
        Err("registration_closed")
    } else if from_call && model.opted_out.contains_key(&customer) {
        Err("opted_out")
    } else if !consent {
        Err("consent_missing")
    } else if model.taken() >= model.quota && !waitlist {
        Err("quota_full")
    } else if named && holder != Some(actor) && !has_unrecorded {
        Err("not_your_lease")
    } else {
        yes(move |model, receipt| {
            let seat = model.take_seat();
            let id = model.registrations.len() as i64 + 1;
            if seat.is_none() {
                model.waitlist.push(id);
            }
            let expected = match seat {
                Some(seat) => Receipt::Registered { registration: RegistrationId(id), seat },
                None => Receipt::Waitlisted {
                    registration: RegistrationId(id),
                    position: model.waitlist.len() as i64,
                },
            };
            assert_eq!(receipt, &expected);
            let place = seat.map_or(Place::Waitlist, Place::Seat);
            let hand_over = "waiting";
            model.registrations.push(Registration { customer, place, by: actor, at: now, survey, hand_over });
            if named {
                success(model, offer, actor);
            } else if !(from_call && holder == Some(actor) && matter.has_good_lease(now)) {
                model.close(offer, "registered");
            }
        })
    };
    (command, outcome)
}

fn cancel(model: &Plain, id: i64) -> Planned {
    let command = Command::CancelRegistration(CancelRegistration {
        registration: RegistrationId(id),
        reason: "đổi ý".to_owned(),
    });
    let registration = &model.registrations[id as usize - 1];
    let customer = registration.customer;
    let case = (1..).zip(&model.cases).find(|(_, case)| case.registration == id);
    let begun = case.is_some_and(|(case_id, case)| {
        let live = model.live_of(case_id).map(|live| model.appointments[live as usize - 1].state);
        case.state == CaseState::Consulted || live == Some(AppointmentState::InProgress)
    });
    let case = case.map(|(case_id, _)| case_id);
    let outcome = if registration.place == Place::Cancelled || begun {
        Err("conflict")
    } else {
        yes(move |model, receipt| {
            let (seat_freed, promoted) = model.free_seat(id);
            model.kept.remove(&id);
            let promoted = promoted.map(RegistrationId);
            assert_eq!(receipt, &Receipt::Cancelled { seat_freed, promoted });
            if let Some(row) =
                model.batches.iter_mut().filter_map(|b| b.get_mut(&id)).find(|row| **row == "sent")
            {
                *row = "returned";
                model.registration_mut(id).hand_over = "returned";
            }
            if let Some(case) = case {
                model.cancel_live(case);
                let case = &mut model.cases[case as usize - 1];
                if case.state.may_become(CaseState::Withdrawn) {
                    case.state = CaseState::Withdrawn;
                }
            }
            for purpose in Purpose::ALL {
                model.close(customer * 4 + purpose.index(), "cancelled");
            }
        })
    };
    (command, outcome)
}

fn set_quota(model: &Plain, quota: i64) -> Planned {
    let outcome = if quota < 1 {
        Err("field_invalid")
    } else if quota < model.taken() {
        Err("quota_below_taken")
    } else {
        yes(move |model, receipt| {
            model.quota = quota;
            let mut promoted = Vec::new();
            while let Some(next) = model.promote() {
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
    (command, yes(move |model, _| model.stop_calls(customer)))
}

fn claim_next(model: &Plain, actor: Actor, purpose: Purpose) -> Planned {
    let command = Command::Claim(Claim { purpose, matter: None });
    if model.has_lease(actor) {
        return (command, Err("call_open"));
    }
    let change = yes(move |model, receipt| {
        model.sweep_leases();
        let callable: Vec<i64> = model
            .matters
            .iter()
            .filter(|(_, m)| m.purpose == purpose && m.avoid != Some(actor))
            .filter(|(_, m)| {
                m.state == MatterState::Promised
                    || (m.state == MatterState::Waiting && is_open_hour(purpose, model.now))
            })
            .map(|(id, _)| *id)
            .filter(|id| model.against_call(*id, actor, false).is_empty())
            .collect();
        match receipt {
            Receipt::Claimed { matter, attempt, .. } => {
                assert!(callable.contains(&matter.0), "{matter} may not be called: {callable:?}");
                let is_promise = |id: &i64| model.matters[id].state == MatterState::Promised;
                assert!(
                    is_promise(&matter.0) || !callable.iter().any(is_promise),
                    "a promise was passed over"
                );
                let is_new_part = |id: &i64| model.matters[id].is_new_part_of_day(model.now);
                assert!(
                    is_promise(&matter.0) || is_new_part(&matter.0) || !callable.iter().any(is_new_part),
                    "a retry in a new part of the day was passed over"
                );
                assert_eq!(*attempt, model.matters[&matter.0].attempts + 1);
                let now = model.now;
                model.matters.get_mut(&matter.0).unwrap().take(actor, now);
            }
            Receipt::NothingDue { .. } => assert!(callable.is_empty(), "{callable:?} could be called"),
            other => panic!("{other:?}"),
        }
    });
    (command, change)
}

fn claim_named(model: &Plain, actor: Actor, purpose: Purpose, customer: i64) -> Planned {
    let id = customer * 4 + purpose.index();
    let command = Command::Claim(Claim { purpose, matter: Some(MatterId(id)) });
    let mut swept = model.clone();
    swept.sweep_leases();
    let is_mine = |m: &Matter| m.lease.is_some_and(|(holder, _)| holder == actor);
    let mine = swept.matters.iter().find(|(_, m)| is_mine(m)).map(|(held, _)| *held);
    let resumed = if mine.is_none() { swept.resume(actor, id) } else { Ok(false) };
    let outcome = match (mine, swept.matters.get(&id)) {
        (Some(held), _) if held != id => Err("call_open"),
        (_, None) => Err("no_such_row"),
        (None, Some(_)) if resumed.is_err() => resumed.map(|_| ()),
        (None, Some(matter)) if matter.avoid == Some(actor) => Err("registered_by_you"),
        (None, Some(_)) if resumed == Ok(true) => Ok(()),
        (None, Some(matter)) => {
            let is_supervisors = actor == "ha" && matter.reason == Some("supervisor");
            swept.against_call(id, actor, is_supervisors).first().map_or(Ok(()), |rule| Err(*rule))
        }
        (Some(_), Some(_)) => Ok(()),
    };
    let outcome = outcome.and_then(|()| {
        yes(move |model, receipt| {
            model.sweep_leases();
            let until = model.now.plus_minutes(LEASE_MINUTES);
            assert!(matches!(receipt, Receipt::Claimed { lease_until, .. } if *lease_until == until));
            if !model.has_lease(actor) && model.resume(actor, id) == Ok(true) {
                return;
            }
            let now = model.now;
            model.matters.get_mut(&id).unwrap().take(actor, now);
        })
    });
    (command, outcome)
}

/// What a claim settled on its way: customers who want no calls, or are registered, are out of the queue.
pub fn follow_closed(model: &mut Plain, closed: &[i64]) {
    for id in closed {
        let purpose = model.matters[id].purpose;
        if model.stopped_at(id / 4, purpose).is_none() && purpose == Purpose::Offer {
            assert!(model.is_registered(id / 4), "matter {id} was closed for no reason");
            model.close(*id, "registered");
            continue;
        }
        assert!(model.stopped_at(id / 4, purpose).is_some(), "matter {id} was closed for no reason");
        model.close(*id, "opted_out");
        model.unanswered(id / 4, purpose, "refused");
    }
}
