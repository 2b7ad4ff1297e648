//! Reads calls and registrations by day and hour, from the counters.

use crate::domain::time::Timestamp;
use crate::store::{Tx, counter};
use crate::usecase::error::Error;
use chrono::{NaiveDate, TimeDelta};
use std::collections::BTreeMap;

/// Days on the chart.
const CHART_DAYS: i64 = 14;
/// Days that are read, of which the pace takes the latest with any registration.
const READ_DAYS: usize = 400;

/// What was counted of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct DayCounts {
    /// Calls recorded.
    pub calls: i64,
    /// Registrations that took a seat.
    pub registered: i64,
}

/// The latest days on which anything was counted.
pub(super) fn days(tx: &mut Tx<'_>) -> Result<BTreeMap<NaiveDate, DayCounts>, Error> {
    let mut days: BTreeMap<NaiveDate, DayCounts> = BTreeMap::new();
    for (name, value) in counter::sum_prefix(tx, "day.")? {
        let mut parts = name.split('.').skip(1);
        let (Some(Ok(day)), Some(what)) = (parts.next().map(str::parse), parts.next()) else { continue };
        let counts = days.entry(day).or_default();
        match what {
            "calls" => counts.calls = value,
            "registered" => counts.registered = value,
            _ => {}
        }
    }
    let surplus = days.len().saturating_sub(READ_DAYS);
    Ok(days.into_iter().skip(surplus).collect())
}

/// Start, calls and registrations of the last 14 days, oldest first; days without any count are zero.
pub(super) fn last_days(
    days: &BTreeMap<NaiveDate, DayCounts>,
    today: NaiveDate,
) -> Vec<(Timestamp, i64, i64)> {
    (0..CHART_DAYS)
        .rev()
        .map(|back| today - TimeDelta::days(back))
        .map(|day| {
            let counts = days.get(&day).copied().unwrap_or_default();
            (Timestamp::start_of(day), counts.calls, counts.registered)
        })
        .collect()
}

/// Calls of a day by hour 0–23.
pub(super) fn calls_by_hour(tx: &mut Tx<'_>, day: NaiveDate) -> Result<Vec<i64>, Error> {
    let mut hours = vec![0; 24];
    for (name, value) in counter::sum_prefix(tx, &format!("hour.{day}."))? {
        let hour = name.rsplit('.').next().and_then(|hour| hour.parse::<usize>().ok());
        if let Some(calls) = hour.and_then(|hour| hours.get_mut(hour)) {
            *calls = value;
        }
    }
    Ok(hours)
}
