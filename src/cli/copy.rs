//! `backup`, `restore`, `migrate`: whole copies while people work; nothing is ever overwritten. And `grants`, for the
//! server that a store moves to.

use super::args::{Backup, Grants, Migrate, Restore};
use super::fail::Failure;
use super::import::stopped_by_signals;
use super::paths;
use super::screens::progress_bar;
use super::session::Session;
use crate::domain::actor::Permission;
use crate::store::{Place, Store, Watch, grants as roles};
use crate::usecase::Door;
use crate::usecase::migrate::migrate as move_programme;
use indicatif::ProgressBar;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A consistent copy of the open store.
pub fn backup(session: &Session, args: &Backup) -> Result<(), Failure> {
    let door = session.open()?;
    let staff = session.staff();
    door.authorise(&staff, Permission::Export)?;
    door.note(&staff, Session::now(&door), Permission::Export, "backup", String::new())?;
    watched(session, |watch| Ok(door.store().backup(&args.file, watch)?))?;
    done(session, "backed_up", &args.file.display().to_string())
}

/// A new store from a backup.
pub fn restore(session: &Session, args: &Restore) -> Result<(), Failure> {
    let into = paths::store_place(Some(&args.into))?;
    let shown = into.to_string();
    watched(session, |watch| Ok(Store::restore(&args.file, into, watch)?))?;
    done(session, "restored", &shown)
}

/// The whole store, moved to another place.
pub fn migrate(session: &Session, args: &Migrate) -> Result<(), Failure> {
    let (from, to) = (Place::parse(&args.from)?, Place::parse(&args.to)?);
    let door = Door::open(Store::open(from.clone())?, &paths::os_user())?;
    let (staff, now) = (session.staff(), Session::now(&door));
    let moved = watched(session, |watch| Ok(move_programme(&door, &staff, now, &from, &to, &watch)?))?;
    let facts = [
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("tables", moved.tables.to_string()),
        ("rows", moved.rows.to_string()),
        ("sha256", moved.sha256.clone()),
        ("later", moved.later.to_string()),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, fact)| (*name, fact.as_str())).collect();
    session.done(&serde_json::json!({ "migrated": moved }), &session.say("cli.result.migrated", &facts))?;
    if moved.later > 0 && !session.global.json {
        session.out.line(&session.say("cli.result.migrated_later", &facts))?;
    }
    Ok(())
}

/// The SQL that makes the two roles of a store on a server.
pub fn grants(session: &Session, args: &Grants) -> Result<(), Failure> {
    let text = roles::script(&args.owner, &args.app, session.lang).ok_or_else(|| {
        Failure::usage("role_name", &format!("{:?}, {:?}", args.owner, args.app), session.lang)
    })?;
    session.out.line(text.trim_end())
}

/// Runs a copy with a progress bar; Ctrl-C stops it.
fn watched<T>(session: &Session, copy: impl FnOnce(Watch) -> Result<T, Failure>) -> Result<T, Failure> {
    let stopped = stopped_by_signals(session)?;
    let bar: ProgressBar = progress_bar();
    bar.set_message(session.say("cli.result.copying", &[]));
    let shown = bar.clone();
    let watch: Watch = Arc::new(move |share| {
        shown.set_position(u64::from(share));
        !stopped.load(Ordering::Relaxed)
    });
    let outcome = copy(watch);
    bar.finish_and_clear();
    outcome
}

fn done(session: &Session, what: &str, file: &str) -> Result<(), Failure> {
    session.done(
        &serde_json::json!({ what: { "file": file } }),
        &session.say(&format!("cli.result.{what}"), &[("file", file)]),
    )
}
