//! Every limit of the SSH server. The defaults suit a site of a few hundred users; a file on the host changes them
//! ([`mod@file`]), and tests shorten the times.

pub mod file;

use std::time::Duration;

/// The limits of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte to a verified key.
    pub login: Duration,
    /// From a verified key to a running screen.
    pub settle: Duration,
    /// Keys or methods that may fail on one connection.
    pub attempts: usize,
    /// How long a refused attempt takes, whatever the reason was.
    pub refusal: Duration,
    /// Connections that may come from one address (IPv6: one /64) at once …
    pub connections_at_once: u32,
    /// … and, after these, in a second.
    pub connections_per_second: u32,
    /// Unauthenticated connections, in all.
    pub unauthenticated: usize,
    /// Unauthenticated connections from one address (IPv6: one /64).
    pub unauthenticated_per_address: usize,
    /// Sessions in all.
    pub sessions: usize,
    /// Sessions with one key.
    pub sessions_per_key: usize,
    /// Silence after which a keepalive is sent.
    pub keepalive: Duration,
    /// Keepalives without an answer after which the connection is lost.
    pub keepalives: usize,
    /// The longest a session lasts.
    pub session: Duration,
    /// Time without a key after which a screen locks; none: never.
    pub idle_lock: Option<Duration>,
    /// Bytes per second that one connection may send …
    pub bytes_per_second: u32,
    /// … after this many at once.
    pub burst: u32,
    /// Longest text of one paste, in bytes.
    pub paste: usize,
    /// Columns of the smallest screen.
    pub least_columns: u16,
    /// Rows of the smallest screen.
    pub least_rows: u16,
    /// Columns of the largest screen.
    pub most_columns: u16,
    /// Rows of the largest screen.
    pub most_rows: u16,
    /// From the order to stop until every session has ended and its writes are done.
    pub stop: Duration,
    /// How soon sessions end whose key was removed or whose staff member was disabled.
    pub recheck: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            login: Duration::from_secs(20),
            settle: Duration::from_secs(15),
            attempts: 3,
            refusal: Duration::from_millis(300),
            // A whole call centre may be behind one address, and all of it reconnects after an outage.
            connections_at_once: 2000,
            connections_per_second: 50,
            unauthenticated: 300,
            unauthenticated_per_address: 100,
            sessions: 600,
            sessions_per_key: 4,
            keepalive: Duration::from_secs(30),
            keepalives: 3,
            session: Duration::from_hours(14),
            idle_lock: None,
            bytes_per_second: 256 * 1024,
            burst: 1024 * 1024,
            paste: 256 * 1024,
            least_columns: 20,
            least_rows: 8,
            most_columns: 400,
            most_rows: 120,
            stop: Duration::from_secs(6),
            recheck: Duration::from_secs(2),
        }
    }
}

impl Limits {
    /// The size of a screen whose client reports `columns` by `rows`; a size of 0 means unknown
    /// (RFC 4254 §6.2) and becomes 80 by 24.
    pub fn size(&self, columns: u32, rows: u32) -> (u16, u16) {
        let side = |reported: u32, unknown: u16, least: u16, most: u16| {
            let side = if reported == 0 { unknown } else { u16::try_from(reported).unwrap_or(u16::MAX) };
            side.clamp(least, most)
        };
        (
            side(columns, 80, self.least_columns, self.most_columns),
            side(rows, 24, self.least_rows, self.most_rows),
        )
    }

    /// Open files that the server may need: one for each connection, and room for the store and the log.
    pub const fn files(&self) -> u64 {
        (self.unauthenticated + 2 * self.sessions + 256) as u64
    }

    /// Silence after which a connection is given up even while something is being written to it.
    pub fn silence(&self) -> Duration {
        self.keepalive.saturating_mul(u32::try_from(self.keepalives).unwrap_or(u32::MAX).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_clamped_and_an_unknown_one_is_the_classic() {
        let limits = Limits::default();
        assert_eq!(limits.size(0, 0), (80, 24));
        assert_eq!(limits.size(1, 1), (20, 8));
        assert_eq!(limits.size(132, 43), (132, 43));
        assert_eq!(limits.size(u32::MAX, 100_000), (400, 120));
    }
}
