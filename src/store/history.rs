//! Reads what was done with customers, a page of customers at a time, for a campaign that is judged by the past: their
//! calls, messages and agreements, and how the seats stood.
//!
//! Invariants:
//! - a page costs the same few statements however many rows it has, and no statement returns more than one page's;
//! - nothing is written.

use super::{Row, StoreError, Tx, agreement};
use crate::args;
use crate::domain::contact::{Agreement, DoNotCallFlags, MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::{CustomerId, MatterId, StaffId};
use crate::domain::time::Timestamp;
use chrono::NaiveDate;

/// Customers of a page.
const PAGE: i64 = 2_000;

/// Customers from after `after` to `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Not this one.
    pub after: i64,
    /// This one, too.
    pub last: i64,
}

/// The next page of customers; none after the last.
pub fn next_range(tx: &mut Tx<'_>, after: i64) -> Result<Option<Range>, StoreError> {
    let row = tx.one(
        "SELECT MAX(q.id) FROM (SELECT id FROM customer WHERE id > ?1 ORDER BY id LIMIT ?2) q",
        args![after, PAGE],
    )?;
    Ok(row.opt_int(0)?.map(|last| Range { after, last }))
}

/// What is known of a customer whatever the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub customer: CustomerId,
    /// When the programme's SMS went to them.
    pub sms_sent_at: Option<Timestamp>,
    /// Their list carries opt-in evidence.
    pub opt_in_evidence: bool,
    /// Their own opt-out of calls.
    pub opted_out_voice_at: Option<Timestamp>,
    /// Their own opt-out of messages.
    pub opted_out_sms_at: Option<Timestamp>,
    /// The flags of their number on the register on file.
    pub dnc: DoNotCallFlags,
    /// When they registered.
    pub registered_at: Option<Timestamp>,
}

/// The customers of a page, in order; those of a list that is still loading are not there.
pub fn list_known(tx: &mut Tx<'_>, range: Range) -> Result<Vec<Known>, StoreError> {
    tx.many(
        "SELECT c.id, c.sms_sent_at, CASE WHEN COALESCE(ml.evidence, '') <> '' OR COALESCE(l.evidence, '') <> '' THEN 1 ELSE 0 END,
           o.voice_at, o.sms_at, COALESCE(d.voice, 0), COALESCE(d.sms, 0), r.at
         FROM customer c
         LEFT JOIN list l ON l.id = c.list
         LEFT JOIN matter m ON m.id = c.id * 4 + 1
         LEFT JOIN list ml ON ml.id = m.list
         LEFT JOIN opt_out o ON o.phone = c.phone
         LEFT JOIN do_not_call d ON d.phone = c.phone
         LEFT JOIN registration r ON r.customer = c.id AND r.taken_back_at IS NULL
         WHERE c.id > ?1 AND c.id <= ?2 AND (l.id IS NULL OR l.state = 'active') ORDER BY c.id",
        args![range.after, range.last],
    )?
    .iter()
    .map(|row| {
        Ok(Known {
            customer: CustomerId(row.int(0)?),
            sms_sent_at: row.opt_time(1)?,
            opt_in_evidence: row.flag(2)?,
            opted_out_voice_at: row.opt_time(3)?,
            opted_out_sms_at: row.opt_time(4)?,
            dnc: DoNotCallFlags { voice: row.flag(5)?, sms: row.flag(6)? },
            registered_at: row.opt_time(7)?,
        })
    })
    .collect()
}

/// A call that was not undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCall {
    /// The customer.
    pub customer: CustomerId,
    /// Its matter.
    pub matter: MatterId,
    /// Its purpose.
    pub purpose: Purpose,
    /// Who called.
    pub staff: StaffId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How.
    pub disposition: Disposition,
    /// What its rows looked like before, JSON of the use case; none for a call before `since`.
    pub before: Option<String>,
}

/// All calls with the customers of a page, by customer and time.
pub fn list_calls(tx: &mut Tx<'_>, range: Range, since: Timestamp) -> Result<Vec<PastCall>, StoreError> {
    tx.many(
        "SELECT customer, matter, purpose, staff, started_at, ended_at, disposition,
           CASE WHEN started_at >= ?3 THEN before ELSE NULL END
         FROM call WHERE customer > ?1 AND customer <= ?2 AND undone_at IS NULL ORDER BY customer, started_at, id",
        args![range.after, range.last, since],
    )?
    .iter()
    .map(|row| {
        Ok(PastCall {
            customer: CustomerId(row.int(0)?),
            matter: MatterId(row.int(1)?),
            purpose: purpose(row, 2)?,
            staff: StaffId(row.text(3)?),
            started_at: row.time(4)?,
            ended_at: row.time(5)?,
            disposition: row.code(6, Disposition::parse)?,
            before: row.opt_text(7)?,
        })
    })
    .collect()
}

/// A message that was sent or waits to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastSms {
    /// The customer.
    pub customer: CustomerId,
    /// Whether it advertises.
    pub is_offer: bool,
    /// When it was sent, or is to be sent at the earliest.
    pub at: Timestamp,
}

/// All messages to the customers of a page, by customer and time. Those that failed, and the confirmations of opt-outs,
/// which no rule holds, are left out.
pub fn list_sms(tx: &mut Tx<'_>, range: Range) -> Result<Vec<PastSms>, StoreError> {
    tx.many(
        "SELECT customer, CASE WHEN purpose = 'offer' THEN 1 ELSE 0 END,
           COALESCE(sent_at, CASE WHEN not_before > queued_at THEN not_before ELSE queued_at END) AS at
         FROM sms WHERE customer > ?1 AND customer <= ?2 AND state <> 'failed' AND purpose IN ('offer', 'service')
         ORDER BY customer, at, id",
        args![range.after, range.last],
    )?
    .iter()
    .map(|row| {
        Ok(PastSms { customer: CustomerId(row.int(0)?), is_offer: row.flag(1)?, at: row.time(2)? })
    })
    .collect()
}

/// An agreement, and when it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastAgreement {
    /// With whom.
    pub customer: CustomerId,
    /// What it allows.
    pub agreement: Agreement,
    /// Since when it is known.
    pub recorded_at: Timestamp,
    /// A promised callback made it.
    pub is_callback: bool,
}

/// All agreements with the customers of a page, by customer.
pub fn list_agreements(tx: &mut Tx<'_>, range: Range) -> Result<Vec<PastAgreement>, StoreError> {
    tx.many(
        "SELECT voice, sms, from_at, until_at, from_minute, to_minute,
           CASE WHEN what = 'callback' AND evidence LIKE 'call:%' THEN 1 ELSE 0 END, customer, at
         FROM agreement WHERE customer > ?1 AND customer <= ?2 ORDER BY customer, id",
        args![range.after, range.last],
    )?
    .iter()
    .map(|row| {
        Ok(PastAgreement {
            customer: CustomerId(row.int(7)?),
            agreement: agreement::agreement(row)?,
            recorded_at: row.time(8)?,
            is_callback: row.flag(6)?,
        })
    })
    .collect()
}

/// A matter that is open, or closed because its attempts were used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenMatter {
    /// Which.
    pub id: MatterId,
    /// The customer.
    pub customer: CustomerId,
    /// Its purpose.
    pub purpose: Purpose,
    /// Its state.
    pub state: MatterState,
    /// Why it is held or closed.
    pub reason: Option<String>,
    /// When it is due.
    pub due_at: Timestamp,
    /// Attempts so far.
    pub attempts: i64,
    /// Parts of the day tried.
    pub day_parts: i64,
    /// The last attempt that rang.
    pub last_rang_at: Option<Timestamp>,
    /// The promised time.
    pub callback_at: Option<Timestamp>,
    /// Whose promise.
    pub callback_for: Option<StaffId>,
}

/// Those matters of the customers of a page, by customer.
pub fn list_open_matters(tx: &mut Tx<'_>, range: Range) -> Result<Vec<OpenMatter>, StoreError> {
    tx.many(
        "SELECT id, customer, purpose, state, reason, due_at, attempts, day_parts, last_rang_at, callback_at, callback_for
         FROM matter WHERE id > ?1 AND id <= ?2
           AND (state IN ('waiting', 'promised', 'held') OR (state = 'closed' AND reason = 'attempts_used_up'))
         ORDER BY id",
        // The three matters of a customer: id * 4 + 1 to id * 4 + 3.
        args![range.after * 4 + 3, range.last * 4 + 3],
    )?
    .iter()
    .map(|row| {
        Ok(OpenMatter {
            id: MatterId(row.int(0)?),
            customer: CustomerId(row.int(1)?),
            purpose: purpose(row, 2)?,
            state: row.code(3, MatterState::parse)?,
            reason: row.opt_text(4)?,
            due_at: row.time(5)?,
            attempts: row.int(6)?,
            day_parts: row.int(7)?,
            last_rang_at: row.opt_time(8)?,
            callback_at: row.opt_time(9)?,
            callback_for: row.opt_text(10)?.map(StaffId),
        })
    })
    .collect()
}

fn purpose(row: &Row, column: usize) -> Result<Purpose, StoreError> {
    Purpose::from_index(row.int(column)?).ok_or_else(|| StoreError::internal("a call of an unknown purpose"))
}

/// The life of a registration, as far as seats and waitlist are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatTimes {
    /// Which.
    pub registration: i64,
    /// When it was made.
    pub at: Timestamp,
    /// Since when it had a seat.
    pub seated_at: Option<Timestamp>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
}

/// The next page of registrations after one, in order; empty after the last.
pub fn list_seat_times(tx: &mut Tx<'_>, after: i64) -> Result<Vec<SeatTimes>, StoreError> {
    tx.many(
        "SELECT id, at, seated_at, cancelled_at FROM registration WHERE id > ?1 ORDER BY id LIMIT ?2",
        args![after, PAGE],
    )?
    .iter()
    .map(|row| {
        Ok(SeatTimes {
            registration: row.int(0)?,
            at: row.time(1)?,
            seated_at: row.opt_time(2)?,
            cancelled_at: row.opt_time(3)?,
        })
    })
    .collect()
}

/// The day of the register on file, and when it was loaded.
pub fn register(tx: &mut Tx<'_>) -> Result<(Option<NaiveDate>, Option<Timestamp>), StoreError> {
    let row = tx.one("SELECT dnc_as_of, dnc_at FROM campaign WHERE id = 1", &[])?;
    Ok((row.opt_code(0, |day| day.parse().ok())?, row.opt_time(1)?))
}
