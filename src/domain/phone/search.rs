//! Searching by a piece of a number: what was typed becomes an inclusive integer range, so that the store
//! answers with one index scan.

use super::{COUNTRY, NATIONAL_SPAN, PhoneNumber, plan};

/// The digits that were typed, without the separators people write; `None` at any other character.
fn typed_digits(typed: &str) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(16);
    for c in typed.chars() {
        match c {
            '0'..='9' => digits.push(c as u8 - b'0'),
            '.' | '-' | '(' | ')' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    (digits.len() <= 15).then_some(digits)
}

/// All nine-digit integers that begin with `digits`, inclusive.
fn span(digits: &[u8]) -> Option<(i64, i64)> {
    let open = 9_usize.checked_sub(digits.len())?;
    let width = 10_i64.pow(open as u32);
    let low = digits.iter().fold(0_i64, |sum, d| sum * 10 + i64::from(*d)) * width;
    Some((low, low + width - 1))
}

impl PhoneNumber {
    /// The inclusive range of [`PhoneNumber::reversed_tail`] of all numbers that end in the typed digits.
    /// `None` when the text is no such tail (empty, letters, more digits than a number has).
    pub fn tail_range(typed: &str) -> Option<(i64, i64)> {
        let mut digits = typed_digits(typed.trim().trim_start_matches('+'))?;
        match digits.as_slice() {
            [] => return None,
            [0, rest @ ..] if rest.len() == 9 => digits = rest.to_vec(),
            [8, 4, rest @ ..] if rest.len() == 9 => digits = rest.to_vec(),
            _ => {}
        }
        digits.reverse();
        span(&digits)
    }

    /// The inclusive range of [`PhoneNumber::digits`] of all numbers that begin as typed: `0901`, `901`,
    /// `84901`, `+84901` and, from before 2018, `0120`. `None` when no number can begin so.
    pub fn head_range(typed: &str) -> Option<(i64, i64)> {
        let typed = typed.trim();
        let plus = typed.starts_with('+');
        let digits = typed_digits(typed.strip_prefix('+').unwrap_or(typed))?;
        let whole = || Some((COUNTRY, COUNTRY + NATIONAL_SPAN - 1));
        let national = match digits.as_slice() {
            [] | [0] | [0, 0] | [0, 0, 8] | [0, 0, 8, 4] | [8, 4] => return whole(),
            [8] if plus => return whole(),
            [0, 0, 8, 4, 0, rest @ ..] | [0, 0, 8, 4, rest @ ..] => rest,
            [8, 4, 0, rest @ ..] | [8, 4, rest @ ..] => rest,
            _ if plus => return None,
            [0, rest @ ..] => rest,
            all => all,
        };
        let renumbered = match national {
            [1, b, c, rest @ ..] => {
                let two = plan::renumbered(100 + u16::from(*b) * 10 + u16::from(*c))?;
                Some([&[two / 10, two % 10], rest].concat())
            }
            [1, ..] => return None,
            _ => None,
        };
        let (low, high) = span(renumbered.as_deref().unwrap_or(national))?;
        Some((COUNTRY + low, COUNTRY + high))
    }
}
