//! Reads a store's own state for the administrator: its schema before anything is changed, the newest row, and on a
//! server the clock, the connection, durability, standbys and rights.
//!
//! Deliberately absent: judgement, which `tongdai doctor` has.

use super::migrate::SCHEMA_VERSION;
pub use super::postgres::hosts::Standing;
use super::postgres::{Address, hosts};
use super::{Place, StoreError, Tx, migrate, sqlite};
use crate::domain::time::Timestamp;

/// Versions of a schema: what a place has, and what this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// That of the place.
    pub found: i64,
    /// That of this program.
    pub known: i64,
}

/// The schema at a place, which is left as it is.
///
/// # Errors
/// [`StoreError::Missing`], [`StoreError::NotAStore`], [`StoreError::NewerSchema`], and those of a connection.
pub fn versions(place: &Place) -> Result<Versions, StoreError> {
    let known = SCHEMA_VERSION;
    let found = match place {
        Place::File(path) => {
            let what = path.display().to_string();
            if !path.exists() {
                return Err(StoreError::Missing { what });
            }
            known - migrate::inspect(&sqlite::open(path, sqlite::Mode::Read)?, &what)?
        }
        Place::Server(address) => hosts::version(address)?,
    };
    if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(Versions { found, known }) }
}

/// Each host of an address as `name:port`, in its order, and what it does.
///
/// # Errors
/// A password file that others can read, an authority that cannot be read: then no host was asked.
pub fn hosts(address: &Address) -> Result<Vec<(String, Standing)>, StoreError> {
    hosts::standings(address)
}

/// When the newest row of the audit log was written; none in an empty store.
pub fn newest_row(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    Ok(tx.one("SELECT MAX(at) FROM audit", &[])?.opt_int(0)?.map(Timestamp))
}

/// The state of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerState {
    /// Its clock.
    pub now: Timestamp,
    /// Whether this connection is encrypted.
    pub encrypted: bool,
    /// Settings that are off and without which a power cut loses commits.
    pub not_durable: Vec<&'static str>,
    /// Whether this connection's role may change or remove rows of the audit log.
    pub may_alter_audit: bool,
    /// The standbys; none when the role may not see them.
    pub standbys: Option<Standbys>,
}

/// The standbys of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standbys {
    /// All that stream.
    pub streaming: i64,
    /// Those whose confirmation each commit may wait for.
    pub synchronous: i64,
}

/// Reads the state of the server; none for a file.
pub fn server(tx: &mut Tx<'_>) -> Result<Option<ServerState>, StoreError> {
    if tx.file().is_some() {
        return Ok(None);
    }
    let row = tx.one(
        "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT),
                COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), FALSE),
                current_setting('fsync'), current_setting('synchronous_commit'),
                has_table_privilege('audit', 'UPDATE') OR has_table_privilege('audit', 'DELETE')
                  OR has_table_privilege('audit', 'TRUNCATE')",
        &[],
    )?;
    let settings = [("fsync", row.text(2)?), ("synchronous_commit", row.text(3)?)];
    Ok(Some(ServerState {
        now: Timestamp(row.int(0)?),
        encrypted: row.int(1)? == 1,
        not_durable: settings.iter().filter(|(_, value)| value == "off").map(|(name, _)| *name).collect(),
        may_alter_audit: row.int(4)? == 1,
        standbys: standbys(tx)?,
    }))
}

/// Without the right to see them, followers are rows without a state.
fn standbys(tx: &mut Tx<'_>) -> Result<Option<Standbys>, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FILTER (WHERE state = 'streaming'),
                COUNT(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')),
                COUNT(*) FILTER (WHERE state IS NULL),
                pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
         FROM pg_stat_replication",
        &[],
    )?;
    // No rows at all: also a role without the right sees that there is no standby.
    let seen = row.int(2)? == 0 || row.int(3)? == 1;
    Ok(if seen { Some(Standbys { streaming: row.int(0)?, synchronous: row.int(1)? }) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn the_schema_is_read_without_being_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let place = Place::from(path.clone());
        assert!(matches!(versions(&place), Err(StoreError::Missing { .. })));
        drop(Store::create(path.clone()).unwrap());
        assert_eq!(versions(&place), Ok(Versions { found: SCHEMA_VERSION, known: SCHEMA_VERSION }));
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        for _ in 0..2 {
            assert_eq!(versions(&place), Ok(Versions { found: 1, known: SCHEMA_VERSION }));
        }
        connection.pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
        assert!(matches!(versions(&place), Err(StoreError::NewerSchema { .. })));
    }

    #[test]
    fn a_new_store_has_no_newest_row_and_only_a_server_speaks_of_itself() {
        let store = Store::trial().unwrap();
        assert_eq!(store.read(newest_row), Ok(None));
        let state_read = store.read(server).unwrap();
        assert_eq!(state_read.is_some(), store.server().is_some());
        if let Some(state) = state_read {
            assert!(state.may_alter_audit, "the role of the tests made the tables");
            assert!(state.now > Timestamp::parse("2026-01-01T00:00:00+07:00").unwrap());
        }
    }
}
