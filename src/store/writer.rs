//! The one writer thread of a process, with group commit: commands that wait run each in a savepoint inside one
//! transaction; replies leave after the commit, so "saved" is never said of anything that a power cut can take.
//!
//! Invariants: one owner of the writing connection; jobs in order; a bounded queue; a command that fails or
//! panics leaves nothing behind and does not disturb its neighbours; on drop, what was queued is finished.

use super::error::StoreError;
use super::lock::StoreLock;
use super::sqlite;
use super::topic::Topics;
use super::tx::Tx;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Commands that may wait; the next caller blocks (or is told Busy by `try_submit`).
const QUEUE: usize = 1024;
/// Commands in one transaction at most.
const GROUP: usize = 512;
/// How long a group may grow before it is committed.
const GROUP_TIME: Duration = Duration::from_millis(25);
/// How long to stand in line for the file.
const LOCK_DEADLINE: Duration = Duration::from_secs(10);

/// Sends the caller its answer, once the commit's outcome is known.
pub(super) type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// What came of running a job: keep its rows or not, and whom to tell.
pub(super) struct Ran {
    pub keep: bool,
    pub reply: Reply,
}

/// A command on its way: gets the transaction, or the reason why there is none.
pub(super) type Job = Box<dyn FnOnce(Result<&mut Tx<'_>, StoreError>) -> Ran + Send>;

/// The handle to the writer thread.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ran").field("keep", &self.keep).finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the thread that owns `connection`. `published` hears what changed after each commit.
    pub fn start(
        connection: Connection,
        lock: Option<StoreLock>,
        writer: i64,
        published: impl Fn(Topics) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (sender, receiver) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(&connection, lock.as_ref(), writer, &receiver, &published))
            .map_err(|error| StoreError::internal(&error.to_string()))?;
        Ok(Self { jobs: Some(sender), thread: Some(thread) })
    }

    /// Queues a job, waiting for a place.
    pub fn submit(&self, job: Job) -> Result<(), StoreError> {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Busy)?;
        jobs.send(job).map_err(|_| StoreError::internal("the writer thread is gone"))
    }

    /// Queues a job if there is a place.
    pub fn try_submit(&self, job: Job) -> Result<(), StoreError> {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Busy)?;
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::internal("the writer thread is gone"),
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

fn serve(
    connection: &Connection,
    lock: Option<&StoreLock>,
    writer: i64,
    jobs: &Receiver<Job>,
    published: &impl Fn(Topics),
) {
    while let Ok(first) = jobs.recv() {
        let held = match lock.map(|lock| lock.acquire(LOCK_DEADLINE)).transpose() {
            Ok(held) => held,
            Err(error) => {
                refuse(first, error);
                continue;
            }
        };
        group(connection, writer, first, jobs, published);
        drop(held);
    }
}

fn refuse(job: Job, error: StoreError) {
    (job(Err(error.clone())).reply)(Err(error));
}

/// One transaction around as many waiting commands as fit.
fn group(
    connection: &Connection,
    writer: i64,
    first: Job,
    jobs: &Receiver<Job>,
    published: &impl Fn(Topics),
) {
    if let Err(error) = sqlite::execute(connection, "BEGIN IMMEDIATE", &[]) {
        return refuse(first, error);
    }
    let mut tx = Tx::new(connection, writer);
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let mut topics = Topics::default();
    let mut replies: Vec<Reply> = Vec::new();
    let started = Instant::now();
    let mut next = Some(first);
    while let Some(job) = next.take() {
        replies.push(one(&mut tx, job, &mut counts, &mut topics));
        if replies.len() < GROUP && started.elapsed() < GROUP_TIME {
            next = jobs.try_recv().ok();
        }
    }
    let outcome = tx
        .flush_counts(&counts)
        .and_then(|()| sqlite::execute(connection, "COMMIT", &[]).map(drop))
        .inspect_err(|_| {
            if let Err(error) = sqlite::execute(connection, "ROLLBACK", &[]) {
                tracing::error!(?error, "rollback");
            }
        });
    if outcome.is_ok() && !topics.is_empty() {
        published(topics);
    }
    for reply in replies {
        reply(outcome.clone());
    }
}

/// One command in its savepoint.
fn one(tx: &mut Tx<'_>, job: Job, counts: &mut BTreeMap<String, i64>, topics: &mut Topics) -> Reply {
    if let Err(error) = tx.execute("SAVEPOINT command", &[]) {
        return job(Err(error)).reply;
    }
    let head = tx.head;
    let ran = catch_unwind(AssertUnwindSafe(|| job(Ok(tx))));
    let gathered = std::mem::take(&mut tx.gathered);
    let (keep, reply): (bool, Reply) = match ran {
        Ok(ran) => (ran.keep, ran.reply),
        // The caller's channel went down with its job: it hears "internal" from the closed channel.
        Err(_) => {
            tracing::error!("a command panicked and was rolled back");
            (false, Box::new(|_| ()))
        }
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
