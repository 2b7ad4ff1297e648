//! What goes through the door for one session: in the order in which its screens asked, on the threads that all
//! sessions share.
//!
//! Invariants: what was promised to a person is done even when the session is over before it; a reading that nobody
//! asked for takes one of the few places that all sessions have for such, so that a change which hundreds of screens
//! show does not keep the one person waiting who pressed a key.

use crate::session::worker::QUEUE;
use crate::session::{Event, Passage, SessionClock, Work};
use crate::usecase::Door;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

/// Places for reading again on a server: who reads there mostly waits for the network.
const ON_A_SERVER: usize = 8;

/// The places that all sessions of a door have for reading again what others changed: on a file one for every two
/// processors, because the work is this machine's own and the rest is for those who press keys.
pub fn places(door: &Door) -> Arc<Semaphore> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let places = if door.store().server().is_some() { ON_A_SERVER } else { (processors / 2).max(1) };
    Arc::new(Semaphore::new(places))
}

/// Who waits for the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// The person.
    Person,
    /// Nobody: others changed what is on screen.
    Nobody,
}

/// Work on its way.
#[derive(Debug)]
struct Asked {
    whom: For,
    work: Work,
    /// When it was asked for.
    at: Instant,
}

/// One session's way through the door.
#[derive(Debug)]
pub struct Runner {
    queue: mpsc::Sender<Asked>,
    hurry: Arc<Hurry>,
    task: JoinHandle<()>,
}

/// How much of what is queued somebody waits for.
#[derive(Debug, Default)]
struct Hurry {
    waiting: AtomicUsize,
    grown: Notify,
}

impl Hurry {
    fn add(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        self.grown.notify_one();
    }

    fn done(&self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }

    /// Waits until somebody waits.
    async fn begins(&self) {
        while self.waiting.load(Ordering::Acquire) == 0 {
            self.grown.notified().await;
        }
    }
}

impl Runner {
    /// Begins; answers come through the receiver.
    pub fn start(door: Door, clock: SessionClock, places: Arc<Semaphore>) -> (Self, mpsc::Receiver<Event>) {
        let (queue, mut waiting) = mpsc::channel::<Asked>(QUEUE);
        let (answers, receiver) = mpsc::channel(QUEUE);
        let hurry = Arc::new(Hurry::default());
        let hurried = Arc::clone(&hurry);
        let task = tokio::spawn(async move {
            let mut passage = Passage::new(door, clock);
            while let Some(Asked { whom, work, at }) = waiting.recv().await {
                let (place, at) = match whom {
                    For::Person => {
                        hurried.done();
                        (None, at)
                    }
                    // Nobody's patience is used up by waiting for a place.
                    For::Nobody => tokio::select! {
                        biased;
                        place = places.acquire() => (place.ok(), Instant::now()),
                        () = hurried.begins() => (None, Instant::now()),
                    },
                };
                let act = move || (passage.act(work, at), passage);
                // A passage catches the panics of its work; an error here is the end of the runtime.
                let Ok((event, back)) = spawn_blocking(act).await else { return };
                passage = back;
                drop(place);
                // Nobody listens when the session is over; what waits is still done.
                let _ = answers.send(event).await;
            }
        });
        (Self { queue, hurry, task }, receiver)
    }

    /// Queues `work`; the answer when there is no room.
    pub fn give(&self, whom: For, work: Work) -> Result<(), Option<Event>> {
        if whom == For::Person {
            self.hurry.add();
        }
        self.queue.try_send(Asked { whom, work, at: Instant::now() }).map_err(|refused| {
            if whom == For::Person {
                self.hurry.done();
            }
            match refused {
                TrySendError::Full(Asked { work, .. }) | TrySendError::Closed(Asked { work, .. }) => {
                    work.busy()
                }
            }
        })
    }

    /// Waits until all that was queued is done, at most `patience`; whether it is.
    pub async fn finish(self, patience: Duration) -> bool {
        drop(self.queue);
        self.hurry.add();
        timeout(patience, self.task).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::StaffId;
    use crate::domain::time::Timestamp;
    use crate::usecase::fixture::hotline_in_memory;

    fn who() -> Work {
        Work::Actor(StaffId("lan".to_owned()))
    }

    fn runner(places: &Arc<Semaphore>) -> (Runner, mpsc::Receiver<Event>) {
        let clock = SessionClock::new(|| Timestamp::ZERO, None);
        Runner::start(hotline_in_memory(), clock, Arc::clone(places))
    }

    #[tokio::test]
    async fn a_reading_for_nobody_waits_for_a_place_and_gives_it_back() {
        let places = Arc::new(Semaphore::new(0));
        let (runner, mut answers) = runner(&places);
        runner.give(For::Nobody, who()).unwrap();
        runner.give(For::Nobody, who()).unwrap();
        tokio::task::yield_now().await;
        assert!(answers.try_recv().is_err());
        places.add_permits(1);
        assert!(matches!(answers.recv().await, Some(Event::Actor(_))));
        assert!(matches!(answers.recv().await, Some(Event::Actor(_))));
        assert!(runner.finish(Duration::from_secs(20)).await);
        assert_eq!(places.available_permits(), 1);
    }

    #[tokio::test]
    async fn who_presses_a_key_does_not_wait_for_a_place_and_neither_does_the_end() {
        let places = Arc::new(Semaphore::new(0));
        let (runner, mut answers) = runner(&places);
        runner.give(For::Person, who()).unwrap();
        assert!(answers.recv().await.is_some());
        runner.give(For::Nobody, who()).unwrap();
        runner.give(For::Person, who()).unwrap();
        assert!(answers.recv().await.is_some() && answers.recv().await.is_some());
        runner.give(For::Nobody, who()).unwrap();
        assert!(runner.finish(Duration::from_secs(20)).await);
        assert!(answers.recv().await.is_some());
    }
}
