//! Widgets that several screens draw. Each is a function or struct over borrowed data and a theme, built anew for
//! every frame; only [`rows::Rows`] keeps state.

pub mod age;
pub mod bar;
pub mod caret;
pub mod list;
pub mod list_keys;
pub mod pane;
pub mod roster;
pub mod rows;
pub mod wrap;
