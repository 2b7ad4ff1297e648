//! Runs `tongdai doctor`: checks whether this machine is fit for a working day.
//!
//! Invariant: it changes nothing; a store with an older schema is reported and left as it is.
//!
//! Deliberately absent: permissions, because a user who may open the files may also check them, and no line holds
//! personal data; repairs; and the machine's time service, of which there are many kinds.

mod disk;
mod finding;
mod modes;
mod store;

use super::args::Doctor;
use super::fail::{BROKEN, Failure};
use super::limits;
use super::paths;
use super::session::Session;
use crate::ssh::{Limits, limits_file};
use crate::store::Place;
use finding::{Case, Finding, Mark};
use modes::Files;
use std::path::Path;

/// Checks everything and prints the findings.
pub fn run(session: &Session, args: &Doctor) -> Result<(), Failure> {
    let place = paths::store_place(session.global.store.as_deref())?;
    let mut found = Vec::new();
    let mut files = Files {
        store: None,
        secrets: vec![args.host_key.clone().unwrap_or_else(paths::host_key)],
        log: Some(session.global.log.clone().unwrap_or_else(|| paths::state_dir().join("tongdai.log"))),
    };
    match &place {
        Place::File(path) => {
            found.extend(disk::findings(modes::folder_of(path)));
            files.store = Some(path.clone());
        }
        Place::Server(_) => files.secrets.extend(paths::password_file()),
    }
    found.extend(store::findings(&place, &paths::os_user(), session.lang));
    found.extend(args.limits.as_deref().map(|file| rate_limits(file, session)));
    // The store is closed by now: side files that only it used are removed.
    found.extend(modes::findings(&files));
    say(session, &found)
}

/// Whether the server would start with this limits file.
fn rate_limits(file: &Path, session: &Session) -> Finding {
    let shown = file.display().to_string();
    match limits_file::read(file, Limits::default()) {
        Ok(limits) => {
            let sessions = limits.sessions.to_string();
            Finding::new(Case::LimitsFit, &[("file", &shown), ("sessions", &sessions)])
        }
        Err(problem) => match limits::failure(file, &problem, session) {
            Failure::Usage { message, .. } => Finding::new(Case::LimitsWrong, &[("why", &message)]),
            _ => Finding::new(Case::LimitsWrong, &[("why", &shown)]),
        },
    }
}

fn say(session: &Session, found: &[Finding]) -> Result<(), Failure> {
    let worst = found.iter().map(Finding::mark).max().unwrap_or(Mark::Good);
    if session.global.json {
        let lines: Vec<_> = found.iter().map(|finding| finding.json(session.lang)).collect();
        session.out.json(&serde_json::json!({"state": worst.code(), "findings": lines}))?;
    } else {
        for finding in found {
            session.out.line(&finding.lines(session.lang))?;
        }
    }
    if worst == Mark::Wrong { Err(Failure::Printed(BROKEN)) } else { Ok(()) }
}
