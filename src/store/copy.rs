//! Copies whole store files and checks their integrity.

use super::error::StoreError;
use super::sqlite;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::path::{Path, PathBuf};

/// Pages copied per step, so that a writer waits little.
const PAGES: std::ffi::c_int = 2048;

/// Copies a store into a new file: first beside it, then renamed, so that a copy is whole or absent.
pub(super) fn copy(from: &Connection, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::Exists { what: to.display().to_string() });
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let copied = copy_to(from, &part).and_then(|()| {
        std::fs::rename(&part, to).map_err(|_| StoreError::Unreachable { what: to.display().to_string() })
    });
    if copied.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    copied
}

fn copy_to(from: &Connection, part: &Path) -> Result<(), StoreError> {
    let _ = std::fs::remove_file(part);
    let mut target =
        Connection::open(part).map_err(|_| StoreError::Unreachable { what: part.display().to_string() })?;
    {
        let backup = Backup::new(from, &mut target).map_err(|error| sqlite::translate(&error))?;
        loop {
            match backup.step(PAGES).map_err(|error| sqlite::translate(&error))? {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::yield_now(),
            }
        }
    }
    // One file, no side files, so that the copy can be moved as it is.
    target
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .map_err(|error| sqlite::translate(&error))?;
    target.close().map_err(|(_, error)| sqlite::translate(&error))
}

/// Removes a store's file and its side files. A missing file is no error.
pub(super) fn remove(store: &Path) {
    for ending in ["", "-wal", "-shm", "-journal", ".lock", ".wait", ".bulk"] {
        let mut file = store.as_os_str().to_owned();
        file.push(ending);
        let _ = std::fs::remove_file(PathBuf::from(file));
    }
}

/// Refuses a damaged file.
pub(super) fn prove(connection: &Connection) -> Result<(), StoreError> {
    if damage(connection)?.is_empty() { Ok(()) } else { Err(StoreError::Corrupt) }
}

/// What `integrity_check` and `foreign_key_check` find, at most 20 lines.
pub(super) fn damage(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for row in sqlite::rows(connection, "PRAGMA integrity_check(20)", &[], 20)? {
        let text = row.text(0)?;
        if text != "ok" {
            found.push(text);
        }
    }
    for row in sqlite::rows(connection, "PRAGMA foreign_key_check", &[], 20)? {
        found.push(format!("{} → {}", row.text(0)?, row.text(2)?));
    }
    Ok(found)
}
