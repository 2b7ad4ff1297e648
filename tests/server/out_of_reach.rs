//! Tests database servers that do not answer: none there, a silent one, one that takes no writes, one that stopped in
//! the middle. Each costs a command its time limit and no more.

use crate::peers::server::{Certificate, Server};
use crate::races::{door, request};
use crate::sandbox::{Sandbox, register};
use crate::start::stage_at;
use serde_json::json;
use std::net::TcpListener;
use std::time::{Duration, Instant};
use tongdai::usecase::{Error, Receipt};

/// A second of patience, the time for one connection, and as much again for a busy machine.
const ENOUGH: Duration = Duration::from_secs(15);

/// A question is answered with exit 4 in time.
#[track_caller]
pub fn is_out_of_reach(sandbox: &Sandbox) {
    let begun = Instant::now();
    let refused = sandbox.run(["query", "--as", "ha", "--json", "quota"]).fails(4).json();
    assert!(["unreachable", "read_only"].contains(&refused["error"]["kind"].as_str().unwrap()), "{refused}");
    assert!(begun.elapsed() < ENOUGH, "{:?}", begun.elapsed());
}

#[test]
fn a_server_that_is_not_there_is_out_of_reach() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    is_out_of_reach(&stage_at(format!("postgres://tongdai@127.0.0.1:{port}/tongdai?patience=1")));
    is_out_of_reach(&stage_at(
        "postgres://tongdai@nowhere.invalid/tongdai?patience=1&sslmode=disable".to_owned(),
    ));
}

#[test]
fn a_silent_server_is_out_of_reach() {
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    is_out_of_reach(&stage_at(format!(
        "postgres://tongdai@{}/tongdai?patience=1",
        mute.local_addr().unwrap()
    )));
}

#[test]
fn a_host_that_is_away_is_passed_over() {
    let server = Server::shared();
    let url = server.url(&server.database()).replace('@', "@127.0.0.1:1,");
    let sandbox = stage_at(url).founded(7);
    assert_eq!(sandbox.query("ha", "quota", json!({}))["quota"], 7);
}

#[test]
fn a_server_that_takes_no_writes_is_out_of_reach() {
    let server = Server::shared();
    let database = server.database();
    let sandbox = stage_at(format!("{}?patience=1", server.url(&database))).founded(5);
    server
        .ask("postgres", &format!("ALTER DATABASE {database} SET default_transaction_read_only = on"))
        .unwrap();
    is_out_of_reach(&sandbox);
}

#[test]
fn a_command_on_a_server_that_stops_answering_ends_in_time_and_acts_once() {
    let server = Server::start(Certificate::None);
    let sandbox = stage_at(format!("{}?patience=1", server.url(&server.database()))).founded(5).listed(2);
    let mut register = request("lan", register(1));
    register.op = Some("op-frozen".to_owned());
    let door = door(&sandbox);
    door.query(&register.staff, tongdai::domain::time::Timestamp::ZERO, tongdai::usecase::Query::Quota {})
        .unwrap();

    server.freeze();
    let begun = Instant::now();
    let outcome = door.execute(register.clone());
    let Err(Error::Store(lost)) = outcome else { panic!("{outcome:?}") };
    assert_eq!((lost.kind(), lost.exit_code()), ("unreachable", 4));
    // A statement that was under way has ten seconds of its own.
    assert!(begun.elapsed() < ENOUGH + ENOUGH, "{:?}", begun.elapsed());
    is_out_of_reach(&sandbox);

    server.thaw();
    let first = door.execute(register.clone()).unwrap();
    assert!(matches!(first, Receipt::Registered { .. }), "{first:?}");
    assert_eq!(door.execute(register).unwrap(), first);
    assert_eq!(sandbox.query("ha", "quota", json!({}))["taken"], 1);
    sandbox.is_sound();
}
