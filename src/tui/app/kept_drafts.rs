//! The state of drafts: which ones are in the store, and which ones an earlier session left.

use crate::domain::time::Timestamp;
use crate::tui::effect::Ticket;
use crate::tui::typed::{About, Typed};
use std::collections::{BTreeMap, VecDeque};

/// A draft of an earlier session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) about: About,
    pub(super) typed: Typed,
    pub(super) at: Timestamp,
    /// Whether its call is still open.
    pub(super) open: bool,
}

/// The drafts of a session.
#[derive(Debug, Default)]
pub(super) struct KeptDrafts {
    /// The drafts in the store by form: text, and since when.
    pub(super) kept: BTreeMap<String, (String, Timestamp)>,
    /// The request for the drafts of an earlier session.
    pub(super) ticket: Option<Ticket>,
    /// The command that releases a discarded call.
    pub(super) giving_back: Option<Ticket>,
    /// Drafts of an earlier session that are not settled yet; the question is about the first.
    pub(super) left: VecDeque<Left>,
    /// The draft that waits for its screen, and until when.
    pub(super) taking: Option<(Left, Timestamp)>,
}
