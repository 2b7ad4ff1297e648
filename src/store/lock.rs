//! A fair lock between processes on one store file. SQLite's own waiting starves some processes for seconds; a
//! blocking `flock` on a side file wakes them in turn. A second side file shows a long-running import that another
//! process waits, so that it can let that one in.
//!
//! The first file also holds a small record of the last holder, so that a process can distinguish its own commits from
//! others'. A sole writer reads it and writes nothing.
//!
//! Invariant: the process that has [`Held`] is the only one that may begin a write transaction, and has signed the
//! record.

use super::error::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// How often a process that waits for the bulk load checks whether it should go on.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// The two side files of a store.
#[derive(Debug)]
pub(super) struct StoreLock {
    path: PathBuf,
    lock: File,
    waiters: File,
    /// The signature of this handle.
    signature: u128,
}

/// The signature of the last holder; 0 before the first.
fn last_signature(file: &File) -> std::io::Result<u128> {
    let mut record = [0; size_of::<u128>()];
    let mut filled = 0;
    while filled < record.len() {
        match file.read_at(&mut record[filled..], filled as u64)? {
            0 => return Ok(0),
            read => filled += read,
        }
    }
    Ok(u128::from_le_bytes(record))
}

/// Reads the record without the lock. A record that is being written reads as 0, which counts as another holder.
#[derive(Debug)]
pub(super) struct Signatures(PathBuf, File);

impl Signatures {
    /// The record beside the store.
    pub fn beside(store: &Path) -> Result<Self, StoreError> {
        let path = side(store, "lock");
        let file = open(&path)?;
        Ok(Self(path, file))
    }

    /// The last holder.
    pub fn last(&self) -> Result<u128, StoreError> {
        last_signature(&self.1).map_err(|error| unreachable(&self.0, &error))
    }
}

/// The lock, until dropped.
#[derive(Debug)]
pub(super) struct Held<'l> {
    own: Option<&'l File>,
    /// A descriptor of its own, locked by a waiting thread: closing it releases the lock.
    _other: Option<File>,
    /// Another process had it before.
    pub after_others: bool,
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
        let signature = ulid::Ulid::generate().0;
        Ok(Self { lock: open(&path)?, waiters: open(&side(store, "wait"))?, path, signature })
    }

    /// The signature of this handle, which is unique.
    pub const fn signature(&self) -> u128 {
        self.signature
    }

    /// Takes the lock, waiting up to `deadline`, and signs the record.
    pub fn acquire(&self, deadline: Duration) -> Result<Held<'_>, StoreError> {
        let mut held = self.take(deadline)?;
        held.after_others = self.sign();
        Ok(held)
    }

    /// Signs the record; returns whether another process had signed it. A failure refuses no work: at worst another
    /// process sees a change late.
    fn sign(&self) -> bool {
        let signed = last_signature(&self.lock).and_then(|last| {
            let other = last != self.signature;
            if other {
                self.lock.write_all_at(&self.signature.to_le_bytes(), 0)?;
            }
            Ok(other)
        });
        signed.unwrap_or_else(|error| {
            tracing::warn!(%error, "the last holder of the store's lock was not recorded");
            true
        })
    }

    fn take(&self, deadline: Duration) -> Result<Held<'_>, StoreError> {
        if !self.someone_waits() && self.lock.try_lock().is_ok() {
            return Ok(Held { own: Some(&self.lock), _other: None, after_others: false });
        }
        self.waiters.lock_shared().map_err(|error| unreachable(&self.path, &error))?;
        let held = self.acquire_in_line(deadline);
        if let Err(error) = self.waiters.unlock() {
            tracing::error!(%error, "the store's waiting lock could not be released");
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
            Ok(Ok(file)) => Ok(Held { own: None, _other: Some(file), after_others: false }),
            Ok(Err(error)) => Err(unreachable(&self.path, &error)),
            Err(_) => Err(StoreError::Busy),
        }
    }
}

/// The exclusive right to a bulk load on a store, until dropped: two loads at once would see each other's half-loaded
/// rows. When a process dies, the system releases its file lock.
#[derive(Debug)]
pub struct BulkPlace {
    inside: Arc<(Mutex<bool>, Condvar)>,
    file: Option<File>,
}

impl Drop for BulkPlace {
    fn drop(&mut self) {
        *self.inside.0.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.inside.1.notify_one();
    }
}

/// Waits first within this process, then between processes.
pub(super) fn bulk_place(
    store: Option<&Path>,
    inside: &Arc<(Mutex<bool>, Condvar)>,
    go_on: &dyn Fn() -> bool,
) -> Result<BulkPlace, StoreError> {
    let (taken, freed) = &**inside;
    let mut is_taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
    while *is_taken {
        if !go_on() {
            return Err(StoreError::Busy);
        }
        is_taken = freed.wait_timeout(is_taken, ASK_AGAIN).unwrap_or_else(PoisonError::into_inner).0;
    }
    *is_taken = true;
    drop(is_taken);
    let mut place = BulkPlace { inside: Arc::clone(inside), file: None };
    if let Some(store) = store {
        place.file = Some(file_in_line(&side(store, "bulk"), go_on)?);
    }
    Ok(place)
}

fn file_in_line(path: &Path, go_on: &dyn Fn() -> bool) -> Result<File, StoreError> {
    let file = open(path)?;
    if file.try_lock().is_ok() {
        return Ok(file);
    }
    let (sender, receiver) = mpsc::sync_channel::<std::io::Result<File>>(0);
    std::thread::Builder::new()
        .name("bulk-place".to_owned())
        .spawn(move || {
            let locked = file.lock().map(|()| file);
            let _ = sender.send(locked);
        })
        .map_err(|error| StoreError::internal(&error.to_string()))?;
    while go_on() {
        match receiver.recv_timeout(ASK_AGAIN) {
            Ok(Ok(file)) => return Ok(file),
            Ok(Err(error)) => return Err(unreachable(path, &error)),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(StoreError::Busy),
        }
    }
    Err(StoreError::Busy)
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
