//! Calls through the door, from claim to undo.

mod lost;
mod service;

use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::usecase::check::check;
use crate::usecase::command::{CallbackFor, Claim, Command, ContactKind, MatterRef, OptOut, RecordCall};
use crate::usecase::fixture::{
    CUSTOMERS, at, claim, counted, ended, hotline, number, offer, rule, run, sql, state,
};
use crate::usecase::{Error, Receipt};
use std::collections::BTreeMap;

fn next_offer() -> Command {
    Command::Claim(Claim { purpose: Purpose::Offer, matter: None })
}

fn named(matter: MatterId) -> Command {
    Command::Claim(Claim { purpose: Purpose::Offer, matter: Some(matter) })
}

fn callback(matter: MatterId, when: Option<Timestamp>, by: CallbackFor) -> Command {
    Command::RecordCall(RecordCall {
        callback_at: when,
        callback_for: Some(by),
        talk_seconds: Some(30),
        recording_announced: Some(true),
        ..RecordCall::new(matter, Disposition::Callback)
    })
}

fn nothing_due(receipt: Receipt) -> (Option<Timestamp>, BTreeMap<String, i64>) {
    match receipt {
        Receipt::NothingDue { next_at, held } => (next_at, held),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_claim_hands_out_each_customer_once_with_number_name_and_lease() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let receipt = run(&door, "lan", now, next_offer()).unwrap();
    assert_eq!(
        receipt,
        Receipt::Claimed {
            matter: offer(1),
            phone: "+84904123401".to_owned(),
            name: CUSTOMERS[0].1.to_owned(),
            lease_until: at("2026-12-02T09:10"),
            attempt: 1,
            dial_until: None,
            case: None,
        }
    );
    assert_eq!(claim(&door, "minh", now), offer(2));
    assert_eq!(counted(&door, "matter.offer.leased"), 2);
    assert_eq!(counted(&door, "matter.offer.waiting"), 6);
}

#[test]
fn a_list_that_is_still_loading_is_never_called() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    for _ in CUSTOMERS {
        let matter = claim(&door, "lan", now);
        run(&door, "lan", now, ended(matter, Disposition::Declined)).unwrap();
    }
    assert_eq!(nothing_due(run(&door, "lan", now, next_offer()).unwrap()), (None, BTreeMap::new()));
    assert_eq!(rule(run(&door, "lan", now, named(offer(9)))), "no_such_row");
}

#[test]
fn an_agent_has_one_open_call_and_may_claim_it_again() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let before = state(&door);
    assert_eq!(rule(run(&door, "lan", at("2026-12-02T09:01"), next_offer())), "call_open");
    assert_eq!(rule(run(&door, "lan", at("2026-12-02T09:01"), named(offer(3)))), "call_open");
    assert_eq!(state(&door), before);
    let again = run(&door, "lan", at("2026-12-02T09:05"), named(matter)).unwrap();
    assert!(
        matches!(again, Receipt::Claimed { lease_until, attempt: 1, .. } if lease_until == at("2026-12-02T09:15"))
    );
}

#[test]
fn outside_the_calling_hours_nothing_is_due_and_no_row_changes() {
    let door = hotline();
    let before = state(&door);
    let early = run(&door, "lan", at("2026-12-02T07:59"), next_offer()).unwrap();
    let held = BTreeMap::from([("outside_calling_hours".to_owned(), 8)]);
    assert_eq!(nothing_due(early), (Some(at("2026-12-02T08:00")), held.clone()));
    let late = run(&door, "lan", at("2026-12-02T17:00"), next_offer()).unwrap();
    assert_eq!(nothing_due(late), (Some(at("2026-12-03T08:00")), held));
    assert_eq!(state(&door), before);
    assert_eq!(rule(run(&door, "lan", at("2026-12-02T17:00"), named(offer(1)))), "outside_calling_hours");
}

#[test]
fn an_old_register_stops_every_offer_and_changes_no_row() {
    let door = hotline();
    let before = state(&door);
    let now = at("2026-12-09T09:00");
    let held = BTreeMap::from([("do_not_call_list_stale".to_owned(), 8)]);
    assert_eq!(nothing_due(run(&door, "lan", now, next_offer()).unwrap()), (None, held));
    assert_eq!(rule(run(&door, "lan", now, named(offer(1)))), "do_not_call_list_stale");
    // But for the task to load a new one.
    sql(&door, "DELETE FROM task");
    assert_eq!(state(&door), before);
}

#[test]
fn a_customer_who_may_not_be_called_is_moved_out_of_the_way_in_the_same_claim() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    sql(&door, "INSERT INTO do_not_call (phone, voice, sms) VALUES (84904123401, 1, 0)");
    sql(
        &door,
        "INSERT INTO opt_out (phone, voice_at, asked_by, evidence) VALUES (84904123402, 1, 'lan', 'letter')",
    );
    sql(&door, "UPDATE matter SET last_rang_at = 1796176800000 - 3600000, attempts = 1 WHERE id = 13");
    assert_eq!(now.ms(), 1_796_176_800_000);
    assert_eq!(rule(run(&door, "lan", now, named(offer(1)))), "do_not_call");
    assert_eq!(rule(run(&door, "lan", now, named(offer(2)))), "opted_out");
    assert_eq!(rule(run(&door, "lan", now, named(offer(3)))), "called_within_24h");
    assert_eq!(claim(&door, "lan", now), offer(4));
    assert_eq!(
        number(
            &door,
            "SELECT COUNT(*) FROM matter WHERE id = 5 AND state = 'held' AND reason = 'do_not_call'"
        ),
        1
    );
    assert_eq!(
        number(
            &door,
            "SELECT COUNT(*) FROM matter WHERE id = 9 AND state = 'closed' AND reason = 'opted_out'"
        ),
        1
    );
    let due = Timestamp(number(&door, "SELECT due_at FROM matter WHERE id = 13 AND state = 'waiting'"));
    assert_eq!(due, at("2026-12-03T08:00"));
    assert_eq!(counted(&door, "matter.offer.held"), 1);
    assert_eq!(counted(&door, "matter.offer.closed"), 1);
}

#[test]
fn offers_of_a_list_without_evidence_are_held_and_say_why() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    sql(&door, "UPDATE list SET evidence = '' WHERE id = 1");
    assert_eq!(rule(run(&door, "lan", now, named(offer(1)))), "opt_in_missing");
    let held = BTreeMap::from([("opt_in_missing".to_owned(), 8)]);
    assert_eq!(nothing_due(run(&door, "lan", now, next_offer()).unwrap()), (None, held));
}

#[test]
fn an_unanswered_call_comes_back_a_day_later_in_another_part_of_the_day_three_times_in_all() {
    let door = hotline();
    let mut now = at("2026-12-02T09:00");
    for attempt in 1..=3 {
        let claimed = run(&door, "lan", now, named(offer(1))).unwrap();
        assert!(matches!(claimed, Receipt::Claimed { attempt: n, .. } if n == attempt));
        match run(&door, "lan", now, ended(offer(1), Disposition::NoAnswer)).unwrap() {
            Receipt::Recorded { state, next_at: Some(next), .. } => {
                assert_eq!(state, MatterState::Waiting);
                assert!(next.since(now) >= 24 * 3_600_000);
                assert_eq!(rule(run(&door, "minh", next.plus_ms(-1), named(offer(1)))), "not_yet_due");
                now = next;
            }
            Receipt::Recorded { state, next_at: None, .. } => {
                assert_eq!((state, attempt), (MatterState::Closed, 3));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE id = 5 AND reason = 'attempts_used_up'"), 1);
    assert_eq!(rule(run(&door, "lan", now, named(offer(1)))), "matter_closed");
    assert_eq!(counted(&door, "offer.called"), 1);
    assert_eq!(counted(&door, "offer.reached"), 0);
    assert_eq!(counted(&door, "disposition.offer.no_answer"), 3);
}

#[test]
fn a_promise_is_kept_outside_the_hours_by_its_owner_first() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let matter = claim(&door, "lan", now);
    let promised = at("2026-12-02T18:30");
    let recorded = run(&door, "lan", now, callback(matter, Some(promised), CallbackFor::Me)).unwrap();
    assert_eq!(
        recorded,
        Receipt::Recorded {
            state: MatterState::Promised,
            next_at: Some(promised),
            late: false,
            note_only: false
        }
    );
    assert_eq!(number(&door, "SELECT COUNT(*) FROM agreement WHERE voice = 1 AND evidence = 'call:1'"), 1);
    let (next_at, _) = nothing_due(run(&door, "lan", at("2026-12-02T18:29"), next_offer()).unwrap());
    assert_eq!(next_at, Some(promised));
    nothing_due(run(&door, "minh", promised, next_offer()).unwrap());
    assert_eq!(claim(&door, "lan", promised), matter);
    run(&door, "lan", promised, Command::ReleaseLease(MatterRef { matter })).unwrap();
    // A quarter of an hour late, anybody may keep it.
    assert_eq!(claim(&door, "minh", at("2026-12-02T18:45")), matter);
}

#[test]
fn a_promise_due_comes_before_the_queue() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let first = claim(&door, "lan", now);
    let promised = at("2026-12-02T10:00");
    run(&door, "lan", now, callback(first, Some(promised), CallbackFor::Anyone)).unwrap();
    assert_eq!(claim(&door, "minh", at("2026-12-02T09:59")), offer(2));
    assert_eq!(claim(&door, "lan", promised), first);
}

#[test]
fn a_callback_needs_a_time_that_lies_ahead() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let matter = claim(&door, "lan", now);
    let before = state(&door);
    for when in [None, Some(now), Some(at("2026-12-02T08:00"))] {
        let refused = run(&door, "lan", now, callback(matter, when, CallbackFor::Me));
        assert_eq!(rule(refused), "callback_time_missing");
    }
    assert_eq!(state(&door), before);
}

#[test]
fn only_the_holder_of_a_good_lease_records() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let before = state(&door);
    let by_another = run(&door, "minh", at("2026-12-02T09:05"), ended(matter, Disposition::Busy));
    let sentence = by_another.as_ref().unwrap_err().message(Lang::Vi);
    assert_eq!(sentence, "Lan đang giữ hoặc đã hẹn khách này.", "a person is named by name");
    assert_eq!(rule(by_another), "not_your_lease");
    let too_late = run(&door, "lan", at("2026-12-02T09:10"), Command::RenewLease(MatterRef { matter }));
    assert_eq!(rule(too_late), "lease_expired");
    let unknown = run(&door, "lan", at("2026-12-02T09:10"), ended(MatterId(4001), Disposition::Busy));
    assert_eq!(rule(unknown), "no_such_row");
    assert_eq!(state(&door), before);
}

fn recorded(receipt: Receipt) -> (MatterState, Option<Timestamp>, bool, bool) {
    match receipt {
        Receipt::Recorded { state, next_at, late, note_only } => (state, next_at, late, note_only),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_lease_that_ran_out_is_an_attempt_and_rests_24_hours_for_everybody() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    assert_ne!(claim(&door, "minh", at("2026-12-02T09:10")), matter);
    assert_eq!(number(&door, "SELECT attempts FROM matter WHERE id = 5"), 1);
    assert_eq!(number(&door, "SELECT last_rang_at FROM matter WHERE id = 5"), at("2026-12-02T09:10").ms());
    let left =
        "SELECT COUNT(*) FROM call WHERE matter = 5 AND staff = 'lan' AND disposition = 'not_recorded'";
    assert_eq!(number(&door, left), 1);
    run(&door, "minh", at("2026-12-02T09:11"), ended(offer(2), Disposition::Busy)).unwrap();
    assert_eq!(rule(run(&door, "minh", at("2026-12-02T09:12"), named(matter))), "called_within_24h");
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn what_rang_rests_24_hours_although_its_result_was_undone_and_the_customer_given_back() {
    let door = hotline();
    sql(&door, "UPDATE matter SET state = 'closed' WHERE purpose = 1 AND id <> 5");
    let matter = claim(&door, "lan", at("2026-12-02T10:00"));
    run(&door, "lan", at("2026-12-02T10:01"), ended(matter, Disposition::NoAnswer)).unwrap();
    run(&door, "lan", at("2026-12-02T10:02"), Command::UndoCall(MatterRef { matter })).unwrap();
    run(&door, "lan", at("2026-12-02T10:03"), Command::ReleaseLease(MatterRef { matter })).unwrap();
    let (next_at, _) = nothing_due(run(&door, "minh", at("2026-12-02T10:04"), next_offer()).unwrap());
    assert!(next_at.unwrap() >= at("2026-12-03T10:01"), "{next_at:?}");
    // The control: without a ring the customer is free at once.
    let calm = hotline();
    sql(&calm, "UPDATE matter SET state = 'closed' WHERE purpose = 1 AND id <> 5");
    let matter = claim(&calm, "lan", at("2026-12-02T10:00"));
    run(&calm, "lan", at("2026-12-02T10:03"), Command::ReleaseLease(MatterRef { matter })).unwrap();
    assert_eq!(claim(&calm, "minh", at("2026-12-02T10:04")), matter);
}

#[test]
fn a_result_after_the_lease_ran_out_counts_as_if_it_had_come_in_time() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let late = at("2026-12-02T09:25");
    let receipt = run(&door, "lan", late, ended(matter, Disposition::Declined)).unwrap();
    assert_eq!(recorded(receipt), (MatterState::Closed, None, true, false));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM call WHERE undone_at IS NULL"), 1);
    assert_eq!(number(&door, "SELECT attempts FROM matter WHERE id = 5"), 1);
    // One call has one result.
    assert_eq!(rule(run(&door, "lan", late, ended(matter, Disposition::Busy))), "not_your_lease");
    assert_eq!(check(&door).unwrap(), []);
    // The same when a claim had settled the lease meanwhile.
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    claim(&door, "minh", at("2026-12-02T09:11"));
    let receipt = run(&door, "lan", late, ended(matter, Disposition::Considering)).unwrap();
    let (state, next_at, is_late, note_only) = recorded(receipt);
    assert_eq!((state, is_late, note_only), (MatterState::Waiting, true, false));
    assert!(next_at.unwrap() >= at("2026-12-03T09:10"));
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn a_late_result_can_be_undone_and_a_lease_that_ran_out_cannot() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let undo = || Command::UndoCall(MatterRef { matter });
    let other = claim(&door, "minh", at("2026-12-02T09:10"));
    assert_eq!(rule(run(&door, "lan", at("2026-12-02T09:11"), undo())), "lease_expired");
    run(&door, "minh", at("2026-12-02T09:11"), ended(other, Disposition::Busy)).unwrap();
    run(&door, "lan", at("2026-12-02T09:25"), ended(matter, Disposition::Declined)).unwrap();
    run(&door, "lan", at("2026-12-02T09:26"), undo()).unwrap();
    run(&door, "lan", at("2026-12-02T09:27"), ended(matter, Disposition::Considering)).unwrap();
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn who_comes_back_within_two_hours_goes_on_with_the_call_and_nobody_else_gets_it() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let other = claim(&door, "minh", at("2026-12-02T09:30"));
    assert_ne!(other, matter);
    run(&door, "minh", at("2026-12-02T09:30"), ended(other, Disposition::Busy)).unwrap();
    run(&door, "lan", at("2026-12-02T10:00"), named(matter)).unwrap();
    assert_eq!(number(&door, "SELECT attempts FROM matter WHERE id = 5"), 0);
    run(&door, "lan", at("2026-12-02T10:05"), ended(matter, Disposition::NoAnswer)).unwrap();
    assert_eq!(number(&door, "SELECT attempts FROM matter WHERE id = 5"), 1);
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn offers_stop_outside_the_registration_window_and_say_so() {
    for (when, opens) in [("2026-11-30T10:00", Some(at("2026-12-01T00:00"))), ("2027-03-01T10:00", None)] {
        let door = hotline();
        sql(&door, &format!("UPDATE campaign SET dnc_as_of = '{}'", &when[..10]));
        let (next_at, held) = nothing_due(run(&door, "lan", at(when), next_offer()).unwrap());
        assert_eq!(next_at, opens, "{when}");
        assert_eq!(held, BTreeMap::from([("registration_closed".to_owned(), 8)]), "{when}");
        assert_eq!(rule(run(&door, "lan", at(when), named(offer(1)))), "registration_closed");
    }
}

#[test]
fn offers_stop_when_the_programme_is_full_and_its_waitlist_long() {
    let door = hotline();
    sql(&door, "UPDATE campaign SET quota = 1, taken = 1, waitlisted = 50");
    claim(&door, "lan", at("2026-12-02T09:00"));
    sql(&door, "UPDATE campaign SET waitlisted = 51");
    let (next_at, held) = nothing_due(run(&door, "minh", at("2026-12-02T09:00"), next_offer()).unwrap());
    assert_eq!(next_at, None);
    assert_eq!(held.get("quota_full"), Some(&7));
}

#[test]
fn an_offer_waits_for_the_sms_and_is_free_at_its_hour() {
    let door = hotline();
    sql(&door, "UPDATE matter SET state = 'closed' WHERE purpose = 1 AND id NOT IN (5, 9)");
    sql(&door, "UPDATE customer SET sms_sent_at = NULL WHERE id = 1");
    let hour = at("2026-12-02T11:00").ms();
    sql(&door, &format!("UPDATE customer SET sms_sent_at = {hour} WHERE id = 2"));
    let (_, held) = nothing_due(run(&door, "lan", at("2026-12-02T09:00"), next_offer()).unwrap());
    assert_eq!(held, BTreeMap::from([("sms_not_received".to_owned(), 2)]));
    assert_eq!(rule(run(&door, "lan", at("2026-12-02T09:01"), named(offer(1)))), "sms_not_received");
    assert_eq!(claim(&door, "lan", at("2026-12-02T11:00")), offer(2));
    let (_, held) = nothing_due(run(&door, "minh", at("2026-12-02T11:00"), next_offer()).unwrap());
    assert_eq!(held, BTreeMap::from([("sms_not_received".to_owned(), 1)]));
}

#[test]
fn retries_in_a_new_part_of_the_day_come_before_customers_who_were_never_called() {
    let door = hotline();
    let due = at("2026-12-02T08:30").ms();
    // Offers 3 and 4 were called in the morning, 5 at midday: at midday 3 and 4 are due in another part of the day.
    sql(
        &door,
        &format!("UPDATE matter SET attempts = 1, day_parts = 1, due_at = {due} WHERE id IN (13, 17)"),
    );
    sql(&door, &format!("UPDATE matter SET attempts = 1, day_parts = 2, due_at = {due} WHERE id = 21"));
    let midday = at("2026-12-02T11:30");
    assert_eq!([claim(&door, "lan", midday), claim(&door, "minh", midday)], [offer(3), offer(4)]);
    let early = hotline();
    sql(&early, &format!("UPDATE matter SET attempts = 1, day_parts = 1, due_at = {due} WHERE id = 13"));
    assert_eq!(claim(&early, "lan", at("2026-12-02T09:00")), offer(1));
}

#[test]
fn a_callback_outside_the_window_of_its_purpose_is_refused_and_outside_the_hours_it_is_an_agreement() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let before = state(&door);
    let now = at("2026-12-02T09:01");
    let far = callback(matter, Some(at("2036-06-01T10:00")), CallbackFor::Me);
    assert_eq!(rule(run(&door, "lan", now, far)), "callback_outside_window");
    let evening = |agreed| {
        Command::RecordCall(RecordCall {
            callback_at: Some(at("2026-12-03T18:30")),
            agreed,
            ..RecordCall::new(matter, Disposition::Callback)
        })
    };
    assert_eq!(rule(run(&door, "lan", now, evening(Some(false)))), "outside_calling_hours");
    assert_eq!(state(&door), before);
    run(&door, "lan", now, evening(None)).unwrap();
    let hour = "SELECT COUNT(*) FROM agreement WHERE from_minute = 1110 AND to_minute = 1171";
    assert_eq!(number(&door, hour), 1);
    // The hint names the promised time, not the next lawful morning.
    let early = run(&door, "lan", at("2026-12-03T18:10"), named(matter));
    assert!(
        matches!(early, Err(Error::Refused(Refusal::NotYetDue { next_at })) if next_at == at("2026-12-03T18:30"))
    );
    run(&door, "lan", at("2026-12-03T18:30"), named(matter)).unwrap();
}

#[test]
fn a_claim_just_before_the_hours_end_says_until_when_to_dial() {
    let door = hotline();
    let receipt = run(&door, "lan", at("2026-12-02T16:59"), next_offer()).unwrap();
    let Receipt::Claimed { matter, lease_until, dial_until, .. } = receipt else { panic!("{receipt:?}") };
    assert_eq!((lease_until, dial_until), (at("2026-12-02T17:09"), Some(at("2026-12-02T17:00"))));
    // A call that was begun before goes on.
    run(&door, "lan", at("2026-12-02T17:05"), Command::RenewLease(MatterRef { matter })).unwrap();
    run(&door, "lan", at("2026-12-02T17:12"), ended(matter, Disposition::Considering)).unwrap();
}

#[test]
fn a_heartbeat_keeps_the_lease() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let renewed =
        run(&door, "lan", at("2026-12-02T09:09"), Command::RenewLease(MatterRef { matter })).unwrap();
    assert_eq!(renewed, Receipt::LeaseRenewed { lease_until: at("2026-12-02T09:19") });
    let renewals = number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'renew_lease'");
    let claims = number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'claim'");
    assert_eq!((renewals, claims), (0, 1), "the claim says it");
    run(&door, "lan", at("2026-12-02T09:18"), ended(matter, Disposition::Declined)).unwrap();
}

#[test]
fn do_not_call_closes_opts_out_confirms_once_and_stays() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let matter = claim(&door, "lan", now);
    let recorded = run(&door, "lan", now, ended(matter, Disposition::DoNotCall)).unwrap();
    assert_eq!(
        recorded,
        Receipt::Recorded { state: MatterState::Closed, next_at: None, late: false, note_only: false }
    );
    let voice = || number(&door, "SELECT COALESCE(voice_at, 0) FROM opt_out WHERE phone = 84904123401");
    assert_eq!(voice(), now.ms());
    let messages = || number(&door, "SELECT COUNT(*) FROM sms WHERE template = 'opt_out_confirmed'");
    assert_eq!(messages(), 1);
    assert_eq!(rule(run(&door, "lan", now, Command::UndoCall(MatterRef { matter }))), "opted_out");
    let again = Command::OptOut(OptOut { phone: CUSTOMERS[0].0.to_owned(), contact: ContactKind::Both });
    run(&door, "lan", at("2026-12-03T09:00"), again).unwrap();
    assert_eq!((voice(), messages()), (now.ms(), 1));
    assert_eq!(rule(run(&door, "lan", at("2026-12-03T09:00"), named(matter))), "opted_out");
}

#[test]
fn a_complaint_waits_for_the_supervisor_who_may_take_it() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let matter = claim(&door, "lan", now);
    run(&door, "lan", now, ended(matter, Disposition::Complaint)).unwrap();
    assert_eq!(rule(run(&door, "minh", at("2026-12-03T11:30"), named(matter))), "conflict");
    run(&door, "ha", at("2026-12-03T11:30"), named(matter)).unwrap();
}

#[test]
fn a_language_barrier_needs_a_note() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let matter = claim(&door, "lan", now);
    let before = state(&door);
    assert_eq!(rule(run(&door, "lan", now, ended(matter, Disposition::Language))), "note_missing");
    let long = Command::RecordCall(RecordCall {
        note: Some("à".repeat(501)),
        ..RecordCall::new(matter, Disposition::Language)
    });
    assert_eq!(rule(run(&door, "lan", now, long)), "field_invalid");
    assert_eq!(state(&door), before);
}

#[test]
fn agreed_without_a_registration_is_the_agents_next_call() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let matter = claim(&door, "lan", now);
    let recorded = run(&door, "lan", now, ended(matter, Disposition::Agreed)).unwrap();
    assert_eq!(
        recorded,
        Receipt::Recorded { state: MatterState::Promised, next_at: Some(now), late: false, note_only: false }
    );
    assert_eq!(claim(&door, "minh", now), offer(2));
    assert_eq!(claim(&door, "lan", now), matter);
}

#[test]
fn an_undo_brings_back_matter_lease_and_counters() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let matter = claim(&door, "lan", now);
    let claimed = state(&door);
    for disposition in
        [Disposition::NoAnswer, Disposition::Declined, Disposition::Complaint, Disposition::Agreed]
    {
        run(&door, "lan", now, ended(matter, disposition)).unwrap();
        let undone = run(&door, "lan", now, Command::UndoCall(MatterRef { matter })).unwrap();
        assert_eq!(undone, Receipt::CallUndone { lease_until: at("2026-12-02T09:10") });
        // That it rang stays.
        assert_eq!(number(&door, "SELECT last_rang_at FROM matter WHERE id = 5"), now.ms());
        sql(&door, "DELETE FROM call");
        sql(&door, "UPDATE matter SET last_rang_at = NULL WHERE id = 5");
        assert_eq!(state(&door), claimed, "{disposition:?}");
    }
    run(&door, "lan", now, callback(matter, Some(at("2026-12-02T18:00")), CallbackFor::Me)).unwrap();
    run(&door, "lan", now, Command::UndoCall(MatterRef { matter })).unwrap();
    sql(&door, "DELETE FROM call");
    sql(&door, "UPDATE matter SET last_rang_at = NULL WHERE id = 5");
    assert_eq!(state(&door), claimed);
}

#[test]
fn an_undo_is_refused_when_it_is_late_anothers_or_overtaken() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let saved = at("2026-12-02T09:01");
    run(&door, "lan", saved, ended(matter, Disposition::NoAnswer)).unwrap();
    let before = state(&door);
    let undo = |who, when| rule(run(&door, who, when, Command::UndoCall(MatterRef { matter })));
    assert_eq!(undo("minh", saved), "no_such_row");
    assert_eq!(undo("lan", saved.plus_ms(120_001)), "undo_too_late");
    assert_eq!(state(&door), before);
    let now = saved.plus_ms(120_001);
    let second = claim(&door, "lan", now);
    run(&door, "lan", now, ended(second, Disposition::NoAnswer)).unwrap();
    claim(&door, "lan", now);
    assert_eq!(rule(run(&door, "lan", now, Command::UndoCall(MatterRef { matter: second }))), "call_open");
}

#[test]
fn roles_that_do_not_call_are_refused() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    for who in ["nga", "thu", "bs_mai", "quan", "kiem"] {
        assert_eq!(rule(run(&door, who, now, next_offer())), "forbidden", "{who}");
    }
}

#[test]
fn a_matter_of_another_purpose_is_not_claimed_through_this_one() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    sql(&door, "INSERT INTO matter (id, customer, purpose, state) VALUES (6, 1, 2, 'waiting')");
    assert_eq!(rule(run(&door, "lan", now, named(MatterId(6)))), "no_such_row");
}

#[test]
fn a_register_that_is_about_to_grow_too_old_is_a_task_before_all_offers_stop() {
    let tasks = |as_of: &str| {
        let door = hotline();
        sql(&door, &format!("UPDATE campaign SET dnc_as_of = '{as_of}'"));
        let claimed = run(&door, "lan", at("2026-12-08T09:00"), next_offer()).unwrap();
        let tasks = number(&door, "SELECT COUNT(*) FROM task WHERE kind = 'register_expiring'");
        (matches!(claimed, Receipt::Claimed { .. }), tasks)
    };
    assert_eq!(tasks("2026-12-03"), (true, 0));
    assert_eq!(tasks("2026-12-02"), (true, 1));
    assert_eq!(tasks("2026-12-01"), (true, 1));
    assert_eq!(tasks("2026-11-30"), (false, 1));
}
