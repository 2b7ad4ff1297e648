//! Finds customers by words of their names, in any order.
//!
//! Search keys begin with the given name, then the surname (`hung nguyen van`), so that every pair of typed words taken
//! as given name and surname is one range, and the other words are compared. A surname alone is found by skipping from
//! given name to given name. What is neither given name nor surname is looked for among a bounded number of keys.
//!
//! All work is bounded: [`SEEKS`] single look-ups, [`KEYS`] keys read, [`CANDIDATES`] customers ranked, and
//! [`SCANNED`] keys compared by the store where nothing else was found. What a bound cut off is said: `more`.

use super::found::{Found, Rows};
use crate::domain::name::{NameQuery, Rank, sort_key};
use crate::store::customer::{self, HitRow, KeyedCustomer};
use crate::store::{StoreError, Tx};

/// Customers that are ranked.
const CANDIDATES: usize = 60;
/// Customers that are ranked when accents were typed and decide more.
const CANDIDATES_BY_ACCENT: usize = 100;
/// Look-ups of "the next given name" in one search.
const SEEKS: usize = 80;
/// Keys read in one search.
const KEYS: i64 = 600;
/// Keys that the store compares for a word that is no given name and no surname, when nobody else was found: about ten
/// milliseconds.
const SCANNED: i64 = 50_000;
/// The same when some were found already.
const SCANNED_FOR_MORE: i64 = 1_000;

/// Customers whose names have these words: exact spelling first, then exact letters, then beginnings; within these the
/// given name before other words, in the Vietnamese order of people.
pub(super) fn by_name(tx: &mut Tx<'_>, query: &NameQuery, limit: usize) -> Result<Rows, StoreError> {
    let most = if query.has_accents() { CANDIDATES_BY_ACCENT } else { CANDIDATES };
    let mut scan = Scan {
        query,
        found: Found::new(most),
        is_loading: customer::is_loading(tx)?,
        seeks: SEEKS,
        keys: KEYS,
        is_cut: false,
    };
    scan.look(tx, limit)?;
    let more = scan.is_cut;
    let mut hits: Vec<((Rank, bool, String), HitRow)> = customer::list_hits(tx, &scan.found.ids)?
        .into_iter()
        .filter_map(|hit| {
            let rank = query.rank(&hit.name)?;
            Some(((rank, !query.names_given(&hit.name), sort_key(&hit.name)), hit))
        })
        .collect();
    hits.sort_by(|(a, _), (b, _)| a.cmp(b));
    let more = more || hits.len() > limit;
    hits.truncate(limit);
    Ok(Rows { rows: hits.into_iter().map(|(_, hit)| hit).collect(), more })
}

/// A search under way, with what is left of its budget.
struct Scan<'a> {
    query: &'a NameQuery,
    found: Found,
    is_loading: bool,
    seeks: usize,
    keys: i64,
    /// Whether a bound left something out.
    is_cut: bool,
}

impl Scan<'_> {
    /// From the near looks to the wide ones, which cost more and are for when the near ones found too few.
    fn look(&mut self, tx: &mut Tx<'_>, limit: usize) -> Result<(), StoreError> {
        let words: Vec<&str> = self.query.words().collect();
        let Some(last) = words.last() else { return Ok(()) };
        for reading in self.query.readings() {
            self.prefix(tx, &reading)?;
        }
        // "nguyen van hu": every given name that begins so, with that surname.
        if words.len() > 1 {
            self.skip(tx, last, &words[..words.len() - 1].join(" "))?;
        }
        let near = self.is_cut;
        // "nguyen van": that surname under every given name.
        if self.few(limit) {
            self.skip(tx, "", &words.join(" "))?;
        }
        // "van hung", "hung thi nguyen": what is left are names whose given name fits, with the surname or without.
        if words.len() > 2 && self.few(limit) {
            for pair in self.query.pairs() {
                self.filter(tx, &pair)?;
            }
        }
        if words.len() == 2 && self.few(limit) || words.len() > 2 && self.found.ids.is_empty() {
            self.filter(tx, last)?;
            for word in words.iter().take(words.len() - 1) {
                self.filter(tx, word)?;
            }
        }
        // "van nguyen": a surname that is not typed first.
        if words.len() > 1 && self.found.ids.is_empty() {
            for word in words.iter().skip(1) {
                self.skip(tx, "", word)?;
            }
        }
        if self.found.ids.is_empty() || (words.len() == 1 && self.few(limit)) {
            self.anywhere(tx)?;
        }
        // Where given name and surname were typed and found, what a wide look left out is not worth a word.
        if words.len() > 2 && !self.found.ids.is_empty() {
            self.is_cut = near;
        }
        Ok(())
    }

    const fn few(&self, limit: usize) -> bool {
        self.found.ids.len() < limit
    }

    /// Keys that begin with `prefix` and match.
    fn prefix(&mut self, tx: &mut Tx<'_>, prefix: &str) -> Result<(), StoreError> {
        let room = self.found.room() as i64;
        self.read(tx, prefix, room)
    }

    /// The same, reading as many as it takes.
    fn filter(&mut self, tx: &mut Tx<'_>, prefix: &str) -> Result<(), StoreError> {
        let keys = self.keys;
        self.read(tx, prefix, keys)
    }

    fn read(&mut self, tx: &mut Tx<'_>, prefix: &str, wanted: i64) -> Result<(), StoreError> {
        let limit = if self.is_loading { self.keys } else { wanted.min(self.keys) };
        if limit <= 0 || self.found.room() == 0 {
            self.is_cut = true;
            return Ok(());
        }
        let rows = customer::list_by_key(tx, prefix, &end(prefix), limit, self.is_loading)?;
        self.take(rows, limit);
        Ok(())
    }

    /// Takes what was read of a range, at most `limit`.
    fn take(&mut self, rows: Vec<KeyedCustomer>, limit: i64) {
        self.keys -= rows.len() as i64;
        self.is_cut |= rows.len() as i64 == limit;
        let query = self.query;
        self.found.extend(rows.into_iter().filter(|(_, key)| query.matches(key)).map(|(id, _)| id));
    }

    /// From given name to given name among those that begin with `given`: keys that go on with `rest`.
    fn skip(&mut self, tx: &mut Tx<'_>, given: &str, rest: &str) -> Result<(), StoreError> {
        let to = end(given);
        let mut key = customer::find_next_key(tx, given, &to)?;
        while let Some(found) = key {
            let room = if self.is_loading { self.keys } else { self.keys.min(self.found.room() as i64) };
            if self.seeks == 0 || room <= 0 || self.found.room() == 0 {
                self.is_cut = true;
                return Ok(());
            }
            self.seeks -= 1;
            let name = found.split(' ').next().unwrap_or(&found);
            let prefix = format!("{name} {rest}");
            // The first text after every key of this given name: "!" follows the space.
            let next = format!("{name}!");
            let (rows, after) = if self.is_loading {
                let rows = customer::list_by_key(tx, &prefix, &end(&prefix), room, true)?;
                (rows, customer::find_next_key(tx, &next, &to)?)
            } else {
                customer::list_by_key_and_next(tx, (&prefix, &end(&prefix)), room, (&next, &to))?
            };
            self.take(rows, room);
            key = after;
        }
        Ok(())
    }

    /// Looks for the longest word after the given name, in the first keys of all.
    fn anywhere(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let Some(word) = self.query.words().max_by_key(|word| word.len()) else { return Ok(()) };
        let scanned = if self.found.ids.is_empty() { SCANNED } else { SCANNED_FOR_MORE };
        let room = self.found.room() as i64;
        let rows = customer::list_by_word(tx, word, scanned, room)?;
        let last = customer::find_last(tx)?.map_or(0, |last| last.0);
        self.is_cut |= rows.len() as i64 == room || last > scanned;
        let query = self.query;
        self.found.extend(rows.into_iter().filter(|(_, key)| query.matches(key)).map(|(id, _)| id));
        Ok(())
    }
}

/// The first text after everything that begins with `prefix`.
fn end(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
