//! The editing keys of every field.

use super::state::Field;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::Binding;

/// What an editing key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// One grapheme to the left.
    Left,
    /// One grapheme to the right.
    Right,
    /// To the start of the word.
    WordLeft,
    /// To the start of the next word.
    WordRight,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// Removes the grapheme on the left.
    Backspace,
    /// Removes the grapheme on the right.
    Delete,
    /// Removes the word on the left.
    DeleteWord,
    /// Removes everything on the left.
    DeleteToStart,
    /// Removes everything on the right.
    DeleteToEnd,
    /// Restores the typed keys of the composed word, or undoes the last change.
    Undo,
}

const PLACE: &str = "field";

/// The editing keys of every field.
pub const EDIT_KEYS: &[Binding<Edit, Field>] = &[
    Binding::new(PLACE, "field.left", &[Key::plain(KeyCode::Left)], Edit::Left).quiet(),
    Binding::new(PLACE, "field.right", &[Key::plain(KeyCode::Right)], Edit::Right).quiet(),
    Binding::new(PLACE, "field.word_left", &[Key::plain(KeyCode::Left).with_ctrl()], Edit::WordLeft).quiet(),
    Binding::new(PLACE, "field.word_right", &[Key::plain(KeyCode::Right).with_ctrl()], Edit::WordRight)
        .quiet(),
    Binding::new(PLACE, "field.home", &[Key::plain(KeyCode::Home), Key::ctrl('a')], Edit::Home).quiet(),
    Binding::new(PLACE, "field.end", &[Key::plain(KeyCode::End), Key::ctrl('e')], Edit::End).quiet(),
    // Some terminals send Ctrl-H for Backspace.
    Binding::new(
        PLACE,
        "field.backspace",
        &[Key::plain(KeyCode::Backspace), Key::ctrl('h')],
        Edit::Backspace,
    )
    .quiet(),
    Binding::new(PLACE, "field.delete", &[Key::plain(KeyCode::Delete)], Edit::Delete).quiet(),
    Binding::new(
        PLACE,
        "field.delete_word",
        &[
            Key::ctrl('w'),
            Key::plain(KeyCode::Backspace).with_alt(),
            Key::plain(KeyCode::Backspace).with_ctrl(),
        ],
        Edit::DeleteWord,
    )
    .quiet(),
    Binding::new(PLACE, "field.delete_to_start", &[Key::ctrl('u')], Edit::DeleteToStart).quiet(),
    Binding::new(PLACE, "field.delete_to_end", &[Key::ctrl('k')], Edit::DeleteToEnd).quiet(),
    Binding::new(PLACE, "field.raw", &[Key::ctrl('z')], Edit::Undo).quiet(),
];
