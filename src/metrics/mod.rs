//! Figures for whoever watches the host: what is counted, as text in the form that Prometheus reads, on a port of
//! this machine alone.
//!
//! Invariants: no personal data and no staff names, so that the number of series is bounded; whoever asks costs
//! one thread that all share, a bounded time and a bounded number of bytes.
//!
//! Deliberately absent: other addresses than this machine's own, encryption and passwords. What gathers figures
//! from afar stands on this machine or comes through a tunnel.

mod answerer;
mod page;
mod text;

pub use answerer::Answerer;
pub use page::page;
