//! What a session asks of the door ([`Work`]), and the thread that goes through the door for one session. It owns
//! nothing but its queue: jobs run in the order in which the screens asked, their answers leave as events, and
//! dropping the worker waits until the last job is durable.
//!
//! The queue is bounded; a job that finds it full is answered Busy at once, so that a screen never waits for
//! nothing. What a job does is in [`Passage`].

use super::clock::SessionClock;
use super::passage::Passage;
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
use crate::usecase::model::staff::StaffLine;
use crate::usecase::session::{BroadcastRow, Orders};
use crate::usecase::{Door, Error};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

/// Jobs of one session that may wait.
pub const QUEUE: usize = 256;

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

/// The session's way through the door.
#[derive(Debug)]
pub struct Worker {
    /// Work, and when it was asked for.
    queue: Option<SyncSender<(Work, Instant)>>,
    thread: Option<JoinHandle<()>>,
    events: Sender<Event>,
}

impl Worker {
    /// Starts the thread; answers go to `events`.
    pub fn start(door: Door, clock: SessionClock, events: Sender<Event>) -> std::io::Result<Self> {
        let (queue, waiting) = sync_channel(QUEUE);
        let answers = events.clone();
        let thread = std::thread::Builder::new()
            .name("session worker".to_owned())
            .spawn(move || serve(Passage::new(door, clock), &waiting, &answers))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), events })
    }

    /// Queues `work`; a full queue answers at once.
    pub fn give(&self, work: Work) {
        let refused = match self.queue.as_ref().map(|queue| queue.try_send((work, Instant::now()))) {
            Some(Err(TrySendError::Full((work, _)) | TrySendError::Disconnected((work, _)))) => work.busy(),
            Some(Ok(())) | None => None,
        };
        if let Some(answer) = refused {
            // Nobody listens only when the session is over.
            let _ = self.events.send(answer);
        }
    }
}

impl Drop for Worker {
    /// Lets the thread finish what waits.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was answered and logged when it happened.
            let _ = thread.join();
        }
    }
}

fn serve(mut passage: Passage, waiting: &Receiver<(Work, Instant)>, events: &Sender<Event>) {
    for (work, asked) in waiting {
        // When nobody listens any more, what waits is still done: it was promised to the person.
        let _ = events.send(passage.act(work, asked));
    }
}
