//! Judges the calls and messages of the last days again under a proposed campaign, by the rules that judge today
//! ([`crate::domain::contact`]). A what-if: nothing is written.
//!
//! Invariants:
//! - every contact is judged at its own time, with what stood before it: attempts, rings, promises, agreements,
//!   opt-outs, seats. What was held earlier in the replay still counts as done, because the store knows no other past;
//! - both campaigns are judged by the same facts, so that an unchanged campaign changes nothing;
//! - the limits of one day are applied to all days: a limit that begins tomorrow is the one that is asked about;
//! - customers come in pages, so that memory does not grow with their number.

mod customer;
mod frame;
mod seats;
mod tally;

#[cfg(test)]
mod tests;

use crate::domain::campaign::Campaign;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::history::{self, Range};
use crate::store::{Tx, seat};
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::model::replay::{MOST_DAYS, Replay, SeatsFull, UNKNOWN};
use crate::usecase::overview;
use chrono::NaiveDate;
use customer::Customer;
use frame::{Found, Frame, Register, Terms};
use seats::SeatHistory;
use std::collections::BTreeMap;

/// The number of days, when it is one.
///
/// # Errors
/// [`Refusal::FieldInvalid`] outside 1 to [`MOST_DAYS`].
pub(super) fn check_days(days: i64) -> Result<i64, Refusal> {
    if (1..=MOST_DAYS).contains(&days) {
        Ok(days)
    } else {
        Err(Refusal::FieldInvalid { field: "replay", reason: "out_of_range" })
    }
}

/// Judges the last `days` days, today included, under `next` and under `base`.
pub(super) fn replay(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    base: &Campaign,
    next: &Campaign,
    days: i64,
) -> Result<Replay, Error> {
    let limits_of = day_of_limits(base, next, ctx.now.date());
    let terms =
        |campaign: &Campaign| Terms { limits: campaign.limits_on(limits_of).contact, quota: campaign.quota };
    let since = Timestamp::start_of(ctx.now.plus_days(1 - days).date());
    let (as_of, loaded_at) = history::register(tx)?;
    let frame = Frame {
        in_force: terms(base),
        proposed: terms(next),
        since,
        now: ctx.now,
        seats: SeatHistory::read(tx, since)?,
        register: Register { as_of, loaded_at },
    };
    let mut found = Found::default();
    let mut after = 0;
    while let Some(range) = history::next_range(tx, after)? {
        page(tx, &frame, range, &mut found)?;
        after = range.last;
    }
    for kind in [&mut found.calls, &mut found.messages, &mut found.queue] {
        tally::sort_judged(&mut kind.offer);
        tally::sort_judged(&mut kind.service);
    }
    tally::sort(&mut found.callbacks.broken);
    tally::sort(&mut found.agreements.broken);
    let quota = seat::get(tx)?.quota;
    let closes = base.registration.closes();
    Ok(Replay {
        days,
        from: since,
        until: ctx.now,
        limits_of,
        seats_full: SeatsFull {
            in_force: overview::full_at(tx, ctx, quota, closes, &BTreeMap::new())?,
            proposed: overview::full_at(tx, ctx, next.quota, next.registration.closes(), &found.lost)?,
        },
        calls: found.calls,
        messages: found.messages,
        queue: found.queue,
        callbacks: found.callbacks,
        agreements: found.agreements,
        unknown: UNKNOWN,
    })
}

/// The day whose limits are applied: today, or the first day on which every limit that differs holds.
fn day_of_limits(base: &Campaign, next: &Campaign, today: NaiveDate) -> NaiveDate {
    let new = next.limits.iter().filter(|row| !base.limits.contains(row));
    let gone = base.limits.iter().filter(|row| !next.limits.contains(row));
    new.chain(gone).map(|row| row.valid_from).fold(today, NaiveDate::max)
}

/// Judges the customers of a page.
fn page(tx: &mut Tx<'_>, frame: &Frame, range: Range, found: &mut Found) -> Result<(), Error> {
    let known = history::list_known(tx, range)?;
    let calls = history::list_calls(tx, range, frame.since)?;
    let messages = history::list_sms(tx, range)?;
    let agreements = history::list_agreements(tx, range)?;
    let matters = history::list_open_matters(tx, range)?;
    let (mut calls, mut messages) = (calls.as_slice(), messages.as_slice());
    let (mut agreements, mut matters) = (agreements.as_slice(), matters.as_slice());
    for known in &known {
        let id = known.customer;
        let customer = Customer {
            frame,
            known,
            calls: take(&mut calls, |row| row.customer.cmp(&id)),
            messages: take(&mut messages, |row| row.customer.cmp(&id)),
            agreements: take(&mut agreements, |row| row.customer.cmp(&id)),
            matters: take(&mut matters, |row| row.customer.cmp(&id)),
        };
        customer.judge(found)?;
    }
    Ok(())
}

/// The rows of a customer at the head of rows in the order of customers; earlier rows are dropped.
fn take<'a, T>(rows: &mut &'a [T], order: impl Fn(&T) -> std::cmp::Ordering) -> &'a [T] {
    let from = rows.partition_point(|row| order(row).is_lt());
    let to = rows.partition_point(|row| order(row).is_le());
    let (taken, rest) = (rows.get(from..to).unwrap_or_default(), rows.get(to..).unwrap_or_default());
    *rows = rest;
    taken
}
