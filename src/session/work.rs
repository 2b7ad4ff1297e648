//! The requests of a session to the door ([`Work`]) and the events of its loop ([`Event`]), as plain data.

use crate::domain::actor::Actor;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::session::{Presence, SessionId};
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::tui::app::PinAnswer;
use crate::tui::effect::{CompareFile, Export, Job, Keep, PinAct, Reply};
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
    /// Input from the user, or the one-second tick.
    Input(Input),
    /// A job is done.
    Reply(Box<Reply>),
    /// The staff member as whom the user continues, on a simulated store.
    Actor(Box<Result<Actor, Error>>),
    /// The staff members as whom the user may work, on a simulated store.
    People(Vec<StaffLine>),
    /// The result of a PIN request.
    Pin(Box<Result<PinAnswer, Error>>),
    /// A request is done whose result nobody needs.
    Done,
    /// The store's change feed has something.
    StoreChanged,
    /// A notice from outside the screens.
    Notice(Tone, Say),
    /// A broadcast to all sessions.
    Broadcast(BroadcastRow),
    /// The store's orders for the sessions of this process.
    Orders(Box<Orders>),
}

/// A request of a session to the door.
#[derive(Debug)]
pub enum Work {
    /// A job of a screen, as this staff member.
    Job(StaffId, Box<Job>),
    /// A campaign file to be read and compared, as this staff member.
    Compare(StaffId, Box<CompareFile>),
    /// A list to be written to a new file, as this staff member, in this language.
    Export(StaffId, Lang, Box<Export>),
    /// Typed text of this staff member, to be kept as a draft or deleted.
    Keep(StaffId, Box<Keep>),
    /// A request about the PIN of this staff member.
    Pin(StaffId, Box<PinAct>),
    /// This session of this staff member was lost; bytes last came from its client then.
    LineLost(StaffId, SessionId, Timestamp),
    /// A session of this process (a ULID) begins, or continues as another staff member.
    Arrive(Arc<str>, Box<Presence>),
    /// The heartbeat of this process and its sessions.
    Beat(Arc<str>, Vec<Presence>),
    /// Read the orders for the sessions of this process.
    Orders(Arc<str>),
    /// This session of this staff member ended, for this reason (a public code).
    Leave(StaffId, SessionId, &'static str),
    /// Look up this staff member.
    Actor(StaffId),
    /// List the staff members as whom the user may work, on a simulated store.
    People,
}

impl Work {
    /// The reply when the queue is full; `None` where nobody waits for one.
    pub fn busy(&self) -> Option<Event> {
        match self {
            Self::Job(_, job) => {
                let outcome = Err(Error::Store(StoreError::Busy));
                Some(Event::Reply(Box::new(Reply { ticket: job.ticket, outcome })))
            }
            Self::Compare(_, compare) => {
                let outcome = Err(Error::Store(StoreError::Busy));
                Some(Event::Reply(Box::new(Reply { ticket: compare.ticket, outcome })))
            }
            Self::Export(_, _, export) => {
                let outcome = Err(Error::Store(StoreError::Busy));
                Some(Event::Reply(Box::new(Reply { ticket: export.ticket, outcome })))
            }
            Self::Actor(_) => Some(Event::Actor(Box::new(Err(Error::Store(StoreError::Busy))))),
            Self::Pin(..) => Some(Event::Pin(Box::new(Err(Error::Store(StoreError::Busy))))),
            // The next heartbeat reports what was not reported now.
            Self::Arrive(..) | Self::Beat(..) | Self::Orders(_) | Self::Leave(..) => None,
            Self::Keep(..) | Self::LineLost(..) | Self::People => None,
        }
    }
}
