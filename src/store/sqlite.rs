//! The SQLite engine: connections and their settings, statements, and the translation of its errors. Write-ahead log,
//! `synchronous=FULL` ("Đã lưu" is shown only when the data is on disk), foreign keys on.

use super::error::StoreError;
use super::value::{Row, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use std::path::Path;
use std::time::Duration;

/// How long SQLite itself waits for a process that does not know our lock file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;
/// Marks a database file as ours (`PRAGMA application_id`): "tdai".
pub(super) const APPLICATION_ID: i64 = 0x7464_6169;

/// The row-lock clause of a statement, for an engine with concurrent writers. Here writes are serial, so nothing has
/// to be locked. The plain `FOR UPDATE` is absent on purpose (see `row_lock`).
const ROW_LOCKS: [&str; 2] = [" FOR NO KEY UPDATE SKIP LOCKED", " FOR NO KEY UPDATE"];

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Create the file; it must not exist.
    Create,
    /// Read and write an existing file.
    Write,
    /// Read an existing file.
    Read,
}

/// Opens a connection with our settings.
pub(super) fn open(path: &Path, mode: Mode) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_READ_WRITE
        | if mode == Mode::Create { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let connection = Connection::open_with_flags(path, flags).map_err(|error| at(path, &error))?;
    settle(&connection, mode).map_err(|error| at(path, &error))?;
    Ok(connection)
}

/// A store in memory, for tests and demos: one connection, dropped with the process.
pub(super) fn open_memory() -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory().map_err(|error| translate(&error))?;
    settle(&connection, Mode::Create).map_err(|error| translate(&error))?;
    Ok(connection)
}

fn settle(connection: &Connection, mode: Mode) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise a statement whose LIMIT is an argument is planned anew each time it is bound, which costs more than
    // most of them do. Plans here come from indexes alone: nothing is analysed, no pattern is an argument.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if mode == Mode::Create {
        write_ahead(connection)?;
    }
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000; PRAGMA trusted_schema = OFF;",
    )?;
    if mode == Mode::Read {
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")?;
    }
    Ok(())
}

/// Switches to the write-ahead log. This writes into the file, so an existing one has to be identified as a store
/// first.
pub(super) fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
}

/// A number that changes with a commit of any other connection.
pub(super) fn data_version(connection: &Connection) -> Result<i64, StoreError> {
    connection
        .prepare_cached("PRAGMA data_version")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(|error| translate(&error))
}

/// A statement without the row lock at its end.
pub(super) fn without_row_lock(sql: &str) -> &str {
    ROW_LOCKS.iter().find_map(|lock| sql.strip_suffix(lock)).unwrap_or(sql)
}

/// A statement with its arguments bound; the number of changed rows.
pub(super) fn execute(connection: &Connection, sql: &str, args: &[Value]) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| translate(&error))?;
    bind(&mut statement, args)?;
    // A statement with RETURNING or a SELECT is stepped through by `rows`; here nothing comes back.
    statement.raw_execute().map(|changed| changed as u64).map_err(|error| translate(&error))
}

/// Rows of a statement, at most `limit`.
pub(super) fn rows(
    connection: &Connection,
    sql: &str,
    args: &[Value],
    limit: usize,
) -> Result<Vec<Row>, StoreError> {
    let mut statement =
        connection.prepare_cached(without_row_lock(sql)).map_err(|error| translate(&error))?;
    let columns = statement.column_count();
    bind(&mut statement, args)?;
    let mut found = Vec::new();
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next().map_err(|error| translate(&error))? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column).map_err(|error| translate(&error))? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(value) => Value::Int(value),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
                ValueRef::Real(_) => return Err(StoreError::internal("a real number in the store")),
            });
        }
        found.push(Row(values));
        if found.len() >= limit && limit > 1 {
            break;
        }
    }
    if limit == 1 {
        found.truncate(1);
    }
    Ok(found)
}

fn bind(statement: &mut Statement<'_>, args: &[Value]) -> Result<(), StoreError> {
    if statement.parameter_count() != args.len() {
        return Err(StoreError::internal(&format!(
            "{} arguments for {} placeholders",
            args.len(),
            statement.parameter_count()
        )));
    }
    for (index, value) in args.iter().enumerate() {
        match value {
            Value::Null => statement.raw_bind_parameter(index + 1, rusqlite::types::Null),
            Value::Int(value) => statement.raw_bind_parameter(index + 1, value),
            Value::Text(value) => statement.raw_bind_parameter(index + 1, value),
            Value::Blob(value) => statement.raw_bind_parameter(index + 1, value),
        }
        .map_err(|error| translate(&error))?;
    }
    Ok(())
}

/// An error on opening, with the path.
fn at(path: &Path, error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreError::Unreachable { what: path.display().to_string() }
        }
        Some(ErrorCode::NotADatabase) => StoreError::NotAStore { what: path.display().to_string() },
        _ => translate(error),
    }
}

/// Translates SQLite's errors into those of the store.
pub(super) fn translate(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        Some(ErrorCode::DiskFull) => StoreError::DiskFull,
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly,
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt,
        Some(ErrorCode::NotADatabase) => StoreError::NotAStore { what: "–".to_owned() },
        Some(ErrorCode::CannotOpen) => StoreError::Unreachable { what: "–".to_owned() },
        // A write that the system cut short: full file systems and file-size limits end here.
        Some(ErrorCode::SystemIoFailure) => match error.sqlite_error().map(|e| e.extended_code) {
            Some(rusqlite::ffi::SQLITE_IOERR_WRITE) => StoreError::DiskFull,
            _ => StoreError::Unreachable { what: error.to_string() },
        },
        Some(ErrorCode::ConstraintViolation) => StoreError::constraint(&error.to_string()),
        _ => StoreError::internal(&error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn row_locks_are_taken_off_the_end_and_nowhere_else() {
        for lock in ROW_LOCKS {
            assert_eq!(without_row_lock(&format!("SELECT id FROM list{lock}")), "SELECT id FROM list");
            let inside = format!("SELECT id FROM (SELECT id FROM list{lock}) q");
            assert_eq!(without_row_lock(&inside), inside);
        }
        assert_eq!(without_row_lock("SELECT id FROM list"), "SELECT id FROM list");
    }

    #[test]
    fn a_statement_is_planned_once_whatever_its_limit_is() {
        let connection = open_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE list (id INTEGER); INSERT INTO list VALUES (7), (8), (9)")
            .unwrap();
        let sql = "SELECT id FROM list WHERE id > ?1 ORDER BY id LIMIT ?2";
        for limit in 1..=3 {
            let found = rows(&connection, sql, &[Value::Int(0), Value::Int(limit)], 10).unwrap();
            assert_eq!(found.len() as i64, limit);
        }
        let statement = connection.prepare_cached(sql).unwrap();
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }

    #[test]
    fn a_locking_read_finds_its_row() {
        let connection = open_memory().unwrap();
        connection.execute_batch("CREATE TABLE list (id INTEGER); INSERT INTO list VALUES (7)").unwrap();
        for lock in ROW_LOCKS {
            let found =
                rows(&connection, &format!("SELECT id FROM list WHERE id = 7{lock}"), &[], 1).unwrap();
            assert_eq!(found, [Row(vec![Value::Int(7)])]);
        }
    }
}
