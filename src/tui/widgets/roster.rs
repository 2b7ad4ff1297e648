//! A cell of the roster grid: one doctor at one time. Its mark has the meaning without colour.

use super::wrap::fit;
use crate::tui::theme::{Theme, Tone};
use ratatui::style::Style;

/// What a cell of the grid is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellMark<'a> {
    /// Can be booked.
    Free,
    /// Outside the doctor's hours.
    Off,
    /// Held by a colleague who is booking: the text to show.
    Held(&'a str),
    /// Booked, and the customer not informed yet: the name.
    Booked(&'a str),
    /// Booked, and the customer informed: the name.
    Told(&'a str),
    /// Finished: the name.
    Done(&'a str),
    /// No show: the name.
    NoShow(&'a str),
}

impl CellMark<'_> {
    /// The cell's text, exactly `width` columns.
    pub fn text(self, width: usize) -> String {
        let text = match self {
            Self::Free => "·".to_owned(),
            Self::Off => "─".repeat(width.min(3)),
            Self::Held(what) => format!("▒ {what}"),
            Self::Booked(who) => format!("█ {who}"),
            Self::Told(who) => format!("█ {who} ✓"),
            Self::Done(who) => format!("■ {who}"),
            Self::NoShow(who) => format!("✗ {who}"),
        };
        fit(&text, width)
    }

    /// Its style; the cursor's cell is drawn with [`Theme::selected`] instead.
    pub const fn style(self, theme: Theme) -> Style {
        match self {
            Self::Free => theme.text(),
            Self::Off | Self::Done(_) => theme.muted(),
            Self::Held(_) => theme.tone(Tone::Warn),
            Self::Booked(_) => theme.tone(Tone::Info),
            Self::Told(_) => theme.tone(Tone::Ok),
            Self::NoShow(_) => theme.tone(Tone::Danger),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn every_cell_has_its_own_mark_and_the_asked_width() {
        let marks = [
            CellMark::Free,
            CellMark::Off,
            CellMark::Held("Thu"),
            CellMark::Booked("Thu"),
            CellMark::Told("Thu"),
            CellMark::Done("Thu"),
            CellMark::NoShow("Thu"),
        ];
        let texts: std::collections::BTreeSet<_> = marks.iter().map(|s| s.text(9)).collect();
        assert_eq!(texts.len(), marks.len());
        assert!(texts.iter().all(|t| t.width() == 9));
    }
}
