//! The state of a field: its kind, text, caret, the word at the caret, and its past, with the reading of its value.
//! What keys do to it is in the files beside.

use super::compose::TypingMode;
use super::past::Past;
use chrono::{NaiveDate, NaiveTime};
use std::fmt;

/// The kind of a field decides which characters it takes and whether Telex and VNI work in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text.
    Text,
    /// Free text drawn over several lines.
    Note,
    /// Text that a machine wrote, such as a public key: drawn over several lines, never composed.
    Code,
    /// A phone number as people write it; never composed.
    Phone,
    /// Digits only.
    Digits,
    /// `dd/MM/yyyy`; the field inserts the slashes.
    Date,
    /// `HH:mm`; the field inserts the colon.
    Time,
}

/// The word at the caret.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// None: the next letter begins one.
    None,
    /// Composed from these keys; it is the text in `start..caret`.
    Keys { start: usize, keys: String },
    /// An input method sent a finished letter: everything stays as typed until the word ends.
    Literal,
}

/// The result of a key in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// The text changed.
    Edited,
    /// Only the caret moved, or the key was taken without effect.
    Taken,
    /// The field does not take the key.
    Ignored,
}

/// A single-line field.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) caret: usize,
    pub(super) max: usize,
    pub(super) word: Word,
    pub(super) placeholder: Option<&'static str>,
    /// The whole text is selected.
    pub(super) selected: bool,
    pub(super) past: Past,
}

/// Shows sizes only, because what people type is personal.
impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({:?}, {} bytes, caret {})", self.kind, self.text.len(), self.caret)
    }
}

impl Field {
    /// An empty field.
    pub const fn new(kind: Kind) -> Self {
        let max = match kind {
            Kind::Text => 100,
            Kind::Note | Kind::Code => 1000,
            Kind::Phone => 24,
            Kind::Digits => 12,
            Kind::Date => 10,
            Kind::Time => 5,
        };
        Self {
            kind,
            text: String::new(),
            caret: 0,
            max,
            word: Word::None,
            placeholder: None,
            selected: false,
            past: Past::new(),
        }
    }

    /// This field with at most `max` graphemes.
    #[must_use]
    pub const fn max(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    /// This field with a locale key to show while it is empty.
    #[must_use]
    pub const fn placeholder(mut self, key: &'static str) -> Self {
        self.placeholder = Some(key);
        self
    }

    /// This field with `text` and the caret at its end. The text is selected, so that typing replaces it, unless the
    /// field is one in which people continue a text ([`Self::is_tall`]).
    #[must_use]
    pub fn holding(mut self, text: &str) -> Self {
        self.set(text);
        self.select();
        self
    }

    /// Selects the whole text of a field that is filled in beforehand; a tall one keeps its caret at the end.
    pub(in crate::tui) const fn select(&mut self) {
        self.selected = !self.text.is_empty() && !self.is_tall();
    }

    /// Whether the text is selected: the next letter replaces it.
    pub const fn is_selected(&self) -> bool {
        self.selected
    }

    /// Whether it takes several lines on the screen.
    pub const fn is_tall(&self) -> bool {
        matches!(self.kind, Kind::Note | Kind::Code)
    }

    /// The kind of the field.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The text, NFC.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text without spaces at its ends; none when nothing remains.
    pub fn value(&self) -> Option<&str> {
        let text = self.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The date; none when the text is no existing date.
    pub fn date(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&self.text, "%d/%m/%Y").ok().filter(|_| self.text.len() == 10)
    }

    /// The time of day; none when the text is no existing time.
    pub fn time(&self) -> Option<NaiveTime> {
        NaiveTime::parse_from_str(&self.text, "%H:%M").ok()
    }

    /// The number; none when the text is no number.
    pub fn number(&self) -> Option<i64> {
        self.text.trim().parse().ok()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The caret as a byte offset into [`Self::text`].
    pub const fn caret(&self) -> usize {
        self.caret
    }

    /// Replaces the text, cleaned and cut to fit. The caret is at the end, nothing is selected, and there is nothing
    /// to undo.
    pub fn set(&mut self, text: &str) {
        self.clear();
        self.insert(text);
    }

    /// Empties the field; there is nothing to undo.
    pub fn clear(&mut self) {
        self.empty();
        self.past = Past::new();
    }

    pub(super) fn empty(&mut self) {
        self.text.clear();
        self.caret = 0;
        self.word = Word::None;
        self.selected = false;
    }

    /// The typing mode that works in this field when the session's is `mode`.
    pub const fn mode(&self, mode: TypingMode) -> TypingMode {
        match self.kind {
            Kind::Text | Kind::Note => mode,
            Kind::Code | Kind::Phone | Kind::Digits | Kind::Date | Kind::Time => TypingMode::Off,
        }
    }
}
