//! The races on one PostgreSQL server, and a control client that loses one there.

use crate::peers::server::Server;
use crate::races::{PROCESSES, every_race, wrong_seats};
use std::sync::Barrier;

every_race!(crate::start::nothing_yet());

#[test]
fn a_client_that_counts_and_then_inserts_oversells_and_this_test_sees_it() {
    let server = Server::shared();
    let database = server.database();
    server.ask(&database, "CREATE TABLE seat (number INTEGER)").unwrap();
    let counted = Barrier::new(PROCESSES);
    std::thread::scope(|scope| {
        for _ in 0..PROCESSES {
            scope.spawn(|| {
                let taken = server.ask(&database, "SELECT count(*) FROM seat").unwrap();
                counted.wait();
                assert_eq!(taken, "0");
                server.ask(&database, &format!("INSERT INTO seat VALUES ({taken} + 1)")).unwrap();
            });
        }
    });
    let given = server.ask(&database, "SELECT number FROM seat").unwrap();
    let given: Vec<i64> = given.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(wrong_seats(&given, 1), Some(format!("{PROCESSES} seats given, 1 distinct, of 1")));
}
