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
        offer_waitlist_max: 50,
        programme: ProgrammeSpans {
            offer: span("2026-12-01", "2026-12-31"),
            intake: span("2026-12-01", "2027-01-08"),
            survey: span("2026-12-01", "2027-02-28"),
            sms_required: true,
            details_given: true,
        },
    }
}

fn span(from: &str, until: &str) -> Span {
    Span {
        from: Timestamp::start_of(from.parse().unwrap()),
        until: Timestamp::end_of(until.parse().unwrap()),
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
        sms_sent_at: Some(at("01T09:00")),
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
            "sms_not_received",
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
    let from = Timestamp::ZERO;
    let agreement =
        Agreement { voice: true, sms: true, from, until: at("30T00:00"), window: None, is_callback: false };
    let facts = ContactFacts {
        agreements: vec![agreement],
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
        from: Timestamp::ZERO,
        until: at("03T23:00"),
        window: DailyWindow::new(18 * 60, 19 * 60),
        is_callback: false,
    };
    let facts =
        ContactFacts { agreements: vec![agreement], last_rang_at: Some(at("02T09:00")), ..clear_offer() };
    assert!(rules(&facts, at("02T18:30")).is_empty());
    assert_eq!(rules(&facts, at("02T19:30")), ["outside_calling_hours", "called_within_24h"]);
    assert_eq!(rules(&facts, at("04T18:30")), ["outside_calling_hours"]);
    let for_sms_only =
        ContactFacts { agreements: vec![Agreement { voice: false, sms: true, ..agreement }], ..facts };
    assert_eq!(rules(&for_sms_only, at("02T18:30")), ["outside_calling_hours", "called_within_24h"]);
}

#[test]
fn an_agreement_without_hours_lifts_the_24_hours_and_never_the_hours_of_the_law() {
    let agreement = Agreement {
        voice: true,
        sms: true,
        from: at("02T09:00"),
        until: at("05T18:30"),
        window: None,
        is_callback: false,
    };
    let facts =
        ContactFacts { agreements: vec![agreement], last_rang_at: Some(at("02T10:00")), ..clear_offer() };
    assert_eq!(rules(&facts, at("03T03:00")), ["outside_calling_hours"]);
    assert!(rules(&facts, at("02T16:00")).is_empty());
    let sms = SmsFacts { agreements: vec![agreement], ..offer_sms() };
    let reasons = reasons_against_sms(&sms, &limits(), at("03T03:00"));
    assert_eq!(reasons.iter().map(Refusal::rule).collect::<Vec<_>>(), ["outside_calling_hours"]);
}

#[test]
fn an_agreement_opens_the_hours_that_the_customer_named_on_the_days_that_were_named() {
    let agreement = Agreement {
        voice: true,
        sms: false,
        from: at("02T09:00"),
        until: at("04T23:00"),
        window: DailyWindow::new(18 * 60 + 30, 19 * 60 + 30),
        is_callback: false,
    };
    let facts = ContactFacts { agreements: vec![agreement], ..clear_offer() };
    for (time, allowed) in [
        ("02T18:29", false),
        ("02T18:30", true),
        ("04T19:29", true),
        ("04T19:30", false),
        ("03T03:00", false),
        ("05T18:30", false),
    ] {
        assert_eq!(rules(&facts, at(time)).is_empty(), allowed, "{time}");
    }
    // The hint names the next hour that is open, agreed or lawful.
    let hint = |time: &str| match &reasons_against_call(&facts, &limits(), at(time))[..] {
        [Refusal::OutsideCallingHours { next_at, .. }] => *next_at,
        other => panic!("{other:?}"),
    };
    assert_eq!(hint("02T17:30"), at("02T18:30"));
    assert_eq!(hint("04T20:00"), at("05T08:00"));
}

#[test]
fn an_offer_is_made_only_inside_the_registration_window() {
    let rule_and_next = |facts: &ContactFacts, time: &str| {
        let at = Timestamp::parse(time).unwrap();
        let rules: Vec<_> = reasons_against_call(facts, &limits(), at).iter().map(Refusal::rule).collect();
        (rules, callable_from(facts, &limits(), at))
    };
    let offer = ContactFacts { dnc_as_of: NaiveDate::from_ymd_opt(2026, 11, 29), ..clear_offer() };
    let offer = ContactFacts { sms_sent_at: Some(Timestamp::ZERO), ..offer };
    let before = rule_and_next(&offer, "2026-11-30T10:00:00+07:00");
    assert_eq!(before, (vec!["registration_closed"], Some(at("01T08:00"))));
    let fresh = ContactFacts { dnc_as_of: NaiveDate::from_ymd_opt(2027, 1, 1), ..offer };
    assert_eq!(rule_and_next(&fresh, "2027-01-01T10:00:00+07:00"), (vec!["registration_closed"], None));
    // Nothing is callable later than the last day, not even what comes due then.
    let late = ContactFacts { due_at: at("31T16:59").plus_days(1), ..clear_offer() };
    assert_eq!(callable_from(&late, &limits(), at("31T10:00")), None);
    // Service calls know no such window.
    let service = ContactFacts::new(Purpose::Survey);
    assert_eq!(rule_and_next(&service, "2027-02-01T10:00:00+07:00").0, Vec::<&str>::new());
}

#[rstest]
#[case(499, 0, true)]
#[case(500, 50, true)]
#[case(500, 51, false)]
#[case(499, 51, true)]
fn offers_stop_when_the_programme_is_full_and_its_waitlist_long(
    #[case] taken: i64,
    #[case] waitlisted: i64,
    #[case] allowed: bool,
) {
    let facts = ContactFacts { seats: SeatsAndWaitlist { quota: 500, taken, waitlisted }, ..clear_offer() };
    assert_eq!(rules(&facts, at("02T10:00")).is_empty(), allowed);
    assert_eq!(callable_from(&facts, &limits(), at("02T10:00")).is_some(), allowed);
}

#[test]
fn no_offer_is_made_before_the_details_of_the_facility_are_given() {
    let mut without = limits();
    without.programme.details_given = false;
    let reasons = reasons_against_call(&clear_offer(), &without, at("02T10:00"));
    assert_eq!(reasons, [Refusal::FacilityMissing]);
    assert_eq!(callable_from(&clear_offer(), &without, at("02T10:00")), None);
    let service = ContactFacts::new(Purpose::Intake);
    assert_eq!(reasons_against_call(&service, &without, at("02T10:00")), []);
}

#[test]
fn an_offer_waits_until_the_sms_has_reached_the_customer() {
    let now = at("02T10:00");
    let unknown = ContactFacts { sms_sent_at: None, ..clear_offer() };
    assert_eq!(rules(&unknown, now), ["sms_not_received"]);
    assert_eq!(callable_from(&unknown, &limits(), now), None);
    let later = ContactFacts { sms_sent_at: Some(at("02T14:30")), ..clear_offer() };
    assert_eq!(rules(&later, now), ["sms_not_received"]);
    assert_eq!(callable_from(&later, &limits(), now), Some(at("02T14:30")));
    let mut switched_off = limits();
    switched_off.programme.sms_required = false;
    assert!(reasons_against_call(&unknown, &switched_off, now).is_empty());
    assert!(rules(&ContactFacts { purpose: Purpose::Intake, ..unknown }, now).is_empty());
}

#[test]
fn a_callback_lies_inside_the_window_of_its_purpose() {
    let rule = |purpose, time: &str| {
        limits().check_callback(purpose, Timestamp::parse(time).unwrap()).map_err(|refusal| refusal.rule())
    };
    let outside = Err("callback_outside_window");
    assert_eq!(rule(Purpose::Offer, "2026-12-31T16:00:00+07:00"), Ok(()));
    assert_eq!(rule(Purpose::Offer, "2027-01-01T09:00:00+07:00"), outside);
    assert_eq!(rule(Purpose::Offer, "2036-06-01T10:00:00+07:00"), outside);
    assert_eq!(rule(Purpose::Intake, "2027-01-08T19:00:00+07:00"), Ok(()));
    assert_eq!(rule(Purpose::Intake, "2027-01-09T09:00:00+07:00"), outside);
    assert_eq!(rule(Purpose::Survey, "2027-02-28T19:00:00+07:00"), Ok(()));
    assert_eq!(rule(Purpose::Survey, "2027-03-01T09:00:00+07:00"), outside);
}

#[test]
fn a_promised_time_comes_before_the_next_lawful_morning_in_the_hint() {
    let facts = ContactFacts {
        state: MatterState::Promised,
        promise: Some(Promise { at: at("03T18:30"), owner: Some(staff("lan")) }),
        agent: Some(staff("lan")),
        ..clear_offer()
    };
    let reasons = reasons_against_call(&facts, &limits(), at("03T18:10"));
    let promised = at("03T18:30");
    assert_eq!(reasons[0], Refusal::NotYetDue { next_at: promised });
    assert!(matches!(reasons[1], Refusal::OutsideCallingHours { next_at, .. } if next_at == promised));
}

#[test]
fn dialling_ends_with_the_hours_and_the_lease_goes_on() {
    let dial =
        |facts: &ContactFacts, time: &str| dial_until(facts, &limits(), at(time), at(time).plus_minutes(10));
    let offer = clear_offer();
    assert_eq!(dial(&offer, "02T16:55"), Some(at("02T17:00")));
    assert_eq!(dial(&offer, "02T16:49"), None);
    let promised =
        ContactFacts { promise: Some(Promise { at: at("02T16:50"), owner: None }), ..offer.clone() };
    assert_eq!(dial(&promised, "02T16:55"), None);
    let evening = ContactFacts { promise: Some(Promise { at: at("02T18:00"), owner: None }), ..offer };
    assert_eq!(dial(&evening, "02T18:58"), Some(at("02T19:00").plus_ms(1)));
}

#[test]
fn a_register_of_a_day_to_come_counts_as_none() {
    let facts = ContactFacts { dnc_as_of: NaiveDate::from_ymd_opt(2027, 12, 3), ..clear_offer() };
    assert_eq!(rules(&facts, at("02T10:00")), ["do_not_call_list_stale"]);
}

#[test]
fn service_attempts_cover_parts_of_the_day_and_two_days() {
    // Morning, then the afternoon of the same day, then another day.
    let morning = day_part_bit(DayPart::Morning);
    let first = retry_plan(1, at("02T09:00"), morning, Purpose::Intake, &limits(), at("02T09:00"));
    let Next::At(second_at) = first else { panic!("{first:?}") };
    assert_eq!(second_at.date(), at("02T09:00").date());
    assert_ne!(DayPart::of(second_at), DayPart::Morning);
    let tried = morning | day_part_bit(DayPart::of(second_at));
    let second = retry_plan(2, second_at, tried, Purpose::Intake, &limits(), second_at);
    let Next::At(third_at) = second else { panic!("{second:?}") };
    assert!(third_at.date() > second_at.date());
    assert_eq!(tried & day_part_bit(DayPart::of(third_at)), 0);
    assert_eq!(retry_plan(3, third_at, tried, Purpose::Intake, &limits(), third_at), Next::UsedUp);
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
        agreements: Vec::new(),
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
    let plan = |time: &str| {
        let tried = day_part_bit(DayPart::of(at(time)));
        retry_plan(1, at(time), tried, Purpose::Intake, &limits(), at(time))
    };
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
            agreements: agreement
                .map(|(voice, until, window)| Agreement { voice, sms: false, from: Timestamp::ZERO, until, window, is_callback: false })
                .into_iter()
                .collect(),
            lease: lease.map(|(holder, until)| Lease { holder: staff(holder), until }),
            agent: Some(staff("lan")),
            ..ContactFacts { purpose, ..clear_offer() }
        }
    }
}

proptest! {
    #[test]
    fn callable_from_is_the_first_minute_without_a_reason(facts in some_facts(), now in instant()) {
        // The register is taken to be renewed in time.
        let limits = ContactLimits { dnc_max_age_days: 1000, ..limits() };
        let found = callable_from(&facts, &limits, now);
        let searched = (0..14 * 24 * 60)
            .map(|minute| now.plus_ms(minute * MINUTE_MS))
            .find(|at| reasons_against_call(&facts, &limits, *at).is_empty());
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

#[test]
fn a_promise_opens_one_ring_and_then_waits_like_any_other_retry() {
    let limits = limits();
    let promised = at("02T11:00");
    let agreed = Agreement {
        voice: true,
        sms: false,
        from: promised,
        until: at("02T12:00"),
        window: DailyWindow::new(11 * 60, 12 * 60 + 1),
        is_callback: true,
    };
    let offer = ContactFacts {
        state: MatterState::Promised,
        due_at: promised,
        attempts: 5,
        last_rang_at: Some(at("02T10:30")),
        promise: Some(Promise { at: promised, owner: None }),
        agreements: vec![agreed],
        ..clear_offer()
    };
    // The control: nobody rang since it was promised.
    assert_eq!(reasons_against_call(&offer, &limits, at("02T11:02")), []);
    let rang_at = at("02T11:01");
    let rang = ContactFacts { last_rang_at: Some(rang_at), due_at: at("03T11:01"), ..offer };
    let reasons = reasons_against_call(&rang, &limits, at("02T11:02"));
    let max = limits.offer_max_attempts;
    assert!(reasons.contains(&Refusal::AttemptsUsedUp { max }), "{reasons:?}");
    let missed = ContactFacts { attempts: 1, ..rang };
    let reasons = reasons_against_call(&missed, &limits, at("02T11:02"));
    let next_at = at("03T11:01");
    assert_eq!(reasons, [Refusal::CalledWithin24h { next_at }, Refusal::NotYetDue { next_at }]);
    assert_eq!(callable_from(&missed, &limits, at("02T11:02")), Some(next_at));
}
