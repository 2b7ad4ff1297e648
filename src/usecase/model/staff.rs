//! Staff and the audit trail as people read them.

use crate::domain::actor::Role;
use crate::domain::id::{DoctorId, StaffId};
use crate::domain::time::Timestamp;
use serde::Serialize;

/// A staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffLine {
    /// Login name.
    pub id: StaffId,
    /// Name on screen.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
    /// The doctor they are.
    pub doctor: Option<DoctorId>,
}

/// One audit row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditLine {
    /// Which process wrote it.
    pub writer: i64,
    /// Its number in that chain.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub staff: String,
    /// The operating-system user behind a local process.
    pub os_user: String,
    /// Command name.
    pub action: String,
    /// Which row, such as `case:12`.
    pub subject: String,
    /// Outcome in public words, never personal data or health text.
    pub detail: String,
}
