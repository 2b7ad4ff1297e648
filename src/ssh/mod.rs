//! The SSH server: authenticates staff members by their public keys and gives each session the screens.
//!
//! Invariants:
//! - an unauthenticated connection costs little and is closed soon;
//! - every bound stands in [`Limits`];
//! - one session cannot slow down, fill up or end another;
//! - of a client only its address and the kind of its terminal reach the log.
//!
//! Deliberately absent: commands, files, forwarding, passwords and environment variables. Each is refused at once.

mod algorithms;
mod close_reason;
mod connection;
mod count;
mod decode;
mod gate;
mod heartbeat;
pub mod host_key;
mod key_book;
mod limits;
mod line;
mod log_limit;
mod pace;
mod refresh;
mod registry;
mod runner;
mod screen;
mod server;
mod server_state;
mod session;
mod terminal;
mod token;

#[cfg(test)]
mod tests;

pub use count::Count;
pub use key_book::KeyBook;
pub use limits::{Limits, file as limits_file};
pub use registry::{EndReason, Order, Registry, SessionInfo};
pub use server::{listen, serve};
pub use server_state::{ServerState, Style};
pub use terminal::TerminalOptions;
