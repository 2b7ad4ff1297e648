//! Runs `tongdai init`: creates a store.

use super::args::Init;
use super::clock;
use super::fail::Failure;
use super::paths;
use super::session::Session;
use crate::domain::campaign::problems::Problem;
use crate::domain::campaign::{Campaign, Dates};
use crate::domain::lang::Lang;
use crate::domain::plain_words::plain_words;
use crate::store::{Place, Store};
use crate::usecase::Door;
use std::path::Path;

/// Creates a store with its programme. Nothing is left behind when it fails.
pub fn init(session: &Session, args: &Init) -> Result<(), Failure> {
    let campaign = campaign(session, args)?;
    let place = paths::store_place(session.global.store.as_deref())?;
    if let Place::File(path) = &place
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::io(&error, &folder.display().to_string(), session.lang))?;
    }
    let quota = campaign.quota;
    let shown = place.to_string();
    let store = Store::create(place.clone())?;
    Door::create(store, campaign, args.simulated, clock::now(), &paths::os_user())
        .inspect_err(|_| Store::remove(place))?;
    session.done(
        &serde_json::json!({"created": {"store": shown, "quota": quota, "simulated": args.simulated}}),
        &session.say("cli.result.created", &[("store", &shown), ("quota", &quota.to_string())]),
    )
}

fn campaign(session: &Session, args: &Init) -> Result<Campaign, Failure> {
    let text = match &args.campaign {
        None => String::new(),
        Some(file) => std::fs::read_to_string(file)
            .map_err(|error| Failure::io(&error, &file.display().to_string(), session.lang))?,
    };
    let dates = Dates {
        from: args.from,
        to: args.to,
        consult_until: args.consult_until,
        handbook_until: args.handbook_until,
    };
    let file = args.campaign.as_deref();
    let mut campaign = Campaign::with_file(&text, dates)
        .map_err(|error| unusable(session, file, &plain_words(&error.to_string(), session.lang)))?;
    campaign.quota = args.quota.unwrap_or(campaign.quota);
    campaign.min_charge = args.min_charge.unwrap_or(campaign.min_charge);
    match sentences(&campaign.problems(), session.lang) {
        None => Ok(campaign),
        Some(problems) => Err(unusable(session, file, &problems)),
    }
}

/// What is wrong with a campaign, one problem a line; none when it may be used.
pub(super) fn sentences(problems: &[Problem], lang: Lang) -> Option<String> {
    let lines: Vec<String> = problems.iter().map(|problem| problem.sentence(lang)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A campaign that cannot be used; the file is named when there is one.
pub(super) fn unusable(session: &Session, file: Option<&Path>, why: &str) -> Failure {
    let what = file.map_or_else(|| why.to_owned(), |file| format!("{}: {why}", file.display()));
    Failure::usage("campaign", &what, session.lang)
}
