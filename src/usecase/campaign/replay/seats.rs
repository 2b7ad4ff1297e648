//! Knows how many seats were taken, and how many customers waited, at any time of the replayed days.

use crate::domain::contact::SeatsAndWaitlist;
use crate::domain::time::Timestamp;
use crate::store::history::{self, SeatTimes};
use crate::store::{StoreError, Tx};

/// Seats and waitlist over time.
#[derive(Debug, Default)]
pub(super) struct SeatHistory {
    /// From when on: taken, waiting.
    steps: Vec<(Timestamp, i64, i64)>,
}

impl SeatHistory {
    /// Reads the registrations, page by page; what happened before `since` is summed up.
    pub(super) fn read(tx: &mut Tx<'_>, since: Timestamp) -> Result<Self, StoreError> {
        let mut changes: Vec<(Timestamp, i64, i64)> = vec![(since, 0, 0)];
        let mut after = 0;
        loop {
            let page = history::list_seat_times(tx, after)?;
            let Some(last) = page.last() else { break };
            after = last.registration;
            for change in page.iter().flat_map(changes_of) {
                match changes.first_mut() {
                    Some(first) if change.0 <= since => {
                        first.1 += change.1;
                        first.2 += change.2;
                    }
                    _ => changes.push(change),
                }
            }
        }
        changes.sort_unstable_by_key(|change| change.0);
        let (mut taken, mut waiting) = (0, 0);
        let steps = changes.into_iter().map(|(at, seat, place)| {
            taken += seat;
            waiting += place;
            (at, taken, waiting)
        });
        Ok(Self { steps: steps.collect() })
    }

    /// As it stood at an instant, with so many seats in all.
    pub(super) fn at(&self, at: Timestamp, quota: i64) -> SeatsAndWaitlist {
        let before = self.steps.partition_point(|step| step.0 <= at);
        let (_, taken, waitlisted) =
            before.checked_sub(1).and_then(|last| self.steps.get(last)).copied().unwrap_or_default();
        SeatsAndWaitlist { quota, taken, waitlisted }
    }
}

/// When a registration took and left a seat, or a place on the waitlist.
fn changes_of(times: &SeatTimes) -> Vec<(Timestamp, i64, i64)> {
    let SeatTimes { at, seated_at, cancelled_at, .. } = *times;
    let mut changes = Vec::new();
    let waited = seated_at.is_none_or(|seated_at| seated_at > at);
    if waited {
        changes.push((at, 0, 1));
        changes.extend(seated_at.or(cancelled_at).map(|ends| (ends, 0, -1)));
    }
    if let Some(seated_at) = seated_at {
        changes.push((seated_at, 1, 0));
        changes.extend(cancelled_at.map(|ends| (ends, -1, 0)));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promoted_registration_leaves_the_waitlist_for_its_seat_and_then_the_seat() {
        let [made, seated, cancelled] = [1, 2, 3].map(Timestamp);
        let of = |seated_at, cancelled_at| {
            changes_of(&SeatTimes { registration: 1, at: made, seated_at, cancelled_at })
        };
        assert_eq!(of(Some(made), None), [(made, 1, 0)]);
        assert_eq!(of(None, Some(cancelled)), [(made, 0, 1), (cancelled, 0, -1)]);
        let promoted = [(made, 0, 1), (seated, 0, -1), (seated, 1, 0), (cancelled, -1, 0)];
        assert_eq!(of(Some(seated), Some(cancelled)), promoted);
    }
}
