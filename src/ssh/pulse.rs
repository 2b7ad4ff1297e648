//! Says to the store that this house and its sessions are there, and hears what the store has for them: who is to
//! end, what was said to everybody.
//!
//! Invariant: a session that is beginning or ending says so itself; the beat is of those in between.

use super::house::House;
use crate::domain::session::BEAT_MS;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

/// Younger sessions are laid down by their own way through the door, in milliseconds.
const YOUNG_MS: i64 = 5_000;

/// Beats until it is dropped.
pub async fn beat(house: Arc<House>) {
    let mut turn = interval(Duration::from_millis(BEAT_MS.unsigned_abs()));
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let beats = tokio::select! {
            _ = turn.tick() => true,
            () = house.sessions_changed() => false,
        };
        let asked = Arc::clone(&house);
        // An error is a panic that is logged, or the end of the runtime.
        let _ = spawn_blocking(move || speak(&asked, beats)).await;
    }
}

fn speak(house: &House, beats: bool) {
    let (door, now) = (house.door(), house.clock.now());
    let orders = if beats {
        let (roll, here) = (house.roll.clone(), house.roll.settled(now.plus_ms(-YOUNG_MS)));
        door.beat_of_those(now, &house.process, here, move |session| roll.is_here(session))
    } else {
        door.orders(now, &house.process)
    };
    match orders {
        Ok(orders) => house.obey(orders),
        // The next beat tries again.
        Err(error) => tracing::warn!(event = "beat_failed", kind = error.kind()),
    }
}
