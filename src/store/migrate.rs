//! Upgrades the schema by ordered steps. A store of a newer program is refused unchanged, and so is a file that is no
//! store.

use super::error::StoreError;
use super::sqlite::{self, APPLICATION_ID};
use rusqlite::Connection;

/// All steps in order; the schema's version is their count. A step that has shipped never changes.
const STEPS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
];

/// The version this program writes.
pub const SCHEMA_VERSION: i64 = STEPS.len() as i64;

/// Makes an empty file a store of the newest version.
pub(super) fn create(connection: &Connection) -> Result<(), StoreError> {
    pragma_set(connection, "application_id", APPLICATION_ID)?;
    apply(connection, 0)
}

/// Whether the file is ours and not too new; the number of steps it lacks.
pub(super) fn inspect(connection: &Connection, what: &str) -> Result<i64, StoreError> {
    if pragma(connection, "application_id")? != APPLICATION_ID {
        return Err(StoreError::NotAStore { what: what.to_owned() });
    }
    let found = pragma(connection, "user_version")?;
    if found > SCHEMA_VERSION {
        return Err(StoreError::NewerSchema { found, known: SCHEMA_VERSION });
    }
    Ok(SCHEMA_VERSION - found)
}

/// Brings a store of version `from` to the newest.
pub(super) fn apply(connection: &Connection, from: i64) -> Result<(), StoreError> {
    for (index, step) in STEPS.iter().enumerate().skip(usize::try_from(from).unwrap_or(0)) {
        let script = format!("BEGIN IMMEDIATE; {step}; PRAGMA user_version = {}; COMMIT;", index + 1);
        connection.execute_batch(&script).map_err(|error| {
            let _ = connection.execute_batch("ROLLBACK");
            sqlite::translate(&error)
        })?;
    }
    Ok(())
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    connection
        .query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
        .map_err(|error| sqlite::translate(&error))
}

fn pragma_set(connection: &Connection, name: &str, value: i64) -> Result<(), StoreError> {
    connection.execute_batch(&format!("PRAGMA {name} = {value}")).map_err(|error| sqlite::translate(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::StaffId;
    use crate::domain::time::Timestamp;
    use crate::store::campaign_version::VersionRow;

    #[test]
    fn a_new_store_has_the_newest_version_and_lacks_nothing() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        assert_eq!(inspect(&connection, "memory"), Ok(0));
    }

    #[test]
    fn a_store_of_the_first_schema_is_brought_up_and_keeps_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let connection = Connection::open(&path).unwrap();
        pragma_set(&connection, "application_id", APPLICATION_ID).unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection
            .execute_batch(
                "PRAGMA user_version = 1;
                 INSERT INTO staff (id, name, role, created_at) VALUES ('lan', 'Lan', 'agent', 5);
                 INSERT INTO campaign (id, config, quota, taken) VALUES
                   (1, '{\"script\":{\"version\":3},\"notice\":{\"version\":\"2026-11\"}}', 7, 2);
                 INSERT INTO customer (phone, phone_reversed, phone_raw, name, name_key)
                 VALUES (84902000100, 1000209, '0902000100', 'H''Bia Êban', 'eban h''bia')",
            )
            .unwrap();
        assert_eq!(inspect(&connection, "old"), Ok(SCHEMA_VERSION - 1));
        drop(connection);
        for _ in 0..2 {
            let store = crate::store::Store::open(path.clone()).unwrap();
            let counted =
                "SELECT (SELECT COUNT(*) FROM staff), (SELECT COUNT(*) FROM staff_key), quota, taken,
                        (SELECT name_key FROM customer) FROM campaign";
            let row = store.read(move |tx| tx.one(counted, &[])).unwrap();
            assert_eq!((row.int(0), row.int(1), row.int(2), row.int(3)), (Ok(1), Ok(0), Ok(7), Ok(2)));
            assert_eq!(row.text(4).as_deref(), Ok("eban hbia"), "found without its apostrophe");
            let versions = store.read(crate::store::campaign_version::list).unwrap();
            assert_eq!(versions, [first_version()], "the campaign of the store is its first version");
        }
        assert_eq!(inspect(&Connection::open(&path).unwrap(), "old"), Ok(0));
    }

    /// The version that the campaign of an older store becomes.
    fn first_version() -> VersionRow {
        VersionRow {
            version: 1,
            script: Some(3),
            notice: Some("2026-11".to_owned()),
            flags: None,
            survey: None,
            changed: String::new(),
            loaded_at: Timestamp(5),
            loaded_by: StaffId("lan".to_owned()),
            loaded_by_name: "Lan".to_owned(),
            reason: None,
        }
    }

    #[test]
    fn a_store_of_a_newer_program_is_refused_untouched() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        pragma_set(&connection, "user_version", 999).unwrap();
        assert_eq!(
            inspect(&connection, "memory"),
            Err(StoreError::NewerSchema { found: 999, known: SCHEMA_VERSION })
        );
    }

    #[test]
    fn a_database_of_another_program_is_no_store() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
        assert!(matches!(inspect(&connection, "memory"), Err(StoreError::NotAStore { .. })));
    }
}
