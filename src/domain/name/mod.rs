//! People's names, Vietnamese order: họ + đệm + tên in one field.
//!
//! Invariants: a [`PersonName`] is clean text of 1–100 graphemes with at least one letter; `Debug` never shows
//! it. Deliberately absent: any guess of gender from "Thị" or "Văn", and any rule about how many words a name
//! has: one-word, H'Hen Niê and foreign names exist.

mod order;
mod query;
mod salutation;
#[cfg(test)]
mod tests;

pub use query::{NameQuery, Rank};
pub use salutation::Salutation;

use super::text;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// Longest name, in graphemes.
pub const MAX_NAME_GRAPHEMES: usize = 100;

/// A person's name as given. JSON form: a string.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("minLength" = 1, "maxLength" = MAX_NAME_GRAPHEMES))]
pub struct PersonName(String);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NameError {
    /// Nothing visible in it.
    #[error("the name is empty")]
    Empty,
    /// No letter in it.
    #[error("the name has no letter")]
    NoLetter,
    /// Longer than [`MAX_NAME_GRAPHEMES`].
    #[error("the name is longer than {MAX_NAME_GRAPHEMES} characters")]
    TooLong,
}

impl NameError {
    /// The reason's key under `refusal.field.*`.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoLetter => "unknown",
            Self::TooLong => "too_long",
        }
    }
}

impl PersonName {
    /// Cleans and checks a name as typed or imported.
    pub fn parse(raw: &str) -> Result<Self, NameError> {
        // Two more than allowed: one may be the space at the cut, which is trimmed.
        let cleaned = text::clean(raw, MAX_NAME_GRAPHEMES + 2);
        let name = if cleaned.contains(is_odd_apostrophe) {
            cleaned.replace(is_odd_apostrophe, "'")
        } else {
            cleaned
        };
        if name.is_empty() {
            Err(NameError::Empty)
        } else if name.len() > MAX_NAME_GRAPHEMES && text::clean(&name, MAX_NAME_GRAPHEMES) != name {
            Err(NameError::TooLong)
        } else if !name.chars().any(char::is_alphabetic) {
            Err(NameError::NoLetter)
        } else {
            Ok(Self(name))
        }
    }

    /// The name as kept, NFC.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives up the type, for rows and files.
    pub fn into_string(self) -> String {
        self.0
    }

    /// The given name: the last word. Agents address people by it.
    pub fn given(&self) -> &str {
        self.0.rsplit(' ').next().unwrap_or(&self.0)
    }

    /// The name without accents and apostrophes, the given name first, `hung nguyen van`: found by range scan from the
    /// first letter of the given name on. See [`NameQuery`].
    pub fn search_key(&self) -> String {
        given_first(&fold(&self.0))
    }
}

/// The signs that are typed for the apostrophe of `H'Bia`, besides `'` itself.
const fn is_odd_apostrophe(c: char) -> bool {
    matches!(c, '’' | '‘' | 'ʼ' | 'ʻ' | 'ʹ' | 'ʽ' | '‛' | '′' | '`' | '´' | '＇' | 'ꞌ')
}

const fn is_apostrophe(c: char) -> bool {
    c == '\'' || is_odd_apostrophe(c)
}

/// Folds a name for the search: without accents and without apostrophes, lower case, single spaces.
fn fold(name: &str) -> String {
    if name.contains(is_apostrophe) {
        return text::fold(&name.chars().filter(|c| !is_apostrophe(*c)).collect::<String>());
    }
    text::fold(name)
}

/// A key whose plain byte order is the Vietnamese order of people: given name (the last word), then middle names, then
/// surname; within a word first the letters (a ă â b c d đ …), then the tones.
pub fn sort_key(name: &str) -> String {
    let (before, given) = name.rsplit_once(' ').unwrap_or(("", name));
    order::sort_key(given, before)
}

/// The Vietnamese order of two people, for the columns of lists.
pub fn by_given_name(a: &str, b: &str) -> Ordering {
    sort_key(a).cmp(&sort_key(b))
}

/// Moves the last word to the front.
fn given_first(key: &str) -> String {
    match key.rsplit_once(' ') {
        Some((before, given)) => {
            let mut out = String::with_capacity(key.len());
            out.push_str(given);
            out.push(' ');
            out.push_str(before);
            out
        }
        None => key.to_owned(),
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for PersonName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
