//! Creates and upgrades the schema on PostgreSQL in one transaction under an advisory lock, so that ten processes may
//! start at once and one does the work.

use super::super::StoreError;
use super::super::migrate::SCHEMA_VERSION;
use super::super::value::Value;
use super::connection::{Connection, LOCK_CLASS, Mode};

/// All steps in order, for the same versions as those of SQLite. A step that has shipped never changes.
const STEPS: &[&str] = &[
    include_str!("../schema_1_postgres.sql"),
    include_str!("../schema_2_postgres.sql"),
    include_str!("../schema_3_postgres.sql"),
    include_str!("../schema_4_postgres.sql"),
    include_str!("../schema_5_postgres.sql"),
];
const _: () = assert!(STEPS.len() as i64 == SCHEMA_VERSION, "both engines have the same steps");

/// Makes an empty schema a store of the newest version. A store without a programme, whose creator died between
/// two steps, is taken as it is.
pub(super) fn create(connection: &mut Connection, what: &str) -> Result<(), StoreError> {
    locked(connection, |connection| create_tables(connection, what))
}

/// The same in a transaction that stays open until the caller has filled the store.
pub(in crate::store) fn take_empty(connection: &mut Connection, what: &str) -> Result<(), StoreError> {
    connection.become_writer()?;
    begin_locked(connection)?;
    for setting in ["statement_timeout", "idle_in_transaction_session_timeout"] {
        connection.execute(&format!("SET LOCAL {setting} = 0"), &[])?;
    }
    create_tables(connection, what)
}

/// Lets the server number the next row of a table past its highest.
pub(in crate::store) fn number(connection: &mut Connection, table: &str) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT setval(CAST(pg_get_serial_sequence('{table}', 'id') AS regclass), GREATEST(MAX(id), 1),
                       MAX(id) IS NOT NULL) FROM {table}"
    );
    connection.rows(&sql, &[]).map(drop)
}

fn create_tables(connection: &mut Connection, what: &str) -> Result<(), StoreError> {
    match version(connection)? {
        Some(found) if found > SCHEMA_VERSION => {
            Err(StoreError::NewerSchema { found, known: SCHEMA_VERSION })
        }
        Some(found) => {
            apply(connection, found)?;
            let campaign = connection.rows("SELECT 1 FROM campaign", &[])?;
            if campaign.is_empty() { Ok(()) } else { Err(StoreError::Exists { what: what.to_owned() }) }
        }
        None if holds_something(connection)? => Err(StoreError::NotAStore { what: what.to_owned() }),
        None => {
            connection.batch(
                "CREATE TABLE schema_version (program TEXT NOT NULL, version BIGINT NOT NULL);
                 INSERT INTO schema_version (program, version) VALUES ('tongdai', 0)",
            )?;
            apply(connection, 0)
        }
    }
}

/// Checks that the schema is a store and upgrades it.
pub(super) fn open(connection: &mut Connection, what: &str) -> Result<(), StoreError> {
    connection.begin(Mode::Read);
    let found = version(connection).and_then(|found| match found {
        Some(_) => Ok(found),
        None if holds_something(connection)? => Err(StoreError::NotAStore { what: what.to_owned() }),
        None => Err(StoreError::Missing { what: what.to_owned() }),
    });
    connection.roll_back();
    match found? {
        Some(found) if found > SCHEMA_VERSION => {
            Err(StoreError::NewerSchema { found, known: SCHEMA_VERSION })
        }
        Some(found) if found == SCHEMA_VERSION => has_programme(connection, what),
        // Another process may have done it meanwhile.
        _ => locked(connection, |connection| {
            let found = version(connection)?.unwrap_or_default();
            apply(connection, found)
        }),
    }
}

fn has_programme(connection: &mut Connection, what: &str) -> Result<(), StoreError> {
    connection.begin(Mode::Read);
    let campaign = connection.rows("SELECT 1 FROM campaign", &[]);
    connection.roll_back();
    if campaign?.is_empty() { Err(StoreError::Missing { what: what.to_owned() }) } else { Ok(()) }
}

fn locked(
    connection: &mut Connection,
    act: impl FnOnce(&mut Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let outcome = begin_locked(connection).and_then(|()| act(connection)).and_then(|()| connection.commit());
    if outcome.is_err() {
        connection.roll_back();
    }
    outcome
}

fn begin_locked(connection: &mut Connection) -> Result<(), StoreError> {
    connection.begin(Mode::Bulk);
    let held = connection.rows(
        "SELECT 1 FROM (SELECT set_config('lock_timeout', '60s', true), pg_advisory_xact_lock(?1, 0)) AS held",
        &[Value::Int(i64::from(LOCK_CLASS))],
    );
    held.map(drop)
}

/// The schema's version; none when there is no store here.
pub(super) fn version(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    let ours = connection.rows(
        "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND c.relname = 'schema_version'",
        &[],
    )?;
    if ours.is_empty() {
        return Ok(None);
    }
    let found = connection.rows("SELECT version FROM schema_version WHERE program = 'tongdai'", &[])?;
    found.first().map(|row| row.int(0)).transpose()
}

/// Whether the schema has tables of another program.
fn holds_something(connection: &mut Connection) -> Result<bool, StoreError> {
    let found = connection.rows(
        "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm') LIMIT 1",
        &[],
    )?;
    Ok(!found.is_empty())
}

fn apply(connection: &mut Connection, from: i64) -> Result<(), StoreError> {
    for (index, step) in STEPS.iter().enumerate().skip(usize::try_from(from).unwrap_or(0)) {
        connection.batch(step)?;
        connection.execute("UPDATE schema_version SET version = ?1", &[Value::Int(index as i64 + 1)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::trial::Trial;

    #[test]
    fn a_server_with_the_first_schema_is_brought_up_and_keeps_its_rows() {
        let Some(trial) = Trial::start().unwrap() else { return };
        let mut connection = Connection::open(trial.address()).unwrap();
        connection.begin(Mode::Bulk);
        for sql in [
            "CREATE TABLE schema_version (program TEXT NOT NULL, version BIGINT NOT NULL);
             INSERT INTO schema_version (program, version) VALUES ('tongdai', 1)",
            STEPS[0],
            "INSERT INTO staff (id, name, role, created_at) VALUES ('lan', 'Lan', 'agent', 5);
             INSERT INTO campaign (id, config, quota)
             VALUES (1, '{\"script\":{\"version\":3},\"notice\":{\"version\":\"2026-11\"}}', 7);
             INSERT INTO customer (phone, phone_reversed, phone_raw, name, name_key)
             VALUES (84902000100, 1000209, '0902000100', 'H''Bia Êban', 'eban h''bia')",
        ] {
            connection.batch(sql).unwrap();
        }
        connection.commit().unwrap();
        open(&mut connection, "old").unwrap();
        connection.begin(Mode::Read);
        assert_eq!(version(&mut connection), Ok(Some(SCHEMA_VERSION)));
        let counted = "SELECT (SELECT COUNT(*) FROM staff), (SELECT COUNT(*) FROM staff_key),
            (SELECT name_key FROM customer)";
        let rows = connection.rows(counted, &[]).unwrap();
        assert_eq!((rows[0].int(0), rows[0].int(1)), (Ok(1), Ok(0)));
        assert_eq!(rows[0].text(2).as_deref(), Ok("eban hbia"), "found without its apostrophe");
        let version = "SELECT version, script_version, notice_version, flags_version, loaded_at, loaded_by
                       FROM campaign_version";
        let rows = connection.rows(version, &[]).unwrap();
        let numbers = (rows[0].int(0), rows[0].int(1), rows[0].opt_int(3), rows[0].int(4));
        assert_eq!(numbers, (Ok(1), Ok(3), Ok(None), Ok(5)));
        assert_eq!((rows[0].text(2).unwrap(), rows[0].text(5).unwrap()), ("2026-11".into(), "lan".into()));
        connection.roll_back();
    }
}
