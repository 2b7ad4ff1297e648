//! A matter after an attempt to call: counted, and by the retry plan where nothing came of it.

use crate::domain::calendar::DayPart;
use crate::domain::contact::{ContactLimits, MatterState, Next, day_part_bit, retry_plan};
use crate::domain::disposition::Disposition;
use crate::domain::time::Timestamp;
use crate::store::matter::MatterRow;

/// The matter with an attempt at that time counted, still under its lease.
pub(super) fn attempted(at: Timestamp, row: &MatterRow, disposition: Disposition) -> MatterRow {
    let flags = disposition.flags();
    let counts = i64::from(flags.counts_as_attempt);
    MatterRow {
        attempts: row.attempts + counts,
        day_parts: row.day_parts | (counts * day_part_bit(DayPart::of(at))),
        last_rang_at: if flags.rang { row.last_rang_at.max(Some(at)) } else { row.last_rang_at },
        ..row.clone()
    }
}

/// The matter after an attempt at that time that reached nothing: by the retry plan.
pub(super) fn settled_after_attempt(
    tried: &MatterRow,
    at: Timestamp,
    now: Timestamp,
    limits: &ContactLimits,
) -> MatterRow {
    match retry_plan(tried.attempts, at, tried.day_parts, tried.purpose, limits, now) {
        Next::At(due_at) => MatterRow { due_at, ..tried.moved_to(MatterState::Waiting, None) },
        Next::UsedUp => tried.moved_to(MatterState::Closed, Some("attempts_used_up")),
    }
}
