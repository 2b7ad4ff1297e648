//! A list with all its state: items, cursor, filter, order, and the text shown while it is read or when reading
//! fails.
//!
//! Invariants:
//! * the cursor stays on its row, by key, however items and order change; when the row leaves its group the cursor
//!   stays at its position in the same group and never follows the row into another;
//! * the cursor is on a visible row whenever there is one;
//! * a failed read removes nothing that is shown.
//!
//! Deliberately absent: reading the items (the screen's `Requests`) and what Enter does with one.

use super::list::{self, Cursor, Side, Step, row_at};
use super::pane;
use crate::domain::text::fold;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::usecase::Error;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::cmp::Ordering;
use std::fmt;

/// An item with a key.
pub trait Keyed {
    /// Identifies the item for as long as it exists.
    type Key: PartialEq;

    /// The key of this item.
    fn key(&self) -> Self::Key;

    /// Its group; groups are shown one below the other in ascending order.
    fn group(&self) -> u8 {
        0
    }
}

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// This many terminal columns.
    Fixed(u16),
    /// A share of what is left over.
    Rest,
    /// The first on wide tables, the second on narrow ones.
    WideNarrow(u16, u16),
    /// This many, on wide tables only.
    WideOnly(u16),
    /// A share of what is left over, on wide tables only.
    WideRest,
}

/// A column as data.
pub struct Column<T: 'static> {
    /// The locale key of its heading.
    pub title: &'static str,
    /// How wide it is.
    pub width: Width,
    /// On which side its text is aligned.
    pub side: Side,
    /// An item's text in it.
    pub cell: fn(&T, &Ctx) -> (String, Style),
    /// How the list is ordered by it; none: the list cannot be ordered by it.
    pub order: Option<fn(&T, &T) -> Ordering>,
}

impl<T> Column<T> {
    /// A column of text.
    pub const fn left(title: &'static str, width: Width, cell: fn(&T, &Ctx) -> (String, Style)) -> Self {
        Self { title, width, side: Side::Left, cell, order: None }
    }

    /// A column of figures.
    pub const fn right(title: &'static str, width: Width, cell: fn(&T, &Ctx) -> (String, Style)) -> Self {
        Self { title, width, side: Side::Right, cell, order: None }
    }

    /// This column, by which the list can be ordered.
    #[must_use]
    pub const fn by(mut self, order: fn(&T, &T) -> Ordering) -> Self {
        self.order = Some(order);
        self
    }
}

/// Tables at least this wide show all their columns.
pub const WIDE: u16 = 96;

/// What a key does in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListAct {
    /// Moves the cursor.
    Move(Step),
    /// Opens the filter.
    Filter,
    /// Leaves the filter's field; the filter stays.
    KeepFilter,
    /// Removes the filter.
    DropFilter,
    /// Orders by the next column that allows it, and after the last one in the original order.
    Order,
    /// Reverses the order.
    Reverse,
}

/// The filter over a list.
#[derive(Clone, PartialEq, Eq)]
struct Filter {
    field: Field,
    typing: bool,
}

/// By which column the list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sorted {
    column: usize,
    down: bool,
}

/// The locale keys of the texts that are shown in place of rows.
#[derive(Debug, Clone, Copy)]
pub struct Blank {
    /// While the list is read for the first time.
    pub loading: &'static str,
    /// When there is nothing.
    pub empty: &'static str,
}

/// A list. `T` is what it lists.
pub struct Rows<T: Keyed + 'static> {
    columns: &'static [Column<T>],
    /// In the order of their groups; none before the first reading.
    items: Option<Vec<T>>,
    /// Places in `items` that are shown, in the order shown.
    shown: Vec<usize>,
    cursor: Cursor,
    failed: Option<Error>,
    filter: Option<Filter>,
    sorted: Option<Sorted>,
    /// From this width on all columns are shown.
    wide: u16,
    /// `/` filters it.
    has_filter: bool,
}

/// Shows counts only, because items may be personal.
impl<T: Keyed> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("items", &self.items.as_ref().map(Vec::len))
            .field("cursor", &self.cursor.0)
            .finish_non_exhaustive()
    }
}

impl<T: Keyed + Clone> Clone for Rows<T> {
    fn clone(&self) -> Self {
        Self {
            columns: self.columns,
            items: self.items.clone(),
            shown: self.shown.clone(),
            cursor: self.cursor,
            failed: self.failed.clone(),
            filter: self.filter.clone(),
            sorted: self.sorted,
            wide: self.wide,
            has_filter: self.has_filter,
        }
    }
}

impl<T: Keyed + PartialEq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
            && self.shown == other.shown
            && self.cursor == other.cursor
            && self.failed == other.failed
            && self.filter == other.filter
            && self.sorted == other.sorted
    }
}

impl<T: Keyed + Eq> Eq for Rows<T> {}

impl<T: Keyed> Rows<T> {
    /// A list that was not read yet; without columns when the screen draws its rows itself.
    pub const fn new(columns: &'static [Column<T>]) -> Self {
        Self {
            columns,
            items: None,
            shown: Vec::new(),
            cursor: Cursor(0),
            failed: None,
            filter: None,
            sorted: None,
            wide: WIDE,
            has_filter: true,
        }
    }

    /// This list without a filter, so that `/` searches there.
    #[must_use]
    pub const fn unfiltered(mut self) -> Self {
        self.has_filter = false;
        self
    }

    /// This list, all of whose columns are shown from another width on than [`WIDE`].
    #[must_use]
    pub const fn wide_from(mut self, columns: u16) -> Self {
        self.wide = columns;
        self
    }

    /// Whether it was read.
    pub const fn is_here(&self) -> bool {
        self.items.is_some()
    }

    /// Everything, also what a filter hides; empty before the first reading.
    pub fn items(&self) -> &[T] {
        self.items.as_deref().unwrap_or_default()
    }

    /// What is shown, in the order shown.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &T> {
        let items = self.items();
        self.shown.iter().map(move |at| &items[*at])
    }

    /// How many rows are shown.
    pub const fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether no row is shown.
    pub const fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The item under the cursor.
    pub fn chosen(&self) -> Option<&T> {
        self.items().get(*self.shown.get(self.cursor.0)?)
    }

    /// The cursor, as a place among the shown rows.
    pub const fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// Puts the cursor on an item; false when it is not shown.
    pub fn choose(&mut self, key: &T::Key) -> bool {
        match self.place_of(key) {
            Some(at) => {
                self.cursor = Cursor(at);
                true
            }
            None => false,
        }
    }

    fn place_of(&self, key: &T::Key) -> Option<usize> {
        self.shown().position(|item| item.key() == *key)
    }

    /// Takes what was read.
    pub fn take(&mut self, items: Vec<T>, ctx: &Ctx) {
        self.failed = None;
        self.replace(items, ctx);
    }

    /// Records that reading failed: what is shown stays, and a list that was never read shows the error.
    pub fn fail(&mut self, error: Error) {
        self.failed = Some(error);
    }

    /// Forgets everything, as before the first read.
    pub fn forget(&mut self) {
        *self = Self { wide: self.wide, has_filter: self.has_filter, ..Self::new(self.columns) };
    }

    /// Changes items in place; the cursor stays.
    pub fn change(&mut self, change: impl FnMut(&mut T), ctx: &Ctx) {
        self.items.iter_mut().flatten().for_each(change);
        self.rearrange(ctx);
    }

    fn replace(&mut self, mut items: Vec<T>, ctx: &Ctx) {
        let before = self.chosen().map(|item| (item.key(), item.group()));
        let place_in_group = before.as_ref().map_or(0, |(_, group)| {
            self.shown().take(self.cursor.0).filter(|item| item.group() == *group).count()
        });
        items.sort_by_key(Keyed::group);
        self.items = Some(items);
        self.arrange(ctx);
        let Some((key, group)) = before else { return self.cursor.clamp(self.shown.len()) };
        let still = self.shown().position(|item| item.key() == key && item.group() == group);
        self.cursor = Cursor(still.unwrap_or_else(|| self.place_in(group, place_in_group)));
        self.cursor.clamp(self.shown.len());
    }

    /// The row `n` of a group, or its last; when the group is empty, the row at its place.
    fn place_in(&self, group: u8, n: usize) -> usize {
        let first = self.shown().take_while(|item| item.group() < group).count();
        let count = self.shown().filter(|item| item.group() == group).count();
        first + n.min(count.saturating_sub(1))
    }

    /// Computes which items are shown, and in which order.
    fn arrange(&mut self, ctx: &Ctx) {
        let items = self.items.as_deref().unwrap_or_default();
        let words = self.filter.as_ref().map(|filter| fold(filter.field.text())).unwrap_or_default();
        let mut shown: Vec<usize> = (0..items.len())
            .filter(|at| {
                if words.trim().is_empty() {
                    return true;
                }
                let cells = self.columns.iter().map(|column| (column.cell)(&items[*at], ctx).0);
                let text = fold(&cells.collect::<Vec<_>>().join(" "));
                words.split_whitespace().all(|word| text.contains(word))
            })
            .collect();
        if let Some(Sorted { column, down }) = self.sorted
            && let Some(order) = self.columns.get(column).and_then(|column| column.order)
        {
            shown.sort_by(|a, b| {
                let (a, b) = (&items[*a], &items[*b]);
                let within = if down { order(b, a) } else { order(a, b) };
                a.group().cmp(&b.group()).then(within)
            });
        }
        self.shown = shown;
    }

    /// Arranges the items anew and keeps the cursor on its row.
    fn rearrange(&mut self, ctx: &Ctx) {
        let chosen = self.chosen().map(Keyed::key);
        self.arrange(ctx);
        let at = chosen.and_then(|key| self.place_of(&key));
        self.cursor = at.map_or(Cursor(0), Cursor);
    }

    /// Does the act of a list key.
    pub fn act(&mut self, act: ListAct, ctx: &Ctx) {
        match act {
            ListAct::Move(step) => self.step(step),
            ListAct::Filter => {
                let field = Field::new(Kind::Text).max(60).placeholder("list.filter_hint");
                self.filter.get_or_insert(Filter { field, typing: true }).typing = true;
            }
            ListAct::KeepFilter => {
                if let Some(filter) = &mut self.filter {
                    filter.typing = false;
                }
                self.filter.take_if(|filter| filter.field.value().is_none());
            }
            ListAct::DropFilter => {
                self.filter = None;
                self.rearrange(ctx);
            }
            ListAct::Order => {
                let from = self.sorted.map_or(0, |sorted| sorted.column + 1);
                let next = (from..self.columns.len()).find(|at| self.columns[*at].order.is_some());
                self.sorted = next.map(|column| Sorted { column, down: false });
                self.rearrange(ctx);
            }
            ListAct::Reverse => {
                if let Some(sorted) = &mut self.sorted {
                    sorted.down = !sorted.down;
                }
                self.rearrange(ctx);
            }
        }
    }

    /// Moves the cursor.
    pub fn step(&mut self, step: Step) {
        self.cursor.step(step, self.shown.len());
    }

    /// Moves the cursor to the row at a place of the screen, drawn in `rows`; true when it was there already.
    pub fn click(&mut self, rows: Rect, at: Position) -> bool {
        let Some(row) = rows.contains(at).then(|| row_at(rows, at.y, self.cursor.0, self.len())).flatten()
        else {
            return false;
        };
        let again = self.cursor.0 == row;
        self.cursor = Cursor(row);
        again
    }

    /// The filter's field while it is being typed.
    pub fn field(&self) -> Option<&Field> {
        self.filter.as_ref().filter(|filter| filter.typing).map(|filter| &filter.field)
    }

    /// The same, to be edited; [`Self::edited`] comes next.
    pub fn field_mut(&mut self) -> Option<&mut Field> {
        self.filter.as_mut().filter(|filter| filter.typing).map(|filter| &mut filter.field)
    }

    /// Applies the filter after its text was changed.
    pub fn edited(&mut self, ctx: &Ctx) {
        self.rearrange(ctx);
    }

    /// Whether a filter hides rows or is being typed.
    pub const fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    /// Whether the list can be ordered.
    pub fn can_order(&self) -> bool {
        self.columns.iter().any(|column| column.order.is_some())
    }

    /// Whether the list can be filtered: by the texts of its columns.
    pub const fn can_filter(&self) -> bool {
        self.has_filter && !self.columns.is_empty()
    }

    /// Whether the list is ordered by a column.
    pub const fn is_ordered(&self) -> bool {
        self.sorted.is_some()
    }

    /// Where [`Self::view`] draws the rows, for clicks.
    pub const fn rows_area(&self, area: Rect) -> Rect {
        list::table_rows(self.below_filter(area))
    }

    /// The part of `area` below the line of the filter.
    pub const fn below_filter(&self, area: Rect) -> Rect {
        if self.filter.is_none() || area.height == 0 {
            return area;
        }
        Rect { y: area.y + 1, height: area.height - 1, ..area }
    }

    /// Draws the list as a table in `area`: filter, headings, and rows or the text in their place.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool, blank: Blank) {
        let body = self.view_filter(frame, area, ctx, focused);
        if self.view_blank(frame, body, ctx, blank) {
            return;
        }
        let wide = area.width >= self.wide;
        let columns: Vec<(usize, &Column<T>, u16)> = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(at, column)| Some((at, column, columns_of(column.width, wide)?)))
            .collect();
        let heads: Vec<list::Column> = columns
            .iter()
            .map(|(at, column, width)| list::Column {
                title: format!("{}{}", word(column.title, ctx.lang), self.order_mark(*at)),
                width: *width,
                side: column.side,
            })
            .collect();
        let cells: Vec<Vec<(String, Style)>> = self
            .shown()
            .map(|item| columns.iter().map(|(_, column, _)| (column.cell)(item, ctx)).collect())
            .collect();
        list::table(frame, body, ctx, &heads, &cells, self.cursor, focused);
    }

    /// Draws the filter, when there is one, and returns the rest of `area`.
    pub fn view_filter(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool) -> Rect {
        if let Some(filter) = &self.filter {
            let top = Rect { height: area.height.min(1), ..area };
            frame.render_widget(Span::styled("/ ", ctx.theme.key()), top);
            let room = Rect { x: top.x + 2.min(top.width), width: top.width.saturating_sub(2), ..top };
            filter.field.view(frame, room, ctx, filter.typing && focused);
        }
        self.below_filter(area)
    }

    /// Draws the text in place of rows; false when there are rows.
    pub fn view_blank(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, blank: Blank) -> bool {
        let (say, style) = match (&self.items, &self.failed) {
            (None, Some(error)) => (Say::from(error.clone()), ctx.theme.tone(Tone::Danger)),
            (None, None) => (Say::key(blank.loading), ctx.theme.muted()),
            (Some(items), _) if items.is_empty() => (Say::key(blank.empty), ctx.theme.muted()),
            (Some(_), _) if self.shown.is_empty() => (Say::key("list.no_match"), ctx.theme.muted()),
            (Some(_), _) => return false,
        };
        for (y, line) in (area.y..area.bottom()).zip(pane::prose(&say.text(ctx.lang), area.width, style)) {
            frame.render_widget(line, Rect { y, height: 1, ..area });
        }
        true
    }

    /// Draws rows that the screen made of [`Self::shown`], one line each.
    pub fn view_lines(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, lines: &[Line], focused: bool) {
        list::view(frame, area, ctx, lines, self.cursor, focused);
    }

    fn order_mark(&self, column: usize) -> &'static str {
        match self.sorted {
            Some(sorted) if sorted.column == column && sorted.down => "▾",
            Some(sorted) if sorted.column == column => "▴",
            Some(_) | None => "",
        }
    }
}

/// Terminal columns of a column, 0 for a share of the rest; none where it is not shown.
const fn columns_of(width: Width, wide: bool) -> Option<u16> {
    match (width, wide) {
        (Width::Fixed(columns), _) | (Width::WideOnly(columns), true) => Some(columns),
        (Width::Rest, _) | (Width::WideRest, true) => Some(0),
        (Width::WideNarrow(columns, _), true) | (Width::WideNarrow(_, columns), false) => Some(columns),
        (Width::WideOnly(_) | Width::WideRest, false) => None,
    }
}

#[cfg(test)]
mod tests;
