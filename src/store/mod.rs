//! SQL and nothing but SQL: one handle ([`Store`]), one transaction type ([`Tx`]), one file of row functions per
//! noun. Rules are in `domain`, decisions in `usecase`.
//!
//! Invariants: everything written goes through the one writer thread ([`writer`]); readers see a snapshot;
//! only this layer opens and ends transactions; every promise of the programme is also a constraint of
//! `schema_1.sql`.
//!
//! Deliberately absent: polling, retries of refused commands, and features of SQLite that PostgreSQL lacks.

pub mod agreement;
pub mod appointment;
pub mod audit;
pub mod batch;
pub mod call;
pub mod care_case;
pub mod check;
pub mod consent;
mod copy;
pub mod counter;
pub mod customer;
pub mod do_not_call;
pub mod doctor;
pub mod error;
pub mod granule;
pub mod import;
pub mod lead;
pub mod list;
mod lock;
pub mod matter;
pub mod meta;
pub mod migrate;
pub mod operation;
pub mod opt_out;
pub mod overview;
pub mod registration;
pub mod row_lock;
pub mod seat;
pub mod shift;
pub mod sms;
mod sqlite;
pub mod staff;
pub mod survey;
pub mod topic;
pub mod tx;
pub mod value;
mod writer;

pub use error::StoreError;
pub use lock::BulkPlace;
pub use topic::Topics;
pub use tx::Tx;
pub use value::{Row, Value};

use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
pub use writer::Turn;
use writer::{CommandJob, Job, Ran, Writer};

/// On one SQLite file every process writes in turn under one lock, so they share one audit chain.
const SHARED_WRITER: i64 = 1;
/// Reading connections kept open.
const READERS: usize = 8;

/// The handle to one store; clones share it. Dropping the last one finishes what was queued.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    writer: Writer,
    /// None for a store in memory: reads then go through the writer's connection.
    path: Option<PathBuf>,
    readers: Mutex<Vec<Connection>>,
    listeners: Arc<Mutex<Vec<Sender<Topics>>>>,
    /// Whether a bulk load runs in this process; says it for a store in memory, which has no side file.
    bulk: Arc<(Mutex<bool>, Condvar)>,
}

impl Store {
    /// Creates a store file with the newest schema; an existing file is never touched, and a failure leaves none.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        if path.exists() {
            return Err(StoreError::Exists { what: path.display().to_string() });
        }
        sqlite::open(path, sqlite::Mode::Create)
            .and_then(|connection| {
                migrate::create(&connection)?;
                Self::serve(connection, Some(path))
            })
            .inspect_err(|_| Self::remove(path))
    }

    /// Removes a store that nobody has open, with its side files: one that could not be made whole.
    pub fn remove(path: &Path) {
        copy::remove(path);
    }

    /// Opens an existing store and brings its schema up to date.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing { what: path.display().to_string() });
        }
        let connection = sqlite::open(path, sqlite::Mode::Write)?;
        let lacking = migrate::inspect(&connection, &path.display().to_string())?;
        sqlite::write_ahead(&connection).map_err(|error| sqlite::translate(&error))?;
        if lacking > 0 {
            let lock = lock::StoreLock::beside(path)?;
            let held = lock.acquire(std::time::Duration::from_secs(30))?;
            let missing = migrate::inspect(&connection, &path.display().to_string())?;
            migrate::apply(&connection, migrate::SCHEMA_VERSION - missing)?;
            drop(held);
        }
        Self::serve(connection, Some(path))
    }

    /// A store in memory, gone with the handle.
    pub fn memory() -> Result<Self, StoreError> {
        let connection = sqlite::open_memory()?;
        migrate::create(&connection)?;
        Self::serve(connection, None)
    }

    fn serve(connection: Connection, path: Option<&Path>) -> Result<Self, StoreError> {
        let lock = path.map(lock::StoreLock::beside).transpose()?;
        let listeners: Arc<Mutex<Vec<Sender<Topics>>>> = Arc::default();
        let heard = Arc::clone(&listeners);
        let publish = move |topics: Topics| {
            heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .retain(|listener| listener.send(topics).is_ok());
        };
        let writer = Writer::start(connection, lock, SHARED_WRITER, publish)?;
        Ok(Self(Arc::new(Inner {
            writer,
            path: path.map(Path::to_path_buf),
            readers: Mutex::default(),
            listeners,
            bulk: Arc::default(),
        })))
    }

    /// Where the store is; none for one in memory.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Runs `f` in a transaction and returns when its outcome is durable. An error rolls its rows back.
    pub fn write<T, E>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = channel();
        self.0.writer.submit(job(f, move |result| drop(sender.send(result))))?;
        receiver
            .recv()
            .unwrap_or_else(|_| Err(StoreError::internal("a command ended without an answer").into()))
    }

    /// Like [`Store::write`], without waiting: `reply` is called on the writer thread when the outcome is
    /// durable. A full queue answers Busy at once.
    pub fn submit<T, E>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        reply: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<(), StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.0.writer.try_submit(job(f, reply))
    }

    /// Runs one chunk of a bulk load in a transaction of its own and returns when it is durable. `f` asks its
    /// [`Turn`] between rows and ends when others wait; foreign keys are not checked row by row in it.
    pub fn bulk<T, E>(
        &self,
        f: impl FnOnce(&mut Tx<'_>, &Turn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = channel();
        let reply = move |result| drop(sender.send(result));
        self.0.writer.submit(Job::Bulk(Box::new(move |tx| match tx {
            Ok((tx, turn)) => ran(f(tx, turn), reply),
            Err(error) => ran(Err(E::from(error)), reply),
        })))?;
        receiver
            .recv()
            .unwrap_or_else(|_| Err(StoreError::internal("a bulk chunk ended without an answer").into()))
    }

    /// Takes the one place for a bulk load on this store, waiting in line while `go_on` says so. A load whose
    /// process died has left its place.
    pub fn bulk_place(&self, go_on: &dyn Fn() -> bool) -> Result<BulkPlace, StoreError> {
        lock::bulk_place(self.path(), &self.0.bulk, go_on)
    }

    /// Runs `f` on a snapshot of what is committed.
    pub fn read<T, E>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(path) = &self.0.path else { return self.write(f) };
        let pooled = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => sqlite::open(path, sqlite::Mode::Read)?,
        };
        sqlite::execute(&connection, "BEGIN", &[])?;
        let result = f(&mut Tx::new(&connection, SHARED_WRITER));
        sqlite::execute(&connection, "COMMIT", &[])?;
        let mut readers = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(connection);
        }
        result
    }

    /// A consistent copy into a new file, while others write. The copy is whole or absent.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let Some(path) = &self.0.path else { return Err(StoreError::Missing { what: "memory".to_owned() }) };
        copy::copy(&sqlite::open(path, sqlite::Mode::Read)?, to)
    }

    /// A new store file from a backup, after its schema and integrity were proved.
    pub fn restore(from: &Path, into: &Path) -> Result<(), StoreError> {
        if !from.exists() {
            return Err(StoreError::Missing { what: from.display().to_string() });
        }
        let source = sqlite::open(from, sqlite::Mode::Read)?;
        migrate::inspect(&source, &from.display().to_string())?;
        copy::prove(&source)?;
        copy::copy(&source, into)
    }

    /// What the engine itself finds wrong: damaged pages, rows that point nowhere. Public words, at most 20.
    pub fn damage(&self) -> Result<Vec<String>, StoreError> {
        match &self.0.path {
            Some(path) => copy::damage(&sqlite::open(path, sqlite::Mode::Read)?),
            None => self.write(|tx| copy::damage(tx.connection())),
        }
    }

    /// Hears what changed, after each commit of this process.
    pub fn subscribe(&self) -> Receiver<Topics> {
        let (sender, receiver) = channel();
        self.0.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }
}

/// A typed closure as a job of the writer.
fn job<T, E>(
    f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    reply: impl FnOnce(Result<T, E>) + Send + 'static,
) -> Job
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let command: CommandJob = Box::new(move |tx| match tx {
        Ok(tx) => ran(f(tx), reply),
        Err(error) => ran(Err(E::from(error)), reply),
    });
    Job::Command(command)
}

/// What the writer needs to know of a result, and the way back to the caller.
fn ran<T, E>(result: Result<T, E>, reply: impl FnOnce(Result<T, E>) + Send + 'static) -> Ran
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let keep = result.is_ok();
    Ran {
        keep,
        reply: Box::new(move |committed| {
            reply(match (result, committed) {
                (Ok(_), Err(error)) => Err(error.into()),
                (result, _) => result,
            });
        }),
    }
}
