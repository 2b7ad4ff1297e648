//! What the frame knows of its person's other sessions.

use crate::domain::session::SessionId;
use crate::domain::time::Timestamp;
use crate::tui::effect::Ticket;

/// How far the taking over is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum TakeoverStep {
    /// Nothing to do, or nothing known yet.
    #[default]
    Rest,
    /// The person is being asked.
    Asked,
    /// The older sessions are told to end; by then they have.
    Waits(Timestamp),
}

/// The frame's own sessions.
#[derive(Debug, Default)]
pub(super) struct Takeover {
    /// Which session this is; none where sessions are not kept.
    pub(super) session: Option<SessionId>,
    pub(super) ticket: Option<Ticket>,
    pub(super) step: TakeoverStep,
}
