//! The parts that all kinds of calls share: the call desk ([`desk`]) with its keys ([`keys`]), the card of the leased
//! customer ([`panel`], [`card`]), the script ([`script`]), the results ([`results`], [`detail`]) and the queue
//! ([`queue`], [`waiting`]). Outbound calls, surveys and Vinmec's intake use them.
//!
//! Invariants:
//! * only the holder of a lease sees its card;
//! * the lease is prolonged well before it ends while the card is open;
//! * the agent's note is saved with every result.

pub mod card;
pub mod desk;
pub mod detail;
pub mod results;
#[macro_use]
pub mod keys;
pub mod merge;
pub mod panel;
pub mod queue;
pub mod script;
pub mod waiting;
pub mod when;
