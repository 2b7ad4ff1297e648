//! What a service manager is told: ready, stopping, alive. Without one, nothing is sent.
//!
//! Invariant: "alive" is said only after the store's writer has answered once more. An answer that is an error —
//! another process writes, a server has no leader — counts: a new process would hear the same. A writer that
//! answers nothing keeps the ping back, and the service manager starts the door anew.

use crate::store::Store;
use sd_notify::NotifyState;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

/// The door listens: from now on people can come in.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// The door lets nobody in any more and finishes what is under way.
pub fn stopping() {
    tell(NotifyState::Stopping);
}

/// Says that the door is alive, twice as often as the service manager wants to hear it; `store` gives the store as
/// it is at that moment. Returns at once when no watchdog is set.
pub async fn heartbeat(store: impl Fn() -> Store) {
    if let Some(within) = sd_notify::watchdog_enabled() {
        beat(within / 2, store, || tell(NotifyState::Watchdog)).await;
    }
}

async fn beat(every: Duration, store: impl Fn() -> Store, ping: impl Fn()) {
    let mut beat = interval(every.max(Duration::from_millis(1)));
    // A ping that came late is no reason for two.
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let store = store();
        match spawn_blocking(move || store.answers()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(event = "store_away", kind = error.kind()),
            // Nothing was asked, so nothing is known.
            Err(_) => continue,
        }
        ping();
    }
}

/// A service manager that is gone restarts nothing, and outside of one nobody listens.
fn tell(state: NotifyState<'_>) {
    let _ = sd_notify::notify(&[state]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;
    use std::sync::mpsc::channel;

    #[test]
    fn a_writer_that_does_not_answer_keeps_the_ping_back() {
        let store = Store::memory().unwrap();
        let (asked, was_asked) = channel();
        let (happened, what) = channel();
        let released = happened.clone();
        let stuck = move |_: &mut crate::store::Tx<'_>| {
            // Until the first beat has come by.
            was_asked.recv().unwrap();
            released.send("the writer goes on").unwrap();
            Ok::<(), StoreError>(())
        };
        store.submit(stuck, |_| ()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
        let beating = runtime.spawn(beat(
            Duration::from_millis(1),
            move || {
                // Later beats find nobody who hears.
                let _ = asked.send(());
                store.clone()
            },
            move || happened.send("ping").unwrap_or(()),
        ));
        let first: Vec<&str> = what.iter().take(3).collect();
        assert_eq!(first, ["the writer goes on", "ping", "ping"]);
        beating.abort();
    }
}
