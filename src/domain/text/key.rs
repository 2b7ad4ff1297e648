//! The two comparison keys: folded (without accents) and accent-sensitive (with every tone moved to
//! the end of its word, so that old and new tone placement agree).

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Precomposed Latin letters that the table covers: U+00C0–U+024F, then U+1E00–U+1EFF.
const FIRST: u32 = 0xC0;
const FIRST_LEN: usize = 0x250 - 0xC0;
const SECOND: u32 = 0x1E00;
const SECOND_LEN: usize = 0x100;

/// What each covered letter folds to; `None` when that is not exactly one letter. Computed from the Unicode
/// data, so that the fast path cannot drift from the long way.
static TABLE: LazyLock<[Option<char>; FIRST_LEN + SECOND_LEN]> = LazyLock::new(|| {
    std::array::from_fn(|at| {
        let code = if at < FIRST_LEN { FIRST + at as u32 } else { SECOND + (at - FIRST_LEN) as u32 };
        let folded = fold_long(&char::from_u32(code)?.to_string());
        let mut letters = folded.chars();
        letters.next().filter(|_| letters.next().is_none())
    })
});

/// The search key: decomposed, marks U+0300–U+036F dropped, đ as d, lower case, single spaces.
pub fn fold(text: &str) -> String {
    let table = &*TABLE;
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        let folded = match u32::from(c) {
            0x20 => {
                gap = true;
                continue;
            }
            0x21..=0x7e => c.to_ascii_lowercase(),
            0x300..=0x36f => continue,
            code => {
                let at = if code >= SECOND {
                    (code - SECOND) as usize + FIRST_LEN
                } else {
                    code.wrapping_sub(FIRST) as usize
                };
                match table.get(at) {
                    Some(Some(folded)) if covers(code) => *folded,
                    _ => return fold_long(text),
                }
            }
        };
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(folded);
    }
    out
}

/// The text without accents: marks U+0300–U+036F dropped and đ as d, everything else as it was. For messages in the
/// alphabet of short messages.
pub fn without_accents(text: &str) -> String {
    text.nfd()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}'))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            '–' | '—' => '-',
            '’' | '‘' => '\'',
            '“' | '”' => '"',
            other => other,
        })
        .collect()
}

const fn covers(code: u32) -> bool {
    matches!(code, 0xC0..0x250 | 0x1E00..0x1F00)
}

/// [`fold`] for any text.
pub(super) fn fold_long(text: &str) -> String {
    let folded = text
        .nfd()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}'))
        .map(|c| if matches!(c, 'đ' | 'Đ') { 'd' } else { c })
        .flat_map(char::to_lowercase);
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in folded {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// The accent-sensitive key: lower case, letters with their quality (ă â đ ê ô ơ ư), and the tones of each word
/// as digits behind it (1 huyền, 2 hỏi, 3 ngã, 4 sắc, 5 nặng), so that `hoà` and `hòa` are both `hoa1`.
pub fn accent_fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        let (letters, tones) = letters(word);
        out.push_str(&letters);
        out.push_str(&tones);
    }
    out
}

/// A word's lower-case letters with their quality but without tones, and its tones as digits in their order.
pub(in crate::domain) fn letters(word: &str) -> (String, String) {
    let mut tones = String::new();
    let mut base = ' ';
    let letters = word
        .nfd()
        .flat_map(char::to_lowercase)
        .filter(|c| match tone(*c) {
            Some(digit) if matches!(base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y') => {
                tones.push(digit);
                false
            }
            _ => {
                if !unicode_normalization::char::is_combining_mark(*c) {
                    base = *c;
                }
                true
            }
        })
        .nfc()
        .collect();
    (letters, tones)
}

/// The digit of a tone mark, in the alphabet's order of tones; `None` for any other character.
const fn tone(mark: char) -> Option<char> {
    match mark {
        '\u{300}' => Some('1'),
        '\u{309}' => Some('2'),
        '\u{303}' => Some('3'),
        '\u{301}' => Some('4'),
        '\u{323}' => Some('5'),
        _ => None,
    }
}
