//! Names as they come: usual, one-word, highland and foreign ones.

use super::*;
use crate::domain::lang::Lang;
use proptest::prelude::*;

fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

#[test]
fn a_name_is_clean_and_knows_its_given_name() {
    let hung = name("  Nguye\u{302}\u{303}n  Văn\tHùng ");
    assert_eq!(hung.as_str(), "Nguyễn Văn Hùng");
    assert_eq!(hung.given(), "Hùng");
    assert_eq!(hung.search_key(), "hung nguyen van");
    assert_eq!(name("Madonna").search_key(), "madonna");
    assert_eq!(name("H’Hen Niê").search_key(), "nie h'hen");
    assert_eq!(name("John F. Smith").given(), "Smith");
    assert_eq!(name("李小龙").as_str(), "李小龙");
}

#[test]
fn a_text_without_a_letter_or_too_long_is_no_name() {
    for (text, error) in [
        ("", NameError::Empty),
        (" \u{200b}\t", NameError::Empty),
        ("123", NameError::NoLetter),
        ("...", NameError::NoLetter),
        (&"a".repeat(101), NameError::TooLong),
        (&format!("{} b", "ế".repeat(100)), NameError::TooLong),
        (&"a b ".repeat(100_000), NameError::TooLong),
    ] {
        assert_eq!(PersonName::parse(text), Err(error));
    }
    assert_eq!(name(&"ế".repeat(100)).as_str().chars().count(), 100);
}

#[test]
fn debug_does_not_show_a_name_and_json_checks_it() {
    let hung = name("Nguyễn Văn Hùng");
    assert!(!format!("{hung:?}").contains("Hùng"));
    let json = serde_json::to_string(&hung).unwrap();
    assert_eq!(json, "\"Nguyễn Văn Hùng\"");
    assert_eq!(serde_json::from_str::<PersonName>(&json).unwrap(), hung);
    assert!(serde_json::from_str::<PersonName>("\"  \"").is_err());
}

#[test]
fn tone_placement_does_not_part_the_accent_key() {
    assert_eq!(name("Lê Hoà").accent_key(), name("LÊ HÒA").accent_key());
    assert_eq!(name("Trần Thuý").accent_key(), name("Trần Thúy").accent_key());
    assert_ne!(name("Lê Hoa").accent_key(), name("Lê Hòa").accent_key());
}

#[test]
fn people_sort_by_given_then_middle_then_surname_in_vietnamese_order() {
    let sorted = [
        "An",
        "Trần An",
        "Nguyễn Thị An",
        "Bùi Văn An",
        "Đỗ Văn An",
        "Lê Văn Ân",
        "Lê Bình",
        "Lê Dũng",
        "Lê Đức",
        "Lê Hoa",
        "Vũ Hoa",
        "An Hòa",
        "Lê Hoá",
        "Lê Hoàng",
        "Lê Hùng",
        "Lê Hưng",
        "Lê Ý",
    ];
    for pair in sorted.windows(2) {
        assert!(name(pair[0]).sort_key() < name(pair[1]).sort_key(), "{pair:?}");
    }
}

#[test]
fn a_query_finds_names_by_any_words_with_or_without_accents() {
    for (typed, person, found) in [
        ("hung", "Nguyễn Văn Hùng", true),
        ("HÙNG", "Nguyễn Văn Hùng", true),
        ("hu", "Nguyễn Văn Hùng", true),
        ("nguyen van hung", "Nguyễn Văn Hùng", true),
        ("hung nguyen", "Nguyễn Văn Hùng", true),
        ("Nguyễn H", "Nguyễn Văn Hùng", true),
        ("hoa", "Lê Hòa", true),
        ("nguyen nguyen", "Nguyễn Văn Hùng", false),
        ("tran hung", "Nguyễn Văn Hùng", false),
    ] {
        let query = NameQuery::parse(typed).unwrap();
        let key = name(person).search_key();
        let scanned = query.scans().iter().any(|prefix| key.starts_with(prefix.as_str()));
        assert_eq!(scanned && query.matches(&key), found, "{typed}");
    }
    assert!(NameQuery::parse(" 0901 ").is_none());
    assert_eq!(query_key("  Nguyễn   HÙNG "), "nguyen hung");
}

#[test]
fn exact_accents_rank_first_wherever_the_tone_stands() {
    let agree = |typed: &str, person: &str| NameQuery::parse(typed).unwrap().accents_agree(person);
    assert!(agree("hoà", "Lê Hòa"));
    assert!(agree("thuý lê", "Lê Thúy"));
    assert!(agree("Hưn", "Nguyễn Hưng"));
    assert!(agree("hoa", "Lê Hoa"));
    assert!(!agree("hoa", "Lê Hòa"));
    assert!(!agree("hùng", "Lê Hưng"));
}

#[test]
fn a_salutation_is_read_in_any_writing_and_never_guessed() {
    for (text, salutation) in [
        ("anh", Some(Salutation::Anh)),
        ("Chị", Some(Salutation::Chi)),
        ("CHI", Some(Salutation::Chi)),
        ("cô ", Some(Salutation::Co)),
        ("Chú", Some(Salutation::Chu)),
        ("bác", Some(Salutation::Bac)),
        ("Ông", Some(Salutation::Ong)),
        ("bà.", Some(Salutation::Ba)),
        ("em", Some(Salutation::Em)),
        ("anh/chị", None),
        ("", None),
        ("Văn", None),
    ] {
        assert_eq!(Salutation::parse(text), salutation, "{text}");
    }
    for salutation in Salutation::ALL {
        assert_eq!(Salutation::parse(&salutation.label(Lang::Vi)), Some(salutation));
        assert!(!salutation.label(Lang::En).starts_with("salutation."));
    }
}

proptest! {
    #[test]
    fn every_name_finds_itself(text in "[A-Za-zÀ-ỹĐđ']{1,8}( [A-Za-zÀ-ỹĐđ']{1,8}){0,3}") {
        if let Ok(person) = PersonName::parse(&text) {
            prop_assert_eq!(PersonName::parse(person.as_str()), Ok(person.clone()));
            if let Some(query) = NameQuery::parse(person.as_str()) {
                prop_assert!(query.matches(&person.search_key()));
                prop_assert_eq!(&query.scans()[0], &person.search_key());
                prop_assert!(query.accents_agree(person.as_str()));
            }
        }
    }
}
