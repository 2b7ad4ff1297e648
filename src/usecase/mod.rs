//! The one door. Everything that changes data is a [`Command`], everything read is a [`Query`]; both are plain
//! data. Screens, SSH sessions, `tongdai exec`, imports, tests and the load generator all come through here,
//! so that a rule and a permission exist once.
//!
//! Invariants: one command is one transaction; it is authorised once, in [`door::execute`]; it leaves one audit
//! row without health text; the same operation id acts once.
//!
//! Deliberately absent: a clock (callers hand in `now`), sentences (they are in `locales/`), SQL (in `store`).

// Compiled from the day that domain::campaign and domain::audit stand:
// mod admin;
// mod booking;
// mod fanpage;
// mod handover;
// mod intake;
// mod optout;
// mod outbound;
// mod overview;
// mod queue;
// mod registration;
// mod roster;
// mod search;
// mod survey;
// pub mod door;
pub mod command;
pub mod error;
pub mod model;
pub mod query;
pub mod receipt;

pub use command::Command;
pub use error::Error;
pub use query::{Query, Snapshot};
pub use receipt::Receipt;
