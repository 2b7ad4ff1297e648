//! Every way to write a number as tables, and properties against the public numbering data.

use super::*;
use proptest::prelude::*;

fn reading(text: &str) -> Result<String, PhoneError> {
    PhoneNumber::parse(text).map(|parsed| parsed.number.e164())
}

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).unwrap().number
}

#[test]
fn every_usual_writing_gives_the_same_number() {
    for text in [
        "0901234567",
        "0901.234.567",
        "901234567",
        "84901234567",
        "+84 90 123 45 67",
        "0084901234567",
        "+840901234567",
        "840901234567",
        "00840901234567",
        "+84 (0)90 123 4567",
        "(84) 901234567",
        "(+84) 90-123-4567",
        "０９０１２３４５６７",
        "＋８４９０１２３４５６７",
        "0901\u{a0}234\u{a0}567",
        "0901–234–567",
        "\u{202a}0901234567\u{202c}",
        "\u{feff}0901234567",
        "  0901 234 567\t",
        "901234567.0",
        "901234567.00",
        "901234567,0",
        "84901234567.0",
        "9.01234567E8",
        "9.01234567E+08",
        "9,01234567e+8",
        "8.4901234567E10",
        "'0901234567",
        "’0901234567",
    ] {
        assert_eq!(reading(text).as_deref(), Ok("+84901234567"), "{text:?}");
    }
}

#[test]
fn eleven_digit_numbers_follow_the_renumbering_of_2018() {
    for (old, new) in [
        ("0120", "070"),
        ("0121", "079"),
        ("0122", "077"),
        ("0126", "076"),
        ("0128", "078"),
        ("0123", "083"),
        ("0124", "084"),
        ("0125", "085"),
        ("0127", "081"),
        ("0129", "082"),
        ("0162", "032"),
        ("0163", "033"),
        ("0164", "034"),
        ("0165", "035"),
        ("0166", "036"),
        ("0167", "037"),
        ("0168", "038"),
        ("0169", "039"),
        ("0186", "056"),
        ("0188", "058"),
        ("0199", "059"),
    ] {
        let expected = Ok(format!("+84{}1234567", &new[1..]));
        for text in [
            format!("{old}1234567"),
            format!("{old}.123.4567"),
            format!("+84{}1234567", &old[1..]),
            format!("84{}1234567", &old[1..]),
            format!("{}1234567", &old[1..]),
        ] {
            assert_eq!(reading(&text), expected, "{text}");
        }
    }
    assert_eq!(reading("01691234567").as_deref(), Ok("+84391234567"));
    assert_eq!(reading("01871234567"), Err(PhoneError::UnknownPrefix));
}

#[test]
fn what_is_not_one_mobile_number_is_refused_with_its_own_reason() {
    use PhoneError::*;
    for (text, reason) in [
        ("", Empty),
        ("   ", Empty),
        ("-", Empty),
        ("'", Empty),
        ("0901234567 / 0912345678", Several),
        ("0901234567/0912345678", Several),
        ("0901234567, 0912345678", Several),
        ("0901234567;0912345678", Several),
        ("0901234567 0912345678", Several),
        ("0901 234 567 0912 345 678", Several),
        ("0901.234.567-0912.345.678", Several),
        ("0901234567\n0912345678", Several),
        ("09012345670912345678", Several),
        ("901234567912345678", Several),
        ("0901234567 và 0912345678", Several),
        ("0901234567 hoặc 3821234", Several),
        ("+84901234567 +84912345678", Several),
        ("02253821234 0901234567", Several),
        ("0901234567/8", Several),
        ("0901234567 0901234567", Several),
        ("O901234567", LetterForZero),
        ("09o1 234 567", LetterForZero),
        ("+84 9O1 234 567", LetterForZero),
        ("0901234567 (Lan)", OtherCharacters),
        ("không có", OtherCharacters),
        ("0901234abc", OtherCharacters),
        ("٠٩٠١٢٣٤٥٦٧", OtherCharacters),
        ("02253821234", Landline),
        ("0225 3 821 234", Landline),
        ("+84 24 3825 3531", Landline),
        ("0243 8253531", Landline),
        ("0543821234", Landline),
        ("0713821234", Landline),
        ("9090", ShortCode),
        ("115", ShortCode),
        ("18001090", ServiceNumber),
        ("1800 599 920", ServiceNumber),
        ("1800", ServiceNumber),
        ("1900 1234", ServiceNumber),
        ("19001234.", ServiceNumber),
        ("+1 415 555 0123", Foreign),
        ("+66 81 234 5678", Foreign),
        ("0065 9123 4567", Foreign),
        ("＋６５９１２３４５６７", Foreign),
        ("090123456", TooShort),
        ("90123456", TooShort),
        ("3821234", TooShort),
        ("+84 90123", TooShort),
        ("0123456789", TooShort),
        ("0", TooShort),
        ("+", TooShort),
        ("09012345678", TooLong),
        ("9012345678", TooLong),
        ("+84 9012345678", TooLong),
        ("0901234567 115", TooLong),
        ("0901234567890123456789012", TooLong),
        ("01131234567", UnknownPrefix),
        ("9.01E+08", Rounded),
        ("9.01235E+08", Rounded),
        ("+0901234567", Malformed),
        ("0901+234567", Malformed),
    ] {
        assert_eq!(reading(text), Err(reason), "{text:?}");
    }
}

#[test]
fn the_four_public_codes_are_given() {
    for (text, code) in [
        ("0901234567 0912345678", "phone_several"),
        ("+1 415 555 0123", "phone_foreign"),
        ("02253821234", "phone_not_mobile"),
        ("9090", "phone_not_mobile"),
        ("19001234", "phone_not_mobile"),
        ("O901234567", "phone_invalid"),
        ("090123456", "phone_invalid"),
        ("", "phone_invalid"),
    ] {
        assert_eq!(PhoneNumber::parse(text).unwrap_err().code(), code, "{text:?}");
    }
}

#[test]
fn an_old_hai_phong_landline_is_accepted_with_a_warning() {
    let parsed = PhoneNumber::parse("0313 821 234").unwrap();
    assert_eq!(parsed.number.e164(), "+84313821234");
    assert_eq!(parsed.warning, Some(PhoneWarning::OldHaiPhongLandline));
    assert_eq!(PhoneNumber::parse("0323821234").unwrap().warning, None);
}

#[test]
fn a_number_shows_itself_in_three_ways_and_debug_in_none() {
    let n = number("84901234567");
    assert_eq!(n.display(), "0901 234 567");
    assert_eq!(n.masked(), "0901 *** 567");
    assert_eq!(n.digits(), 84_901_234_567);
    assert_eq!(&n.national(), b"901234567");
    assert_eq!(number("0900000001").display(), "0900 000 001");
    assert!(!format!("{n:?}").contains(|c: char| c.is_ascii_digit()));
}

#[test]
fn json_takes_the_e164_form_only() {
    let n = number("0901234567");
    assert_eq!(serde_json::to_string(&n).unwrap(), "\"+84901234567\"");
    assert_eq!(serde_json::from_str::<PhoneNumber>("\"+84901234567\"").unwrap(), n);
    for bad in ["\"0901234567\"", "\"+842253821234\"", "\"+8490123456\"", "84901234567", "\"+84+01234567\""] {
        assert!(serde_json::from_str::<PhoneNumber>(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_prefix_hints_its_first_carrier() {
    for (carrier, prefixes) in [
        (Carrier::MobiFone, &["070", "076", "077", "078", "079", "089", "090", "093"][..]),
        (
            Carrier::Viettel,
            &["032", "033", "034", "035", "036", "037", "038", "039", "086", "096", "097", "098"],
        ),
        (Carrier::VinaPhone, &["081", "082", "083", "084", "085", "088", "091", "094"]),
        (Carrier::Vietnamobile, &["052", "056", "058", "092"]),
        (Carrier::Gmobile, &["059", "099"]),
    ] {
        for prefix in prefixes {
            assert_eq!(number(&format!("{prefix}1234567")).carrier_hint(), Some(carrier), "{prefix}");
        }
    }
    assert_eq!(number("0871234567").carrier_hint(), None);
}

#[test]
fn a_typed_tail_or_head_finds_exactly_its_numbers() {
    let n = number("0901234567");
    let ends = |typed: &str| {
        PhoneNumber::tail_range(typed).is_some_and(|(low, high)| (low..=high).contains(&n.reversed_tail()))
    };
    let begins = |typed: &str| {
        PhoneNumber::head_range(typed).is_some_and(|(low, high)| (low..=high).contains(&n.digits()))
    };
    for typed in ["7", "567", "4567", "34 567", "901234567", "0901234567", "+84 901 234 567"] {
        assert!(ends(typed), "{typed}");
    }
    for typed in ["", "8", "5670", "0801234567", "x567", "10901234567"] {
        assert!(!ends(typed), "{typed}");
    }
    for typed in ["", "0", "09", "0901", "901", "0901 234 567", "84", "84901", "+84 90", "+840901", "0084901"]
    {
        assert!(begins(typed), "{typed}");
    }
    for typed in ["0902", "902", "84902", "+1", "09012345678", "abc", "01"] {
        assert!(!begins(typed), "{typed}");
    }
    let (low, high) = PhoneNumber::head_range("01201").unwrap();
    assert_eq!((low, high), (84_701_000_000, 84_701_999_999));
}

#[test]
fn every_reason_has_a_sentence_in_both_languages() {
    for lang in [Lang::Vi, Lang::En] {
        for reason in PhoneError::ALL {
            let sentence = reason.sentence(lang);
            assert!(!sentence.contains("phone.error"), "{sentence}");
        }
        assert!(!PhoneWarning::OldHaiPhongLandline.sentence(lang).contains("phone.warning"));
        assert_eq!(Carrier::MobiFone.label(lang), "MobiFone");
    }
}

fn any_number() -> impl Strategy<Value = PhoneNumber> {
    (300_000_000_i64..1_000_000_000)
        .prop_filter_map("a mobile prefix", |n| PhoneNumber::from_digits(84_000_000_000 + n))
}

proptest! {
    #[test]
    fn reading_what_was_written_changes_nothing(n in any_number()) {
        for text in [n.e164(), n.display(), n.digits().to_string(), format!("{}.0", n.digits())] {
            prop_assert_eq!(number(&text), n);
        }
        prop_assert_eq!(PhoneNumber::from_digits(n.digits()), Some(n));
        let reversed: String = String::from_utf8(n.national().to_vec()).unwrap().chars().rev().collect();
        prop_assert_eq!(format!("{:09}", n.reversed_tail()), reversed);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,40}") {
        if let Ok(parsed) = PhoneNumber::parse(&text) {
            prop_assert_eq!(number(&parsed.number.e164()), parsed.number);
        }
    }

    #[test]
    fn no_mix_of_number_signs_breaks_the_reader(text in "[-0-9 .()+'EeOo,/]{0,40}") {
        if let Ok(parsed) = PhoneNumber::parse(&text) {
            prop_assert_eq!(PhoneNumber::parse(&parsed.number.display()), Ok(parsed));
        }
    }

    #[test]
    fn a_tail_range_holds_a_number_exactly_when_the_number_ends_so(n in any_number(), tail in "[0-9]{1,8}") {
        let (low, high) = PhoneNumber::tail_range(&tail).unwrap();
        let ends = String::from_utf8(n.national().to_vec()).unwrap().ends_with(&tail);
        prop_assert_eq!((low..=high).contains(&n.reversed_tail()), ends);
    }

    #[test]
    fn every_mobile_number_of_the_public_numbering_data_is_accepted(rest in "[2-9][0-9]{8}") {
        use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType, Region};
        let text = format!("0{rest}");
        let theirs = PHONE_NUMBER_UTIL.parse(&text, Some(Region::VN))
            .map(|n| PHONE_NUMBER_UTIL.get_number_type(&n));
        let ours = reading(&text);
        if matches!(theirs, Ok(PhoneNumberType::Mobile)) {
            prop_assert_eq!(&ours, &Ok(format!("+84{rest}")));
        }
        if matches!(theirs, Ok(PhoneNumberType::FixedLine)) {
            prop_assert_eq!(&ours, &Err(PhoneError::Landline));
        }
    }
}
