//! What every kind of call shares: the card of the customer under lease ([`panel`], [`card`]), what the agent
//! reads aloud ([`script`]), the ways a call can end ([`ending`], [`detail`]) and the queue behind it
//! ([`queue`], [`waiting`]). Outbound calls, surveys and Vinmec's intake stand on it.
//!
//! Invariants: a card is shown only to whoever holds its lease; the lease is prolonged well before it ends while
//! the card is open; what the agent noted goes with the ending, whichever it is. Deliberately absent: keys. Each
//! screen has its own binding table.

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
