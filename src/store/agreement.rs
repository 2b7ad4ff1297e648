//! Rows of agreements with single customers, which lift the hours and the 24-hour rules (T5), with their evidence.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::calendar::DailyWindow;
use crate::domain::contact::Agreement;
use crate::domain::id::{CustomerId, StaffId};
use crate::domain::time::Timestamp;

/// An agreement to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgreement<'a> {
    /// The customer.
    pub customer: CustomerId,
    /// Covers calls.
    pub voice: bool,
    /// Covers messages.
    pub sms: bool,
    /// What was agreed, in a few words.
    pub what: &'a str,
    /// First instant it is good for.
    pub from: Timestamp,
    /// Last instant it is good for.
    pub until: Timestamp,
    /// The hours of the day that the customer named.
    pub window: Option<DailyWindow>,
    /// Where the evidence is.
    pub evidence: &'a str,
    /// The staff member who recorded it.
    pub by: &'a StaffId,
    /// When.
    pub at: Timestamp,
}

/// Records an agreement.
pub fn insert(tx: &mut Tx<'_>, new: &NewAgreement<'_>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO agreement (customer, voice, sms, what, from_at, until_at, evidence, by_staff, at, from_minute,
           to_minute)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        args![
            new.customer,
            new.voice,
            new.sms,
            new.what,
            new.from,
            new.until,
            new.evidence,
            new.by,
            new.at,
            new.window.map(|window| i64::from(window.opens_minute)),
            new.window.map(|window| i64::from(window.closes_minute))
        ],
    )?;
    Ok(())
}

/// The agreements with a customer that are not over at `now`, those that last longest first, at most 20.
pub fn list_good(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    now: Timestamp,
) -> Result<Vec<Agreement>, StoreError> {
    tx.many(
        "SELECT voice, sms, from_at, until_at, from_minute, to_minute,
           CASE WHEN what = 'callback' AND evidence LIKE 'call:%' THEN 1 ELSE 0 END FROM agreement
         WHERE customer = ?1 AND until_at >= ?2 ORDER BY until_at DESC, id DESC LIMIT 20",
        args![customer, now],
    )?
    .iter()
    .map(agreement)
    .collect()
}

/// The agreement in the first columns of a row: voice, sms, from_at, until_at, from_minute, to_minute, and
/// whether a promised callback brought it.
pub(super) fn agreement(row: &Row) -> Result<Agreement, StoreError> {
    let window = match (row.opt_int(4)?, row.opt_int(5)?) {
        (Some(from), Some(to)) => {
            DailyWindow::new(u32::try_from(from).unwrap_or(0), u32::try_from(to).unwrap_or(0))
        }
        _ => None,
    };
    Ok(Agreement {
        voice: row.flag(0)?,
        sms: row.flag(1)?,
        from: row.time(2)?,
        until: row.time(3)?,
        window,
        is_callback: row.flag(6)?,
    })
}

/// Deletes the agreement that a call brought, when that call is undone.
pub fn delete_by_evidence(tx: &mut Tx<'_>, customer: CustomerId, evidence: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM agreement WHERE customer = ?1 AND evidence = ?2", args![customer, evidence])?;
    Ok(())
}
