//! The keys of every list: moving, filter, order. The screen's host looks them up before the keys of its screen, so
//! that Enter keeps a filter and Esc drops it before either does something else.
//!
//! Deliberately absent: what Enter and letters do with a row; screens have rows of their own for that.

use super::list::Step;
use super::rows::{Keyed, ListAct, Rows};
use crate::tui::ctx::Ctx;
use crate::tui::field::Field;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled, KeyRow};
use ratatui::layout::{Position, Rect};

/// The state of a list, as far as its keys depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ListState {
    /// The filter is being typed.
    pub is_typing: bool,
    /// A text field has the keys, the filter's or a search beside the list: letters, Home and End go there.
    pub has_field: bool,
    /// A filter hides rows or is being typed.
    pub is_filtered: bool,
    /// The list can be filtered.
    pub can_filter: bool,
    /// The list can be ordered.
    pub can_order: bool,
    /// The list is ordered by a column.
    pub is_ordered: bool,
}

/// A list as the screen's host uses it.
pub trait List {
    /// Its state.
    fn state(&self) -> ListState;
    /// Does the act of a list key.
    fn act(&mut self, act: ListAct, ctx: &Ctx);
    /// The filter's field while it is being typed.
    fn field(&self) -> Option<&Field>;
    /// The same field, to be edited; [`Self::edited`] comes next.
    fn field_mut(&mut self) -> Option<&mut Field>;
    /// Applies the filter after its text was changed.
    fn edited(&mut self, ctx: &Ctx);
    /// Moves the cursor to the row at a place of the screen, with the list drawn in `area`; true when it was there
    /// already.
    fn click(&mut self, area: Rect, at: Position) -> bool;
}

impl<T: Keyed> List for Rows<T> {
    fn state(&self) -> ListState {
        ListState {
            is_typing: Self::field(self).is_some(),
            has_field: Self::field(self).is_some(),
            is_filtered: self.is_filtered(),
            can_filter: self.can_filter(),
            can_order: self.can_order(),
            is_ordered: self.is_ordered(),
        }
    }

    fn act(&mut self, act: ListAct, ctx: &Ctx) {
        Self::act(self, act, ctx);
    }

    fn field(&self) -> Option<&Field> {
        Self::field(self)
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        Self::field_mut(self)
    }

    fn edited(&mut self, ctx: &Ctx) {
        Self::edited(self, ctx);
    }

    fn click(&mut self, area: Rect, at: Position) -> bool {
        let rows = self.rows_area(area);
        Self::click(self, rows, at)
    }
}

const PLACE: &str = "list";

type Row = Binding<ListAct, ListState>;

const fn row(id: &'static str, keys: &'static [Key], act: ListAct) -> Row {
    Binding::new(PLACE, id, keys, act)
}

const fn here(yes: bool) -> Enabled {
    if yes { Ok(()) } else { Err(ELSEWHERE) }
}

const fn is_ordered(list: ListState) -> Enabled {
    match (list.can_order, list.is_ordered) {
        (false, _) => Err(ELSEWHERE),
        (true, false) => Err("list.why.not_ordered"),
        (true, true) => Ok(()),
    }
}

/// The keys of every list.
pub const LIST_KEYS: &[Row] = &[
    row("list.up", &[Key::plain(KeyCode::Up)], ListAct::Move(Step::Up)).quiet(),
    row("list.down", &[Key::plain(KeyCode::Down)], ListAct::Move(Step::Down)).quiet(),
    row("list.page_up", &[Key::plain(KeyCode::PageUp)], ListAct::Move(Step::PageUp)).quiet(),
    row("list.page_down", &[Key::plain(KeyCode::PageDown)], ListAct::Move(Step::PageDown)).quiet(),
    row("list.first", &[Key::plain(KeyCode::Home)], ListAct::Move(Step::First))
        .when(|list| here(!list.has_field))
        .quiet(),
    row("list.last", &[Key::plain(KeyCode::End)], ListAct::Move(Step::Last))
        .when(|list| here(!list.has_field))
        .quiet(),
    row("list.filter", &[Key::char('/')], ListAct::Filter)
        .when(|list| here(list.can_filter && !list.is_typing)),
    row("list.keep_filter", &[Key::plain(KeyCode::Enter)], ListAct::KeepFilter)
        .when(|list| here(list.is_typing)),
    row("list.drop_filter", &[Key::plain(KeyCode::Esc)], ListAct::DropFilter)
        .when(|list| here(list.is_filtered)),
    row("list.order", &[Key::char('<')], ListAct::Order).when(|list| here(list.can_order)).quiet(),
    row("list.reverse", &[Key::char('>')], ListAct::Reverse).when(|list| is_ordered(*list)).quiet(),
];

/// Whether a row of the list that works now takes one of `keys`, so that the screen's own row does not get it.
pub fn takes(list: ListState, keys: &[Key]) -> bool {
    LIST_KEYS
        .iter()
        .filter(|row| (row.enabled)(&list).is_ok())
        .any(|row| row.keys.iter().any(|key| keys.contains(key)))
}

/// Every row, as if it worked: for help and `docs/KEYS.md`.
pub fn all_rows() -> Vec<KeyRow> {
    let rows = LIST_KEYS.iter();
    rows.map(|row| KeyRow {
        id: row.id,
        name: row.id,
        place: row.place,
        keys: row.keys,
        enabled: Ok(()),
        in_footer: row.in_footer,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;
    use crate::tui::keys::{clashes, missing_texts};

    #[test]
    fn in_no_state_of_a_list_does_a_key_mean_two_things() {
        for bits in 0..32_u8 {
            let bit = |n: u8| bits & (1 << n) != 0;
            let state = ListState {
                is_typing: bit(0),
                has_field: bit(0),
                is_filtered: bit(0) || bit(1),
                can_filter: bit(2),
                can_order: bit(3),
                is_ordered: bit(4),
            };
            let live: Vec<_> =
                LIST_KEYS.iter().map(|row| row.row(&state)).filter(|row| row.enabled.is_ok()).collect();
            assert_eq!(clashes(&live), Vec::<String>::new(), "{state:?}");
            let enter = [Key::plain(KeyCode::Enter)];
            assert_eq!(
                takes(state, &enter),
                state.is_typing,
                "Enter is the screen's unless a filter is typed"
            );
        }
        for lang in [Lang::Vi, Lang::En] {
            assert_eq!(missing_texts(&all_rows(), lang), Vec::<String>::new());
        }
    }
}
