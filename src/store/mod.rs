//! Stores everything by SQL: one handle ([`Store`]), one transaction type ([`Tx`]), one file of row functions per
//! noun, two engines: an SQLite file ([`mod@file`]) and PostgreSQL ([`postgres`]).
//!
//! Invariants:
//! - readers see a snapshot;
//! - only this layer opens and ends transactions;
//! - every promise of the programme is also a constraint of the schema;
//! - on a file every write goes through the writer thread ([`writer`]); on a server commands run concurrently at READ
//!   COMMITTED, so what must be exact is a conditional update, a unique row or a locked one.
//!
//! Deliberately absent: rules (`domain`), decisions (`usecase`), retries of commands, which the door does by their
//! operation ids, and features that only one engine has.

pub mod agreement;
pub mod appointment;
pub mod audit;
pub mod batch;
pub mod broadcast;
mod bulk;
pub mod call;
pub mod campaign_version;
pub mod care_case;
pub mod case_search;
pub mod check;
pub mod consent;
mod copy;
pub mod counter;
pub mod customer;
pub mod do_not_call;
pub mod doctor;
pub mod draft;
pub mod error;
mod file;
pub mod grants;
pub mod granule;
pub mod health;
pub mod history;
pub mod import;
mod job;
pub mod lead;
pub mod list;
mod lock;
pub mod matter;
pub mod meta;
pub mod migrate;
mod news;
pub mod opening;
pub mod operation;
pub mod opt_out;
pub mod overview;
pub mod people;
mod place;
mod postgres;
pub mod registration;
pub mod row_lock;
pub mod screening;
pub mod seat;
pub mod seat_release;
pub mod session;
pub mod shift;
pub mod sms;
mod sqlite;
pub mod staff;
pub mod staff_key;
pub mod staff_pin;
#[cfg(test)]
mod statements;
pub mod survey;
pub mod tables;
pub mod tally;
pub mod task;
pub mod topic;
mod transfer;
mod trial;
pub mod tx;
pub mod value;
mod watch;
pub mod window;
mod writer;

pub use bulk::BulkPlace;
pub use error::StoreError;
pub use job::Turn;
pub use news::{Away, News, Subscription};
pub use place::Place;
pub use postgres::Address;
pub use topic::Topics;
pub use transfer::{Proof, Sign, Target, Watch};
pub(crate) use trial::Trial;
pub use tx::Tx;
pub use value::{Row, Value};

use file::FileStore;
use job::{CommandJob, Job, Ran};
use news::Listeners;
use postgres::{PoolJob, Server};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use tally::Tally;

/// How long a server may be silent before it is shown as away.
const SLOW: Duration = Duration::from_secs(2);
/// The pause between two tries for the right to a bulk load on a server.
const BULK_AGAIN: Duration = Duration::from_millis(200);

/// The handle to one store; clones share it. Dropping the last one finishes what was queued.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engine: Engine,
    listeners: Arc<Listeners>,
    /// The schema of a test, removed with the handle.
    trial: Option<Trial>,
}

#[derive(Debug)]
enum Engine {
    File(FileStore),
    Server(Server),
}

impl Store {
    /// Creates a store with the newest schema. An existing one is never touched, and a failure leaves none.
    ///
    /// # Errors
    /// [`StoreError::Exists`]; on a server [`StoreError::NotAStore`] when it has tables of another program.
    pub fn create(place: impl Into<Place>) -> Result<Self, StoreError> {
        Self::make(|publish| match place.into() {
            Place::File(path) => FileStore::create(&path, publish).map(Engine::File),
            Place::Server(address) => Server::create(&address, publish).map(Engine::Server),
        })
    }

    /// Opens an existing store and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotAStore`], [`StoreError::NewerSchema`]; a server that cannot be
    /// reached is tried again for the address's patience, and then [`StoreError::Unreachable`].
    pub fn open(place: impl Into<Place>) -> Result<Self, StoreError> {
        let place = place.into();
        let until = Instant::now() + place.patience();
        let mut tries = 0;
        loop {
            let opened = Self::make(|publish| match &place {
                Place::File(path) => FileStore::open(path, publish).map(Engine::File),
                Place::Server(address) => Server::open(address, publish).map(Engine::Server),
            });
            match opened {
                Err(error) if error.is_passing() && Instant::now() < until => pause(tries),
                outcome => return outcome,
            }
            tries += 1;
        }
    }

    /// A store in memory, dropped with the handle.
    pub fn memory() -> Result<Self, StoreError> {
        Self::make(|publish| FileStore::memory(publish).map(Engine::File))
    }

    /// A store for tests: in memory, or in a schema of its own on the server that `TONGDAI_TEST_POSTGRES` names.
    #[doc(hidden)]
    pub fn trial() -> Result<Self, StoreError> {
        Trial::start()?.map_or_else(Self::memory, Self::of_trial)
    }

    /// A store in a schema of its own on a server, removed with the handle: for benchmarks.
    pub fn scratch(server: &Address) -> Result<Self, StoreError> {
        Self::of_trial(Trial::on(server.clone())?)
    }

    fn of_trial(trial: Trial) -> Result<Self, StoreError> {
        let address = trial.address().clone();
        let mut store = Self::make(|publish| Server::create(&address, publish).map(Engine::Server))?;
        if let Some(inner) = Arc::get_mut(&mut store.0) {
            inner.trial = Some(trial);
        }
        Ok(store)
    }

    /// Removes a store file that nobody has open, with its side files: one that could not be made whole. On a
    /// server nothing is removed: what is not whole there is no store yet and is taken up by the next `create`.
    pub fn remove(place: impl Into<Place>) {
        if let Place::File(path) = place.into() {
            copy::remove(&path);
        }
    }

    fn make(
        open: impl FnOnce(Box<dyn Fn(Topics) + Send + Sync>) -> Result<Engine, StoreError>,
    ) -> Result<Self, StoreError> {
        let listeners: Arc<Listeners> = Arc::default();
        let feed = Arc::clone(&listeners);
        let engine = open(Box::new(move |topics| feed.publish(topics)))?;
        Ok(Self(Arc::new(Inner { engine, listeners, trial: None })))
    }

    /// The store's file; none for one in memory or on a server.
    pub fn path(&self) -> Option<&Path> {
        match &self.0.engine {
            Engine::File(file) => file.path(),
            Engine::Server(_) => None,
        }
    }

    /// The server behind the store; none for a file.
    pub fn server(&self) -> Option<&Address> {
        match &self.0.engine {
            Engine::File(_) => None,
            Engine::Server(server) => Some(server.address()),
        }
    }

    /// How long a command is repeated while the store is out of reach; nothing on a file, whose lock has a
    /// deadline of its own.
    pub fn patience(&self) -> Duration {
        match &self.0.engine {
            Engine::File(_) => Duration::ZERO,
            Engine::Server(server) => server.address().patience(),
        }
    }

    /// Whether commands run in the order in which they were queued: on a file one after another, on a server
    /// concurrently.
    pub fn keeps_order(&self) -> bool {
        matches!(self.0.engine, Engine::File(_))
    }

    /// Runs `f` in a transaction and returns when its outcome is durable. An error rolls its rows back.
    pub fn write<T, E>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        answered(self.slow(), |reply| {
            let job = job(f, reply);
            match &self.0.engine {
                Engine::File(file) => file.submit(Job::Command(job)),
                Engine::Server(server) => server.submit(PoolJob::Write(job)),
            }
        })
    }

    /// Like [`Store::write`], without waiting: `reply` is called on a thread of the store when the outcome is
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
        let job = job(f, reply);
        match &self.0.engine {
            Engine::File(file) => file.try_submit(Job::Command(job)),
            Engine::Server(server) => server.try_submit(PoolJob::Write(job)),
        }
    }

    /// Runs one chunk of a bulk load in a transaction of its own and returns when it is durable. `f` asks its
    /// [`Turn`] between rows and ends when it is over; on a file, foreign keys are not checked row by row in it.
    pub fn bulk<T, E>(
        &self,
        f: impl FnOnce(&mut Tx<'_>, &Turn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        answered(None, |reply| {
            let job = Box::new(move |tx: Result<(&mut Tx<'_>, &Turn<'_>), StoreError>| match tx {
                Ok((tx, turn)) => ran(f(tx, turn), reply),
                Err(error) => ran(Err(E::from(error)), reply),
            });
            match &self.0.engine {
                Engine::File(file) => file.submit(Job::Bulk(job)),
                Engine::Server(server) => server.submit(PoolJob::Bulk(job)),
            }
        })
    }

    /// Takes the exclusive right to a bulk load on this store; waits while `go_on` returns true. A process that dies
    /// loses the right.
    pub fn bulk_place(&self, go_on: &dyn Fn() -> bool) -> Result<BulkPlace, StoreError> {
        match &self.0.engine {
            Engine::File(file) => file.bulk_place(go_on).map(BulkPlace::of_a_file),
            Engine::Server(server) => loop {
                if let Some(lock) = server.bulk_place()? {
                    return Ok(BulkPlace::of_a_server(lock));
                }
                if !go_on() {
                    return Err(StoreError::Busy);
                }
                std::thread::park_timeout(BULK_AGAIN);
            },
        }
    }

    /// Runs `f` on a snapshot of what is committed.
    pub fn read<T, E>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.snapshot(f, PoolJob::Read, self.slow())
    }

    /// Like [`Store::read`], for what may take minutes: checks, exports, copies.
    pub fn read_long<T, E>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.snapshot(f, PoolJob::LongRead, None)
    }

    fn snapshot<T, E>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        work: fn(CommandJob) -> PoolJob,
        slow: Option<&Arc<Listeners>>,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.engine {
            Engine::File(file) if file.path().is_some() => file.read(f),
            Engine::File(_) => self.write(f),
            Engine::Server(server) => answered(slow, |reply| server.submit(work(job(f, reply)))),
        }
    }

    /// Probes the writer: reads a row in a transaction of its own. Any answer, also an error, shows that the writer
    /// works; silence shows that it does not.
    pub fn answers(&self) -> Result<(), StoreError> {
        self.write(|tx| tx.one("SELECT 1", &[]).map(drop))
    }

    /// A consistent copy into a new file, while others write. The copy is whole or absent; that of a store that is no
    /// file is proved row by row.
    pub fn backup(&self, to: &Path, watch: Watch) -> Result<(), StoreError> {
        match &self.0.engine {
            Engine::File(file) if file.path().is_some() => file.backup(to),
            _ => self.copy_into(Target::take(&Place::from(to))?, watch, None).map(drop),
        }
    }

    /// A new store from a backup file, after its schema and integrity were proved.
    pub fn restore(from: &Path, into: impl Into<Place>, watch: Watch) -> Result<(), StoreError> {
        match into.into() {
            Place::File(path) => file::restore(from, &path),
            server @ Place::Server(_) => file::read_backup(from, |source| {
                transfer::copy(source, Target::take(&server)?, watch, None).map(drop)
            }),
        }
    }

    /// Copies a snapshot of everything to a place of any kind and proves the copy, while others write.
    ///
    /// # Errors
    /// [`StoreError::Differs`], [`StoreError::Stopped`]; the target is then as it was.
    pub fn copy_into(&self, target: Target, watch: Watch, sign: Option<Sign>) -> Result<Proof, StoreError> {
        self.read_long(move |source| transfer::copy(source, target, watch, sign))
    }

    /// Rows of the audit log by now: one for every command.
    pub fn audit_rows(&self) -> Result<u64, StoreError> {
        self.read(transfer::audit_rows)
    }

    /// What the engine itself finds wrong: damaged pages, dangling references. Public codes, at most 20.
    pub fn damage(&self) -> Result<Vec<String>, StoreError> {
        self.read_long(check::damage)
    }

    /// The listeners to notify when an answer takes long; none on a file.
    fn slow(&self) -> Option<&Arc<Listeners>> {
        matches!(self.0.engine, Engine::Server(_)).then_some(&self.0.listeners)
    }

    /// Marks the store as away until the returned value is dropped.
    pub fn away(&self) -> Away {
        Away::begin(&self.0.listeners)
    }

    /// Whether a request waits for the store to come back.
    pub fn is_away(&self) -> bool {
        self.0.listeners.is_away()
    }

    /// What the store counted of its own work in this process.
    pub fn tally(&self) -> &Tally {
        match &self.0.engine {
            Engine::File(file) => file.tally(),
            Engine::Server(server) => server.tally(),
        }
    }

    /// How many commands (on a server queries, too) wait in the queue now.
    pub fn waiting(&self) -> usize {
        match &self.0.engine {
            Engine::File(file) => file.waiting(),
            Engine::Server(server) => server.waiting(),
        }
    }

    /// Subscribes to the change feed: changes of this process at once after each commit, of others within a second,
    /// and whether the store is away. The store's threads call `wake` when there is news that was not taken yet; it
    /// must be quick and must not use the store.
    pub fn subscribe(&self, wake: impl Fn() + Send + Sync + 'static) -> Subscription {
        let watcher = match &self.0.engine {
            Engine::File(file) => {
                // The watcher must not keep its listeners alive.
                let feed = Arc::downgrade(&self.0.listeners);
                file.watch(move || {
                    if let Some(listeners) = feed.upgrade() {
                        listeners.publish(Topics::ALL);
                    }
                })
            }
            Engine::Server(server) => {
                server.listen();
                None
            }
        };
        self.0.listeners.add(wake, watcher)
    }

    #[cfg(test)]
    fn signature(&self) -> Option<u128> {
        match &self.0.engine {
            Engine::File(file) => file.watching().0,
            Engine::Server(_) => None,
        }
    }

    #[cfg(test)]
    fn watchers(&self) -> usize {
        match &self.0.engine {
            Engine::File(file) => file.watching().1,
            Engine::Server(_) => 0,
        }
    }
}

/// Rests before try number `tries` + 2: nothing the first time, then longer and longer, up to half a second.
pub fn pause(tries: u32) {
    /// The first pause.
    const FIRST: Duration = Duration::from_millis(10);
    /// The longest pause.
    const LONGEST: Duration = Duration::from_millis(500);
    if tries > 0 {
        let until = Instant::now() + FIRST.saturating_mul(1 << tries.min(8)).min(LONGEST);
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            std::thread::park_timeout(left);
        }
    }
}

/// Submits a job with a channel for its reply and waits for it. A server that is silent for [`SLOW`] counts as away
/// until it answers, so that users see it before the deadline.
fn answered<T, E>(
    slow: Option<&Arc<Listeners>>,
    submit: impl FnOnce(Box<dyn FnOnce(Result<T, E>) + Send>) -> Result<(), StoreError>,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (sender, receiver) = channel();
    submit(Box::new(move |result| drop(sender.send(result))))?;
    let lost = || Err(StoreError::internal("a command ended without an answer").into());
    if let Some(listeners) = slow {
        match receiver.recv_timeout(SLOW) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Disconnected) => return lost(),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let _away = Away::begin(listeners);
        return receiver.recv().unwrap_or_else(|_| lost());
    }
    receiver.recv().unwrap_or_else(|_| lost())
}

/// A typed closure as a job of a store's thread.
fn job<T, E>(
    f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    reply: impl FnOnce(Result<T, E>) + Send + 'static,
) -> CommandJob
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    Box::new(move |tx| match tx {
        Ok(tx) => ran(f(tx), reply),
        Err(error) => ran(Err(E::from(error)), reply),
    })
}

/// The result as the writer needs it, and the reply to the caller.
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
