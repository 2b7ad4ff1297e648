//! Writes a heartbeat for this server and its sessions to the store, and carries out the orders that the store has for
//! them: sessions to end, broadcasts to show.
//!
//! Invariant: a session reports its own beginning and end; the heartbeat covers the sessions in between.

use super::server_state::ServerState;
use crate::domain::session::BEAT_MS;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

/// Younger sessions still insert their own row, in milliseconds.
const ESTABLISHED_AFTER_MS: i64 = 5_000;

/// Sends heartbeats, and reads orders when sessions changed, until it is dropped.
pub async fn run(server: Arc<ServerState>) {
    let mut ticks = interval(Duration::from_millis(BEAT_MS.unsigned_abs()));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let beats = tokio::select! {
            _ = ticks.tick() => true,
            () = server.sessions_changed() => false,
        };
        let state = Arc::clone(&server);
        // An error is a panic that is logged, or the end of the runtime.
        let _ = spawn_blocking(move || send(&state, beats)).await;
    }
}

fn send(server: &ServerState, beats: bool) {
    let (door, now) = (server.door(), server.clock.now());
    let orders = if beats {
        let (registry, here) =
            (server.registry.clone(), server.registry.established(now.plus_ms(-ESTABLISHED_AFTER_MS)));
        door.beat_of_those(now, &server.process, here, move |session| registry.contains(session))
    } else {
        door.orders(now, &server.process)
    };
    match orders {
        Ok(orders) => server.apply(orders),
        // The next heartbeat tries again.
        Err(error) => tracing::warn!(event = "heartbeat_failed", kind = error.kind()),
    }
}
