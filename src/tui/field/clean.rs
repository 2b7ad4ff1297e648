//! Removes characters that a field does not take.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Returns text that is safe to keep: NFC, line breaks and tabs as spaces, no invisible characters, at most three
/// marks per letter.
pub(super) fn clean(text: &str) -> String {
    let mut marks = 0;
    text.chars()
        .take(20_000)
        .filter_map(|c| if matches!(c, '\n' | '\r' | '\t') { Some(' ') } else { printable(c).then_some(c) })
        .nfd()
        .filter(|c| {
            marks = if combining(*c) { marks + 1 } else { 0 };
            marks <= 3
        })
        .nfc()
        .collect()
}

/// Whether a field takes a character: no control, bidi, tag or zero-width character.
pub(super) fn printable(c: char) -> bool {
    !(c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'))
}

pub(super) fn combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// How many combining marks the decomposed `text` ends with.
pub(super) fn marks_at_end(text: &str) -> usize {
    let Some(last) = text.graphemes(true).next_back() else { return 0 };
    last.nfd().filter(|c| combining(*c)).count()
}
