//! Runs `tongdai campaign`: shows, examines, compares and loads versions of the campaign.

use super::campaign_args::{CampaignDiffArgs, CampaignFile, CampaignLoad, CampaignWhat};
use super::fail::{BROKEN, Failure};
use super::init::unusable;
use super::session::Session;
use crate::domain::campaign::Campaign;
use crate::domain::campaign::facility::OfferDetail;
use crate::domain::campaign::problems::{Fault, Problem};
use crate::domain::lang::Lang;
use crate::store::StoreError;
use crate::usecase::command::LoadCampaign;
use crate::usecase::model::campaign::{CampaignDiff, ProblemLine, offers_held};
use crate::usecase::{Command, Door, Error, Query, Receipt, Snapshot};
use std::io::Read;
use std::path::Path;

/// Longest campaign file that is read, in bytes: one more than is taken, so that the refusal is the door's.
const MOST_BYTES: u64 = 1024 * 1024 + 1;

/// Runs one of them.
pub fn run(session: &Session, what: &CampaignWhat) -> Result<(), Failure> {
    match what {
        CampaignWhat::List => list(session),
        CampaignWhat::Show { version } => show(session, *version),
        CampaignWhat::Check(CampaignFile { file }) => check(session, file),
        CampaignWhat::Diff(CampaignDiffArgs { file, replay }) => diff(session, file, *replay),
        CampaignWhat::Load(args) => load(session, args),
    }
}

/// All versions, a line each.
fn list(session: &Session) -> Result<(), Failure> {
    let door = session.open()?;
    let snapshot = session.query(&door, Query::CampaignVersions {})?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    if let Snapshot::CampaignVersions { versions } = snapshot {
        for line in versions {
            let mark = if line.in_force { "▸" } else { " " };
            let parts: Vec<String> = line.changed.iter().map(|part| part_name(part, session.lang)).collect();
            session.out.line(&format!(
                "{mark}{:>4}  {}  {:<12} {}{}",
                line.version,
                line.loaded_at.dmy_hm(),
                line.loaded_by,
                parts.join(", "),
                line.reason.map(|reason| format!("  “{reason}”")).unwrap_or_default()
            ))?;
        }
    }
    Ok(())
}

/// One version as a campaign file that could be loaded.
fn show(session: &Session, version: Option<i64>) -> Result<(), Failure> {
    let door = session.open()?;
    let snapshot = session.query(&door, Query::Campaign { version })?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    let Snapshot::Campaign(found) = snapshot else { return Ok(()) };
    let facts = [
        ("version", found.version.to_string()),
        ("at", found.loaded_at.dmy_hm()),
        ("by", found.loaded_by.to_string()),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text =
        found.campaign.to_toml().map_err(|error| Failure::from(StoreError::internal(&error.to_string())))?;
    session.out.line(&format!("# {}\n\n{}", session.say("campaign.shown", &facts), text.trim_end()))
}

/// Examines a file against the store's campaign, or by itself where there is no store.
fn check(session: &Session, file: &Path) -> Result<(), Failure> {
    let text = read(session, file)?;
    let (problems, missing) = match session.open() {
        Ok(door) => {
            let found = compared(session, &door, &text, None)?;
            (found.problems, found.missing)
        }
        Err(Failure::Door(Error::Store(StoreError::Missing { .. }))) => alone(&text),
        Err(failure) => return Err(failure),
    };
    unreadable(session, file, &problems)?;
    if session.global.json {
        let mut found = serde_json::json!({ "problems": problems });
        if !missing.is_empty() {
            found["missing"] = missing.iter().map(|detail| detail.key()).collect();
        }
        session.out.json(&found)?;
    } else if problems.is_empty() {
        session.out.line(&session.say("campaign.clean", &[]))?;
    } else {
        say_problems(session, &problems)?;
    }
    if let Some(warning) = offers_held(&missing, session.lang).filter(|_| !session.global.json) {
        session.out.line(&warning)?;
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::Printed(BROKEN)) }
}

/// How a file differs from the version in force, and how the last days would have gone under it.
fn diff(session: &Session, file: &Path, replay: Option<i64>) -> Result<(), Failure> {
    let text = read(session, file)?;
    let door = session.open()?;
    let found = compared(session, &door, &text, replay)?;
    unreadable(session, file, &found.problems)?;
    if session.global.json {
        session.out.json(&found)?;
    } else {
        found.lines(session.lang).iter().try_for_each(|line| session.out.line(line))?;
    }
    if found.problems.is_empty() { Ok(()) } else { Err(Failure::Printed(BROKEN)) }
}

/// Puts a file, or an earlier version, in force.
fn load(session: &Session, args: &CampaignLoad) -> Result<(), Failure> {
    let file = args.file.as_deref().map(|file| read(session, file)).transpose()?;
    let door = session.open()?;
    if let (Some(path), Some(text)) = (&args.file, &file) {
        let problems = compared(session, &door, text, None)?.problems;
        if let Some(sentences) = super::init::sentences(&inner(&problems), session.lang) {
            return Err(unusable(session, Some(path), &sentences));
        }
    }
    let input = LoadCampaign {
        file,
        version: args.version,
        based_on: args.based_on,
        shorten: args.yes,
        reason: args.reason.clone(),
    };
    let receipt = session.execute(&door, Command::LoadCampaign(input))?;
    let (version, changed) = match &receipt {
        Receipt::CampaignLoaded { version, changed, .. } => (version.to_string(), changed.clone()),
        _ => Default::default(),
    };
    let parts: Vec<String> = changed.iter().map(|part| part_name(part, session.lang)).collect();
    let facts = [("version", version.as_str()), ("parts", &parts.join(", "))];
    session.done(&receipt, &session.say("campaign.loaded", &facts))
}

fn compared(
    session: &Session,
    door: &Door,
    text: &str,
    replay: Option<i64>,
) -> Result<CampaignDiff, Failure> {
    let query = Query::CampaignDiff { file: Some(text.to_owned()), version: None, base: None, replay };
    match session.query(door, query)? {
        Snapshot::CampaignDiff(found) => Ok(found),
        _ => Err(StoreError::internal("the answer to another query").into()),
    }
}

/// The problems of a file over the built-in campaign, whose days are those of the file.
fn alone(text: &str) -> (Vec<ProblemLine>, Vec<OfferDetail>) {
    let day = chrono::NaiveDate::default();
    let found = Campaign::default_for(day, day, day, day).and_then(|built_in| built_in.changed_by(text));
    let (problems, missing) = match found {
        Ok(campaign) => (campaign.problems(), campaign.missing_offer_details()),
        Err(error) => (vec![Problem::new("TOML", Fault::Unreadable { why: error.to_string() })], Vec::new()),
    };
    (problems.into_iter().map(ProblemLine).collect(), missing)
}

/// A file that is no campaign file is wrong usage, whatever is asked of it.
fn unreadable(session: &Session, file: &Path, problems: &[ProblemLine]) -> Result<(), Failure> {
    match problems {
        [ProblemLine(problem)] if matches!(problem.fault, Fault::Unreadable { .. }) => {
            Err(unusable(session, Some(file), &problem.sentence(session.lang)))
        }
        _ => Ok(()),
    }
}

fn say_problems(session: &Session, problems: &[ProblemLine]) -> Result<(), Failure> {
    problems.iter().try_for_each(|ProblemLine(problem)| session.out.line(&problem.sentence(session.lang)))
}

fn inner(problems: &[ProblemLine]) -> Vec<Problem> {
    problems.iter().map(|ProblemLine(problem)| problem.clone()).collect()
}

fn part_name(part: &str, lang: Lang) -> String {
    crate::domain::campaign::change::part_label(part, lang)
}

fn read(session: &Session, file: &Path) -> Result<String, Failure> {
    let failed = |error: &std::io::Error| Failure::io(error, &file.display().to_string(), session.lang);
    let mut text = String::new();
    std::fs::File::open(file)
        .and_then(|opened| opened.take(MOST_BYTES).read_to_string(&mut text))
        .map_err(|error| failed(&error))?;
    Ok(text)
}
