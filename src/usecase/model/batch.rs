//! Hand-over batches as both sides see them.

use crate::domain::id::{BatchId, CaseId, RegistrationId};
use crate::domain::registration::BatchRowState;
use crate::domain::time::Timestamp;
pub use crate::store::batch::ExportRow;
use serde::Serialize;

/// A batch in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchLine {
    /// Number.
    pub batch: BatchId,
    /// When it left.
    pub sent_at: Timestamp,
    /// Who sent it.
    pub by: String,
    /// Rows.
    pub rows: i64,
    /// Accepted rows.
    pub accepted: i64,
    /// Returned rows.
    pub returned: i64,
}

/// A batch with its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchModel {
    /// Number.
    pub batch: BatchId,
    /// When it left.
    pub sent_at: Timestamp,
    /// SHA-256 over its rows, hexadecimal.
    pub checksum: String,
    /// In seat order.
    pub rows: Vec<BatchRow>,
}

/// One row: the minimum that Vinmec needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchRow {
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
    /// Masked number.
    pub phone_masked: String,
    /// Patient, when not the customer.
    pub patient: Option<String>,
    /// What 9090 answered to this row when it was returned, otherwise to an earlier one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Why an earlier row of the registration was returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier_reason: Option<String>,
}

/// Returned rows that nobody has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ReturnedRows {
    /// How many.
    pub count: i64,
    /// Since when the oldest waits.
    pub since: Option<Timestamp>,
}
