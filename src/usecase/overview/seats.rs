//! Reads the seats, and the status line that every screen shows.

#[cfg(test)]
mod tests;

use crate::domain::actor::Role;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::quota::{ClosedBy, Seats};
use crate::store::{Tx, counter, matter, meta, seat, staff};
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::model::count::{QuotaModel, StatusLine};
use crate::usecase::task;

/// Promises past their time are counted up to here; more is "many".
const MOST_COUNTED: i64 = 10_000;

/// Seats and what closed registration, if anything. Whichever came first is remembered: registration that the last
/// seat closed stays closed by it after the last day.
pub(in crate::usecase) fn quota(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<QuotaModel, Error> {
    let counts = seat::get(tx)?;
    let seats = Seats { quota: counts.quota, taken: counts.taken };
    let closed_by = counts
        .full_since
        .map(|_| ClosedBy::Quota)
        .or_else(|| seats.closed_by(&ctx.campaign.registration, ctx.now));
    Ok(QuotaModel {
        quota: counts.quota,
        taken: counts.taken,
        waitlisted: counts.waitlisted,
        closed_by: closed_by.map(|by| by.code().to_owned()),
    })
}

/// The last line of every screen, from counters and short index walks alone.
pub(in crate::usecase) fn status(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<StatusLine, Error> {
    let seats = quota(tx, ctx)?;
    let purpose = own_queue(ctx.actor.role);
    let days_left = match seats.closed_by {
        Some(_) => 0,
        None => ctx.campaign.registration.days_left(ctx.now),
    };
    let simulated = meta::is_simulated(tx)?;
    let store_time = if simulated { meta::clock(tx)? } else { None };
    let paused = staff::find(tx, &ctx.actor.staff)?.and_then(|found| found.pause);
    Ok(StatusLine {
        seats,
        days_left,
        due: counter::sum(tx, &counter::matter(purpose, MatterState::Waiting))?,
        promised: counter::sum(tx, &counter::matter(purpose, MatterState::Promised))?,
        overdue: matter::count_due_promises(tx, purpose, ctx.now, MOST_COUNTED)?,
        simulated,
        store_time,
        paused,
        tasks: task::waiting(tx, ctx)?,
    })
}

/// The queue that a role works on: Vinmec's roles contact their cases, all others see the offers.
const fn own_queue(role: Role) -> Purpose {
    if role.is_vinmec() { Purpose::Intake } else { Purpose::Offer }
}
