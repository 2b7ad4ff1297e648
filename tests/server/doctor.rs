//! `tongdai doctor` on stores behind a server.

use crate::peers::server::Server;
use crate::sandbox::{Ended, Sandbox};
use crate::start::{nothing_yet, stage_at};
use serde_json::Value;

fn finding(ended: &Ended, check: &str) -> Value {
    let found = ended.json()["findings"].as_array().unwrap().clone();
    found
        .into_iter()
        .find(|finding| finding["check"] == check)
        .unwrap_or_else(|| panic!("{check}: {ended:?}"))
}

fn examined(sandbox: &Sandbox) -> Ended {
    sandbox.run(["doctor", "--json", "--lang", "en"])
}

#[test]
fn a_server_without_fsync_is_wrong_and_every_other_line_is_reported() {
    let sandbox = nothing_yet().founded(5);
    let ended = examined(&sandbox);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    for (check, case, state) in [
        ("host", "leads", "ok"),
        ("store", "opens", "ok"),
        ("schema", "current", "ok"),
        ("server_clock", "agrees", "ok"),
        ("tls", "inside", "ok"),
        ("durability", "off", "wrong"),
        ("replication", "alone", "warning"),
        ("audit_rights", "owned", "warning"),
        ("integrity", "sound", "ok"),
    ] {
        let found = finding(&ended, check);
        assert_eq!((found["case"].as_str(), found["state"].as_str()), (Some(case), Some(state)), "{found}");
    }
    assert_eq!(finding(&ended, "durability")["facts"]["settings"], "fsync");
    assert!(!ended.out.contains(Server::shared().password()), "a password was shown");
}

#[test]
fn a_host_that_does_not_answer_is_named_beside_the_one_that_leads() {
    let server = Server::shared();
    let database = server.database();
    let url = server.url(&database);
    stage_at(url.clone()).founded(5);
    let (head, tail) = url.rsplit_once('/').unwrap();
    let sandbox = stage_at(format!("{head},127.0.0.1:9/{tail}"));
    let ended = examined(&sandbox);
    let hosts: Vec<Value> = ended.json()["findings"].as_array().unwrap().clone();
    let cases: Vec<&str> = hosts
        .iter()
        .filter(|finding| finding["check"] == "host")
        .map(|finding| finding["case"].as_str().unwrap())
        .collect();
    assert_eq!(cases, ["leads", "away"], "{ended:?}");
}

#[test]
fn a_server_that_is_not_there_has_no_leader() {
    let sandbox = stage_at("postgres://app@127.0.0.1:9/tongdai?patience=1".to_owned());
    let ended = examined(&sandbox);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert_eq!(finding(&ended, "leader")["case"], "none");
    assert_eq!(finding(&ended, "store")["state"], "wrong");
}
