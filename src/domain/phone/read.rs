//! Reading: from text to a number or a reason. Two stages: [`scan`] reads plain ASCII in one pass; what it
//! cannot read is normalised (NFKC, invisible signs, other dashes, spreadsheet notation) and scanned again,
//! and only then is the finest reason looked for.

use super::{COUNTRY, Parsed, PhoneError, PhoneNumber, PhoneWarning, plan};
use unicode_normalization::UnicodeNormalization;

/// `0084` + `0` + ten digits of an old number: the longest single number.
const MOST_DIGITS: usize = 15;
/// Texts past this length are never one number; bounds the work on hostile cells.
const MOST_BYTES: usize = 400;
/// A run of at least this many digits may be a number of its own.
const OWN_NUMBER: usize = 7;

impl PhoneNumber {
    /// Reads what people type and spreadsheets make. Total: any text gives a number or a reason.
    pub fn parse(text: &str) -> Result<Parsed, PhoneError> {
        match scan(text.as_bytes()) {
            Ok(parsed) => Ok(parsed),
            Err(
                error @ (PhoneError::Empty
                | PhoneError::OtherCharacters
                | PhoneError::TooLong
                | PhoneError::Malformed),
            ) => reread(text, error),
            Err(error) => Err(error),
        }
    }
}

/// One pass over ASCII: digits, the separators people write, one leading plus, a spreadsheet's `.0`.
fn scan(text: &[u8]) -> Result<Parsed, PhoneError> {
    let mut digits = [0_u8; MOST_DIGITS];
    let mut len = 0;
    let mut plus = false;
    let mut dots = 0_u32;
    let mut before_dot = 0;
    for &byte in text {
        match byte {
            b'0'..=b'9' => {
                *digits.get_mut(len).ok_or(PhoneError::TooLong)? = byte - b'0';
                len += 1;
            }
            b' ' | b'\t' | b'\r' | b'\n' | b'-' | b'(' | b')' | b'[' | b']' => {}
            b'.' => {
                dots += 1;
                before_dot = len;
            }
            b'+' if len == 0 && !plus => plus = true,
            b'+' => return Err(PhoneError::Malformed),
            _ => return Err(PhoneError::OtherCharacters),
        }
    }
    let decimals = &digits[before_dot..len];
    if dots == 1 && before_dot >= 9 && (1..=2).contains(&decimals.len()) && decimals.iter().all(|d| *d == 0) {
        len = before_dot;
    }
    classify(plus, &digits[..len])
}

/// From the digits of one number, with or without an international prefix, to the number.
fn classify(plus: bool, digits: &[u8]) -> Result<Parsed, PhoneError> {
    let (international, digits) = match digits {
        [0, 0, rest @ ..] if !plus => (true, rest),
        _ => (plus, digits),
    };
    match digits {
        [] if international => Err(PhoneError::TooShort),
        [] => Err(PhoneError::Empty),
        [8, 4, 0, rest @ ..] | [8, 4, rest @ ..] if international => national(rest),
        [0, ..] if international => Err(PhoneError::Malformed),
        _ if international && digits.len() < OWN_NUMBER => Err(PhoneError::TooShort),
        _ if international => Err(PhoneError::Foreign),
        [0, rest @ ..] => national(rest),
        _ => bare(digits),
    }
}

/// Digits without any prefix: a spreadsheet dropped the zero or the plus, or it is a short number.
fn bare(digits: &[u8]) -> Result<Parsed, PhoneError> {
    match digits {
        [1, 8 | 9, 0, 0, ..] if digits.len() <= 10 => Err(PhoneError::ServiceNumber),
        _ if digits.len() == 9 => national(digits),
        [1, _, _, ..] if digits.len() == 10 => national(digits),
        [8, 4, 0, rest @ ..] | [8, 4, rest @ ..] if digits.len() >= 11 => national(rest),
        _ if digits.len() >= 10 => Err(PhoneError::TooLong),
        _ if (3..=6).contains(&digits.len()) => Err(PhoneError::ShortCode),
        _ => Err(PhoneError::TooShort),
    }
}

/// National digits without the leading zero.
fn national(digits: &[u8]) -> Result<Parsed, PhoneError> {
    match (digits, digits.len()) {
        ([1, 8 | 9, 0, 0, ..], 4..=10) => Err(PhoneError::ServiceNumber),
        (_, ..=8) => Err(PhoneError::TooShort),
        ([1, ..], 9) => Err(PhoneError::TooShort),
        ([a, b, rest @ ..], 9) => mobile(a * 10 + b, rest),
        ([1, b, c, rest @ ..], 10) => {
            let three = 100 + u16::from(*b) * 10 + u16::from(*c);
            plan::renumbered(three).map_or(Err(PhoneError::UnknownPrefix), |two| mobile(two, rest))
        }
        ([2, ..], 10) => Err(PhoneError::Landline),
        _ => Err(PhoneError::TooLong),
    }
}

/// Two prefix digits and the seven that follow.
fn mobile(two: u8, rest: &[u8]) -> Result<Parsed, PhoneError> {
    if !plan::is_mobile_prefix(two) {
        return Err(PhoneError::Landline);
    }
    let number = rest.iter().fold(i64::from(two), |sum, digit| sum * 10 + i64::from(*digit));
    let warning = (two == 31).then_some(PhoneWarning::OldHaiPhongLandline);
    Ok(Parsed { number: PhoneNumber(COUNTRY + number), warning })
}

/// The second stage: normalise, undo a spreadsheet's notation, scan again, find the finest reason.
fn reread(text: &str, first: PhoneError) -> Result<Parsed, PhoneError> {
    if text.len() > MOST_BYTES {
        return Err(first);
    }
    let text: String = text.nfkc().filter(|c| !is_invisible(*c)).map(plain_sign).collect();
    let text = text.trim();
    let text = text.strip_prefix('\'').unwrap_or(text).trim();
    if let Some(exact) = from_exponent(text) {
        return scan(exact?.as_bytes());
    }
    let decimal = without_decimals(text);
    match scan(decimal.as_bytes()) {
        Err(
            error @ (PhoneError::Empty
            | PhoneError::OtherCharacters
            | PhoneError::TooLong
            | PhoneError::Malformed),
        ) => Err(finest_reason(text, error)),
        result => result,
    }
}

/// Signs that a copied number carries unseen: zero-width, directional marks, byte-order mark, controls.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

/// Other writings of a dash, an apostrophe or a space as the ASCII one.
fn plain_sign(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '`' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// `901234567,0` as a Vietnamese spreadsheet writes a whole number.
fn without_decimals(text: &str) -> &str {
    match text.split_once(',') {
        Some((whole, zeros))
            if (9..=13).contains(&whole.len())
                && (1..=2).contains(&zeros.len())
                && zeros.bytes().all(|b| b == b'0')
                && whole.bytes().all(|b| b.is_ascii_digit()) =>
        {
            whole
        }
        _ => text,
    }
}

/// `9.01234567E8` as digits. `Some(Err(Rounded))` when the shown digits are fewer than a number needs: six or
/// fewer are what a spreadsheet shows of a longer number.
fn from_exponent(text: &str) -> Option<Result<String, PhoneError>> {
    let (mantissa, exponent) = text.split_once(['E', 'e'])?;
    let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let digits_only = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 1 || !digits_only(whole) || !digits_only(fraction) || exponent > MOST_DIGITS {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > exponent || fraction.len() < 6 {
        return Some(Err(PhoneError::Rounded));
    }
    Some(Ok(format!("{whole}{fraction:0<exponent$}")))
}

/// The reason to report for a text that could not be read.
fn finest_reason(text: &str, error: PhoneError) -> PhoneError {
    let is_separator = |c: char| matches!(c, ' ' | '.' | '-' | '(' | ')' | '[' | ']');
    let digits_of = |s: &str| s.bytes().filter(u8::is_ascii_digit).count();
    if is_several(text, digits_of) {
        return PhoneError::Several;
    }
    let is_zero_letter = |c: char| matches!(c, 'o' | 'O' | '\u{39f}' | '\u{41e}' | '\u{3bf}' | '\u{43e}');
    let digits = digits_of(text);
    let known = |c: char| c.is_ascii_digit() || is_separator(c) || c == '+';
    if digits > 0 && text.contains(is_zero_letter) && text.chars().all(|c| known(c) || is_zero_letter(c)) {
        return PhoneError::LetterForZero;
    }
    if digits == 0 && text.chars().all(|c| !c.is_alphanumeric()) {
        return PhoneError::Empty;
    }
    error
}

/// Two numbers in one cell, however they are separated: a sign or word between, a space, a dash, a second plus,
/// or nothing at all.
fn is_several(text: &str, digits_of: impl Fn(&str) -> usize) -> bool {
    let pieces = |split: &dyn Fn(char) -> bool| text.split(split).map(&digits_of).collect::<Vec<_>>();
    let own_numbers = |sizes: &[usize]| sizes.iter().filter(|n| **n >= OWN_NUMBER).count();
    let by_sign = pieces(&|c| matches!(c, '/' | '\\' | ',' | ';' | '|' | '&' | ':'));
    let whole_then_more =
        by_sign.iter().position(|n| *n >= 9).is_some_and(|at| by_sign[at + 1..].iter().any(|n| *n > 0));
    if whole_then_more
        || own_numbers(&by_sign) >= 2
        || own_numbers(&pieces(&|c| c.is_alphabetic() && !matches!(c, 'o' | 'O'))) >= 2
        || own_numbers(&pieces(&char::is_whitespace)) >= 2
        || own_numbers(&pieces(&|c| c == '-' || c == '+')) >= 2
    {
        return true;
    }
    let run: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    let is_number = |digits: &[u8]| {
        digits.len() <= MOST_DIGITS && matches!(classify(false, digits), Ok(_) | Err(PhoneError::Landline))
    };
    run.len() > MOST_DIGITS
        && (9..=run.len() - OWN_NUMBER).any(|at| is_number(&run[..at]) && is_number(&run[at..]))
}
