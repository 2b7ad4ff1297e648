//! What all sessions of one door share: the programme, the key book, the bounds, the clock, the roll.

use super::chatter::Chatter;
use super::count::Count;
use super::gate::Gate;
use super::key_book::KeyBook;
use super::limits::Limits;
use super::roll::{Order, Roll};
use super::terminal::Manners;
use super::work;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::session::SessionClock;
use crate::session::presence::{Heard, new_process};
use crate::store::{Subscription, Topics};
use crate::tui::app::MakeDesks;
use crate::usecase::Door;
use crate::usecase::session::Orders;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::{Notify, Semaphore, watch};

/// How sessions look and behave.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The language that a session begins in.
    pub lang: Lang,
    /// What terminals are asked to do.
    pub manners: Manners,
    /// The screens.
    pub desks: MakeDesks,
}

/// What all sessions of one door share.
pub struct House {
    door: RwLock<Door>,
    /// Whose key is it.
    pub book: Arc<dyn KeyBook>,
    /// The bounds.
    limits: watch::Sender<Arc<Limits>>,
    /// How sessions look.
    pub style: Style,
    /// The time.
    pub clock: SessionClock,
    /// Who may come in.
    pub gate: Arc<Gate>,
    /// Who is here.
    pub roll: Roll,
    /// What has happened so far.
    pub count: Count,
    /// This process, as the store knows it.
    pub process: Arc<str>,
    /// What others do. Lives while nobody is here, too, so that a session subscribes at once.
    ear: Subscription,
    woken: Arc<Notify>,
    heard: Mutex<Heard>,
    /// How much is said of strangers.
    pub chatter: Chatter,
    /// Places for reading again what others changed.
    pub places: Arc<Semaphore>,
}

impl House {
    /// A house over `door`; `machine` reads the machine's clock. Waits for the store once.
    pub fn open(
        door: Door,
        book: Arc<dyn KeyBook>,
        limits: Limits,
        style: Style,
        machine: fn() -> Timestamp,
    ) -> std::io::Result<Arc<Self>> {
        // A store that cannot tell its time now will say so on screen at the first query.
        let clock = SessionClock::new(machine, door.clock().ok().flatten());
        let woken = Arc::new(Notify::new());
        let wake = Arc::clone(&woken);
        let ear = door.store().subscribe(move || wake.notify_one());
        let places = work::places(&door);
        Ok(Arc::new(Self {
            door: RwLock::new(door),
            book,
            limits: watch::Sender::new(Arc::new(limits)),
            style,
            clock,
            gate: Gate::new(limits),
            roll: Roll::default(),
            count: Count::default(),
            process: new_process(),
            ear,
            woken,
            heard: Mutex::default(),
            chatter: Chatter::default(),
            places,
        }))
    }

    /// The programme.
    pub fn door(&self) -> Door {
        self.door.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The bounds as they are now. Whoever needs them to stay the same for a while keeps what this returns.
    pub fn limits(&self) -> Arc<Limits> {
        Arc::clone(&self.limits.borrow())
    }

    /// The same, and when they change.
    pub fn bounds(&self) -> watch::Receiver<Arc<Limits>> {
        self.limits.subscribe()
    }

    /// From now on these are the bounds: how many may be here counts at once, the idle lock within a second, all
    /// else for connections and sessions that begin later. Nobody who is here is sent away.
    pub fn rebound(&self, limits: Limits) {
        self.gate.rebound(limits);
        self.limits.send_replace(Arc::new(limits));
    }

    /// Waits until somebody did something about sessions.
    pub async fn sessions_changed(&self) {
        loop {
            self.woken.notified().await;
            if self.ear.take().changed.touches(Topics::SESSIONS) {
                return;
            }
        }
    }

    /// Passes on what the store has for the sessions of this house. Who takes no more is
    /// told to end with the next beat.
    pub fn obey(&self, orders: Orders) {
        for (session, by) in orders.ended {
            self.roll.order_by_name(&session, Order::End(by.into()));
        }
        let fresh = self.heard.lock().unwrap_or_else(PoisonError::into_inner).fresh(orders.said);
        for said in fresh {
            self.roll.tell(&said);
        }
    }

    /// From now on sessions begin with `door`: the same store, its configuration read anew.
    pub fn renew(&self, door: Door) {
        *self.door.write().unwrap_or_else(PoisonError::into_inner) = door;
    }
}
