//! Rows of hand-over batches from 9090 to Vinmec, and Vinmec's answer to each row.
//!
//! Invariants:
//! - a registration is in at most one batch row that is not returned (a unique index, too), so nothing is sent twice;
//! - an accepted row has a case and an intake matter from the same transaction on;
//! - a transaction that sends or settles a batch, or ends a registration, holds the campaign row
//!   ([`super::row_lock`]), so that [`insert`] writes what [`list_waiting`] named.

use super::{StoreError, Tx, counter};
use crate::args;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::{BatchId, CaseId, RegistrationId, StaffId};
use crate::domain::phone::PhoneNumber;
use crate::domain::registration::BatchRowState;
use crate::domain::time::Timestamp;

/// Rows of one batch at most: more seats than a programme has.
const MOST_ROWS: i64 = 100_000;

/// The minimum that Vinmec needs of one registration.
#[derive(Clone, PartialEq, Eq)]
pub struct HandOverRow {
    /// Which registration.
    pub registration: RegistrationId,
    /// Its seat.
    pub seat: i64,
    /// The customer's number.
    pub phone: PhoneNumber,
    /// The customer's name.
    pub name: String,
    /// Kinship word code.
    pub salutation: Option<String>,
    /// Patient, when not the customer.
    pub patient: Option<String>,
    /// Patient's birth year.
    pub birth_year: Option<i64>,
    /// Representative's name.
    pub representative: Option<String>,
    /// Representative's relation.
    pub relation: Option<String>,
}

impl std::fmt::Debug for HandOverRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandOverRow").field("registration", &self.registration).finish_non_exhaustive()
    }
}

/// A batch as stored, with the states of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRecord {
    /// Number.
    pub id: BatchId,
    /// When it left.
    pub sent_at: Timestamp,
    /// The sender.
    pub by: StaffId,
    /// Rows in it.
    pub rows: i64,
    /// SHA-256 over its rows, hexadecimal.
    pub checksum: String,
    /// Accepted rows.
    pub accepted: i64,
    /// Returned rows.
    pub returned: i64,
}

/// One row of a batch as both sides see it.
#[derive(Clone, PartialEq, Eq)]
pub struct BatchLineRow {
    /// Which registration.
    pub registration: RegistrationId,
    /// The case, once accepted.
    pub case: Option<CaseId>,
    /// Vinmec's answer.
    pub state: BatchRowState,
    /// Why it was returned.
    pub reason: Option<String>,
    /// Seat number.
    pub seat: Option<i64>,
    /// Customer's name.
    pub name: String,
    /// Customer's number.
    pub phone: PhoneNumber,
    /// Patient, when not the customer.
    pub patient: Option<String>,
    /// What 9090 answered: to this row when it was returned, otherwise to an earlier one.
    pub answer: Option<String>,
    /// Why an earlier row of the registration was returned.
    pub earlier_reason: Option<String>,
}

impl std::fmt::Debug for BatchLineRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BatchLineRow")
            .field("registration", &self.registration)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Seated registrations that Vinmec does not have and that may go out: never sent, or returned and answered since
/// ([`answer_returned`]). In seat order.
pub fn list_waiting(tx: &mut Tx<'_>) -> Result<Vec<HandOverRow>, StoreError> {
    tx.many(
        "SELECT r.id, r.seat, c.phone, c.name, c.salutation, r.patient, r.birth_year, r.representative, r.relation
         FROM registration r JOIN customer c ON c.id = r.customer
         WHERE r.state = 'registered' AND r.hand_over = 'waiting' ORDER BY r.seat LIMIT ?1",
        args![MOST_ROWS],
    )?
    .iter()
    .map(|row| {
        Ok(HandOverRow {
            registration: RegistrationId(row.int(0)?),
            seat: row.int(1)?,
            phone: row.phone(2)?,
            name: row.text(3)?,
            salutation: row.opt_text(4)?,
            patient: row.opt_text(5)?,
            birth_year: row.opt_int(6)?,
            representative: row.opt_text(7)?,
            relation: row.opt_text(8)?,
        })
    })
    .collect()
}

/// How many seated registrations may go out to Vinmec.
pub fn count_waiting(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one("SELECT COUNT(*) FROM registration WHERE state = 'registered' AND hand_over = 'waiting'", &[])?
        .int(0)
}

/// How many returned rows nobody has answered, and since when the oldest.
pub fn count_returned(tx: &mut Tx<'_>) -> Result<(i64, Option<Timestamp>), StoreError> {
    let row = tx.one(
        "SELECT COUNT(*), MIN(w.settled_at)
         FROM registration r JOIN batch_row w ON w.registration = r.id AND w.state = 'returned'
         WHERE r.state = 'registered' AND r.hand_over = 'returned' AND w.answered_at IS NULL",
        &[],
    )?;
    Ok((row.int(0)?, row.opt_time(1)?))
}

/// Answers the returned row of a registration, which may then go out again; false when none waits for an answer.
pub fn answer_returned(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    answer: &str,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE registration SET hand_over = 'waiting' WHERE id = ?1 AND hand_over = 'returned'",
        args![registration],
    )?;
    if changed == 1 {
        tx.execute(
            "UPDATE batch_row SET answer = ?1, answered_at = ?2, answered_by = ?3
             WHERE registration = ?4 AND state = 'returned' AND answered_at IS NULL",
            args![answer, now, by, registration],
        )?;
    }
    Ok(changed == 1)
}

/// Why the row of a registration came back, while it has no answer.
pub fn find_open_reason(tx: &mut Tx<'_>, registration: RegistrationId) -> Result<Option<String>, StoreError> {
    let row = tx.optional(
        "SELECT reason FROM batch_row
         WHERE registration = ?1 AND state = 'returned' AND answered_at IS NULL ORDER BY batch DESC LIMIT 1",
        args![registration],
    )?;
    Ok(row.map(|row| row.opt_text(0)).transpose()?.flatten())
}

/// Writes a batch of everything that [`list_waiting`] names; returns its number.
pub fn insert(
    tx: &mut Tx<'_>,
    rows: i64,
    checksum: &str,
    by: &StaffId,
    now: Timestamp,
) -> Result<BatchId, StoreError> {
    let row = tx.one(
        "INSERT INTO batch (sent_at, by_staff, rows, checksum) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        args![now, by, rows, checksum],
    )?;
    let batch = BatchId(row.int(0)?);
    let written = tx.execute(
        "INSERT INTO batch_row (batch, registration, state)
         SELECT CAST(?1 AS BIGINT), id, 'sent' FROM registration
         WHERE state = 'registered' AND hand_over = 'waiting' ORDER BY seat LIMIT ?2",
        args![batch, MOST_ROWS],
    )?;
    if i64::try_from(written) != Ok(rows) {
        return Err(StoreError::internal("a batch has other rows than its checksum covers"));
    }
    tx.execute(
        "UPDATE registration SET hand_over = 'sent'
         WHERE id IN (SELECT registration FROM batch_row WHERE batch = ?1)",
        args![batch],
    )?;
    Ok(batch)
}

/// One batch.
pub fn find(tx: &mut Tx<'_>, id: BatchId) -> Result<Option<BatchRecord>, StoreError> {
    tx.optional(
        "SELECT b.id, b.sent_at, b.by_staff, b.rows, b.checksum,
                    COALESCE(SUM(CASE WHEN w.state = 'accepted' THEN 1 ELSE 0 END), 0),
                    COALESCE(SUM(CASE WHEN w.state = 'returned' THEN 1 ELSE 0 END), 0)
             FROM batch b LEFT JOIN batch_row w ON w.batch = b.id WHERE b.id = ?1
             GROUP BY b.id, b.sent_at, b.by_staff, b.rows, b.checksum",
        args![id],
    )?
    .map(|row| record(&row))
    .transpose()
}

/// The latest batches, newest first.
pub fn list(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<BatchRecord>, StoreError> {
    tx.many(
        "SELECT b.id, b.sent_at, b.by_staff, b.rows, b.checksum,
                COALESCE(SUM(CASE WHEN w.state = 'accepted' THEN 1 ELSE 0 END), 0),
                COALESCE(SUM(CASE WHEN w.state = 'returned' THEN 1 ELSE 0 END), 0)
         FROM (SELECT id, sent_at, by_staff, rows, checksum FROM batch ORDER BY id DESC LIMIT ?1) b
         LEFT JOIN batch_row w ON w.batch = b.id
         GROUP BY b.id, b.sent_at, b.by_staff, b.rows, b.checksum ORDER BY b.id DESC",
        args![limit],
    )?
    .iter()
    .map(record)
    .collect()
}

fn record(row: &super::Row) -> Result<BatchRecord, StoreError> {
    Ok(BatchRecord {
        id: BatchId(row.int(0)?),
        sent_at: row.time(1)?,
        by: StaffId(row.text(2)?),
        rows: row.int(3)?,
        checksum: row.text(4)?,
        accepted: row.int(5)?,
        returned: row.int(6)?,
    })
}

/// The rows of a batch in seat order; rows that have lost their seat come last.
pub fn list_rows(tx: &mut Tx<'_>, id: BatchId) -> Result<Vec<BatchLineRow>, StoreError> {
    tx.many(
        "SELECT w.registration, k.id, w.state, w.reason, r.seat, c.name, c.phone, r.patient,
                COALESCE(w.answer, p.answer), p.reason
         FROM batch_row w JOIN registration r ON r.id = w.registration JOIN customer c ON c.id = r.customer
         LEFT JOIN care_case k ON k.registration = w.registration AND w.state = 'accepted'
         LEFT JOIN batch_row p ON p.registration = w.registration
           AND p.batch = (SELECT MAX(q.batch) FROM batch_row q
                          WHERE q.registration = w.registration AND q.batch < w.batch)
         WHERE w.batch = ?1 ORDER BY r.seat NULLS LAST, w.registration LIMIT ?2",
        args![id, MOST_ROWS],
    )?
    .iter()
    .map(|row| {
        Ok(BatchLineRow {
            registration: RegistrationId(row.int(0)?),
            case: row.opt_int(1)?.map(CaseId),
            state: row.code(2, BatchRowState::parse)?,
            reason: row.opt_text(3)?,
            seat: row.opt_int(4)?,
            name: row.text(5)?,
            phone: row.phone(6)?,
            patient: row.opt_text(7)?,
            answer: row.opt_text(8)?,
            earlier_reason: row.opt_text(9)?,
        })
    })
    .collect()
}

/// The states of a batch's rows by registration.
pub fn list_states(tx: &mut Tx<'_>, id: BatchId) -> Result<Vec<(RegistrationId, BatchRowState)>, StoreError> {
    tx.many(
        "SELECT registration, state FROM batch_row WHERE batch = ?1 ORDER BY registration LIMIT ?2",
        args![id, MOST_ROWS],
    )?
    .iter()
    .map(|row| Ok((RegistrationId(row.int(0)?), row.code(1, BatchRowState::parse)?)))
    .collect()
}

/// Settles one row as `accepted` or `returned`; false when it is settled already.
pub fn settle(
    tx: &mut Tx<'_>,
    batch: BatchId,
    registration: RegistrationId,
    returned_because: Option<&str>,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let state =
        if returned_because.is_some() { BatchRowState::Returned } else { BatchRowState::Accepted }.code();
    let changed = tx.execute(
        "UPDATE batch_row SET state = ?1, reason = ?2, settled_at = ?3, settled_by = ?4
         WHERE batch = ?5 AND registration = ?6 AND state = 'sent'",
        args![state, returned_because, now, by, batch, registration],
    )?;
    if changed == 1 {
        tx.execute("UPDATE registration SET hand_over = ?1 WHERE id = ?2", args![state, registration])?;
    }
    Ok(changed == 1)
}

/// Returns the batch row of a registration that Vinmec has not settled yet; false when there is none.
pub fn return_open(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    reason: &str,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE batch_row SET state = 'returned', reason = ?1, settled_at = ?2, settled_by = ?3
         WHERE registration = ?4 AND state = 'sent'",
        args![reason, now, by, registration],
    )?;
    if changed == 1 {
        tx.execute("UPDATE registration SET hand_over = 'returned' WHERE id = ?1", args![registration])?;
    }
    Ok(changed == 1)
}

/// Sends the row again that a cancellation returned, before Vinmec has it back; false when there is none.
pub fn reopen(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    by: &StaffId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE batch_row SET state = 'sent', reason = NULL, settled_at = NULL, settled_by = NULL
         WHERE registration = ?1 AND state = 'returned' AND settled_at = ?2 AND settled_by = ?3",
        args![registration, at, by],
    )?;
    Ok(changed == 1)
}

/// Opens a case, and an intake matter that is due at once, for every accepted row of the batch that has none.
pub fn open_cases(tx: &mut Tx<'_>, batch: BatchId, now: Timestamp) -> Result<u64, StoreError> {
    let opened = tx.execute(
        "INSERT INTO care_case (registration, customer, state, since, opened_at)
         SELECT r.id, r.customer, 'new', CAST(?1 AS BIGINT), CAST(?2 AS BIGINT)
         FROM batch_row w JOIN registration r ON r.id = w.registration
         WHERE w.batch = ?3 AND w.state = 'accepted'
           AND NOT EXISTS (SELECT 1 FROM care_case k WHERE k.registration = r.id)
         ORDER BY r.seat",
        args![now, now, batch],
    )?;
    let matters = tx.execute(
        "INSERT INTO matter (id, customer, purpose, state, due_at)
         SELECT r.customer * 4 + 2, r.customer, 2, 'waiting', CAST(?1 AS BIGINT)
         FROM batch_row w JOIN registration r ON r.id = w.registration
         WHERE w.batch = ?2 AND w.state = 'accepted'
           AND NOT EXISTS (SELECT 1 FROM matter m WHERE m.id = r.customer * 4 + 2)",
        args![now, batch],
    )?;
    tx.count(counter::matter(Purpose::Intake, MatterState::Waiting), i64::try_from(matters).unwrap_or(0));
    Ok(opened)
}

/// The minimum that Vinmec needs of one registration, on its way into a file. Only an audited export makes it.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// Which registration.
    pub registration: RegistrationId,
    /// Seat number.
    pub seat: Option<i64>,
    /// Customer's name.
    pub name: String,
    /// The whole number.
    pub phone: PhoneNumber,
    /// Patient, when not the customer.
    pub patient: Option<String>,
    /// Patient's birth year.
    pub birth_year: Option<i64>,
    /// Representative and relation of a minor.
    pub representative: Option<String>,
}

impl std::fmt::Debug for ExportRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExportRow({})", self.registration)
    }
}

/// What an audited export of a batch writes, in seat order; waiting rows and accepted ones, not the returned.
pub fn list_export_rows(tx: &mut Tx<'_>, id: BatchId) -> Result<Vec<ExportRow>, StoreError> {
    tx.many(
        "SELECT r.id, r.seat, c.name, c.phone, r.patient, r.birth_year, r.representative, r.relation
         FROM batch_row b
         JOIN registration r ON r.id = b.registration
         JOIN customer c ON c.id = r.customer
         WHERE b.batch = ?1 AND b.state <> 'returned'
         ORDER BY r.seat NULLS FIRST, r.id",
        args![id],
    )?
    .iter()
    .map(|row| {
        let relation = row.opt_text(7)?;
        let representative = row.opt_text(6)?.map(|name| match relation {
            Some(relation) => format!("{name} ({relation})"),
            None => name,
        });
        Ok(ExportRow {
            registration: RegistrationId(row.int(0)?),
            seat: row.opt_int(1)?,
            name: row.text(2)?,
            phone: row.phone(3)?,
            patient: row.opt_text(4)?,
            birth_year: row.opt_int(5)?,
            representative,
        })
    })
    .collect()
}
