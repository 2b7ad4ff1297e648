//! Registering through the door: seats, waitlist, every refusal, and what follows a cancellation.

use super::super::check::check;
use super::super::command::{
    AddLead, CancelRegistration, Channel, Command, ContactKind, GivenRepresentative, OptOut, Patient,
    Register, SetQuota, WithdrawConsent,
};
use super::super::door::Door;
use super::super::error::Error;
use super::super::fixture::{
    CUSTOMERS, UNKNOWN, at, campaign, claim, counted, ended, form, hotline, hotline_of, hotline_with, number,
    register, rule, run, sql, state,
};
use super::super::receipt::Receipt;
use crate::domain::campaign::Campaign;
use crate::domain::consent::{ConsentAnswers, ConsentPurpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::{LeadId, MatterId, RegistrationId};
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use proptest::prelude::*;

fn morning() -> Timestamp {
    at("2026-12-02T09:00")
}

fn inbound(phone: &str) -> Command {
    Command::Register(form(phone, Channel::Inbound9090))
}

fn unlisted() -> Register {
    Register { name: Some("Bùi Thị Sen".to_owned()), ..form(UNKNOWN, Channel::Fanpage) }
}

fn cancel(door: &Door, id: RegistrationId) -> Receipt {
    let command =
        Command::CancelRegistration(CancelRegistration { registration: id, reason: "bận".to_owned() });
    run(door, "ha", morning(), command).unwrap()
}

fn refused(door: &Door, staff: &str, now: Timestamp, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, staff, now, command));
    assert_eq!(before, state(door), "{rule} changed rows");
    rule
}

#[test]
fn a_listed_customer_who_calls_in_gets_the_lowest_seat_and_the_handbook() {
    let door = hotline();
    let receipt = run(&door, "lan", morning(), inbound("0904.123.401")).unwrap();
    assert_eq!(receipt, Receipt::Registered { registration: RegistrationId(1), seat: 1 });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE given = 1"), 4);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE template = 'handbook' AND state = 'queued'"), 1);
    assert_eq!(
        number(
            &door,
            "SELECT COUNT(*) FROM matter WHERE id = 5 AND state = 'closed' AND reason = 'registered'"
        ),
        1
    );
    assert_eq!(counted(&door, "day.2026-12-02.registered"), 1);
    assert_eq!(counted(&door, "agent.2026-12-02.lan.registered"), 1);
}

#[test]
fn past_the_last_seat_customers_wait_in_the_order_they_came() {
    let door = hotline_with(1);
    register(&door, morning(), CUSTOMERS[0].0);
    for (position, (phone, _)) in (1..).zip(&CUSTOMERS[1..3]) {
        let receipt = run(&door, "lan", morning(), inbound(phone)).unwrap();
        assert_eq!(receipt, Receipt::Waitlisted { registration: RegistrationId(position + 1), position });
    }
    assert_eq!(number(&door, "SELECT waitlisted FROM campaign"), 2);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms"), 1, "nobody on the waitlist gets the handbook");
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM campaign WHERE closed_by = 'quota' AND closed_at IS NOT NULL"),
        1
    );
}

#[test]
fn a_full_programme_refuses_a_customer_who_does_not_want_to_wait() {
    let door = hotline_with(1);
    register(&door, morning(), CUSTOMERS[0].0);
    let command = Register { waitlist: false, ..form(CUSTOMERS[1].0, Channel::Inbound9090) };
    assert_eq!(refused(&door, "lan", morning(), Command::Register(command)), "quota_full");
}

#[test]
fn a_freed_seat_goes_to_the_first_on_the_waitlist_with_their_handbook() {
    let door = hotline_with(1);
    let first = register(&door, morning(), CUSTOMERS[0].0);
    let second = register(&door, morning(), CUSTOMERS[1].0);
    register(&door, morning(), CUSTOMERS[2].0);
    assert_eq!(cancel(&door, first), Receipt::Cancelled { seat_freed: true, promoted: Some(second) });
    assert_eq!(number(&door, "SELECT seat FROM registration WHERE id = 2"), 1);
    assert_eq!(number(&door, "SELECT taken FROM campaign"), 1);
    assert_eq!(number(&door, "SELECT waitlisted FROM campaign"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE customer = 2 AND template = 'handbook'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE customer = 1"), 0, "nothing goes to who left");
}

#[test]
fn leaving_the_waitlist_frees_no_seat_and_moves_the_others_up() {
    let door = hotline_with(1);
    register(&door, morning(), CUSTOMERS[0].0);
    let second = register(&door, morning(), CUSTOMERS[1].0);
    register(&door, morning(), CUSTOMERS[2].0);
    assert_eq!(cancel(&door, second), Receipt::Cancelled { seat_freed: false, promoted: None });
    assert_eq!(number(&door, "SELECT waitlisted FROM campaign"), 1);
}

#[test]
fn a_freed_number_is_given_out_before_a_new_one_and_opens_registration_again() {
    let door = hotline_with(3);
    let first = register(&door, morning(), CUSTOMERS[0].0);
    register(&door, morning(), CUSTOMERS[1].0);
    register(&door, morning(), CUSTOMERS[2].0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM campaign WHERE closed_by = 'quota'"), 1);
    assert_eq!(cancel(&door, first), Receipt::Cancelled { seat_freed: true, promoted: None });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM campaign WHERE closed_by IS NULL"), 1);
    let receipt = run(&door, "lan", morning(), inbound(CUSTOMERS[3].0)).unwrap();
    assert!(matches!(receipt, Receipt::Registered { seat: 1, .. }), "{receipt:?}");
}

#[test]
fn the_refusal_says_seat_position_or_day_and_never_a_registration_as_a_seat() {
    let door = hotline_with(1);
    let first = register(&door, morning(), CUSTOMERS[0].0);
    register(&door, morning(), CUSTOMERS[1].0);
    register(&door, morning(), CUSTOMERS[2].0);
    let sentence = |phone: &str| match run(&door, "lan", morning(), inbound(phone)) {
        Err(Error::Refused(refusal)) => {
            (refusal.rule(), refusal.message(Lang::Vi), refusal.message(Lang::En))
        }
        other => panic!("{other:?}"),
    };
    cancel(&door, first);
    let sentences = [0, 1, 2].map(|customer: usize| sentence(CUSTOMERS[customer].0));
    assert!(sentences.iter().all(|(rule, ..)| *rule == "already_registered"));
    assert_eq!(
        sentences.map(|(_, vi, en)| [vi, en]),
        [
            [
                "Đăng ký đã hủy ngày 02/12/2026, khách không tự đăng ký lại được.",
                "The registration was cancelled on 02/12/2026; the customer cannot register again by themselves.",
            ],
            ["Khách đã đăng ký rồi, suất 1.", "This customer is already registered, seat 1."],
            ["Khách đang trong danh sách chờ, thứ 1.", "This customer is on the waitlist, no. 1."],
        ]
    );
}

#[test]
fn after_the_last_consultation_day_a_freed_seat_goes_to_nobody() {
    let door = hotline_with(1);
    let first = register(&door, morning(), CUSTOMERS[0].0);
    let second = register(&door, morning(), CUSTOMERS[1].0);
    let cancelling = |id, reason: &str| {
        Command::CancelRegistration(CancelRegistration { registration: id, reason: reason.to_owned() })
    };
    let over = at("2027-01-01T00:00");
    let receipt = run(&door, "lan", over, cancelling(first, "bận")).unwrap();
    assert_eq!(receipt, Receipt::Cancelled { seat_freed: true, promoted: None });
    let more = run(&door, "ha", over, Command::SetQuota(SetQuota { quota: 3 })).unwrap();
    assert_eq!(more, Receipt::QuotaSet { quota: 3, promoted: Vec::new() });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM registration WHERE state = 'waitlisted'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE customer = 2"), 0);
    assert_eq!(check(&door).unwrap(), []);
    run(&door, "lan", over, cancelling(second, "bận")).unwrap();
    // The control: a day earlier the seat is of use.
    let door = hotline_with(1);
    let first = register(&door, morning(), CUSTOMERS[0].0);
    let second = register(&door, morning(), CUSTOMERS[1].0);
    let receipt = run(&door, "lan", at("2026-12-31T23:59"), cancelling(first, "bận")).unwrap();
    assert_eq!(receipt, Receipt::Cancelled { seat_freed: true, promoted: Some(second) });
}

#[test]
fn one_customer_registers_once_for_ever_whatever_the_channel() {
    let door = hotline();
    let id = register(&door, morning(), CUSTOMERS[0].0);
    assert_eq!(refused(&door, "minh", morning(), inbound(CUSTOMERS[0].0)), "already_registered");
    let by_fanpage = Command::Register(form(CUSTOMERS[0].0, Channel::Fanpage));
    assert_eq!(refused(&door, "nga", morning(), by_fanpage), "already_registered");
    cancel(&door, id);
    assert_eq!(refused(&door, "lan", morning(), inbound(CUSTOMERS[0].0)), "already_registered");
}

#[test]
fn the_hotline_is_for_the_list_and_the_fanpage_for_everybody_else() {
    let door = hotline();
    let by_phone = Register { name: Some("Sen".to_owned()), ..form(UNKNOWN, Channel::Inbound9090) };
    assert_eq!(refused(&door, "lan", morning(), Command::Register(by_phone)), "not_on_sms_list");
    let receipt = run(&door, "nga", morning(), Command::Register(unlisted())).unwrap();
    assert!(matches!(receipt, Receipt::Registered { seat: 1, .. }), "{receipt:?}");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM customer WHERE list IS NULL AND name = 'Bùi Thị Sen'"), 1);
}

#[test]
fn a_listed_customer_is_sent_to_the_hotline_when_the_campaign_says_so() {
    let command = || Command::Register(form(CUSTOMERS[0].0, Channel::Fanpage));
    let strict = hotline_of(Campaign { allow_listed_on_fanpage: false, ..campaign() });
    assert_eq!(refused(&strict, "nga", morning(), command()), "on_sms_list");
    assert!(run(&hotline(), "nga", morning(), command()).is_ok());
}

#[test]
fn a_list_that_is_still_loading_makes_nobody_a_listed_customer() {
    let door = hotline();
    sql(&door, "UPDATE list SET state = 'loading'");
    assert_eq!(refused(&door, "lan", morning(), inbound(CUSTOMERS[0].0)), "not_on_sms_list");
    let unnamed = Command::Register(form(CUSTOMERS[0].0, Channel::Fanpage));
    assert_eq!(refused(&door, "nga", morning(), unnamed), "field_invalid");
    let named = Register { name: Some("Hùng".to_owned()), ..form(CUSTOMERS[0].0, Channel::Fanpage) };
    run(&door, "nga", morning(), Command::Register(named)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM customer WHERE id = 1 AND list IS NULL"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM list_change WHERE customer = 1"), 1);
}

#[test]
fn registration_is_open_from_its_first_to_its_last_instant() {
    let door = hotline();
    assert!(run(&door, "lan", at("2026-12-15T23:59"), inbound(CUSTOMERS[0].0)).is_ok());
    assert_eq!(refused(&door, "lan", at("2026-12-16T00:00"), inbound(CUSTOMERS[1].0)), "registration_closed");
}

#[test]
fn registration_needs_an_explicit_yes_to_the_first_purpose() {
    let consents = ConsentAnswers { register: false, handbook: true, survey: true, marketing: true };
    let command = Register { consents, ..form(CUSTOMERS[0].0, Channel::Inbound9090) };
    assert_eq!(refused(&hotline(), "lan", morning(), Command::Register(command)), "consent_missing");
}

#[test]
fn refusing_the_other_purposes_registers_without_a_message() {
    let door = hotline();
    let consents = ConsentAnswers { register: true, ..ConsentAnswers::default() };
    let command = Register { consents, ..form(CUSTOMERS[0].0, Channel::Inbound9090) };
    assert!(run(&door, "lan", morning(), Command::Register(command)).is_ok());
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE given = 0"), 3);
}

#[test]
fn a_child_registers_with_a_representative_and_not_without() {
    let door = hotline();
    let child = |representative| Register {
        patient: Some(Patient { name: "Bé Na".to_owned(), birth_year: 2023, representative, agrees: None }),
        ..form(CUSTOMERS[0].0, Channel::Inbound9090)
    };
    let unnamed_relation = Some(GivenRepresentative::Text("Đỗ Thị Ánh".to_owned()));
    for representative in [None, unnamed_relation] {
        let command = Command::Register(child(representative));
        assert_eq!(refused(&door, "lan", morning(), command), "representative_missing");
    }
    let mother = Some(GivenRepresentative::Text("Đỗ Thị Ánh (mẹ)".to_owned()));
    run(&door, "lan", morning(), Command::Register(child(mother))).unwrap();
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM registration WHERE relation = 'mẹ' AND patient = 'Bé Na'"),
        1
    );
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE subject = 'Đỗ Thị Ánh (mẹ)'"), 4);
}

#[test]
fn an_unusable_number_or_name_is_refused_with_its_rule() {
    let door = hotline();
    for phone in ["", "9090", "0904123401 / 0904123402", "09O4123401"] {
        assert_eq!(refused(&door, "lan", morning(), inbound(phone)), "phone_invalid", "{phone}");
    }
    let nameless = Register { name: Some("  ".to_owned()), ..unlisted() };
    assert_eq!(refused(&door, "nga", morning(), Command::Register(nameless)), "field_invalid");
    let digits = Register { name: Some("12345".to_owned()), ..unlisted() };
    assert_eq!(refused(&door, "nga", morning(), Command::Register(digits)), "field_invalid");
}

#[test]
fn a_customer_who_asked_for_no_calls_may_call_us_but_gets_no_marketing() {
    let door = hotline();
    sql(
        &door,
        "INSERT INTO opt_out (phone, voice_at, sms_at, asked_by, evidence) VALUES (84904123401, 1, 1, 'lan', 'call')",
    );
    let outbound = Command::Register(form(CUSTOMERS[0].0, Channel::Outbound9090));
    assert_eq!(refused(&door, "lan", morning(), outbound), "opted_out");
    run(&door, "lan", morning(), inbound(CUSTOMERS[0].0)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE purpose = 'marketing' AND given = 1"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE given = 1"), 3);
}

#[test]
fn a_number_that_wanted_no_messages_before_we_knew_it_gets_no_marketing() {
    let door = hotline();
    let out = OptOut { phone: UNKNOWN.to_owned(), contact: ContactKind::Sms };
    run(&door, "ha", morning(), Command::OptOut(out)).unwrap();
    run(&door, "nga", morning(), Command::Register(unlisted())).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE purpose = 'marketing' AND given = 1"), 0);
}

#[test]
fn roles_register_through_their_own_channel_only() {
    let door = hotline();
    assert_eq!(refused(&door, "nga", morning(), inbound(CUSTOMERS[0].0)), "forbidden");
    assert_eq!(refused(&door, "lan", morning(), Command::Register(unlisted())), "forbidden");
    for staff in ["thu", "bs_mai", "quan", "kiem"] {
        assert_eq!(refused(&door, staff, morning(), inbound(CUSTOMERS[0].0)), "forbidden", "{staff}");
    }
}

#[test]
fn a_registration_from_a_call_closes_it_as_agreed_and_counts_it() {
    let door = hotline();
    sql(
        &door,
        "UPDATE matter SET state = 'leased', lease_staff = 'lan', leased_at = 1796176500000,
                lease_until = 1796177100000 WHERE id = 5",
    );
    let command = Register {
        matter: Some(MatterId(5)),
        talk_seconds: Some(90),
        recording_announced: Some(true),
        note: Some(" hẹn buổi chiều ".to_owned()),
        ..form(CUSTOMERS[0].0, Channel::Outbound9090)
    };
    let now = Timestamp(1_796_176_600_000);
    assert_eq!(refused(&door, "minh", now, Command::Register(command.clone())), "not_your_lease");
    let late = Timestamp(1_796_177_100_000);
    let before = state(&door);
    run(&door, "lan", now, Command::Register(command.clone())).unwrap();
    assert_ne!(before, state(&door));
    assert_eq!(
        number(
            &door,
            "SELECT COUNT(*) FROM call WHERE disposition = 'agreed' AND talk_seconds = 90 AND recording = 1
                AND note = 'hẹn buổi chiều'"
        ),
        1
    );
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM matter WHERE id = 5 AND state = 'closed' AND reason = 'agreed'"),
        1
    );
    assert_eq!(counted(&door, "offer.reached"), 1);

    let other = hotline();
    sql(
        &other,
        "UPDATE matter SET state = 'leased', lease_staff = 'lan', leased_at = 1796176500000,
                lease_until = 1796177100000 WHERE id = 5",
    );
    // The lease ran out while they talked: nothing is lost.
    run(&other, "lan", late, Command::Register(command)).unwrap();
    let agreed = "SELECT COUNT(*) FROM call WHERE disposition = 'agreed' AND recorded_late_at IS NOT NULL";
    assert_eq!(number(&other, agreed), 1);
    assert_eq!(
        number(&other, "SELECT COUNT(*) FROM matter WHERE id = 5 AND state = 'closed' AND reason = 'agreed'"),
        1
    );
}

#[test]
fn a_registration_from_a_lead_ends_the_lead() {
    let door = hotline();
    let lead =
        AddLead { name: "Sen".to_owned(), comment: "post-1/77".to_owned(), conversation: None, phone: None };
    run(&door, "nga", morning(), Command::AddLead(lead)).unwrap();
    let command = || Command::Register(Register { lead: Some(LeadId(1)), ..unlisted() });
    run(&door, "nga", morning(), command()).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM lead WHERE state = 'registered' AND registration = 1"), 1);
    let again = Register { lead: Some(LeadId(1)), ..form(CUSTOMERS[0].0, Channel::Fanpage) };
    assert_eq!(refused(&door, "nga", morning(), Command::Register(again)), "conflict");
    let unknown = Register { lead: Some(LeadId(9)), ..form(CUSTOMERS[0].0, Channel::Fanpage) };
    assert_eq!(refused(&door, "nga", morning(), Command::Register(unknown)), "no_such_row");
}

#[test]
fn a_cancelled_or_unknown_registration_cannot_be_cancelled() {
    let door = hotline();
    let id = register(&door, morning(), CUSTOMERS[0].0);
    cancel(&door, id);
    let again = |id, reason: &str| {
        Command::CancelRegistration(CancelRegistration { registration: id, reason: reason.to_owned() })
    };
    assert_eq!(refused(&door, "ha", morning(), again(id, "bận")), "conflict");
    assert_eq!(refused(&door, "ha", morning(), again(RegistrationId(9), "bận")), "no_such_row");
    let other = register(&door, morning(), CUSTOMERS[1].0);
    assert_eq!(refused(&door, "ha", morning(), again(other, " ")), "field_invalid");
}

#[test]
fn raising_the_quota_seats_the_waitlist_in_order() {
    let door = hotline_with(1);
    register(&door, morning(), CUSTOMERS[0].0);
    let second = register(&door, morning(), CUSTOMERS[1].0);
    let third = register(&door, morning(), CUSTOMERS[2].0);
    let fourth = register(&door, morning(), CUSTOMERS[3].0);
    let receipt = run(&door, "ha", morning(), Command::SetQuota(SetQuota { quota: 3 })).unwrap();
    assert_eq!(receipt, Receipt::QuotaSet { quota: 3, promoted: vec![second, third] });
    assert_eq!(
        number(
            &door,
            "SELECT COUNT(*) FROM campaign WHERE taken = 3 AND waitlisted = 1 AND closed_by = 'quota'"
        ),
        1
    );
    let receipt = run(&door, "ha", morning(), Command::SetQuota(SetQuota { quota: 10 })).unwrap();
    assert_eq!(receipt, Receipt::QuotaSet { quota: 10, promoted: vec![fourth] });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM campaign WHERE closed_by IS NULL"), 1);
}

#[test]
fn the_quota_cannot_go_below_what_is_taken() {
    let door = hotline();
    register(&door, morning(), CUSTOMERS[0].0);
    register(&door, morning(), CUSTOMERS[1].0);
    let set = |quota| Command::SetQuota(SetQuota { quota });
    assert_eq!(refused(&door, "ha", morning(), set(1)), "quota_below_taken");
    assert_eq!(refused(&door, "ha", morning(), set(-5)), "field_invalid");
    assert_eq!(refused(&door, "ha", morning(), set(i64::MAX)), "field_invalid");
    assert_eq!(refused(&door, "lan", morning(), set(600)), "forbidden");
    assert!(run(&door, "ha", morning(), set(2)).is_ok());
}

#[test]
fn a_withdrawn_consent_takes_with_it_what_rests_on_it() {
    let door = hotline();
    let id = register(&door, morning(), CUSTOMERS[0].0);
    let withdraw = |purpose| Command::WithdrawConsent(WithdrawConsent { registration: id, purpose });
    run(&door, "lan", morning(), withdraw(ConsentPurpose::Handbook)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms"), 0);
    assert_eq!(refused(&door, "lan", morning(), withdraw(ConsentPurpose::Handbook)), "conflict");
    run(&door, "lan", morning(), withdraw(ConsentPurpose::Survey)).unwrap();
    run(&door, "lan", morning(), withdraw(ConsentPurpose::Register)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM registration WHERE state = 'cancelled'"), 1);
    assert_eq!(number(&door, "SELECT taken FROM campaign"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent"), 4, "rows are kept");
}

#[test]
fn a_consent_that_was_never_given_is_not_called_withdrawn() {
    let door = hotline();
    let consents = ConsentAnswers { register: true, handbook: true, ..ConsentAnswers::default() };
    let command = Register { consents, ..form(CUSTOMERS[0].0, Channel::Inbound9090) };
    run(&door, "lan", morning(), Command::Register(command)).unwrap();
    let withdraw = |purpose| {
        let command = Command::WithdrawConsent(WithdrawConsent { registration: RegistrationId(1), purpose });
        run(&door, "lan", morning(), command).map_err(|error| error.message(Lang::Vi))
    };
    assert_eq!(withdraw(ConsentPurpose::Marketing), Err("Khách chưa từng đồng ý mục này.".to_owned()));
    assert!(withdraw(ConsentPurpose::Handbook).is_ok());
    assert!(withdraw(ConsentPurpose::Handbook).unwrap_err().contains("đã rút"));
}

#[test]
fn the_last_seat_goes_to_exactly_one_of_many() {
    let door = hotline_with(1);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let racers: Vec<_> = CUSTOMERS
            .iter()
            .map(|(phone, _)| {
                let door = door.clone();
                let command = Register { waitlist: false, ..form(phone, Channel::Inbound9090) };
                scope.spawn(move || run(&door, "lan", morning(), Command::Register(command)))
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let refusals = outcomes.into_iter().filter(Result::is_err);
    assert!(refusals.map(rule).all(|rule| rule == "quota_full"));
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn a_script_may_record_the_agreed_call_before_or_after_the_registration() {
    let register_first = hotline();
    let matter = claim(&register_first, "lan", morning());
    let outbound = || Command::Register(form(CUSTOMERS[0].0, Channel::Outbound9090));
    run(&register_first, "lan", morning(), outbound()).unwrap();
    run(&register_first, "lan", morning(), ended(matter, Disposition::Agreed)).unwrap();

    let call_first = hotline();
    let matter = claim(&call_first, "lan", morning());
    run(&call_first, "lan", morning(), ended(matter, Disposition::Agreed)).unwrap();
    run(&call_first, "lan", morning(), outbound()).unwrap();

    for door in [register_first, call_first] {
        assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE id = 5 AND state = 'closed'"), 1);
        assert_eq!(number(&door, "SELECT COUNT(*) FROM call"), 1);
        assert_eq!(check(&door).unwrap(), []);
    }
}

#[test]
fn a_customer_who_calls_in_is_taken_off_the_agent_who_was_about_to_call_them() {
    let door = hotline();
    let matter = claim(&door, "minh", morning());
    register(&door, morning(), CUSTOMERS[0].0);
    assert_eq!(refused(&door, "minh", morning(), ended(matter, Disposition::NoAnswer)), "not_your_lease");
    assert_eq!(check(&door).unwrap(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_seats_and_waitlist_stay_exact(
        quota in 1_i64..4,
        steps in proptest::collection::vec((0_usize..4, 0_usize..8), 1..40),
    ) {
        let door = hotline_with(quota);
        for (act, who) in steps {
            let registration = RegistrationId(who as i64 + 1);
            let command = match act {
                0 | 1 => inbound(CUSTOMERS[who].0),
                2 => Command::CancelRegistration(CancelRegistration { registration, reason: "bận".to_owned() }),
                _ => Command::SetQuota(SetQuota { quota: who as i64 }),
            };
            let staff = if act == 3 { "ha" } else { "lan" };
            let outcome = run(&door, staff, morning(), command);
            prop_assert!(!matches!(outcome, Err(Error::Store(_))), "{outcome:?}");
            prop_assert_eq!(check(&door).unwrap(), []);
        }
    }
}
