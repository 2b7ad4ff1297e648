//! What the looks of one search gather: distinct customers, then their rows.

use crate::domain::id::CustomerId;
use crate::store::customer::HitRow;
use std::collections::HashSet;

/// Rows in the order of their rank, and whether there may be more.
pub(super) struct Rows {
    pub(super) rows: Vec<HitRow>,
    pub(super) more: bool,
}

/// Distinct customers in the order in which they were found.
pub(super) struct Found {
    pub(super) ids: Vec<CustomerId>,
    seen: HashSet<CustomerId>,
    most: usize,
}

impl Found {
    pub(super) fn new(most: usize) -> Self {
        Self { ids: Vec::new(), seen: HashSet::new(), most }
    }

    pub(super) const fn room(&self) -> usize {
        self.most.saturating_sub(self.ids.len())
    }

    pub(super) fn extend(&mut self, ids: impl IntoIterator<Item = CustomerId>) {
        for id in ids {
            if self.room() > 0 && self.seen.insert(id) {
                self.ids.push(id);
            }
        }
    }
}
