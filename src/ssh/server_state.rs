//! The state that all connections of one SSH server share: the programme, the key book, the limits, the clock, the
//! session registry and the counters.
//!
//! Invariant: the limits may be replaced while sessions run.

use super::count::Count;
use super::gate::Gate;
use super::key_book::KeyBook;
use super::limits::Limits;
use super::log_limit::LogLimit;
use super::registry::{Order, Registry};
use super::runner;
use super::terminal::TerminalOptions;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::session::SessionClock;
use crate::session::presence::{PassedOn, new_process};
use crate::store::{Subscription, Topics};
use crate::tui::app::MakeScreens;
use crate::usecase::Door;
use crate::usecase::session::Orders;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, Semaphore, watch};

/// How sessions look and behave.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The language that a session begins in.
    pub lang: Lang,
    /// What terminals may be asked to do.
    pub terminal_options: TerminalOptions,
    /// The screens.
    pub screens: MakeScreens,
}

/// The shared state of one SSH server.
pub struct ServerState {
    door: Door,
    /// Finds the staff member of a key.
    pub book: Arc<dyn KeyBook>,
    /// The limits that hold now.
    limits: watch::Sender<Arc<Limits>>,
    /// How sessions look and behave.
    pub style: Style,
    /// The clock of the sessions.
    pub clock: SessionClock,
    /// Admits connections and sessions.
    pub gate: Arc<Gate>,
    /// The sessions that run now.
    pub registry: Registry,
    /// Counters for the metrics.
    pub count: Count,
    /// The id of this process in the store.
    pub process: Arc<str>,
    /// The store's change feed. It is kept while no session runs, so that a new session subscribes at once.
    changes: Subscription,
    woken: Arc<Notify>,
    passed_on: Mutex<PassedOn>,
    /// Bounds the log lines about unauthenticated connections.
    pub log_limit: LogLimit,
    /// Slots for reading again what others changed.
    pub refresh_slots: Arc<Semaphore>,
}

impl ServerState {
    /// The state of a server over `door`; `machine` reads the machine's clock. Waits for the store once.
    pub fn open(
        door: Door,
        book: Arc<dyn KeyBook>,
        limits: Limits,
        style: Style,
        machine: fn() -> Timestamp,
    ) -> std::io::Result<Arc<Self>> {
        // A store that does not answer now is reported on screen with the first query.
        let clock = SessionClock::new(machine, door.clock().ok().flatten());
        let woken = Arc::new(Notify::new());
        let wake = Arc::clone(&woken);
        let changes = door.store().subscribe(move || wake.notify_one());
        let refresh_slots = runner::refresh_slots(&door);
        Ok(Arc::new(Self {
            door,
            book,
            limits: watch::Sender::new(Arc::new(limits)),
            style,
            clock,
            gate: Gate::new(limits),
            registry: Registry::default(),
            count: Count::default(),
            process: new_process(),
            changes,
            woken,
            passed_on: Mutex::default(),
            log_limit: LogLimit::default(),
            refresh_slots,
        }))
    }

    /// The programme.
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// The limits that hold now. A caller that needs them unchanged for a while keeps the returned value.
    pub fn limits(&self) -> Arc<Limits> {
        Arc::clone(&self.limits.borrow())
    }

    /// The limits, and a notice of each change.
    pub fn watch_limits(&self) -> watch::Receiver<Arc<Limits>> {
        self.limits.subscribe()
    }

    /// Replaces the limits. Counts and rates hold at once, the idle lock within a second, the rest for connections
    /// and sessions that begin later. No running session is ended.
    pub fn set_limits(&self, limits: Limits) {
        self.gate.set_limits(limits);
        self.limits.send_replace(Arc::new(limits));
    }

    /// Waits until the store's sessions changed.
    pub async fn sessions_changed(&self) {
        loop {
            self.woken.notified().await;
            if self.changes.take().changed.touches(Topics::SESSIONS) {
                return;
            }
        }
    }

    /// Gives the store's orders to the sessions of this server. An order that a session cannot take now comes again
    /// with the next heartbeat.
    pub fn apply(&self, orders: Orders) {
        for (session, by) in orders.ended {
            self.registry.order_session(&session, Order::End(by.into()));
        }
        let fresh = self.passed_on.lock().unwrap_or_else(PoisonError::into_inner).take_new(orders.broadcasts);
        for row in fresh {
            self.registry.broadcast(&row);
        }
    }
}
