//! The contact rules by tables, and [`callable_from`] against a search minute by minute.

use super::*;
use crate::domain::calendar::DayPart;
use crate::domain::refusal::Refusal;
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use proptest::prelude::*;
use rstest::rstest;

fn limits() -> ContactLimits {
    let window =
        |opens: u32, closes: u32| DailyWindow { opens_minute: opens * 60, closes_minute: closes * 60 };
    ContactLimits {
        offer_call: window(8, 17),
        offer_sms: window(7, 22),
        service_call: window(8, 20),
        offer_call_gap_hours: 24,
        offer_sms_per_24h: 3,
        offer_max_attempts: 3,
        service_max_attempts: 3,
        offer_retry_hours: 24,
        service_retry_hours: 2,
        dnc_max_age_days: 7,
        promise_grace_minutes: 60,
        promise_owner_minutes: 15,
        lease_minutes: 10,
        undo_seconds: 120,
    }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-12-{text}:00+07:00")).unwrap()
}

fn staff(name: &str) -> StaffId {
    StaffId(name.to_owned())
}

/// An offer with nothing against it on 2 December.
fn clear_offer() -> ContactFacts {
    ContactFacts {
        dnc_as_of: NaiveDate::from_ymd_opt(2026, 12, 1),
        opt_in_evidence: true,
        ..ContactFacts::new(Purpose::Offer)
    }
}

fn rules(facts: &ContactFacts, now: Timestamp) -> Vec<&'static str> {
    reasons_against_call(facts, &limits(), now).iter().map(Refusal::rule).collect()
}

#[rstest]
#[case("02T07:59", false)]
#[case("02T08:00", true)]
#[case("02T16:59", true)]
#[case("02T17:00", false)]
#[case("06T10:00", true)] // a Sunday
fn an_offer_call_starts_only_inside_its_window(#[case] time: &str, #[case] allowed: bool) {
    assert_eq!(rules(&clear_offer(), at(time)).is_empty(), allowed);
}

#[rstest]
#[case("02T17:00", true)]
#[case("02T19:59", true)]
#[case("02T20:00", false)]
fn a_service_call_has_a_longer_window(#[case] time: &str, #[case] allowed: bool) {
    for purpose in [Purpose::Intake, Purpose::Survey] {
        assert_eq!(rules(&ContactFacts::new(purpose), at(time)).is_empty(), allowed);
    }
}

#[test]
fn a_number_that_rang_rests_exactly_24_hours() {
    let rang_at = at("01T10:00");
    let facts = ContactFacts { last_rang_at: Some(rang_at), attempts: 1, ..clear_offer() };
    assert_eq!(rules(&facts, rang_at.plus_ms(DAY_MS - 1)), ["called_within_24h"]);
    assert!(rules(&facts, rang_at.plus_ms(DAY_MS)).is_empty());
    let service = ContactFacts { purpose: Purpose::Intake, ..facts };
    assert!(rules(&service, rang_at.plus_ms(HOUR_MS)).is_empty());
}

#[test]
fn a_missing_or_old_register_blocks_offers_and_only_offers() {
    let with = |as_of| ContactFacts { dnc_as_of: as_of, ..clear_offer() };
    let day = |d| NaiveDate::from_ymd_opt(2026, 12, d);
    assert_eq!(rules(&with(None), at("09T10:00")), ["do_not_call_list_stale"]);
    assert_eq!(rules(&with(day(1)), at("09T10:00")), ["do_not_call_list_stale"]);
    assert!(rules(&with(day(2)), at("09T10:00")).is_empty());
    assert!(rules(&ContactFacts::new(Purpose::Survey), at("09T10:00")).is_empty());
}

#[test]
fn the_voice_flag_blocks_calls_and_the_sms_flag_does_not() {
    let with = |voice, sms| ContactFacts { dnc: DoNotCallFlags { voice, sms }, ..clear_offer() };
    assert_eq!(rules(&with(true, false), at("02T10:00")), ["do_not_call"]);
    assert!(rules(&with(false, true), at("02T10:00")).is_empty());
}

#[test]
fn all_reasons_come_at_once() {
    let facts = ContactFacts {
        state: MatterState::Leased,
        attempts: 3,
        due_at: at("05T09:00"),
        last_rang_at: Some(at("02T09:00")),
        dnc: DoNotCallFlags { voice: true, sms: true },
        dnc_as_of: None,
        opted_out_voice_at: Some(at("01T09:00")),
        opt_in_evidence: false,
        lease: Some(Lease { holder: staff("minh"), until: at("02T23:00") }),
        agent: Some(staff("lan")),
        ..ContactFacts::new(Purpose::Offer)
    };
    assert_eq!(
        rules(&facts, at("02T20:00")),
        [
            "opted_out",
            "attempts_used_up",
            "do_not_call",
            "do_not_call_list_stale",
            "opt_in_missing",
            "not_your_lease",
            "outside_calling_hours",
            "called_within_24h",
            "not_yet_due",
        ]
    );
    assert_eq!(callable_from(&facts, &limits(), at("02T20:00")), None);
}

#[test]
fn no_agreement_lifts_an_opt_out_or_the_register() {
    let agreement = Agreement { voice: true, sms: true, until: at("30T00:00"), window: None };
    let facts = ContactFacts {
        agreement: Some(agreement),
        opted_out_voice_at: Some(at("01T09:00")),
        dnc: DoNotCallFlags { voice: true, sms: true },
        ..clear_offer()
    };
    assert_eq!(rules(&facts, at("02T10:00")), ["opted_out", "do_not_call"]);
}

#[test]
fn an_agreement_lifts_hours_and_the_24_hours_while_it_is_good() {
    let agreement = Agreement {
        voice: true,
        sms: false,
        until: at("03T23:00"),
        window: DailyWindow::new(18 * 60, 19 * 60),
    };
    let facts =
        ContactFacts { agreement: Some(agreement), last_rang_at: Some(at("02T09:00")), ..clear_offer() };
    assert!(rules(&facts, at("02T18:30")).is_empty());
    assert_eq!(rules(&facts, at("02T19:30")), ["outside_calling_hours", "called_within_24h"]);
    assert_eq!(rules(&facts, at("04T18:30")), ["outside_calling_hours"]);
    let for_sms_only =
        ContactFacts { agreement: Some(Agreement { voice: false, sms: true, ..agreement }), ..facts };
    assert_eq!(rules(&for_sms_only, at("02T18:30")), ["outside_calling_hours", "called_within_24h"]);
}

#[test]
fn a_promised_time_is_an_agreement_and_its_owner_comes_first() {
    let facts = ContactFacts {
        state: MatterState::Promised,
        attempts: 3,
        last_rang_at: Some(at("02T10:00")),
        promise: Some(Promise { at: at("02T18:30"), owner: Some(staff("lan")) }),
        agent: Some(staff("lan")),
        ..clear_offer()
    };
    assert!(rules(&facts, at("02T18:30")).is_empty());
    assert_eq!(callable_from(&facts, &limits(), at("02T12:00")), Some(at("02T18:30")));
    let other = ContactFacts { agent: Some(staff("minh")), ..facts.clone() };
    assert_eq!(rules(&other, at("02T18:30")), ["not_your_lease"]);
    assert_eq!(callable_from(&other, &limits(), at("02T12:00")), Some(at("02T18:45")));
    // Missed by more than the grace, the ordinary rules hold again.
    assert_eq!(rules(&facts, at("02T19:31")), ["outside_calling_hours", "called_within_24h"]);
}

#[test]
fn a_lease_stands_against_others_until_it_runs_out() {
    let lease = Lease { holder: staff("minh"), until: at("02T10:10") };
    let facts = ContactFacts { state: MatterState::Leased, lease: Some(lease), ..clear_offer() };
    assert_eq!(rules(&facts, at("02T10:09")), ["not_your_lease"]);
    assert!(rules(&facts, at("02T10:10")).is_empty());
    let own = ContactFacts { agent: Some(staff("minh")), ..facts.clone() };
    assert!(rules(&own, at("02T10:09")).is_empty());
    assert_eq!(callable_from(&facts, &limits(), at("02T10:00")), Some(at("02T10:10")));
}

#[test]
fn closed_and_held_matters_are_never_callable_by_waiting() {
    for (state, rule) in [(MatterState::Closed, "matter_closed"), (MatterState::Held, "conflict")] {
        let facts = ContactFacts { state, ..clear_offer() };
        assert_eq!(rules(&facts, at("02T10:00")), [rule]);
        assert_eq!(callable_from(&facts, &limits(), at("02T10:00")), None);
    }
}

#[test]
fn a_matter_id_names_its_customer_and_purpose() {
    for purpose in Purpose::ALL {
        let matter = purpose.matter_id(CustomerId(41));
        assert_eq!(Purpose::of_matter(matter), Some((CustomerId(41), purpose)));
    }
    assert_eq!(Purpose::of_matter(MatterId(8)), None);
    assert_eq!(Purpose::of_matter(MatterId(-3)), None);
}

fn offer_sms() -> SmsFacts {
    SmsFacts {
        purpose: SmsPurpose::Offer,
        recent_offers: Vec::new(),
        agreement: None,
        dnc: DoNotCallFlags::default(),
        dnc_as_of: NaiveDate::from_ymd_opt(2026, 12, 1),
        opted_out_at: None,
        opt_in_evidence: true,
    }
}

fn sms_rules(facts: &SmsFacts, now: Timestamp) -> Vec<&'static str> {
    reasons_against_sms(facts, &limits(), now).iter().map(Refusal::rule).collect()
}

#[rstest]
#[case("02T06:59", false)]
#[case("02T07:00", true)]
#[case("02T21:59", true)]
#[case("02T22:00", false)]
fn an_offer_sms_goes_only_inside_its_window(#[case] time: &str, #[case] allowed: bool) {
    assert_eq!(sms_rules(&offer_sms(), at(time)).is_empty(), allowed);
}

#[test]
fn a_fourth_offer_sms_waits_until_the_first_is_24_hours_old() {
    let sent = vec![at("02T09:00"), at("01T12:00"), at("01T15:00")];
    let facts = SmsFacts { recent_offers: sent, ..offer_sms() };
    assert_eq!(sms_rules(&facts, at("02T11:59")), ["sms_within_24h"]);
    assert!(sms_rules(&facts, at("02T12:00")).is_empty());
    assert_eq!(sendable_from(&facts, &limits(), at("02T11:00")), Some(at("02T12:00")));
}

#[test]
fn a_service_sms_ignores_hours_but_not_an_opt_out() {
    let service = SmsFacts {
        purpose: SmsPurpose::Service,
        dnc: DoNotCallFlags { voice: true, sms: true },
        dnc_as_of: None,
        opt_in_evidence: false,
        ..offer_sms()
    };
    assert!(sms_rules(&service, at("02T23:00")).is_empty());
    let opted_out = SmsFacts { opted_out_at: Some(at("01T09:00")), ..service };
    assert_eq!(sms_rules(&opted_out, at("02T10:00")), ["opted_out"]);
    assert_eq!(sendable_from(&opted_out, &limits(), at("02T10:00")), None);
    let confirmation = SmsFacts { purpose: SmsPurpose::OptOutConfirmation, ..opted_out };
    assert!(sms_rules(&confirmation, at("02T10:00")).is_empty());
}

#[test]
fn the_sms_flag_of_the_register_blocks_offer_sms() {
    let facts = SmsFacts { dnc: DoNotCallFlags { voice: false, sms: true }, ..offer_sms() };
    assert_eq!(sms_rules(&facts, at("02T10:00")), ["do_not_call"]);
}

#[test]
fn three_offer_attempts_fall_on_three_parts_of_the_day() {
    let mut now = at("02T09:00");
    let mut parts = day_part_bit(DayPart::of(now));
    let mut seen = vec![DayPart::of(now)];
    for attempts in 1..3 {
        let Next::At(next) = retry_plan(attempts, now, parts, Purpose::Offer, &limits(), now) else {
            panic!("attempt {attempts} is not the last");
        };
        assert!(next.since(now) >= DAY_MS && next.since(now) < 3 * DAY_MS);
        assert!(limits().offer_call.contains(next));
        assert!(!seen.contains(&DayPart::of(next)));
        parts |= day_part_bit(DayPart::of(next));
        seen.push(DayPart::of(next));
        now = next;
    }
    assert_eq!(retry_plan(3, now, parts, Purpose::Offer, &limits(), now), Next::UsedUp);
}

#[test]
fn a_service_call_is_tried_again_the_same_day_when_the_window_allows() {
    let plan = |time: &str| retry_plan(1, at(time), 1, Purpose::Intake, &limits(), at(time));
    assert_eq!(plan("02T10:00"), Next::At(at("02T12:00")));
    assert_eq!(plan("02T19:00"), Next::At(at("03T08:00")));
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (0_i64..6 * 24 * 60).prop_map(|minute| at("01T00:00").plus_ms(minute * MINUTE_MS))
}

fn window() -> impl Strategy<Value = DailyWindow> {
    (0_u32..1439, 1_u32..600).prop_map(|(opens, length)| DailyWindow {
        opens_minute: opens,
        closes_minute: (opens + length).min(1440),
    })
}

prop_compose! {
    fn some_facts()(
        purpose in prop::sample::select(Purpose::ALL.to_vec()),
        due_at in instant(),
        last_rang_at in prop::option::of(instant()),
        promise in prop::option::of((instant(), prop::option::of(prop::sample::select(vec!["lan", "minh"])))),
        agreement in prop::option::of((any::<bool>(), instant(), prop::option::of(window()))),
        lease in prop::option::of((prop::sample::select(vec!["lan", "minh"]), instant())),
    ) -> ContactFacts {
        ContactFacts {
            state: if promise.is_some() { MatterState::Promised } else { MatterState::Waiting },
            due_at,
            last_rang_at,
            promise: promise.map(|(at, owner)| Promise { at, owner: owner.map(staff) }),
            agreement: agreement.map(|(voice, until, window)| Agreement { voice, sms: false, until, window }),
            lease: lease.map(|(holder, until)| Lease { holder: staff(holder), until }),
            agent: Some(staff("lan")),
            dnc_as_of: NaiveDate::from_ymd_opt(2026, 12, 20),
            ..ContactFacts { purpose, ..clear_offer() }
        }
    }
}

proptest! {
    #[test]
    fn callable_from_is_the_first_minute_without_a_reason(facts in some_facts(), now in instant()) {
        let found = callable_from(&facts, &limits(), now);
        let searched = (0..14 * 24 * 60)
            .map(|minute| now.plus_ms(minute * MINUTE_MS))
            .find(|at| reasons_against_call(&facts, &limits(), *at).is_empty());
        prop_assert_eq!(found, searched);
    }

    #[test]
    fn a_retry_is_never_early_never_at_night_and_never_in_the_past(
        attempts in 1_i64..3, last in instant(), parts in 0_i64..16, wait in 0_i64..5000,
    ) {
        let now = last.plus_ms(wait * MINUTE_MS);
        for purpose in Purpose::ALL {
            let Next::At(next) = retry_plan(attempts, last, parts, purpose, &limits(), now) else {
                return Err(TestCaseError::fail("attempts are left"));
            };
            let gap = if purpose == Purpose::Offer { 24 } else { 2 };
            prop_assert!(next >= now && next.since(last) >= gap * HOUR_MS);
            prop_assert!(limits().call_window(purpose).contains(next));
        }
    }
}
