//! Runs `tongdai check`: every invariant of the store, the overview's counters and the audit chains.
//!
//! Reads one snapshot and changes nothing. Deliberately absent: permissions (a user who can open the file may check
//! it; a problem names rows by id, never people) and repairs.

use super::door::Door;
use super::error::Error;
use super::programme;
use crate::domain::contact::Purpose;
use crate::domain::lang::Lang;
use crate::store::audit::{self, Chain};
use crate::store::check as rows;
use crate::store::matter;
use rust_i18n::t;
use serde::Serialize;
use std::collections::BTreeMap;

/// Keys named of a campaign's mistakes.
const MOST_FOUND: usize = 20;

/// How far held offers are counted one by one.
const COUNTED: i64 = 20_000;

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Public code of the invariant.
    pub invariant: String,
    /// Which rows break it, such as `registration:12`; at most 20.
    pub rows: Vec<String>,
}

impl Problem {
    /// What should hold and does not, in a sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        t!(format!("check.{}", self.invariant), locale = lang.code()).into_owned()
    }
}

/// Everything that is broken; empty when the store is sound.
///
/// # Errors
/// Those of the store, such as a file that is out of reach.
pub fn check(door: &Door) -> Result<Vec<Problem>, Error> {
    let (found, programme) = door
        .store()
        .read(|tx| -> Result<_, Error> { Ok((rows::list_findings(tx)?, programme::in_force(tx)?)) })?;
    let mut problems: Vec<Problem> = found
        .into_iter()
        .map(|finding| Problem { invariant: finding.invariant.to_owned(), rows: finding.rows })
        .collect();
    // A store of an older program may hold a text that no check let pass.
    let keys: Vec<String> =
        programme.campaign.problems().into_iter().map(|problem| problem.key).take(MOST_FOUND).collect();
    if !keys.is_empty() {
        problems.push(Problem { invariant: "campaign_texts".to_owned(), rows: keys });
    }
    Ok(problems)
}

/// Offers that are held, by reason, each counted up to 20 000. They break nothing; who looks after the store wants to
/// know of them.
///
/// # Errors
/// Those of the store.
pub fn held_offers(door: &Door) -> Result<BTreeMap<String, i64>, Error> {
    door.store()
        .read(|tx| -> Result<_, Error> { Ok(matter::count_held_by_reason(tx, Purpose::Offer, COUNTED)?) })
}

/// Follows every audit chain to its head or to the row where it breaks.
///
/// # Errors
/// Those of the store.
pub fn verify_audit(door: &Door) -> Result<Vec<Chain>, Error> {
    door.store().read(|tx| Ok(audit::verify(tx)?))
}

#[cfg(test)]
mod tests;
