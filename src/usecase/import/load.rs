//! The writing half of a customer import: batches of screened rows arrive in a bounded channel and are written in
//! bulk chunks that let others write in between; then one short transaction makes the list visible. It also removes a
//! failed load, and what a crash left.

use super::super::Error;
use crate::domain::id::{CustomerId, ListId};
use crate::store::import::{self, Loading, NewCustomer, Put};
use crate::store::list::{self, NewList};
use crate::store::{Store, StoreError, Turn, Tx};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Rows that travel together.
pub(super) const BATCH: usize = 2048;
/// Batches that may wait for the writer.
const WAITING: usize = 8;
/// Rows of a chunk that no other command interrupts. Every commit writes most pages of three indexes again, so few are
/// better.
const CHUNK: u64 = 1_000_000;
/// Rows between two looks at the clock.
const LOOK_EVERY: usize = 64;
/// How long an open chunk waits for the reader before it looks whether others wait, …
const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// … and how often it does so before it ends: a reader that is slow for good must not hold the store.
const PATIENCE: u32 = 50;
/// Customer ids that a chunk of the way back goes over.
const WINDOW: i64 = 2_000;
/// Changes applied between two looks at the clock.
const CHANGES: i64 = 1_000;

/// What was written of a list so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Loaded {
    pub list: Option<ListId>,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
}

impl Loaded {
    const fn count(&mut self, put: Put) {
        match put {
            Put::New => self.new += 1,
            Put::Changed => self.changed += 1,
            Put::Unchanged => self.unchanged += 1,
        }
    }
}

/// A thread that writes what is sent to it.
pub(super) struct Loader {
    batches: SyncSender<Vec<NewCustomer>>,
    thread: JoinHandle<Result<Loaded, Error>>,
}

impl Loader {
    /// Writes into the store, or only compares when `rehearsal`.
    pub fn start(store: Store, new_list: NewList, rehearsal: bool) -> Result<Self, StoreError> {
        let (batches, receiver) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("import-loader".to_owned())
            .spawn(move || {
                if rehearsal {
                    rehearse(&store, &new_list, &receiver)
                } else {
                    drive(&store, new_list, receiver)
                }
            })
            .map_err(|error| StoreError::internal(&error.to_string()))?;
        Ok(Self { batches, thread })
    }

    /// Hands a batch over. False when the loader has ended by an error.
    pub fn send(&self, batch: Vec<NewCustomer>) -> bool {
        self.batches.send(batch).is_ok()
    }

    /// Waits until everything sent is written.
    pub fn finish(self) -> Result<Loaded, Error> {
        drop(self.batches);
        self.thread.join().unwrap_or_else(|_| Err(StoreError::internal("the loader panicked").into()))
    }
}

/// A load between two chunks.
struct Load {
    new_list: Arc<NewList>,
    batches: Receiver<Vec<NewCustomer>>,
    batch: Vec<NewCustomer>,
    at: usize,
    loaded: Loaded,
    ended: bool,
}

fn drive(store: &Store, new_list: NewList, batches: Receiver<Vec<NewCustomer>>) -> Result<Loaded, Error> {
    let mut load = Load {
        new_list: Arc::new(new_list),
        batches,
        batch: Vec::new(),
        at: 0,
        loaded: Loaded::default(),
        ended: false,
    };
    while !load.ended {
        // Outside a transaction: a slow reader delays no other command.
        if load.at == load.batch.len() {
            match load.batches.recv() {
                Ok(batch) => (load.batch, load.at) = (batch, 0),
                Err(_) => break,
            }
        }
        load = store.bulk(move |tx, turn| -> Result<Load, Error> { Ok(chunk(load, tx, turn)?) })?;
    }
    Ok(load.loaded)
}

fn chunk(mut load: Load, tx: &mut Tx<'_>, turn: &Turn<'_>) -> Result<Load, StoreError> {
    let new_list = Arc::clone(&load.new_list);
    let mut loading = Loading::begin(tx, &new_list, load.loaded.list)?;
    let mut rows = 0;
    'chunk: loop {
        if loading.by_batch() {
            let rest = load.batch.get(load.at..).unwrap_or_default();
            for put in loading.put_all(rest)? {
                load.loaded.count(put);
            }
            rows += rest.len() as u64;
            load.at = load.batch.len();
            if turn.is_over() {
                break;
            }
        }
        while let Some(row) = load.batch.get(load.at) {
            load.loaded.count(loading.put(row)?);
            load.at += 1;
            rows += 1;
            if load.at.is_multiple_of(LOOK_EVERY) && turn.is_over() {
                break 'chunk;
            }
        }
        if rows >= CHUNK {
            break;
        }
        match next_batch(&load.batches, turn) {
            Ok(batch) => (load.batch, load.at) = (batch, 0),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => {
                load.ended = true;
                break;
            }
        }
    }
    load.loaded.list = loading.end()?;
    Ok(load)
}

/// The next batch, unless others want the store meanwhile.
fn next_batch(
    batches: &Receiver<Vec<NewCustomer>>,
    turn: &Turn<'_>,
) -> Result<Vec<NewCustomer>, RecvTimeoutError> {
    for _ in 0..PATIENCE {
        match batches.recv_timeout(LOOK_AGAIN) {
            Err(RecvTimeoutError::Timeout) if !turn.is_over() => {}
            outcome => return outcome,
        }
    }
    Err(RecvTimeoutError::Timeout)
}

fn rehearse(
    store: &Store,
    new_list: &NewList,
    batches: &Receiver<Vec<NewCustomer>>,
) -> Result<Loaded, Error> {
    let has_evidence = !new_list.evidence.is_empty();
    let mut loaded = Loaded::default();
    while let Ok(batch) = batches.recv() {
        loaded = store.read(move |tx| -> Result<Loaded, Error> {
            for put in import::rehearse(tx, &batch, has_evidence)? {
                loaded.count(put);
            }
            Ok(loaded)
        })?;
    }
    Ok(loaded)
}

/// Removes every half-loaded list and applies what an active one still has to change. Only the process that
/// holds the bulk place may call it: every loading list is then a dead one.
pub fn settle(store: &Store, sms_required: bool) -> Result<(), Error> {
    let (dead, unsettled) =
        store.read(|tx| -> Result<_, Error> { Ok((list::list_loading(tx)?, list::list_unsettled(tx)?)) })?;
    for (list, first) in dead {
        take_back(store, list, first)?;
    }
    for list in unsettled {
        apply(store, list, sms_required)?;
    }
    Ok(())
}

/// Sweeps what a crashed import left, unless an import runs just now. To be called when a store is opened for
/// writing.
///
/// # Errors
/// The store cannot be written.
pub fn sweep(store: &Store) -> Result<(), Error> {
    let (dead, unsettled) =
        store.read(|tx| -> Result<_, Error> { Ok((list::list_loading(tx)?, list::list_unsettled(tx)?)) })?;
    if dead.is_empty() && unsettled.is_empty() {
        return Ok(());
    }
    match store.bulk_place(&|| false) {
        // A claim gives back what a campaign without this rule would not have held.
        Ok(_place) => settle(store, true),
        Err(StoreError::Busy) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Removes what a list wrote, from its last trace to the list itself.
fn take_back(store: &Store, list: ListId, first: CustomerId) -> Result<(), Error> {
    let end = store.read(|tx| -> Result<_, Error> { Ok(import::end_of_customers(tx)?) })?;
    let mut from = first;
    while from < end {
        from = store.bulk(move |tx, turn| -> Result<CustomerId, Error> {
            let mut from = from;
            while from < end {
                let to = CustomerId((from.0 + WINDOW).min(end.0));
                import::delete_window(tx, list, from, to)?;
                from = to;
                if turn.is_over() {
                    break;
                }
            }
            Ok(from)
        })?;
    }
    while store.bulk(move |tx, _| -> Result<u64, Error> { Ok(import::delete_changes(tx, list, WINDOW)?) })?
        > 0
    {}
    store.write(move |tx| -> Result<(), Error> { Ok(list::delete_loading(tx, list)?) })
}

/// Applies the changes of an active list, making way for others.
pub(super) fn apply(store: &Store, list: ListId, sms_required: bool) -> Result<(), Error> {
    while store.bulk(move |tx, turn| -> Result<bool, Error> {
        loop {
            if import::apply_changes(tx, list, sms_required, CHANGES)? == 0 {
                return Ok(false);
            }
            if turn.is_over() {
                return Ok(true);
            }
        }
    })? {}
    Ok(())
}
