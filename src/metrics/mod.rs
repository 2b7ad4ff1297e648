//! Serves metrics in the text format of Prometheus on a loopback port.
//!
//! Invariants:
//! - no personal data and no staff names, so that the number of series is bounded;
//! - all requests share one thread, and each has a bounded time and a bounded number of bytes.
//!
//! Deliberately absent: other addresses than loopback, encryption and passwords. A collector on another machine uses
//! an agent on this one or a tunnel.

mod answerer;
mod page;
mod text;

pub use answerer::Answerer;
pub use page::page;
