//! Writes rows of a running import: new customers with their offer matters, noted changes of known customers, and
//! their removal when the import fails. These functions run inside bulk chunks ([`super::Store::bulk`]).
//!
//! Invariants:
//! - a customer row of a list is written with its offer matter or not at all;
//! - nothing of a list is visible before [`super::list::activate`];
//! - [`delete_window`] removes exactly what [`Loading::put`] wrote, and keeps a customer who has a registration or an
//!   agreement by now.

mod batch;
mod invitation;
mod rehearsal;

pub use rehearsal::rehearse;

use super::list::{self, NewList};
use super::{Row, StoreError, Topics, Tx, row_lock, sqlite};
use crate::args;
use crate::domain::id::{CustomerId, ListId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use rusqlite::CachedStatement;

/// Customers whose offers are written together, while their rows are still at hand.
const OFFERS: i64 = 2048;
/// Why an offer of a list without evidence is held (T7).
const OPT_IN_MISSING: &str = "opt_in_missing";

/// A screened customer on the way into the store.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// The number.
    pub phone: PhoneNumber,
    /// The number as the file wrote it.
    pub phone_raw: String,
    /// The name.
    pub name: String,
    /// `PersonName::search_key`.
    pub name_key: String,
    /// Code of the salutation.
    pub salutation: Option<&'static str>,
    /// Province as written.
    pub province: Option<String>,
    /// When the programme's SMS went out.
    pub sms_sent_at: Option<Timestamp>,
}

impl std::fmt::Debug for NewCustomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewCustomer(…)")
    }
}

/// The outcome of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// A new customer.
    New,
    /// A known one, of whom something will change.
    Changed,
    /// A known one, the same as before.
    Unchanged,
}

const INSERT_CUSTOMER: &str = "INSERT INTO customer
    (id, phone, phone_reversed, phone_raw, name, name_key, salutation, province, list, sms_sent_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (phone) DO NOTHING";
/// One statement for many offers: row by row they would cost as much as the customers.
const INSERT_OFFERS: &str = "INSERT INTO matter (id, customer, purpose, list, state, reason)
    SELECT id * 4 + 1, id, 1, list, ?1, ?2 FROM customer WHERE id >= ?3 AND id < ?4 AND list = ?5 ORDER BY id";
/// The same where offers wait for the programme's SMS: held until it is sent, at a time that may not be known.
const INSERT_OFFERS_AFTER_SMS: &str =
    "INSERT INTO matter (id, customer, purpose, list, state, reason, due_at)
    SELECT id * 4 + 1, id, 1, list,
      CASE WHEN sms_sent_at <= ?1 THEN 'waiting' ELSE 'held' END,
      CASE WHEN sms_sent_at <= ?1 THEN NULL ELSE 'sms_not_received' END,
      CASE WHEN sms_sent_at > ?1 THEN sms_sent_at ELSE 0 END
    FROM customer WHERE id >= ?2 AND id < ?3 AND list = ?4 ORDER BY id";
const FIND_KNOWN: &str = "SELECT customer.id, customer.name, customer.salutation, customer.province,
    customer.sms_sent_at, customer.list, list.evidence FROM customer LEFT JOIN list ON list.id = customer.list
    WHERE customer.phone = ?1";

/// One chunk of a load. Statements stay prepared for all its rows.
pub struct Loading<'t, 'c> {
    tx: &'t mut Tx<'c>,
    new_list: &'t NewList,
    list: Option<ListId>,
    /// The first new customer without an offer so far.
    open: i64,
    next: i64,
    /// The prepared statement of a file; a server's connection keeps its own.
    customer: Option<CachedStatement<'c>>,
}

impl std::fmt::Debug for Loading<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loading").field("list", &self.list).finish_non_exhaustive()
    }
}

impl<'t, 'c> Loading<'t, 'c> {
    /// Begins a chunk. `list` is none until the first row that needs one.
    pub fn begin(
        tx: &'t mut Tx<'c>,
        new_list: &'t NewList,
        list: Option<ListId>,
    ) -> Result<Self, StoreError> {
        let next = end_of_customers(tx)?.0;
        let customer = tx
            .file()
            .map(|file| file.prepare_cached(INSERT_CUSTOMER))
            .transpose()
            .map_err(|error| sqlite::translate(&error))?;
        Ok(Self { tx, new_list, list, open: next, next, customer })
    }

    /// Ends the chunk: the list, once a row needed one.
    pub fn end(mut self) -> Result<Option<ListId>, StoreError> {
        self.write_offers()?;
        Ok(self.list)
    }

    /// Writes a row, or notes what it changes on a known customer.
    pub fn put(&mut self, row: &NewCustomer) -> Result<Put, StoreError> {
        let list = match self.list {
            Some(list) => list,
            None => match self.find_known(row)? {
                Some(known) => return self.compare(known, row),
                None => self.lay_list()?,
            },
        };
        let inserted = self.insert(row, list)?;
        if !inserted {
            let known =
                self.find_known(row)?.ok_or_else(|| StoreError::internal("a number that is and is not"))?;
            return self.compare(known, row);
        }
        if self.next - self.open >= OFFERS {
            self.write_offers()?;
        }
        Ok(Put::New)
    }

    /// Whether the number was new. On a file this load counts the ids itself, for nobody else writes within the
    /// chunk; on a server, where others register customers meanwhile, the server does.
    fn insert(&mut self, row: &NewCustomer, list: ListId) -> Result<bool, StoreError> {
        let Some(statement) = &mut self.customer else {
            return Ok(self.insert_all(std::iter::once(row))?.contains(&row.phone));
        };
        let inserted = statement
            .execute(rusqlite::params![
                self.next,
                row.phone.digits(),
                row.phone.reversed_tail(),
                row.phone_raw,
                row.name,
                row.name_key,
                row.salutation,
                row.province,
                list.0,
                row.sms_sent_at.map(Timestamp::ms),
            ])
            .map_err(|error| sqlite::translate(&error))?;
        self.next += i64::from(inserted > 0);
        Ok(inserted > 0)
    }

    /// The offers of the customers since the last time. On a server others' customers may stand between them; those
    /// are on no list or on another.
    fn write_offers(&mut self) -> Result<(), StoreError> {
        if let Some(list) = self.list {
            let has_evidence = !self.new_list.evidence.is_empty();
            if has_evidence && self.new_list.sms_required {
                let args = args![self.new_list.at, self.open, self.next, list];
                self.tx.execute(INSERT_OFFERS_AFTER_SMS, args)?;
            } else {
                let (state, reason) =
                    if has_evidence { ("waiting", None) } else { ("held", Some(OPT_IN_MISSING)) };
                self.tx.execute(INSERT_OFFERS, args![state, reason, self.open, self.next, list])?;
            }
        }
        self.open = self.next;
        Ok(())
    }

    fn list_or_lay(&mut self) -> Result<ListId, StoreError> {
        self.list.map_or_else(|| self.lay_list(), Ok)
    }

    fn lay_list(&mut self) -> Result<ListId, StoreError> {
        let list = list::insert_loading(self.tx, self.new_list, CustomerId(self.next))?;
        self.list = Some(list);
        Ok(list)
    }

    fn find_known(&mut self, row: &NewCustomer) -> Result<Option<Known>, StoreError> {
        find_known(self.tx, row.phone)
    }

    fn compare(&mut self, known: Known, row: &NewCustomer) -> Result<Put, StoreError> {
        if !known.differs(row, !self.new_list.evidence.is_empty()) {
            return Ok(Put::Unchanged);
        }
        let list = self.list_or_lay()?;
        self.tx.execute(
            "INSERT INTO list_change (list, customer, phone_raw, name, name_key, salutation, province, sms_sent_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            args![
                list,
                known.id,
                row.phone_raw.as_str(),
                row.name.as_str(),
                row.name_key.as_str(),
                row.salutation.map(str::to_owned).or(known.salutation),
                row.province.clone().or(known.province),
                row.sms_sent_at.or(known.sms_sent_at),
            ],
        )?;
        Ok(Put::Changed)
    }
}

/// A customer that is in the store already.
struct Known {
    id: CustomerId,
    name: String,
    salutation: Option<String>,
    province: Option<String>,
    sms_sent_at: Option<Timestamp>,
    /// The evidence of their list, when they are on one.
    evidence: Option<String>,
}

impl Known {
    /// A row of [`FIND_KNOWN`].
    fn read(row: &Row) -> Result<Self, StoreError> {
        let evidence = row.opt_int(5)?.map(|_| row.opt_text(6)).transpose()?;
        Ok(Self {
            id: CustomerId(row.int(0)?),
            name: row.text(1)?,
            salutation: row.opt_text(2)?,
            province: row.opt_text(3)?,
            sms_sent_at: row.opt_time(4)?,
            evidence: evidence.map(Option::unwrap_or_default),
        })
    }

    /// Cells that the file leaves empty change nothing; another spelling of the same number neither. A customer
    /// without a list joins this one, and so does one whose own list came without evidence.
    fn differs(&self, row: &NewCustomer, has_evidence: bool) -> bool {
        self.name != row.name
            || row.salutation.is_some_and(|new| self.salutation.as_deref() != Some(new))
            || row.province.as_ref().is_some_and(|new| self.province.as_ref() != Some(new))
            || row.sms_sent_at.is_some_and(|new| self.sms_sent_at != Some(new))
            || self.evidence.as_ref().is_none_or(|old| old.is_empty() && has_evidence)
    }
}

fn find_known(tx: &mut Tx<'_>, phone: PhoneNumber) -> Result<Option<Known>, StoreError> {
    tx.optional(FIND_KNOWN, args![phone])?.as_ref().map(Known::read).transpose()
}

/// Makes a list visible: its customers are callable from here on. `new` is how many it brought. Offers of people
/// who registered or opted out while it was loading are closed at once. False when it is not loading any more.
pub fn activate(tx: &mut Tx<'_>, list: ListId, new: i64) -> Result<bool, StoreError> {
    // Opt-outs and registrations wait until these customers are visible.
    row_lock::campaign(tx)?;
    if !list::activate(tx, list, new)? {
        return Ok(false);
    }
    let opted_out = tx.execute(
        "UPDATE matter SET state = 'closed', reason = 'opted_out' WHERE state IN ('waiting', 'held') AND id IN
         (SELECT customer.id * 4 + 1 FROM opt_out JOIN customer ON customer.phone = opt_out.phone
          WHERE customer.list = ?1 AND opt_out.voice_at IS NOT NULL)",
        args![list],
    )?;
    let registered = tx.execute(
        "UPDATE matter SET state = 'closed', reason = 'registered' WHERE state IN ('waiting', 'held') AND id IN
         (SELECT customer.id * 4 + 1 FROM registration JOIN customer ON customer.id = registration.customer
          WHERE customer.list = ?1 AND registration.taken_back_at IS NULL)",
        args![list],
    )?;
    let closed = (opted_out + registered) as i64;
    tx.count("list.customers", new);
    let held = tx
        .one("SELECT COUNT(*) FROM matter WHERE purpose = 1 AND list = ?1 AND state = 'held'", args![list])?
        .int(0)?;
    tx.count("matter.offer.held", held);
    tx.count("matter.offer.waiting", new - closed - held);
    tx.count("matter.offer.closed", closed);
    tx.touch(Topics::LISTS.with(Topics::QUEUE));
    Ok(true)
}

/// Applies up to `limit` changes that an active list brought to customers of others; how many there were.
pub fn apply_changes(
    tx: &mut Tx<'_>,
    list: ListId,
    sms_required: bool,
    limit: i64,
) -> Result<usize, StoreError> {
    let rows = tx.many(
        "SELECT customer FROM list_change WHERE list = ?1 ORDER BY customer LIMIT ?2",
        args![list, limit],
    )?;
    let Some(last) = rows.last().map(|row| row.int(0)).transpose()? else { return Ok(0) };
    let has_evidence = !tx.one("SELECT evidence FROM list WHERE id = ?1", args![list])?.text(0)?.is_empty();
    // From here on these customers are locked.
    let held = tx.many(
        "SELECT id, list FROM customer
         WHERE id IN (SELECT customer FROM list_change WHERE list = ?1 AND customer <= ?2)
         ORDER BY id FOR NO KEY UPDATE",
        args![list, last],
    )?;
    let joining = held.iter().filter(|row| matches!(row.opt_int(1), Ok(None))).count();
    tx.count("list.customers", joining as i64);
    open_offers(tx, list, last, has_evidence)?;
    if has_evidence {
        release_offers(tx, list, last)?;
    }
    tx.execute(
        "UPDATE customer SET list = ?1
         WHERE id IN (SELECT customer FROM list_change WHERE list = ?1 AND customer <= ?2)
           AND (list IS NULL OR (?3 = 1 AND list IN (SELECT id FROM list WHERE evidence = '')))",
        args![list, last, has_evidence],
    )?;
    tx.execute(
        "UPDATE customer SET phone_raw = change.phone_raw, name = change.name, name_key = change.name_key,
         salutation = change.salutation, province = change.province, sms_sent_at = change.sms_sent_at
         FROM list_change AS change WHERE change.list = ?1 AND change.customer <= ?2 AND customer.id = change.customer",
        args![list, last],
    )?;
    if sms_required {
        invitation::settle(tx, list, last)?;
    }
    tx.execute("DELETE FROM list_change WHERE list = ?1 AND customer <= ?2", args![list, last])?;
    tx.touch(Topics::LISTS.with(Topics::QUEUE));
    Ok(rows.len())
}

/// Offers for customers who had no list; none for a customer who registered or opted out.
fn open_offers(tx: &mut Tx<'_>, list: ListId, last: i64, has_evidence: bool) -> Result<(), StoreError> {
    let (state, reason) = if has_evidence { ("waiting", None) } else { ("held", Some(OPT_IN_MISSING)) };
    let opened = tx.execute(
        "INSERT INTO matter (id, customer, purpose, list, state, reason)
         SELECT customer.id * 4 + 1, customer.id, 1, CAST(?1 AS BIGINT), ?3, ?4 FROM customer
         WHERE customer.id IN (SELECT customer FROM list_change WHERE list = ?1 AND customer <= ?2)
         AND customer.list IS NULL
         AND NOT EXISTS (SELECT 1 FROM registration
                         WHERE registration.customer = customer.id AND registration.taken_back_at IS NULL)
         AND NOT EXISTS (SELECT 1 FROM opt_out WHERE opt_out.phone = customer.phone AND opt_out.voice_at IS NOT NULL)
         ON CONFLICT (id) DO NOTHING",
        args![list, last, state, reason],
    )?;
    tx.count(format!("matter.offer.{state}"), opened as i64);
    Ok(())
}

/// Offers that waited for the evidence which this list brings.
fn release_offers(tx: &mut Tx<'_>, list: ListId, last: i64) -> Result<(), StoreError> {
    let held = tx.many(
        "SELECT id FROM matter WHERE id IN
         (SELECT customer.id * 4 + 1 FROM customer JOIN list ON list.id = customer.list
          WHERE list.evidence = ''
            AND customer.id IN (SELECT customer FROM list_change WHERE list = ?1 AND customer <= ?2))
         ORDER BY id FOR NO KEY UPDATE",
        args![list, last],
    )?;
    if held.is_empty() {
        return Ok(());
    }
    let released = tx.execute(
        "UPDATE matter SET list = ?1, state = 'waiting', reason = NULL
         WHERE state = 'held' AND reason = 'opt_in_missing' AND id IN
         (SELECT customer.id * 4 + 1 FROM customer JOIN list ON list.id = customer.list
          WHERE list.evidence = ''
            AND customer.id IN (SELECT customer FROM list_change WHERE list = ?1 AND customer <= ?2))",
        args![list, last],
    )? as i64;
    tx.count("matter.offer.held", -released);
    tx.count("matter.offer.waiting", released);
    Ok(())
}

/// Removes what a loading list wrote between two customer ids (the first included, the last not). A customer with
/// other rows by now stays, without a list.
pub fn delete_window(
    tx: &mut Tx<'_>,
    list: ListId,
    from: CustomerId,
    to: CustomerId,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM matter WHERE id >= ?1 AND id < ?2 AND purpose = 1 AND list = ?3
         AND state IN ('waiting', 'held') AND NOT EXISTS (SELECT 1 FROM call WHERE call.matter = matter.id)",
        args![from.0 * 4, to.0 * 4, list],
    )?;
    tx.execute(
        "UPDATE customer SET list = NULL WHERE id >= ?1 AND id < ?2 AND list = ?3
         AND (EXISTS (SELECT 1 FROM registration WHERE registration.customer = customer.id)
           OR EXISTS (SELECT 1 FROM agreement WHERE agreement.customer = customer.id)
           OR EXISTS (SELECT 1 FROM sms WHERE sms.customer = customer.id)
           OR EXISTS (SELECT 1 FROM matter WHERE matter.id > customer.id * 4 AND matter.id < customer.id * 4 + 4))",
        args![from, to, list],
    )?;
    tx.execute("DELETE FROM customer WHERE id >= ?1 AND id < ?2 AND list = ?3", args![from, to, list])?;
    Ok(())
}

/// The id behind the last customer.
pub fn end_of_customers(tx: &mut Tx<'_>) -> Result<CustomerId, StoreError> {
    // A server's sequence runs ahead of what is committed: a load that was cut short may have used its numbers.
    let sql = if tx.file().is_some() {
        "SELECT COALESCE(MAX(id), 0) + 1 FROM customer"
    } else {
        "SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM customer_id_seq"
    };
    Ok(CustomerId(tx.one(sql, &[])?.int(0)?))
}

/// Drops up to `limit` noted changes of a list that never became active; how many there were.
pub fn delete_changes(tx: &mut Tx<'_>, list: ListId, limit: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM list_change WHERE list = ?1 AND customer IN
         (SELECT customer FROM list_change WHERE list = ?2 ORDER BY customer LIMIT ?3)",
        args![list, list, limit],
    )
}
