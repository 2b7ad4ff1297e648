//! Versions of the campaign: lists and compares them, judges the past under them, and puts another one in force.
//!
//! Invariants:
//! - nothing is loaded that has a problem;
//! - a number of a text names one text for ever;
//! - a window becomes shorter only when the caller says that they saw whom it touches.
//!
//! Deliberately absent: changing or removing a version.

mod load;
mod replay;
#[cfg(test)]
mod tests;
mod touched;

pub(super) use load::load;
use touched::touched;

use super::ctx::Ctx;
use super::error::Error;
use super::model::campaign::{CampaignDiff, CampaignModel, ProblemLine, VersionLine};
use super::programme::{self, Programme};
use crate::domain::campaign::Campaign;
use crate::domain::campaign::change::changes;
use crate::domain::campaign::problems::{Fault, Problem};
use crate::domain::refusal::Refusal;
use crate::store::campaign_version::{self as rows, VersionRow};
use crate::store::{Tx, seat};

/// Longest campaign file, in bytes.
const MOST_BYTES: usize = 1024 * 1024;

/// All versions, newest first.
pub(super) fn versions(tx: &mut Tx<'_>) -> Result<Vec<VersionLine>, Error> {
    let listed = rows::list(tx)?;
    let newest = listed.first().map_or(0, |row| row.version);
    Ok(listed.into_iter().map(|row| line(row, newest)).collect())
}

fn line(row: VersionRow, newest: i64) -> VersionLine {
    VersionLine {
        version: row.version,
        in_force: row.version == newest,
        loaded_at: row.loaded_at,
        loaded_by: row.loaded_by,
        loaded_by_name: row.loaded_by_name,
        reason: row.reason,
        changed: row.changed.split_terminator(',').map(str::to_owned).collect(),
        script: row.script,
        notice: row.notice,
        red_flags: row.flags,
        survey: row.survey,
    }
}

/// One version, by default the one in force with the seats as they are now.
pub(super) fn show(tx: &mut Tx<'_>, version: Option<i64>) -> Result<CampaignModel, Error> {
    let newest = current(tx)?;
    let version = version.unwrap_or(newest.version);
    let row = rows::find(tx, version)?.ok_or_else(|| no_such_version(version))?;
    let in_force = version == newest.version;
    let campaign = if in_force { (*newest.campaign).clone() } else { read(tx, version)? };
    Ok(CampaignModel { version, in_force, loaded_at: row.loaded_at, loaded_by: row.loaded_by, campaign })
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared<'a> {
    /// The text of a campaign file, or …
    pub file: Option<&'a str>,
    /// … the number of a version.
    pub version: Option<i64>,
    /// With which version; by default the one in force.
    pub base: Option<i64>,
    /// How many days are judged again.
    pub replay: Option<i64>,
}

/// How a file or a version differs from another version, and how the last days would have gone under it.
pub(super) fn diff(tx: &mut Tx<'_>, ctx: &Ctx<'_>, compared: &Compared<'_>) -> Result<CampaignDiff, Error> {
    let Compared { file, version, base, replay } = *compared;
    let days = replay.map(replay::check_days).transpose()?;
    let newest = current(tx)?;
    let base = match base {
        Some(base) if base != newest.version => Programme { version: base, campaign: read(tx, base)?.into() },
        _ => newest,
    };
    match proposed(tx, &base, file, version)? {
        Err(problem) => Ok(CampaignDiff {
            base: base.version,
            changes: Vec::new(),
            problems: vec![ProblemLine(problem)],
            missing: Vec::new(),
            shortened: None,
            replay: None,
            file: None,
        }),
        Ok(next) => {
            let mut problems: Vec<ProblemLine> = problems(tx, &next)?.into_iter().map(ProblemLine).collect();
            let taken = seat::get(tx)?.taken;
            if next.quota != base.campaign.quota && next.quota < taken {
                problems.push(ProblemLine(Problem::new("quota", Fault::BelowTaken { taken })));
            }
            let shortened = touched(tx, ctx, &base.campaign, &next)?;
            let replay = match days {
                Some(days) if problems.is_empty() => {
                    Some(Box::new(replay::replay(tx, ctx, &base.campaign, &next, days)?))
                }
                Some(_) | None => None,
            };
            Ok(CampaignDiff {
                base: base.version,
                changes: changes(&base.campaign, &next),
                problems,
                missing: next.missing_offer_details(),
                shortened,
                replay,
                file: file.map(str::to_owned),
            })
        }
    }
}

/// The version in force, with the number of seats as it is now.
fn current(tx: &mut Tx<'_>) -> Result<Programme, Error> {
    let Programme { version, campaign } = programme::in_force(tx)?;
    let quota = seat::get(tx)?.quota;
    Ok(Programme { version, campaign: Campaign { quota, ..(*campaign).clone() }.into() })
}

fn read(tx: &mut Tx<'_>, version: i64) -> Result<Campaign, Error> {
    let config = rows::find_config(tx, version)?.ok_or_else(|| no_such_version(version))?;
    programme::read(version, &config)
}

fn no_such_version(version: i64) -> Refusal {
    Refusal::NoSuchRow { what: "campaign_version", id: version.to_string() }
}

/// The campaign that a caller proposes; the inner error is a file that cannot be read.
fn proposed(
    tx: &mut Tx<'_>,
    base: &Programme,
    file: Option<&str>,
    version: Option<i64>,
) -> Result<Result<Campaign, Problem>, Error> {
    match (file, version) {
        (Some(file), None) if file.len() <= MOST_BYTES => Ok(base
            .campaign
            .changed_by(file)
            .map_err(|error| Problem::new("TOML", Fault::Unreadable { why: error.to_string() }))),
        (Some(_), None) => Err(Refusal::FieldInvalid { field: "file", reason: "too_long" }.into()),
        (None, Some(version)) => read(tx, version).map(Ok),
        (None, None) | (Some(_), Some(_)) => {
            Err(Refusal::FieldInvalid { field: "file", reason: "needed" }.into())
        }
    }
}

/// Every reason not to load it: its own, and those beside the versions that share the number of a text with it.
fn problems(tx: &mut Tx<'_>, next: &Campaign) -> Result<Vec<Problem>, Error> {
    let mut found = next.problems();
    let numbers = (
        Some(next.script.version),
        Some(next.notice.version.as_str()),
        Some(next.red_flags.version),
        Some(next.survey.version),
    );
    let listed = rows::list(tx)?;
    // A number has one text in all versions, so one version for each is enough.
    let mut older: Vec<i64> = [
        listed.iter().find(|row| row.script == numbers.0),
        listed.iter().find(|row| row.notice.as_deref() == numbers.1),
        listed.iter().find(|row| row.flags == numbers.2),
        listed.iter().find(|row| row.survey == numbers.3),
    ]
    .into_iter()
    .flatten()
    .map(|row| row.version)
    .collect();
    older.sort_unstable();
    older.dedup();
    for version in older {
        for problem in next.problems_beside(&read(tx, version)?) {
            if !found.contains(&problem) {
                found.push(problem);
            }
        }
    }
    Ok(found)
}
