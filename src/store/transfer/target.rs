//! The target of a copy: a new file, or a server's empty schema. Nothing is visible until [`Target::keep`]; a target
//! that is dropped before leaves everything as it was.

use super::super::file::SHARED_WRITER;
use super::super::postgres::{self, Connection};
use super::super::tables::{TABLES, Table};
use super::super::{Place, Row, StoreError, Tx, copy, migrate, sqlite};
use super::pages::pages;
use rusqlite::Connection as File;
use std::fs::{self, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// An empty place, taken.
#[derive(Debug)]
pub struct Target(Kind);

#[derive(Debug)]
enum Kind {
    File(Box<Part>),
    Server(Box<Connection>),
}

/// A file in the making, beside its place.
#[derive(Debug)]
struct Part {
    connection: File,
    path: PathBuf,
    to: PathBuf,
    kept: bool,
    /// Locked, so that no other process creates the same file.
    guard: fs::File,
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.kept {
            copy::remove(&self.path);
        }
    }
}

impl Target {
    /// Takes an empty place and lays the newest schema.
    ///
    /// # Errors
    /// [`StoreError::Exists`] and [`StoreError::NotAStore`] when something stands there; those of opening.
    pub fn take(place: &Place) -> Result<Self, StoreError> {
        match place {
            Place::File(path) => Part::take(path).map(|part| Self(Kind::File(Box::new(part)))),
            Place::Server(address) => {
                let mut connection = Connection::open(address)?;
                postgres::take_empty(&mut connection, &address.to_string())?;
                let mut target = Self(Kind::Server(Box::new(connection)));
                for table in TABLES {
                    let found = target.tx().many(&format!("SELECT 1 FROM {} LIMIT 1", table.name), &[])?;
                    if !found.is_empty() {
                        return Err(StoreError::Exists { what: address.to_string() });
                    }
                }
                Ok(target)
            }
        }
    }

    /// The copy so far.
    pub(super) fn tx(&mut self) -> Tx<'_> {
        match &mut self.0 {
            Kind::File(part) => part.tx(),
            Kind::Server(connection) => Tx::on_server(connection),
        }
    }

    /// Copies a table of `source`; `seen` gets every page.
    pub(super) fn fill(
        &mut self,
        table: &Table,
        source: &mut Tx<'_>,
        seen: &mut dyn FnMut(&[Row]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let columns = table.columns.join(", ");
        match &mut self.0 {
            Kind::File(part) => {
                let places: Vec<String> = (1..=table.columns.len()).map(|n| format!("?{n}")).collect();
                let insert = format!("INSERT INTO {} ({columns}) VALUES ({})", table.name, places.join(", "));
                let mut tx = part.tx();
                pages(source, table, |rows| {
                    for row in rows {
                        tx.execute(&insert, &row.0)?;
                    }
                    seen(rows)
                })
            }
            Kind::Server(connection) => {
                // One statement for the whole table: rows may point at later rows of their own table.
                let mut copy =
                    connection.copy_in(&format!("COPY {} ({columns}) FROM STDIN BINARY", table.name))?;
                pages(source, table, |rows| {
                    copy.send(rows)?;
                    seen(rows)
                })?;
                copy.finish()
            }
        }
    }

    /// Lets the engine number new rows past the highest of each table. A file does so by itself.
    pub(super) fn number(&mut self) -> Result<(), StoreError> {
        if let Kind::Server(connection) = &mut self.0 {
            for table in TABLES.iter().filter(|table| table.numbered) {
                postgres::number(connection, table.name)?;
            }
        }
        Ok(())
    }

    /// Makes the copy a store.
    pub(super) fn keep(self) -> Result<(), StoreError> {
        match self.0 {
            Kind::File(part) => part.keep(),
            Kind::Server(mut connection) => connection.commit(),
        }
    }
}

impl Part {
    fn take(to: &Path) -> Result<Self, StoreError> {
        let unreachable = |path: &Path| StoreError::Unreachable { what: path.display().to_string() };
        if to.exists() {
            return Err(StoreError::Exists { what: to.display().to_string() });
        }
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let guard = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&part)
            .map_err(|_| unreachable(&part))?;
        match guard.try_lock() {
            Ok(()) => guard.set_len(0).map_err(|_| unreachable(&part))?,
            Err(TryLockError::WouldBlock) => return Err(StoreError::Busy),
            Err(TryLockError::Error(_)) => return Err(unreachable(&part)),
        }
        let created = create_file(&part).inspect_err(|_| copy::remove(&part));
        Ok(Self { connection: created?, path: part, to: to.to_path_buf(), kept: false, guard })
    }

    fn tx(&self) -> Tx<'_> {
        Tx::new(&self.connection, SHARED_WRITER)
    }

    fn keep(mut self) -> Result<(), StoreError> {
        let unreachable = |_| StoreError::Unreachable { what: self.to.display().to_string() };
        copy::prove(&self.connection)?;
        sqlite::execute(&self.connection, "COMMIT", &[])?;
        self.connection
            .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
            .map_err(|error| sqlite::translate(&error))?;
        self.guard.sync_all().map_err(unreachable)?;
        if self.to.exists() {
            return Err(StoreError::Exists { what: self.to.display().to_string() });
        }
        fs::rename(&self.path, &self.to).map_err(unreachable)?;
        self.kept = true;
        // The new name, too, outlives a power cut.
        let folder = self.to.parent().filter(|folder| !folder.as_os_str().is_empty());
        fs::File::open(folder.unwrap_or(Path::new(".")))
            .and_then(|folder| folder.sync_all())
            .map_err(unreachable)
    }
}

/// The newest schema in an empty file, in an open transaction.
fn create_file(part: &Path) -> Result<File, StoreError> {
    let connection = sqlite::open(part, sqlite::Mode::Write)?;
    // A file that is thrown away when it does not become whole needs no journal of its own.
    connection
        .query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))
        .and_then(|()| connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -131072"))
        .map_err(|error| sqlite::translate(&error))?;
    migrate::create(&connection)?;
    sqlite::execute(&connection, "BEGIN IMMEDIATE", &[])?;
    Ok(connection)
}
