//! Runs `tongdai list`: the people behind a figure of the overview, on standard output or into a new file.

use super::args::List;
use super::fail::Failure;
use super::session::Session;
use crate::domain::figure::Figure;
use crate::domain::time::Timestamp;
use crate::exchange::handover::Format;
use crate::exchange::people as file;
use crate::store::StoreError;
use crate::usecase::model::people::PeopleOrder;
use crate::usecase::{Query, Snapshot, export};
use std::io::ErrorKind;
use std::path::Path;

/// People on one page of standard output.
const PAGE: u32 = 200;

/// Lists the people behind a figure, or writes them to a new file.
pub fn run(session: &Session, args: &List) -> Result<(), Failure> {
    let behind =
        Figure::parse(&args.figure).ok_or_else(|| Failure::usage("figure", &args.figure, session.lang))?;
    match &args.out {
        Some(out) => write(session, &behind, out),
        None => list(session, behind, args),
    }
}

fn list(session: &Session, behind: Figure, args: &List) -> Result<(), Failure> {
    let door = session.open()?;
    let order = if args.by_name { PeopleOrder::Name } else { PeopleOrder::Figure };
    let offset = (args.page - 1).saturating_mul(PAGE);
    let snapshot = session.query(&door, Query::People { behind, order, offset, limit: PAGE })?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    if let Snapshot::People(page) = snapshot {
        for person in &page.people {
            let at = person.at.map_or_else(|| "–".to_owned(), Timestamp::dmy_hm);
            let detail = person.detail.as_deref().map(|detail| page.behind.detail(detail, session.lang));
            let detail = detail.unwrap_or_default();
            session.out.line(&format!("{}  {at:<16}  {:<28} {detail}", person.phone, person.name))?;
        }
        let (shown, total) = (page.people.len().to_string(), page.total.to_string());
        let key = if page.more { "cli.result.people_more" } else { "cli.result.people" };
        session.out.line(&session.say(key, &[("shown", &shown), ("total", &total)]))?;
    }
    Ok(())
}

fn write(session: &Session, behind: &Figure, out: &Path) -> Result<(), Failure> {
    let shown = out.display().to_string();
    let taken = || Failure::usage("file_taken", &shown, session.lang);
    if out.symlink_metadata().is_ok() {
        return Err(taken());
    }
    let format = Format::of(out).ok_or_else(|| Failure::usage("file_ending", &shown, session.lang))?;
    let door = session.open()?;
    let rows = export::people(&door, &session.staff(), Session::now(&door), behind)?;
    let bytes = file::write(format, behind, &rows, session.lang)
        .map_err(|error| StoreError::internal(&error.to_string()))?;
    file::write_new(out, &bytes).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => taken(),
        _ => Failure::io(&error, &shown, session.lang),
    })?;
    let count = rows.len().to_string();
    let sentence = session.say("cli.result.people_written", &[("rows", &count), ("file", &shown)]);
    session.done(&serde_json::json!({ "exported": { "rows": rows.len(), "file": shown } }), &sentence)
}
