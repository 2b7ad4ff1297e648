//! A store on PostgreSQL: a bounded pool of threads, each with a connection of its own, that take jobs from one
//! bounded queue. Every command is a transaction at READ COMMITTED; every query is a snapshot.
//!
//! Invariants:
//! - a thread answers every job it took;
//! - replies leave after the commit;
//! - a lost answer is [`StoreError::Lost`], never "done"; the door repeats the command with the same operation id;
//! - each writing connection has a writer id of its own, so that audit chains and counters never conflict.
//!
//! Deliberately absent: our own group commit (the server groups the commits of its connections), reads from replicas,
//! and any way to find the leader besides asking each host.

mod address;
pub(super) mod bulk_rows;
mod connection;
mod error;
pub mod hosts;
mod migrate;
mod news;
mod tls;
mod value;

pub use address::Address;
pub(super) use connection::Connection;
pub(super) use migrate::{number, take_empty};

use super::StoreError;
use super::job::{BulkJob, CommandJob, Ran, Reply, Turn};
use super::tally::Tally;
use super::topic::Topics;
use super::tx::Tx;
use connection::{LOCK_CLASS, Mode};
use news::News;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Jobs that may wait; the next caller blocks (or gets Busy).
const QUEUE: usize = 1024;
/// How long a thread with unpublished changes waits for more work before it publishes them …
const PUBLISH_AFTER: Duration = Duration::from_millis(20);
/// … and how long it goes on working without publishing them.
const PUBLISH_EVERY: Duration = Duration::from_millis(100);

/// A job that waits for a connection.
pub enum PoolJob {
    /// A command.
    Write(CommandJob),
    /// A chunk of a bulk load.
    Bulk(BulkJob),
    /// A query.
    Read(CommandJob),
    /// A query that may take long.
    LongRead(CommandJob),
}

impl PoolJob {
    const fn mode(&self) -> Mode {
        match self {
            Self::Write(_) => Mode::Write,
            Self::Bulk(_) => Mode::Bulk,
            Self::Read(_) => Mode::Read,
            Self::LongRead(_) => Mode::LongRead,
        }
    }

    fn refuse(self, error: StoreError) {
        let ran = match self {
            Self::Write(job) | Self::Read(job) | Self::LongRead(job) => job(Err(error.clone())),
            Self::Bulk(job) => job(Err(error.clone())),
        };
        (ran.reply)(Err(error));
    }
}

/// The pool. Dropping it finishes what was queued.
#[derive(Debug)]
pub(super) struct Server {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    address: Address,
    queue: Mutex<Queue>,
    /// A job has come, or the end.
    come: Condvar,
    /// The queue has room.
    gone: Condvar,
    news: News,
    tally: Tally,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("address", &self.address).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<PoolJob>,
    threads: usize,
    idle: usize,
    closed: bool,
}

impl Server {
    /// Makes an empty schema a store.
    pub fn create(
        address: &Address,
        publish: impl Fn(Topics) + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let mut connection = Connection::open(address)?;
        migrate::create(&mut connection, &address.to_string())?;
        Ok(Self::serve(address, publish))
    }

    /// Opens a store and brings its schema up to date.
    pub fn open(
        address: &Address,
        publish: impl Fn(Topics) + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let mut connection = Connection::open(address)?;
        migrate::open(&mut connection, &address.to_string())?;
        Ok(Self::serve(address, publish))
    }

    fn serve(address: &Address, publish: impl Fn(Topics) + Send + Sync + 'static) -> Self {
        let shared = Shared {
            address: address.clone(),
            queue: Mutex::default(),
            come: Condvar::new(),
            gone: Condvar::new(),
            news: News::new(address.clone(), Box::new(publish)),
            tally: Tally::default(),
        };
        Self { shared: Arc::new(shared), threads: Mutex::default() }
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.shared.address
    }

    /// Listens to other processes' changes from now on.
    pub fn listen(&self) {
        self.shared.news.listen();
    }

    /// What the pool counted.
    pub fn tally(&self) -> &Tally {
        &self.shared.tally
    }

    /// How much work waits for a connection.
    pub fn waiting(&self) -> usize {
        self.shared.lock().waiting.len()
    }

    /// Queues a job; waits while the queue is full.
    pub fn submit(&self, work: PoolJob) -> Result<(), StoreError> {
        let mut queue = self.shared.lock();
        while queue.waiting.len() >= QUEUE {
            queue = self.shared.gone.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        self.push(queue, work)
    }

    /// Queues a job unless the queue is full.
    pub fn try_submit(&self, work: PoolJob) -> Result<(), StoreError> {
        let queue = self.shared.lock();
        if queue.waiting.len() >= QUEUE {
            return Err(StoreError::Busy);
        }
        self.push(queue, work)
    }

    fn push(&self, mut queue: std::sync::MutexGuard<'_, Queue>, work: PoolJob) -> Result<(), StoreError> {
        queue.waiting.push_back(work);
        let lacking = queue.waiting.len() > queue.idle && queue.threads < self.shared.address.pool();
        if lacking {
            queue.threads += 1;
        }
        drop(queue);
        self.shared.come.notify_one();
        if lacking {
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new()
                .name("store-server".to_owned())
                .spawn(move || serve(&shared))
                .map_err(|error| StoreError::internal(&error.to_string()))?;
            self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        }
        Ok(())
    }

    /// The exclusive right to a bulk load on this database's schema; a lost connection releases it.
    pub fn bulk_place(&self) -> Result<Option<BulkLock>, StoreError> {
        let mut connection = Connection::open(self.address())?;
        let got = connection.rows(
            "SELECT 1 WHERE pg_try_advisory_lock(?1, -1 - hashtext(current_schema()) % 1000000000)",
            &[super::Value::Int(i64::from(LOCK_CLASS))],
        )?;
        Ok((!got.is_empty()).then_some(BulkLock { _connection: connection }))
    }
}

/// The right to a bulk load, held by a connection of its own until dropped.
#[derive(Debug)]
pub struct BulkLock {
    _connection: Connection,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.come.notify_all();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a store thread ended by a panic");
            }
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next work, waiting for it; with a `limit` no longer than that.
    fn next(&self, limit: Option<Duration>) -> Next {
        let mut queue = self.lock();
        let mut waited = false;
        loop {
            if let Some(work) = queue.waiting.pop_front() {
                drop(queue);
                self.gone.notify_one();
                return Next::PoolJob(work);
            }
            if queue.closed {
                return Next::End;
            }
            if waited && limit.is_some() {
                return Next::Quiet;
            }
            queue.idle += 1;
            queue = match limit {
                None => self.come.wait(queue).unwrap_or_else(PoisonError::into_inner),
                Some(limit) => self.come.wait_timeout(queue, limit).unwrap_or_else(PoisonError::into_inner).0,
            };
            queue.idle -= 1;
            waited = true;
        }
    }
}

/// What a thread of the pool does next.
enum Next {
    PoolJob(PoolJob),
    /// No job came for a while.
    Quiet,
    /// The store is closed and nothing waits.
    End,
}

/// A thread of the pool, with its connection.
fn serve(shared: &Shared) {
    let mut kept: Option<Connection> = None;
    let mut published = Instant::now();
    loop {
        let unpublished = shared.news.has_unsent() && kept.as_ref().is_some_and(Connection::is_usable);
        let next = if unpublished && published.elapsed() >= PUBLISH_EVERY {
            Next::Quiet
        } else {
            shared.next(unpublished.then_some(PUBLISH_AFTER))
        };
        let work = match next {
            Next::PoolJob(work) => work,
            end_or_quiet => {
                if let Some(connection) = kept.as_mut().filter(|connection| connection.is_usable()) {
                    shared.news.publish_pending(connection);
                    published = Instant::now();
                }
                if matches!(end_or_quiet, Next::End) {
                    return;
                }
                continue;
            }
        };
        let opened = match kept.take().filter(Connection::is_usable) {
            Some(connection) => Ok(connection),
            None => Connection::open(&shared.address),
        };
        match opened {
            Err(error) => work.refuse(error),
            Ok(mut connection) => {
                perform(&mut connection, work, &shared.news, &shared.tally);
                kept = Some(connection);
            }
        }
    }
}

/// One job in its transaction.
fn perform(connection: &mut Connection, work: PoolJob, news: &News, tally: &Tally) {
    let mode = work.mode();
    let writes = matches!(mode, Mode::Write | Mode::Bulk);
    if writes && let Err(error) = connection.become_writer() {
        return work.refuse(error);
    }
    connection.begin(mode);
    let head = connection.head;
    let mut tx = Tx::on_server(connection);
    let ran = catch_unwind(AssertUnwindSafe(|| match work {
        PoolJob::Write(job) | PoolJob::Read(job) | PoolJob::LongRead(job) => job(Ok(&mut tx)),
        PoolJob::Bulk(job) => job(Ok((&mut tx, &Turn::of_a_server()))),
    }));
    let (keep, reply): (bool, Reply) = match ran {
        Ok(Ran { keep, reply }) => (keep, reply),
        Err(_) => {
            // The caller's channel was dropped with its job: it gets "internal" from the closed channel.
            tracing::error!("a command panicked and was rolled back");
            (false, Box::new(|_| ()))
        }
    };
    let gathered = std::mem::take(&mut tx.gathered);
    let flushed = if keep && writes { tx.flush_counts(&gathered.counts) } else { Ok(()) };
    let new_head = tx.head;
    let outcome = match flushed {
        Ok(()) if keep && writes => {
            let started = Instant::now();
            let outcome = connection.commit();
            tally.settled(started, &outcome);
            outcome
        }
        outcome => {
            connection.roll_back();
            outcome
        }
    };
    connection.head = if keep && outcome.is_ok() { new_head } else { head };
    if outcome.is_err() {
        connection.roll_back();
    } else if keep {
        news.add(gathered.topics);
    }
    reply(outcome);
}

/// Removes a schema and all that is in it: that of a test.
#[doc(hidden)]
pub fn drop_schema(address: &Address, schema: &str) -> Result<(), StoreError> {
    Connection::open(address)?.batch(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"))
}

/// Makes an empty schema: a test's own.
#[doc(hidden)]
pub fn create_schema(address: &Address, schema: &str) -> Result<(), StoreError> {
    Connection::open(address)?.batch(&format!("CREATE SCHEMA {schema}"))
}
