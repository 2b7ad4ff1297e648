//! Rows of our own opt-outs: a row is never deleted and a time once set never changes (T10, T14).

use super::{StoreError, Tx};
use crate::args;
use crate::domain::id::StaffId;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;

/// The opt-out of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OptOutRow {
    /// Since when no calls.
    pub voice_at: Option<Timestamp>,
    /// Since when no messages.
    pub sms_at: Option<Timestamp>,
}

/// The opt-out of a number, if there is one.
pub fn find(tx: &mut Tx<'_>, phone: PhoneNumber) -> Result<Option<OptOutRow>, StoreError> {
    tx.optional("SELECT voice_at, sms_at FROM opt_out WHERE phone = ?1", args![phone])?
        .map(|row| Ok(OptOutRow { voice_at: row.opt_time(0)?, sms_at: row.opt_time(1)? }))
        .transpose()
}

/// Records that calls, messages or both stop from `at`; what was stopped before stays as it was.
pub fn insert(
    tx: &mut Tx<'_>,
    phone: PhoneNumber,
    asked: OptOutRow,
    asked_by: &StaffId,
    evidence: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO opt_out (phone, voice_at, sms_at, asked_by, evidence) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (phone) DO UPDATE SET voice_at = COALESCE(opt_out.voice_at, excluded.voice_at),
           sms_at = COALESCE(opt_out.sms_at, excluded.sms_at)",
        args![phone, asked.voice_at, asked.sms_at, asked_by, evidence],
    )?;
    Ok(())
}
