//! Names the overview's counters and reads their sums over all writers. Counters change through [`Tx::count`] in the
//! transaction that changes the rows, so that the overview never scans calls.
//!
//! Deliberately absent: writing. Deltas are gathered per command and flushed once per group by the writer.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;
use chrono::{NaiveDate, Timelike};
use std::collections::BTreeMap;

/// Counters under one prefix at most.
const MOST: i64 = 20_000;
/// Offer matters with at least one recorded call.
pub const OFFER_CALLED: &str = "offer.called";
/// Offer matters in which a person answered at least once.
pub const OFFER_REACHED: &str = "offer.reached";
/// Customers on active lists.
pub const LIST_CUSTOMERS: &str = "list.customers";

/// What is counted of one agent's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentCount {
    /// Calls recorded.
    Calls,
    /// Calls that a person answered.
    Reached,
    /// Registrations made.
    Registered,
    /// Offer calls that a person answered.
    Offered,
    /// Offer calls that ended in a registration.
    Agreed,
    /// Seconds of talk.
    Talk,
    /// Seconds from the end of talk to the saved result.
    WrapUp,
    /// Seconds of pause.
    Pause,
}

impl AgentCount {
    /// The last part of the counter's name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Reached => "reached",
            Self::Registered => "registered",
            Self::Offered => "offered",
            Self::Agreed => "agreed",
            Self::Talk => "talk",
            Self::WrapUp => "wrap_up",
            Self::Pause => "pause",
        }
    }
}

/// Matters of a purpose in a state; those of loading lists are not counted.
pub fn matter(purpose: Purpose, state: MatterState) -> String {
    ["matter.", purpose.code(), ".", state.code()].concat()
}

/// Calls of a purpose that ended in a disposition.
pub fn disposition(purpose: Purpose, disposition: Disposition) -> String {
    ["disposition.", purpose.code(), ".", disposition.code()].concat()
}

/// Calls recorded in the hour of `at`, Vietnam time.
pub fn hour(at: Timestamp) -> String {
    let local = at.local();
    format!("hour.{}.{:02}", local.date(), local.hour())
}

/// Calls recorded on a day.
pub fn day_calls(day: NaiveDate) -> String {
    format!("day.{day}.calls")
}

/// Registrations of a day.
pub fn day_registered(day: NaiveDate) -> String {
    format!("day.{day}.registered")
}

/// One figure of an agent's day.
pub fn agent(day: NaiveDate, staff: &StaffId, what: AgentCount) -> String {
    format!("agent.{day}.{staff}.{}", what.code())
}

/// The value of one counter, summed over writers; 0 when nothing was ever counted. Deltas of the running
/// transaction's group are not in it yet.
pub fn sum(tx: &mut Tx<'_>, name: &str) -> Result<i64, StoreError> {
    tx.one("SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM counter WHERE name = ?1", args![name])?.int(0)
}

/// All counters whose name begins with `prefix`, summed over writers, at most 20 000.
pub fn sum_prefix(tx: &mut Tx<'_>, prefix: &str) -> Result<BTreeMap<String, i64>, StoreError> {
    // Names are ASCII, so every name with this prefix sorts below the prefix and a tilde.
    let end = format!("{prefix}~");
    tx.many(
        "SELECT name, CAST(SUM(value) AS BIGINT) FROM counter WHERE name >= ?1 AND name < ?2
         GROUP BY name ORDER BY name LIMIT ?3",
        args![prefix, end, MOST],
    )?
    .iter()
    .map(|row| Ok((row.text(0)?, row.int(1)?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn counts_become_visible_with_their_commit_and_add_up() {
        let store = Store::trial().unwrap();
        for delta in [3, 4, -2] {
            store
                .write(move |tx| -> Result<(), StoreError> {
                    tx.count(OFFER_CALLED, delta);
                    Ok(())
                })
                .unwrap();
        }
        let (called, absent) = store
            .read(|tx| -> Result<_, StoreError> { Ok((sum(tx, OFFER_CALLED)?, sum(tx, OFFER_REACHED)?)) })
            .unwrap();
        assert_eq!((called, absent), (5, 0));
    }

    #[test]
    fn a_prefix_finds_its_names_and_no_neighbours() {
        let store = Store::trial().unwrap();
        store
            .write(|tx| -> Result<(), StoreError> {
                for name in ["matter.offer.held", "matter.offer.waiting", "matter.survey.held", "matter"] {
                    tx.count(name, 1);
                }
                Ok(())
            })
            .unwrap();
        let found = store.read(|tx| sum_prefix(tx, "matter.offer.")).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["matter.offer.held", "matter.offer.waiting"]);
    }

    #[test]
    fn names_are_those_that_the_overview_reads() {
        let at = Timestamp::parse("2026-12-02T09:30:00+07:00").unwrap();
        let lan = StaffId("lan".to_owned());
        assert_eq!(hour(at), "hour.2026-12-02.09");
        assert_eq!(day_calls(at.date()), "day.2026-12-02.calls");
        assert_eq!(day_registered(at.date()), "day.2026-12-02.registered");
        assert_eq!(agent(at.date(), &lan, AgentCount::WrapUp), "agent.2026-12-02.lan.wrap_up");
        assert_eq!(matter(Purpose::Offer, MatterState::Held), "matter.offer.held");
        assert_eq!(disposition(Purpose::Survey, Disposition::Agreed), "disposition.survey.agreed");
    }
}
