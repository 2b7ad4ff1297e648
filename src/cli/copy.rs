//! `backup` and `restore`: consistent copies while people work; nothing is ever overwritten.

use super::args::{Backup, Restore};
use super::fail::Failure;
use super::place;
use super::session::Session;
use crate::domain::actor::Act;
use crate::domain::refusal::Refusal;
use crate::store::{Place, Store, StoreError};

/// A consistent copy of the open store.
pub fn backup(session: &Session, args: &Backup) -> Result<(), Failure> {
    let door = session.open()?;
    let staff = session.staff();
    if !door.actor(&staff)?.role.may(Act::Export) {
        return Err(Refusal::Forbidden { act: Act::Export }.into());
    }
    door.note(&staff, Session::now(&door), Act::Export, "backup", String::new())?;
    door.store().backup(&args.file)?;
    said(session, "backed_up", &args.file.display().to_string())
}

/// A new store from a backup.
pub fn restore(session: &Session, args: &Restore) -> Result<(), Failure> {
    let into = place::store_place(Some(&args.into))?;
    let shown = into.to_string();
    match into {
        Place::File(into) => Store::restore(&args.file, &into)?,
        Place::Server(_) => return Err(StoreError::NotHere { what: "restore" }.into()),
    }
    said(session, "restored", &shown)
}

fn said(session: &Session, what: &str, file: &str) -> Result<(), Failure> {
    session.done(
        &serde_json::json!({ what: { "file": file } }),
        &session.say(&format!("cli.said.{what}"), &[("file", file)]),
    )
}
