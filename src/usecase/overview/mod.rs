//! Reads the overview: funnel, agents, charts, forecast, backlog. Calls and customers come from counters that the
//! commands keep in their own transactions; small tables are counted on request. One snapshot, no scan of calls.
//!
//! Deliberately absent: names of customers, numbers, health text.

mod agents;
mod charts;
mod forecast;
mod funnel;
mod seats;
#[cfg(test)]
mod tests;
pub(super) mod visible;

pub(super) use agents::agents;
pub(super) use funnel::funnel;
pub(super) use seats::{quota, status};

use super::ctx::Ctx;
use super::error::Error;
use super::model::count::{Forecast, Overview};
use super::survey;
use crate::domain::actor::Permission;
use crate::domain::time::Timestamp;
use crate::store::{Tx, overview as overview_rows, seat, sms as sms_rows};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// When the last of `quota` seats goes at the pace of the latest days, before registration ends: None when there is too
/// little to tell. `without` are registrations, by day, that would not have come about.
pub(super) fn full_at(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    quota: i64,
    closes: Timestamp,
    without: &BTreeMap<NaiveDate, i64>,
) -> Result<Option<Forecast>, Error> {
    let mut days = charts::days(tx)?;
    for (day, lost) in without {
        if let Some(counts) = days.get_mut(day) {
            counts.registered = (counts.registered - lost).max(0);
        }
    }
    let taken = seat::get(tx)?.taken;
    Ok(forecast::full_at(forecast::pace(&days, ctx.now.date()), quota - taken, ctx.now, closes))
}

/// All that the overview shows, in one snapshot. The agents' table is empty for roles that may not see it.
pub(super) fn overview(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Overview, Error> {
    let today = ctx.now.date();
    let seats = quota(tx, ctx)?;
    let days = charts::days(tx)?;
    let pace = forecast::pace(&days, today);
    let unacknowledged = overview_rows::unacknowledged(tx)?;
    let agents = if ctx.may(Permission::SeeAgents) { agents::table(tx, ctx, today)? } else { Vec::new() };
    Ok(Overview {
        pace_per_day: pace.per_day(),
        full_at: forecast::full_at(
            pace,
            seats.quota - seats.taken,
            ctx.now,
            ctx.campaign.registration.closes(),
        ),
        seats,
        funnel: funnel(tx)?,
        calls_by_hour: charts::calls_by_hour(tx, today)?,
        calls_by_day: charts::last_days(&days, today),
        agents,
        satisfaction: survey::satisfaction(tx)?,
        sms: sms_rows::count_by_state(tx)?,
        over_limit: overview_rows::count_over_limit(tx)?,
        unacknowledged: unacknowledged.count,
        unacknowledged_since: unacknowledged.oldest,
    })
}
