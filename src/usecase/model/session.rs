//! The read model of open sessions.

use crate::domain::actor::Role;
use crate::domain::id::StaffId;
use crate::domain::session::{EndedBy, Entrance, SessionId};
use crate::domain::time::Timestamp;
use serde::Serialize;

/// The state of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// A call is open.
    OnCall,
    /// On a break.
    Paused,
    /// Working.
    Ready,
    /// Nothing was typed for some minutes.
    Idle,
    /// The screen is locked.
    Locked,
    /// It must end and has not ended yet.
    Ending,
    /// Its process has sent no heartbeat for over a minute.
    Lost,
}

impl SessionState {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OnCall => "on_call",
            Self::Paused => "paused",
            Self::Ready => "ready",
            Self::Idle => "idle",
            Self::Locked => "locked",
            Self::Ending => "ending",
            Self::Lost => "lost",
        }
    }
}

/// One open session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionLine {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Through which entrance.
    pub entrance: Entrance,
    /// From where: an address, or the name of a terminal.
    pub origin: String,
    /// With which key: `SHA256:…`.
    pub key: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// The time of the last key press, as its process reported last.
    pub active_at: Timestamp,
    /// Its state.
    pub state: SessionState,
    /// Bytes from the client, as its process reported last.
    pub received: u64,
    /// Bytes to the client.
    pub sent: u64,
    /// Who ended it.
    pub ended_by: Option<EndedBy>,
}
