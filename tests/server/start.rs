//! Many processes that start at once, and databases that hold something else.

use crate::older::BACK_TO_THE_FIRST;
use crate::peers::server::Server;
use crate::sandbox::{DATES, Ended, Sandbox};
use serde_json::json;
use std::process::Stdio;
use tongdai::store::migrate::SCHEMA_VERSION;

/// Processes that start at once.
const PROCESSES: usize = 10;

/// A sandbox whose store is at an address.
pub fn stage_at(store: String) -> Sandbox {
    Sandbox { store, ..Sandbox::empty() }
}

/// A sandbox on an empty database of the shared server. Its commands have patience with a machine that runs every
/// other test at the same time.
pub fn nothing_yet() -> Sandbox {
    let server = Server::shared();
    stage_at(format!("{}?patience=120", server.url(&server.database())))
}

/// A sandbox on a database of the shared server, and the database's name.
fn on_database() -> (Sandbox, String) {
    let server = Server::shared();
    let database = server.database();
    (stage_at(server.url(&database)), database)
}

/// Runs the program `PROCESSES` times at once.
fn at_once(sandbox: &Sandbox, args: &[&str]) -> Vec<Ended> {
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| sandbox.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    children.into_iter().map(|child| Ended::of(child.wait_with_output().unwrap())).collect()
}

/// A question that any store answers; here it is refused.
#[track_caller]
fn is_no_store(sandbox: &Sandbox, kind: &str) {
    let refused = sandbox.run(["query", "--as", "ha", "--json", "quota"]).fails(2).json();
    assert_eq!(refused["error"]["kind"], kind, "{refused}");
}

#[test]
fn ten_processes_make_a_store_at_once_and_one_of_them_does() {
    let sandbox = nothing_yet();
    let init: Vec<&str> = ["init", "--json", "--simulated"].into_iter().chain(DATES).collect();
    let (made, late): (Vec<Ended>, Vec<Ended>) =
        at_once(&sandbox, &init).into_iter().partition(|ended| ended.code == Some(0));
    assert_eq!((made.len(), late.len()), (1, PROCESSES - 1), "{made:#?} {late:#?}");
    for ended in late {
        assert_eq!(ended.fails(2).json()["error"]["kind"], "exists");
    }
    sandbox.is_sound();
}

#[test]
fn ten_processes_open_a_store_at_once() {
    let sandbox = nothing_yet().founded(5);
    for ended in at_once(&sandbox, &["query", "--as", "ha", "quota"]) {
        assert_eq!(ended.ok().json()["quota"], json!(5));
    }
}

#[test]
fn ten_processes_bring_an_older_store_up_to_date_at_once() {
    let (sandbox, database) = on_database();
    let sandbox = sandbox.founded(5);
    Server::shared().ask(&database, BACK_TO_THE_FIRST).unwrap();
    for ended in at_once(&sandbox, &["query", "--as", "ha", "quota"]) {
        assert_eq!(ended.ok().json()["quota"], json!(5));
    }
    let version = Server::shared().ask(&database, "SELECT version FROM schema_version").unwrap();
    assert_eq!(version, SCHEMA_VERSION.to_string());
    sandbox.is_sound();
}

#[test]
fn a_missing_or_empty_database_is_reported_as_a_missing_store() {
    let (sandbox, _) = on_database();
    is_no_store(&sandbox, "missing");
    is_no_store(&stage_at(Server::shared().url("nowhere")), "missing");
}

#[test]
fn a_database_that_is_not_ours_is_left_alone() {
    let (sandbox, database) = on_database();
    Server::shared().ask(&database, "CREATE TABLE ledger (amount INTEGER)").unwrap();
    is_no_store(&sandbox, "not_a_store");
    let made = sandbox.run(["init", "--json"].into_iter().chain(DATES)).fails(2).json();
    assert_eq!(made["error"]["kind"], "not_a_store", "{made}");
    let tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(Server::shared().ask(&database, tables).unwrap(), "ledger");
}

#[test]
fn a_store_of_a_newer_program_is_left_alone() {
    let (sandbox, database) = on_database();
    let sandbox = sandbox.founded(5);
    Server::shared().ask(&database, "UPDATE schema_version SET version = version + 1").unwrap();
    is_no_store(&sandbox, "newer_schema");
}
