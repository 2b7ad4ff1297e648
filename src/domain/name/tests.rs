//! Names as they come: usual, one-word, highland and foreign ones.

use super::*;
use crate::domain::lang::Lang;
use proptest::prelude::*;
use std::cmp::Ordering;

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
    assert_eq!(name("H’Hen Niê").as_str(), "H'Hen Niê");
    assert_eq!(name("H’Hen Niê").search_key(), "nie hhen");
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
        assert_eq!(by_given_name(pair[0], pair[1]), Ordering::Less, "{pair:?}");
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
        ("văn hùng nguyễn", "Nguyễn Văn Hùng", true),
        ("dinh duc do", "Đỗ Đình Đức", true),
        ("do dinh d", "Đỗ Đình Đức", true),
        ("blok", "Y Blôk Êban", true),
        ("josé", "María José García", true),
        ("h’bia", "H'Bia Êban", true),
        ("hbia", "H'Bia Êban", true),
        ("eban h'b", "H'Bia Êban", true),
    ] {
        let query = NameQuery::parse(typed).unwrap();
        assert_eq!(query.matches(&name(person).search_key()), found, "{typed}");
        assert_eq!(query.rank(person).is_some(), found, "{typed}");
    }
    for nothing in [" 0901 ", "", "'", "’ ’"] {
        assert!(NameQuery::parse(nothing).is_none(), "{nothing:?}");
    }
}

#[test]
fn words_are_read_as_names_are_written_first_and_in_every_order() {
    let readings = |typed: &str| NameQuery::parse(typed).unwrap().readings();
    assert_eq!(readings("Hùng"), ["hung"]);
    assert_eq!(readings("nguyen hung"), ["hung nguyen", "nguyen hung"]);
    assert_eq!(readings("nguyễn văn hùng")[..2], ["hung nguyen van", "nguyen van hung"]);
    assert_eq!(readings("văn hùng nguyễn").len(), 6);
    assert!(readings("văn hùng nguyễn").contains(&"hung nguyen van".to_owned()));
    assert!(readings("dinh duc do").contains(&"duc do dinh".to_owned()));
    assert_eq!(
        readings("a b c d e f g").len(),
        21,
        "the last word and the first, and twenty pairs of the first five"
    );
}

#[test]
fn every_apostrophe_is_the_same_and_none_is_needed() {
    for typed in ["h'bia", "h’bia", "hʼbia", "h‘bia", "h`bia", "h´bia", "h′bia", "hbia", "H'BIA"] {
        let query = NameQuery::parse(typed).unwrap();
        assert_eq!(query.rank("H'Bia Êban"), Some(Rank::Spelling), "{typed}");
        let stored = PersonName::parse(&format!("{typed} Êban")).unwrap().search_key();
        assert_eq!(stored, "eban hbia", "{typed}");
    }
}

#[test]
fn spelling_ranks_before_letters_and_letters_before_beginnings() {
    for (typed, person, rank) in [
        ("hoà", "Lê Hòa", Rank::Spelling),
        ("hòa", "Lê Hoà", Rank::Spelling),
        ("thuý lê", "Lê Thúy", Rank::Spelling),
        ("hoa", "Lê Hoa", Rank::Spelling),
        ("ha", "Trần Thị Hà", Rank::Letters),
        ("hoa", "Lê Hòa", Rank::Letters),
        ("do", "Đỗ Thị Ánh", Rank::Letters),
        ("hùng", "Lê Hưng", Rank::Letters),
        ("Hưn", "Nguyễn Hưng", Rank::BegunSpelling),
        ("hoà", "Hoàng Đức Hưng", Rank::BegunSpelling),
        ("ha", "Lê Hải", Rank::BegunSpelling),
        ("hùn", "Lê Hưng", Rank::Begun),
    ] {
        assert_eq!(NameQuery::parse(typed).unwrap().rank(person), Some(rank), "{typed}: {person}");
    }
    assert!(NameQuery::parse("ha").unwrap().names_given("Trần Thị Hà"));
    assert!(!NameQuery::parse("ha").unwrap().names_given("Hà Thị Lan"));
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
                prop_assert_eq!(&query.readings()[0], &person.search_key());
                prop_assert_eq!(query.rank(person.as_str()), Some(Rank::Spelling));
            }
        }
    }
}
