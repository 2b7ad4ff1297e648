//! A single-line field of our own: text, caret, and the word being composed at the caret. Editing counts in
//! grapheme clusters, the view in terminal columns; the text is always NFC and free of control characters.
//!
//! Invariants: the caret stands on a grapheme boundary; the text never has more than `max` graphemes; raw keys
//! are kept only for the word at the caret ([`Word::Keys`] covers exactly `start..caret`), so people with an
//! input method of their own (bursts of Backspace and finished letters) and people without one can both type.
//! A note of several lines is the same field drawn wrapped. `Debug` shows no text.
//!
//! What a field was filled in with beforehand is selected as a whole: typing and pasting replace it, moving drops
//! the selection, erasing clears it. Ctrl-Z takes changes back, run by run.
//!
//! Deliberately absent: selecting a part of the text.

mod clean;
pub mod compose;
mod keys;
mod mask;
mod past;
mod view;

#[cfg(test)]
mod tests;

pub use keys::{EDIT_KEYS, Edit};

use super::input::Key;
use super::keys::{Hit, look_up};
use crate::domain::actor::Role;
use chrono::{NaiveDate, NaiveTime};
use clean::{clean, combining, marks_at_end, printable};
use compose::{TypingMode, compose, keys_for};
use past::{Past, Run};
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// What a field is for; decides which characters it takes and whether Telex and VNI work in it.
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
    /// `dd/MM/yyyy`; the strokes come by themselves.
    Date,
    /// `HH:mm`; the colon comes by itself.
    Time,
}

/// The word at the caret.
#[derive(Clone, PartialEq, Eq)]
enum Word {
    /// None: the next letter begins one.
    None,
    /// Composed from these keys; it stands in `start..caret`.
    Keys { start: usize, keys: String },
    /// A finished letter came from outside: everything stays as typed until the word ends.
    Literal,
}

/// What a key did to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// The text is another one now.
    Edited,
    /// Only the caret moved, or the key was taken without effect.
    Taken,
    /// The key is none of the field's business.
    Ignored,
}

/// A single-line field.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    kind: Kind,
    text: String,
    caret: usize,
    max: usize,
    word: Word,
    placeholder: Option<&'static str>,
    /// The whole text is selected.
    selected: bool,
    past: Past,
}

/// Sizes only: what people type is personal.
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

    /// This field with room for `max` graphemes.
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

    /// This field holding `text`, caret at the end. The text is selected, so that typing replaces it, unless the
    /// field is one that people go on writing in ([`Self::is_tall`]).
    #[must_use]
    pub fn holding(mut self, text: &str) -> Self {
        self.set(text);
        self.select();
        self
    }

    /// Selects the whole text of a field that is filled in beforehand; a tall one keeps its caret at the end.
    pub(super) const fn select(&mut self) {
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

    /// What the field is for.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The text, NFC.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text without spaces at its ends; `None` when nothing is left.
    pub fn value(&self) -> Option<&str> {
        let text = self.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The date, when the text is one that exists.
    pub fn date(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&self.text, "%d/%m/%Y").ok().filter(|_| self.text.len() == 10)
    }

    /// The time of day, when the text is one that exists.
    pub fn time(&self) -> Option<NaiveTime> {
        NaiveTime::parse_from_str(&self.text, "%H:%M").ok()
    }

    /// The number, when the text is one.
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

    /// Replaces the text (cleaned and cut to fit), caret at the end, nothing selected, nothing to take back.
    pub fn set(&mut self, text: &str) {
        self.clear();
        self.insert(text);
    }

    /// Empties the field; nothing can be taken back.
    pub fn clear(&mut self) {
        self.empty();
        self.past = Past::new();
    }

    fn empty(&mut self) {
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

    /// Whether the field would take `key`: a character, or a key of [`EDIT_KEYS`].
    pub fn wants(&self, key: Key) -> bool {
        key.typed().is_some() || EDIT_KEYS.iter().any(|row| row.keys.contains(&key))
    }

    /// Gives the field a key. `mode` is the session's typing mode.
    pub fn press(&mut self, key: Key, mode: TypingMode) -> Pressed {
        if let Some(c) = key.typed() {
            let run = if c.is_whitespace() { Run::Other } else { Run::Typed };
            return self.changes(run, |field| field.replace(|field| field.type_char(c, field.mode(mode))));
        }
        match look_up(EDIT_KEYS, key, self, Role::Agent) {
            Hit::Act(Edit::Undo) => self.take_back(),
            Hit::Act(edit) => {
                let run = if edit == Edit::Backspace { Run::Erased } else { Run::Other };
                self.changes(run, |field| field.edit(edit, field.mode(mode)))
            }
            Hit::Not(_) | Hit::Forbidden(_) | Hit::Unknown => Pressed::Ignored,
        }
    }

    /// Text that arrived in one piece: cleaned, NFC, cut to fit; it ends the word and replaces what is selected.
    pub fn paste(&mut self, text: &str) {
        self.changes(Run::Other, |field| field.replace(|field| field.insert(text)));
    }

    fn insert(&mut self, text: &str) {
        let room = self.max.saturating_sub(self.text.graphemes(true).count());
        // One more than fits: a mark that joins the letter before it takes no room of its own.
        for piece in clean(text).graphemes(true).take(room + 1) {
            match self.kind {
                Kind::Text | Kind::Note | Kind::Code | Kind::Phone => self.put(piece),
                Kind::Digits | Kind::Date | Kind::Time => piece.chars().for_each(|c| self.mask_char(c)),
            }
        }
        self.word = Word::None;
    }

    /// Whether letters at the caret differ from the keys typed for them, so that Ctrl-Z can give the keys back.
    pub fn composing(&self) -> bool {
        match &self.word {
            Word::Keys { start, keys } => self.text.get(*start..self.caret).is_some_and(|word| word != keys),
            Word::None | Word::Literal => false,
        }
    }

    fn changes(&mut self, run: Run, act: impl FnOnce(&mut Self)) -> Pressed {
        let before = (self.text.clone(), self.caret);
        act(self);
        if before.0 == self.text {
            self.past.pause();
            return Pressed::Taken;
        }
        self.past.note(run, before);
        Pressed::Edited
    }

    /// Lets `act` write in place of what is selected. What `act` does not take leaves everything as it is.
    fn replace(&mut self, act: impl FnOnce(&mut Self)) {
        if !self.selected {
            return act(self);
        }
        let (text, caret) = (std::mem::take(&mut self.text), self.caret);
        self.empty();
        act(self);
        if self.text.is_empty() {
            (self.text, self.caret, self.selected) = (text, caret, true);
        }
    }

    /// Gives the keys of a composed word back; where there is none, takes the last run of changes back.
    fn take_back(&mut self) -> Pressed {
        if self.composing()
            && let Word::Keys { start, keys } = std::mem::replace(&mut self.word, Word::Literal)
        {
            self.text.replace_range(start..self.caret, &keys);
            self.caret = start + keys.len();
            self.past.pause();
            return Pressed::Edited;
        }
        let Some((text, caret)) = self.past.pop() else { return Pressed::Taken };
        (self.text, self.caret, self.selected, self.word) = (text, caret, false, Word::None);
        Pressed::Edited
    }

    fn type_char(&mut self, c: char, mode: TypingMode) {
        match self.kind {
            Kind::Digits | Kind::Date | Kind::Time => return self.mask_char(c),
            Kind::Phone if !mask::phone_char(c) => return,
            Kind::Phone | Kind::Text | Kind::Note | Kind::Code => {}
        }
        if !printable(c) {
            return;
        }
        if !mode.composes(c) {
            self.put(c.encode_utf8(&mut [0; 4]));
            self.word = if c.is_ascii() || (!c.is_alphabetic() && !combining(c)) {
                Word::None
            } else {
                Word::Literal
            };
            return;
        }
        match std::mem::replace(&mut self.word, Word::None) {
            Word::Literal => {
                self.put(c.encode_utf8(&mut [0; 4]));
                self.word = Word::Literal;
            }
            Word::None if c.is_ascii_digit() => self.put(c.encode_utf8(&mut [0; 4])),
            Word::None => self.respell(self.caret, String::new(), c, mode),
            Word::Keys { start, keys } => self.respell(start, keys, c, mode),
        }
    }

    /// Adds a key to the word that begins at `start`.
    fn respell(&mut self, start: usize, keys: String, key: char, mode: TypingMode) {
        let mut longer = keys.clone();
        longer.push(key);
        let word = compose(&longer, mode);
        let old = self.text.get(start..self.caret).unwrap_or_default().graphemes(true).count();
        let room = self.max.saturating_sub(self.text.graphemes(true).count() - old);
        if word.graphemes(true).count() > room {
            self.word = Word::Keys { start, keys };
            return;
        }
        self.text.replace_range(start..self.caret, &word);
        self.caret = start + word.len();
        self.word = Word::Keys { start, keys: longer };
    }

    /// Inserts text at the caret, joined to what stands before it (NFC); nothing when it would not fit.
    fn put(&mut self, piece: &str) {
        let mut head: String = self.text[..self.caret].chars().chain(piece.chars()).nfc().collect();
        if marks_at_end(&head) > 3 {
            return;
        }
        let caret = head.len();
        head.push_str(&self.text[self.caret..]);
        if head.graphemes(true).count() > self.max {
            return;
        }
        self.text = head;
        self.caret = caret;
    }

    fn edit(&mut self, edit: Edit, mode: TypingMode) {
        if std::mem::take(&mut self.selected) {
            return self.edit_selection(edit);
        }
        match edit {
            Edit::Left => self.go(self.before(self.caret)),
            Edit::Right => self.go(self.after(self.caret)),
            Edit::WordLeft => self.go(self.word_before()),
            Edit::WordRight => self.go(self.word_after()),
            Edit::Home => self.go(0),
            Edit::End => self.go(self.text.len()),
            Edit::Backspace => self.backspace(mode),
            Edit::Delete => {
                let caret = self.caret;
                self.cut(caret, self.after(caret));
            }
            Edit::DeleteWord => self.cut(self.word_before(), self.caret),
            Edit::DeleteToStart => self.cut(0, self.caret),
            Edit::DeleteToEnd => self.cut(self.caret, self.text.len()),
            // Ctrl-Z is no change of its own: see `take_back`.
            Edit::Undo => {}
        }
    }

    /// What an editing key does to the whole text: arrows leave it at their side, erasing clears it.
    fn edit_selection(&mut self, edit: Edit) {
        match edit {
            Edit::Left | Edit::WordLeft | Edit::Home => self.go(0),
            Edit::Right | Edit::WordRight | Edit::End | Edit::Undo => self.go(self.text.len()),
            Edit::Backspace | Edit::Delete | Edit::DeleteWord | Edit::DeleteToStart | Edit::DeleteToEnd => {
                self.empty();
            }
        }
    }

    fn backspace(&mut self, mode: TypingMode) {
        if matches!(self.kind, Kind::Digits | Kind::Date | Kind::Time) {
            return self.mask_backspace();
        }
        let literal = self.word == Word::Literal;
        self.cut(self.before(self.caret), self.caret);
        if literal {
            self.word = Word::Literal;
            return;
        }
        let start = self.text[..self.caret]
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_alphabetic() || (mode == TypingMode::Vni && c.is_ascii_digit()))
            .last()
            .map_or(self.caret, |(at, _)| at);
        self.word = match self.text.get(start..self.caret) {
            None | Some("") => Word::None,
            Some(word) => keys_for(word, mode).map_or(Word::Literal, |keys| Word::Keys { start, keys }),
        };
    }

    /// Removes a stretch and leaves the caret where it began.
    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.go(from);
        if matches!(self.kind, Kind::Digits | Kind::Date | Kind::Time) {
            self.mask_again();
        }
    }

    fn go(&mut self, caret: usize) {
        self.caret = caret;
        self.word = Word::None;
    }

    fn before(&self, at: usize) -> usize {
        GraphemeCursor::new(at, self.text.len(), true)
            .prev_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(0)
    }

    fn after(&self, at: usize) -> usize {
        GraphemeCursor::new(at, self.text.len(), true)
            .next_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        let head = self.text[..self.caret].trim_end();
        head.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8())
    }

    fn word_after(&self) -> usize {
        let tail = &self.text[self.caret..];
        let blank = tail.find(char::is_whitespace).unwrap_or(tail.len());
        let next = tail[blank..].find(|c: char| !c.is_whitespace()).unwrap_or(tail.len() - blank);
        self.caret + blank + next
    }
}
