//! Runs the use cases. Everything that changes data is a [`Command`], everything read is a [`Query`]; both are plain
//! data. Screens, SSH sessions, `tongdai exec`, imports, tests and the load generator all use the one [`Door`], so
//! that a rule and a permission exist once.
//!
//! Invariants:
//! - one command is one transaction;
//! - it is authorised once, by `ctx::authorise`;
//! - it leaves one audit row without health text; opening the same again soon leaves none, and a seat whose time is over
//!   is given on with a row of its own;
//! - the same operation id acts once.
//!
//! Deliberately absent: a clock (callers hand in `now`), sentences (they are in `locales/`), SQL (in `store`).

mod admin;
mod booking;
mod campaign;
pub mod check;
pub mod command;
mod ctx;
mod dispatch;
pub mod door;
pub mod draft;
pub mod error;
pub mod export;
mod fanpage;
#[cfg(test)]
pub(crate) mod fixture;
mod handover;
mod holder;
pub mod import;
mod intake;
mod message;
pub mod migrate;
pub mod model;
mod opening;
mod optout;
mod outbound;
mod overview;
#[cfg(test)]
pub(crate) mod patience;
mod people;
pub mod pin;
pub mod programme;
pub mod query;
mod queue;
pub mod receipt;
mod registration;
mod roster;
mod search;
mod seat_release;
pub mod session;
mod survey;
mod task;
#[cfg(test)]
mod tests;

pub use command::Command;
pub use ctx::When;
pub use door::{Door, Request};
pub use error::Error;
pub use query::{Query, Snapshot};
pub use receipt::Receipt;

/// Topics that changed.
pub use crate::store::Topics;
