//! Amounts in đồng, and the ways lists write them. The bill is sensitive: it is read, compared
//! with the minimum and dropped.
//!
//! Invariants: an amount is not negative and exact in JSON. Reading never guesses: what could mean two amounts
//! is refused. Deliberately absent: other currencies and arithmetic; `Debug` does not show an amount.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// An amount in whole đồng. JSON form: an integer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("minimum" = 0))]
pub struct Dong(i64);

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum MoneyError {
    /// Nothing in it.
    #[error("the amount is empty")]
    Empty,
    /// Letters or signs that no amount has, or groups that are no thousands.
    #[error("the amount cannot be read")]
    Unreadable,
    /// It could mean two amounts, such as `412000.125`.
    #[error("the amount could be read in two ways")]
    Ambiguous,
    /// Below zero.
    #[error("the amount is negative")]
    Negative,
    /// Past [`Dong::MAX`].
    #[error("the amount is too large")]
    TooLarge,
}

impl Dong {
    /// The largest amount, a thousand billion đồng: no bill comes near, and every amount is exact in JSON.
    pub const MAX: Self = Self(1_000_000_000_000);

    /// An amount of whole đồng; none below zero or past [`Dong::MAX`].
    pub const fn new(amount: i64) -> Option<Self> {
        if amount >= 0 && amount <= Self::MAX.0 { Some(Self(amount)) } else { None }
    }

    /// Whole đồng.
    pub const fn amount(self) -> i64 {
        self.0
    }

    /// Reads `412000`, `412.000`, `412,000`, `412.000,50`, `412.000 đ`, `412000.0` and their like. Parts of a
    /// đồng are dropped, never rounded up, for the amount is compared with a minimum.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let text = if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) };
        let text = text.trim().trim_start_matches('\'').trim_start();
        let text = without_unit(text);
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        if text.starts_with(['-', '\u{2212}', '(']) && text.contains(|c: char| c.is_ascii_digit()) {
            return Err(MoneyError::Negative);
        }
        let whole = whole_part(text)?;
        let mut amount = 0_i64;
        for digit in whole.bytes().filter(u8::is_ascii_digit) {
            amount = amount * 10 + i64::from(digit - b'0');
            if amount > Self::MAX.0 {
                return Err(MoneyError::TooLarge);
            }
        }
        Ok(Self(amount))
    }
}

/// The text without the currency in front or behind.
fn without_unit(text: &str) -> &str {
    const UNITS: [&str; 9] = ["đồng", "đông", "dong", "vnđ", "vnd", "đ", "d", "₫", "dđ"];
    let text = text.trim();
    let lower = |s: &str| s.chars().flat_map(char::to_lowercase).collect::<String>();
    let is_unit = |s: &str| UNITS.contains(&lower(s.trim_matches('.')).as_str());
    let number_starts = text.find(|c: char| c.is_ascii_digit() || matches!(c, '-' | '(' | '+'));
    let number_ends = text.rfind(|c: char| c.is_ascii_digit() || c == ')').map(|at| at + 1);
    let (Some(start), Some(end)) = (number_starts, number_ends) else { return text };
    let (before, after) = (text[..start].trim(), text[end.max(start)..].trim());
    if (before.is_empty() || is_unit(before)) && (after.is_empty() || is_unit(after)) {
        &text[start..end.max(start)]
    } else {
        text
    }
}

/// The digits in front of the decimals, still with their thousands separators.
fn whole_part(text: &str) -> Result<&str, MoneyError> {
    if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ')) {
        return Err(MoneyError::Unreadable);
    }
    let Some(last) = text.rfind(['.', ',', ' ']) else { return Ok(text) };
    let (before, after) = (&text[..last], &text[last + 1..]);
    if text[last..].starts_with(' ') {
        return if is_grouped(text, ' ') { Ok(text) } else { Err(MoneyError::Unreadable) };
    }
    let sign = if text[last..].starts_with('.') { '.' } else { ',' };
    let plain = !before.is_empty() && before.bytes().all(|b| b.is_ascii_digit());
    let grouped_otherwise =
        [',', '.', ' '].into_iter().any(|other| other != sign && is_grouped(before, other));
    match after.len() {
        0 => Err(MoneyError::Unreadable),
        3 if is_grouped(text, sign) && !text.starts_with('0') => Ok(text),
        // Three digits that are no proper thousands: thousands gone wrong, or a fraction?
        3 if plain || grouped_otherwise => Err(MoneyError::Ambiguous),
        _ if plain || grouped_otherwise => Ok(before),
        _ => Err(MoneyError::Unreadable),
    }
}

/// One to three digits, then groups of exactly three behind `sign`.
fn is_grouped(text: &str, sign: char) -> bool {
    let mut groups = text.split(sign);
    let is_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && is_digits(first));
    let mut more = groups.peekable();
    first && more.peek().is_some() && more.all(|group| group.len() == 3 && is_digits(group))
}

/// `300.000 đ`.
impl fmt::Display for Dong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut out = String::with_capacity(digits.len() * 4 / 3 + 4);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push('.');
            }
            out.push(digit);
        }
        out.push_str(" đ");
        f.pad(&out)
    }
}

impl fmt::Debug for Dong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dong(…)")
    }
}

impl<'de> Deserialize<'de> for Dong {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let amount = i64::deserialize(deserializer)?;
        Self::new(amount).ok_or_else(|| serde::de::Error::custom("not an amount in whole đồng"))
    }
}

#[cfg(test)]
mod tests;
