//! Finding customers, and their verdict.

use crate::usecase::fixture::{CUSTOMERS, LOADING, UNKNOWN, ask, at, hotline, listed, rule, sql};
use crate::usecase::intake::fixture as vinmec;
use crate::usecase::model::case::CaseHit;
use crate::usecase::model::customer::{CustomerModel, Matched, SearchHit, Verdict};
use crate::usecase::{Door, Query, Snapshot};
use rstest::rstest;

/// Hits, whether there are more, and the rule of a number that is none.
fn page(door: &Door, typed: &str, limit: u32) -> (Vec<SearchHit>, bool, Option<String>) {
    let query = Query::Search { text: typed.to_owned(), limit };
    match ask(door, "lan", at("2026-12-02T09:00"), query).unwrap() {
        Snapshot::Search { text, hits, more, no_number } => {
            assert_eq!(text, typed);
            (hits, more, no_number.map(|why| why.message))
        }
        other => panic!("{other:?}"),
    }
}

fn found(door: &Door, typed: &str) -> Vec<SearchHit> {
    page(door, typed, 20).0
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
    assert_eq!(names(&door, "hoà"), ["Lê Hoà", "Trần Thị Hoa", "Hoàng Đức Hưng"]);
}

/// People whose names are found in unusual ways.
const UNUSUAL: [(&str, &str); 9] = [
    ("0904123501", "Đỗ Đình Đức"),
    ("0904123502", "Y Blôk Êban"),
    ("0904123503", "H'Bia Êban"),
    ("0904123504", "María José García"),
    ("0904123505", "Lê Thị Hà"),
    ("0904123506", "Bùi Thanh Hải"),
    ("0904123507", "Hà Quốc Bảo"),
    ("0904123508", "Trịnh Hòa"),
    ("0904123509", "Đặng Trần Hạ"),
];

fn unusual() -> Door {
    let door = hotline();
    for (phone, name) in UNUSUAL {
        listed(&door, phone, name);
    }
    door
}

#[rstest]
#[case("văn hùng nguyễn", "Nguyễn Văn Hùng")]
#[case("hùng văn nguyễn", "Nguyễn Văn Hùng")]
#[case("van nguyen", "Nguyễn Văn Hùng")]
#[case("hu van ngu", "Nguyễn Văn Hùng")]
#[case("dinh duc do", "Đỗ Đình Đức")]
#[case("đức đỗ", "Đỗ Đình Đức")]
#[case("blok", "Y Blôk Êban")]
#[case("blôk y", "Y Blôk Êban")]
#[case("josé", "María José García")]
#[case("jose gar", "María José García")]
#[case("h'bia", "H'Bia Êban")]
#[case("h’bia", "H'Bia Êban")]
#[case("hʼbia", "H'Bia Êban")]
#[case("hbia", "H'Bia Êban")]
#[case("êban h‘b", "H'Bia Êban")]
fn words_are_found_in_any_order_wherever_they_stand(#[case] typed: &str, #[case] name: &str) {
    assert_eq!(names(&unusual(), typed), [name]);
}

#[test]
fn exact_spelling_comes_before_exact_letters_and_these_before_beginnings() {
    let door = unusual();
    // The given name before the surname, then the Vietnamese order of people.
    let ha = ["Lê Thị Hà", "Đặng Trần Hạ", "Hà Quốc Bảo"];
    assert_eq!(names(&door, "ha")[..3], ha);
    assert!(names(&door, "ha").contains(&"Bùi Thanh Hải".to_owned()));
    assert_eq!(names(&door, "hà")[..3], ["Lê Thị Hà", "Hà Quốc Bảo", "Đặng Trần Hạ"]);
    for typed in ["hòa", "hoà"] {
        assert_eq!(names(&door, typed)[..3], ["Lê Hoà", "Trịnh Hòa", "Trần Thị Hoa"], "{typed}");
    }
}

#[test]
fn a_list_that_is_cut_says_so() {
    let door = unusual();
    let (hits, more, _) = page(&door, "h", 3);
    assert_eq!((hits.len(), more), (3, true));
    let (hits, more, _) = page(&door, "0904123", 5);
    assert_eq!((hits.len(), more), (5, true));
    for typed in ["ha", "nguyen", "văn hùng nguyễn", "0904123", "zzz", "blok"] {
        assert!(!page(&door, typed, 50).1, "{typed}");
    }
}

#[test]
fn a_seat_and_a_registration_are_two_numbers() {
    let door = unusual();
    sql(
        &door,
        "INSERT INTO registration (id, customer, state, seat, channel, at, by_staff) VALUES
           (412, 1, 'registered', 7, 'inbound_9090', 1796176800000, 'minh'),
           (7, 2, 'registered', 412, 'inbound_9090', 1796176800000, 'minh')",
    );
    let by = |typed: &str| -> Vec<(Matched, i64, Option<i64>)> {
        found(&door, typed).into_iter().map(|hit| (hit.matched, hit.customer.0, hit.seat)).collect()
    };
    assert_eq!(by("7"), [(Matched::Seat, 1, Some(7)), (Matched::Registration, 2, Some(412))]);
    assert_eq!(by("412"), [(Matched::Seat, 2, Some(412)), (Matched::Registration, 1, Some(7))]);
    for (typed, only) in [
        ("suất 7", (Matched::Seat, 1, Some(7))),
        ("suat 412", (Matched::Seat, 2, Some(412))),
        ("đăng ký 7", (Matched::Registration, 2, Some(412))),
        ("dk 412", (Matched::Registration, 1, Some(7))),
        ("#7", (Matched::Registration, 2, Some(412))),
    ] {
        assert_eq!(by(typed), [only], "{typed}");
    }
    assert_eq!(found(&door, "7")[1].registration_number.map(|id| id.0), Some(7));
    assert_eq!(by("suất 8"), []);
    // The tail of a number is still found, marked as what it is.
    assert_eq!(by("502"), [(Matched::Phone, 11, None)]);
}

#[test]
fn a_number_that_is_none_is_told_why() {
    let door = unusual();
    for (typed, why) in [
        ("O904123401", "chữ O thay cho số 0"),
        ("0904123401 0904123402", "nhiều số điện thoại"),
        ("0225 3821 234", "số cố định"),
        ("+1 415 555 2671", "số nước ngoài"),
        ("1900 1234", "1800/1900"),
        ("9090", "số ngắn"),
        ("0999 88", "thiếu chữ số"),
    ] {
        let (hits, _, message) = page(&door, typed, 20);
        assert!(hits.is_empty(), "{typed}");
        assert!(message.is_some_and(|message| message.contains(why)), "{typed}");
    }
    for typed in ["0904 12", "406", "hùng", "zzz", ""] {
        assert_eq!(page(&door, typed, 20).2, None, "{typed}");
    }
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

/// Cases that a person finds, and whether there are more.
fn cases_of(door: &Door, who: &str, typed: &str) -> (Vec<CaseHit>, bool) {
    let query = Query::FindCases { text: typed.to_owned(), limit: 5 };
    match ask(door, who, at("2026-12-01T12:00"), query).unwrap() {
        Snapshot::FoundCases { text, cases, more, .. } => {
            assert_eq!(text, typed);
            (cases, more)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn vinmec_finds_its_cases_by_name_number_and_seat() {
    let door = vinmec::cases(7);
    // Seats are given in order; a registration's number need not be its seat.
    sql(&door, "UPDATE registration SET seat = 100 + id");
    sql(&door, "UPDATE registration SET patient = 'Vũ Bảo An', birth_year = 2020 WHERE id = 6");
    let names = |typed: &str| -> Vec<String> {
        cases_of(&door, "thu", typed).0.into_iter().map(|hit| hit.name).collect()
    };
    for (typed, name) in [
        ("văn hùng nguyễn", "Nguyễn Văn Hùng"),
        ("anh do", "Đỗ Thị Ánh"),
        ("bao an", "Vũ Bảo An"),
        ("minh", "Vũ Bảo An"),
        ("403", "Lê Hoà"),
        ("0904 123 403", "Lê Hoà"),
        ("104", "Phạm Thuý Nga"),
        ("suất 104", "Phạm Thuý Nga"),
        ("#4", "Phạm Thuý Nga"),
        ("4", "Phạm Thuý Nga"),
    ] {
        assert_eq!(names(typed), [name], "{typed}");
    }
    assert_eq!(names("hoà"), ["Lê Hoà", "Trần Thị Hoa", "Hoàng Đức Hưng"]);
    sql(&door, "UPDATE registration SET patient = 'Nga Thị Ánh', birth_year = 2000 WHERE id = 5");
    assert_eq!(names("nga"), ["Phạm Thuý Nga", "Nga Thị Ánh"], "the given name before the surname");
    sql(&door, "UPDATE registration SET patient = NULL, birth_year = NULL WHERE id = 5");
    assert_eq!(names("Bùi Thu Trang"), Vec::<String>::new(), "who was not handed over has no case");
    let (hits, more) = cases_of(&door, "quan", "0904");
    assert_eq!((hits.len(), more), (5, true));
    let hit = &cases_of(&door, "thu", "minh").0[0];
    assert_eq!((hit.phone_masked.as_str(), hit.seat), ("0904 *** 406", Some(106)));
    assert_eq!((hit.customer.as_deref(), hit.matched), (Some("Vũ Minh"), Matched::Name));
    assert_eq!(cases_of(&door, "thu", "106").0[0].matched, Matched::Seat);
    assert_eq!(cases_of(&door, "thu", "#6").0[0].matched, Matched::Registration);
}

#[test]
fn a_doctor_finds_only_cases_with_an_appointment_and_mobifone_none() {
    let door = vinmec::cases(3);
    vinmec::booked(&door, 2, "2026-12-02T09:00");
    let found = |who: &str, typed: &str| -> Vec<i64> {
        cases_of(&door, who, typed).0.into_iter().map(|hit| hit.case.0).collect()
    };
    assert_eq!(found("thu", "0904123").len(), 3, "the control");
    assert_eq!(found("bs_mai", "0904123"), [2]);
    assert_eq!(found("bs_mai", "hung"), Vec::<i64>::new());
    assert_eq!(found("bs_binh", "0904123"), Vec::<i64>::new());
    assert_eq!(cases_of(&door, "bs_mai", "hoa").0[0].starts_at, Some(at("2026-12-02T09:00")));
    for who in ["lan", "ha", "kiem"] {
        let query = Query::FindCases { text: "hoa".to_owned(), limit: 5 };
        assert_eq!(rule(ask(&door, who, at("2026-12-01T12:00"), query)), "forbidden", "{who}");
    }
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
