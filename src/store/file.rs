//! A store in one SQLite file (or in memory): the writer thread, readers with snapshots, whole copies.
//!
//! Invariants:
//! - every write goes through the writer thread;
//! - a file is identified as a store before anything is written into it;
//! - a store that could not be created completely leaves nothing.

use super::error::StoreError;
use super::job::Job;
use super::lock::{self, StoreLock};
use super::tally::Tally;
use super::topic::Topics;
use super::tx::Tx;
use super::watch::Watcher;
use super::writer::Writer;
use super::{copy, migrate, sqlite};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// On one SQLite file every process writes in turn under one lock, so they share one audit chain.
pub(super) const SHARED_WRITER: i64 = 1;
/// Reading connections kept open.
const READERS: usize = 8;
/// How long a migration waits for the file.
const MIGRATION_DEADLINE: Duration = Duration::from_secs(30);

/// A store of this machine.
#[derive(Debug)]
pub(super) struct FileStore {
    writer: Writer,
    /// None for a store in memory: reads then go through the writer's connection.
    path: Option<PathBuf>,
    readers: Mutex<Vec<Connection>>,
    /// Whether a bulk load runs in this process, for a store in memory, which has no side file.
    bulk: Arc<(Mutex<bool>, Condvar)>,
    /// The signature of our writer in the lock file; none in memory.
    signature: Option<u128>,
    watcher: Mutex<Weak<Watcher>>,
}

impl FileStore {
    /// Creates a file with the newest schema; an existing one is never touched, and a failure leaves none.
    pub fn create(path: &Path, published: impl Fn(Topics) + Send + 'static) -> Result<Self, StoreError> {
        if path.exists() {
            return Err(StoreError::Exists { what: path.display().to_string() });
        }
        sqlite::open(path, sqlite::Mode::Create)
            .and_then(|connection| {
                migrate::create(&connection)?;
                Self::serve(connection, Some(path), published)
            })
            .inspect_err(|_| copy::remove(path))
    }

    /// Opens an existing file and brings its schema up to date.
    pub fn open(path: &Path, published: impl Fn(Topics) + Send + 'static) -> Result<Self, StoreError> {
        let what = path.display().to_string();
        if !path.exists() {
            return Err(StoreError::Missing { what });
        }
        let connection = sqlite::open(path, sqlite::Mode::Write)?;
        let lacking = migrate::inspect(&connection, &what)?;
        sqlite::write_ahead(&connection).map_err(|error| sqlite::translate(&error))?;
        if lacking > 0 {
            let lock = StoreLock::beside(path)?;
            let held = lock.acquire(MIGRATION_DEADLINE)?;
            let missing = migrate::inspect(&connection, &what)?;
            migrate::apply(&connection, migrate::SCHEMA_VERSION - missing)?;
            drop(held);
        }
        Self::serve(connection, Some(path), published)
    }

    /// A store in memory, dropped with the handle.
    pub fn memory(published: impl Fn(Topics) + Send + 'static) -> Result<Self, StoreError> {
        let connection = sqlite::open_memory()?;
        migrate::create(&connection)?;
        Self::serve(connection, None, published)
    }

    fn serve(
        connection: Connection,
        path: Option<&Path>,
        published: impl Fn(Topics) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let lock = path.map(StoreLock::beside).transpose()?;
        let signature = lock.as_ref().map(StoreLock::signature);
        let writer = Writer::start(connection, lock, SHARED_WRITER, published)?;
        let path = path.map(Path::to_path_buf);
        let (readers, watcher) = (Mutex::default(), Mutex::default());
        Ok(Self { writer, path, readers, bulk: Arc::default(), signature, watcher })
    }

    /// Watches for other processes' commits until the returned value is dropped; callers share one thread. None in
    /// memory. When a file cannot be watched, this is logged, and changes are seen when a screen reads.
    pub fn watch(&self, foreign: impl Fn() + Send + 'static) -> Option<Arc<Watcher>> {
        let (path, own) = (self.path.as_ref()?, self.signature?);
        let mut kept = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watcher) = kept.upgrade() {
            return Some(watcher);
        }
        match Watcher::start(path, own, foreign) {
            Ok(watcher) => {
                let watcher = Arc::new(watcher);
                *kept = Arc::downgrade(&watcher);
                Some(watcher)
            }
            Err(error) => {
                tracing::warn!(kind = error.kind(), "the store is not watched");
                None
            }
        }
    }

    /// The signature of our writer, and how many callers watch for others.
    #[cfg(test)]
    pub fn watching(&self) -> (Option<u128>, usize) {
        (self.signature, self.watcher.lock().unwrap_or_else(PoisonError::into_inner).strong_count())
    }

    /// Where it is; none in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Queues a job; waits while the queue is full.
    pub fn submit(&self, job: Job) -> Result<(), StoreError> {
        self.writer.submit(job)
    }

    /// Queues a job unless the queue is full.
    pub fn try_submit(&self, job: Job) -> Result<(), StoreError> {
        self.writer.try_submit(job)
    }

    /// What the writer counted.
    pub fn tally(&self) -> &Tally {
        self.writer.tally()
    }

    /// How many jobs wait for the writer.
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// The exclusive right to a bulk load.
    pub fn bulk_place(&self, go_on: &dyn Fn() -> bool) -> Result<lock::BulkPlace, StoreError> {
        lock::bulk_place(self.path(), &self.bulk, go_on)
    }

    /// Runs `f` on a snapshot; a store in memory has none and is read through its writer.
    pub fn read<T, E: From<StoreError>>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let path = self.path.as_ref().ok_or_else(|| StoreError::internal("no file to read from"))?;
        let pooled = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => sqlite::open(path, sqlite::Mode::Read)?,
        };
        sqlite::execute(&connection, "BEGIN", &[])?;
        let result = f(&mut Tx::new(&connection, SHARED_WRITER));
        sqlite::execute(&connection, "COMMIT", &[])?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(connection);
        }
        result
    }

    /// A consistent copy into a new file, while others write.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let Some(path) = &self.path else { return Err(StoreError::Missing { what: "memory".to_owned() }) };
        copy::copy(&sqlite::open(path, sqlite::Mode::Read)?, to)
    }
}

/// A new store file from a backup, after its schema and integrity were proved.
pub(super) fn restore(from: &Path, into: &Path) -> Result<(), StoreError> {
    copy::copy(&proved(from)?.0, into)
}

/// Reads a backup whose schema and integrity were proved. One of an older program is brought up to date in a copy of
/// its own first: the backup stays as it is.
pub(super) fn read_backup<T>(
    from: &Path,
    read: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let (mut source, lacking) = proved(from)?;
    let mut scratch = None;
    if lacking > 0 {
        let path = std::env::temp_dir().join(format!("tongdai-restore-{}.db", ulid::Ulid::generate()));
        let scratch = scratch.insert(Scratch(path));
        copy::copy(&source, &scratch.0)?;
        source = sqlite::open(&scratch.0, sqlite::Mode::Write)?;
        migrate::apply(&source, migrate::SCHEMA_VERSION - lacking)?;
    }
    sqlite::execute(&source, "BEGIN", &[])?;
    let outcome = read(&mut Tx::new(&source, SHARED_WRITER));
    sqlite::execute(&source, "COMMIT", &[])?;
    drop(source);
    drop(scratch);
    outcome
}

/// A backup, opened for reading, and the number of schema steps that it lacks.
fn proved(from: &Path) -> Result<(Connection, i64), StoreError> {
    if !from.exists() {
        return Err(StoreError::Missing { what: from.display().to_string() });
    }
    let source = sqlite::open(from, sqlite::Mode::Read)?;
    let lacking = migrate::inspect(&source, &from.display().to_string())?;
    copy::prove(&source)?;
    Ok((source, lacking))
}

/// A file that is removed with its handle.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        copy::remove(&self.0);
    }
}
