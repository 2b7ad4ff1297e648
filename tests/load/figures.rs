//! Runs `tongdai load` with few agents and a bounded number of rounds.

use super::TONGDAI;
use serde_json::Value;
use std::process::Command;

fn load(arguments: &[&str]) -> (Option<i32>, String, String) {
    let ended = Command::new(TONGDAI).args(["--json", "load"]).args(arguments).output().unwrap();
    let [out, err] = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (ended.status.code(), out, err)
}

#[test]
fn five_sessions_work_and_every_figure_is_reported() {
    let (code, out, err) = load(&[
        "--sessions",
        "5",
        "--typing",
        "2",
        "--rounds",
        "2",
        "--rate",
        "40",
        "--minutes",
        "5",
        "--silent",
        "20",
        "--redraws",
        "1",
    ]);
    assert_eq!(code, Some(0), "{err}");
    let figures: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let value = |what: &str| {
        let found = figures.iter().find(|figure| figure["what"].as_str().unwrap().contains(what));
        found.unwrap_or_else(|| panic!("no {what:?} in {out}"))["value"].as_f64().unwrap()
    };
    assert!(value("sessions that failed").abs() < f64::EPSILON, "{out}");
    assert!(value("5 connected, 2 typing, 38 keys: key to frame, p99") > 0.0);
    assert!(value("4 claims: key to card") > 0.0);
    assert!(value("login beside 20 silent connections") > 0.0);
    assert!(value("a stopped client behind 1 MB") >= 0.0);
    if cfg!(target_os = "linux") {
        assert!(value("resident with 5 sessions") > value("resident before the first"));
    }
}

#[test]
fn a_given_host_wants_keys() {
    let (code, out, err) = load(&["--host", "127.0.0.1"]);
    assert_eq!(code, Some(2));
    assert!(out.contains("load_keys") && err.contains("--keys"), "{out}{err}");
}
