//! Hand-over batches as both sides see them.

use crate::domain::id::{BatchId, CaseId, RegistrationId};
use crate::domain::time::Timestamp;
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
    /// `sent`, `accepted`, `returned`.
    pub state: String,
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
    pub phone: crate::domain::phone::PhoneNumber,
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
