//! The races on one SQLite file, and a desk that loses one.

use crate::races::{self, PROCESSES, wrong_seats};
use crate::stage::Stage;
use std::sync::Barrier;

#[test]
fn sixty_four_threads_get_the_last_seats_and_not_one_more() {
    races::sixty_four_threads_get_the_last_seats_and_not_one_more(Stage::empty());
}

#[test]
fn sixty_four_clients_of_eight_hosts_try_768_times_and_get_500_seats() {
    races::sixty_four_clients_of_eight_hosts_try_768_times_and_get_500_seats(Stage::empty());
}

#[test]
fn eight_processes_try_768_times_and_get_500_seats() {
    races::eight_processes_try_768_times_and_get_500_seats(Stage::empty());
}

#[test]
fn sixty_four_threads_get_a_doctors_time_once() {
    races::sixty_four_threads_get_a_doctors_time_once(Stage::empty());
}

#[test]
fn eight_processes_share_the_seats_exactly_and_all_of_them_finish() {
    races::eight_processes_share_the_seats_exactly_and_all_of_them_finish(Stage::empty());
}

#[test]
fn eight_processes_never_book_a_doctor_twice_at_once() {
    races::eight_processes_never_book_a_doctor_twice_at_once(Stage::empty());
}

#[test]
fn processes_killed_in_the_middle_lose_nothing_that_was_acknowledged() {
    races::processes_killed_in_the_middle_lose_nothing_that_was_acknowledged(Stage::empty());
}

#[test]
fn a_desk_that_counts_and_then_inserts_oversells_and_this_test_sees_it() {
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
