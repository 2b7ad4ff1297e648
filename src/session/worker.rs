//! Runs the requests of one session ([`Work`]) on a thread of its own, with a bounded queue.
//!
//! Invariants:
//! - requests run in the order in which the screens made them; their replies leave as events;
//! - dropping the worker waits until the last request is durable;
//! - a request that finds the queue full is answered Busy at once.
//!
//! What a request does is in [`Executor`].

use super::clock::SessionClock;
use super::executor::Executor;
use super::work::{Event, Work};
use crate::usecase::Door;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

/// Jobs of one session that may wait.
pub const QUEUE: usize = 256;

/// The queue and the thread of one session.
#[derive(Debug)]
pub struct Worker {
    /// Requests, and when they were made.
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
            .spawn(move || serve(Executor::new(door, clock), &waiting, &answers))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), events })
    }

    /// Queues `work`; a full queue replies at once.
    pub fn give(&self, work: Work) {
        let refused = match self.queue.as_ref().map(|queue| queue.try_send((work, Instant::now()))) {
            Some(Err(TrySendError::Full((work, _)) | TrySendError::Disconnected((work, _)))) => work.busy(),
            Some(Ok(())) | None => None,
        };
        if let Some(answer) = refused {
            // Sending fails only after the session's end.
            let _ = self.events.send(answer);
        }
    }
}

impl Drop for Worker {
    /// Waits until the thread has finished the queue.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was logged when it happened.
            let _ = thread.join();
        }
    }
}

fn serve(mut executor: Executor, waiting: &Receiver<(Work, Instant)>, events: &Sender<Event>) {
    for (work, asked) in waiting {
        // After the session's end the queue is still worked off: its commands were accepted.
        let _ = events.send(executor.run(work, asked));
    }
}
