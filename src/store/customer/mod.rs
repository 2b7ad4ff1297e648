//! Rows of customers: one per mobile number. Rows of a running import (their list is still `loading`) are invisible to
//! every function here, so that a list becomes visible all at once or not at all.
//!
//! Deliberately absent: bulk loads (`import`), customers made by registering (`registration`), anything about
//! health.

mod search;

pub use search::{
    HitRow, KeyedCustomer, find_by_registration, find_by_seat, find_last, find_next_key, is_loading,
    list_by_key, list_by_key_and_next, list_by_number, list_by_tail, list_by_word, list_hits,
};

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::id::{CustomerId, ListId};
use crate::domain::name::Salutation;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use std::fmt;

/// A customer as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerRow {
    /// Row.
    pub id: CustomerId,
    /// Number.
    pub phone: PhoneNumber,
    /// Name as kept.
    pub name: String,
    /// Kinship word.
    pub salutation: Option<Salutation>,
    /// Province or city as given.
    pub province: Option<String>,
    /// The active SMS list that holds them.
    pub list: Option<ListId>,
    /// When the programme's SMS went out.
    pub sms_sent_at: Option<Timestamp>,
}

impl CustomerRow {
    /// Whether an active SMS list holds them.
    pub const fn on_list(&self) -> bool {
        self.list.is_some()
    }
}

impl fmt::Debug for CustomerRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomerRow").field("id", &self.id).field("list", &self.list).finish_non_exhaustive()
    }
}

fn customer(row: &Row) -> Result<CustomerRow, StoreError> {
    Ok(CustomerRow {
        id: CustomerId(row.int(0)?),
        phone: row.phone(1)?,
        name: row.text(2)?,
        salutation: row.opt_code(3, Salutation::parse)?,
        province: row.opt_text(4)?,
        list: row.opt_int(5)?.map(ListId),
        sms_sent_at: row.opt_time(6)?,
    })
}

/// The customer with this number.
pub fn find_by_phone(tx: &mut Tx<'_>, phone: PhoneNumber) -> Result<Option<CustomerRow>, StoreError> {
    tx.optional(
        "SELECT c.id, c.phone, c.name, c.salutation, c.province, c.list, c.sms_sent_at
         FROM customer c LEFT JOIN list l ON l.id = c.list
         WHERE c.phone = ?1 AND (c.list IS NULL OR l.state = 'active')",
        args![phone],
    )?
    .map(|row| customer(&row))
    .transpose()
}

/// One customer.
pub fn find(tx: &mut Tx<'_>, id: CustomerId) -> Result<Option<CustomerRow>, StoreError> {
    tx.optional(
        "SELECT c.id, c.phone, c.name, c.salutation, c.province, c.list, c.sms_sent_at
         FROM customer c LEFT JOIN list l ON l.id = c.list
         WHERE c.id = ?1 AND (c.list IS NULL OR l.state = 'active')",
        args![id],
    )?
    .map(|row| customer(&row))
    .transpose()
}
