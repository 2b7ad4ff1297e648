//! When to try again: at most three attempts, a different part of the day each time, inside the window. Offers: at
//! least 24 hours later; *busy* does not shorten it. Service calls: after a shorter gap, and the last attempt on a later
//! day than the one before it, so that the attempts cover at least two days.

use super::super::calendar::DayPart;
use super::super::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};
use super::{ContactLimits, Purpose};

/// The result of the retry plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Due again at that instant.
    At(Timestamp),
    /// No attempts left; the matter closes.
    UsedUp,
}

/// Steps in which the plan looks for another part of the day, in minutes.
const STEP_MINUTES: i64 = 15;

/// The bit of a part of the day in a history mask; the store keeps the mask per matter.
pub const fn day_part_bit(part: DayPart) -> i64 {
    1 << part as i64
}

/// The next attempt after `attempts` attempts (the last of them at `last_attempt_at`), where `parts_tried` holds
/// the [`day_part_bit`]s of all attempts so far. Never before `now`.
pub fn retry_plan(
    attempts: i64,
    last_attempt_at: Timestamp,
    parts_tried: i64,
    purpose: Purpose,
    limits: &ContactLimits,
    now: Timestamp,
) -> Next {
    if attempts >= limits.max_attempts(purpose) {
        return Next::UsedUp;
    }
    let window = limits.call_window(purpose);
    let is_offer = purpose.is_offer_contact();
    let hours = if is_offer { limits.offer_retry_hours } else { limits.service_retry_hours };
    let mut earliest = last_attempt_at.plus_ms(hours * HOUR_MS).max(now);
    let is_last = attempts + 1 >= limits.max_attempts(purpose);
    if !is_offer && is_last && attempts > 0 {
        earliest = earliest.max(Timestamp::end_of(last_attempt_at.date()).plus_ms(1));
    }
    let earliest = window.next_open(earliest);
    // One whole day from the earliest instant passes through every part of the window once.
    let grid = |at: Timestamp| Timestamp(at.ms() - at.ms().rem_euclid(STEP_MINUTES * MINUTE_MS));
    let later = (1..=DAY_MS / (STEP_MINUTES * MINUTE_MS))
        .map(|step| grid(earliest).plus_minutes(step * STEP_MINUTES));
    let fresh = std::iter::once(earliest)
        .chain(later)
        .find(|at| window.contains(*at) && day_part_bit(DayPart::of(*at)) & parts_tried == 0);
    Next::At(fresh.unwrap_or(earliest))
}
