//! One connection to PostgreSQL: its statements, its transaction, its deadlines.
//!
//! Invariants:
//! - every round trip has a deadline, so that a silent server costs a command its time limit and never blocks a
//!   thread for good;
//! - a connection that missed a deadline or lost its server is never used again;
//! - `BEGIN` is sent with the first statement;
//! - a transaction that was not committed is rolled back before the next begins.
//!
//! The asynchronous library is used directly, on a small runtime of the connection's own, because its synchronous
//! interface has no deadlines.

mod copy_in;

use super::super::StoreError;
use super::super::value::{AuditHead, Row, Value};
use super::address::{self, Address, CONNECT_TIMEOUT};
use super::value::{Argument, row};
use super::{error, tls};
use futures_util::future::join_all;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, SimpleQueryMessage, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Prepared statements kept per connection; beyond it all are dropped and prepared again.
const STATEMENTS: usize = 512;
/// The longest round trip of a command; only the client enforces it (see [`Mode::begin`]).
const WRITE_SECONDS: u64 = 10;
/// The server's timeout for a statement of a screen's query.
const READ_SECONDS: u64 = 15;
/// The server's timeout for a statement of a bulk load, a check or an export.
const LONG_SECONDS: u64 = 600;
/// How much later than that the client gives up.
const GRACE: Duration = Duration::from_secs(3);
/// How long a caller waits for a listener that just started.
pub(super) const LISTEN_TIME: Duration = Duration::from_secs(4);
/// Marks the advisory locks of this program: "tdai".
pub(super) const LOCK_CLASS: i32 = 0x7464_6169;
/// Writer ids that are tried; a database with more connections than this is a mistake.
const WRITERS: i32 = 8192;

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A command.
    Write,
    /// A chunk of a bulk load, or a migration.
    Bulk,
    /// A screen's query: a snapshot.
    Read,
    /// A snapshot for a check, an export or a copy.
    LongRead,
}

impl Mode {
    const fn seconds(self) -> u64 {
        match self {
            Self::Write => WRITE_SECONDS,
            Self::Read => READ_SECONDS,
            Self::Bulk | Self::LongRead => LONG_SECONDS,
        }
    }

    /// A command has no timeout on the server: one that fires while COMMIT waits for the standby would end the wait
    /// and report success, and turning it off for each COMMIT costs every command. Its locks have one
    /// (`lock_timeout`), its round trips end here, and a server that lost its client stops by itself.
    fn begin(self) -> String {
        let seconds = self.seconds();
        match self {
            Self::Write => "BEGIN".to_owned(),
            Self::Bulk => format!("BEGIN; SET LOCAL statement_timeout = '{seconds}s'"),
            Self::Read | Self::LongRead => format!(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '{seconds}s'"
            ),
        }
    }

    /// The statement that commits, without a timeout.
    const fn commit(self) -> &'static str {
        match self {
            Self::Write => "COMMIT",
            _ => "SET LOCAL statement_timeout = 0; COMMIT",
        }
    }
}

/// An open connection.
pub struct Connection {
    client: Option<Client>,
    driver: Option<JoinHandle<()>>,
    runtime: Runtime,
    statements: HashMap<String, Statement>,
    place: String,
    /// The statement to send before the next one.
    begin: Option<String>,
    in_transaction: bool,
    /// What the transaction is for, or was.
    mode: Mode,
    /// Statements that are sent with the next one or with the commit.
    later: Vec<(Statement, Vec<Value>)>,
    deadline: Duration,
    usable: bool,
    /// This connection's audit chain and counter rows; 0 before its first command.
    pub writer: i64,
    /// The end of that chain, once read.
    pub head: Option<AuditHead>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("place", &self.place)
            .field("writer", &self.writer)
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// Connects to the first host that takes writes.
    ///
    /// # Errors
    /// [`StoreError::Untrusted`] of any host is final. If no host takes writes: [`StoreError::Denied`] or
    /// [`StoreError::Missing`] when one reported it, else [`StoreError::ReadOnly`] when a replica answered, else
    /// [`StoreError::Lost`].
    pub fn open(address: &Address) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::internal(&error.to_string()))?;
        let (client, driver) = runtime.block_on(leader(address, None))?;
        Ok(Self {
            client: Some(client),
            driver: Some(driver),
            runtime,
            statements: HashMap::new(),
            place: address.to_string(),
            begin: None,
            in_transaction: false,
            mode: Mode::Read,
            later: Vec::new(),
            deadline: Duration::from_secs(WRITE_SECONDS) + GRACE,
            usable: true,
            writer: 0,
            head: None,
        })
    }

    /// Whether the next command may use it.
    pub fn is_usable(&self) -> bool {
        self.usable && self.client.as_ref().is_some_and(|client| !client.is_closed())
    }

    /// Takes a writer id that no other connection of the database has; free again when this one ends.
    pub fn become_writer(&mut self) -> Result<(), StoreError> {
        if self.writer == 0 {
            self.deadline = Duration::from_secs(WRITE_SECONDS) + GRACE;
            let free = self.rows(
                "SELECT n::bigint FROM generate_series(1, ?1) AS n WHERE pg_try_advisory_lock(?2, n) LIMIT 1",
                &[Value::Int(i64::from(WRITERS)), Value::Int(i64::from(LOCK_CLASS))],
            )?;
            self.writer = free.first().ok_or(StoreError::Busy)?.int(0)?;
        }
        Ok(())
    }

    /// Starts a transaction; it reaches the server with its first statement.
    pub fn begin(&mut self, mode: Mode) {
        self.mode = mode;
        self.begin = Some(mode.begin());
        self.deadline = Duration::from_secs(mode.seconds()) + GRACE;
    }

    /// Makes the transaction durable. A lost answer is [`StoreError::Lost`]: the outcome is unknown.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if self.begin.is_some() && self.later.is_empty() {
            self.begin = None;
        }
        if self.begin.is_none() && !self.in_transaction {
            return Ok(());
        }
        self.send_later(Some(self.mode.commit()))?;
        self.in_transaction = false;
        Ok(())
    }

    /// Keeps a statement until the next one, or the commit, and sends them together.
    pub fn execute_later(&mut self, sql: &str, args: &[Value]) -> Result<(), StoreError> {
        let statement = self.prepared(sql)?;
        check_count(&statement, args)?;
        self.later.push((statement, args.to_vec()));
        Ok(())
    }

    /// Sends the kept statements and then `last`, without waiting in between. The first error counts; the server has
    /// then executed nothing after it.
    fn send_later(&mut self, last: Option<&str>) -> Result<(), StoreError> {
        let later = std::mem::take(&mut self.later);
        let begin = self.begin.take();
        self.in_transaction |= begin.is_some();
        let Self { client: Some(client), runtime, deadline, .. } = &*self else { return Err(self.lost()) };
        let outcome = within(runtime, *deadline, async {
            let ahead = async {
                match &begin {
                    Some(begin) => client.batch_execute(begin).await,
                    None => Ok(()),
                }
            };
            let kept = join_all(
                later.iter().map(|(statement, args)| client.execute_raw(statement, arguments(args))),
            );
            let behind = async {
                match last {
                    Some(last) => client.batch_execute(last).await,
                    None => Ok(()),
                }
            };
            let (begun, done, ended) = tokio::join!(biased; ahead, kept, behind);
            begun?;
            done.into_iter().collect::<Result<Vec<_>, _>>()?;
            ended
        });
        self.settle(outcome)
    }

    /// Rolls the transaction back. A connection that cannot is not used again.
    pub fn roll_back(&mut self) {
        self.later.clear();
        if self.begin.take().is_some() || !self.in_transaction {
            return;
        }
        self.in_transaction = false;
        if self.usable && self.batch("ROLLBACK").is_err() {
            self.usable = false;
        }
    }

    /// Runs statements without arguments.
    pub fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        let Self { client: Some(client), runtime, deadline, .. } = &*self else { return Err(self.lost()) };
        let outcome = within(runtime, *deadline, client.batch_execute(sql));
        self.settle(outcome)
    }

    /// A statement with its arguments; the number of changed rows.
    pub fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64, StoreError> {
        let (statement, begin) = self.ready(sql)?;
        check_count(&statement, args)?;
        let Self { client: Some(client), runtime, deadline, .. } = &*self else { return Err(self.lost()) };
        let outcome = within(runtime, *deadline, async {
            match &begin {
                None => client.execute_raw(&statement, arguments(args)).await,
                Some(begin) => {
                    // Both leave before the first is answered.
                    let (begun, changed) = tokio::join!(
                        biased;
                        client.batch_execute(begin),
                        client.execute_raw(&statement, arguments(args)),
                    );
                    begun?;
                    changed
                }
            }
        });
        self.settle(outcome)
    }

    /// All rows of a statement.
    pub fn rows(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>, StoreError> {
        let (statement, begin) = self.ready(sql)?;
        check_count(&statement, args)?;
        let arguments: Vec<Argument<'_>> = args.iter().map(Argument).collect();
        let pointers: Vec<&(dyn ToSql + Sync)> = arguments.iter().map(|a| a as &(dyn ToSql + Sync)).collect();
        let Self { client: Some(client), runtime, deadline, .. } = &*self else { return Err(self.lost()) };
        let outcome = within(runtime, *deadline, async {
            match &begin {
                None => client.query(&statement, &pointers).await,
                Some(begin) => {
                    let (begun, found) = tokio::join!(
                        biased;
                        client.batch_execute(begin),
                        client.query(&statement, &pointers),
                    );
                    begun?;
                    found
                }
            }
        });
        self.settle(outcome)?.iter().map(row).collect()
    }

    /// The prepared statement, and the pending `BEGIN`, which from now on counts as sent.
    fn ready(&mut self, sql: &str) -> Result<(Statement, Option<String>), StoreError> {
        if !self.later.is_empty() {
            self.send_later(None)?;
        }
        let statement = self.prepared(sql)?;
        let begin = self.begin.take();
        self.in_transaction |= begin.is_some();
        Ok((statement, begin))
    }

    /// Prepares `sql`, once per connection.
    pub fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let Self { client: Some(client), runtime, deadline, .. } = &*self else { return Err(self.lost()) };
        let text = dollars(sql);
        let outcome = within(runtime, *deadline, client.prepare(&text));
        let statement = self.settle(outcome)?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn settle<T>(&mut self, outcome: Option<Result<T, tokio_postgres::Error>>) -> Result<T, StoreError> {
        match outcome {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => {
                let error = error::translate(&error, &self.place);
                if matches!(error, StoreError::Lost { .. }) {
                    self.usable = false;
                }
                Err(error)
            }
            None => Err(self.lost()),
        }
    }

    fn lost(&mut self) -> StoreError {
        self.usable = false;
        StoreError::Lost { what: self.place.clone() }
    }
}

impl Drop for Connection {
    /// Terminates the connection, so that the server frees its locks at once; a server that does not answer is left.
    fn drop(&mut self) {
        drop(self.client.take());
        if let Some(driver) = self.driver.take()
            && self.usable
        {
            // A driver that does not end in time ends with its runtime.
            let _ = self.runtime.block_on(async { timeout(Duration::from_secs(1), driver).await });
        }
    }
}

/// Runs `future` on the connection's own runtime; none when its time is over.
fn within<T>(runtime: &Runtime, deadline: Duration, future: impl Future<Output = T>) -> Option<T> {
    runtime.block_on(async { timeout(deadline, future).await.ok() })
}

fn arguments(args: &[Value]) -> Vec<Argument<'_>> {
    args.iter().map(Argument).collect()
}

/// The library panics on a wrong count; here it is a bug of the program.
fn check_count(statement: &Statement, args: &[Value]) -> Result<(), StoreError> {
    if statement.params().len() == args.len() {
        return Ok(());
    }
    Err(StoreError::internal(&format!(
        "{} arguments for {} placeholders",
        args.len(),
        statement.params().len()
    )))
}

/// Where a listening connection sends its notifications.
type Notified = UnboundedSender<String>;

/// A connection that listens on this schema's channel, and the receiver of its notifications, which ends with it.
pub(super) async fn listener(address: &Address) -> Result<(Client, UnboundedReceiver<String>), StoreError> {
    let (notified, notifications) = unbounded_channel();
    let (client, _driver) = leader(address, Some(notified)).await?;
    let channel = "DO $$ BEGIN EXECUTE 'LISTEN tongdai_' || md5(current_schema()); END $$";
    match timeout(CONNECT_TIMEOUT, client.batch_execute(channel)).await {
        Ok(Ok(())) => Ok((client, notifications)),
        Ok(Err(error)) => Err(error::translate(&error, &address.to_string())),
        Err(_) => Err(StoreError::Lost { what: address.to_string() }),
    }
}

/// The first host that takes writes.
async fn leader(
    address: &Address,
    notified: Option<Notified>,
) -> Result<(Client, JoinHandle<()>), StoreError> {
    let passwords = address::password_file()?;
    let tls = tls::connector(address)?;
    let mut outcome = StoreError::Lost { what: address.to_string() };
    for host in address.hosts() {
        let host = address::with_password(host, passwords.as_deref());
        match connect(&host, address, tls.clone(), notified.clone()).await {
            Ok(opened) => return Ok(opened),
            Err(error @ (StoreError::Untrusted { .. } | StoreError::Internal { .. })) => return Err(error),
            // A follower that is behind may not know the database or the role yet: another host is asked, too.
            Err(error @ (StoreError::Denied { .. } | StoreError::Missing { .. })) => outcome = error,
            Err(StoreError::ReadOnly) if matches!(outcome, StoreError::Lost { .. }) => {
                outcome = StoreError::ReadOnly;
            }
            Err(_) => {}
        }
    }
    Err(outcome)
}

/// One host: connected, configured, and checked to take writes.
///
/// # Errors
/// [`StoreError::ReadOnly`] of a host that follows.
pub(super) async fn connect(
    host: &Config,
    address: &Address,
    tls: MakeRustlsConnect,
    notified: Option<Notified>,
) -> Result<(Client, JoinHandle<()>), StoreError> {
    let shown = match address.hosts() {
        [_one] => address.to_string(),
        _ => format!("{address} ({})", address::host_and_port(host)),
    };
    let lost = || StoreError::Lost { what: shown.clone() };
    let opened = async {
        if host.get_ssl_mode() == SslMode::Disable {
            let (client, connection) = host.connect(NoTls).await?;
            Ok((client, tokio::spawn(drive(connection, notified))))
        } else {
            let (client, connection) = host.connect(tls).await?;
            Ok((client, tokio::spawn(drive(connection, notified))))
        }
    };
    let (client, driver) = timeout(CONNECT_TIMEOUT, opened)
        .await
        .map_err(|_| lost())?
        .map_err(|error: tokio_postgres::Error| error::translate(&error, &shown))?;
    let settled = client.simple_query(
        "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'; SET statement_timeout = 0;
         SET default_transaction_isolation = 'read committed';
         SELECT set_config(name, '2s', false) FROM pg_settings WHERE name = 'client_connection_check_interval';
         SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS replica",
    );
    let answers = timeout(CONNECT_TIMEOUT, settled)
        .await
        .map_err(|_| lost())?
        .map_err(|error| error::translate(&error, &shown))?;
    let replica = answers.iter().any(|answer| match answer {
        SimpleQueryMessage::Row(row) => row.get(0) == Some("t"),
        _ => false,
    });
    if replica { Err(StoreError::ReadOnly) } else { Ok((client, driver)) }
}

/// Drives the connection while its runtime runs, and passes notifications on.
async fn drive<S, T>(mut connection: tokio_postgres::Connection<S, T>, notified: Option<Notified>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    // An error of the connection reaches the request that waits for an answer.
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(notification) = message
            && let Some(notified) = &notified
            && notified.send(notification.payload().to_owned()).is_err()
        {
            return;
        }
    }
}

/// `?N` as PostgreSQL writes it; a question mark inside quotes stays.
pub(super) fn dollars(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut quoted = false;
    let mut letters = sql.chars().peekable();
    while let Some(letter) = letters.next() {
        quoted ^= letter == '\'';
        let place = letter == '?' && !quoted && letters.peek().is_some_and(char::is_ascii_digit);
        text.push(if place { '$' } else { letter });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_rewritten_and_quoted_question_marks_are_not() {
        assert_eq!(
            dollars("SELECT '?1', a FROM b WHERE c = ?1 AND d = ?12 -- ?"),
            "SELECT '?1', a FROM b WHERE c = $1 AND d = $12 -- ?"
        );
    }
}
