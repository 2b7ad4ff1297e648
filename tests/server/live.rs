//! Tests that changes of one process reach another within a second: between hosts through the server, on one file
//! through its version.

use crate::races::door;
use crate::sandbox::{Sandbox, line, register};
use crate::start::nothing_yet;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use tongdai::store::Topics;

/// How late news may be.
const SOON: Duration = Duration::from_secs(1);

/// Another process registers three customers; this one is notified of each.
fn a_seat_taken_by_another_process_is_noticed(sandbox: Sandbox) {
    let sandbox = sandbox.founded(5).listed(3);
    let door = door(&sandbox);
    let (woken, wakes) = channel();
    let news = door.store().subscribe(move || _ = woken.send(()));
    let mut other = sandbox.command(["exec"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(other.stdout.take().unwrap());
    let mut stdin = other.stdin.take().unwrap();
    for row in 1..=3 {
        // The next change is this registration.
        while wakes.try_recv().is_ok() || !news.take().changed.is_empty() {}
        stdin.write_all(line(None, "lan", "02T09:00", register(row)).as_bytes()).unwrap();
        let mut answer = String::new();
        out.read_line(&mut answer).unwrap();
        let answered = Instant::now();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["ok"]["registered"]["seat"], row, "{answer}");
        loop {
            let left = SOON.saturating_sub(answered.elapsed());
            wakes.recv_timeout(left).unwrap_or_else(|_| panic!("seat {row} was not noticed in {SOON:?}"));
            if news.take().changed.touches(Topics::SEATS) {
                break;
            }
        }
    }
    drop(stdin);
    assert!(other.wait().unwrap().success());
}

#[test]
fn a_seat_taken_on_one_host_is_noticed_on_another() {
    a_seat_taken_by_another_process_is_noticed(nothing_yet());
}

#[test]
fn a_seat_taken_by_one_process_is_noticed_by_another_on_the_same_file() {
    a_seat_taken_by_another_process_is_noticed(Sandbox::empty());
}
