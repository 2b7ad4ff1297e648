//! The search as you type, over a number, the head or tail of a number, a seat, a registration, or any words of a name
//! with or without accents. What a text means: [`Typed`]. All work is bounded, whatever was typed.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::call::Reason;
use super::super::model::customer::{Matched, SearchHit};
use super::by_name::by_name;
use super::found::{Found, Rows};
use crate::domain::id::{CustomerId, RegistrationId};
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::search::{Typed, why_no_number};
use crate::store::customer::{self, HitRow};
use crate::store::{StoreError, Tx};

/// Most hits that a caller may want.
const MOST: u32 = 50;
/// Keys read for a piece of a number while an import runs.
const KEYS: i64 = 600;
/// Digits from which on the tail of a number is looked for.
const TAIL_DIGITS: usize = 3;

/// What a search found.
pub(in crate::usecase) struct Page {
    /// Best first.
    pub(in crate::usecase) hits: Vec<SearchHit>,
    /// Whether there may be more than these.
    pub(in crate::usecase) more: bool,
    /// Why a number that was typed is none, when nobody was found.
    pub(in crate::usecase) no_number: Option<Reason>,
}

/// Customers that the typed text points to, best first.
pub(in crate::usecase) fn search(
    tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    typed: &str,
    limit: u32,
) -> Result<Page, Error> {
    let limit = limit.clamp(1, MOST) as usize;
    let mut page = Page { hits: Vec::new(), more: false, no_number: None };
    let parsed = Typed::parse(typed);
    let numbers: &[Matched] = match &parsed {
        Typed::Seat(_) => &[Matched::Seat],
        Typed::Registration(_) => &[Matched::Registration],
        Typed::Digits { short: Some(_), .. } => &[Matched::Seat, Matched::Registration],
        Typed::Digits { short: None, .. } | Typed::Name(_) | Typed::Nothing => &[],
    };
    let (matched, rows) = match parsed {
        Typed::Seat(number) | Typed::Registration(number) => {
            page.hits = by_registration(tx, number, numbers)?;
            (Matched::Seat, Rows { rows: Vec::new(), more: false })
        }
        Typed::Digits { text, short } => {
            if let Some(number) = short {
                page.hits = by_registration(tx, number, numbers)?;
            }
            (Matched::Phone, by_number(tx, &text, limit)?)
        }
        Typed::Name(query) => (Matched::Name, by_name(tx, &query, limit)?),
        Typed::Nothing => return Ok(page),
    };
    let known: Vec<CustomerId> = page.hits.iter().map(|hit| hit.customer).collect();
    let others = rows.rows.into_iter().filter(|row| !known.contains(&row.id));
    page.hits.extend(others.map(|row| hit(row, matched)));
    page.more = rows.more || page.hits.len() > limit;
    page.hits.truncate(limit);
    if page.hits.is_empty() {
        page.no_number = why_no_number(typed).map(|why| Refusal::PhoneInvalid(why).into());
    }
    Ok(page)
}

fn hit(row: HitRow, matched: Matched) -> SearchHit {
    SearchHit {
        customer: row.id,
        matched,
        name: row.name,
        phone_masked: row.phone.masked(),
        province: row.province,
        on_list: row.on_list,
        seat: row.seat,
        registration: row.registration,
        registration_number: row.registration_number,
    }
}

/// The holders of a seat and of a registration of this number, the seat first.
fn by_registration(tx: &mut Tx<'_>, number: i64, numbers: &[Matched]) -> Result<Vec<SearchHit>, StoreError> {
    let mut hits: Vec<SearchHit> = Vec::new();
    for matched in numbers {
        let found = match matched {
            Matched::Seat => customer::find_by_seat(tx, number)?,
            Matched::Registration => customer::find_by_registration(tx, RegistrationId(number))?,
            Matched::Phone | Matched::Name => None,
        };
        let Some(id) = found.filter(|id| hits.iter().all(|hit| hit.customer != *id)) else { continue };
        hits.extend(customer::list_hits(tx, &[id])?.into_iter().map(|row| hit(row, *matched)));
    }
    Ok(hits)
}

/// Numbers are read from the front when they begin like one, else from the back first.
fn by_number(tx: &mut Tx<'_>, typed: &str, limit: usize) -> Result<Rows, StoreError> {
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let head = PhoneNumber::head_range(typed);
    let tail = PhoneNumber::tail_range(typed).filter(|_| digits >= TAIL_DIGITS);
    let begins_like_one = typed.starts_with(['0', '+']) || typed.starts_with("84");
    let room = if customer::is_loading(tx)? { KEYS } else { limit as i64 + 1 };
    let mut found = Found::new(KEYS as usize);
    for by_head in [begins_like_one, !begins_like_one] {
        let ids = match (by_head, head, tail) {
            (true, Some(range), _) => customer::list_by_number(tx, range, room)?,
            (false, _, Some(range)) => customer::list_by_tail(tx, range, room)?,
            _ => Vec::new(),
        };
        found.extend(ids);
    }
    let mut rows = visible(tx, &found.ids, limit + 1)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Rows { rows, more })
}

/// Hits in the order of `ids`, fetched until there are enough.
fn visible(tx: &mut Tx<'_>, ids: &[CustomerId], enough: usize) -> Result<Vec<HitRow>, StoreError> {
    let mut hits = Vec::new();
    for chunk in ids.chunks(MOST as usize) {
        hits.append(&mut customer::list_hits(tx, chunk)?);
        if hits.len() >= enough {
            break;
        }
    }
    Ok(hits)
}
