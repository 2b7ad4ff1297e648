//! A text field: text, caret, and the word that is being composed at the caret. A note of several lines is the same
//! field drawn wrapped.
//!
//! The text that a field is filled in with is selected as a whole: typing and pasting replace it, moving drops the
//! selection, erasing clears it. Ctrl-Z undoes changes run by run.
//!
//! Invariants:
//! * editing counts in grapheme clusters, drawing in terminal columns;
//! * the text is NFC, free of control characters, and at most `max` graphemes long;
//! * the caret is on a grapheme boundary;
//! * raw keys are kept only for the word at the caret ([`Word::Keys`] covers exactly `start..caret`), so that people
//!   with an input method of their system (Backspaces and finished letters in one burst) can type as well;
//! * `Debug` shows no text.
//!
//! Deliberately absent: selecting a part of the text.

mod clean;
pub mod compose;
mod highland;
mod keys;
mod mask;
mod past;
mod state;
mod view;

#[cfg(test)]
mod tests;

pub use keys::{EDIT_KEYS, Edit};
pub use state::{Field, Kind, Pressed};

use super::input::Key;
use super::keys::{Hit, look_up};
use crate::domain::actor::Role;
use clean::{clean, combining, marks_at_end, printable};
use compose::{TypingMode, compose, keys_for};
use past::Run;
use state::Word;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

impl Field {
    /// Whether the field would take `key`: a character, or a key of [`EDIT_KEYS`].
    pub fn wants(&self, key: Key) -> bool {
        key.typed().is_some() || EDIT_KEYS.iter().any(|row| row.keys.contains(&key))
    }

    /// Hands the field a key. `mode` is the session's typing mode.
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

    /// Pastes text, cleaned and cut to fit; it ends the composed word and replaces the selection.
    pub fn paste(&mut self, text: &str) {
        self.changes(Run::Other, |field| field.replace(|field| field.insert(text)));
    }

    fn insert(&mut self, text: &str) {
        let room = self.max.saturating_sub(self.text.graphemes(true).count());
        // One character more than fits, because a mark that joins the letter before it is no grapheme of its own.
        for piece in clean(text).graphemes(true).take(room + 1) {
            match self.kind {
                Kind::Text | Kind::Note | Kind::Code | Kind::Phone => self.put(piece),
                Kind::Digits | Kind::Date | Kind::Time => piece.chars().for_each(|c| self.mask_char(c)),
            }
        }
        self.word = Word::None;
    }

    /// Whether letters at the caret differ from the keys typed for them, so that Ctrl-Z can restore the keys.
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

    /// Lets `act` replace the selection. When `act` takes nothing, everything stays as it is.
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

    /// Restores the keys of a composed word; when there is none, undoes the last run of changes.
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

    /// Inserts text at the caret and composes it with the text before it (NFC); does nothing when it does not fit.
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
            // Ctrl-Z makes no change that could be undone: see `take_back`.
            Edit::Undo => {}
        }
    }

    /// Applies an editing key to a selected text: arrows move the caret to their end, erasing clears the text.
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

    /// Removes a range and leaves the caret at its start.
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
