//! Tests copies between engines: files always, servers when the tests have one.

use super::super::trial::Trial;
use super::super::{Place, Store, StoreError, Value, audit, check};
use super::{Target, Watch};
use crate::args;
use crate::domain::audit::Entry;
use crate::domain::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// More rows than a page, and every kind of value.
const CUSTOMERS: i64 = 4_321;

fn entry(action: &str) -> Entry {
    Entry {
        at: Timestamp(9),
        staff: "operator".to_owned(),
        os_user: "hotline".to_owned(),
        action: action.to_owned(),
        subject: "store".to_owned(),
        detail: "ước lượng = 1".to_owned(),
    }
}

fn filled(store: &Store) {
    store
        .write(|tx| -> Result<(), StoreError> {
            tx.execute("INSERT INTO campaign (id, quota) VALUES (1, 5)", &[])?;
            for name in ["z", "Z", "ế", "é", "_", "0", "đ"] {
                tx.execute("INSERT INTO meta (name, value) VALUES (?1, '')", args![name])?;
            }
            tx.execute(
                "INSERT INTO staff (id, name, role, created_at) VALUES ('lan', 'Lan', 'agent', 1)",
                &[],
            )?;
            tx.execute(
                "INSERT INTO doctor (id, name, titles, licence, qualifies) VALUES (3, 'Mai', 'BS', '1', 'x')",
                &[],
            )?;
            for n in 1..=CUSTOMERS {
                tx.execute(
                    "INSERT INTO customer (id, phone, phone_reversed, phone_raw, name, name_key, province)
                     VALUES (?1, ?2, ?3, '0904 000 000', 'Nguyễn Ánh', 'nguyen anh', ?4)",
                    args![n, 84_900_000_000 + n, n % 10 * 100_000_000, (n % 2 == 0).then_some("Hải Phòng")],
                )?;
            }
            tx.execute(
                "INSERT INTO registration (id, customer, state, seat, channel, at, by_staff)
                 VALUES (7, 1, 'registered', 1, 'fanpage', 1, 'lan')",
                &[],
            )?;
            tx.execute(
                "INSERT INTO care_case (id, registration, customer, state, since, opened_at)
                 VALUES (2, 7, 1, 'booked', 1, 1)",
                &[],
            )?;
            // A row that points at a later row of its own table.
            tx.execute(
                "INSERT INTO appointment (id, care_case, doctor, department, starts_at, minutes, state, method,
                                          by_staff, at)
                 VALUES (9, 2, 3, 'nhi', 300000, 10, 'booked', 'video', 'lan', 1)",
                &[],
            )?;
            tx.execute(
                "INSERT INTO appointment (id, care_case, doctor, department, starts_at, minutes, state, method,
                                          by_staff, at, moved_to)
                 VALUES (8, 2, 3, 'nhi', 300000, 10, 'moved', 'video', 'lan', 1, 9)",
                &[],
            )?;
            for n in 0..3 {
                audit::append(tx, Entry { at: Timestamp(n), ..entry("register") })?;
            }
            Ok(())
        })
        .unwrap();
}

fn watch() -> Watch {
    Arc::new(|_| true)
}

/// Empty places: a file, and a schema of its own on the server, if there is one.
fn places(folder: &std::path::Path) -> Vec<(Place, Option<Trial>)> {
    let mut places = vec![(Place::from(folder.join("copy.db")), None)];
    if let Some(trial) = Trial::start().unwrap() {
        places.push((Place::Server(Box::new(trial.address().clone())), Some(trial)));
    }
    places
}

fn source() -> Store {
    let store = Store::trial().unwrap();
    filled(&store);
    store
}

#[test]
fn a_copy_is_whole_proved_signed_and_goes_on_counting() {
    let (folder, source) = (tempfile::tempdir().unwrap(), source());
    for (place, _trial) in places(folder.path()) {
        let highest = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&highest);
        let watch: Watch = Arc::new(move |share| {
            assert!(seen.fetch_max(share, Ordering::Relaxed) <= share, "progress goes forward");
            true
        });
        let target = Target::take(&place).unwrap();
        let proof = source
            .copy_into(
                target,
                watch,
                Some(Box::new(|proof| Entry { detail: proof.sha256.clone(), ..entry("migrate") })),
            )
            .unwrap();
        assert_eq!(highest.load(Ordering::Relaxed), 1000);
        assert_eq!((proof.rows, proof.audit_rows), (CUSTOMERS as u64 + 1 + 7 + 1 + 1 + 1 + 1 + 2 + 3, 3));
        let copy = Store::open(place.clone()).unwrap();
        let chains = copy.read(audit::verify).unwrap();
        assert!(chains.iter().all(|chain| chain.broken.is_none()), "{chains:?}");
        assert_eq!(chains.iter().map(|chain| chain.rows).sum::<i64>(), 4);
        let last = copy.read(|tx| audit::list(tx, 1)).unwrap();
        assert_eq!((last[0].entry.action.as_str(), &last[0].entry.detail), ("migrate", &proof.sha256));
        assert!(copy.damage().unwrap().is_empty());
        let given = copy
            .write(|tx| -> Result<i64, StoreError> {
                tx.one(
                    "INSERT INTO customer (phone, phone_reversed, phone_raw, name, name_key)
                     VALUES (84999999999, 0, '', '', '') RETURNING id",
                    &[],
                )?
                .int(0)
            })
            .unwrap();
        assert_eq!(given, CUSTOMERS + 1);
        // And back: the copy of the copy holds the same rows and what came since.
        let back = folder.path().join("back.db");
        copy.copy_into(Target::take(&Place::from(back.clone())).unwrap(), self::watch(), None).unwrap();
        let rows = Store::open(back.clone())
            .unwrap()
            .read(|tx| tx.one("SELECT COUNT(*) FROM customer", &[])?.int(0));
        assert_eq!(rows, Ok(CUSTOMERS + 1));
        Store::remove(back);
    }
}

#[test]
fn a_place_where_something_stands_is_refused_and_left_alone() {
    let (folder, source) = (tempfile::tempdir().unwrap(), source());
    for (place, _trial) in places(folder.path()) {
        source.copy_into(Target::take(&place).unwrap(), watch(), None).unwrap();
        assert!(matches!(Target::take(&place), Err(StoreError::Exists { .. })), "{place}");
        let rows =
            Store::open(place).unwrap().read(|tx| tx.one("SELECT COUNT(*) FROM customer", &[])?.int(0));
        assert_eq!(rows, Ok(CUSTOMERS));
    }
}

#[test]
fn a_stopped_copy_leaves_the_place_empty() {
    let (folder, source) = (tempfile::tempdir().unwrap(), source());
    for (place, _trial) in places(folder.path()) {
        for stop_at in [1, 400, 900] {
            let target = Target::take(&place).unwrap();
            let stopped = source.copy_into(target, Arc::new(move |share| share < stop_at), None);
            assert_eq!(stopped, Err(StoreError::Stopped));
            assert!(matches!(Store::open(place.clone()), Err(StoreError::Missing { .. })), "{place}");
        }
        drop(Target::take(&place).unwrap());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no half a file stays");
}

#[test]
fn one_changed_value_is_a_difference() {
    let folder = tempfile::tempdir().unwrap();
    let source = Store::memory().unwrap();
    filled(&source);
    // The copy of a row differs from the source: a trigger of the target changes it on insertion.
    let mut target = Target::take(&Place::from(folder.path().join("copy.db"))).unwrap();
    target
        .tx()
        .execute(
            "CREATE TRIGGER forge AFTER INSERT ON staff BEGIN UPDATE staff SET name = 'Lân' WHERE id = NEW.id; END",
            &[],
        )
        .unwrap();
    let outcome = source.copy_into(target, watch(), None);
    assert_eq!(outcome, Err(StoreError::Differs { what: "staff" }));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn two_never_make_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::from(folder.path().join("copy.db"));
    let first = Target::take(&place).unwrap();
    assert!(matches!(Target::take(&place), Err(StoreError::Busy)));
    source().copy_into(first, watch(), None).unwrap();
    assert!(matches!(Target::take(&place), Err(StoreError::Exists { .. })));
}

#[test]
fn a_backup_of_any_store_is_a_file_and_comes_back_to_any_place() {
    let (folder, source) = (tempfile::tempdir().unwrap(), source());
    let file = folder.path().join("backup.db");
    source.backup(&file, watch()).unwrap();
    for (place, _trial) in places(folder.path()) {
        Store::restore(&file, place.clone(), watch()).unwrap();
        let store = Store::open(place).unwrap();
        let rows =
            store.read(|tx| tx.one("SELECT COUNT(*) FROM customer WHERE province IS NULL", &[])?.int(0));
        assert_eq!(rows, Ok(CUSTOMERS / 2 + 1));
        let broken = store.read(check::list_findings).unwrap();
        assert!(broken.iter().all(|finding| finding.invariant != "audit_chain"), "{broken:?}");
    }
    let names = store_names(&file);
    assert_eq!(names, ["0", "Z", "_", "z", "é", "đ", "ế"].map(Value::from));
}

fn store_names(file: &std::path::Path) -> Vec<Value> {
    let rows =
        Store::open(file).unwrap().read(|tx| tx.many("SELECT name FROM meta ORDER BY name", &[])).unwrap();
    rows.into_iter().flat_map(|row| row.0).collect()
}
