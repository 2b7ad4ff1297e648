//! Every rule has its message and its hint in both languages, with every place filled.

use super::*;
use chrono::NaiveDate;

/// One refusal of every rule, in the order of the enum.
fn one_of_each() -> Vec<Refusal> {
    let at = Timestamp::parse("2026-12-02T09:00:00+07:00").unwrap();
    let phone = crate::domain::phone::PhoneNumber::parse("115").unwrap_err();
    vec![
        Refusal::QuotaFull { quota: 500 },
        Refusal::RegistrationClosed { opens: at, closes: at },
        Refusal::NotOnSmsList,
        Refusal::SmsNotReceived { sent_at: Some(at) },
        Refusal::FacilityMissing,
        Refusal::CallbackOutsideWindow { from: at, until: at },
        Refusal::OnSmsList,
        Refusal::AlreadyRegistered { held: Held::Seat(214) },
        Refusal::AlreadyRegistered { held: Held::Position(3) },
        Refusal::AlreadyRegistered { held: Held::Nothing(at) },
        Refusal::NotEligible,
        Refusal::PhoneInvalid(phone),
        Refusal::ConsentMissing,
        Refusal::RepresentativeMissing,
        Refusal::OptedOut { at },
        Refusal::DoNotCall,
        Refusal::DoNotCallListStale { as_of: NaiveDate::from_ymd_opt(2026, 11, 1), max_age_days: 7 },
        Refusal::OptInMissing,
        Refusal::OutsideCallingHours { opens_minute: 480, closes_minute: 1020, next_at: at },
        Refusal::CalledWithin24h { next_at: at },
        Refusal::SmsWithin24h { next_at: at },
        Refusal::AttemptsUsedUp { max: 3 },
        Refusal::NotYetDue { next_at: at },
        Refusal::MatterClosed,
        Refusal::NotYourLease {
            holder: Some(Holder { staff: StaffId("lan".to_owned()), name: Some("Lan".to_owned()) }),
        },
        Refusal::LeaseExpired { at },
        Refusal::CallOpen,
        Refusal::RegisteredByYou,
        Refusal::Forbidden { act: Permission::Book },
        Refusal::NoSuchRow { what: "case", id: "12".to_owned() },
        Refusal::Conflict { what: "matter", state: "held".to_owned() },
        Refusal::DoctorBusy { at },
        Refusal::OutsideShift,
        Refusal::WrongDepartment { department: Department::Nhi },
        Refusal::DegreeTooLow { titles: "BS".to_owned() },
        Refusal::TooLong { max_minutes: 30 },
        Refusal::OffGrid { granule_minutes: 5 },
        Refusal::InThePast,
        Refusal::OutsideConsultationWindow { opens: at, closes: at },
        Refusal::OutsideHandbookWindow { closes: at },
        Refusal::CaseNotReady { state: "new".to_owned() },
        Refusal::AcuteProblem,
        Refusal::ScreeningMissing { version: 2 },
        Refusal::NotOpened { what: "case" },
        Refusal::AnswerOutOfRange { question: "q5".to_owned(), low: 1, high: 5 },
        Refusal::ClockNotAllowed { latest: Some(at) },
        Refusal::NoteMissing(Disposition::Language),
        Refusal::CallbackTimeMissing,
        Refusal::UndoTooLate { within_seconds: 120 },
        Refusal::DoneByAnother,
        Refusal::QuotaBelowTaken { taken: 312 },
        Refusal::NothingToHandOver { returned: 2 },
        Refusal::NotYourTask { owner: StaffId("lan".to_owned()) },
        Refusal::TaskNotDone { kind: "handover_returned" },
        Refusal::CampaignInvalid {
            problems: vec![Bilingual { vi: "quota: trống".to_owned(), en: "quota: empty".to_owned() }],
        },
        Refusal::CampaignUnchanged { version: 2 },
        Refusal::WindowShortened { registrations: 1, promises: 2, appointments: 3, links: 4 },
        Refusal::OperationReused,
        Refusal::FieldInvalid { field: "birth_year", reason: "out_of_range" },
    ]
}

/// The rule codes as the source lists them, so that a new rule without an example here fails.
fn rules_in_source() -> Vec<String> {
    let source = include_str!("../refusal.rs");
    let table =
        source.split("pub const fn rule(").nth(1).and_then(|rest| rest.split("pub fn message").next());
    let codes = table.into_iter().flat_map(|table| table.split("=> \"").skip(1));
    codes.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn every_rule_has_an_example_here() {
    let mut examples: Vec<String> = one_of_each().iter().map(|refusal| refusal.rule().to_owned()).collect();
    examples.dedup();
    assert_eq!(examples, rules_in_source());
}

#[test]
fn every_rule_speaks_both_languages_with_every_place_filled() {
    for refusal in one_of_each() {
        for lang in [Lang::Vi, Lang::En] {
            for sentence in [refusal.message(lang), refusal.hint(lang)] {
                assert!(sentence.ends_with('.'), "{}: {sentence}", refusal.rule());
                for left_over in [
                    "%{",
                    "refusal.",
                    "word.case",
                    "word.matter",
                    "state.held",
                    "state.new",
                    "field.birth",
                    "act.book",
                    "department.nhi",
                ] {
                    assert!(!sentence.contains(left_over), "{}: {sentence}", refusal.rule());
                }
            }
        }
        assert_ne!(refusal.message(Lang::Vi), refusal.message(Lang::En));
        assert_ne!(refusal.message(Lang::Vi), refusal.hint(Lang::Vi));
    }
}

#[test]
fn facts_stand_in_the_sentence() {
    let refusal = Refusal::OutsideCallingHours {
        opens_minute: 480,
        closes_minute: 1020,
        next_at: Timestamp::parse("2026-12-03T08:00:00+07:00").unwrap(),
    };
    assert_eq!(refusal.message(Lang::Vi), "Chỉ được liên hệ từ 08:00 đến trước 17:00.");
    assert_eq!(refusal.hint(Lang::Vi), "Được liên hệ lại từ 03/12/2026 08:00.");
}

#[test]
fn a_holder_stands_by_name_and_never_as_a_dash_or_a_login() {
    let held = |holder| Refusal::NotYourLease { holder };
    let lan = Holder::from(StaffId("lan.nt".to_owned()));
    let named = Holder { name: Some("Nguyễn Thị Lan".to_owned()), ..lan.clone() };
    let sentence = held(Some(named)).message(Lang::Vi);
    assert_eq!(sentence, "Nguyễn Thị Lan đang giữ hoặc đã hẹn khách này.");
    for lang in [Lang::Vi, Lang::En] {
        for holder in [Some(lan.clone()), None] {
            let sentence = held(holder).message(lang);
            assert!(!sentence.contains(['–', '(', '%']) && !sentence.contains("lan.nt"), "{sentence}");
            assert!(!sentence.starts_with("refusal."), "{sentence}");
        }
    }
}

#[test]
fn an_absent_fact_has_a_sentence_of_its_own() {
    let never = Refusal::Conflict { what: "consent", state: NEVER_AGREED.to_owned() };
    assert_eq!(never.message(Lang::Vi), "Khách chưa từng đồng ý mục này.");
    let withdrawn = Refusal::Conflict { what: "consent", state: "withdrawn".to_owned() };
    assert_eq!(withdrawn.message(Lang::Vi), "Không làm được: sự đồng ý đang ở trạng thái “đã rút”.");
    let stale = Refusal::DoNotCallListStale { as_of: None, max_age_days: 7 };
    assert_eq!(stale.message(Lang::Vi), "Chưa nạp danh sách không quảng cáo.");
    let real = Refusal::ClockNotAllowed { latest: None };
    for refusal in [never, stale, real] {
        for lang in [Lang::Vi, Lang::En] {
            let sentence = refusal.message(lang);
            assert!(sentence.ends_with('.') && !sentence.contains(['–', '%']), "{sentence}");
            assert!(!sentence.starts_with("refusal."), "{sentence}");
        }
    }
}
