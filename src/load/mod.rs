//! Runs `tongdai load`: many real SSH sessions that work like agents, and figures of the server under them.
//!
//! Invariants:
//! - every session is a client with its own key, which sees what a user's terminal sees and nothing else;
//! - the latency of a key press ends with the output that shows it;
//! - everything is bounded in count and time;
//! - the measured server is another process, so that its memory is measured alone.
//!
//! Deliberately absent: checking the key of a given host, which is the caller's own.

mod agent;
mod client;
mod error;
mod silent;
mod stopped;
mod target;
mod valve;

use crate::bench::{Bound, Figure, Samples};
use agent::Done;
pub use client::ClientSession;
pub use error::LoadError;
use std::sync::Arc;
use std::time::Duration;
pub use target::{Host, Target};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Name of the benchmark in the figures.
const BENCH: &str = "ssh";
/// Logins at the same time.
const AT_ONCE: usize = 8;
/// Sessions that the memory bound is given for.
const BOUND_SESSIONS: u32 = 500;

/// What to drive.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Sessions in all.
    pub sessions: u32,
    /// Sessions of them that type.
    pub typing: u32,
    /// Keys per second of each that types.
    pub rate: f64,
    /// How long they type …
    pub length: Duration,
    /// … and how many rounds of work each does at most.
    pub rounds: u32,
    /// Silent connections for the login beside them; none: not measured.
    pub silent: u32,
    /// Megabytes of redraws that a stopped client does not take; none: not measured.
    pub redraws: u32,
}

/// Drives `target` as `plan` says; calls `report` with each figure as it is measured.
pub fn run(plan: &Plan, target: &Target, mut report: impl FnMut(&Figure)) -> Result<(), LoadError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(drive(plan, target, &mut report));
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

async fn drive(plan: &Plan, target: &Target, report: &mut impl FnMut(&Figure)) -> Result<(), LoadError> {
    let mut tell = |what: String, value: f64, unit: &'static str, bound: Bound| {
        report(&Figure::new(BENCH, what, value, unit, bound));
    };
    let empty = target.resident_mb();
    let opened = open_all(plan, target).await;
    let Opened { session, mut logins, mut failures } = opened;
    let sessions = session.len();
    tell(format!("{sessions} logins, {AT_ONCE} at once: p50"), logins.at(0.5), "ms", Bound::None);
    tell("longest login".to_owned(), logins.longest(), "ms", Bound::None);
    let stay = watch::Sender::new(true);
    let (typing, idle) = divide(plan, session, &stay);
    let quiet = target.resident_mb();
    let Worked { mut done, failed } = work(plan, typing).await;
    failures += failed;
    let keys = done.keys.len();
    let label = format!("{sessions} connected, {} typing, {keys} keys", plan.typing);
    tell(format!("{label}: key to frame, p50"), done.keys.at(0.5), "ms", Bound::None);
    tell(format!("{label}: key to frame, p99"), done.keys.at(0.99), "ms", Bound::AtMost(25.0));
    tell("longest".to_owned(), done.keys.longest(), "ms", Bound::None);
    let claims = done.claims.len();
    tell(format!("{claims} claims: key to card, p99"), done.claims.at(0.99), "ms", Bound::None);
    if let (Some(empty), Some(quiet), Some(busy)) = (empty, quiet, target.resident_mb()) {
        let bound = if plan.sessions <= BOUND_SESSIONS { Bound::AtMost(200.0) } else { Bound::None };
        tell(format!("resident with {sessions} sessions, after work"), busy, "MB", bound);
        tell("resident before the first".to_owned(), empty, "MB", Bound::None);
        let each = (quiet - empty) * 1024.0 / sessions.max(1) as f64;
        tell("each session, before work".to_owned(), each, "KB", Bound::None);
    }
    // Before the silent connections: memory that they freed would hide what one client costs.
    if plan.redraws > 0
        && let Some(cost) = stopped::cost(target, u64::from(plan.redraws) * 1024 * 1024).await?
    {
        let what = format!("a stopped client behind {} MB of {} redraws", plan.redraws, cost.redraws);
        tell(what, cost.mb, "MB", Bound::AtMost(2.0));
    }
    if plan.silent > 0 {
        let login = silent::login_beside(target, plan.silent).await?;
        let what = format!("login beside {} silent connections", plan.silent);
        tell(what, login.as_secs_f64() * 1000.0, "ms", Bound::AtMost(200.0));
    }
    stay.send_replace(false);
    failures += idle.join_all().await.into_iter().filter(|stayed| !stayed).count();
    tell("sessions that failed".to_owned(), failures as f64, "", Bound::AtMost(0.0));
    Ok(())
}

struct Opened {
    session: Vec<ClientSession>,
    logins: Samples,
    failures: usize,
}

/// Opens all sessions, a few at once.
async fn open_all(plan: &Plan, target: &Target) -> Opened {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut opening = JoinSet::new();
    for number in 0..plan.sessions {
        let (permits, host) = (Arc::clone(&permits), target.host.clone());
        let key = target.key(number as usize);
        opening.spawn(async move {
            let _permit = permits.acquire().await;
            let started = Instant::now();
            let session = ClientSession::open(&host, key, (80, 24)).await?;
            Ok::<_, LoadError>((session, started.elapsed()))
        });
    }
    let mut opened = Opened { session: Vec::new(), logins: Samples::default(), failures: 0 };
    while let Some(outcome) = opening.join_next().await {
        match outcome {
            Ok(Ok((session, took))) => {
                opened.logins.add(took);
                opened.session.push(session);
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "a session could not be opened");
                opened.failures += 1;
            }
            Err(_) => opened.failures += 1,
        }
    }
    opened
}

/// Divides the sessions: the first ones will type; each other one stays open and returns at the end whether it was
/// never closed.
fn divide(
    plan: &Plan,
    mut session: Vec<ClientSession>,
    stay: &watch::Sender<bool>,
) -> (Vec<ClientSession>, JoinSet<bool>) {
    let idle = session.split_off(session.len().min(plan.typing as usize));
    let mut tasks = JoinSet::new();
    for mut session in idle {
        let mut stay = stay.subscribe();
        tasks.spawn(async move {
            tokio::select! {
                // The sender is gone only when the measurement is.
                _ = stay.wait_for(|stay| !stay) => true,
                () = session.drain() => false,
            }
        });
    }
    (session, tasks)
}

struct Worked {
    done: Done,
    failed: usize,
}

/// Lets agents work until the time or their rounds are over.
async fn work(plan: &Plan, typing: Vec<ClientSession>) -> Worked {
    let until = Instant::now() + plan.length;
    let mut working = JoinSet::new();
    for (number, session) in typing.into_iter().enumerate() {
        working.spawn(agent::work(session, number, plan.rate, until, plan.rounds));
    }
    let mut worked = Worked { done: Done::default(), failed: 0 };
    while let Some(outcome) = working.join_next().await {
        match outcome {
            Ok((done, Ok(()))) => worked.done.extend(done),
            Ok((done, Err(error))) => {
                tracing::warn!(%error, "an agent could not go on");
                worked.done.extend(done);
                worked.failed += 1;
            }
            Err(_) => worked.failed += 1,
        }
    }
    worked
}
