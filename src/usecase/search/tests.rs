//! Finding customers, and their verdict.

use crate::usecase::fixture::{CUSTOMERS, LOADING, UNKNOWN, ask, at, hotline, rule, sql};
use crate::usecase::model::customer::Verdict;
use crate::usecase::model::customer::{CustomerModel, SearchHit};
use crate::usecase::{Door, Query, Snapshot};
use rstest::rstest;

fn found(door: &Door, typed: &str) -> Vec<SearchHit> {
    let query = Query::Search { text: typed.to_owned(), limit: 20 };
    match ask(door, "lan", at("2026-12-02T09:00"), query).unwrap() {
        Snapshot::Search { text, hits } => {
            assert_eq!(text, typed);
            hits
        }
        other => panic!("{other:?}"),
    }
}

fn names(door: &Door, typed: &str) -> Vec<String> {
    found(door, typed).into_iter().map(|hit| hit.name).collect()
}

fn customer(door: &Door, phone: &str) -> CustomerModel {
    match ask(door, "lan", at("2026-12-02T09:00"), Query::Customer { phone: phone.to_owned() }).unwrap() {
        Snapshot::Customer(model) => *model,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case("nguyễn văn hùng", "Nguyễn Văn Hùng")]
#[case("nguyen van hung", "Nguyễn Văn Hùng")]
#[case("nguyen hu", "Nguyễn Văn Hùng")]
#[case("hung nguyen", "Nguyễn Văn Hùng")]
#[case("văn hùng", "Nguyễn Văn Hùng")]
#[case("nguyen v", "Nguyễn Văn Hùng")]
#[case("tran thi", "Trần Thị Hoa")]
#[case("le hòa", "Lê Hoà")]
#[case("PHẠM THÚY NGA", "Phạm Thuý Nga")]
#[case("  anh   do ", "Đỗ Thị Ánh")]
#[case("0904 123 406", "Vũ Minh")]
#[case("+84904123406", "Vũ Minh")]
#[case("904123406", "Vũ Minh")]
#[case("406", "Vũ Minh")]
#[case("23406", "Vũ Minh")]
fn a_customer_is_found_by_any_piece_that_people_type(#[case] typed: &str, #[case] name: &str) {
    assert_eq!(names(&hotline(), typed), [name]);
}

#[test]
fn the_head_of_a_number_finds_all_that_begin_so_and_nothing_finds_nobody() {
    let door = hotline();
    assert_eq!(names(&door, "0904 123").len(), CUSTOMERS.len());
    for typed in ["", "   ", "?", "zzz", "0999", "hung hung", "tran hung"] {
        assert_eq!(names(&door, typed), Vec::<String>::new(), "{typed:?}");
    }
}

#[test]
fn hits_with_the_typed_accents_come_first() {
    let door = hotline();
    assert_eq!(names(&door, "hưng"), ["Hoàng Đức Hưng", "Nguyễn Văn Hùng"]);
    assert_eq!(names(&door, "hùng"), ["Nguyễn Văn Hùng", "Hoàng Đức Hưng"]);
    assert_eq!(names(&door, "hoà"), ["Lê Hoà", "Hoàng Đức Hưng", "Trần Thị Hoa"]);
}

#[test]
fn a_hit_shows_a_masked_number_and_the_list() {
    let hit = &found(&hotline(), "vu minh")[0];
    assert_eq!(hit.phone_masked, "0904 *** 406");
    assert!(hit.on_list);
    assert_eq!((hit.seat, hit.registration), (None, None));
}

#[test]
fn customers_of_a_loading_list_are_found_when_it_becomes_active() {
    let door = hotline();
    for typed in [LOADING.0, LOADING.1, "409", "ngo lua"] {
        assert_eq!(names(&door, typed), Vec::<String>::new(), "{typed}");
    }
    assert_eq!(customer(&door, LOADING.0).customer, None);
    sql(&door, "UPDATE list SET state = 'active' WHERE id = 2");
    for typed in [LOADING.0, LOADING.1, "409", "ngo lua"] {
        assert_eq!(names(&door, typed), [LOADING.1], "{typed}");
    }
    assert!(customer(&door, LOADING.0).eligibility.by_phone);
}

#[test]
fn who_is_on_the_list_may_use_9090_and_everybody_else_the_fanpage() {
    let door = hotline();
    let listed = customer(&door, "0904.123.401");
    assert_eq!(listed.name, "Nguyễn Văn Hùng");
    assert_eq!(listed.phone, "+84904123401");
    assert_eq!(listed.eligibility.verdict, Verdict::OnList);
    assert!(listed.eligibility.by_phone && listed.eligibility.by_fanpage);
    assert_eq!(listed.eligibility.sms_sent_at, Some(at("2026-11-12T09:15")));
    assert_eq!(listed.matters.len(), 1);
    let unknown = customer(&door, UNKNOWN);
    assert_eq!(unknown.eligibility.verdict, Verdict::FanpageOnly);
    assert!(!unknown.eligibility.by_phone && unknown.eligibility.by_fanpage);
    assert_eq!(unknown.eligibility.reasons[0].rule, "not_on_sms_list");
    assert_eq!(unknown.customer, None);
}

#[test]
fn a_verdict_names_the_closed_window_the_register_and_the_opt_out() {
    let door = hotline();
    sql(&door, "INSERT INTO do_not_call (phone, voice, sms) VALUES (84904123401, 1, 0)");
    sql(
        &door,
        "INSERT INTO opt_out (phone, sms_at, asked_by, evidence) VALUES (84904123401, 1796176800000, 'lan', 'letter')",
    );
    let query = Query::Customer { phone: CUSTOMERS[0].0.to_owned() };
    let Snapshot::Customer(model) = ask(&door, "lan", at("2026-12-16T09:00"), query).unwrap() else {
        panic!("not a customer")
    };
    let rules: Vec<&str> = model.eligibility.reasons.iter().map(|reason| reason.rule.as_str()).collect();
    assert_eq!(rules, ["registration_closed", "opted_out", "do_not_call"]);
    assert_eq!(model.eligibility.verdict, Verdict::Closed);
    assert!(!model.eligibility.by_phone);
    let opted_out = model.opted_out.clone().unwrap();
    assert_eq!((opted_out.voice, opted_out.sms, opted_out.at), (false, true, at("2026-12-02T09:00")));
}

#[test]
fn a_registration_is_shown_with_its_seat_and_consents() {
    let door = hotline();
    sql(
        &door,
        "INSERT INTO registration (id, customer, state, seat, channel, at, by_staff) VALUES
           (7, 6, 'registered', 214, 'inbound_9090', 1796176800000, 'minh')",
    );
    sql(
        &door,
        "INSERT INTO consent (registration, purpose, given, subject, notice_version, channel, evidence, by_staff, at)
         VALUES (7, 'register', 1, 'customer', '1', 'inbound_9090', 'x', 'minh', 1796176800000),
                (7, 'survey', 0, 'customer', '1', 'inbound_9090', 'x', 'minh', 1796176800000)",
    );
    let model = customer(&door, CUSTOMERS[5].0);
    let registration = model.registration.unwrap();
    assert_eq!((registration.seat, registration.by.as_str()), (Some(214), "minh"));
    assert_eq!(registration.consents, [("register".to_owned(), true), ("survey".to_owned(), false)]);
    assert_eq!(model.eligibility.verdict, Verdict::Registered);
    assert_eq!(model.eligibility.reasons[0].rule, "already_registered");
    assert_eq!(found(&door, "vu minh")[0].seat, Some(214));
}

#[test]
fn a_number_that_is_none_is_refused_and_vinmec_sees_no_list() {
    let door = hotline();
    let now = at("2026-12-02T09:00");
    assert_eq!(rule(ask(&door, "lan", now, Query::Customer { phone: "115".to_owned() })), "phone_invalid");
    for who in ["thu", "quan", "bs_mai", "kiem"] {
        let query = Query::Search { text: "hung".to_owned(), limit: 5 };
        assert_eq!(rule(ask(&door, who, now, query)), "forbidden", "{who}");
    }
}
