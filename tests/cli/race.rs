//! The races on one SQLite file, and a control client that loses one.

use crate::races::{PROCESSES, every_race, wrong_seats};
use crate::sandbox::Sandbox;
use std::sync::Barrier;

every_race!(Sandbox::empty());

#[test]
fn a_client_that_counts_and_then_inserts_oversells_and_this_test_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("naive.db");
    let open = || rusqlite::Connection::open(&file).unwrap();
    open().execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE seat (number INTEGER)").unwrap();
    let counted = Barrier::new(PROCESSES);
    std::thread::scope(|scope| {
        for _ in 0..PROCESSES {
            scope.spawn(|| {
                let connection = open();
                connection.busy_timeout(std::time::Duration::from_mins(1)).unwrap();
                let taken: i64 =
                    connection.query_row("SELECT count(*) FROM seat", [], |row| row.get(0)).unwrap();
                counted.wait();
                if taken < 1 {
                    connection.execute("INSERT INTO seat VALUES (?1)", [taken + 1]).unwrap();
                }
            });
        }
    });
    let connection = open();
    let mut statement = connection.prepare("SELECT number FROM seat").unwrap();
    let given: Vec<i64> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(wrong_seats(&given, 1), Some(format!("{PROCESSES} seats given, 1 distinct, of 1")));
}
