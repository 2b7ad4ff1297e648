//! Draws lists and tables with a cursor. Which rows are visible follows from cursor, length and height alone, so that
//! drawing and clicking agree without kept state.

use super::caret;
use super::wrap::{fit, shorten};
use crate::tui::ctx::Ctx;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor(pub usize);

/// A movement of a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// One up.
    Up,
    /// One down.
    Down,
    /// Ten up.
    PageUp,
    /// Ten down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
}

const PAGE: usize = 10;

impl Cursor {
    /// Moves within a list of `len` rows.
    pub const fn step(&mut self, step: Step, len: usize) {
        self.0 = match step {
            Step::Up => self.0.saturating_sub(1),
            Step::Down => self.0 + 1,
            Step::PageUp => self.0.saturating_sub(PAGE),
            Step::PageDown => self.0 + PAGE,
            Step::First => 0,
            Step::Last => len,
        };
        self.clamp(len);
    }

    /// Keeps the cursor inside a list that changed.
    pub const fn clamp(&mut self, len: usize) {
        if self.0 >= len {
            self.0 = len.saturating_sub(1);
        }
    }
}

/// The first row shown of `len` rows in `height` lines, the cursor kept near the middle.
pub const fn first_shown(cursor: usize, len: usize, height: usize) -> usize {
    let middle = cursor.saturating_sub(height / 2);
    let last_page = len.saturating_sub(height);
    if middle < last_page { middle } else { last_page }
}

/// The row of a list drawn in `area` that a click at screen row `row` means.
pub const fn row_at(area: Rect, row: u16, cursor: usize, len: usize) -> Option<usize> {
    if row < area.y || row >= area.y + area.height {
        return None;
    }
    let at = first_shown(cursor, len, area.height as usize) + (row - area.y) as usize;
    if at < len { Some(at) } else { None }
}

/// Draws rows; while the list is `focused` the cursor's row is marked `▌`, and the terminal's cursor stands there. A
/// thin mark at the right edge shows that there is more.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, rows: &[Line], cursor: Cursor, focused: bool) {
    let height = usize::from(area.height);
    let first = first_shown(cursor.0, rows.len(), height);
    for (i, row) in rows.iter().enumerate().skip(first).take(height) {
        let place = Rect { y: area.y + (i - first) as u16, height: 1, ..area };
        let chosen = focused && i == cursor.0;
        if chosen {
            frame.buffer_mut().set_style(place, ctx.theme.selected());
            frame.render_widget(Span::styled("▌", ctx.theme.focus()), place);
            caret::stand(frame, ctx, place, (0, 0));
        }
        // One column for the mark of the cursor, one for the marks of more.
        let body = Rect { x: place.x + 1.min(place.width), width: place.width.saturating_sub(2), ..place };
        frame.render_widget(row, body);
        if chosen {
            let style = Style { fg: None, ..ctx.theme.selected() };
            frame.buffer_mut().set_style(body, style);
        }
    }
    more(frame, area, ctx, first, rows.len());
}

/// Marks at the right edge: more above, more below.
fn more(frame: &mut Frame, area: Rect, ctx: &Ctx, first: usize, len: usize) {
    let edge = Rect {
        x: area.right().saturating_sub(1),
        width: 1.min(area.width),
        height: 1.min(area.height),
        ..area
    };
    if first > 0 {
        frame.render_widget(Span::styled("↑", ctx.theme.muted()), edge);
    }
    if first + usize::from(area.height) < len {
        let last = Rect { y: area.bottom().saturating_sub(1), ..edge };
        frame.render_widget(Span::styled("↓", ctx.theme.muted()), last);
    }
}

/// On which side the text of a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Text.
    Left,
    /// Figures.
    Right,
}

/// A column: heading, columns of the terminal (0: what is left over, shared), side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Terminal columns; 0 takes a share of what is left over.
    pub width: u16,
    /// Side.
    pub side: Side,
}

impl Column {
    /// A column of text.
    pub fn left(title: impl Into<String>, width: u16) -> Self {
        Self { title: title.into(), width, side: Side::Left }
    }

    /// A column of figures.
    pub fn right(title: impl Into<String>, width: u16) -> Self {
        Self { title: title.into(), width, side: Side::Right }
    }
}

/// The widths that the columns get in `total` terminal columns, one blank between them.
fn widths(columns: &[Column], total: u16) -> Vec<u16> {
    let fixed: u16 = columns.iter().map(|c| c.width).sum();
    let shares = columns.iter().filter(|c| c.width == 0).count() as u16;
    let gaps = (columns.len() as u16).saturating_sub(1);
    let rest = total.saturating_sub(fixed + gaps);
    columns.iter().map(|c| if c.width == 0 { rest / shares.max(1) } else { c.width }).collect()
}

fn cell(text: &str, width: u16, side: Side) -> String {
    let width = usize::from(width);
    match side {
        Side::Left => fit(text, width),
        Side::Right => {
            let text = shorten(text, width);
            format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
        }
    }
}

/// Draws a table: headings on the first line, then rows as [`view`] does. A cell is text and its style. Returns the
/// area of the rows, for [`row_at`].
pub fn table(
    frame: &mut Frame,
    area: Rect,
    ctx: &Ctx,
    columns: &[Column],
    rows: &[Vec<(String, Style)>],
    cursor: Cursor,
    focused: bool,
) -> Rect {
    let widths = widths(columns, area.width.saturating_sub(2));
    let head: Vec<Span> = columns
        .iter()
        .zip(&widths)
        .flat_map(|(c, w)| [Span::styled(cell(&c.title, *w, c.side), ctx.theme.muted()), Span::raw(" ")])
        .collect();
    let top = Rect {
        x: area.x + 1.min(area.width),
        width: area.width.saturating_sub(1),
        height: area.height.min(1),
        ..area
    };
    frame.render_widget(Line::from(head), top);
    let below = table_rows(area);
    let lines: Vec<Line> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(columns).zip(&widths);
            cells
                .flat_map(|(((text, style), column), width)| {
                    [Span::styled(cell(text, *width, column.side), *style), Span::raw(" ")]
                })
                .collect()
        })
        .collect();
    view(frame, below, ctx, &lines, cursor, focused);
    below
}

/// Where [`table`] draws its rows.
pub const fn table_rows(area: Rect) -> Rect {
    let head = if area.height > 0 { 1 } else { 0 };
    Rect { x: area.x, y: area.y + head, width: area.width, height: area.height - head }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_inside() {
        let mut cursor = Cursor::default();
        cursor.step(Step::Up, 3);
        assert_eq!(cursor.0, 0);
        cursor.step(Step::Last, 3);
        cursor.step(Step::Down, 3);
        assert_eq!(cursor.0, 2);
        cursor.clamp(0);
        assert_eq!(cursor.0, 0);
        cursor.step(Step::Down, 0);
        assert_eq!(cursor.0, 0);
    }

    #[test]
    fn the_window_follows_the_cursor_and_a_click_finds_the_row_drawn_there() {
        assert_eq!(first_shown(0, 100, 10), 0);
        assert_eq!(first_shown(50, 100, 10), 45);
        assert_eq!(first_shown(99, 100, 10), 90);
        assert_eq!(first_shown(2, 3, 10), 0);
        let area = Rect::new(0, 5, 20, 10);
        assert_eq!(row_at(area, 5, 50, 100), Some(45));
        assert_eq!(row_at(area, 4, 50, 100), None);
        assert_eq!(row_at(area, 14, 2, 3), None);
    }

    #[test]
    fn columns_without_a_width_share_what_is_left() {
        let columns = [Column::left("a", 0), Column::right("b", 5), Column::left("c", 0)];
        assert_eq!(widths(&columns, 27), [10, 5, 10]);
        assert_eq!(cell("12", 4, Side::Right), "  12");
    }
}
