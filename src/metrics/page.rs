//! Which figures there are, gathered from the house, its door and its store.

use super::text::{Kind, Text};
use crate::ssh::House;
use std::sync::atomic::Ordering;

/// Microseconds in a second.
const MICROSECONDS: f64 = 1e6;

/// All figures at this moment. Asks the store once, for the outbox, and leaves that out while it is away.
pub fn page(house: &House) -> String {
    let mut text = Text::default();
    people(house, &mut text);
    work(house, &mut text);
    text.finish()
}

fn people(house: &House, text: &mut Text) {
    let (strangers, sessions) = house.gate.counts();
    text.single(Kind::Gauge, "tongdai_sessions", "Sessions now.", sessions as u64);
    text.single(Kind::Counter, "tongdai_sessions_total", "Sessions that began.", house.count.begun());
    let ended = house.count.ended.read();
    text.family(
        Kind::Counter,
        "tongdai_sessions_ended_total",
        "Sessions that ended, by why.",
        ended.iter().map(|(why, count)| (vec![("reason", *why)], *count)),
    );
    text.single(
        Kind::Gauge,
        "tongdai_connections_unauthenticated",
        "Connections that have not proved a key.",
        strangers as u64,
    );
    let refused = house.count.refused.read();
    text.family(
        Kind::Counter,
        "tongdai_connections_refused_total",
        "Connections that ended before they had a session, by why.",
        refused.iter().map(|(why, count)| (vec![("reason", *why)], *count)),
    );
    let logins = house.count.logins.read();
    text.family(
        Kind::Counter,
        "tongdai_logins_refused_total",
        "Attempts to sign in that were refused.",
        logins.iter().map(|((method, why), count)| (vec![("method", *method), ("reason", *why)], *count)),
    );
    let requests = house.count.requests.read();
    text.family(
        Kind::Counter,
        "tongdai_requests_refused_total",
        "Requests of the protocol that were refused.",
        requests.iter().map(|(what, count)| (vec![("request", *what)], *count)),
    );
}

fn work(house: &House, text: &mut Text) {
    let door = house.door();
    let outcomes = door.outcomes().read();
    text.family(
        Kind::Counter,
        "tongdai_commands_total",
        "Commands by kind and outcome: ok, refused with its rule, error with its kind.",
        outcomes.iter().map(|((command, outcome, reason), count)| {
            (vec![("command", *command), ("outcome", *outcome), ("reason", *reason)], *count)
        }),
    );
    let store = door.store();
    let tally = store.tally();
    text.histogram("tongdai_commit_seconds", "How long commits took.", &tally.commits.read(), MICROSECONDS);
    text.histogram(
        "tongdai_commit_commands",
        "Commands in one commit; nothing on a server, which groups by itself.",
        &tally.groups.read(),
        1.0,
    );
    text.single(
        Kind::Counter,
        "tongdai_commits_failed_total",
        "Commits that failed or whose outcome was lost.",
        tally.failed.load(Ordering::Relaxed),
    );
    text.single(Kind::Gauge, "tongdai_queue_depth", "Work that waits for the store.", store.waiting() as u64);
    let away = store.is_away();
    text.single(Kind::Gauge, "tongdai_store_away", "1 while somebody waits for the store.", u64::from(away));
    if !away && let Ok(waiting) = door.outbox_waiting() {
        let waiting = u64::try_from(waiting).unwrap_or(0);
        text.single(Kind::Gauge, "tongdai_outbox_messages", "Messages that wait for a sender.", waiting);
    }
}
