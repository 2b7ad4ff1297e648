//! Queues in numbers, reasons, and the open call.

use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::usecase::command::{CallbackFor, Claim, Command, ContactKind, MatterRef, OptOut, RecordCall};
use crate::usecase::fixture::{
    CUSTOMERS, LOADING, UNKNOWN, ask, at, claim, ended, hotline, offer, rule, run, sql,
};
use crate::usecase::model::call::{CallCard, QueueModel, WhyNot};
use crate::usecase::{Door, Query, Receipt, Snapshot};
use std::collections::BTreeMap;

fn queue(door: &Door, who: &str, when: &str) -> QueueModel {
    match ask(door, who, at(when), Query::Queue { purpose: Purpose::Offer }).unwrap() {
        Snapshot::Queue(model) => model,
        other => panic!("{other:?}"),
    }
}

fn why_not(door: &Door, when: &str, matter: Option<MatterId>, phone: Option<&str>) -> WhyNot {
    let query = Query::WhyNot { matter, phone: phone.map(str::to_owned), purpose: None };
    match ask(door, "lan", at(when), query).unwrap() {
        Snapshot::WhyNot(answer) => answer,
        other => panic!("{other:?}"),
    }
}

fn rules(answer: &WhyNot) -> Vec<&str> {
    answer.reasons.iter().map(|reason| reason.rule.as_str()).collect()
}

fn open_call(door: &Door, who: &str, when: &str) -> Option<Box<CallCard>> {
    match ask(door, who, at(when), Query::OpenCall {}).unwrap() {
        Snapshot::OpenCall { call } => call,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_queue_counts_due_later_leased_promised_held_and_closed() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    for disposition in [Disposition::Declined, Disposition::NoAnswer, Disposition::Complaint] {
        let matter = claim(&door, "lan", now);
        run(&door, "lan", now, ended(matter, disposition)).unwrap();
    }
    let promised = claim(&door, "lan", now);
    let callback = Command::RecordCall(RecordCall {
        callback_at: Some(at("2026-12-02T10:00")),
        callback_for: Some(CallbackFor::Me),
        ..RecordCall::new(promised, Disposition::Callback)
    });
    run(&door, "lan", now, callback).unwrap();
    claim(&door, "minh", now);
    let model = queue(&door, "lan", "2026-12-02T10:30");
    // A lease that ran out is the attempt that the next claim makes of it.
    assert_eq!((model.due, model.later, model.leased), (3, 2, 0));
    assert_eq!((model.promised, model.overdue, model.closed), (1, 1, 1));
    assert_eq!(model.held, BTreeMap::from([("supervisor".to_owned(), 1)]));
    assert_eq!(model.next_at, None);
    let promise = &model.promises[0];
    assert_eq!((promise.matter, promise.owner.as_deref()), (promised, Some("lan")));
    assert_eq!(promise.owner_name.as_deref(), Some("Lan"));
    assert_eq!(promise.phone_masked, "0904 *** 404");
    assert!(queue(&door, "minh", "2026-12-02T10:30").promises.is_empty());
}

#[test]
fn an_empty_queue_says_when_the_next_one_comes_due() {
    let door = hotline();
    sql(&door, "UPDATE matter SET due_at = 1796176800000 + 90000000 WHERE list = 1");
    let model = queue(&door, "lan", "2026-12-02T09:00");
    assert_eq!((model.due, model.later), (0, 8));
    assert_eq!(model.next_at, Some(at("2026-12-03T10:00")));
}

#[test]
fn why_not_gives_every_reason_and_the_first_good_time() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    let matter = claim(&door, "minh", now);
    run(&door, "minh", now, ended(matter, Disposition::NoAnswer)).unwrap();
    let answer = why_not(&door, "2026-12-02T19:00", Some(matter), None);
    assert_eq!(rules(&answer), ["outside_calling_hours", "called_within_24h", "not_yet_due"]);
    assert!(!answer.callable && answer.reasons.iter().all(|reason| !reason.message.is_empty()));
    let by_phone = why_not(&door, "2026-12-02T19:00", None, Some(CUSTOMERS[0].0));
    assert_eq!(by_phone, answer);
    let from = answer.callable_from.unwrap();
    assert!(why_not(&door, &from.local().format("%Y-%m-%dT%H:%M").to_string(), Some(matter), None).callable);
    let free = why_not(&door, "2026-12-02T09:00", Some(offer(5)), None);
    assert!(free.callable && free.callable_from == Some(now));
}

#[test]
fn why_not_knows_numbers_without_a_matter_and_none_of_a_loading_list() {
    let door = hotline();
    let stop = Command::OptOut(OptOut { phone: UNKNOWN.to_owned(), contact: ContactKind::Voice });
    run(&door, "lan", at("2026-12-02T08:00"), stop).unwrap();
    let answer = why_not(&door, "2026-12-02T09:00", None, Some(UNKNOWN));
    assert_eq!(rules(&answer), ["not_on_sms_list", "opted_out", "opt_in_missing"]);
    assert_eq!((answer.matter, answer.callable_from), (None, None));
    let loading = why_not(&door, "2026-12-02T09:00", None, Some(LOADING.0));
    assert_eq!(rules(&loading)[0], "not_on_sms_list");
    let now = at("2026-12-02T09:00");
    let by_matter = |matter| Query::WhyNot { matter: Some(matter), phone: None, purpose: None };
    assert_eq!(rule(ask(&door, "lan", now, by_matter(offer(9)))), "no_such_row");
    assert_eq!(rule(ask(&door, "lan", now, by_matter(MatterId(8)))), "no_such_row");
    let neither = Query::WhyNot { matter: None, phone: None, purpose: None };
    assert_eq!(rule(ask(&door, "lan", now, neither)), "field_invalid");
}

#[test]
fn the_card_is_for_the_holder_alone() {
    let door = hotline();
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    let card = open_call(&door, "lan", "2026-12-02T09:05").unwrap();
    assert_eq!((card.matter, card.phone.as_str(), card.attempt), (matter, "+84904123401", 1));
    assert_eq!(card.sms_sent_at, Some(at("2026-11-12T09:15")));
    assert_eq!((card.leased_at, card.lease_until), (at("2026-12-02T09:00"), at("2026-12-02T09:10")));
    assert_eq!(open_call(&door, "minh", "2026-12-02T09:05"), None);
    let query = || Query::CallCard { matter };
    assert!(ask(&door, "lan", at("2026-12-02T09:05"), query()).is_ok());
    assert_eq!(rule(ask(&door, "minh", at("2026-12-02T09:05"), query())), "not_your_lease");
    assert_eq!(rule(ask(&door, "lan", at("2026-12-02T09:10"), query())), "lease_expired");
    assert_eq!(open_call(&door, "lan", "2026-12-02T09:10"), None);
    assert_eq!(rule(ask(&door, "thu", at("2026-12-02T09:05"), query())), "forbidden");
}

#[test]
fn the_card_shows_earlier_notes_but_no_note_of_vinmec() {
    let door = hotline();
    sql(&door, "INSERT INTO matter (id, customer, purpose, state) VALUES (6, 1, 2, 'waiting')");
    sql(
        &door,
        "INSERT INTO call (id, matter, customer, staff, purpose, started_at, ended_at, disposition, note, before)
         VALUES (1, 5, 1, 'minh', 1, 1796100000000, 1796100000000, 'no_answer', 'gọi chiều', '{}'),
                (2, 6, 1, 'thu', 2, 1796110000000, 1796110000000, 'agreed', 'đau đầu', '{}')",
    );
    claim(&door, "lan", at("2026-12-02T09:00"));
    let card = open_call(&door, "lan", "2026-12-02T09:00").unwrap();
    let seen: Vec<_> = card.history.iter().map(|line| (line.about.as_str(), line.note.as_deref())).collect();
    assert_eq!(seen, [("intake", None), ("offer", Some("gọi chiều"))]);
    let who: Vec<_> = card.history.iter().map(|line| (line.by.as_str(), line.by_name.as_str())).collect();
    assert_eq!(who, [("thu", "Thu"), ("minh", "Minh")]);
    run(&door, "lan", at("2026-12-02T09:00"), Command::ReleaseLease(MatterRef { matter: offer(1) })).unwrap();
    let intake = Command::Claim(Claim { purpose: Purpose::Intake, matter: None });
    run(&door, "thu", at("2026-12-02T09:00"), intake).unwrap();
    let card = open_call(&door, "thu", "2026-12-02T09:00").unwrap();
    assert_eq!((card.on_list, card.sms_sent_at), (false, None));
    let seen: Vec<_> = card.history.iter().map(|line| (line.about.as_str(), line.note.as_deref())).collect();
    assert_eq!(seen, [("intake", Some("đau đầu"))]);
}

#[test]
fn an_expired_lease_is_read_as_the_attempt_that_a_claim_makes_of_it() {
    let door = hotline();
    others_later(&door);
    let matter = claim(&door, "minh", at("2026-12-02T09:00"));
    let answer = why_not(&door, "2026-12-02T09:11", Some(matter), None);
    assert_eq!(rules(&answer), ["called_within_24h", "not_yet_due"]);
    let read = queue(&door, "lan", "2026-12-02T09:11").next_at.unwrap();
    assert_eq!(answer.callable_from, Some(read));
    // Whenever it is settled, the next attempt is planned from the ring.
    let claimed = run(&door, "lan", at("2026-12-02T15:00"), next()).unwrap();
    assert_eq!(claimed, Receipt::NothingDue { next_at: Some(read), held: BTreeMap::new() });
}

/// All customers but the first are due in a week.
fn others_later(door: &Door) {
    let due_at = at("2026-12-10T10:00").ms();
    sql(door, &format!("UPDATE matter SET due_at = {due_at} WHERE purpose = 1 AND id <> 5"));
}

fn next() -> Command {
    Command::Claim(Claim { purpose: Purpose::Offer, matter: None })
}

#[test]
fn what_stands_against_everybody_holds_all_that_are_due() {
    for (change, when, reason) in [
        ("", "2026-12-02T09:00", None),
        ("", "2027-03-01T10:00", Some("registration_closed")),
        (
            "UPDATE campaign SET quota = 1, taken = 1, waitlisted = 100000",
            "2026-12-02T09:00",
            Some("quota_full"),
        ),
        ("UPDATE campaign SET dnc_as_of = '2026-11-20'", "2026-12-02T09:00", Some("do_not_call_list_stale")),
    ] {
        let door = hotline();
        if !change.is_empty() {
            sql(&door, change);
        }
        let model = queue(&door, "lan", when);
        let held: Vec<(&str, i64)> = model.held.iter().map(|(code, count)| (code.as_str(), *count)).collect();
        match reason {
            Some(reason) => assert_eq!((model.due, held), (0, vec![(reason, 8)])),
            None => assert_eq!((model.due, held), (8, vec![])),
        }
    }
}

#[test]
fn the_hour_of_an_sms_is_when_its_offer_is_due() {
    let door = hotline();
    others_later(&door);
    let sent_at = at("2026-12-02T10:00");
    sql(&door, &format!("UPDATE customer SET sms_sent_at = {} WHERE id = 1", sent_at.ms()));
    let claimed = run(&door, "lan", at("2026-12-02T09:59"), next()).unwrap();
    assert!(
        matches!(claimed, Receipt::NothingDue { next_at, .. } if next_at == Some(sent_at)),
        "{claimed:?}"
    );
    assert_eq!(queue(&door, "lan", "2026-12-02T09:59").next_at, Some(sent_at));
}
