//! The Vietnamese order of people as a byte-comparable key, so that the store and the screens sort alike.
//!
//! A word is written as its letters by rank (`A`…), `!`, its tones as digits. Words of one part are joined by a
//! space, the three parts by a tab: each separator sorts before everything that may follow in its place, so a
//! prefix comes first.

use super::text;

/// The Vietnamese alphabet with the four foreign letters in their places.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

pub(super) fn sort_key(given: &str, before: &str) -> String {
    let (surname, middle) = before.split_once(' ').unwrap_or((before, ""));
    let mut key = String::with_capacity(3 * (given.len() + before.len()));
    push_words(&mut key, given);
    key.push('\t');
    push_words(&mut key, middle);
    key.push('\t');
    push_words(&mut key, surname);
    key
}

fn push_words(key: &mut String, words: &str) {
    for (at, word) in words.split_whitespace().enumerate() {
        if at > 0 {
            key.push(' ');
        }
        let (letters, tones) = text::letters(word);
        letters.chars().for_each(|c| push_letter(key, c));
        key.push('!');
        key.push_str(&tones);
    }
}

/// A letter of the alphabet by its rank; any other letter by its base; signs are passed over; what has no base
/// (other scripts, digits) comes after z.
fn push_letter(key: &mut String, c: char) {
    if let Some(rank) = ALPHABET.chars().position(|letter| letter == c) {
        key.push(char::from(b'A' + rank as u8));
    } else if c.is_alphanumeric() {
        let folded = text::fold(c.encode_utf8(&mut [0; 4]));
        let mut base =
            folded.chars().filter_map(|c| ALPHABET.chars().position(|letter| letter == c)).peekable();
        if base.peek().is_none() {
            key.push('~');
            key.push(c);
        }
        base.for_each(|rank| key.push(char::from(b'A' + rank as u8)));
    }
}
