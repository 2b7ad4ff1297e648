//! A line is lost in the middle of a call: who comes back soon goes on, who does not gives the customer back.

use super::super::super::command::{
    CallbackFor, Channel, Claim, Command, LineLost, MatterRef, RecordCall, Register,
};
use super::super::super::door::Door;
use super::super::super::fixture::{CUSTOMERS, at, claim, ended, form, hotline, number, rule, run, sql};
use super::super::super::receipt::Receipt;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::domain::time::Timestamp;

fn nine() -> Timestamp {
    at("2026-12-02T09:00")
}

fn lost(door: &Door, when: Timestamp, heard_at: Timestamp) -> Option<Timestamp> {
    match run(door, "lan", when, Command::LineLost(LineLost { heard_at, session: None })).unwrap() {
        Receipt::LineLost { lease_until } => lease_until,
        other => panic!("another receipt: {other:?}"),
    }
}

#[test]
fn a_dead_clients_call_is_an_attempt_two_minutes_after_its_last_bytes() {
    let door = hotline();
    let matter = claim(&door, "lan", nine());
    // Three unanswered questions after 30 seconds each.
    let noticed = nine().plus_ms(90_000);
    assert_eq!(lost(&door, noticed, nine()), Some(nine().plus_ms(120_000)));
    assert_ne!(claim(&door, "minh", nine().plus_ms(119_000)), matter);
    run(&door, "minh", nine().plus_ms(119_000), ended(offered(&door), Disposition::Busy)).unwrap();
    // It may have rung: nobody calls that number again today.
    assert_ne!(claim(&door, "minh", nine().plus_ms(120_000)), matter);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM call WHERE disposition = 'not_recorded'"), 1);
}

/// What Minh holds.
fn offered(door: &Door) -> MatterId {
    MatterId(number(door, "SELECT id FROM matter WHERE lease_staff = 'minh'"))
}

#[test]
fn who_comes_back_in_time_goes_on() {
    let door = hotline();
    let matter = claim(&door, "lan", nine());
    lost(&door, nine(), nine());
    let back = nine().plus_ms(60_000);
    run(&door, "lan", back, Command::RenewLease(MatterRef { matter })).unwrap();
    run(&door, "lan", nine().plus_ms(300_000), ended(matter, Disposition::Declined)).unwrap();
}

#[test]
fn a_lost_line_never_prolongs_a_lease() {
    let door = hotline();
    claim(&door, "lan", nine());
    let end = at("2026-12-02T09:10");
    assert_eq!(lost(&door, at("2026-12-02T09:09"), at("2026-12-02T10:00")), Some(end));
    assert_eq!(lost(&door, end, end), None);
    // A client that was silent for long: at once.
    let later = at("2026-12-02T09:20");
    let matter = claim(&door, "lan", later);
    assert_eq!(lost(&door, later, nine()), Some(later));
    let too_late = run(&door, "lan", later, Command::RenewLease(MatterRef { matter }));
    assert_eq!(rule(too_late), "lease_expired");
}

#[test]
fn without_a_call_there_is_nothing_to_give_back() {
    let door = hotline();
    assert_eq!(lost(&door, nine(), nine()), None);
    assert_eq!(
        rule(run(&door, "kiem", nine(), Command::LineLost(LineLost { heard_at: nine(), session: None }))),
        "forbidden"
    );
}

#[test]
fn an_offer_whose_customer_was_registered_without_naming_the_call_does_not_go_out_again() {
    for (registers, again) in [(true, false), (false, true)] {
        let door = hotline();
        sql(&door, "UPDATE matter SET state = 'closed' WHERE purpose = 1 AND id <> 5");
        let matter = claim(&door, "lan", at("2026-12-02T09:00"));
        if registers {
            let without = Register { matter: None, ..form(CUSTOMERS[0].0, Channel::Outbound9090) };
            run(&door, "lan", at("2026-12-02T09:05"), Command::Register(without)).unwrap();
        }
        run(&door, "lan", at("2026-12-02T09:06"), Command::ReleaseLease(MatterRef { matter })).unwrap();
        let named = Command::Claim(Claim { purpose: Purpose::Offer, matter: Some(matter) });
        let next = Command::Claim(Claim { purpose: Purpose::Offer, matter: None });
        if registers {
            assert_eq!(rule(run(&door, "minh", at("2026-12-02T09:10"), named)), "matter_closed");
        }
        let taken = run(&door, "minh", at("2026-12-02T09:10"), next).unwrap();
        assert_eq!(matches!(taken, Receipt::Claimed { .. }), again, "{taken:?}");
        let closed =
            "SELECT COUNT(*) FROM matter WHERE id = 5 AND state = 'closed' AND reason = 'registered'";
        assert_eq!(number(&door, closed), i64::from(registers));
    }
}

fn again(matter: MatterId) -> Command {
    Command::Claim(Claim { purpose: Purpose::Offer, matter: Some(matter) })
}

#[test]
fn a_call_goes_on_once_and_nothing_rings_again() {
    let door = hotline();
    let matter = claim(&door, "lan", nine());
    let back = at("2026-12-02T11:00");
    let Receipt::Claimed { attempt, dial_until, .. } = run(&door, "lan", back, again(matter)).unwrap() else {
        panic!("the call goes on")
    };
    assert_eq!((attempt, dial_until), (1, Some(back)), "they talk, and nobody dials");
    // The lease ran out again at 11:10: however soon they come, that was it.
    for when in ["2026-12-02T11:11", "2026-12-02T13:00", "2026-12-02T15:09"] {
        assert_eq!(rule(run(&door, "lan", at(when), again(matter))), "called_within_24h", "{when}");
    }
    // What came of it can be said all the same.
    run(&door, "lan", at("2026-12-02T15:10"), ended(matter, Disposition::Considering)).unwrap();
    assert_eq!(number(&door, "SELECT attempts FROM matter WHERE id = 5"), 1);
}

#[test]
fn a_call_goes_on_only_where_nothing_stands_against_it_but_its_own_ring() {
    let back = at("2026-12-02T09:30");
    let cases = [
        ("", back, None),
        (
            "INSERT INTO do_not_call (phone, voice, sms) SELECT phone, 1, 0 FROM customer WHERE id = 1",
            back,
            Some("do_not_call"),
        ),
        ("UPDATE campaign SET dnc_as_of = '2026-11-20'", back, Some("do_not_call_list_stale")),
        ("UPDATE campaign SET quota = 1, taken = 1, waitlisted = 100000", back, Some("quota_full")),
        ("UPDATE matter SET state = 'held', reason = 'supervisor' WHERE id = 5", back, Some("conflict")),
    ];
    for (change, when, refused) in cases {
        let door = hotline();
        let matter = claim(&door, "lan", nine());
        claim(&door, "minh", at("2026-12-02T09:15"));
        if !change.is_empty() {
            sql(&door, change);
        }
        match refused {
            None => drop(run(&door, "lan", when, again(matter)).unwrap()),
            Some(expected) => assert_eq!(rule(run(&door, "lan", when, again(matter))), expected, "{change}"),
        }
    }
    // After the hours: the call may have gone on, but nothing tells it from a new one.
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T16:45"));
    assert_eq!(rule(run(&door, "lan", at("2026-12-02T17:10"), again(matter))), "outside_calling_hours");
    run(&door, "lan", at("2026-12-02T17:11"), ended(matter, Disposition::Declined)).unwrap();
}

/// Lan promises the customer of their call eleven o'clock, whoever then calls.
fn promised(door: &Door, matter: MatterId) {
    let promise = RecordCall {
        callback_at: Some(at("2026-12-02T11:00")),
        callback_for: Some(CallbackFor::Anyone),
        ..RecordCall::new(matter, Disposition::Callback)
    };
    run(door, "lan", nine(), Command::RecordCall(promise)).unwrap();
}

#[test]
fn a_promise_opens_one_ring_and_is_then_due_by_the_plan() {
    for rings in [true, false] {
        let door = hotline();
        sql(&door, "UPDATE matter SET state = 'closed' WHERE purpose = 1 AND id <> 5");
        let matter = claim(&door, "lan", nine());
        promised(&door, matter);
        claim(&door, "lan", at("2026-12-02T11:00"));
        if rings {
            let (rang, undone) = (at("2026-12-02T11:01"), at("2026-12-02T11:02"));
            run(&door, "lan", rang, ended(matter, Disposition::NoAnswer)).unwrap();
            run(&door, "lan", undone, Command::UndoCall(MatterRef { matter })).unwrap();
        }
        run(&door, "lan", at("2026-12-02T11:03"), Command::ReleaseLease(MatterRef { matter })).unwrap();
        let now = at("2026-12-02T11:04");
        if !rings {
            // The control: nobody rang, so the promise is still to be kept.
            assert_eq!(claim(&door, "minh", now), matter);
            continue;
        }
        assert_eq!(rule(run(&door, "minh", now, again(matter))), "called_within_24h");
        let next = Command::Claim(Claim { purpose: Purpose::Offer, matter: None });
        let Receipt::NothingDue { next_at, .. } = run(&door, "minh", now, next).unwrap() else {
            panic!("nobody rings again today")
        };
        assert!(next_at.unwrap() >= at("2026-12-03T11:03"), "{next_at:?}");
        // It is not lost: still promised, and handed out at the next lawful time.
        assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE id = 5 AND state = 'promised'"), 1);
        assert_eq!(claim(&door, "minh", next_at.unwrap()), matter);
    }
}

#[test]
fn a_promise_that_nobody_kept_with_the_last_attempt_is_a_task() {
    let door = hotline();
    sql(&door, "UPDATE matter SET state = 'closed' WHERE purpose = 1 AND id <> 5");
    sql(&door, "UPDATE matter SET attempts = 2 WHERE id = 5");
    let matter = claim(&door, "lan", nine());
    promised(&door, matter);
    // Three attempts: who named a time is called all the same, once.
    claim(&door, "lan", at("2026-12-02T11:00"));
    let next = Command::Claim(Claim { purpose: Purpose::Offer, matter: None });
    let receipt = run(&door, "minh", at("2026-12-02T11:10"), next).unwrap();
    assert!(matches!(receipt, Receipt::NothingDue { .. }), "{receipt:?}");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE id = 5 AND reason = 'attempts_used_up'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM task WHERE kind = 'late_result' AND state = 'open'"), 1);
}
