//! What a text in a search field means: a name, a piece of a phone number, a seat, a registration; and why a number that
//! was typed is none.
//!
//! The rule for numbers: a number of up to five digits that does not begin with 0 is a seat and a registration as well
//! as the end of a phone number, and each hit says by which it was found. `suất 214` and `đăng ký 214` (also `dk 214`,
//! `#214`) mean that one alone.

use super::name::NameQuery;
use super::phone::{PhoneError, PhoneNumber};
use super::text;
use unicode_normalization::UnicodeNormalization;

/// Longest typed search, in graphemes.
const MAX_GRAPHEMES: usize = 60;
/// Most digits of a seat or a registration that is typed without its word.
const SHORT_DIGITS: usize = 5;
/// Most digits of a seat or a registration.
const MOST_DIGITS: usize = 12;
/// Digits from which on a text may be meant as a phone number.
const NUMBER_DIGITS: usize = 3;
/// The words for a seat, folded.
const SEAT: &[&str] = &["suat", "so suat", "seat"];
/// The words for a registration, folded.
const REGISTRATION: &[&str] = &["dang ky", "so dang ky", "dk", "registration", "#"];

/// What a typed text means.
#[derive(Clone, PartialEq, Eq)]
pub enum Typed {
    /// Nothing that could be searched for.
    Nothing,
    /// The seat of this number.
    Seat(i64),
    /// The registration of this number.
    Registration(i64),
    /// Digits as typed: a piece of a phone number, and, when short, a seat or a registration.
    Digits {
        /// As typed, clean.
        text: String,
        /// The seat or registration that it may be.
        short: Option<i64>,
    },
    /// Words of a name.
    Name(NameQuery),
}

impl Typed {
    /// Reads a text.
    pub fn parse(typed: &str) -> Self {
        let typed = text::clean(typed, MAX_GRAPHEMES);
        let folded = text::fold(&typed);
        if let Some(number) = numbered(&folded, SEAT) {
            return Self::Seat(number);
        }
        if let Some(number) = numbered(&folded, REGISTRATION) {
            return Self::Registration(number);
        }
        let has_digit = typed.chars().any(|c| c.is_ascii_digit());
        if has_digit && !typed.chars().any(char::is_alphabetic) {
            let short = whole(&typed).filter(|_| typed.len() <= SHORT_DIGITS && !typed.starts_with('0'));
            return Self::Digits { text: typed, short };
        }
        NameQuery::parse(&typed).map_or(Self::Nothing, Self::Name)
    }
}

/// Shows nothing that was typed.
impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Seat(_) => "Seat(…)",
            Self::Registration(_) => "Registration(…)",
            Self::Digits { .. } => "Digits(…)",
            Self::Name(_) => "Name(…)",
        })
    }
}

/// The number behind one of the words.
fn numbered(folded: &str, words: &[&str]) -> Option<i64> {
    words.iter().find_map(|word| whole(folded.strip_prefix(word)?.trim_start()))
}

fn whole(digits: &str) -> Option<i64> {
    let is_whole = (1..=MOST_DIGITS).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_whole.then(|| digits.parse().ok()).flatten()
}

/// Why a text that was meant as a phone number is none: mostly digits, three at least. None for other texts, and for a
/// number.
pub fn why_no_number(typed: &str) -> Option<PhoneError> {
    let typed: String = typed.nfkc().take(4 * MAX_GRAPHEMES).collect();
    let written = typed.chars().filter(|c| !c.is_whitespace()).count();
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    if digits < NUMBER_DIGITS || 2 * digits < written || typed.trim_start().starts_with('#') {
        return None;
    }
    PhoneNumber::parse(&typed).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str, short: Option<i64>) -> Typed {
        Typed::Digits { text: text.to_owned(), short }
    }

    #[test]
    fn a_short_number_may_be_a_seat_and_a_word_makes_it_one_thing() {
        assert_eq!(Typed::parse("214"), digits("214", Some(214)));
        assert_eq!(Typed::parse(" 7 "), digits("7", Some(7)));
        for text in ["0214", "456789", "0901 234 567", "+84"] {
            assert_eq!(Typed::parse(text), digits(text, None), "{text}");
        }
        for text in ["suất 214", "Suat 214", "seat 214", "số suất 214", "suất214"] {
            assert_eq!(Typed::parse(text), Typed::Seat(214), "{text}");
        }
        for text in ["đăng ký 214", "DK 214", "đk 214", "#214", "# 214", "số đăng ký 214", "registration 214"]
        {
            assert_eq!(Typed::parse(text), Typed::Registration(214), "{text}");
        }
    }

    #[test]
    fn words_are_a_name_and_signs_are_nothing() {
        for text in ["Đặng", "Dk", "suất", "seat x", "suất 1234567890123", "O901234567"] {
            assert!(matches!(Typed::parse(text), Typed::Name(_)), "{text}");
        }
        for text in ["", " ", "?", "#", "'"] {
            assert_eq!(Typed::parse(text), Typed::Nothing, "{text:?}");
        }
    }

    #[test]
    fn a_number_that_is_none_has_its_reason() {
        for (text, why) in [
            ("O901234567", Some(PhoneError::LetterForZero)),
            ("09O1 234 567", Some(PhoneError::LetterForZero)),
            ("0901234567 0912345678", Some(PhoneError::Several)),
            ("0901234567/0912345678", Some(PhoneError::Several)),
            ("0225 3821 234", Some(PhoneError::Landline)),
            ("+1 415 555 2671", Some(PhoneError::Foreign)),
            ("1900 1234", Some(PhoneError::ServiceNumber)),
            ("9090", Some(PhoneError::ShortCode)),
            ("0901 23", Some(PhoneError::TooShort)),
            ("0901 234 567 89", Some(PhoneError::TooLong)),
            ("0901 234 567", None),
            ("hùng", None),
            ("hùng 2", None),
            ("#214", None),
            ("12", None),
        ] {
            assert_eq!(why_no_number(text), why, "{text}");
        }
    }
}
