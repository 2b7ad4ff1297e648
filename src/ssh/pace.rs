//! Limits the rate of connections from each address: a burst, then so many a second.
//!
//! Invariants:
//! - a refused connection does not count, so that a client that waits is admitted;
//! - the number of remembered addresses is bounded; the one that was quiet for longest is dropped first.

use super::limits::Limits;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Instant;

/// Addresses that are remembered.
const ADDRESSES: usize = 4096;

/// The connections of each address, not yet paid for by time.
#[derive(Debug, Default)]
pub struct Pace(HashMap<IpAddr, Recent>);

#[derive(Debug, Clone, Copy)]
struct Recent {
    /// Connections that time has not paid for.
    owed: f64,
    last: Instant,
}

impl Recent {
    fn owed_at(self, now: Instant, limits: &Limits) -> f64 {
        let paid = now.saturating_duration_since(self.last).as_secs_f64();
        (self.owed - paid * f64::from(limits.connections_per_second)).max(0.0)
    }
}

impl Pace {
    /// Whether one more connection from `address` may come at `now`; if so, it is counted.
    pub fn may_come(&mut self, address: IpAddr, now: Instant, limits: &Limits) -> bool {
        if self.0.len() >= ADDRESSES && !self.0.contains_key(&address) {
            self.forget(now, limits);
        }
        let recent = self.0.entry(address).or_insert(Recent { owed: 0.0, last: now });
        let owed = recent.owed_at(now, limits) + 1.0;
        if owed > f64::from(limits.connections_at_once) {
            return false;
        }
        *recent = Recent { owed, last: now };
        true
    }

    /// Drops the addresses that owe nothing, or else the one that was quiet for longest.
    fn forget(&mut self, now: Instant, limits: &Limits) {
        self.0.retain(|_, recent| recent.owed_at(now, limits) > 0.0);
        if self.0.len() >= ADDRESSES
            && let Some(quiet) =
                self.0.iter().min_by_key(|(_, recent)| recent.last).map(|(address, _)| *address)
        {
            self.0.remove(&quiet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn limits() -> Limits {
        Limits { connections_at_once: 3, connections_per_second: 2, ..Limits::default() }
    }

    fn address(number: u32) -> IpAddr {
        IpAddr::V4(number.into())
    }

    #[test]
    fn some_come_at_once_and_then_so_many_a_second() {
        let (mut pace, limits, start) = (Pace::default(), limits(), Instant::now());
        let mut come = |from, ms| pace.may_come(address(from), start + Duration::from_millis(ms), &limits);
        assert_eq!([0; 5].map(|ms| come(1, ms)), [true, true, true, false, false]);
        assert!(come(2, 0), "another address has its own");
        assert_eq!([499, 500, 500, 999, 1000].map(|ms| come(1, ms)), [false, true, false, false, true]);
        assert_eq!([9000; 4].map(|ms| come(1, ms)), [true, true, true, false], "no more than at once, ever");
    }

    #[test]
    fn a_world_of_addresses_is_forgotten_from_its_quiet_end() {
        let (mut pace, limits, start) = (Pace::default(), limits(), Instant::now());
        let later = start + Duration::from_millis(1);
        for _ in 0..3 {
            assert!(pace.may_come(address(0), later, &limits));
        }
        for number in 1..10_000 {
            assert!(pace.may_come(address(number), start, &limits));
            assert!(pace.0.len() <= ADDRESSES);
        }
        assert!(!pace.may_come(address(0), later, &limits), "the one that is not quiet is remembered");
        assert!(pace.may_come(address(20_000), start + Duration::from_secs(2), &limits));
        assert_eq!(pace.0.len(), 1, "an address that owes nothing is dropped");
    }
}
