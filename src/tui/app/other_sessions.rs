//! The state of a takeover: which session this is, and what is known of its person's other sessions.

use crate::domain::session::SessionId;
use crate::domain::time::Timestamp;
use crate::tui::effect::Ticket;

/// How far a takeover has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum TakeoverStep {
    /// Nothing to do, or nothing known yet.
    #[default]
    Rest,
    /// The person is being asked.
    Asked,
    /// The older sessions were asked to end; they have until this time.
    Waits(Timestamp),
}

/// The takeover of a session.
#[derive(Debug, Default)]
pub(super) struct Takeover {
    /// Which session this is; none where sessions are not kept.
    pub(super) session: Option<SessionId>,
    pub(super) ticket: Option<Ticket>,
    pub(super) step: TakeoverStep,
}
