//! Every way in which lists write an amount, and what must not be guessed.

use super::*;
use proptest::prelude::*;

#[test]
fn every_writing_of_lists_is_read() {
    for (text, amount) in [
        ("412000", 412_000),
        ("412.000", 412_000),
        ("412,000", 412_000),
        ("412 000", 412_000),
        ("412\u{a0}000", 412_000),
        ("412.000,50", 412_000),
        ("412,000.50", 412_000),
        ("412.000 đ", 412_000),
        ("412.000đ", 412_000),
        ("412.000 VNĐ", 412_000),
        ("VND 412,000", 412_000),
        ("412.000 đồng", 412_000),
        ("412.000 ₫", 412_000),
        ("412000.0", 412_000),
        ("412000,0", 412_000),
        ("412000.99", 412_000),
        ("299999.99", 299_999),
        ("412000.1234", 412_000),
        ("'412000", 412_000),
        ("４１２０００", 412_000),
        ("1.412.000", 1_412_000),
        ("1,412,000.5", 1_412_000),
        ("412.0", 412),
        ("0", 0),
    ] {
        assert_eq!(Dong::parse(text).map(Dong::amount), Ok(amount), "{text:?}");
    }
}

#[test]
fn what_is_not_one_amount_is_refused() {
    use MoneyError::*;
    for (text, error) in [
        ("", Empty),
        ("  ", Empty),
        ("-412000", Negative),
        ("(412.000)", Negative),
        ("-412.000 đ", Negative),
        ("412000.125", Ambiguous),
        ("412000.000", Ambiguous),
        ("412.000,125", Ambiguous),
        ("412.000,000", Ambiguous),
        ("0.412", Ambiguous),
        ("412.00.000", Unreadable),
        ("412,000,50", Unreadable),
        ("4.12E+05", Unreadable),
        ("412k", Unreadable),
        ("412000 USD", Unreadable),
        ("bốn trăm", Unreadable),
        ("đ", Unreadable),
        ("412.", Unreadable),
        (".5", Unreadable),
        ("412000 412000", Unreadable),
        ("1000000000001", TooLarge),
        ("99999999999999999999999999", TooLarge),
    ] {
        assert_eq!(Dong::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn an_amount_shows_itself_grouped_and_json_is_a_number() {
    for (amount, shown) in [(0, "0 đ"), (999, "999 đ"), (300_000, "300.000 đ"), (1_412_000, "1.412.000 đ")]
    {
        assert_eq!(Dong::new(amount).unwrap().to_string(), shown);
    }
    assert_eq!(serde_json::to_string(&Dong::new(300_000).unwrap()).unwrap(), "300000");
    assert!(serde_json::from_str::<Dong>("-1").is_err());
    assert!(!format!("{:?}", Dong::new(412).unwrap()).contains("412"));
}

proptest! {
    #[test]
    fn what_is_shown_reads_back(amount in 0..=Dong::MAX.amount()) {
        let dong = Dong::new(amount).unwrap();
        prop_assert_eq!(Dong::parse(&dong.to_string()), Ok(dong));
        prop_assert_eq!(Dong::parse(&format!("{amount}.0")), Ok(dong));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[-0-9., đ()dvn+]{0,24}|\\PC{0,24}") {
        if let Ok(dong) = Dong::parse(&text) {
            prop_assert!(Dong::new(dong.amount()).is_some());
        }
    }
}
