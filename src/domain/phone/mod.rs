//! Vietnamese mobile numbers: read once at the edge, E.164 inside.
//!
//! Invariants: a [`PhoneNumber`] is always a Vietnamese mobile number after the renumbering of 2018; reading is
//! idempotent (the E.164 text, the display text and the digits all read back as the same number); `Debug` shows
//! nothing of the number. Plain ASCII input is read without allocation, for it stands on the import path.
//!
//! Deliberately absent: any claim about the carrier. Numbers are portable since 2018; [`PhoneNumber::carrier_hint`]
//! is a hint for the eye, eligibility comes from the list.

mod plan;
mod read;
mod search;
#[cfg(test)]
mod tests;

pub use plan::Carrier;

use super::lang::Lang;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Vietnam's country code in front of nine national digits.
const COUNTRY: i64 = 84 * NATIONAL_SPAN;
/// How many national numbers nine digits can write.
const NATIONAL_SPAN: i64 = 1_000_000_000;

/// A Vietnamese mobile number. Holds the E.164 digits as an integer (84901234567). JSON form: `"+84901234567"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(with = "String", description = "A Vietnamese mobile number in E.164 form, such as +84901234567")]
pub struct PhoneNumber(i64);

/// What reading a cell or a field gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    /// The number.
    pub number: PhoneNumber,
    /// Something to check before dialling.
    pub warning: Option<PhoneWarning>,
}

/// A number that is accepted, with doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneWarning {
    /// `031x xxx xxx`: no carrier sells it, but it is how Hải Phòng landlines were written before 2017.
    OldHaiPhongLandline,
}

impl PhoneWarning {
    /// The public code in import results.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OldHaiPhongLandline => "phone_old_hai_phong_landline",
        }
    }

    /// The sentence for the user.
    pub fn sentence(self, lang: Lang) -> String {
        match self {
            Self::OldHaiPhongLandline => {
                t!("phone.warning.old_hai_phong_landline", locale = lang.code()).into_owned()
            }
        }
    }
}

/// Why a text is not one Vietnamese mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneError {
    /// Nothing that could be a number.
    Empty,
    /// More than one number in the text.
    Several,
    /// The letter O where a zero belongs.
    LetterForZero,
    /// Letters or signs that no number has.
    OtherCharacters,
    /// A fixed line.
    Landline,
    /// A short number such as 9090 or 115.
    ShortCode,
    /// A 1800 or 1900 service number.
    ServiceNumber,
    /// A number of another country.
    Foreign,
    /// Digits are missing.
    TooShort,
    /// Too many digits.
    TooLong,
    /// The right length, but no such prefix.
    UnknownPrefix,
    /// A spreadsheet rounded it (`9.01E+08`): the digits are lost.
    Rounded,
    /// A plus sign where none can stand.
    Malformed,
}

impl PhoneError {
    /// Every reason.
    pub const ALL: [Self; 13] = [
        Self::Empty,
        Self::Several,
        Self::LetterForZero,
        Self::OtherCharacters,
        Self::Landline,
        Self::ShortCode,
        Self::ServiceNumber,
        Self::Foreign,
        Self::TooShort,
        Self::TooLong,
        Self::UnknownPrefix,
        Self::Rounded,
        Self::Malformed,
    ];

    /// The public code; several reasons share one.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Several => "phone_several",
            Self::Foreign => "phone_foreign",
            Self::Landline | Self::ShortCode | Self::ServiceNumber => "phone_not_mobile",
            Self::Empty
            | Self::LetterForZero
            | Self::OtherCharacters
            | Self::TooShort
            | Self::TooLong
            | Self::UnknownPrefix
            | Self::Rounded
            | Self::Malformed => "phone_invalid",
        }
    }

    /// The exact reason for the user; finer than the code.
    pub fn sentence(self, lang: Lang) -> String {
        t!(format!("phone.error.{}", self.key()), locale = lang.code()).into_owned()
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Several => "several",
            Self::LetterForZero => "letter_for_zero",
            Self::OtherCharacters => "other_characters",
            Self::Landline => "landline",
            Self::ShortCode => "short_code",
            Self::ServiceNumber => "service_number",
            Self::Foreign => "foreign",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::UnknownPrefix => "unknown_prefix",
            Self::Rounded => "rounded",
            Self::Malformed => "malformed",
        }
    }
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Lang::En))
    }
}

impl std::error::Error for PhoneError {}

impl PhoneNumber {
    /// The number of E.164 digits (84901234567), when they are a Vietnamese mobile number.
    pub fn from_digits(digits: i64) -> Option<Self> {
        let national = digits.checked_sub(COUNTRY).filter(|n| (0..NATIONAL_SPAN).contains(n))?;
        plan::is_mobile_prefix((national / 10_000_000) as u8).then_some(Self(digits))
    }

    /// The E.164 digits without plus, such as 84901234567.
    pub const fn digits(self) -> i64 {
        self.0
    }

    /// The nine national digits without the leading zero, as ASCII (`b"901234567"`).
    pub const fn national(self) -> [u8; 9] {
        let mut rest = self.0 - COUNTRY;
        let mut out = [b'0'; 9];
        let mut at = 9;
        while at > 0 {
            at -= 1;
            out[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        out
    }

    /// `+84901234567`.
    pub fn e164(self) -> String {
        format!("+{}", self.0)
    }

    /// `0901 234 567`.
    pub fn display(self) -> String {
        let national = self.0 - COUNTRY;
        format!("0{:03} {:03} {:03}", national / 1_000_000, national / 1_000 % 1_000, national % 1_000)
    }

    /// `0901 *** 567`: how lists show a number.
    pub fn masked(self) -> String {
        let national = self.0 - COUNTRY;
        format!("0{:03} *** {:03}", national / 1_000_000, national % 1_000)
    }

    /// The carrier that was given this prefix; a hint only.
    pub fn carrier_hint(self) -> Option<Carrier> {
        plan::carrier(((self.0 - COUNTRY) / 10_000_000) as u8)
    }

    /// The nine national digits from the last to the first as one integer (`…567` begins 765), to be compared
    /// with [`PhoneNumber::tail_range`].
    pub const fn reversed_tail(self) -> i64 {
        let mut rest = self.0 - COUNTRY;
        let mut out = 0;
        let mut left = 9;
        while left > 0 {
            out = out * 10 + rest % 10;
            rest /= 10;
            left -= 1;
        }
        out
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("+{}", self.0))
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.strip_prefix('+')
            .filter(|digits| digits.len() == 11 && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .and_then(Self::from_digits)
            .ok_or_else(|| {
                serde::de::Error::custom("not a Vietnamese mobile number in E.164 form such as +84901234567")
            })
    }
}
