//! What the frame knows of drafts: what is kept in the store, and what an earlier session left.

use crate::domain::time::Timestamp;
use crate::tui::effect::Ticket;
use crate::tui::typed::{About, Typed};
use std::collections::{BTreeMap, VecDeque};

/// Something that an earlier session left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) about: About,
    pub(super) typed: Typed,
    pub(super) at: Timestamp,
    /// The call is still open.
    pub(super) open: bool,
}

/// The frame's drafts.
#[derive(Debug, Default)]
pub(super) struct KeptDrafts {
    /// What is in the store, by form, and since when.
    pub(super) kept: BTreeMap<String, (String, Timestamp)>,
    /// The load of what was left.
    pub(super) ticket: Option<Ticket>,
    /// The giving back of a discarded call.
    pub(super) giving_back: Option<Ticket>,
    /// What was left and is not settled yet; the first is being asked about.
    pub(super) left: VecDeque<Left>,
    /// What waits for its screen, and until when.
    pub(super) taking: Option<(Left, Timestamp)>,
}
