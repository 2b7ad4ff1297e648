//! The session registry: the sessions that run now, with actor, origin and start, and a queue of orders for each.
//!
//! Invariant: an order never waits for a session; a full queue refuses it.
//!
//! Deliberately absent: what is on the screens.

use super::line::Wire;
use crate::domain::actor::Actor;
use crate::domain::session::{EndedBy, Entrance, Presence, SessionId};
use crate::domain::ssh_key::Fingerprint;
use crate::domain::time::Timestamp;
use crate::session::presence::new_presence;
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
pub enum EndReason {
    /// The user left.
    Left,
    /// The connection was lost or closed by the client.
    Lost,
    /// The client broke the protocol.
    Protocol,
    /// No key was verified in time.
    LoginTime,
    /// No screen was opened in time.
    SettleTime,
    /// The session lasted as long as it may.
    TooLong,
    /// The key was removed, or its staff member is disabled or has another role.
    KeyGone,
    /// A supervisor ended it.
    Dismissed,
    /// The user continued in a newer session.
    TakenOver,
    /// The server stops.
    Stopping,
    /// The session failed; the log has the incident.
    Failed,
    /// There was no terminal, or one that shows no screens.
    NoTerminal,
    /// There was no free slot.
    Full,
}

impl EndReason {
    /// The word in the log and the figures.
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

impl From<EndedBy> for EndReason {
    fn from(by: EndedBy) -> Self {
        match by {
            EndedBy::Supervisor => Self::Dismissed,
            EndedBy::TakeOver => Self::TakenOver,
            EndedBy::Revoked => Self::KeyGone,
        }
    }
}

/// An order for a running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Show a broadcast.
    Broadcast(BroadcastRow),
    /// End for this reason.
    End(EndReason),
}

/// A session as the registry knows it.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    /// Its number in the registry; never reused.
    pub id: u64,
    /// The staff member.
    pub actor: Actor,
    /// The verified key.
    pub key: Fingerprint,
    /// What the store shows of it.
    pub presence: Presence,
}

/// The activity of a session, readable from other tasks.
#[derive(Debug)]
pub struct Activity {
    active_at: AtomicI64,
    locked: AtomicBool,
    over: AtomicBool,
}

impl Activity {
    /// Notes input from the user.
    pub fn touch(&self, now: Timestamp) {
        self.active_at.store(now.ms(), Ordering::Relaxed);
    }

    /// Notes whether the screen is locked.
    pub fn set_locked(&self, locked: bool) {
        self.locked.store(locked, Ordering::Relaxed);
    }

    /// Notes that it has left the store; its client may still get the goodbye.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Row {
    actor: Actor,
    key: Fingerprint,
    presence: Presence,
    activity: Arc<Activity>,
    wire: Arc<Wire>,
    orders: mpsc::Sender<Order>,
}

impl Row {
    fn presence(&self) -> Presence {
        Presence {
            active_at: Timestamp(self.activity.active_at.load(Ordering::Relaxed)),
            locked: self.activity.locked.load(Ordering::Relaxed),
            bytes: self.wire.bytes(),
            ..self.presence.clone()
        }
    }
}

/// The session registry of one server. Clones share it.
#[derive(Debug, Clone)]
pub struct Registry(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rows: Mutex<(u64, BTreeMap<u64, Row>)>,
    present: watch::Sender<usize>,
}

impl Default for Registry {
    fn default() -> Self {
        Self(Arc::new(Inner { rows: Mutex::default(), present: watch::Sender::new(0) }))
    }
}

impl Registry {
    /// Adds a session; its orders come through the receiver.
    pub fn insert(
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
        let presence = new_presence(&actor.staff, Entrance::Ssh, &origin, Some(key.clone()), since);
        let activity = Arc::new(Activity {
            active_at: AtomicI64::new(since.ms()),
            locked: AtomicBool::new(false),
            over: AtomicBool::new(false),
        });
        let entry =
            Entry { registry: self.clone(), id, presence: presence.clone(), activity: Arc::clone(&activity) };
        rows.1.insert(id, Row { actor, key, presence, activity, wire, orders });
        self.0.present.send_replace(rows.1.len());
        (entry, receiver)
    }

    /// All sessions, oldest first.
    pub fn present(&self) -> Vec<SessionInfo> {
        self.lock()
            .1
            .iter()
            .map(|(id, row)| SessionInfo {
                id: *id,
                actor: row.actor.clone(),
                key: row.key.clone(),
                presence: row.presence(),
            })
            .collect()
    }

    /// The sessions that began before `before` and have not left: those of the heartbeat.
    pub fn established(&self, before: Timestamp) -> Vec<Presence> {
        let rows = self.lock();
        let established =
            |row: &&Row| row.presence.began_at < before && !row.activity.over.load(Ordering::Relaxed);
        rows.1.values().filter(established).map(Row::presence).collect()
    }

    /// Whether a session runs and has not left.
    pub fn contains(&self, session: &SessionId) -> bool {
        let rows = self.lock();
        let row = rows.1.values().find(|row| row.presence.id == *session);
        row.is_some_and(|row| !row.activity.over.load(Ordering::Relaxed))
    }

    /// Gives an order to a session by its public id; false when it is gone or its queue is full.
    pub fn order_session(&self, session: &SessionId, order: Order) -> bool {
        let rows = self.lock();
        let row = rows.1.values().find(|row| row.presence.id == *session);
        row.is_some_and(|row| row.orders.try_send(order).is_ok())
    }

    /// Gives a broadcast to every session that is older than it; returns how many took it.
    pub fn broadcast(&self, broadcast: &BroadcastRow) -> usize {
        let rows = self.lock();
        let older = rows.1.values().filter(|row| row.presence.began_at <= broadcast.at);
        older.filter(|row| row.orders.try_send(Order::Broadcast(broadcast.clone())).is_ok()).count()
    }

    /// Gives an order to a session by its number; false when it is gone or its queue is full.
    pub fn order(&self, id: u64, order: Order) -> bool {
        self.lock().1.get(&id).is_some_and(|row| row.orders.try_send(order).is_ok())
    }

    /// Gives an order to every session; returns how many took it.
    pub fn order_all(&self, order: &Order) -> usize {
        self.lock().1.values().filter(|row| row.orders.try_send(order.clone()).is_ok()).count()
    }

    /// Cuts the connection of every session.
    pub fn cut_all(&self) {
        for row in self.lock().1.values() {
            row.wire.cut();
        }
    }

    /// Waits until no session is left.
    pub async fn emptied(&self) {
        let mut present = self.0.present.subscribe();
        // The sender lives as long as the registry.
        let _ = present.wait_for(|count| *count == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Row>)> {
        // Rows are valid at every step, so a panic elsewhere leaves them valid.
        self.0.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The row of a running session; dropping it removes the row.
#[derive(Debug)]
pub struct Entry {
    registry: Registry,
    /// Its number in the registry.
    pub id: u64,
    /// What the store shows of it, as it began.
    pub presence: Presence,
    /// Its activity.
    pub activity: Arc<Activity>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut rows = self.registry.lock();
        rows.1.remove(&self.id);
        self.registry.0.present.send_replace(rows.1.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::id::StaffId;
    use crate::ssh::line::Line;

    fn enter(registry: &Registry, staff: &str) -> (Entry, mpsc::Receiver<Order>) {
        let staff = StaffId(staff.to_owned());
        let actor = Actor { staff, role: Role::Agent, name: "Lan".to_owned(), doctor: None };
        let (_, wire) = Line::new(tokio::io::empty(), 1, 1);
        let from = SocketAddr::from(([192, 0, 2, 1], 50_000));
        registry.insert(actor, Fingerprint::parse(&"x".repeat(43)).unwrap(), from, Timestamp(5), wire)
    }

    #[tokio::test]
    async fn a_session_is_registered_until_it_is_dropped() {
        let registry = Registry::default();
        let (lan, mut orders) = enter(&registry, "lan");
        let (thu, _) = enter(&registry, "thu");
        let here: Vec<_> = registry.present().iter().map(|p| p.actor.staff.to_string()).collect();
        assert_eq!(here, ["lan", "thu"]);
        assert!(registry.order(lan.id, Order::End(EndReason::Dismissed)));
        assert_eq!(orders.recv().await, Some(Order::End(EndReason::Dismissed)));
        let gone = lan.id;
        drop(lan);
        assert!(!registry.order(gone, Order::End(EndReason::Dismissed)));
        drop(thu);
        registry.emptied().await;
        assert!(registry.present().is_empty());
    }

    #[test]
    fn a_session_that_takes_no_orders_does_not_hold_up_the_others() {
        let registry = Registry::default();
        let (_lan, _full) = enter(&registry, "lan");
        let (_thu, mut open) = enter(&registry, "thu");
        let say = Order::Broadcast(BroadcastRow {
            id: 1,
            at: Timestamp(5),
            name: "Hà".to_owned(),
            body: "x".to_owned(),
        });
        for _ in 0..ORDERS {
            assert_eq!(registry.order_all(&say), 2);
            open.try_recv().unwrap();
        }
        assert_eq!(registry.order_all(&say), 1);
    }
}
