//! Notifies the service manager: ready, stopping, alive. Without a service manager nothing is sent.
//!
//! Invariant: "alive" is sent only after the store's writer has answered again. An error counts as an answer (another
//! process writes, a database server has no leader), because a new process would get the same. While the writer does
//! not answer, no ping is sent, and the service manager restarts the server.

use crate::store::Store;
use sd_notify::NotifyState;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

/// The server listens: clients can connect from now on.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// The server accepts no connections any more and finishes what is under way.
pub fn stopping() {
    tell(NotifyState::Stopping);
}

/// Sends "alive" twice as often as the watchdog demands; `store` gives the current store. Returns at once when no
/// watchdog is set.
pub async fn heartbeat(store: impl Fn() -> Store) {
    if let Some(within) = sd_notify::watchdog_enabled() {
        beat(within / 2, store, || tell(NotifyState::Watchdog)).await;
    }
}

async fn beat(every: Duration, store: impl Fn() -> Store, ping: impl Fn()) {
    let mut beat = interval(every.max(Duration::from_millis(1)));
    // After a late ping the next one keeps its interval.
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let store = store();
        match spawn_blocking(move || store.answers()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(event = "store_away", kind = error.kind()),
            // The probe did not run, so nothing is known.
            Err(_) => continue,
        }
        ping();
    }
}

/// A failure is ignored: without a service manager nobody receives the message.
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
            // Until the first ping has arrived.
            was_asked.recv().unwrap();
            released.send("the writer goes on").unwrap();
            Ok::<(), StoreError>(())
        };
        store.submit(stuck, |_| ()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
        let beating = runtime.spawn(beat(
            Duration::from_millis(1),
            move || {
                // Later pings have no receiver.
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
