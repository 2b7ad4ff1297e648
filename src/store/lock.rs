//! A fair lock between processes on one store file. SQLite's own waiting starves some processes for seconds;
//! a blocking `flock` on a side file wakes them in turn. A second side file tells a long-running import that
//! somebody waits, so that it can let them in.
//!
//! Invariant: whoever holds [`Held`] is the only process that may begin a write transaction.

use super::error::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// The two side files of a store.
#[derive(Debug)]
pub(super) struct StoreLock {
    path: PathBuf,
    lock: File,
    waiters: File,
}

/// The lock, until dropped.
#[derive(Debug)]
pub(super) struct Held<'l> {
    own: Option<&'l File>,
    /// A descriptor of its own, locked by a waiting thread: closing it releases the lock.
    _other: Option<File>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.own
            && let Err(error) = file.unlock()
        {
            tracing::error!(%error, "the store's lock could not be released");
        }
    }
}

impl StoreLock {
    /// Opens (and creates) the side files beside the store.
    pub fn beside(store: &Path) -> Result<Self, StoreError> {
        let path = side(store, "lock");
        Ok(Self { lock: open(&path)?, waiters: open(&side(store, "wait"))?, path })
    }

    /// Takes the lock, waiting in line up to `deadline`.
    pub fn acquire(&self, deadline: Duration) -> Result<Held<'_>, StoreError> {
        if !self.someone_waits() && self.lock.try_lock().is_ok() {
            return Ok(Held { own: Some(&self.lock), _other: None });
        }
        self.waiters.lock_shared().map_err(|error| unreachable(&self.path, &error))?;
        let held = self.acquire_in_line(deadline);
        if let Err(error) = self.waiters.unlock() {
            tracing::error!(%error, "the store's waiting mark could not be released");
        }
        held
    }

    /// Whether another process waits for the lock.
    pub fn someone_waits(&self) -> bool {
        match self.waiters.try_lock() {
            Ok(()) => {
                let _ = self.waiters.unlock();
                false
            }
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(_)) => false,
        }
    }

    /// `flock` has no deadline, so a thread blocks in it and hands the locked file over; if nobody takes it any
    /// more, dropping the file releases the lock.
    fn acquire_in_line(&self, deadline: Duration) -> Result<Held<'_>, StoreError> {
        let file = open(&self.path)?;
        let (sender, receiver) = mpsc::sync_channel::<std::io::Result<File>>(0);
        std::thread::Builder::new()
            .name("store-lock".to_owned())
            .spawn(move || {
                let locked = file.lock().map(|()| file);
                let _ = sender.send(locked);
            })
            .map_err(|error| StoreError::internal(&error.to_string()))?;
        match receiver.recv_timeout(deadline) {
            Ok(Ok(file)) => Ok(Held { own: None, _other: Some(file) }),
            Ok(Err(error)) => Err(unreachable(&self.path, &error)),
            Err(_) => Err(StoreError::Busy),
        }
    }
}

fn side(store: &Path, ending: &str) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn open(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(|error| {
        match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly
            }
            std::io::ErrorKind::StorageFull => StoreError::DiskFull,
            _ => unreachable(path, &error),
        }
    })
}

fn unreachable(path: &Path, error: &std::io::Error) -> StoreError {
    tracing::error!(%error, "lock file");
    StoreError::Unreachable { what: path.display().to_string() }
}
