//! One transaction: few methods, `?N` placeholders, [`Value`]s, so that the same SQL text runs on every engine.
//!
//! Invariants:
//! - what a transaction collects besides rows (counts, topics, the head of the audit chain) is kept or dropped with
//!   it;
//! - only the store opens and ends a transaction; a use case can do neither.

use super::error::StoreError;
use super::postgres::Connection;
use super::sqlite;
use super::topic::Topics;
use super::value::{AuditHead, Row, Value};
use std::collections::BTreeMap;

/// Counters written by one statement.
const COUNTS: usize = 16;
/// Rows that one `many` may return; more is a missing limit.
const MAX_ROWS: usize = 200_000;

/// What one command leaves beside its rows.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Deltas of overview counters, written once per group.
    pub counts: BTreeMap<String, i64>,
    /// The topics that changed.
    pub topics: Topics,
}

/// What a transaction runs on.
#[derive(Debug)]
enum Engine<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut Connection),
}

/// A transaction of a writer, or a snapshot of a reader.
#[derive(Debug)]
pub struct Tx<'c> {
    engine: Engine<'c>,
    writer: i64,
    pub(super) gathered: Gathered,
    pub(super) head: Option<AuditHead>,
}

impl<'c> Tx<'c> {
    pub(super) fn new(connection: &'c rusqlite::Connection, writer: i64) -> Self {
        Self { engine: Engine::Sqlite(connection), writer, gathered: Gathered::default(), head: None }
    }

    pub(super) fn on_server(connection: &'c mut Connection) -> Self {
        let (writer, head) = (connection.writer, connection.head);
        Self { engine: Engine::Postgres(connection), writer, gathered: Gathered::default(), head }
    }

    /// Runs a statement; returns the number of rows it changed.
    pub fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64, StoreError> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::execute(connection, sql, args),
            Engine::Postgres(connection) => connection.execute(sql, args),
        }
    }

    /// Like [`Tx::execute`], for a statement whose count is not needed. On a server it is sent with the next
    /// statement or with the commit, and its error is theirs.
    pub fn execute_later(&mut self, sql: &str, args: &[Value]) -> Result<(), StoreError> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::execute(connection, sql, args).map(drop),
            Engine::Postgres(connection) => connection.execute_later(sql, args),
        }
    }

    /// Exactly one row; none is a broken promise.
    pub fn one(&mut self, sql: &str, args: &[Value]) -> Result<Row, StoreError> {
        self.optional(sql, args)?.ok_or_else(|| StoreError::internal("a row that must exist does not"))
    }

    /// The first row, if there is one.
    pub fn optional(&mut self, sql: &str, args: &[Value]) -> Result<Option<Row>, StoreError> {
        match &mut self.engine {
            Engine::Sqlite(connection) => Ok(sqlite::rows(connection, sql, args, 1)?.pop()),
            Engine::Postgres(connection) => Ok(connection.rows(sql, args)?.into_iter().next()),
        }
    }

    /// All rows, in the statement's order.
    pub fn many(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>, StoreError> {
        let rows = match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::rows(connection, sql, args, MAX_ROWS + 1)?,
            Engine::Postgres(connection) => connection.rows(sql, args)?,
        };
        if rows.len() > MAX_ROWS {
            return Err(StoreError::internal("a query without a limit returned too many rows"));
        }
        Ok(rows)
    }

    /// Runs `f` so that an error takes back its rows, counts and topics and leaves this transaction usable.
    pub fn attempt<T, E: From<StoreError>>(
        &mut self,
        f: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.execute("SAVEPOINT attempt", &[])?;
        let (counts, topics, head) = (self.gathered.counts.clone(), self.gathered.topics, self.head);
        let result = f(self);
        if result.is_err() {
            self.execute("ROLLBACK TO attempt", &[])?;
            self.gathered = Gathered { counts, topics };
            self.head = head;
        }
        self.execute("RELEASE attempt", &[])?;
        result
    }

    /// Adds `delta` to an overview counter when this transaction commits.
    pub fn count(&mut self, name: impl Into<String>, delta: i64) {
        if delta != 0 {
            *self.gathered.counts.entry(name.into()).or_default() += delta;
        }
    }

    /// Publishes that `topics` changed, once this transaction is durable.
    pub fn touch(&mut self, topics: Topics) {
        self.gathered.topics = self.gathered.topics.with(topics);
    }

    /// Which audit chain and counter rows are this process's own.
    pub const fn writer(&self) -> i64 {
        self.writer
    }

    /// The end of this process's audit chain, read once per group.
    pub fn audit_head(&mut self) -> Result<AuditHead, StoreError> {
        if let Some(head) = self.head {
            return Ok(head);
        }
        let row = self.optional(
            "SELECT seq, hash FROM audit WHERE writer = ?1 ORDER BY seq DESC LIMIT 1",
            &[Value::Int(self.writer)],
        )?;
        let head = match row {
            None => AuditHead { seq: 0, hash: [0; 32] },
            Some(row) => {
                let hash = row
                    .blob(1)?
                    .try_into()
                    .map_err(|_| StoreError::internal("an audit hash is not 32 bytes"))?;
                AuditHead { seq: row.int(0)?, hash }
            }
        };
        self.head = Some(head);
        Ok(head)
    }

    /// Remembers the chain's new end.
    pub fn set_audit_head(&mut self, head: AuditHead) {
        self.head = Some(head);
    }

    /// Keeps this transaction open however long the program works between two statements: for copies, which wait
    /// for the other end.
    pub(super) fn wait_without_end(&mut self) -> Result<(), StoreError> {
        if self.file().is_none() {
            self.execute("SET LOCAL idle_in_transaction_session_timeout = 0", &[])?;
        }
        Ok(())
    }

    /// The SQLite connection, for what only that engine does; none on a server.
    pub(super) const fn file(&self) -> Option<&'c rusqlite::Connection> {
        match self.engine {
            Engine::Sqlite(connection) => Some(connection),
            Engine::Postgres(_) => None,
        }
    }

    /// Writes the counts gathered so far, in one statement; called before the commit.
    pub(super) fn flush_counts(&mut self, counts: &BTreeMap<String, i64>) -> Result<(), StoreError> {
        let counts: Vec<(&String, i64)> =
            counts.iter().filter(|(_, delta)| **delta != 0).map(|(name, delta)| (name, *delta)).collect();
        for some in counts.chunks(COUNTS) {
            let places: Vec<String> = (0..some.len())
                .map(|n| format!("(?{}, ?{}, ?{})", n * 3 + 1, n * 3 + 2, n * 3 + 3))
                .collect();
            let args: Vec<Value> = some
                .iter()
                .flat_map(|(name, delta)| [Value::from(*name), self.writer.into(), (*delta).into()])
                .collect();
            self.execute_later(
                &format!(
                    "INSERT INTO counter (name, writer, value) VALUES {}
                     ON CONFLICT (name, writer) DO UPDATE SET value = counter.value + excluded.value",
                    places.join(", ")
                ),
                &args,
            )?;
        }
        Ok(())
    }
}
