//! The read models of staff and the audit log.

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
    /// SSH keys in use.
    pub keys: i64,
    /// Whether they have set a PIN for their screens.
    pub has_pin: bool,
}

/// An SSH key of a staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffKeyLine {
    /// What it is known by: `SHA256:…`.
    pub fingerprint: String,
    /// Whose.
    pub staff: StaffId,
    /// `ssh-ed25519`, `ecdsa-sha2-nistp256` …
    pub kind: String,
    /// The comment of the key file; may be empty.
    pub label: String,
    /// Since when.
    pub added_at: Timestamp,
    /// Who added it.
    pub added_by: StaffId,
    /// The name of the staff member who added it.
    pub added_by_name: String,
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
