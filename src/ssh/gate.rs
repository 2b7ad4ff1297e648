//! Who may come in, counted: connections that have not proved a key yet, and sessions.
//!
//! Invariants: every place is given back when its holder is dropped; a crowd of connections that say nothing
//! cannot keep people out: when the places are taken, the one that has said least for longest goes, and only
//! when all are in the middle of signing in is the newcomer turned away.

use super::limits::Limits;
use super::line::Wire;
use super::pace::Pace;
use crate::domain::ssh_key::Fingerprint;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A person signs in within this time; who takes longer may be pushed out by a newcomer.
const BUSY: Duration = Duration::from_secs(2);

/// The counts of one door.
#[derive(Debug)]
pub struct Gate {
    inside: Mutex<Inside>,
}

#[derive(Debug)]
struct Inside {
    limits: Limits,
    pace: Pace,
    next: u64,
    /// In the order in which they came.
    strangers: BTreeMap<u64, Stranger>,
    sessions: usize,
    by_key: HashMap<Fingerprint, usize>,
    turned_away: u64,
}

#[derive(Debug)]
struct Stranger {
    address: IpAddr,
    since: Instant,
    wire: Arc<Wire>,
}

/// Why a connection is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    /// All places are taken by people who are signing in.
    NoPlace,
    /// Too many come from its address.
    TooFast,
}

impl Away {
    /// The word in the figures.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoPlace => "no_place",
            Self::TooFast => "too_fast",
        }
    }
}

/// Why there is no place for another session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The house is full.
    House,
    /// This key has all the sessions it may have.
    Key,
}

impl Gate {
    /// An empty house.
    pub fn new(limits: Limits) -> Arc<Self> {
        let inside = Inside {
            limits,
            pace: Pace::default(),
            next: 0,
            strangers: BTreeMap::new(),
            sessions: 0,
            by_key: HashMap::new(),
            turned_away: 0,
        };
        Arc::new(Self { inside: Mutex::new(inside) })
    }

    /// From now on newcomers are counted against these bounds.
    pub fn rebound(&self, limits: Limits) {
        self.lock().limits = limits;
    }

    /// A place for a connection that has not proved a key yet.
    pub fn knock(self: &Arc<Self>, from: IpAddr, wire: &Arc<Wire>) -> Result<Knock, Away> {
        let address = neighbourhood(from);
        let mut inside = self.lock();
        let Inside { pace, limits, .. } = &mut *inside;
        if !pace.may_come(address, Instant::now(), limits) {
            inside.turned_away += 1;
            return Err(Away::TooFast);
        }
        let near = inside.strangers.values().filter(|stranger| stranger.address == address).count();
        let room = if near >= inside.limits.strangers_per_address {
            inside.push_out(|stranger| stranger.address == address)
        } else if inside.strangers.len() >= inside.limits.strangers {
            inside.push_out(|_| true)
        } else {
            true
        };
        if !room {
            inside.turned_away += 1;
            return Err(Away::NoPlace);
        }
        let id = inside.next;
        inside.next += 1;
        inside.strangers.insert(id, Stranger { address, since: Instant::now(), wire: Arc::clone(wire) });
        Ok(Knock { gate: Arc::clone(self), id })
    }

    /// A place for a session with `key`.
    pub fn seat(self: &Arc<Self>, key: &Fingerprint) -> Result<Seat, Full> {
        let mut inside = self.lock();
        if inside.sessions >= inside.limits.sessions {
            return Err(Full::House);
        }
        let most = inside.limits.sessions_per_key;
        let own = inside.by_key.entry(key.clone()).or_default();
        if *own >= most {
            return Err(Full::Key);
        }
        *own += 1;
        inside.sessions += 1;
        Ok(Seat { gate: Arc::clone(self), key: key.clone() })
    }

    /// Ends every connection that has not proved a key.
    pub fn clear_strangers(&self) {
        for stranger in self.lock().strangers.values() {
            stranger.wire.cut();
        }
    }

    /// How many were turned away or pushed out since this was asked last.
    pub fn take_turned_away(&self) -> u64 {
        std::mem::take(&mut self.lock().turned_away)
    }

    /// Connections without a proved key, and sessions.
    pub fn counts(&self) -> (usize, usize) {
        let inside = self.lock();
        (inside.strangers.len(), inside.sessions)
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        // Counts hold at every step: a panic elsewhere leaves them right.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// Makes room among those that `may` go; whether there is some.
    fn push_out(&mut self, may: impl Fn(&Stranger) -> bool) -> bool {
        let silent = self
            .strangers
            .iter()
            .find(|(_, stranger)| may(stranger) && stranger.wire.bytes().0 == 0)
            .or_else(|| self.strangers.iter().find(|(_, stranger)| may(stranger)))
            .filter(|(_, stranger)| stranger.wire.bytes().0 == 0 || stranger.since.elapsed() > BUSY)
            .map(|(id, _)| *id);
        let Some(gone) = silent.and_then(|id| self.strangers.remove(&id)) else { return false };
        gone.wire.cut();
        self.turned_away += 1;
        true
    }
}

/// The part of an address that one customer of a network has: an IPv4 address, the first 64 bits of an IPv6 one.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(long) => IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() >> 64 << 64)),
        short @ IpAddr::V4(_) => short,
    }
}

/// A place among those who have not proved a key.
#[derive(Debug)]
pub struct Knock {
    gate: Arc<Gate>,
    id: u64,
}

impl Drop for Knock {
    fn drop(&mut self) {
        self.gate.lock().strangers.remove(&self.id);
    }
}

/// A session's place.
#[derive(Debug)]
pub struct Seat {
    gate: Arc<Gate>,
    key: Fingerprint,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut inside = self.gate.lock();
        inside.sessions = inside.sessions.saturating_sub(1);
        if let Some(own) = inside.by_key.get_mut(&self.key) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                inside.by_key.remove(&self.key);
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
            strangers: 4,
            strangers_per_address: 2,
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
        let first_place = gate.knock(address(1), &first_wire).unwrap();
        let _second_place = gate.knock(address(1), &second_wire).unwrap();
        talking.write_all(b"SSH").await.unwrap();
        second.read_u8().await.unwrap();
        let (_client, _line, wire) = line();
        let _third = gate.knock(address(1), &wire).unwrap();
        assert!(first.read_u8().await.is_err(), "the silent one was cut");
        drop(first_place);
        assert_eq!(gate.counts().0, 2);
        assert_eq!(gate.take_turned_away(), 1);
    }

    #[tokio::test]
    async fn who_is_signing_in_is_not_pushed_out() {
        let gate = gate();
        let mut kept = Vec::new();
        for _ in 0..2 {
            let (mut client, mut line, wire) = line();
            let place = gate.knock(address(1), &wire);
            client.write_all(b"SSH").await.unwrap();
            line.read_u8().await.unwrap();
            kept.push((client, line, place.unwrap()));
        }
        let (_client, _line, wire) = line();
        assert_eq!(gate.knock(address(1), &wire).unwrap_err(), Away::NoPlace);
        assert!(gate.knock(address(2), &wire).is_ok(), "another address has its own places");
        kept.clear();
        assert!(gate.knock(address(1), &wire).is_ok());
    }

    #[test]
    fn a_network_of_addresses_counts_as_one_neighbour() {
        let near = |text: &str| neighbourhood(text.parse().unwrap());
        assert_eq!(near("2001:db8::1"), near("2001:db8::ffff:1"));
        assert_ne!(near("2001:db8::1"), near("2001:db8:0:1::1"));
        assert_eq!(near("::ffff:192.0.2.7"), near("192.0.2.7"));
    }

    #[test]
    fn an_address_that_comes_too_fast_is_turned_away_before_it_takes_a_place() {
        let gate =
            Gate::new(Limits { connections_at_once: 2, connections_per_second: 1, ..Limits::default() });
        let (_, wire) = Line::new(tokio::io::empty(), 1, 1);
        let places: Vec<_> = (0..2).map(|_| gate.knock(address(1), &wire).unwrap()).collect();
        assert_eq!(gate.knock(address(1), &wire).unwrap_err(), Away::TooFast);
        drop(places);
        assert_eq!(
            gate.knock(address(1), &wire).unwrap_err(),
            Away::TooFast,
            "leaving does not buy a new try"
        );
        assert!(gate.knock(address(2), &wire).is_ok());
        assert_eq!(gate.take_turned_away(), 2);
        gate.rebound(Limits { connections_at_once: 4, ..Limits::default() });
        assert!(gate.knock(address(1), &wire).is_ok());
    }

    #[test]
    fn bounds_that_change_count_at_once_and_send_nobody_away() {
        let gate = gate();
        let [lan, thu] = ["l", "t"].map(|digit| Fingerprint::parse(&digit.repeat(43)).unwrap());
        let _two = [gate.seat(&lan).unwrap(), gate.seat(&lan).unwrap()];
        gate.rebound(Limits { sessions: 1, sessions_per_key: 1, ..Limits::default() });
        assert_eq!(gate.counts().1, 2);
        assert_eq!(gate.seat(&thu).unwrap_err(), Full::House);
        gate.rebound(Limits { sessions: 9, sessions_per_key: 3, ..Limits::default() });
        let _third = gate.seat(&lan).unwrap();
        assert_eq!(gate.seat(&lan).unwrap_err(), Full::Key);
    }

    #[test]
    fn sessions_are_counted_in_all_and_by_key() {
        let gate = gate();
        let [lan, thu] = ["l", "t"].map(|digit| Fingerprint::parse(&digit.repeat(43)).unwrap());
        let first = gate.seat(&lan).unwrap();
        let _second = gate.seat(&lan).unwrap();
        assert_eq!(gate.seat(&lan).unwrap_err(), Full::Key);
        let _third = gate.seat(&thu).unwrap();
        assert_eq!(gate.seat(&thu).unwrap_err(), Full::House);
        drop(first);
        assert!(gate.seat(&lan).is_ok());
    }
}
