//! A session: one set of screens that a staff member has open, over SSH or on a terminal of a host.
//!
//! Invariants:
//! - every session has its own id;
//! - a session belongs to one process, which sends heartbeats for it.

use super::id::StaffId;
use super::ssh_key::Fingerprint;
use super::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The interval of a process's heartbeat, in milliseconds.
pub const BEAT_MS: i64 = 20_000;
/// A session whose process has sent no heartbeat for this long is lost, in milliseconds.
pub const LOST_MS: i64 = 80_000;

/// One session: a ULID, so that ids sort by their beginnings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SessionId(pub String);

impl SessionId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    /// The program's own SSH door.
    Ssh,
    /// A terminal of a host: its own, or one of a remote shell.
    Terminal,
}

impl Entrance {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            Self::Terminal => "terminal",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Ssh, Self::Terminal].into_iter().find(|entrance| entrance.code() == code)
    }
}

/// Who ended a session from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// A supervisor.
    Supervisor,
    /// The same staff member, from a newer session.
    TakeOver,
    /// The user who disabled its staff member or removed the key.
    Revoked,
}

impl EndedBy {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Supervisor => "supervisor",
            Self::TakeOver => "take_over",
            Self::Revoked => "revoked",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Supervisor, Self::TakeOver, Self::Revoked].into_iter().find(|by| by.code() == code)
    }
}

/// A session as its process knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Which.
    pub id: SessionId,
    /// The staff member.
    pub staff: StaffId,
    /// Through which entrance.
    pub entrance: Entrance,
    /// From where: an address, or the name of a terminal.
    pub origin: String,
    /// The key that was proved.
    pub key: Option<Fingerprint>,
    /// Since when.
    pub began_at: Timestamp,
    /// When its user last did something.
    pub active_at: Timestamp,
    /// Whether its screen is locked.
    pub locked: bool,
    /// Bytes received and sent; none for a terminal.
    pub bytes: (u64, u64),
}
