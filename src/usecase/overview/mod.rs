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
use super::model::count::Overview;
use super::survey;
use crate::domain::actor::Permission;
use crate::store::{Tx, overview as overview_rows, sms as sms_rows};

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
