//! Runs the requests of one session in order, on threads that all sessions share.
//!
//! Invariants:
//! - a queued command runs even when the session ends before it;
//! - a background reading takes one of a few slots that all sessions share, so that a change which hundreds of screens
//!   show does not delay the request of a user who pressed a key.

use crate::session::worker::QUEUE;
use crate::session::{Event, Executor, SessionClock, Work};
use crate::usecase::Door;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

/// Slots for background readings on a database server, where a reading mostly waits for the network.
const ON_A_SERVER: usize = 8;

/// The slots of all sessions for background readings. On a file there is one for every two processors, because this
/// machine does the work and the rest is for users' own requests.
pub fn refresh_slots(door: &Door) -> Arc<Semaphore> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let slots = if door.store().server().is_some() { ON_A_SERVER } else { (processors / 2).max(1) };
    Arc::new(Semaphore::new(slots))
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requester {
    /// The user.
    Person,
    /// No user: others changed what is on screen.
    Refresh,
}

/// A queued request.
#[derive(Debug)]
struct Queued {
    requester: Requester,
    work: Work,
    /// When it was queued.
    at: Instant,
}

/// The queue of one session and the task that empties it.
#[derive(Debug)]
pub struct Runner {
    queue: mpsc::Sender<Queued>,
    urgency: Arc<Urgency>,
    task: JoinHandle<()>,
}

/// How many queued requests a user waits for.
#[derive(Debug, Default)]
struct Urgency {
    waiting: AtomicUsize,
    grown: Notify,
}

impl Urgency {
    fn add(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        self.grown.notify_one();
    }

    fn done(&self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }

    /// Waits until a user waits.
    async fn begins(&self) {
        while self.waiting.load(Ordering::Acquire) == 0 {
            self.grown.notified().await;
        }
    }
}

impl Runner {
    /// Starts the task; replies come through the receiver.
    pub fn start(door: Door, clock: SessionClock, slots: Arc<Semaphore>) -> (Self, mpsc::Receiver<Event>) {
        let (queue, mut waiting) = mpsc::channel::<Queued>(QUEUE);
        let (answers, receiver) = mpsc::channel(QUEUE);
        let urgency = Arc::new(Urgency::default());
        let urgent = Arc::clone(&urgency);
        let task = tokio::spawn(async move {
            let mut executor = Executor::new(door, clock);
            while let Some(Queued { requester, work, at }) = waiting.recv().await {
                let (slot, at) = match requester {
                    Requester::Person => {
                        urgent.done();
                        (None, at)
                    }
                    // Time spent waiting for a slot does not count against the time limit.
                    Requester::Refresh => tokio::select! {
                        biased;
                        slot = slots.acquire() => (slot.ok(), Instant::now()),
                        () = urgent.begins() => (None, Instant::now()),
                    },
                };
                let run = move || (executor.run(work, at), executor);
                // An executor catches the panics of its work; an error here is the end of the runtime.
                let Ok((event, back)) = spawn_blocking(run).await else { return };
                executor = back;
                drop(slot);
                // After the session's end no reply is taken; queued work still runs.
                let _ = answers.send(event).await;
            }
        });
        (Self { queue, urgency, task }, receiver)
    }

    /// Queues `work`.
    ///
    /// # Errors
    /// The reply to give when the queue is full; none where no reply is expected.
    pub fn give(&self, requester: Requester, work: Work) -> Result<(), Option<Event>> {
        if requester == Requester::Person {
            self.urgency.add();
        }
        self.queue.try_send(Queued { requester, work, at: Instant::now() }).map_err(|refused| {
            if requester == Requester::Person {
                self.urgency.done();
            }
            match refused {
                TrySendError::Full(Queued { work, .. }) | TrySendError::Closed(Queued { work, .. }) => {
                    work.busy()
                }
            }
        })
    }

    /// Waits at most `patience` for all queued work; returns whether it is done.
    pub async fn finish(self, patience: Duration) -> bool {
        drop(self.queue);
        self.urgency.add();
        timeout(patience, self.task).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::StaffId;
    use crate::domain::time::Timestamp;
    use crate::usecase::fixture::hotline_in_memory;

    fn some_work() -> Work {
        Work::Actor(StaffId("lan".to_owned()))
    }

    fn runner(slots: &Arc<Semaphore>) -> (Runner, mpsc::Receiver<Event>) {
        let clock = SessionClock::new(|| Timestamp::ZERO, None);
        Runner::start(hotline_in_memory(), clock, Arc::clone(slots))
    }

    #[tokio::test]
    async fn a_background_reading_waits_for_a_slot_and_gives_it_back() {
        let slots = Arc::new(Semaphore::new(0));
        let (runner, mut answers) = runner(&slots);
        runner.give(Requester::Refresh, some_work()).unwrap();
        runner.give(Requester::Refresh, some_work()).unwrap();
        tokio::task::yield_now().await;
        assert!(answers.try_recv().is_err());
        slots.add_permits(1);
        assert!(matches!(answers.recv().await, Some(Event::Actor(_))));
        assert!(matches!(answers.recv().await, Some(Event::Actor(_))));
        assert!(runner.finish(Duration::from_secs(20)).await);
        assert_eq!(slots.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_users_request_does_not_wait_for_a_slot_and_neither_does_the_end() {
        let slots = Arc::new(Semaphore::new(0));
        let (runner, mut answers) = runner(&slots);
        runner.give(Requester::Person, some_work()).unwrap();
        assert!(answers.recv().await.is_some());
        runner.give(Requester::Refresh, some_work()).unwrap();
        runner.give(Requester::Person, some_work()).unwrap();
        assert!(answers.recv().await.is_some() && answers.recv().await.is_some());
        runner.give(Requester::Refresh, some_work()).unwrap();
        assert!(runner.finish(Duration::from_secs(20)).await);
        assert!(answers.recv().await.is_some());
    }
}
