//! What goes through the door for one session: in the order in which its screens asked, on the threads that all
//! sessions share.
//!
//! Invariant: what was promised to a person is done even when the session is over before it.

use crate::session::worker::QUEUE;
use crate::session::{Event, SessionClock, Work};
use crate::usecase::Door;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

/// One session's way through the door.
#[derive(Debug)]
pub struct Runner {
    queue: mpsc::Sender<Work>,
    task: JoinHandle<()>,
}

impl Runner {
    /// Begins; answers come through the receiver.
    pub fn start(door: Door, clock: SessionClock) -> (Self, mpsc::Receiver<Event>) {
        let (queue, mut waiting) = mpsc::channel::<Work>(QUEUE);
        let (answers, receiver) = mpsc::channel(QUEUE);
        let task = tokio::spawn(async move {
            while let Some(work) = waiting.recv().await {
                let (door, clock) = (door.clone(), clock.clone());
                // Work catches its own panics; an error here is the end of the runtime.
                let Ok(event) = spawn_blocking(move || work.act(&door, &clock)).await else { return };
                // Nobody listens when the session is over; what waits is still done.
                let _ = answers.send(event).await;
            }
        });
        (Self { queue, task }, receiver)
    }

    /// Queues `work`; the answer when there is no room.
    pub fn give(&self, work: Work) -> Result<(), Option<Event>> {
        self.queue.try_send(work).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(work) | mpsc::error::TrySendError::Closed(work) => work.busy(),
        })
    }

    /// Waits until all that was queued is done, at most `patience`; whether it is.
    pub async fn finish(self, patience: Duration) -> bool {
        drop(self.queue);
        timeout(patience, self.task).await.is_ok()
    }
}
