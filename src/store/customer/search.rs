//! Scans index ranges for the search while typing. Every scan is bounded by its caller; while an import runs, rows of
//! its list are skipped inside the bound.

use super::super::{StoreError, Tx, Value};
use crate::args;
use crate::domain::id::{CustomerId, RegistrationId};
use crate::domain::phone::PhoneNumber;
use crate::domain::registration::RegistrationState;
use std::fmt;

/// Customers that one statement of [`list_hits`] fetches.
const AT_ONCE: usize = 50;

/// A customer with their search key.
pub type KeyedCustomer = (CustomerId, String);

/// A found customer as the search shows them.
#[derive(Clone, PartialEq, Eq)]
pub struct HitRow {
    /// The customer.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// Number.
    pub phone: PhoneNumber,
    /// Province or city.
    pub province: Option<String>,
    /// Whether an active list holds them.
    pub on_list: bool,
    /// State of the registration.
    pub registration: Option<RegistrationState>,
    /// Its seat.
    pub seat: Option<i64>,
    /// Its number.
    pub registration_number: Option<RegistrationId>,
}

impl fmt::Debug for HitRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HitRow").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Whether an import is bringing customers that are not visible yet.
pub fn is_loading(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(tx.optional("SELECT id FROM list WHERE state = 'loading' LIMIT 1", &[])?.is_some())
}

/// Customers whose search key lies in `[from, to)`, with their keys, in key order.
pub fn list_by_key(
    tx: &mut Tx<'_>,
    from: &str,
    to: &str,
    limit: i64,
    is_loading: bool,
) -> Result<Vec<KeyedCustomer>, StoreError> {
    let statement = if is_loading {
        "SELECT q.id, q.name_key FROM (
           SELECT id, name_key, list FROM customer WHERE name_key >= ?1 AND name_key < ?2
           ORDER BY name_key, id LIMIT ?3) q
         LEFT JOIN list l ON l.id = q.list WHERE q.list IS NULL OR l.state = 'active' ORDER BY q.name_key, q.id"
    } else {
        "SELECT id, name_key FROM customer WHERE name_key >= ?1 AND name_key < ?2 ORDER BY name_key, id LIMIT ?3"
    };
    tx.many(statement, args![from, to, limit])?
        .iter()
        .map(|row| Ok((CustomerId(row.int(0)?), row.text(1)?)))
        .collect()
}

/// Customers whose search key lies in the first range, and the first search key in the second one, in one statement:
/// the search goes from given name to given name by it. Rows of a loading list are among them.
pub fn list_by_key_and_next(
    tx: &mut Tx<'_>,
    keys: (&str, &str),
    limit: i64,
    next: (&str, &str),
) -> Result<(Vec<KeyedCustomer>, Option<String>), StoreError> {
    // No row has the id -1: it marks the next key.
    let rows = tx.many(
        "SELECT q.id, q.name_key FROM (
           SELECT id, name_key FROM customer WHERE name_key >= ?1 AND name_key < ?2
           ORDER BY name_key, id LIMIT ?3) q
         UNION ALL
         SELECT CAST(-1 AS BIGINT), n.name_key FROM (
           SELECT name_key FROM customer WHERE name_key >= ?4 AND name_key < ?5 ORDER BY name_key LIMIT 1) n",
        args![keys.0, keys.1, limit, next.0, next.1],
    )?;
    let (mut found, mut after) = (Vec::with_capacity(rows.len()), None);
    for row in &rows {
        match row.int(0)? {
            -1 => after = Some(row.text(1)?),
            id => found.push((CustomerId(id), row.text(1)?)),
        }
    }
    Ok((found, after))
}

/// The first search key in `[from, to)`.
pub fn find_next_key(tx: &mut Tx<'_>, from: &str, to: &str) -> Result<Option<String>, StoreError> {
    tx.optional(
        "SELECT name_key FROM customer WHERE name_key >= ?1 AND name_key < ?2 ORDER BY name_key LIMIT 1",
        args![from, to],
    )?
    .map(|row| row.text(0))
    .transpose()
}

/// Customers whose number lies in the inclusive range of E.164 digits.
pub fn list_by_number(tx: &mut Tx<'_>, range: (i64, i64), limit: i64) -> Result<Vec<CustomerId>, StoreError> {
    tx.many(
        "SELECT id FROM customer WHERE phone BETWEEN ?1 AND ?2 ORDER BY phone LIMIT ?3",
        args![range.0, range.1, limit],
    )?
    .iter()
    .map(|row| row.int(0).map(CustomerId))
    .collect()
}

/// Customers whose reversed number lies in the inclusive range.
pub fn list_by_tail(tx: &mut Tx<'_>, range: (i64, i64), limit: i64) -> Result<Vec<CustomerId>, StoreError> {
    tx.many(
        "SELECT id FROM customer WHERE phone_reversed BETWEEN ?1 AND ?2 ORDER BY phone_reversed LIMIT ?3",
        args![range.0, range.1, limit],
    )?
    .iter()
    .map(|row| row.int(0).map(CustomerId))
    .collect()
}

/// The customers with these ids as hits, in the order of `ids`; invisible ones are left out.
pub fn list_hits(tx: &mut Tx<'_>, ids: &[CustomerId]) -> Result<Vec<HitRow>, StoreError> {
    let mut hits = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(AT_ONCE) {
        // No row has the id -1: it fills the unused parameters.
        let mut wanted: Vec<Value> = chunk.iter().map(|id| Value::from(*id)).collect();
        wanted.resize(AT_ONCE, Value::Int(-1));
        let rows = tx.many(
            "SELECT c.id, c.name, c.phone, c.province, c.list, r.state, r.seat, r.id
             FROM customer c LEFT JOIN list l ON l.id = c.list LEFT JOIN registration r ON r.customer = c.id
               AND r.taken_back_at IS NULL
             WHERE (c.list IS NULL OR l.state = 'active') AND c.id IN (
               ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
               ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40,
               ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50)
             LIMIT 50",
            &wanted,
        )?;
        let mut found = rows
            .iter()
            .map(|row| {
                Ok(HitRow {
                    id: CustomerId(row.int(0)?),
                    name: row.text(1)?,
                    phone: row.phone(2)?,
                    province: row.opt_text(3)?,
                    on_list: row.opt_int(4)?.is_some(),
                    registration: row.opt_code(5, RegistrationState::parse)?,
                    seat: row.opt_int(6)?,
                    registration_number: row.opt_int(7)?.map(RegistrationId),
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        found.sort_by_key(|hit| chunk.iter().position(|id| *id == hit.id));
        hits.append(&mut found);
    }
    Ok(hits)
}

/// Customers one of whose words after the given name begins with `word`, among the first `scanned` in key order, at
/// most `limit`, with their keys. Rows of a loading list may be among them.
pub fn list_by_word(
    tx: &mut Tx<'_>,
    word: &str,
    scanned: i64,
    limit: i64,
) -> Result<Vec<KeyedCustomer>, StoreError> {
    let literal = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    tx.many(
        "SELECT q.id, q.name_key FROM (SELECT id, name_key FROM customer ORDER BY name_key, id LIMIT ?2) q
         WHERE q.name_key LIKE ?1 ESCAPE '\\' ORDER BY q.name_key, q.id LIMIT ?3",
        args![format!("% {literal}%"), scanned, limit],
    )?
    .iter()
    .map(|row| Ok((CustomerId(row.int(0)?), row.text(1)?)))
    .collect()
}

/// The newest customer's row: there are at most so many.
pub fn find_last(tx: &mut Tx<'_>) -> Result<Option<CustomerId>, StoreError> {
    tx.optional("SELECT id FROM customer ORDER BY id DESC LIMIT 1", &[])?
        .map(|row| row.int(0).map(CustomerId))
        .transpose()
}

/// The customer who holds a seat.
pub fn find_by_seat(tx: &mut Tx<'_>, seat: i64) -> Result<Option<CustomerId>, StoreError> {
    tx.optional("SELECT customer FROM registration WHERE seat = ?1", args![seat])?
        .map(|row| row.int(0).map(CustomerId))
        .transpose()
}

/// The customer of a registration.
pub fn find_by_registration(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
) -> Result<Option<CustomerId>, StoreError> {
    tx.optional("SELECT customer FROM registration WHERE id = ?1", args![registration])?
        .map(|row| row.int(0).map(CustomerId))
        .transpose()
}
