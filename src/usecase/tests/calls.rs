//! The queue, leases, results of calls, opt-outs, operation ids.

use super::{Outcome, done, meet, meet_under, rules};
use crate::domain::actor::Role;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::usecase::command::{
    AddStaff, CallbackFor, Channel, Claim, Command, ContactKind, MatterRef, Nothing, OptOut, RecordCall,
    StaffRef,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{CUSTOMERS, at, claim, counted, ended, form, hotline, id, number, offer, run};
use crate::usecase::receipt::Receipt;
use std::collections::BTreeSet;

const NINE: &str = "2026-12-02T09:00";
const TEN: &str = "2026-12-02T10:00";
/// Agents beside those of the fixture.
const AGENTS: [&str; 8] = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"];

fn next() -> Command {
    Command::Claim(Claim { purpose: Purpose::Offer, matter: None })
}

fn named(customer: i64) -> Command {
    Command::Claim(Claim { purpose: Purpose::Offer, matter: Some(offer(customer)) })
}

fn matters(outcomes: &[Outcome]) -> Vec<MatterId> {
    let matters = outcomes.iter().filter_map(|outcome| match outcome {
        Ok(Receipt::Claimed { matter, .. }) => Some(*matter),
        _ => None,
    });
    matters.collect()
}

/// The programme at nine, with eight more agents.
fn manned() -> Door {
    let door = hotline();
    for agent in AGENTS {
        let add =
            AddStaff { id: id(agent), name: "Sen".to_owned(), role: Role::Agent, doctor: None, key: None };
        run(&door, "ha", at(NINE), Command::AddStaff(add)).unwrap();
    }
    door
}

#[test]
fn eight_agents_who_claim_at_once_get_eight_customers() {
    let door = manned();
    let outcomes = meet(&door, AGENTS.map(|agent| (agent, next())));
    assert_eq!(done(&door, &outcomes), 8);
    assert_eq!(matters(&outcomes).into_iter().collect::<BTreeSet<_>>().len(), 8);
}

#[test]
fn one_agent_on_six_terminals_gets_one_customer() {
    let door = manned();
    let outcomes = meet(&door, std::iter::repeat_n(("lan", next()), 6));
    assert_eq!(done(&door, &outcomes), 1);
    assert_eq!(rules(&outcomes), ["call_open"; 5]);
}

#[test]
fn one_customer_goes_to_one_of_those_who_ask_for_them() {
    let door = manned();
    let outcomes = meet(&door, AGENTS.map(|agent| (agent, named(3))));
    assert_eq!(done(&door, &outcomes), 1);
}

#[test]
fn leases_that_ran_out_go_back_while_everybody_claims_again() {
    let door = manned();
    assert_eq!(done(&door, &meet(&door, AGENTS.map(|agent| (agent, next())))), 8);
    for hour in ["2026-12-03T16:00", "2026-12-05T12:00"] {
        run(&door, "ha", at(hour), Command::Resume(Nothing {})).unwrap();
        let outcomes = meet(&door, AGENTS.map(|agent| (agent, next())));
        assert_eq!(done(&door, &outcomes), 8);
        let leased = number(&door, "SELECT COUNT(*) FROM matter WHERE state = 'leased'");
        assert_eq!(leased as usize, matters(&outcomes).len());
        assert!(leased > 0);
    }
}

#[test]
fn a_promise_is_kept_by_one() {
    let door = manned();
    let matter = claim(&door, "lan", at(NINE));
    let Command::RecordCall(call) = ended(matter, Disposition::Callback) else { panic!() };
    let promise = RecordCall { callback_at: Some(at(TEN)), callback_for: Some(CallbackFor::Anyone), ..call };
    run(&door, "lan", at("2026-12-02T09:05"), Command::RecordCall(promise)).unwrap();
    run(&door, "ha", at(TEN), Command::Resume(Nothing {})).unwrap();
    let outcomes = meet(&door, AGENTS.map(|agent| (agent, next())));
    assert_eq!(done(&door, &outcomes), 8);
    let got = matters(&outcomes);
    assert_eq!(got.iter().filter(|one| **one == matter).count(), 1);
    assert_eq!(got.into_iter().collect::<BTreeSet<_>>().len(), 8);
}

#[test]
fn a_customer_who_opts_out_is_leased_to_no_agent_afterwards() {
    let door = manned();
    for customer in 1..=5_i64 {
        let phone = CUSTOMERS[customer as usize - 1].0;
        let out = OptOut { phone: phone.to_owned(), contact: ContactKind::Both };
        let outcomes = meet(
            &door,
            [
                ("a1", named(customer)),
                ("ha", Command::OptOut(out.clone())),
                ("a2", next()),
                ("thu", Command::OptOut(out)),
                ("a3", named(customer)),
                ("lan", Command::Register(form(phone, Channel::Inbound9090))),
            ],
        );
        done(&door, &outcomes);
        assert_eq!(outcomes[1], Ok(Receipt::OptedOut {}));
        for agent in ["a1", "a2", "a3"] {
            for matter in 1..=8 {
                let give_back = Command::ReleaseLease(MatterRef { matter: offer(matter) });
                let _ = run(&door, agent, at(NINE), give_back);
            }
        }
    }
    let open = "SELECT COUNT(*) FROM matter m JOIN customer c ON c.id = m.customer
        JOIN opt_out o ON o.phone = c.phone WHERE m.state <> 'closed'";
    assert_eq!(number(&door, open), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE template = 'opt_out_confirmed'"), 5);
    // Who registered first has given a marketing consent, and the opt-out took their handbook message back.
    let unwanted = "SELECT COUNT(*) FROM sms m JOIN registration r ON r.customer = m.customer
        JOIN consent s ON s.registration = r.id AND s.purpose = 'marketing' AND s.given = 1
        WHERE m.template = 'handbook' AND m.state = 'queued'";
    assert_eq!(number(&door, unwanted), 0);
}

#[test]
fn one_call_ends_once_and_is_taken_back_once() {
    let door = manned();
    for _ in 0..4 {
        let matter = claim(&door, "lan", at(NINE));
        let outcomes = meet(
            &door,
            [
                ("lan", ended(matter, Disposition::NoAnswer)),
                ("lan", ended(matter, Disposition::Busy)),
                ("lan", Command::ReleaseLease(MatterRef { matter })),
                ("lan", Command::RenewLease(MatterRef { matter })),
                ("lan", ended(matter, Disposition::Considering)),
            ],
        );
        done(&door, &outcomes);
        let ends = [0, 1, 2, 4].into_iter().filter(|n| outcomes[*n].is_ok()).count();
        assert_eq!(ends, 1, "{outcomes:?}");
        let undo = || Command::UndoCall(MatterRef { matter });
        let outcomes = meet(&door, [("lan", undo()), ("a1", next()), ("lan", undo()), ("lan", undo())]);
        done(&door, &outcomes);
        assert!([0, 2, 3].into_iter().filter(|n| outcomes[*n].is_ok()).count() <= 1, "{outcomes:?}");
        let _ = run(&door, "lan", at(NINE), Command::ReleaseLease(MatterRef { matter }));
        let held = matters(&outcomes);
        for matter in held {
            run(&door, "a1", at(NINE), ended(matter, Disposition::Declined)).unwrap();
        }
    }
}

#[test]
fn a_result_that_is_taken_back_meets_a_registration() {
    let door = manned();
    for _ in 0..4 {
        let matter = claim(&door, "lan", at(NINE));
        run(&door, "lan", at(NINE), ended(matter, Disposition::Declined)).unwrap();
        let phone = CUSTOMERS[(matter.0 / 4) as usize - 1].0;
        let outcomes = meet(
            &door,
            [
                ("lan", Command::UndoCall(MatterRef { matter })),
                ("minh", Command::Register(form(phone, Channel::Inbound9090))),
            ],
        );
        done(&door, &outcomes);
        assert!(outcomes[1].is_ok());
        assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE state = 'leased'"), 0);
    }
}

#[test]
fn an_agreed_call_and_the_registration_by_another_desk_end_the_offer_together() {
    let door = manned();
    for _ in 0..6 {
        let matter = claim(&door, "lan", at(NINE));
        let phone = CUSTOMERS[(matter.0 / 4) as usize - 1].0;
        let outcomes = meet(
            &door,
            [
                ("lan", ended(matter, Disposition::Agreed)),
                ("lan", Command::Register(form(phone, Channel::Outbound9090))),
            ],
        );
        done(&door, &outcomes);
        assert!(outcomes[1].is_ok());
        let open = number(&door, "SELECT COUNT(*) FROM matter WHERE state IN ('leased', 'promised')");
        assert_eq!(open, 0, "{outcomes:?}");
    }
}

#[test]
fn one_operation_id_acts_once_and_every_caller_gets_its_receipt() {
    let door = manned();
    for round in 1..=4_usize {
        let op = format!("op-{round}");
        let phone = CUSTOMERS[round - 1].0;
        let wants = (0..6)
            .map(|_| (Some(op.as_str()), "lan", Command::Register(form(phone, Channel::Inbound9090))))
            .collect();
        let outcomes = meet_under(&door, wants);
        assert_eq!(done(&door, &outcomes), 6);
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
    }
    let outcomes = meet_under(&door, (0..6).map(|_| (Some("op-claim"), "minh", next())).collect());
    assert_eq!(done(&door, &outcomes), 6);
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM operation WHERE op LIKE 'op-%' AND receipt <> ''"), 5);
}

#[test]
fn nobody_who_is_disabled_keeps_a_promise() {
    let door = manned();
    for agent in &AGENTS[..4] {
        let matter = claim(&door, agent, at(NINE));
        let Command::RecordCall(call) = ended(matter, Disposition::Callback) else { panic!() };
        let promise = RecordCall { callback_at: Some(at(TEN)), callback_for: Some(CallbackFor::Me), ..call };
        let outcomes = meet(
            &door,
            [
                (*agent, Command::RecordCall(promise)),
                ("ha", Command::DisableStaff(StaffRef { id: id(agent) })),
            ],
        );
        done(&door, &outcomes);
        assert!(outcomes[1].is_ok());
    }
    let kept = "SELECT COUNT(*) FROM matter m JOIN staff s ON s.id = m.callback_for
        WHERE s.active = 0 AND m.state = 'promised'";
    assert_eq!(number(&door, kept), 0);
}

#[test]
fn counters_follow_a_storm_of_calls() {
    let door = manned();
    for disposition in [Disposition::NoAnswer, Disposition::Declined, Disposition::Considering] {
        let outcomes = meet(&door, AGENTS.map(|agent| (agent, next())));
        done(&door, &outcomes);
        let calls: Vec<_> = AGENTS
            .into_iter()
            .zip(&outcomes)
            .filter_map(|(agent, outcome)| match outcome {
                Ok(Receipt::Claimed { matter, .. }) => Some((agent, ended(*matter, disposition))),
                _ => None,
            })
            .collect();
        if !calls.is_empty() {
            let calls_made = calls.len();
            assert_eq!(done(&door, &meet(&door, calls)), calls_made);
        }
    }
    assert_eq!(counted(&door, "day.2026-12-02.calls"), 8);
}
