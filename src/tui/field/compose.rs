//! Composes Vietnamese from Telex and VNI keys. The `vi` crate spells a word, but alone it loses letters; so every
//! key composes the word anew from all its keys in lower case, and the case of the keys is restored afterwards.
//!
//! Words of highland names that `vi` does not know are spelt in [`highland`](super::highland).
//!
//! Invariants:
//! * no key is lost: a mark that `vi` would drop, or a digit that changed nothing, ends the composition and stays
//!   as typed;
//! * the result is NFC;
//! * tone marks are in the traditional position (`hòa`, `thủy`).

use super::highland::{Input, spell};
use unicode_normalization::UnicodeNormalization;
use vi::methods::IncrementalBuffer;
use vi::processor::AccentStyle;
use vi::validation::is_valid_syllable;

/// How letters become Vietnamese while they are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TypingMode {
    /// `vieejt` → việt.
    #[default]
    Telex,
    /// `vie65t` → việt.
    Vni,
    /// As typed, for people whose system has an input method.
    Off,
}

impl TypingMode {
    /// The next mode of Ctrl-T.
    pub const fn next(self) -> Self {
        match self {
            Self::Telex => Self::Vni,
            Self::Vni => Self::Off,
            Self::Off => Self::Telex,
        }
    }

    /// The name on the status line.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Telex => "TELEX",
            Self::Vni => "VNI",
            Self::Off => "ABC",
        }
    }

    /// Whether `key` can belong to a word that is being composed.
    pub const fn composes(self, key: char) -> bool {
        match self {
            Self::Telex => key.is_ascii_alphabetic(),
            Self::Vni => key.is_ascii_alphanumeric(),
            Self::Off => false,
        }
    }
}

/// More keys than the longest syllable needs; further keys stay as typed.
const MAX_KEYS: usize = 14;

/// The word that `keys` (ASCII) spell in `mode`.
pub fn compose(keys: &str, mode: TypingMode) -> String {
    let (definition, input) = match mode {
        TypingMode::Telex => (&vi::TELEX, Input::Telex),
        TypingMode::Vni => (&vi::VNI, Input::Vni),
        TypingMode::Off => return keys.to_owned(),
    };
    let lower = keys.to_ascii_lowercase();
    if lower.len() <= MAX_KEYS
        && let Some(word) = spell(&lower, input)
    {
        return with_case(&word, keys);
    }
    let mut buffer = IncrementalBuffer::new_with_style(definition, AccentStyle::Old);
    let mut done = String::new();
    let mut used = 0;
    for key in lower.chars() {
        let typed = &lower[..used + key.len_utf8()];
        if used < MAX_KEYS && repeats_horn(&lower[..used], key, &done, mode) {
            used = typed.len();
            continue;
        }
        let undone = {
            let result = buffer.push(key);
            result.tone_mark_removed || result.letter_modification_removed
        };
        let next: String = buffer.view().nfc().collect();
        if used == MAX_KEYS || !keeps_all(&done, &next, typed, undone) {
            break;
        }
        done = next;
        used = typed.len();
    }
    done.push_str(&lower[used..]);
    if number_like(&lower) && same_letters(&done, &lower) {
        done = lower;
    }
    with_case(&done, keys)
}

/// Whether `key` is the second horn of `ươ`, typed after the first one served both letters: people write `truwongw` as
/// well as `truwowng` and `truongw`.
fn repeats_horn(before: &str, key: char, done: &str, mode: TypingMode) -> bool {
    let (horn, first) = match mode {
        TypingMode::Telex => ('w', "uwo"),
        TypingMode::Vni => ('7', "u7o"),
        TypingMode::Off => return false,
    };
    key == horn
        && before.contains(first)
        && before.chars().filter(|c| *c == horn).count() == 1
        && without_tone(done).nfc().collect::<String>().contains("ươ")
}

/// Whether the last of the `typed` keys turns `before` into `after` without losing a letter.
fn keeps_all(before: &str, after: &str, typed: &str, undone: bool) -> bool {
    if undone {
        // A mark may be removed on purpose (`ass`, `aaa`, `toans` + `z`), a letter may not.
        let (had, has) = (before.chars().count(), after.chars().count());
        let grows = has == had + 1 || (has == had && typed.ends_with(['z', '0']));
        return typed.ends_with("ww") || (grows && made_of(after, typed));
    }
    let literal = after.strip_prefix(before).is_some_and(|rest| rest.len() == 1);
    after != before && (literal || (marks(after) >= marks(before) && is_valid_syllable(after)))
}

/// Whether each letter of `word` has a key that made it, in order.
fn made_of(word: &str, keys: &str) -> bool {
    let mut rest = keys.chars();
    word.chars().all(|letter| {
        let base = base(letter);
        rest.any(|key| key == base || (is_horned_u(letter) && key == 'w'))
    })
}

/// How many marks (tones, circumflexes, horns, breves, strokes) are in `text`.
fn marks(text: &str) -> usize {
    text.nfd().filter(|c| is_mark(*c) || *c == 'đ').count()
}

/// Whether a decomposed character is a combining mark.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Letters and then only digits, at least two of them: `a10`.
fn number_like(keys: &str) -> bool {
    let digits = keys.len() - keys.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    digits >= 2 && digits < keys.len()
}

/// Whether the composition is just the letters of `keys` without the digits.
fn same_letters(done: &str, keys: &str) -> bool {
    done == keys.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// Restores the case of `keys` in `word`: each letter takes the case of the key that made it.
fn with_case(word: &str, keys: &str) -> String {
    if !keys.bytes().any(|b| b.is_ascii_uppercase()) {
        return word.to_owned();
    }
    let mut rest = keys.chars();
    let mut upper = false;
    let mut cased = String::with_capacity(word.len());
    for letter in word.chars() {
        let base = base(letter);
        let mut ahead = rest.clone();
        if let Some(key) = ahead.find(|k| {
            let k = k.to_ascii_lowercase();
            k == base || (is_horned_u(letter) && k == 'w')
        }) {
            upper = key.is_ascii_uppercase();
            rest = ahead;
        }
        if upper {
            cased.extend(letter.to_uppercase());
        } else {
            cased.push(letter);
        }
    }
    cased
}

/// The ASCII letter under the marks.
fn base(letter: char) -> char {
    if letter == 'đ' { 'd' } else { letter.nfd().next().unwrap_or(letter) }
}

/// `ư` in any tone: it can come from a `w` alone.
fn is_horned_u(letter: char) -> bool {
    base(letter) == 'u' && letter.nfd().any(|c| c == '\u{31b}')
}

/// Combining marks and the keys that set them.
type MarkKeys = &'static [(char, char)];

/// Returns keys that spell `word`, to continue after a Backspace: letters first, then the other marks, then the tone.
/// None when no keys spell it, so that it must stay as it is.
pub fn keys_for(word: &str, mode: TypingMode) -> Option<String> {
    let (letter_keys, tone_keys): (MarkKeys, MarkKeys) = match mode {
        TypingMode::Telex => (
            &[('\u{306}', 'w'), ('\u{31b}', 'w')],
            &[('\u{301}', 's'), ('\u{300}', 'f'), ('\u{309}', 'r'), ('\u{303}', 'x'), ('\u{323}', 'j')],
        ),
        TypingMode::Vni => (
            &[('\u{302}', '6'), ('\u{31b}', '7'), ('\u{306}', '8')],
            &[('\u{301}', '1'), ('\u{300}', '2'), ('\u{309}', '3'), ('\u{303}', '4'), ('\u{323}', '5')],
        ),
        TypingMode::Off => return None,
    };
    let mut keys = String::new();
    let mut tone = None;
    for letter in word.chars() {
        let lower = letter.to_lowercase().next()?;
        let base = base(lower);
        if !mode.composes(base) {
            return None;
        }
        let cased = |c: char| if letter.is_uppercase() { c.to_ascii_uppercase() } else { c };
        keys.push(cased(base));
        if lower == 'đ' {
            keys.push(cased(if mode == TypingMode::Vni { '9' } else { 'd' }));
        }
        for mark in lower.nfd().skip(1) {
            if let Some((_, key)) = tone_keys.iter().find(|(m, _)| *m == mark) {
                tone = Some(cased(*key));
            } else if let Some((_, key)) = letter_keys.iter().find(|(m, _)| *m == mark) {
                keys.push(cased(*key));
            } else if mark == '\u{302}' && mode == TypingMode::Telex {
                keys.push(cased(base));
            } else {
                return None;
            }
        }
    }
    keys.extend(tone);
    let spelt = compose(&keys, mode);
    (without_tone(&spelt) == without_tone(word) && tone_of(&spelt) == tone_of(word)).then_some(keys)
}

/// `word` without its tone; circumflexes, horns and breves stay.
fn without_tone(word: &str) -> String {
    word.nfd().filter(|c| !is_tone(*c)).collect()
}

/// The tone of `word`, on whichever letter it is.
fn tone_of(word: &str) -> Option<char> {
    word.nfd().find(|c| is_tone(*c))
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}
