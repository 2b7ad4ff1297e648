//! Requests around one's own desk and the programme: pauses, seats, staff, revealing a number.

use crate::domain::actor::Role;
use crate::domain::id::CustomerId;
use crate::domain::id::DoctorId;
use crate::domain::id::LeadId;
use crate::domain::id::StaffId;
use crate::domain::session::SessionId;
use crate::domain::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A command without fields: `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Nothing {}

/// See one whole number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevealPhone {
    /// Whose.
    pub customer: CustomerId,
}

/// See the whole number of a fanpage lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeadRef {
    /// Which.
    pub lead: LeadId,
}

/// Pause with a reason code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pause {
    /// Why.
    pub reason: PauseCode,
}

/// Why an agent does not take calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PauseCode {
    /// A short break.
    Break,
    /// A meal.
    Meal,
    /// A meeting.
    Meeting,
    /// Training.
    Training,
    /// A technical fault.
    Technical,
}

impl PauseCode {
    /// All codes, in the order of the menu.
    pub const ALL: [Self; 5] = [Self::Break, Self::Meal, Self::Meeting, Self::Training, Self::Technical];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Break => "break",
            Self::Meal => "meal",
            Self::Meeting => "meeting",
            Self::Training => "training",
            Self::Technical => "technical",
        }
    }
}

/// Change the number of seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetQuota {
    /// New number, not below what is taken.
    pub quota: i64,
}

/// Add or change a staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddStaff {
    /// Login name: lower-case letters, digits, `.`, `_`, `-`; at most 32.
    pub id: StaffId,
    /// Name on screen.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The doctor this person is; needed for the role `doctor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<DoctorId>,
    /// A public SSH key to begin with, as OpenSSH writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Give a staff member one more SSH key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddStaffKey {
    /// Who.
    pub id: StaffId,
    /// The public key, as OpenSSH writes it: `ssh-ed25519 AAAA… label`.
    pub key: String,
}

/// Take an SSH key away from a staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveStaffKey {
    /// Who.
    pub id: StaffId,
    /// Which: `SHA256:…`.
    pub fingerprint: String,
}

/// The actor's session was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineLost {
    /// When bytes last came from their client; not after now.
    pub heard_at: Timestamp,
    /// Which session it was: while its person has another one, their call goes on there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
}

/// Names a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionRef {
    /// Which.
    pub session: SessionId,
}

/// Send a message to all open sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Broadcast {
    /// What: one line, at most 200 characters, nothing of a customer.
    pub text: String,
}

/// Names a staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StaffRef {
    /// Who.
    pub id: StaffId,
}
