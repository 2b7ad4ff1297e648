//! Text as it comes from people, files and remote terminals, made safe to keep and to draw: NFC, nothing
//! invisible, no terminal controls, bounded. Also the two keys that Vietnamese text is found by.
//!
//! Invariants: [`clean`], [`clean_multiline`] and [`fold`] are idempotent; what [`clean`] returns draws in
//! [`columns`] columns and moves no cursor. Vietnamese letters take a fast path, for names stand on the import
//! path. Deliberately absent: what a name or a note must be; see `name` and the use cases.

mod key;
#[cfg(test)]
mod tests;

pub(super) use key::letters;
pub use key::{accent_fold, fold, without_accents};

use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Marks kept on one base letter; Vietnamese needs two.
const MOST_MARKS: usize = 3;
/// Characters looked at for each grapheme wanted; bounds the work on hostile input.
const CHARS_PER_GRAPHEME: usize = 32;

/// One line of text: NFC, controls, escape sequences and invisible characters gone, white space collapsed to
/// single spaces, at most three marks on a letter, at most `max_graphemes` graphemes.
pub fn clean(text: &str, max_graphemes: usize) -> String {
    clean_plain(text, max_graphemes).unwrap_or_else(|| {
        let line = visible(text, max_graphemes, |_| ' ');
        let mut words = String::with_capacity(line.len());
        push_line(&mut words, &line);
        cap(words, max_graphemes)
    })
}

/// Like [`clean`], but lines stay lines: `\n` between them, at most one empty line in a row.
pub fn clean_multiline(text: &str, max_graphemes: usize) -> String {
    let text = text.replace("\r\n", "\n");
    let visible = visible(&text, max_graphemes, |c| {
        if matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') { '\n' } else { ' ' }
    });
    let mut out = String::with_capacity(visible.len());
    let mut empty = 0;
    for line in visible.split('\n') {
        let start = out.len();
        if start > 0 {
            out.extend(std::iter::repeat_n('\n', 1 + empty));
        }
        let before = out.len();
        push_line(&mut out, line);
        if out.len() == before {
            out.truncate(start);
            empty = 1;
        } else {
            empty = 0;
        }
    }
    cap(out, max_graphemes)
}

/// Columns of a terminal that the text takes, counted by grapheme clusters.
pub fn columns(text: &str) -> usize {
    if text.chars().all(is_plain) {
        return text.chars().count();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text cut to at most `max` columns, with `…` in the last one when something was cut.
pub fn truncate_columns(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max || columns(text) <= max {
        return Cow::Borrowed(text);
    }
    let Some(room) = max.checked_sub(1) else { return Cow::Borrowed("") };
    let mut used = 0;
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        used += columns(grapheme);
        if used > room {
            break;
        }
        out.push_str(grapheme);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    Cow::Owned(out)
}

/// Visible, one column wide, never composing with its neighbours: ASCII, Latin letters, all of Vietnamese.
const fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}')
}

/// The common case in one pass; `None` when a character needs the long way.
fn clean_plain(text: &str, max_graphemes: usize) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut room = max_graphemes;
    let mut gap = false;
    for c in text.chars() {
        if c == ' ' {
            gap = true;
        } else if is_plain(c) {
            let needed = 1 + usize::from(gap && !out.is_empty());
            if room < needed {
                break;
            }
            room -= needed;
            if needed == 2 {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else {
            return None;
        }
    }
    Some(out)
}

/// Characters that draw nothing themselves but change, hide or reorder what is drawn around them.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Where in a terminal's escape sequence the reader stands.
enum Escape {
    Outside,
    Begun,
    Control,
    Text,
}

/// What a person would see, as NFC with bounded marks; white space goes through `space`.
fn visible(text: &str, max_graphemes: usize, space: impl Fn(char) -> char) -> String {
    let mut state = Escape::Outside;
    let seen = text.chars().filter_map(|c| {
        state = match (&state, c) {
            (_, '\u{1b}') => Escape::Begun,
            (_, '\u{9b}') => Escape::Control,
            (_, '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}') => Escape::Text,
            (Escape::Begun, '[') => Escape::Control,
            (Escape::Begun, ']' | 'P' | 'X' | '^' | '_') => Escape::Text,
            (Escape::Begun, ' '..='/') => return None,
            (Escape::Control, ' '..='?') => return None,
            (Escape::Begun, '0'..='~')
            | (Escape::Control, '@'..='~')
            | (Escape::Text, '\u{7}' | '\u{9c}') => {
                state = Escape::Outside;
                return None;
            }
            (Escape::Text, c) if c != '\n' => return None,
            _ => {
                state = Escape::Outside;
                return if c.is_whitespace() {
                    Some(space(c))
                } else {
                    (!c.is_control() && !is_invisible(c)).then_some(c)
                };
            }
        };
        None
    });
    let mut marks = MOST_MARKS;
    seen.nfc()
        .take(max_graphemes.saturating_mul(CHARS_PER_GRAPHEME))
        .filter(|c| {
            marks = match (is_combining_mark(*c), c.is_whitespace()) {
                (true, _) => marks + 1,
                (false, true) => MOST_MARKS,
                (false, false) => 0,
            };
            marks == 0 || !is_combining_mark(*c) || marks <= MOST_MARKS
        })
        .collect()
}

/// Appends the words of `line` with single spaces between them.
fn push_line(out: &mut String, line: &str) {
    let start = out.len();
    for word in line.split_whitespace() {
        if out.len() > start {
            out.push(' ');
        }
        out.push_str(word);
    }
}

fn cap(mut text: String, max_graphemes: usize) -> String {
    if let Some((end, _)) = text.grapheme_indices(true).nth(max_graphemes) {
        text.truncate(end);
        text.truncate(text.trim_end().len());
    }
    text
}
