//! Stories with known numbers: a few calls whose times decide which limit would have held them.

use crate::domain::calendar::MinuteOfDay;
use crate::domain::campaign::Campaign;
use crate::domain::campaign::limits::{LimitRule, LimitValue};
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::time::Timestamp;
use crate::store::tables::TABLES;
use crate::store::{StoreError, Value};
use crate::usecase::command::{AddAgreement, Claim, Command, ContactKind, RecordCall};
use crate::usecase::door::Door;
use crate::usecase::fixture::{ask, at, campaign, claim, ended, hotline, offer, rule, run, sql, state};
use crate::usecase::model::campaign::CampaignDiff;
use crate::usecase::model::replay::{Counted, Replay};
use crate::usecase::query::{Query, Snapshot};

/// A file whose limits are those in force, but for these.
fn limits(changed: &[(LimitRule, i64)]) -> String {
    let mut limits = campaign().limits;
    for row in &mut limits {
        if let Some((_, value)) = changed.iter().find(|(rule, _)| *rule == row.rule) {
            let value = *value;
            row.value = if row.rule.is_clock() {
                LimitValue::Clock(u32::try_from(value).unwrap())
            } else {
                LimitValue::Number(value)
            };
        }
    }
    let whole: toml::Table = Campaign { limits, ..campaign() }.to_toml().unwrap().parse().unwrap();
    toml::to_string(&toml::Table::from_iter([("limit".to_owned(), whole["limit"].clone())])).unwrap()
}

/// Minutes of the day.
const fn clock(hour: i64, minute: i64) -> i64 {
    hour * 60 + minute
}

fn asked(file: &str, replay: i64) -> Query {
    Query::CampaignDiff { file: Some(file.to_owned()), version: None, base: None, replay: Some(replay) }
}

fn diff(door: &Door, now: &str, file: &str) -> CampaignDiff {
    match ask(door, "ha", at(now), asked(file, 7)).unwrap() {
        Snapshot::CampaignDiff(found) => found,
        other => panic!("{other:?}"),
    }
}

fn replay(door: &Door, now: &str, file: &str) -> Replay {
    let before = every_row(door);
    let found = diff(door, now, file);
    assert_eq!(every_row(door), before, "it reads only");
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    *found.replay.expect("it was asked for")
}

/// Every row of every table, of the audit log and the clock, too.
fn every_row(door: &Door) -> Vec<Vec<Value>> {
    door.store()
        .read(|tx| -> Result<_, StoreError> {
            let mut rows = Vec::new();
            for table in TABLES {
                rows.extend(tx.many(&table.select(), &[])?.into_iter().map(|row| row.0));
            }
            Ok(rows)
        })
        .unwrap()
}

fn by_rule(counted: &Counted) -> Vec<(&'static str, Option<&'static str>, i64)> {
    counted.by_rule.iter().map(|found| (found.rule, found.law, found.count)).collect()
}

fn called(door: &Door, customer: i64, when: &str, disposition: Disposition) {
    let asked = Claim { purpose: Purpose::Offer, matter: Some(offer(customer)) };
    run(door, "lan", at(when), Command::Claim(asked)).unwrap();
    run(door, "lan", at(when).plus_minutes(1), ended(offer(customer), disposition)).unwrap();
}

fn register_of(door: &Door, day: &str, when: &str) {
    let loaded = at(when).ms();
    sql(door, &format!("UPDATE campaign SET dnc_as_of = '{day}', dnc_at = {loaded}"));
}

/// Four days: customer 1 is rung three times, a little over 24 hours apart; 2 twice, two days apart; 3 at 08:10; 4 at
/// 16:40; 5 declines at noon.
fn story() -> Door {
    let door = hotline();
    called(&door, 3, "2026-12-01T08:10", Disposition::Declined);
    called(&door, 1, "2026-12-01T09:00", Disposition::NoAnswer);
    called(&door, 2, "2026-12-01T09:30", Disposition::NoAnswer);
    called(&door, 5, "2026-12-01T12:00", Disposition::Declined);
    called(&door, 4, "2026-12-01T16:40", Disposition::Declined);
    called(&door, 1, "2026-12-02T14:00", Disposition::NoAnswer);
    called(&door, 2, "2026-12-03T14:00", Disposition::NoAnswer);
    called(&door, 1, "2026-12-04T11:30", Disposition::NoAnswer);
    door
}

const NOW: &str = "2026-12-04T12:00";

#[test]
fn an_unchanged_campaign_changes_nothing() {
    let door = story();
    for file in ["min_charge = 400000", "hotline = \"18009090\""] {
        let found = replay(&door, NOW, file);
        assert_eq!((found.calls.offer.judged, found.calls.offer.held), (8, 0));
        for judged in [
            &found.calls.offer,
            &found.calls.service,
            &found.messages.offer,
            &found.messages.service,
            &found.queue.offer,
            &found.queue.service,
        ] {
            assert_eq!(judged.newly_held, Counted::default());
            assert_eq!(judged.newly_allowed, Counted::default());
        }
        assert_eq!(found.callbacks.broken, Counted::default());
        assert_eq!(found.seats_full.in_force, found.seats_full.proposed);
    }
}

#[test]
fn a_longer_gap_holds_the_calls_that_came_too_soon_after_a_ring() {
    let door = story();
    // Customer 1: 29 and 45.5 hours after a ring; customer 2: 52.5 hours.
    let found = replay(&door, NOW, &limits(&[(LimitRule::OfferCallGapHours, 48)]));
    assert_eq!(found.calls.offer.newly_held.total, 2);
    assert_eq!(by_rule(&found.calls.offer.newly_held), [("called_within_24h", Some("T3"), 2)]);
    assert_eq!(
        found.calls.offer.held_by_rule, found.calls.offer.newly_held.by_rule,
        "all that is held says why"
    );
    let found = replay(&door, NOW, &limits(&[(LimitRule::OfferCallGapHours, 40)]));
    assert_eq!(by_rule(&found.calls.offer.newly_held), [("called_within_24h", Some("T3"), 1)]);
}

#[test]
fn shorter_hours_hold_the_calls_before_and_after_them() {
    let door = story();
    let file =
        limits(&[(LimitRule::OfferCallOpens, clock(8, 30)), (LimitRule::OfferCallCloses, clock(16, 30))]);
    let found = replay(&door, NOW, &file);
    assert_eq!(by_rule(&found.calls.offer.newly_held), [("outside_calling_hours", Some("T1"), 2)]);
    assert_eq!(found.limits_of, at(NOW).date());
}

#[test]
fn fewer_attempts_hold_the_last_calls_and_more_would_call_those_given_up() {
    let door = story();
    let found = replay(&door, NOW, &limits(&[(LimitRule::OfferMaxAttempts, 2)]));
    assert_eq!(by_rule(&found.calls.offer.newly_held), [("attempts_used_up", None, 1)]);
    // Customer 2 has had two attempts and waits; 1 was given up after three.
    assert_eq!(by_rule(&found.queue.offer.newly_held), Vec::new(), "it is not due today anyway");
    register_of(&door, "2026-12-06", "2026-12-06T07:00");
    let more = replay(&door, "2026-12-06T12:00", &limits(&[(LimitRule::OfferMaxAttempts, 4)]));
    assert_eq!(by_rule(&more.queue.offer.newly_allowed), [("attempts_used_up", None, 1)]);
    let fewer = replay(&door, "2026-12-06T12:00", &limits(&[(LimitRule::OfferMaxAttempts, 2)]));
    assert_eq!(by_rule(&fewer.queue.offer.newly_held), [("attempts_used_up", None, 1)]);
}

#[test]
fn days_that_move_hold_offers_and_break_promises() {
    let door = story();
    let promised = offer(6);
    run(&door, "lan", at(NOW), Command::Claim(Claim { purpose: Purpose::Offer, matter: Some(promised) }))
        .unwrap();
    let callback = RecordCall {
        callback_at: Some(at("2026-12-14T16:40")),
        ..RecordCall::new(promised, Disposition::Callback)
    };
    run(&door, "lan", at("2026-12-04T12:02"), Command::RecordCall(callback)).unwrap();
    let shorter = "registration = { from = \"2026-12-02\", to = \"2026-12-10\" }";
    let found = replay(&door, "2026-12-04T12:05", shorter);
    assert_eq!(by_rule(&found.calls.offer.newly_held), [("registration_closed", Some("T13"), 5)]);
    assert_eq!((found.callbacks.open, found.callbacks.broken.total), (1, 1));
    assert_eq!(by_rule(&found.callbacks.broken), [("registration_closed", Some("T13"), 1)]);
    let hours = replay(&door, "2026-12-04T12:05", &limits(&[(LimitRule::OfferCallCloses, clock(16, 30))]));
    let callbacks = hours.callbacks;
    assert_eq!((callbacks.open, callbacks.broken.total, callbacks.outside_hours), (1, 0, 1));
}

#[test]
fn an_agreement_lifts_the_hours_at_its_own_time_and_only_from_when_it_was_made() {
    let door = hotline();
    let early = "2026-12-02T08:10";
    let agreed = AddAgreement {
        phone: "0904123401".to_owned(),
        contact: ContactKind::Voice,
        what: "gọi sớm".to_owned(),
        until: at("2026-12-14T20:00"),
        from: MinuteOfDay::parse("08:00"),
        to: MinuteOfDay::parse("09:00"),
        evidence: "recording 7".to_owned(),
    };
    run(&door, "ha", at("2026-12-01T10:00"), Command::AddAgreement(agreed)).unwrap();
    called(&door, 1, early, Disposition::Declined);
    called(&door, 2, "2026-12-02T08:20", Disposition::Declined);
    let found = replay(&door, NOW, &limits(&[(LimitRule::OfferCallOpens, clock(9, 0))]));
    assert_eq!(found.calls.offer.newly_held.total, 1, "the other customer agreed to it");
    let file = "registration = { from = \"2026-12-01\", to = \"2026-12-03\" }";
    assert_eq!(replay(&door, "2026-12-02T12:00", file).agreements.open, 0, "nobody is to be called");
}

#[test]
fn a_shorter_allowance_holds_the_second_message_of_a_day() {
    let door = hotline();
    for (id, when) in [(1, "2026-12-02T09:00"), (2, "2026-12-02T12:00"), (3, "2026-12-03T11:00")] {
        let sent = at(when).ms();
        sql(
            &door,
            &format!(
                "INSERT INTO sms (customer, template, matter, phone, body, segments, purpose, state, queued_at, sent_at)
                 VALUES (1, 'invite', 'wave:{id}', 84904123401, '[QC]', 1, 'offer', 'sent', {sent}, {sent})"
            ),
        );
    }
    let found = replay(&door, NOW, &limits(&[(LimitRule::OfferSmsPer24h, 1)]));
    assert_eq!(found.messages.offer.judged, 3);
    assert_eq!(by_rule(&found.messages.offer.newly_held), [("sms_within_24h", Some("T4"), 2)]);
    let found = replay(&door, NOW, &limits(&[(LimitRule::OfferSmsCloses, clock(11, 30))]));
    assert_eq!(by_rule(&found.messages.offer.newly_held), [("outside_calling_hours", Some("T2"), 1)]);
}

#[test]
fn what_the_limits_in_force_hold_may_be_allowed_again() {
    let door = story();
    sql(&door, "UPDATE customer SET sms_sent_at = NULL WHERE id IN (7, 8)");
    let found = replay(&door, NOW, "sms_required = false");
    assert_eq!(by_rule(&found.queue.offer.newly_allowed), [("sms_not_received", None, 2)]);
}

#[test]
fn the_seats_fill_later_when_there_are_more_and_calls_that_agreed_would_have_been_held() {
    let door = hotline();
    let mut when = at("2026-12-01T08:05");
    for customer in [1, 2, 3] {
        let matter = claim(&door, "lan", when);
        assert_eq!(matter, offer(customer));
        let agreed = crate::usecase::command::Register {
            matter: Some(matter),
            ..crate::usecase::fixture::form(
                crate::usecase::fixture::CUSTOMERS[customer as usize - 1].0,
                crate::usecase::command::Channel::Outbound9090,
            )
        };
        run(&door, "lan", when.plus_minutes(2), Command::Register(agreed)).unwrap();
        when = when.plus_minutes(15);
    }
    let few = replay(&door, "2026-12-02T12:00", "quota = 20");
    let full = few.seats_full;
    assert_eq!(full.in_force, None, "497 seats do not fill by the fifteenth");
    let at_three_a_day = full.proposed.unwrap();
    assert!(at_three_a_day.early <= at_three_a_day.at && at_three_a_day.at <= at_three_a_day.late);
    assert_eq!(at_three_a_day.at.date(), crate::usecase::fixture::day("2026-12-08"));
    let later = format!("quota = 20\n{}", limits(&[(LimitRule::OfferCallOpens, clock(8, 30))]));
    let held = replay(&door, "2026-12-02T12:00", &later);
    assert_eq!(held.calls.offer.newly_held_agreed, 2);
    assert!(held.seats_full.proposed.is_none_or(|slower| slower.at > at_three_a_day.at));
}

#[test]
fn a_number_of_days_that_is_none_is_refused_and_a_bad_file_comes_first() {
    let door = story();
    let before = state(&door);
    for days in [0, -3, 93, i64::MAX, i64::MIN] {
        assert_eq!(rule(ask(&door, "ha", at(NOW), asked("min_charge = 1", days))), "field_invalid");
    }
    assert!(ask(&door, "ha", at(NOW), asked("min_charge = 1", 92)).is_ok());
    let broken = diff(&door, NOW, "hotline = \"\"");
    assert_eq!((broken.problems.len(), broken.replay), (1, None));
    assert_eq!(rule(ask(&door, "lan", at(NOW), asked("min_charge = 1", 7))), "forbidden");
    assert_eq!(state(&door), before);
}

#[test]
fn only_the_days_asked_for_are_judged() {
    let door = story();
    let of = |days| match ask(&door, "ha", at(NOW), asked("min_charge = 1", days)).unwrap() {
        Snapshot::CampaignDiff(CampaignDiff { replay: Some(found), .. }) => {
            (found.calls.offer.judged, found.from)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(of(1), (1, Timestamp::start_of(at(NOW).date())));
    assert_eq!(of(2).0, 2);
    assert_eq!(of(4).0, 8);
}
