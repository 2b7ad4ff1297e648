//! Collects the metrics from the server, its door and its store.

use super::text::{Kind, Text};
use crate::ssh::ServerState;
use std::sync::atomic::Ordering;

/// Microseconds in a second.
const MICROSECONDS: f64 = 1e6;

/// All metrics now. Queries the store once, for the outbox, and leaves that out while the store is away.
pub fn page(server: &ServerState) -> String {
    let mut text = Text::default();
    people(server, &mut text);
    work(server, &mut text);
    text.finish()
}

fn people(server: &ServerState, text: &mut Text) {
    let (unauthenticated, sessions) = server.gate.counts();
    text.single(Kind::Gauge, "tongdai_sessions", "Sessions now.", sessions as u64);
    text.single(Kind::Counter, "tongdai_sessions_total", "Sessions that began.", server.count.begun());
    let ended = server.count.ended.read();
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
        unauthenticated as u64,
    );
    let refused = server.count.refused.read();
    text.family(
        Kind::Counter,
        "tongdai_connections_refused_total",
        "Connections that ended before they had a session, by why.",
        refused.iter().map(|(why, count)| (vec![("reason", *why)], *count)),
    );
    let logins = server.count.logins.read();
    text.family(
        Kind::Counter,
        "tongdai_logins_refused_total",
        "Attempts to sign in that were refused.",
        logins.iter().map(|((method, why), count)| (vec![("method", *method), ("reason", *why)], *count)),
    );
    let requests = server.count.requests.read();
    text.family(
        Kind::Counter,
        "tongdai_requests_refused_total",
        "Requests of the protocol that were refused.",
        requests.iter().map(|(what, count)| (vec![("request", *what)], *count)),
    );
}

fn work(server: &ServerState, text: &mut Text) {
    let door = server.door();
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
    text.single(Kind::Gauge, "tongdai_store_away", "1 while a request waits for the store.", u64::from(away));
    if !away && let Ok(waiting) = door.outbox_waiting() {
        let waiting = u64::try_from(waiting).unwrap_or(0);
        text.single(Kind::Gauge, "tongdai_outbox_messages", "Messages that wait for a sender.", waiting);
    }
}
