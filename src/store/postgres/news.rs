//! The change feed between processes: `NOTIFY` after a commit, `LISTEN` on a connection of its own.
//!
//! Invariants:
//! - no command waits for it: changes are sent after the reply, many at once when they come fast (a `NOTIFY` inside a
//!   transaction would serialise all commits of the database);
//! - a listener that lost its server reports everything as changed once it is back.
//!
//! Deliberately absent: the changed data. A topic names what to read again.

use super::super::StoreError;
use super::super::topic::Topics;
use super::super::value::Value;
use super::address::Address;
use super::connection::{self, Connection};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a listener waits before it tries the hosts again.
const AGAIN: Duration = Duration::from_millis(500);

type Publish = Box<dyn Fn(Topics) + Send + Sync>;

/// The change feed of one process: sender and listener.
pub(super) struct News {
    address: Address,
    publish: Arc<Publish>,
    /// Distinguishes this process's own notifications from others'.
    own: String,
    unsent: AtomicU16,
    listener: Mutex<Option<Listener>>,
}

struct Listener {
    stop: Arc<tokio::sync::Notify>,
    thread: Option<JoinHandle<()>>,
}

impl News {
    pub fn new(address: Address, publish: Publish) -> Self {
        let own = ulid::Ulid::generate().to_string();
        Self {
            address,
            publish: Arc::new(publish),
            own,
            unsent: AtomicU16::new(0),
            listener: Mutex::default(),
        }
    }

    /// A commit of this process: its own listeners are notified at once, other processes when a thread next rests.
    pub fn add(&self, topics: Topics) {
        if !topics.is_empty() {
            self.unsent.fetch_or(topics.bits(), Ordering::Relaxed);
            (self.publish)(topics);
        }
    }

    /// Whether changes wait to be sent to other processes.
    pub fn has_unsent(&self) -> bool {
        self.unsent.load(Ordering::Relaxed) != 0
    }

    /// Sends waiting changes to other processes. A failure loses no data and is logged.
    pub fn publish_pending(&self, connection: &mut Connection) {
        let bits = self.unsent.swap(0, Ordering::Relaxed);
        if bits == 0 {
            return;
        }
        let text = format!("{}:{bits}", self.own);
        let sent = connection
            .execute("SELECT pg_notify('tongdai_' || md5(current_schema()), ?1)", &[Value::Text(text)]);
        if let Err(error) = sent {
            self.unsent.fetch_or(bits, Ordering::Relaxed);
            tracing::warn!(kind = error.kind(), "a change was not sent to other processes");
        }
    }

    /// Starts the listener, once.
    pub fn listen(&self) {
        let mut listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if listener.is_some() {
            return;
        }
        let stop = Arc::new(tokio::sync::Notify::new());
        let (address, publish, own) = (self.address.clone(), Arc::clone(&self.publish), self.own.clone());
        let stop_listener = Arc::clone(&stop);
        let (ready, is_ready) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("store-news".to_owned())
            .spawn(move || run_listener(&address, &**publish, &own, &stop_listener, &ready));
        match thread {
            Ok(thread) => {
                // From the return on nothing is missed, unless the server is away: then everything is reported later.
                let _ = is_ready.recv_timeout(connection::LISTEN_TIME);
                *listener = Some(Listener { stop, thread: Some(thread) });
            }
            Err(error) => tracing::error!(%error, "no thread to listen"),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the listener ended by a panic");
        }
    }
}

/// Listens until it is stopped, reconnecting as needed.
fn run_listener(
    address: &Address,
    publish: &(dyn Fn(Topics) + Send + Sync),
    own: &str,
    stop: &tokio::sync::Notify,
    ready: &std::sync::mpsc::Sender<()>,
) {
    let stopped = AtomicBool::new(false);
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let mut was_away = false;
    runtime.block_on(async {
        while !stopped.load(Ordering::Relaxed) {
            tokio::select! {
                () = stop.notified() => stopped.store(true, Ordering::Relaxed),
                ended = listen(address, publish, own, was_away, ready) => {
                    if let Err(error) = ended {
                        tracing::warn!(kind = error.kind(), "the listener lost its server");
                    }
                    was_away = true;
                    tokio::select! {
                        () = stop.notified() => stopped.store(true, Ordering::Relaxed),
                        () = tokio::time::sleep(AGAIN) => {}
                    }
                }
            }
        }
    });
}

/// Listens on one connection.
async fn listen(
    address: &Address,
    publish: &(dyn Fn(Topics) + Send + Sync),
    own: &str,
    was_away: bool,
    ready: &std::sync::mpsc::Sender<()>,
) -> Result<(), StoreError> {
    let (client, mut notifications) = connection::listener(address).await?;
    // The starter waits only until the listener runs.
    let _ = ready.send(());
    if was_away {
        publish(Topics::ALL);
    }
    while let Some(text) = notifications.recv().await {
        let Some((who, bits)) = text.split_once(':') else { continue };
        if who != own
            && let Ok(bits) = bits.parse()
        {
            publish(Topics::of_bits(bits));
        }
    }
    drop(client);
    Err(StoreError::Lost { what: address.to_string() })
}
