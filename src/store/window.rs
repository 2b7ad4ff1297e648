//! Counts what lies outside the windows of a campaign that is proposed.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::contact::{Purpose, Span};
use crate::domain::time::Timestamp;

/// What lies outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outside {
    /// Registrations.
    pub registrations: i64,
    /// Promised callbacks.
    pub promises: i64,
    /// Appointments that have not ended.
    pub appointments: i64,
    /// Messages with a link to the handbook.
    pub links: i64,
}

/// Registrations made outside the days of registration.
pub fn count_outside_registration(
    tx: &mut Tx<'_>,
    opens: Timestamp,
    closes: Timestamp,
) -> Result<Outside, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FROM registration
         WHERE state IN ('registered', 'waitlisted') AND (at < ?1 OR at > ?2)",
        args![opens, closes],
    )?;
    Ok(Outside { registrations: row.int(0)?, ..Outside::default() })
}

/// Appointments outside the days of consultations. After their end, registrations that still wait for one, too.
pub fn count_outside_consultation(
    tx: &mut Tx<'_>,
    opens: Timestamp,
    closes: Timestamp,
    now: Timestamp,
) -> Result<Outside, StoreError> {
    let row = tx.one(
        "SELECT
           (SELECT COUNT(*) FROM registration r LEFT JOIN care_case k ON k.registration = r.id
            WHERE r.state = 'registered' AND ?3 > ?2 AND (k.id IS NULL OR k.consulted_at IS NULL)),
           (SELECT COUNT(*) FROM appointment
            WHERE state IN ('held', 'booked', 'told') AND (starts_at < ?1 OR starts_at > ?2))",
        args![opens, closes, now],
    )?;
    Ok(Outside { registrations: row.int(0)?, appointments: row.int(1)?, ..Outside::default() })
}

/// Callbacks of that purpose promised for outside a span (T13).
pub fn count_promises_outside(tx: &mut Tx<'_>, purpose: Purpose, span: Span) -> Result<i64, StoreError> {
    tx.one(
        "SELECT COUNT(*) FROM matter
         WHERE purpose = ?1 AND state = 'promised' AND (callback_at < ?2 OR callback_at > ?3)",
        args![purpose.index(), span.from, span.until],
    )?
    .int(0)
}

/// Messages that named the handbook's day.
pub fn count_links(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one("SELECT COUNT(*) FROM sms WHERE template = 'handbook'", &[])?.int(0)
}
