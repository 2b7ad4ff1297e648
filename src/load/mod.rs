//! `tongdai load`: many real SSH sessions that work like agents, and the figures of the house under them.
//!
//! Invariants: every session is a client of its own with a key of its own, which sees nothing but what a person's
//! terminal sees; a key's latency ends with the output that shows it; everything is bounded in count and time; the
//! measured server is another process, so that its memory is its own.
//!
//! Deliberately absent: checking a given host's key. What is measured there is the caller's own host.

mod client;
mod crowd;
mod ground;
mod person;
mod stopped;
mod trouble;
mod valve;

use crate::bench::{Bound, Figure, Samples};
pub use client::Seated;
pub use ground::{Ground, Host};
pub use trouble::Trouble;

use person::Done;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Name of the benchmark in the figures.
const BENCH: &str = "ssh";
/// Logins at the same time.
const AT_ONCE: usize = 8;
/// Sessions that the memory bound is given for.
const FULL_HOUSE: u32 = 500;

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
    /// Connections that say nothing, for the login beside them; none: not measured.
    pub silent: u32,
    /// Megabytes of redraws that a stopped client is behind; none: not measured.
    pub redraws: u32,
}

/// Drives `ground` as `plan` says; `told` hears each figure as it is measured.
pub fn run(plan: &Plan, ground: &Ground, mut told: impl FnMut(&Figure)) -> Result<(), Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(drive(plan, ground, &mut told));
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

async fn drive(plan: &Plan, ground: &Ground, told: &mut impl FnMut(&Figure)) -> Result<(), Trouble> {
    let mut tell = |what: String, value: f64, unit: &'static str, bound: Bound| {
        told(&Figure::new(BENCH, what, value, unit, bound));
    };
    let empty = ground.resident_mb();
    let opened = open_all(plan, ground).await;
    let Opened { seated, mut logins, mut failures } = opened;
    let sessions = seated.len();
    tell(format!("{sessions} logins, {AT_ONCE} at once: p50"), logins.at(0.5), "ms", Bound::None);
    tell("longest login".to_owned(), logins.longest(), "ms", Bound::None);
    let stay = watch::Sender::new(true);
    let (typing, sitting) = seat(plan, seated, &stay);
    let quiet = ground.resident_mb();
    let Worked { mut done, failed } = work(plan, typing).await;
    failures += failed;
    let keys = done.keys.len();
    let who = format!("{sessions} connected, {} typing, {keys} keys", plan.typing);
    tell(format!("{who}: key to frame, p50"), done.keys.at(0.5), "ms", Bound::None);
    tell(format!("{who}: key to frame, p99"), done.keys.at(0.99), "ms", Bound::AtMost(25.0));
    tell("longest".to_owned(), done.keys.longest(), "ms", Bound::None);
    let claims = done.claims.len();
    tell(format!("{claims} claims: key to card, p99"), done.claims.at(0.99), "ms", Bound::None);
    if let (Some(empty), Some(quiet), Some(busy)) = (empty, quiet, ground.resident_mb()) {
        let bound = if plan.sessions <= FULL_HOUSE { Bound::AtMost(200.0) } else { Bound::None };
        tell(format!("resident with {sessions} sessions, after work"), busy, "MB", bound);
        tell("resident before the first".to_owned(), empty, "MB", Bound::None);
        let each = (quiet - empty) * 1024.0 / sessions.max(1) as f64;
        tell("each session, before work".to_owned(), each, "KB", Bound::None);
    }
    // Before the crowd: memory that a crowd gave back would hide what one client costs.
    if plan.redraws > 0
        && let Some(cost) = stopped::cost(ground, u64::from(plan.redraws) * 1024 * 1024).await?
    {
        let what = format!("a stopped client behind {} MB of {} redraws", plan.redraws, cost.redraws);
        tell(what, cost.mb, "MB", Bound::AtMost(2.0));
    }
    if plan.silent > 0 {
        let login = crowd::login_beside(ground, plan.silent).await?;
        let what = format!("login beside {} silent connections", plan.silent);
        tell(what, login.as_secs_f64() * 1000.0, "ms", Bound::AtMost(200.0));
    }
    stay.send_replace(false);
    failures += sitting.join_all().await.into_iter().filter(|stayed| !stayed).count();
    tell("sessions that failed".to_owned(), failures as f64, "", Bound::AtMost(0.0));
    Ok(())
}

struct Opened {
    seated: Vec<Seated>,
    logins: Samples,
    failures: usize,
}

/// Opens all sessions, a few at once.
async fn open_all(plan: &Plan, ground: &Ground) -> Opened {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut opening = JoinSet::new();
    for number in 0..plan.sessions {
        let (places, host) = (Arc::clone(&places), ground.host.clone());
        let key = ground.key(number as usize);
        opening.spawn(async move {
            let _place = places.acquire().await;
            let started = Instant::now();
            let seated = Seated::open(&host, key, (80, 24)).await?;
            Ok::<_, Trouble>((seated, started.elapsed()))
        });
    }
    let mut opened = Opened { seated: Vec::new(), logins: Samples::default(), failures: 0 };
    while let Some(outcome) = opening.join_next().await {
        match outcome {
            Ok(Ok((seated, took))) => {
                opened.logins.add(took);
                opened.seated.push(seated);
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

/// The first ones will type; the others sit there, each telling at the end whether it was left in peace.
fn seat(plan: &Plan, mut seated: Vec<Seated>, stay: &watch::Sender<bool>) -> (Vec<Seated>, JoinSet<bool>) {
    let sitting = seated.split_off(seated.len().min(plan.typing as usize));
    let mut tasks = JoinSet::new();
    for mut sitter in sitting {
        let mut stay = stay.subscribe();
        tasks.spawn(async move {
            tokio::select! {
                // The sender is gone only when the measurement is.
                _ = stay.wait_for(|stay| !stay) => true,
                () = sitter.sit() => false,
            }
        });
    }
    (seated, tasks)
}

struct Worked {
    done: Done,
    failed: usize,
}

/// Lets people work until the time or their rounds are over.
async fn work(plan: &Plan, typing: Vec<Seated>) -> Worked {
    let until = Instant::now() + plan.length;
    let mut working = JoinSet::new();
    for (number, seated) in typing.into_iter().enumerate() {
        working.spawn(person::work(seated, number, plan.rate, until, plan.rounds));
    }
    let mut worked = Worked { done: Done::default(), failed: 0 };
    while let Some(outcome) = working.join_next().await {
        match outcome {
            Ok((done, Ok(()))) => worked.done.extend(done),
            Ok((done, Err(error))) => {
                tracing::warn!(%error, "a person could not go on");
                worked.done.extend(done);
                worked.failed += 1;
            }
            Err(_) => worked.failed += 1,
        }
    }
    worked
}
