//! Compares the overview's counters with a recount of their rows. Only seconds of pause have no rows to recount.

use super::super::counter::{self, AgentCount};
use super::super::{StoreError, Tx};
use crate::args;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::{Disposition, Flags};
use crate::domain::id::StaffId;
use crate::domain::time::{DAY_MS, HOUR_MS, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// From UTC to Vietnam time.
const OFFSET_MS: i64 = 7 * HOUR_MS;

type Counts = BTreeMap<String, i64>;

/// Counters that differ from their rows: name, counted, found.
pub(super) fn differences(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let kept = kept(tx)?;
    let found = recount(tx)?;
    let names: BTreeSet<&String> = kept.keys().chain(found.keys()).collect();
    let value = |counts: &Counts, name: &String| counts.get(name).copied().unwrap_or(0);
    Ok(names
        .into_iter()
        .filter(|name| value(&kept, name) != value(&found, name))
        .map(|name| format!("{name}: {} ≠ {}", value(&kept, name), value(&found, name)))
        .collect())
}

fn kept(tx: &mut Tx<'_>) -> Result<Counts, StoreError> {
    let rows = tx.many(
        "SELECT name, CAST(SUM(value) AS BIGINT) FROM counter GROUP BY name ORDER BY name LIMIT 200000",
        &[],
    )?;
    let mut kept = Counts::new();
    for row in &rows {
        let name = row.text(0)?;
        if name.rsplit('.').next() != Some(AgentCount::Pause.code()) {
            kept.insert(name, row.int(1)?);
        }
    }
    Ok(kept)
}

fn recount(tx: &mut Tx<'_>) -> Result<Counts, StoreError> {
    let mut found = Counts::new();
    matters(tx, &mut found)?;
    calls(tx, &mut found)?;
    agents(tx, &mut found)?;
    registrations(tx, &mut found)?;
    let listed =
        tx.one("SELECT COUNT(*) FROM customer c JOIN list l ON l.id = c.list WHERE l.state = 'active'", &[])?;
    found.insert(counter::LIST_CUSTOMERS.to_owned(), listed.int(0)?);
    for (name, flag) in [
        (counter::OFFER_CALLED, (|flags| flags.counts_as_attempt) as fn(Flags) -> bool),
        (counter::OFFER_REACHED, |flags| flags.human_answered),
    ] {
        found.insert(name.to_owned(), offers_with(tx, flag)?);
    }
    Ok(found)
}

fn matters(tx: &mut Tx<'_>, found: &mut Counts) -> Result<(), StoreError> {
    let rows = tx.many(
        "SELECT m.purpose, m.state, COUNT(*) FROM matter m LEFT JOIN list l ON l.id = m.list
         WHERE l.id IS NULL OR l.state = 'active' GROUP BY m.purpose, m.state",
        &[],
    )?;
    for row in &rows {
        let name = counter::matter(purpose(row.int(0)?)?, row.code(1, MatterState::parse)?);
        found.insert(name, row.int(2)?);
    }
    Ok(())
}

fn calls(tx: &mut Tx<'_>, found: &mut Counts) -> Result<(), StoreError> {
    let endings = tx.many(
        "SELECT purpose, disposition, COUNT(*) FROM call WHERE undone_at IS NULL GROUP BY purpose, disposition",
        &[],
    )?;
    for row in &endings {
        let name = counter::disposition(purpose(row.int(0)?)?, row.code(1, Disposition::parse)?);
        found.insert(name, row.int(2)?);
    }
    let hours = tx.many(
        "SELECT (ended_at + ?1) / ?2 AS hour, COUNT(*) FROM call WHERE undone_at IS NULL AND purpose <> ?3
         GROUP BY hour",
        args![OFFSET_MS, HOUR_MS, Purpose::Intake.index()],
    )?;
    for row in &hours {
        let at = Timestamp(row.int(0)? * HOUR_MS - OFFSET_MS);
        *found.entry(counter::hour(at)).or_default() += row.int(1)?;
        *found.entry(counter::day_calls(at.date())).or_default() += row.int(1)?;
    }
    Ok(())
}

fn agents(tx: &mut Tx<'_>, found: &mut Counts) -> Result<(), StoreError> {
    let rows = tx.many(
        "SELECT (ended_at + ?1) / ?2 AS day, staff, disposition, COUNT(*), CAST(SUM(talk_seconds) AS BIGINT),
                CAST(SUM(CASE WHEN (ended_at - started_at) / 1000 > talk_seconds
                              THEN (ended_at - started_at) / 1000 - talk_seconds ELSE 0 END) AS BIGINT), purpose
         FROM call WHERE undone_at IS NULL GROUP BY day, staff, disposition, purpose",
        args![OFFSET_MS, DAY_MS],
    )?;
    for row in &rows {
        let day = Timestamp(row.int(0)? * DAY_MS - OFFSET_MS).date();
        let staff = StaffId(row.text(1)?);
        let calls = row.int(3)?;
        let flags = row.code(2, Disposition::parse)?.flags();
        let is_offer = purpose(row.int(6)?)?.is_offer_contact();
        let only = |counts: bool| if counts { calls } else { 0 };
        let reached = only(flags.human_answered);
        for (what, count) in [
            (AgentCount::Calls, calls),
            (AgentCount::Reached, reached),
            (AgentCount::Offered, only(is_offer && flags.human_answered)),
            (AgentCount::Agreed, only(is_offer && flags.success)),
            (AgentCount::Talk, row.int(4)?),
            (AgentCount::WrapUp, row.int(5)?),
        ] {
            *found.entry(counter::agent(day, &staff, what)).or_default() += count;
        }
    }
    Ok(())
}

fn registrations(tx: &mut Tx<'_>, found: &mut Counts) -> Result<(), StoreError> {
    let seated = tx.many(
        "SELECT (seated_at + ?1) / ?2 AS day, COUNT(*) FROM registration
         WHERE seated_at IS NOT NULL AND taken_back_at IS NULL GROUP BY day",
        args![OFFSET_MS, DAY_MS],
    )?;
    for row in &seated {
        let day = Timestamp(row.int(0)? * DAY_MS - OFFSET_MS).date();
        found.insert(counter::day_registered(day), row.int(1)?);
    }
    let made = tx.many(
        "SELECT (at + ?1) / ?2 AS day, by_staff, COUNT(*) FROM registration WHERE taken_back_at IS NULL
         GROUP BY day, by_staff",
        args![OFFSET_MS, DAY_MS],
    )?;
    for row in &made {
        let day = Timestamp(row.int(0)? * DAY_MS - OFFSET_MS).date();
        found.insert(counter::agent(day, &StaffId(row.text(1)?), AgentCount::Registered), row.int(2)?);
    }
    Ok(())
}

/// Offer matters with a call that is not undone and whose disposition has the flag.
fn offers_with(tx: &mut Tx<'_>, flag: fn(Flags) -> bool) -> Result<i64, StoreError> {
    let codes: Vec<&str> =
        Disposition::ALL.into_iter().filter(|one| flag(one.flags())).map(Disposition::code).collect();
    let places: Vec<String> = (1..=codes.len()).map(|n| format!("?{n}")).collect();
    let codes: Vec<_> = codes.into_iter().map(super::super::Value::from).collect();
    tx.one(
        &format!(
            "SELECT COUNT(DISTINCT matter) FROM call WHERE purpose = 1 AND undone_at IS NULL AND disposition IN ({})",
            places.join(", ")
        ),
        &codes,
    )?
    .int(0)
}

fn purpose(index: i64) -> Result<Purpose, StoreError> {
    Purpose::from_index(index).ok_or_else(|| StoreError::internal("a row of an unknown purpose"))
}
