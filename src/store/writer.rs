//! The writer thread of a process, with group commit: each waiting command runs in a savepoint inside one
//! transaction, and replies leave after the commit, so that "saved" is never shown for data that a power cut can
//! lose.
//!
//! Invariants:
//! - the writing connection has one owner;
//! - jobs run in order, from a bounded queue;
//! - a command that fails or panics leaves nothing behind and does not affect the others of its group;
//! - on drop, queued jobs are finished.
//!
//! A bulk load comes as a chain of [`Job::Bulk`] chunks, each alone in its own transaction.

use super::error::StoreError;
use super::job::{BulkJob, CommandJob, Job, Reply, Turn};
use super::lock::StoreLock;
use super::sqlite;
use super::tally::Tally;
use super::topic::Topics;
use super::tx::Tx;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Commands that may wait; the next caller blocks (or gets Busy from `try_submit`).
const QUEUE: usize = 1024;
/// Commands in one transaction at most.
const GROUP: usize = 512;
/// How long a group may grow before it is committed.
const GROUP_TIME: Duration = Duration::from_millis(25);
/// How long chunks stay short after another command came: a long chunk has much to write when the next one comes.
const BULK_SHARED_FOR: Duration = Duration::from_secs(3);
/// KiB of pages that a bulk chunk may hold; random places in indexes are what a load costs.
const BULK_CACHE_KIB: i64 = 96 * 1024;
/// How long to wait for the file.
const LOCK_DEADLINE: Duration = Duration::from_secs(10);

/// The handle to the writer thread.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    waiting: Arc<AtomicUsize>,
    tally: Arc<Tally>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread that owns `connection`. `published` gets what changed after each commit.
    pub fn start(
        connection: Connection,
        lock: Option<StoreLock>,
        writer: i64,
        published: impl Fn(Topics) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (sender, receiver) = sync_channel(QUEUE);
        let waiting: Arc<AtomicUsize> = Arc::default();
        let queued = Arc::clone(&waiting);
        let tally: Arc<Tally> = Arc::default();
        let counted = Arc::clone(&tally);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                let queue = Queue { jobs: &receiver, waiting: &queued, tally: &counted };
                serve(&connection, lock.as_ref(), writer, &queue, &published);
            })
            .map_err(|error| StoreError::internal(&error.to_string()))?;
        Ok(Self { jobs: Some(sender), waiting, tally, thread: Some(thread) })
    }

    /// What was counted.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How many jobs wait.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Queues a job; waits while the queue is full.
    pub fn submit(&self, job: Job) -> Result<(), StoreError> {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Busy)?;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        jobs.send(job).map_err(|_| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            StoreError::internal("the writer thread is gone")
        })
    }

    /// Queues a job unless the queue is full.
    pub fn try_submit(&self, job: Job) -> Result<(), StoreError> {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Busy)?;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        jobs.try_send(job).map_err(|error| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => StoreError::Busy,
                TrySendError::Disconnected(_) => StoreError::internal("the writer thread is gone"),
            }
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer thread ended by a panic");
        }
    }
}

/// The receiving end of the queue, its length, and the counters.
struct Queue<'q> {
    jobs: &'q Receiver<Job>,
    waiting: &'q AtomicUsize,
    tally: &'q Tally,
}

impl Queue<'_> {
    fn wait(&self) -> Option<Job> {
        let job = self.jobs.recv().ok()?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Some(job)
    }

    fn next(&self) -> Option<Job> {
        let job = self.jobs.try_recv().ok()?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Some(job)
    }
}

fn serve(
    connection: &Connection,
    lock: Option<&StoreLock>,
    writer: i64,
    queue: &Queue<'_>,
    published: &impl Fn(Topics),
) {
    let mut left = None;
    let mut visited: Option<Instant> = None;
    let mut seen = lock.and_then(|_| sqlite::data_version(connection).ok());
    while let Some(first) = left.take().or_else(|| queue.wait()) {
        let held = match lock.map(|lock| lock.acquire(LOCK_DEADLINE)).transpose() {
            Ok(held) => held,
            Err(error) => {
                refuse(first, error);
                continue;
            }
        };
        if held.as_ref().is_some_and(|held| held.after_others) {
            let found = sqlite::data_version(connection).ok();
            if found != seen {
                seen = found;
                // Others' commits change our connection's version, our own do not.
                published(Topics::ALL);
            }
        }
        match first {
            Job::Command(first) => left = group(connection, writer, first, queue, published),
            Job::Bulk(job) => {
                let others_wait = || {
                    queue.waiting.load(Ordering::Relaxed) > 0 || lock.is_some_and(StoreLock::someone_waits)
                };
                let shared = visited.is_some_and(|at| at.elapsed() < BULK_SHARED_FOR);
                let turn = Turn::of_a_file(&others_wait, shared);
                bulk(connection, writer, job, &turn, queue.tally, published);
                if turn.was_visited() {
                    visited = Some(Instant::now());
                }
            }
        }
        drop(held);
    }
}

fn refuse(job: Job, error: StoreError) {
    let ran = match job {
        Job::Command(job) => job(Err(error.clone())),
        Job::Bulk(job) => job(Err(error.clone())),
    };
    (ran.reply)(Err(error));
}

/// One chunk of a bulk load in a transaction of its own. References are checked by the load itself and
/// checked by `tongdai check`: per-row checks of foreign keys would search tables without an index for them.
fn bulk(
    connection: &Connection,
    writer: i64,
    job: BulkJob,
    turn: &Turn<'_>,
    tally: &Tally,
    published: &impl Fn(Topics),
) {
    let begun = connection.execute_batch(&format!(
        "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -{BULK_CACHE_KIB}; BEGIN IMMEDIATE"
    ));
    if let Err(error) = begun {
        settle_bulk(connection);
        return refuse(Job::Bulk(job), sqlite::translate(&error));
    }
    let mut tx = Tx::new(connection, writer);
    let ran = catch_unwind(AssertUnwindSafe(|| job(Ok((&mut tx, turn)))));
    let (keep, reply): (bool, Reply) = if let Ok(ran) = ran {
        (ran.keep, ran.reply)
    } else {
        tracing::error!("a bulk chunk panicked and was rolled back");
        (false, Box::new(|_| ()))
    };
    let gathered = std::mem::take(&mut tx.gathered);
    let outcome = if keep {
        tx.flush_counts(&gathered.counts).and_then(|()| commit(connection, tally))
    } else {
        Ok(())
    };
    if !keep || outcome.is_err() {
        roll_back(connection);
    }
    settle_bulk(connection);
    if keep && outcome.is_ok() && !gathered.topics.is_empty() {
        published(gathered.topics);
    }
    reply(outcome);
}

/// Gives the connection its everyday settings back.
fn settle_bulk(connection: &Connection) {
    if let Err(error) = connection.execute_batch("PRAGMA foreign_keys = ON") {
        tracing::error!(%error, "foreign keys stay off");
    }
}

/// Makes the transaction durable and counts how long that took.
fn commit(connection: &Connection, tally: &Tally) -> Result<(), StoreError> {
    let started = Instant::now();
    let outcome = sqlite::execute(connection, "COMMIT", &[]).map(drop);
    tally.settled(started, &outcome);
    outcome
}

fn roll_back(connection: &Connection) {
    if let Err(error) = sqlite::execute(connection, "ROLLBACK", &[]) {
        tracing::error!(?error, "rollback");
    }
}

/// One transaction around as many waiting commands as fit. Gives back a bulk chunk that came next.
fn group(
    connection: &Connection,
    writer: i64,
    first: CommandJob,
    queue: &Queue<'_>,
    published: &impl Fn(Topics),
) -> Option<Job> {
    if let Err(error) = sqlite::execute(connection, "BEGIN IMMEDIATE", &[]) {
        refuse(Job::Command(first), error);
        return None;
    }
    let mut tx = Tx::new(connection, writer);
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let mut topics = Topics::default();
    let mut replies: Vec<Reply> = Vec::new();
    let started = Instant::now();
    let mut next = Some(first);
    let mut left = None;
    while let Some(job) = next.take() {
        replies.push(one(&mut tx, job, &mut counts, &mut topics));
        if replies.len() < GROUP && started.elapsed() < GROUP_TIME {
            match queue.next() {
                Some(Job::Command(job)) => next = Some(job),
                bulk => left = bulk,
            }
        }
    }
    queue.tally.groups.observe(replies.len() as u64);
    let outcome = tx
        .flush_counts(&counts)
        .and_then(|()| commit(connection, queue.tally))
        .inspect_err(|_| roll_back(connection));
    if outcome.is_ok() && !topics.is_empty() {
        published(topics);
    }
    for reply in replies {
        reply(outcome.clone());
    }
    left
}

/// One command in its savepoint.
fn one(tx: &mut Tx<'_>, job: CommandJob, counts: &mut BTreeMap<String, i64>, topics: &mut Topics) -> Reply {
    if let Err(error) = tx.execute("SAVEPOINT command", &[]) {
        return job(Err(error)).reply;
    }
    let head = tx.head;
    let ran = catch_unwind(AssertUnwindSafe(|| job(Ok(tx))));
    let gathered = std::mem::take(&mut tx.gathered);
    let (keep, reply): (bool, Reply) = if let Ok(ran) = ran {
        (ran.keep, ran.reply)
    } else {
        // The caller's channel was dropped with its job: it gets "internal" from the closed channel.
        tracing::error!("a command panicked and was rolled back");
        (false, Box::new(|_| ()))
    };
    let ended = if keep { tx.execute("RELEASE command", &[]) } else { undo(tx) };
    match ended {
        Ok(_) if keep => {
            for (name, delta) in gathered.counts {
                *counts.entry(name).or_default() += delta;
            }
            *topics = topics.with(gathered.topics);
            reply
        }
        Ok(_) => {
            tx.head = head;
            reply
        }
        Err(error) => {
            tx.head = head;
            Box::new(move |_| reply(Err(error)))
        }
    }
}

fn undo(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute("ROLLBACK TO command", &[])?;
    tx.execute("RELEASE command", &[])
}
