//! The sessions that run now: who, from where, since when; and the way to tell them something or to end them.
//!
//! Deliberately absent: what is on their screens.

use super::line::Wire;
use crate::domain::actor::Actor;
use crate::domain::session::{EndedBy, Entrance, Presence, SessionId};
use crate::domain::ssh_key::Fingerprint;
use crate::domain::time::Timestamp;
use crate::session::presence::arriving;
use crate::usecase::session::BroadcastRow;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};

/// Orders that may wait for one session.
const ORDERS: usize = 16;

/// Why a session or a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The person left.
    Left,
    /// The connection was lost or closed by the client.
    Lost,
    /// The client broke the protocol.
    Protocol,
    /// No key was proved in time.
    LoginTime,
    /// No screen was opened in time.
    SettleTime,
    /// The session lasted as long as it may.
    TooLong,
    /// The key was taken away, or its person may no longer sign in or has another role now.
    KeyGone,
    /// A supervisor ended it.
    Dismissed,
    /// Its person went on in a newer session.
    TakenOver,
    /// The house stops.
    Stopping,
    /// The session failed; the log has the incident.
    Failed,
    /// There was no terminal, or one that shows no screens.
    NoTerminal,
    /// There was no place.
    Full,
}

impl Why {
    /// The word in the log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Lost => "lost",
            Self::Protocol => "protocol",
            Self::LoginTime => "login_time",
            Self::SettleTime => "settle_time",
            Self::TooLong => "too_long",
            Self::KeyGone => "key_gone",
            Self::Dismissed => "dismissed",
            Self::TakenOver => "taken_over",
            Self::Stopping => "stopping",
            Self::Failed => "failed",
            Self::NoTerminal => "no_terminal",
            Self::Full => "full",
        }
    }

    /// The exit status of the client.
    pub const fn status(self) -> u32 {
        match self {
            Self::Left
            | Self::Lost
            | Self::Protocol
            | Self::Stopping
            | Self::Dismissed
            | Self::TakenOver
            | Self::TooLong => 0,
            Self::Failed => 1,
            Self::NoTerminal => 2,
            Self::KeyGone => 3,
            Self::LoginTime | Self::SettleTime | Self::Full => 4,
        }
    }
}

impl From<EndedBy> for Why {
    fn from(by: EndedBy) -> Self {
        match by {
            EndedBy::Supervisor => Self::Dismissed,
            EndedBy::TakeOver => Self::TakenOver,
            EndedBy::Revoked => Self::KeyGone,
        }
    }
}

/// Something for a running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Show what somebody said to everybody.
    Tell(BroadcastRow),
    /// End.
    End(Why),
}

/// What the roll says of one session.
#[derive(Debug, Clone)]
pub struct Present {
    /// Its number in the roll; never used again.
    pub id: u64,
    /// Who.
    pub actor: Actor,
    /// The key that was proved.
    pub key: Fingerprint,
    /// What others may know of it.
    pub presence: Presence,
}

/// What a desk does, for whoever asks.
#[derive(Debug)]
pub struct Life {
    active_at: AtomicI64,
    locked: AtomicBool,
    over: AtomicBool,
}

impl Life {
    /// Its person did something.
    pub fn stir(&self, now: Timestamp) {
        self.active_at.store(now.ms(), Ordering::Relaxed);
    }

    /// Whether its screen is locked.
    pub fn set_locked(&self, locked: bool) {
        self.locked.store(locked, Ordering::Relaxed);
    }

    /// It has left, though its client may still be told so.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Row {
    actor: Actor,
    key: Fingerprint,
    presence: Presence,
    life: Arc<Life>,
    wire: Arc<Wire>,
    orders: mpsc::Sender<Order>,
}

impl Row {
    fn presence(&self) -> Presence {
        Presence {
            active_at: Timestamp(self.life.active_at.load(Ordering::Relaxed)),
            locked: self.life.locked.load(Ordering::Relaxed),
            bytes: self.wire.bytes(),
            ..self.presence.clone()
        }
    }
}

/// The roll of one door. Clones share it.
#[derive(Debug, Clone)]
pub struct Roll(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rows: Mutex<(u64, BTreeMap<u64, Row>)>,
    present: watch::Sender<usize>,
}

impl Default for Roll {
    fn default() -> Self {
        Self(Arc::new(Inner { rows: Mutex::default(), present: watch::Sender::new(0) }))
    }
}

impl Roll {
    /// Enters a session; its orders come through the receiver.
    pub fn enter(
        &self,
        actor: Actor,
        key: Fingerprint,
        from: SocketAddr,
        since: Timestamp,
        wire: Arc<Wire>,
    ) -> (Entry, mpsc::Receiver<Order>) {
        let (orders, receiver) = mpsc::channel(ORDERS);
        let mut rows = self.lock();
        rows.0 += 1;
        let id = rows.0;
        let origin = from.ip().to_canonical().to_string();
        let presence = arriving(&actor.staff, Entrance::Ssh, &origin, Some(key.clone()), since);
        let life = Arc::new(Life {
            active_at: AtomicI64::new(since.ms()),
            locked: AtomicBool::new(false),
            over: AtomicBool::new(false),
        });
        let entry = Entry { roll: self.clone(), id, presence: presence.clone(), life: Arc::clone(&life) };
        rows.1.insert(id, Row { actor, key, presence, life, wire, orders });
        self.0.present.send_replace(rows.1.len());
        (entry, receiver)
    }

    /// Who is here.
    pub fn present(&self) -> Vec<Present> {
        self.lock()
            .1
            .iter()
            .map(|(id, row)| Present {
                id: *id,
                actor: row.actor.clone(),
                key: row.key.clone(),
                presence: row.presence(),
            })
            .collect()
    }

    /// The sessions that began before `before` and are not over, for the store.
    pub fn settled(&self, before: Timestamp) -> Vec<Presence> {
        let rows = self.lock();
        let settled = |row: &&Row| row.presence.began_at < before && !row.life.over.load(Ordering::Relaxed);
        rows.1.values().filter(settled).map(Row::presence).collect()
    }

    /// Whether a session is here and not over.
    pub fn is_here(&self, session: &SessionId) -> bool {
        let rows = self.lock();
        let row = rows.1.values().find(|row| row.presence.id == *session);
        row.is_some_and(|row| !row.life.over.load(Ordering::Relaxed))
    }

    /// Gives a session, by its public id, an order; false when it is not here or takes no more.
    pub fn order_by_name(&self, session: &SessionId, order: Order) -> bool {
        let rows = self.lock();
        let row = rows.1.values().find(|row| row.presence.id == *session);
        row.is_some_and(|row| row.orders.try_send(order).is_ok())
    }

    /// Tells everybody who was here at that time what was said to them; how many took it.
    pub fn tell(&self, said: &BroadcastRow) -> usize {
        let rows = self.lock();
        let older = rows.1.values().filter(|row| row.presence.began_at <= said.at);
        older.filter(|row| row.orders.try_send(Order::Tell(said.clone())).is_ok()).count()
    }

    /// Gives one session an order; false when it is gone or takes no more.
    pub fn order(&self, id: u64, order: Order) -> bool {
        self.lock().1.get(&id).is_some_and(|row| row.orders.try_send(order).is_ok())
    }

    /// Gives every session an order; how many took it.
    pub fn order_all(&self, order: &Order) -> usize {
        self.lock().1.values().filter(|row| row.orders.try_send(order.clone()).is_ok()).count()
    }

    /// Cuts every connection that still has a session.
    pub fn cut_all(&self) {
        for row in self.lock().1.values() {
            row.wire.cut();
        }
    }

    /// Waits until nobody is here.
    pub async fn emptied(&self) {
        let mut present = self.0.present.subscribe();
        // The sender lives as long as the roll.
        let _ = present.wait_for(|count| *count == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Row>)> {
        // Rows hold at every step: a panic elsewhere leaves them right.
        self.0.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session's row for as long as it runs.
#[derive(Debug)]
pub struct Entry {
    roll: Roll,
    /// Its number in the roll.
    pub id: u64,
    /// What others may know of it, as it began.
    pub presence: Presence,
    /// What it does.
    pub life: Arc<Life>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut rows = self.roll.lock();
        rows.1.remove(&self.id);
        self.roll.0.present.send_replace(rows.1.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::id::StaffId;
    use crate::ssh::line::Line;

    fn enter(roll: &Roll, staff: &str) -> (Entry, mpsc::Receiver<Order>) {
        let staff = StaffId(staff.to_owned());
        let actor = Actor { staff, role: Role::Agent, name: "Lan".to_owned(), doctor: None };
        let (_, wire) = Line::new(tokio::io::empty(), 1, 1);
        let from = SocketAddr::from(([192, 0, 2, 1], 50_000));
        roll.enter(actor, Fingerprint::parse(&"x".repeat(43)).unwrap(), from, Timestamp(5), wire)
    }

    #[tokio::test]
    async fn a_session_is_on_the_roll_until_it_is_dropped() {
        let roll = Roll::default();
        let (lan, mut orders) = enter(&roll, "lan");
        let (thu, _) = enter(&roll, "thu");
        let here: Vec<_> = roll.present().iter().map(|p| p.actor.staff.to_string()).collect();
        assert_eq!(here, ["lan", "thu"]);
        assert!(roll.order(lan.id, Order::End(Why::Dismissed)));
        assert_eq!(orders.recv().await, Some(Order::End(Why::Dismissed)));
        let gone = lan.id;
        drop(lan);
        assert!(!roll.order(gone, Order::End(Why::Dismissed)));
        drop(thu);
        roll.emptied().await;
        assert!(roll.present().is_empty());
    }

    #[test]
    fn a_session_that_takes_no_orders_does_not_hold_up_the_others() {
        let roll = Roll::default();
        let (_lan, _full) = enter(&roll, "lan");
        let (_thu, mut open) = enter(&roll, "thu");
        let say = Order::Tell(BroadcastRow {
            id: 1,
            at: Timestamp(5),
            name: "Hà".to_owned(),
            body: "x".to_owned(),
        });
        for _ in 0..ORDERS {
            assert_eq!(roll.order_all(&say), 2);
            open.try_recv().unwrap();
        }
        assert_eq!(roll.order_all(&say), 1);
    }
}
