//! Lets the newer of two sessions of one person take over. The newer one asks whether to go on alone. After a yes the
//! older one is asked to end; its drafts and its open call are offered here as soon as it has ended.
//!
//! Invariants:
//! * a session ends only after a yes in the newer one;
//! * the drafts are read after the older session has saved them, and at the latest after [`PATIENCE_MS`].

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

/// The question whether to take over.
pub(super) const TAKE_OVER: &str = "frame.take_over";
/// How long the older sessions have to end, in milliseconds.
const PATIENCE_MS: i64 = 10_000;

impl App {
    /// Sets which session this is: its person may have others.
    pub fn sits_at(&mut self, id: SessionId) {
        self.takeover.session = Some(id);
    }

    /// Forgets the answer of the person before: the next one is asked anew.
    pub(super) fn forget_sessions(&mut self) {
        self.takeover.ticket = None;
        self.takeover.step = TakeoverStep::Rest;
    }

    /// Asks for the person's other sessions, and for the drafts of an earlier one once no other is open.
    pub(super) fn look_around(&mut self) -> Option<Effect> {
        if self.takeover.session.is_none() || !self.ctx.actor.role.may(Act::Work) {
            return self.load_drafts();
        }
        let ticket = self.tickets.next();
        self.takeover.ticket = Some(ticket);
        Some(Effect::load(ticket, Query::OwnSessions {}))
    }

    /// Whether it is not settled yet in which session the person goes on.
    pub(super) fn takes_over(&self) -> bool {
        self.takeover.ticket.is_some() || self.takeover.step != TakeoverStep::Rest
    }

    /// Whether a reply answers a request of the takeover.
    pub(super) fn is_of_sessions(&self, ticket: Ticket) -> bool {
        self.takeover.ticket == Some(ticket)
    }

    /// Takes the answer to the request for other sessions, or to the command that ends them.
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
                // The drafts matter more than which session goes on.
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

    /// Takes the answer: the person goes on here alone, or keeps both sessions.
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

    /// Reads the sessions again after a change, because the older one may have ended.
    pub(super) fn sessions_changed(&mut self, topics: Topics) -> Option<Effect> {
        let waits = matches!(self.takeover.step, TakeoverStep::Waits(_)) && self.takeover.ticket.is_none();
        (waits && topics.touches(Topics::SESSIONS)).then(|| self.look_around()).flatten()
    }

    /// Stops waiting for a session that does not end in time.
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
