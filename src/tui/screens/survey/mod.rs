//! The satisfaction survey, the fourth screen: who is due, question by question with digit keys, live measures
//! while nobody is being interviewed.
//!
//! Invariants: the answers of others are never on screen during an interview; a skipped question is sent as no
//! answer, never as a number; nothing answered is lost by a refusal or by stepping back. Deliberately absent:
//! scoring (domain), and any question for a diagnosis.

mod act;
mod interview;
mod keys;
mod reply;
#[cfg(test)]
mod tests;
mod totals;
mod view;

use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::time::Timestamp;
use crate::tui::call::panel::CallPanel;
use crate::tui::call::waiting::Waiting;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Subject, Ticket, Tickets};
use crate::tui::form::Form;
use crate::tui::keys::Binding;
use crate::tui::say::Say;
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::bar::clock;
use crate::usecase::model::count::Satisfaction;
use crate::usecase::{Query, Topics};
use interview::{Interview, Stage};
use keys::BINDINGS;
use ratatui::Frame;
use ratatui::layout::Rect;

pub use keys::Act;

/// The answer to "never call again?" comes back under this name.
const OPT_OUT: &str = "survey.opt_out";

/// What the agent is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Ready for the next customer.
    Ready,
    /// A survey call is open.
    Calling(Box<Interview>),
}

/// What is on its way through the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flight {
    Claim,
    Record(Disposition),
    Answers,
    Undo,
    Release,
}

/// Loads that are under way; an answer to any other ticket is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Loads {
    open: Option<Ticket>,
    queue: Option<Ticket>,
    totals: Option<Ticket>,
    why: Option<Ticket>,
    /// Somebody changed the store while the queue was being read.
    stale: bool,
}

/// The call before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Last {
    interview: Box<Interview>,
    /// How it ended; none: with answers.
    ended: Option<Disposition>,
    next_at: Option<Timestamp>,
    /// Until when it can be undone; none: no longer.
    undo_until: Option<Timestamp>,
}

/// The screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    tickets: Tickets,
    phase: Phase,
    flight: Option<(Ticket, Flight)>,
    loads: Loads,
    waiting: Waiting,
    totals: Option<Satisfaction>,
    last: Option<Last>,
}

impl Default for Survey {
    fn default() -> Self {
        Self::new()
    }
}

impl Survey {
    /// A screen that has not been opened yet.
    pub const fn new() -> Self {
        Self {
            tickets: Tickets::new(Origin::Survey),
            phase: Phase::Ready,
            flight: None,
            loads: Loads { open: None, queue: None, totals: None, why: None, stale: false },
            waiting: Waiting::new(),
            totals: None,
            last: None,
        }
    }

    fn interview(&self) -> Option<&Interview> {
        match &self.phase {
            Phase::Calling(interview) => Some(interview),
            Phase::Ready => None,
        }
    }

    fn interview_mut(&mut self) -> Option<&mut Interview> {
        match &mut self.phase {
            Phase::Calling(interview) => Some(interview),
            Phase::Ready => None,
        }
    }

    fn stage(&self) -> Option<&Stage> {
        self.interview().map(|interview| &interview.stage)
    }

    fn panel(&self) -> Option<&CallPanel> {
        self.interview().map(|interview| &interview.panel)
    }

    fn load_open(&mut self) -> Effect {
        let ticket = self.tickets.next();
        self.loads.open = Some(ticket);
        Effect::load(ticket, Query::OpenCall {})
    }

    fn load_queue(&mut self) -> Effect {
        let ticket = self.tickets.next();
        self.loads.queue = Some(ticket);
        self.loads.stale = false;
        Effect::load(ticket, Query::Queue { purpose: Purpose::Survey })
    }

    fn load_totals(&mut self) -> Effect {
        let ticket = self.tickets.next();
        self.loads.totals = Some(ticket);
        Effect::load(ticket, Query::Satisfaction {})
    }

    /// Loads what the tab shows. A call that is open stays as it is.
    fn opened(&mut self, subject: Option<Subject>) -> Vec<Effect> {
        if self.interview().is_some() || self.flight.is_some() {
            return Vec::new();
        }
        if let Some(Subject::Matter(matter)) = subject
            && matches!(Purpose::of_matter(matter), Some((_, Purpose::Survey)))
        {
            return vec![self.claim(Some(matter))];
        }
        vec![self.load_open(), self.load_queue(), self.load_totals()]
    }

    /// Somebody changed the store: queue and measures are read again, one read at a time, unless a call is open.
    fn changed(&mut self) -> Vec<Effect> {
        if self.interview().is_some() || self.flight.is_some() {
            return Vec::new();
        }
        if self.loads.queue.is_some() || self.loads.totals.is_some() {
            self.loads.stale = true;
            return Vec::new();
        }
        vec![self.load_queue(), self.load_totals()]
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        if let Some(last) = &mut self.last {
            last.undo_until = last.undo_until.filter(|until| now < *until);
        }
        self.waiting.tick(now);
        let tickets = &mut self.tickets;
        match &mut self.phase {
            Phase::Calling(interview) if self.flight.is_none() => {
                interview.panel.heartbeat(tickets, now).into_iter().collect()
            }
            Phase::Calling(_) | Phase::Ready => Vec::new(),
        }
    }
}

impl Screen for Survey {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(subject) => self.opened(subject),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Edited => Vec::new(),
            Msg::Mouse(mouse, area) => self.mouse(mouse, area, ctx),
            Msg::Answered(OPT_OUT, true) => self.end_at_once(Disposition::DoNotCall, ctx),
            Msg::Answered(..) => Vec::new(),
            Msg::Replied(ticket, outcome) => self.replied(ticket, outcome, ctx),
            Msg::Tick => self.tick(ctx.now),
            Msg::Changed => self.changed(),
        }
    }

    fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        self.draw(frame, area, ctx);
    }

    fn form(&self) -> Option<&Form> {
        let interview = self.interview()?;
        match &interview.stage {
            Stage::Detail(detail) => Some(&detail.form),
            Stage::Comment => Some(&interview.comment),
            Stage::Intro | Stage::Other | Stage::Asking(_) => None,
        }
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        let interview = self.interview_mut()?;
        match &mut interview.stage {
            Stage::Detail(detail) => Some(&mut detail.form),
            Stage::Comment => Some(&mut interview.comment),
            Stage::Intro | Stage::Other | Stage::Asking(_) => None,
        }
    }

    fn saving(&self) -> bool {
        self.flight.is_some()
    }

    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)> {
        Some(match &self.phase {
            Phase::Ready => (Tone::Ok, Say::key("calls.standing.ready")),
            Phase::Calling(interview) => {
                let key = match interview.stage {
                    Stage::Asking(_) | Stage::Comment => "survey.standing.asking",
                    Stage::Intro | Stage::Other => "calls.standing.calling",
                    Stage::Detail(_) => "calls.standing.recording",
                };
                (Tone::Info, Say::key(key).with("clock", clock(interview.panel.clock(ctx.now))))
            }
        })
    }

    fn shows(&self) -> Topics {
        if self.interview().is_some() || self.flight.is_some() {
            return Topics::NONE;
        }
        Topics::QUEUE.with(Topics::SURVEYS)
    }

    fn call_open(&self) -> bool {
        self.interview().is_some()
    }

    fn typed(&self) -> Option<(About, Typed)> {
        self.interview().map(|interview| (About::Matter(interview.panel.card.matter), interview.typed()))
    }

    fn retype(&mut self, about: &About, typed: &Typed, _ctx: &Ctx) -> bool {
        let interview = self.interview_mut();
        match interview.filter(|found| *about == About::Matter(found.panel.card.matter)) {
            Some(interview) => {
                interview.retype(typed);
                true
            }
            None => false,
        }
    }
}
