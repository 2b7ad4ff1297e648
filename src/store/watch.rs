//! Watches an SQLite file for commits of other processes. The file's data version shows that there was a commit; the
//! record in the lock file ([`super::lock`]) shows whether another process made it. Our own writer reports what
//! others did just before it took the lock, because its own commits do not change its connection's version.
//!
//! Invariants:
//! - a commit of this handle alone is never taken for another's;
//! - another's is noticed within one look after it is durable;
//! - the thread runs while there is a listener, and ends at once with the last one.
//!
//! Deliberately absent: which rows changed, and programs that write into the file without our lock.

use super::error::StoreError;
use super::lock::Signatures;
use super::sqlite;
use rusqlite::Connection;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the file is looked at: a few reads of shared memory.
const LOOK: Duration = Duration::from_millis(200);
/// The thread reads one number; many processes may have one.
const STACK: usize = 256 * 1024;

/// The thread that looks. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Watcher {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    /// Starts to look at the store in `path`, whose own writer signs as `own`; `foreign` is called after commits
    /// of others. From the return on nothing is missed.
    pub fn start(path: &Path, own: u128, foreign: impl Fn() + Send + 'static) -> Result<Self, StoreError> {
        let mut look = Look::begin(path, own)?;
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("store-watch".to_owned())
            .stack_size(STACK)
            .spawn(move || serve(&mut look, &stopped, &foreign))
            .map_err(|error| StoreError::internal(&error.to_string()))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the watcher of the store ended by a panic");
        }
    }
}

fn serve(look: &mut Look, stopped: &Receiver<()>, foreign: &impl Fn()) {
    while stopped.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
        match look.again() {
            Ok(true) => foreign(),
            Ok(false) => {}
            // An error of reading the file is reported by the next query.
            Err(error) => tracing::debug!(kind = error.kind(), "the store could not be looked at"),
        }
    }
}

/// What was seen the last time.
struct Look {
    connection: Connection,
    signatures: Signatures,
    own: u128,
    version: i64,
}

impl Look {
    fn begin(path: &Path, own: u128) -> Result<Self, StoreError> {
        let connection = sqlite::open(path, sqlite::Mode::Read)?;
        let version = sqlite::data_version(&connection)?;
        Ok(Self { connection, signatures: Signatures::beside(path)?, own, version })
    }

    /// Whether another process committed since the last look, unless our own writer has seen it before. The
    /// version is read before the record: a commit in between is of the next look.
    fn again(&mut self) -> Result<bool, StoreError> {
        let version = sqlite::data_version(&self.connection)?;
        if version == self.version {
            return Ok(false);
        }
        let last = self.signatures.last()?;
        self.version = version;
        Ok(last != self.own)
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::Value;
    use super::super::{News, Store, Subscription, Topics, Tx};
    use super::*;

    /// A commit that changes the file.
    fn touch(store: &Store, topics: Topics) {
        let wrote = store.write(move |tx: &mut Tx<'_>| -> Result<(), StoreError> {
            tx.touch(topics);
            let name = ulid::Ulid::generate().to_string();
            tx.execute("INSERT INTO counter (name, writer, value) VALUES (?1, 1, 1)", &[Value::Text(name)])?;
            Ok(())
        });
        wrote.unwrap();
    }

    /// Two handles on one file, as two processes have them.
    fn two_handles() -> (tempfile::TempDir, Store, Store) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shared.db");
        let (ours, theirs) = (Store::create(&path).unwrap(), Store::open(&path).unwrap());
        (folder, ours, theirs)
    }

    /// A listener, and the receiver of its wake-ups.
    fn listen(store: &Store) -> (Subscription, Receiver<()>) {
        let (woken, wakes) = channel();
        (store.subscribe(move || _ = woken.send(())), wakes)
    }

    /// All topics up to the first change that contains `what`.
    fn topics_until(listener: &Subscription, wakes: &Receiver<()>, what: Topics) -> Topics {
        let mut all = Topics::default();
        while !all.touches(what) {
            wakes.recv_timeout(Duration::from_secs(10)).unwrap();
            all = all.with(listener.take().changed);
        }
        all
    }

    #[test]
    fn the_watcher_tells_another_handles_commits_from_its_own() {
        let (_folder, ours, theirs) = two_handles();
        let mut look = Look::begin(ours.path().unwrap(), ours.signature().unwrap()).unwrap();
        assert!(!look.again().unwrap(), "nobody wrote");
        for _ in 0..5 {
            touch(&ours, Topics::SEATS);
            assert!(!look.again().unwrap(), "our own commit");
        }
        touch(&theirs, Topics::SEATS);
        assert!(look.again().unwrap());
        touch(&theirs, Topics::SEATS);
        assert!(look.again().unwrap(), "the second in a row by the same hands");
        assert!(!look.again().unwrap(), "noticed once");
    }

    #[test]
    fn what_others_did_between_two_looks_is_published_by_ones_own_writer() {
        let (_folder, ours, theirs) = two_handles();
        let (woken, wakes) = channel();
        // Without a watcher: the writer publishes what arrives here.
        let listener = ours.0.listeners.add(move || _ = woken.send(()), None);
        touch(&ours, Topics::SEATS);
        touch(&ours, Topics::SEATS);
        assert_eq!(topics_until(&listener, &wakes, Topics::SEATS), Topics::SEATS, "our own commits alone");
        touch(&theirs, Topics::SEATS);
        touch(&ours, Topics::LEADS);
        assert_eq!(topics_until(&listener, &wakes, Topics::LEADS), Topics::ALL);
        touch(&ours, Topics::LEADS);
        assert_eq!(topics_until(&listener, &wakes, Topics::LEADS), Topics::LEADS);
    }

    #[test]
    fn a_listener_gets_exact_changes_of_its_own_handle_and_all_topics_of_another() {
        let (_folder, ours, theirs) = two_handles();
        let (listener, wakes) = listen(&ours);
        touch(&ours, Topics::SEATS);
        wakes.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(listener.take(), News { changed: Topics::SEATS, away: false });
        // Two looks later nothing has been added to it.
        assert_eq!(wakes.recv_timeout(LOOK * 3), Err(RecvTimeoutError::Timeout));
        touch(&theirs, Topics::SEATS);
        wakes.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(listener.take(), News { changed: Topics::ALL, away: false });
    }

    #[test]
    fn who_looks_ends_with_the_last_listener() {
        let (_folder, ours, theirs) = two_handles();
        let (first, _) = listen(&ours);
        let (second, wakes) = listen(&ours);
        drop(first);
        touch(&theirs, Topics::SEATS);
        wakes.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(second.take().changed, Topics::ALL);
        drop(second);
        assert_eq!(ours.watchers(), 0);
        let (third, wakes) = listen(&ours);
        touch(&theirs, Topics::SEATS);
        wakes.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(third.take().changed, Topics::ALL);
    }
}
