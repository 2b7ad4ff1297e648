//! Fanpage leads with their age.

use crate::domain::id::LeadId;
use crate::domain::lead::LeadState;
use crate::domain::time::Timestamp;
use serde::Serialize;

/// A lead that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeadLine {
    /// Which.
    pub lead: LeadId,
    /// Name on the page.
    pub name: String,
    /// How far it has come.
    pub state: LeadState,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// When the comment came.
    pub commented_at: Timestamp,
    /// The number given in the inbox, masked; the whole one is revealed to register with it.
    pub phone_masked: Option<String>,
    /// Reference of the comment.
    pub comment: String,
    /// Reference of the conversation.
    pub conversation: Option<String>,
}
