//! The search as you type, over a number, the head or tail of a number, or any words of a name with or without
//! accents.
//!
//! Search keys begin with the given name ("hung nguyen van"), so a given name is one range. A surname is found by
//! skipping from given name to given name. All work is bounded, whatever was typed: [`SEEKS`] single look-ups,
//! [`KEYS`] keys read, [`CANDIDATES`] customers ranked; hits whose accents are as typed come first.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::model::customer::SearchHit;
use crate::domain::id::CustomerId;
use crate::domain::name::{NameQuery, query_key};
use crate::domain::phone::PhoneNumber;
use crate::domain::text;
use crate::store::customer::{self, HitRow};
use crate::store::{StoreError, Tx};
use std::collections::HashSet;

/// Most hits that a caller may want.
const MOST: u32 = 50;
/// Customers that are ranked.
const CANDIDATES: usize = 60;
/// Customers that are ranked when accents were typed and decide more.
const CANDIDATES_BY_ACCENT: usize = 100;
/// Look-ups of "the next given name" in one search.
const SEEKS: usize = 80;
/// Keys read in one search.
const KEYS: i64 = 600;
/// Digits from which on the tail of a number is looked for.
const TAIL_DIGITS: usize = 3;

/// Customers that the typed text points to, best first.
pub(in crate::usecase) fn search(
    tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    typed: &str,
    limit: u32,
) -> Result<Vec<SearchHit>, Error> {
    let limit = limit.clamp(1, MOST) as usize;
    let typed = text::clean(typed, 60);
    let hits = if is_number(&typed) {
        by_number(tx, &typed, limit)?
    } else if let Some(query) = NameQuery::parse(&typed) {
        by_name(tx, &query, &typed, limit)?
    } else {
        Vec::new()
    };
    Ok(hits.into_iter().take(limit).map(hit).collect())
}

fn hit(row: HitRow) -> SearchHit {
    SearchHit {
        customer: row.id,
        name: row.name,
        phone_masked: row.phone.masked(),
        province: row.province,
        on_list: row.on_list,
        seat: row.seat,
        registration: row.registration,
    }
}

fn is_number(typed: &str) -> bool {
    typed.chars().any(|c| c.is_ascii_digit()) && !typed.chars().any(char::is_alphabetic)
}

/// Numbers are read from the front when they begin like one, else from the back first.
fn by_number(tx: &mut Tx<'_>, typed: &str, limit: usize) -> Result<Vec<HitRow>, StoreError> {
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let head = PhoneNumber::head_range(typed);
    let tail = PhoneNumber::tail_range(typed).filter(|_| digits >= TAIL_DIGITS);
    let begins_like_one = typed.starts_with(['0', '+']) || typed.starts_with("84");
    let room = if customer::is_loading(tx)? { KEYS } else { limit as i64 };
    let mut found = Found::new(KEYS as usize);
    for by_head in [begins_like_one, !begins_like_one] {
        let ids = match (by_head, head, tail) {
            (true, Some(range), _) => customer::list_by_number(tx, range, room)?,
            (false, _, Some(range)) => customer::list_by_tail(tx, range, room)?,
            _ => Vec::new(),
        };
        found.extend(ids);
    }
    visible(tx, &found.ids, limit)
}

/// Hits in the order of `ids`, fetched until there are enough.
fn visible(tx: &mut Tx<'_>, ids: &[CustomerId], limit: usize) -> Result<Vec<HitRow>, StoreError> {
    let mut hits = Vec::new();
    for chunk in ids.chunks(MOST as usize) {
        hits.append(&mut customer::list_hits(tx, chunk)?);
        if hits.len() >= limit {
            break;
        }
    }
    Ok(hits)
}

/// Distinct customers in the order in which they were found.
struct Found {
    ids: Vec<CustomerId>,
    seen: HashSet<CustomerId>,
    most: usize,
}

impl Found {
    fn new(most: usize) -> Self {
        Self { ids: Vec::new(), seen: HashSet::new(), most }
    }

    const fn room(&self) -> usize {
        self.most.saturating_sub(self.ids.len())
    }

    fn extend(&mut self, ids: impl IntoIterator<Item = CustomerId>) {
        for id in ids {
            if self.room() > 0 && self.seen.insert(id) {
                self.ids.push(id);
            }
        }
    }
}

fn by_name(tx: &mut Tx<'_>, query: &NameQuery, typed: &str, limit: usize) -> Result<Vec<HitRow>, StoreError> {
    let has_accents = typed.to_lowercase() != query_key(typed);
    let mut scan = Scan {
        found: Found::new(if has_accents { CANDIDATES_BY_ACCENT } else { CANDIDATES }),
        is_loading: customer::is_loading(tx)?,
        seeks: SEEKS,
        keys: KEYS,
    };
    let words: Vec<&str> = query.words().collect();
    let (last, before) = words.split_last().map_or(("", &[][..]), |(last, before)| (*last, before));
    let typed_key = words.join(" ");
    let surname_first = before.join(" ");
    // As typed from the surname on ("nguyen van hung"), then given name first ("hung nguyen").
    let given_first = if before.is_empty() { last.to_owned() } else { format!("{last} {surname_first}") };
    scan.prefix(tx, &given_first)?;
    scan.prefix(tx, &typed_key)?;
    if !before.is_empty() {
        // "nguyen van hu": every given name that begins so, with that surname.
        scan.skip(tx, last, &surname_first)?;
    }
    // The wider looks cost more and are for when the near ones found too few.
    if scan.found.ids.len() < limit {
        // "nguyen van": that surname under every given name.
        scan.skip(tx, "", &typed_key)?;
    }
    // Middle names: what the ranges above do not reach, among those whose given name fits.
    if let Some(first) = words.first().filter(|_| words.len() > 1 && scan.found.ids.len() < limit) {
        scan.filter(tx, last, query)?;
        scan.filter(tx, first, query)?;
    }
    let mut hits = customer::list_hits(tx, &scan.found.ids)?;
    hits.sort_by_cached_key(|hit| !query.accents_agree(&hit.name));
    hits.truncate(limit);
    Ok(hits)
}

/// A search under way, with what is left of its budget.
struct Scan {
    found: Found,
    is_loading: bool,
    seeks: usize,
    keys: i64,
}

impl Scan {
    /// Keys that begin with `prefix`.
    fn prefix(&mut self, tx: &mut Tx<'_>, prefix: &str) -> Result<(), StoreError> {
        self.read(tx, prefix, None).map(drop)
    }

    /// Keys that begin with `prefix` and match.
    fn filter(&mut self, tx: &mut Tx<'_>, prefix: &str, query: &NameQuery) -> Result<(), StoreError> {
        self.read(tx, prefix, Some(query)).map(drop)
    }

    fn read(
        &mut self,
        tx: &mut Tx<'_>,
        prefix: &str,
        query: Option<&NameQuery>,
    ) -> Result<usize, StoreError> {
        let wanted = if query.is_some() || self.is_loading { self.keys } else { self.found.room() as i64 };
        let limit = wanted.min(self.keys);
        if limit <= 0 || self.found.room() == 0 {
            return Ok(0);
        }
        let rows = customer::list_by_key(tx, prefix, &end(prefix), limit, self.is_loading)?;
        self.keys -= rows.len() as i64;
        let read = rows.len();
        self.found.extend(
            rows.into_iter()
                .filter(|(_, key)| query.is_none_or(|query| query.matches(key)))
                .map(|(id, _)| id),
        );
        Ok(read)
    }

    /// From given name to given name among those that begin with `given`: keys that go on with `rest`.
    fn skip(&mut self, tx: &mut Tx<'_>, given: &str, rest: &str) -> Result<(), StoreError> {
        let to = end(given);
        let mut from = given.to_owned();
        while self.seeks > 0 && self.keys > 0 && self.found.room() > 0 {
            self.seeks -= 1;
            let Some(key) = customer::find_next_key(tx, &from, &to)? else { break };
            let name = key.split(' ').next().unwrap_or(&key);
            self.prefix(tx, &format!("{name} {rest}"))?;
            // The first text after every key of this given name: "!" follows the space.
            from = format!("{name}!");
        }
        Ok(())
    }
}

/// The first text after everything that begins with `prefix`.
fn end(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
