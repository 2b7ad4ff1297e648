//! What goes through the door for one session: in the order in which its screens asked, on the threads that all
//! sessions share.
//!
//! Invariant: what was promised to a person is done even when the session is over before it.

use crate::session::worker::QUEUE;
use crate::session::{Event, Passage, SessionClock, Work};
use crate::usecase::Door;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

/// One session's way through the door.
#[derive(Debug)]
pub struct Runner {
    /// Work, and when it was asked for.
    queue: mpsc::Sender<(Work, Instant)>,
    task: JoinHandle<()>,
}

impl Runner {
    /// Begins; answers come through the receiver.
    pub fn start(door: Door, clock: SessionClock) -> (Self, mpsc::Receiver<Event>) {
        let (queue, mut waiting) = mpsc::channel::<(Work, Instant)>(QUEUE);
        let (answers, receiver) = mpsc::channel(QUEUE);
        let task = tokio::spawn(async move {
            let mut passage = Passage::new(door, clock);
            while let Some((work, asked)) = waiting.recv().await {
                let act = move || (passage.act(work, asked), passage);
                // A passage catches the panics of its work; an error here is the end of the runtime.
                let Ok((event, back)) = spawn_blocking(act).await else { return };
                passage = back;
                // Nobody listens when the session is over; what waits is still done.
                let _ = answers.send(event).await;
            }
        });
        (Self { queue, task }, receiver)
    }

    /// Queues `work`; the answer when there is no room.
    pub fn give(&self, work: Work) -> Result<(), Option<Event>> {
        self.queue.try_send((work, Instant::now())).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full((work, _)) | mpsc::error::TrySendError::Closed((work, _)) => {
                work.busy()
            }
        })
    }

    /// Waits until all that was queued is done, at most `patience`; whether it is.
    pub async fn finish(self, patience: Duration) -> bool {
        drop(self.queue);
        timeout(patience, self.task).await.is_ok()
    }
}
