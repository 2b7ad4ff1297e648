//! The command palette: finds every binding row of the role by its words, with or without accents. Rows that work
//! now come first.

use crate::domain::lang::Lang;
use crate::domain::text::fold;
use crate::tui::effect::Origin;
use crate::tui::field::compose::TypingMode;
use crate::tui::field::{Field, Kind, Pressed};
use crate::tui::input::Key;
use crate::tui::keys::KeyRow;
use crate::tui::widgets::list::{Cursor, Step};

/// A command and the tab it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which tab.
    pub tab: Origin,
    /// Its row.
    pub row: KeyRow,
    /// Label in the session's language.
    pub label: String,
    /// Help sentence in the session's language.
    pub help: String,
    /// Folded words to find it by.
    words: String,
}

/// The palette's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// What is typed.
    pub field: Field,
    entries: Vec<Entry>,
    /// The cursor among the commands that were found.
    pub cursor: Cursor,
}

impl Palette {
    /// A palette over these rows, each with its tab.
    pub fn new(rows: Vec<(Origin, KeyRow)>, lang: Lang) -> Self {
        let mut entries: Vec<Entry> = rows
            .into_iter()
            .map(|(tab, row)| {
                let (label, help) = (row.label(lang), row.help(lang));
                let words = fold(&format!("{label} {help} {}", row.caps()));
                Entry { tab, row, label, help, words }
            })
            .collect();
        entries.sort_by_key(|entry| entry.row.enabled.is_err());
        Self {
            field: Field::new(Kind::Text).max(40).placeholder("frame.palette_hint"),
            entries,
            cursor: Cursor::default(),
        }
    }

    /// The commands that hold every typed word, in order.
    pub fn found(&self) -> Vec<&Entry> {
        let typed = fold(self.field.text());
        self.entries.iter().filter(|e| typed.split_whitespace().all(|w| e.words.contains(w))).collect()
    }

    /// The command under the cursor.
    pub fn chosen(&self) -> Option<&Entry> {
        self.found().get(self.cursor.0).copied()
    }

    /// Moves the cursor.
    pub fn step(&mut self, step: Step) {
        let len = self.found().len();
        self.cursor.step(step, len);
    }

    /// Pastes into the field.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.cursor = Cursor::default();
    }

    /// Hands a key to the field; false when the field does not take it.
    pub fn press(&mut self, key: Key, mode: TypingMode) -> bool {
        match self.field.press(key, mode) {
            Pressed::Edited => self.cursor = Cursor::default(),
            Pressed::Taken => {}
            Pressed::Ignored => return false,
        }
        true
    }
}
