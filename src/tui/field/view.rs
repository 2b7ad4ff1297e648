//! Draws a field: one line that scrolls by columns, or a note wrapped over several. The terminal's cursor is set at
//! the caret, so that input methods open beside it.

use super::state::Field;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::widgets::wrap::wrap;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

impl Field {
    /// Draws the field into `area`, with the caret when it has the focus.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool) {
        if area.is_empty() {
            return;
        }
        // While a window is over the field, the window has the keys.
        let focused = focused && !ctx.is_under_window();
        let style = if focused { ctx.theme.input_focus() } else { ctx.theme.input() };
        frame.buffer_mut().set_style(area, style);
        if self.text.is_empty() {
            if let Some(key) = self.placeholder {
                let ghost =
                    Line::styled(word(key, ctx.lang), ctx.theme.placeholder().patch(dim_background(style)));
                frame.render_widget(ghost, area);
            }
            if focused {
                frame.set_cursor_position(Position::new(area.x, area.y));
            }
        } else if self.is_tall() && area.height > 1 {
            self.view_note(frame, area, focused);
        } else {
            self.view_line(frame, area, ctx, focused);
        }
    }

    fn view_line(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool) {
        let width = usize::from(area.width);
        let caret = if focused { self.text[..self.caret].width() } else { 0 };
        let skip = (caret + 1).saturating_sub(width);
        let (mut at, mut shown, mut shift) = (0, String::new(), 0);
        for piece in self.text.graphemes(true) {
            let columns = piece.width();
            if at < skip {
                at += columns;
                shift = at;
                continue;
            }
            if at - shift + columns > width {
                break;
            }
            shown.push_str(piece);
            at += columns;
        }
        if shift > 0 {
            replace_first(&mut shown, "‹");
        }
        let chosen = focused && self.selected;
        let style = if chosen { ctx.theme.selected() } else { ratatui::style::Style::new() };
        frame.render_widget(Span::styled(shown, style), area);
        if focused {
            let x = (caret.saturating_sub(shift)).min(width - 1) as u16;
            frame.set_cursor_position(Position::new(area.x + x, area.y));
        }
    }

    fn view_note(&self, frame: &mut Frame, area: Rect, focused: bool) {
        let rows = wrap(&self.text, usize::from(area.width).max(2) - 1);
        let row = rows.iter().rposition(|r| r.start <= self.caret).unwrap_or(0);
        let first = if focused { (row + 1).saturating_sub(usize::from(area.height)) } else { 0 };
        let lines: Vec<Line> = rows
            .iter()
            .skip(first)
            .take(usize::from(area.height))
            .map(|r| Line::raw(self.text[r.clone()].trim_end()))
            .collect();
        frame.render_widget(Paragraph::new(lines), area);
        if focused {
            let start = rows.get(row).map_or(0, |r| r.start);
            let x = self.text[start..self.caret].width().min(usize::from(area.width) - 1) as u16;
            frame.set_cursor_position(Position::new(area.x + x, area.y + (row - first) as u16));
        }
    }
}

/// Keeps the background of the field under the placeholder.
fn dim_background(style: ratatui::style::Style) -> ratatui::style::Style {
    style.bg.map_or_else(ratatui::style::Style::new, |bg| ratatui::style::Style::new().bg(bg))
}

/// Draws a mark over the first grapheme: there is more text to the left.
fn replace_first(text: &mut String, mark: &str) {
    if let Some(first) = text.graphemes(true).next() {
        let (bytes, columns) = (first.len(), first.width());
        text.replace_range(..bytes, &format!("{mark}{}", " ".repeat(columns.saturating_sub(1))));
    }
}
