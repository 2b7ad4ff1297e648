//! Outbound calls of 9090, the first screen: one key fetches the next customer, one key records how the call
//! ended. "Agreed" opens the registration form filled in.
//!
//! Invariants: at most one call is open; its lease is prolonged while it is; a card never leaves the screen before
//! its ending is committed; a refusal keeps everything that was typed. Deliberately absent: rules. Whom to call,
//! when, and what follows an ending is decided behind the door.

mod act;
mod keys;
mod register;
mod reply;
#[cfg(test)]
mod tests;
mod view;

use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::domain::time::Timestamp;
use crate::tui::call::detail::Detail;
use crate::tui::call::panel::CallPanel;
use crate::tui::call::waiting::Waiting;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Subject, Ticket, Tickets};
use crate::tui::form::Form;
use crate::tui::keys::Binding;
use crate::tui::say::{Say, word};
use crate::tui::screen::{Msg, Screen};
use crate::tui::theme::Tone;
use crate::tui::typed::{About, Typed};
use crate::tui::widgets::bar::clock;
use crate::usecase::command::PauseCode;
use crate::usecase::{Query, Topics};
use keys::BINDINGS;
use ratatui::Frame;
use ratatui::layout::Rect;
use register::Registering;

pub use keys::Act;

/// The answer to "never call again?" comes back under this name.
const OPT_OUT: &str = "calls.opt_out";
/// The registration form in a draft.
const REGISTER: &str = "register";

/// What the agent is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Ready for the next customer.
    Ready,
    /// Choosing a kind of pause.
    ChoosingPause,
    /// Not taking calls; since when, if this screen saw it begin.
    Paused {
        /// Why.
        code: PauseCode,
        /// Since when.
        since: Option<Timestamp>,
    },
    /// A call is open.
    Calling(Box<Call>),
}

/// An open call and what the agent has in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Card, script, note, lease.
    pub panel: CallPanel,
    /// Which part has the keys.
    pub hand: Hand,
}

/// Which part of an open call has the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hand {
    /// Script and endings.
    Script,
    /// The other endings.
    Other,
    /// The questions customers ask; which one is open.
    Questions(usize),
    /// A time or a note.
    Detail(Detail),
    /// The registration form.
    Register(Registering),
}

/// What is on its way through the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flight {
    Claim,
    Record(Disposition),
    Register,
    Undo,
    Release,
    Pause(PauseCode),
    Resume,
}

/// Loads that are under way; an answer to any other ticket is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Loads {
    open: Option<Ticket>,
    queue: Option<Ticket>,
    status: Option<Ticket>,
    why: Option<Ticket>,
    /// Somebody changed the store while the queue was being read.
    stale: bool,
}

/// The call before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Last {
    panel: Box<CallPanel>,
    came: Came,
    /// Until when it can be undone; none: no longer.
    undo_until: Option<Timestamp>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Came {
    Ended { disposition: Disposition, next_at: Option<Timestamp> },
    Seated { seat: i64 },
    Waitlisted { position: i64 },
}

/// The screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    tickets: Tickets,
    phase: Phase,
    flight: Option<(Ticket, Flight)>,
    loads: Loads,
    waiting: Waiting,
    last: Option<Last>,
}

impl Default for Outbound {
    fn default() -> Self {
        Self::new()
    }
}

impl Outbound {
    /// A screen that has not been opened yet.
    pub const fn new() -> Self {
        Self {
            tickets: Tickets::new(Origin::Calls),
            phase: Phase::Ready,
            flight: None,
            loads: Loads { open: None, queue: None, status: None, why: None, stale: false },
            waiting: Waiting::new(),
            last: None,
        }
    }

    fn call(&self) -> Option<&Call> {
        match &self.phase {
            Phase::Calling(call) => Some(call),
            Phase::Ready | Phase::ChoosingPause | Phase::Paused { .. } => None,
        }
    }

    fn call_mut(&mut self) -> Option<&mut Call> {
        match &mut self.phase {
            Phase::Calling(call) => Some(call),
            Phase::Ready | Phase::ChoosingPause | Phase::Paused { .. } => None,
        }
    }

    fn hand(&self) -> Option<&Hand> {
        self.call().map(|call| &call.hand)
    }

    fn panel(&self) -> Option<&CallPanel> {
        self.call().map(|call| &call.panel)
    }

    fn load_queue(&mut self) -> Effect {
        let ticket = self.tickets.next();
        self.loads.queue = Some(ticket);
        self.loads.stale = false;
        Effect::load(ticket, Query::Queue { purpose: Purpose::Offer })
    }

    fn load_open(&mut self) -> Effect {
        let ticket = self.tickets.next();
        self.loads.open = Some(ticket);
        Effect::load(ticket, Query::OpenCall {})
    }

    /// Loads what the tab shows. A call that is open stays as it is.
    fn opened(&mut self, subject: Option<Subject>) -> Vec<Effect> {
        let wanted = match subject {
            Some(Subject::Matter(matter)) if is_offer(matter) => Some(matter),
            Some(Subject::Matter(_) | Subject::Phone(_) | Subject::Registration(_) | Subject::Case(_))
            | None => None,
        };
        if let Some(panel) = self.panel() {
            let other = wanted.is_some_and(|matter| matter != panel.card.matter);
            let why = Effect::Notice(Tone::Warn, Say::key("calls.why.choose_ending"));
            return if other { vec![why] } else { Vec::new() };
        }
        if let Some(matter) = wanted.filter(|_| self.phase == Phase::Ready && self.flight.is_none()) {
            return vec![self.claim(Some(matter))];
        }
        let (open, queue) = (self.load_open(), self.load_queue());
        let status = self.tickets.next();
        self.loads.status = Some(status);
        vec![open, queue, Effect::load(status, Query::Status {})]
    }

    /// Somebody changed the store: the queue is read again, one read at a time, unless a call is open.
    fn changed(&mut self) -> Vec<Effect> {
        if self.call().is_some() || self.flight.is_some() {
            return Vec::new();
        }
        if self.loads.queue.is_some() {
            self.loads.stale = true;
            return Vec::new();
        }
        vec![self.load_queue()]
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        if let Some(last) = &mut self.last {
            last.undo_until = last.undo_until.filter(|until| now < *until);
        }
        self.waiting.tick(now);
        let tickets = &mut self.tickets;
        match &mut self.phase {
            Phase::Calling(call) if self.flight.is_none() => {
                call.panel.heartbeat(tickets, now).into_iter().collect()
            }
            Phase::Calling(_) | Phase::Ready | Phase::ChoosingPause | Phase::Paused { .. } => Vec::new(),
        }
    }
}

fn is_offer(matter: MatterId) -> bool {
    matches!(Purpose::of_matter(matter), Some((_, Purpose::Offer)))
}

impl Screen for Outbound {
    type Act = Act;

    const BINDINGS: &'static [Binding<Act, Self>] = BINDINGS;

    fn update(&mut self, msg: Msg<Act>, ctx: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Opened(subject) => self.opened(subject),
            Msg::Act(act) => self.act(act, ctx),
            Msg::Edited => {
                if let Some(Call { hand: Hand::Register(form), .. }) = self.call_mut() {
                    form.follow();
                }
                Vec::new()
            }
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
        match self.hand()? {
            Hand::Detail(detail) => Some(&detail.form),
            Hand::Register(registering) => Some(&registering.form),
            Hand::Script | Hand::Other | Hand::Questions(_) => None,
        }
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        match &mut self.call_mut()?.hand {
            Hand::Detail(detail) => Some(&mut detail.form),
            Hand::Register(registering) => Some(&mut registering.form),
            Hand::Script | Hand::Other | Hand::Questions(_) => None,
        }
    }

    fn saving(&self) -> bool {
        self.flight.is_some()
    }

    fn standing(&self, ctx: &Ctx) -> Option<(Tone, Say)> {
        Some(match &self.phase {
            Phase::Ready | Phase::ChoosingPause => (Tone::Ok, Say::key("calls.standing.ready")),
            Phase::Paused { code, .. } => {
                let reason = word(&format!("calls.pause_code.{}", code.code()), ctx.lang);
                (Tone::Warn, Say::key("calls.standing.paused").with("reason", reason))
            }
            Phase::Calling(call) => {
                let key = match call.hand {
                    Hand::Script | Hand::Other | Hand::Questions(_) => "calls.standing.calling",
                    Hand::Detail(_) | Hand::Register(_) => "calls.standing.recording",
                };
                (Tone::Info, Say::key(key).with("clock", clock(call.panel.clock(ctx.now))))
            }
        })
    }

    fn shows(&self) -> Topics {
        if self.call().is_some() || self.flight.is_some() {
            return Topics::NONE;
        }
        Topics::QUEUE.with(Topics::LISTS)
    }

    fn call_open(&self) -> bool {
        self.call().is_some()
    }

    fn typed(&self) -> Option<(About, Typed)> {
        let call = self.call()?;
        let part = match &call.hand {
            Hand::Script | Hand::Other | Hand::Questions(_) => String::new(),
            Hand::Detail(detail) => detail.part(),
            Hand::Register(_) => REGISTER.to_owned(),
        };
        let fields = self.form().map(Form::typed).unwrap_or_default();
        Some((About::Matter(call.panel.card.matter), call.panel.typed(part, fields)))
    }

    fn retype(&mut self, about: &About, typed: &Typed, _ctx: &Ctx) -> bool {
        let Some(call) = self.call_mut().filter(|call| *about == About::Matter(call.panel.card.matter))
        else {
            return false;
        };
        call.panel.retype(typed);
        if typed.part == REGISTER && call.panel.may_agree() {
            call.hand = Hand::Register(Registering::of(&call.panel, &typed.fields));
        } else if let Some(detail) = Detail::of_part(&typed.part, &call.panel, &typed.fields) {
            call.hand = Hand::Detail(detail);
        }
        true
    }
}
