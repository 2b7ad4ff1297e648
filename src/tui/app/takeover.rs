//! Two sessions of one person: the newer asks whether to go on alone. If so, the older is told to end; what was typed
//! there and the call that is open there are offered here as soon as it is gone.
//!
//! Invariants: nobody is thrown out without the newer session's own person saying so; what the older one left is
//! asked for after it has kept it, and at the latest when [`PATIENCE_MS`] are over.

use super::App;
use super::modal::Modal;
use super::other_sessions::TakeoverStep;
use crate::domain::actor::Permission as Act;
use crate::domain::session::SessionId;
use crate::tui::effect::{Effect, Origin, Outcome, Question, Ticket};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::SessionRef;
use crate::usecase::model::session::{SessionLine, SessionState};
use crate::usecase::{Command, Query, Snapshot, Topics};

/// The question whether to go on alone.
pub(super) const TAKE_OVER: &str = "frame.take_over";
/// How long the older sessions have to end, in milliseconds.
const PATIENCE_MS: i64 = 10_000;

impl App {
    /// This is the session `id`: its person may have others.
    pub fn sits_at(&mut self, id: SessionId) {
        self.takeover.session = Some(id);
    }

    /// Whoever comes in now has not been asked.
    pub(super) fn forget_sessions(&mut self) {
        self.takeover.ticket = None;
        self.takeover.step = TakeoverStep::Rest;
    }

    /// Asks for the person's other sessions first, and for what an earlier one left once there is none.
    pub(super) fn look_around(&mut self) -> Option<Effect> {
        if self.takeover.session.is_none() || !self.ctx.actor.role.may(Act::Work) {
            return self.load_drafts();
        }
        let ticket = self.tickets.next();
        self.takeover.ticket = Some(ticket);
        Some(Effect::load(ticket, Query::OwnSessions {}))
    }

    /// Whether it is not settled yet where the person goes on.
    pub(super) fn takes_over(&self) -> bool {
        self.takeover.ticket.is_some() || self.takeover.step != TakeoverStep::Rest
    }

    /// Whether a reply is about the person's sessions.
    pub(super) fn is_of_sessions(&self, ticket: Ticket) -> bool {
        self.takeover.ticket == Some(ticket)
    }

    /// What came of asking for them, or of telling them to end.
    pub(super) fn sessions_answered(&mut self, outcome: Outcome) -> Vec<Effect> {
        self.takeover.ticket = None;
        let sessions = match outcome {
            Ok((_, snapshots)) => snapshots
                .into_iter()
                .find_map(|snapshot| match snapshot {
                    Snapshot::Sessions { sessions } => Some(sessions),
                    _ => None,
                })
                .unwrap_or_default(),
            Err(error) => {
                // What was left matters more than where the person sits.
                self.say(Tone::Danger, Say::from(error));
                self.takeover.step = TakeoverStep::Rest;
                return self.load_drafts().into_iter().collect();
            }
        };
        let own = self.takeover.session.as_ref();
        let other = sessions
            .into_iter()
            .filter(|line| Some(&line.id) != own && line.state != SessionState::Lost)
            .max_by_key(|line| line.since);
        match (other, &self.takeover.step) {
            (None, _) => {
                self.takeover.step = TakeoverStep::Rest;
                self.load_drafts().into_iter().collect()
            }
            (Some(line), TakeoverStep::Rest) => {
                self.ask_to_take_over(&line);
                Vec::new()
            }
            (Some(_), TakeoverStep::Asked | TakeoverStep::Waits(_)) => Vec::new(),
        }
    }

    fn ask_to_take_over(&mut self, other: &SessionLine) {
        self.takeover.step = TakeoverStep::Asked;
        let text = Say::key("frame.take_over").with("from", &other.origin).with("since", other.since.dm_hm());
        let question = Question::plain(TAKE_OVER, text).with_detail(Say::key("frame.take_over_detail"));
        self.modals.push(Modal::ask(Origin::Frame, Box::new(question)));
    }

    /// The person goes on here alone, or keeps both.
    pub(super) fn take_over_answered(&mut self, yes: bool) -> Vec<Effect> {
        let session = self.takeover.session.clone().filter(|_| yes);
        let Some(session) = session else {
            self.takeover.step = TakeoverStep::Rest;
            return self.load_drafts().into_iter().collect();
        };
        self.takeover.step = TakeoverStep::Waits(self.ctx.now.plus_ms(PATIENCE_MS));
        let ticket = self.tickets.next();
        self.takeover.ticket = Some(ticket);
        let command = Command::TakeOver(SessionRef { session });
        vec![Effect::save(ticket, command, Some(Query::OwnSessions {}))]
    }

    /// Sessions changed somewhere: perhaps the older one is gone.
    pub(super) fn sessions_changed(&mut self, topics: Topics) -> Option<Effect> {
        let waits = matches!(self.takeover.step, TakeoverStep::Waits(_)) && self.takeover.ticket.is_none();
        (waits && topics.touches(Topics::SESSIONS)).then(|| self.look_around()).flatten()
    }

    /// Waits no longer than is decent for a session that does not end.
    pub(super) fn stop_waiting(&mut self) -> Option<Effect> {
        match self.takeover.step {
            TakeoverStep::Waits(until) if self.ctx.now >= until => {
                self.takeover.step = TakeoverStep::Rest;
                self.takeover.ticket = None;
                self.say(Tone::Warn, Say::key("frame.take_over_late"));
                self.load_drafts()
            }
            TakeoverStep::Rest | TakeoverStep::Asked | TakeoverStep::Waits(_) => None,
        }
    }
}
