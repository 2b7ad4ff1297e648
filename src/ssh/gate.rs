//! Admits connections and sessions against their limits: slots for unauthenticated connections, and slots for
//! sessions.
//!
//! Invariants:
//! - a slot is given back when its holder is dropped;
//! - many silent connections cannot keep users out: when all login slots are taken, the oldest silent connection is
//!   cut, and only when all of them are in the middle of signing in is the new one turned away.

use super::limits::Limits;
use super::line::Wire;
use super::pace::Pace;
use crate::domain::ssh_key::Fingerprint;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A login takes less than this; a connection that takes longer may be cut for a new one.
const BUSY: Duration = Duration::from_secs(2);

/// The slots of one server.
#[derive(Debug)]
pub struct Gate {
    state: Mutex<GateState>,
}

#[derive(Debug)]
struct GateState {
    limits: Limits,
    pace: Pace,
    next: u64,
    /// Unauthenticated connections, oldest first.
    pending: BTreeMap<u64, Pending>,
    sessions: usize,
    by_key: HashMap<Fingerprint, usize>,
    turned_away: u64,
}

#[derive(Debug)]
struct Pending {
    address: IpAddr,
    since: Instant,
    wire: Arc<Wire>,
}

/// Why a connection is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// All login slots are taken by connections that are signing in.
    NoSlot,
    /// Too many connections come from its address.
    TooFast,
}

impl Rejected {
    /// The public code in the metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSlot => "no_place",
            Self::TooFast => "too_fast",
        }
    }
}

/// Why there is no slot for another session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The server has as many sessions as it may.
    Server,
    /// This key has as many sessions as it may.
    Key,
}

impl Gate {
    /// All slots free.
    pub fn new(limits: Limits) -> Arc<Self> {
        let state = GateState {
            limits,
            pace: Pace::default(),
            next: 0,
            pending: BTreeMap::new(),
            sessions: 0,
            by_key: HashMap::new(),
            turned_away: 0,
        };
        Arc::new(Self { state: Mutex::new(state) })
    }

    /// Counts new connections and sessions against these limits from now on.
    pub fn set_limits(&self, limits: Limits) {
        self.lock().limits = limits;
    }

    /// A slot for an unauthenticated connection.
    ///
    /// # Errors
    /// Why the connection is turned away.
    pub fn login_slot(self: &Arc<Self>, from: IpAddr, wire: &Arc<Wire>) -> Result<LoginSlot, Rejected> {
        let address = network_of(from);
        let mut state = self.lock();
        let GateState { pace, limits, .. } = &mut *state;
        if !pace.may_come(address, Instant::now(), limits) {
            state.turned_away += 1;
            return Err(Rejected::TooFast);
        }
        let near = state.pending.values().filter(|pending| pending.address == address).count();
        let room = if near >= state.limits.unauthenticated_per_address {
            state.push_out(|pending| pending.address == address)
        } else if state.pending.len() >= state.limits.unauthenticated {
            state.push_out(|_| true)
        } else {
            true
        };
        if !room {
            state.turned_away += 1;
            return Err(Rejected::NoSlot);
        }
        let id = state.next;
        state.next += 1;
        state.pending.insert(id, Pending { address, since: Instant::now(), wire: Arc::clone(wire) });
        Ok(LoginSlot { gate: Arc::clone(self), id })
    }

    /// A slot for a session with `key`.
    ///
    /// # Errors
    /// Which limit is reached.
    pub fn session_slot(self: &Arc<Self>, key: &Fingerprint) -> Result<SessionSlot, Full> {
        let mut state = self.lock();
        if state.sessions >= state.limits.sessions {
            return Err(Full::Server);
        }
        let most = state.limits.sessions_per_key;
        let own = state.by_key.entry(key.clone()).or_default();
        if *own >= most {
            return Err(Full::Key);
        }
        *own += 1;
        state.sessions += 1;
        Ok(SessionSlot { gate: Arc::clone(self), key: key.clone() })
    }

    /// Cuts every unauthenticated connection.
    pub fn cut_unauthenticated(&self) {
        for pending in self.lock().pending.values() {
            pending.wire.cut();
        }
    }

    /// Returns how many connections were turned away or cut for new ones since the last call.
    pub fn take_turned_away(&self) -> u64 {
        std::mem::take(&mut self.lock().turned_away)
    }

    /// Unauthenticated connections, and sessions.
    pub fn counts(&self) -> (usize, usize) {
        let state = self.lock();
        (state.pending.len(), state.sessions)
    }

    fn lock(&self) -> MutexGuard<'_, GateState> {
        // Counts are valid at every step, so a panic elsewhere leaves them valid.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GateState {
    /// Cuts one connection among those that `may` be cut; returns whether there is room.
    fn push_out(&mut self, may: impl Fn(&Pending) -> bool) -> bool {
        let silent = self
            .pending
            .iter()
            .find(|(_, pending)| may(pending) && pending.wire.bytes().0 == 0)
            .or_else(|| self.pending.iter().find(|(_, pending)| may(pending)))
            .filter(|(_, pending)| pending.wire.bytes().0 == 0 || pending.since.elapsed() > BUSY)
            .map(|(id, _)| *id);
        let Some(gone) = silent.and_then(|id| self.pending.remove(&id)) else { return false };
        gone.wire.cut();
        self.turned_away += 1;
        true
    }
}

/// The network that one subscriber has: an IPv4 address, or the first 64 bits of an IPv6 one.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(long) => IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() >> 64 << 64)),
        short @ IpAddr::V4(_) => short,
    }
}

/// The slot of an unauthenticated connection; given back on drop.
#[derive(Debug)]
pub struct LoginSlot {
    gate: Arc<Gate>,
    id: u64,
}

impl Drop for LoginSlot {
    fn drop(&mut self) {
        self.gate.lock().pending.remove(&self.id);
    }
}

/// The slot of a session; given back on drop.
#[derive(Debug)]
pub struct SessionSlot {
    gate: Arc<Gate>,
    key: Fingerprint,
}

impl Drop for SessionSlot {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.sessions = state.sessions.saturating_sub(1);
        if let Some(own) = state.by_key.get_mut(&self.key) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                state.by_key.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssh::line::Line;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    fn gate() -> Arc<Gate> {
        let limits = Limits {
            unauthenticated: 4,
            unauthenticated_per_address: 2,
            sessions: 3,
            sessions_per_key: 2,
            ..Limits::default()
        };
        Gate::new(limits)
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn line() -> (DuplexStream, Line<DuplexStream>, Arc<Wire>) {
        let (client, server) = duplex(64);
        let (line, wire) = Line::new(server, 1000, 1000);
        (client, line, wire)
    }

    #[tokio::test]
    async fn a_silent_connection_makes_room_for_a_newcomer_from_its_address() {
        let gate = gate();
        let (_silent, mut first, first_wire) = line();
        let (mut talking, mut second, second_wire) = line();
        let first_slot = gate.login_slot(address(1), &first_wire).unwrap();
        let _second_slot = gate.login_slot(address(1), &second_wire).unwrap();
        talking.write_all(b"SSH").await.unwrap();
        second.read_u8().await.unwrap();
        let (_client, _line, wire) = line();
        let _third = gate.login_slot(address(1), &wire).unwrap();
        assert!(first.read_u8().await.is_err(), "the silent one was cut");
        drop(first_slot);
        assert_eq!(gate.counts().0, 2);
        assert_eq!(gate.take_turned_away(), 1);
    }

    #[tokio::test]
    async fn a_connection_that_is_signing_in_is_not_cut() {
        let gate = gate();
        let mut kept = Vec::new();
        for _ in 0..2 {
            let (mut client, mut line, wire) = line();
            let slot = gate.login_slot(address(1), &wire);
            client.write_all(b"SSH").await.unwrap();
            line.read_u8().await.unwrap();
            kept.push((client, line, slot.unwrap()));
        }
        let (_client, _line, wire) = line();
        assert_eq!(gate.login_slot(address(1), &wire).unwrap_err(), Rejected::NoSlot);
        assert!(gate.login_slot(address(2), &wire).is_ok(), "another address has slots of its own");
        kept.clear();
        assert!(gate.login_slot(address(1), &wire).is_ok());
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let near = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(near("2001:db8::1"), near("2001:db8::ffff:1"));
        assert_ne!(near("2001:db8::1"), near("2001:db8:0:1::1"));
        assert_eq!(near("::ffff:192.0.2.7"), near("192.0.2.7"));
    }

    #[test]
    fn an_address_that_comes_too_fast_is_turned_away_before_it_takes_a_slot() {
        let gate =
            Gate::new(Limits { connections_at_once: 2, connections_per_second: 1, ..Limits::default() });
        let (_, wire) = Line::new(tokio::io::empty(), 1, 1);
        let slots: Vec<_> = (0..2).map(|_| gate.login_slot(address(1), &wire).unwrap()).collect();
        assert_eq!(gate.login_slot(address(1), &wire).unwrap_err(), Rejected::TooFast);
        drop(slots);
        assert_eq!(
            gate.login_slot(address(1), &wire).unwrap_err(),
            Rejected::TooFast,
            "leaving does not buy a new try"
        );
        assert!(gate.login_slot(address(2), &wire).is_ok());
        assert_eq!(gate.take_turned_away(), 2);
        gate.set_limits(Limits { connections_at_once: 4, ..Limits::default() });
        assert!(gate.login_slot(address(1), &wire).is_ok());
    }

    #[test]
    fn bounds_that_change_count_at_once_and_send_nobody_away() {
        let gate = gate();
        let [lan, thu] = ["l", "t"].map(|digit| Fingerprint::parse(&digit.repeat(43)).unwrap());
        let _two = [gate.session_slot(&lan).unwrap(), gate.session_slot(&lan).unwrap()];
        gate.set_limits(Limits { sessions: 1, sessions_per_key: 1, ..Limits::default() });
        assert_eq!(gate.counts().1, 2);
        assert_eq!(gate.session_slot(&thu).unwrap_err(), Full::Server);
        gate.set_limits(Limits { sessions: 9, sessions_per_key: 3, ..Limits::default() });
        let _third = gate.session_slot(&lan).unwrap();
        assert_eq!(gate.session_slot(&lan).unwrap_err(), Full::Key);
    }

    #[test]
    fn sessions_are_counted_in_all_and_by_key() {
        let gate = gate();
        let [lan, thu] = ["l", "t"].map(|digit| Fingerprint::parse(&digit.repeat(43)).unwrap());
        let first = gate.session_slot(&lan).unwrap();
        let _second = gate.session_slot(&lan).unwrap();
        assert_eq!(gate.session_slot(&lan).unwrap_err(), Full::Key);
        let _third = gate.session_slot(&thu).unwrap();
        assert_eq!(gate.session_slot(&thu).unwrap_err(), Full::Server);
        drop(first);
        assert!(gate.session_slot(&lan).is_ok());
    }
}
