//! The thread that goes through the door for one session. It owns nothing but its queue: jobs run in the order in which the screens asked, their answers leave as events, and
//! dropping the worker waits until the last job is durable.
//!
//! The queue is bounded; a job that finds it full is answered Busy at once, so that a screen never waits for
//! nothing. What a job does is in [`Passage`].

use super::clock::SessionClock;
use super::passage::Passage;
use super::work::{Event, Work};
use crate::usecase::Door;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

/// Jobs of one session that may wait.
pub const QUEUE: usize = 256;

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
