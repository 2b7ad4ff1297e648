//! The help window: lists the keys that work now, then those that do not with the reason. The first typed letter
//! begins to filter, with or without accents.

use crate::domain::lang::Lang;
use crate::domain::text::fold;
use crate::tui::field::compose::TypingMode;
use crate::tui::field::{Field, Kind, Pressed};
use crate::tui::input::Key;
use crate::tui::keys::KeyRow;

/// The help window's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// What is typed.
    pub field: Field,
    /// First line shown.
    pub scroll: u16,
    /// Rows with their folded words, what works first.
    pub(super) rows: Vec<(KeyRow, String)>,
}

impl Help {
    /// A help window over `rows`.
    pub fn new(rows: Vec<KeyRow>, lang: Lang) -> Self {
        let mut rows: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let words = [row.caps(), row.label(lang), row.help(lang), row.heading(lang)].join(" ");
                (row, fold(&words))
            })
            .collect();
        rows.sort_by_key(|(row, _)| row.enabled.is_err());
        Self { field: Field::new(Kind::Text).max(40).placeholder("frame.help_hint"), scroll: 0, rows }
    }

    /// The rows that hold every typed word, what works first.
    pub fn found(&self) -> impl Iterator<Item = &KeyRow> {
        let typed = fold(self.field.text());
        let typed: Vec<String> = typed.split_whitespace().map(ToOwned::to_owned).collect();
        self.rows
            .iter()
            .filter(move |(_, words)| typed.iter().all(|word| words.contains(word)))
            .map(|(row, _)| row)
    }

    /// Hands a key to the field; false when the field does not take it.
    pub fn press(&mut self, key: Key, mode: TypingMode) -> bool {
        match self.field.press(key, mode) {
            Pressed::Edited => self.scroll = 0,
            Pressed::Taken => {}
            Pressed::Ignored => return false,
        }
        true
    }

    /// Pastes into the field.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.scroll = 0;
    }
}
