//! The loop of one session: events in → the screens' update → effects out → one frame. Generic over the
//! terminal; the local terminal is in [`local`].
//!
//! Invariants: the loop never waits for the store (a [`worker`] owns that, does jobs in order, and is awaited at
//! the end); everything that is there is taken before a frame is drawn, so a burst of keys is one frame; the only
//! thing on a timer is the one-second tick; what others changed is read again as [`refresh`] says.
//!
//! Deliberately absent: rules, SQL, and reading the machine's clock (it is handed in).

pub mod clock;
pub mod convert;
mod dispatch;
pub mod executor;
pub mod frame;
pub mod link;
pub mod local;
pub mod presence;
pub mod refresh;
mod run;
pub mod work;
pub mod worker;

#[cfg(test)]
mod live_tests;
#[cfg(test)]
mod tests;

pub use clock::SessionClock;
pub use dispatch::{SessionHost, carry_out, sign_in, take};
pub use executor::Executor;
pub use refresh::Refresh;
pub use run::{Ended, Hooks, Session, run};
pub use work::{Event, Work};
