//! Reads the people behind a figure, a page at a time or whole for a file.
//!
//! Invariants:
//! - each figure asks for its own permission ([`Figure::needs`]);
//! - numbers are masked on every page; in a file ([`super::export`]) they are whole only for a role that may see them;
//! - people sort by given name, with accents, where that is asked.

#[cfg(test)]
mod tests;

use super::ctx::{Ctx, permit};
use super::error::Error;
use super::model::people::{PeopleOrder, PeoplePage, PersonLine};
use crate::domain::figure::Figure;
use crate::domain::name::sort_key;
use crate::store::Tx;
use crate::store::people::{self, MOST, PersonRow};

/// The action of the audit row of a list that was written to a file.
pub(super) const EXPORT_PEOPLE: &str = "export_people";
/// People on one page at most.
const MOST_ON_PAGE: u32 = 200;
/// As many are put in order by name; a longer list keeps its own order and says so.
const MOST_SORTED: i64 = 20_000;

/// A page of the people behind a figure.
pub(super) fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    behind: Figure,
    order: PeopleOrder,
    offset: u32,
    limit: u32,
) -> Result<PeoplePage, Error> {
    for act in behind.needs() {
        permit(ctx.actor, *act)?;
    }
    let total = people::count(tx, &behind, ctx.now)?;
    let (first, most) = (i64::from(offset), i64::from(limit.clamp(1, MOST_ON_PAGE)));
    let order = if total > MOST_SORTED { PeopleOrder::Figure } else { order };
    let rows = match order {
        PeopleOrder::Figure => people::list(tx, &behind, ctx.now, first, most)?,
        PeopleOrder::Name => {
            let mut rows = people::list(tx, &behind, ctx.now, 0, MOST_SORTED)?;
            rows.sort_by_cached_key(|row| sort_key(&row.name));
            let skip = usize::try_from(first).unwrap_or(usize::MAX);
            rows.into_iter().skip(skip).take(usize::try_from(most).unwrap_or_default()).collect()
        }
    };
    let people = rows.into_iter().map(|row| line(row, false)).collect();
    Ok(PeoplePage { behind, people, order, total, more: total >= MOST, offset: first })
}

/// A person as people read them; the number is masked but where it is asked for `whole`.
pub(super) fn line(row: PersonRow, whole: bool) -> PersonLine {
    PersonLine {
        customer: row.customer,
        name: row.name,
        phone: if whole { row.phone.display().replace(' ', "") } else { row.phone.masked() },
        at: row.at,
        detail: row.detail.filter(|detail| !detail.is_empty()),
        registration: row.registration,
        seat: row.seat,
        case: row.case,
    }
}
