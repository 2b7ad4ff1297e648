//! What a session asks of the door ([`Work`]) and what its loop receives ([`Event`]), as plain data.

use crate::domain::actor::Actor;
use crate::domain::id::StaffId;
use crate::domain::session::{Presence, SessionId};
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::tui::app::PinAnswer;
use crate::tui::effect::{Job, Keep, PinAct, Reply};
use crate::tui::input::Input;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::Error;
use crate::usecase::model::staff::StaffLine;
use crate::usecase::session::{BroadcastRow, Orders};
use std::sync::Arc;

/// Something for the loop.
#[derive(Debug)]
pub enum Event {
    /// The person or the second hand.
    Input(Input),
    /// A job is done.
    Reply(Box<Reply>),
    /// Who the person works on as.
    Actor(Box<Result<Actor, Error>>),
    /// Who may be worked as.
    People(Vec<StaffLine>),
    /// What came of a person's PIN.
    Pin(Box<Result<PinAnswer, Error>>),
    /// Something is done that nobody waits for.
    Kept,
    /// There is news of the store.
    News,
    /// A sentence from outside the session: the house stops.
    Told(Tone, Say),
    /// Somebody said something to everybody.
    Said(BroadcastRow),
    /// What the process of a session has to tell it.
    Orders(Box<Orders>),
}

/// Something that goes through the door for a session.
#[derive(Debug)]
pub enum Work {
    /// A job of a screen, as this person.
    Job(StaffId, Box<Job>),
    /// Typed text of this person, to be kept or forgotten.
    Keep(StaffId, Box<Keep>),
    /// The PIN of this person.
    Pin(StaffId, Box<PinAct>),
    /// This session of this person was lost; their client was last heard then.
    LineLost(StaffId, SessionId, Timestamp),
    /// A session of this process (a ULID) begins, or another person goes on with it.
    Arrive(Arc<str>, Box<Presence>),
    /// The sessions of this process are there.
    Beat(Arc<str>, Vec<Presence>),
    /// What this process has to tell its sessions.
    Orders(Arc<str>),
    /// This session of this person ended, because of this (a public code).
    Leave(StaffId, SessionId, &'static str),
    /// Who this is.
    Actor(StaffId),
    /// Who may be worked as on a simulated store.
    People,
}

impl Work {
    /// The answer when the queue has no room; `None` where nobody waits for one.
    pub fn busy(&self) -> Option<Event> {
        match self {
            Self::Job(_, job) => {
                let outcome = Err(Error::Store(StoreError::Busy));
                Some(Event::Reply(Box::new(Reply { ticket: job.ticket, outcome })))
            }
            Self::Actor(_) => Some(Event::Actor(Box::new(Err(Error::Store(StoreError::Busy))))),
            Self::Pin(..) => Some(Event::Pin(Box::new(Err(Error::Store(StoreError::Busy))))),
            // The next beat says what was not said now.
            Self::Arrive(..) | Self::Beat(..) | Self::Orders(_) | Self::Leave(..) => None,
            Self::Keep(..) | Self::LineLost(..) | Self::People => None,
        }
    }
}
