//! Real servers for tests: private PostgreSQL instances that `scripts/peers` starts on free loopback ports and stops
//! by process id. A peer ends with its handle, with a panic, and with the test process, because each of these closes
//! the script's standard input.
//!
//! Deliberately absent: servers that were running before. A machine without PostgreSQL fails these tests with
//! what to install.

pub mod cluster;
pub mod server;

use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a condition is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A running `scripts/peers`.
#[derive(Debug)]
struct Peer {
    script: Child,
    facts: BTreeMap<String, String>,
}

impl Peer {
    /// Starts servers and returns when they are ready.
    fn start(args: &[&str]) -> Self {
        let mut script = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/peers"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut facts = BTreeMap::new();
        for line in BufReader::new(script.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some((name, value)) = line.split_once('=') else {
                assert_eq!(line, "ready");
                return Self { script, facts };
            };
            facts.insert(name.to_owned(), value.to_owned());
        }
        panic!("scripts/peers {} ended with {} before it was ready", args.join(" "), script.wait().unwrap());
    }

    fn fact(&self, name: &str) -> &str {
        self.facts.get(name).unwrap_or_else(|| panic!("scripts/peers says no {name}"))
    }

    /// The superuser's query on the server at `host`; the server's error text if it refuses.
    fn ask(&self, host: &str, database: &str, sql: &str) -> Result<String, String> {
        let output = Command::new("psql")
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql])
            .arg(format!("postgres://postgres@{host}/{database}"))
            .env("PGPASSWORD", self.fact("superpassword"))
            .env("PGCONNECT_TIMEOUT", "2")
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        // A panicking test has its message already.
        let _ = self.script.wait();
    }
}

/// What `look` finds, as soon as it finds something.
#[track_caller]
pub fn until<T>(wait: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < wait, "{what} did not come about in {wait:?}");
        thread::park_timeout(LOOK_AGAIN);
    }
}

/// The process that serves a data folder, if any does: the id in its file may be another's by now.
fn postmaster(data: &Path) -> Option<i32> {
    let file = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid = file.lines().next()?.parse().ok()?;
    (fs::read_link(format!("/proc/{pid}/cwd")).ok()? == data).then_some(pid)
}

/// The processes that one has started.
fn children(pid: i32) -> Vec<i32> {
    let Ok(text) = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")) else { return Vec::new() };
    text.split_whitespace().map(|child| child.parse().unwrap()).collect()
}

/// A process's title.
fn title(pid: i32) -> String {
    fs::read(format!("/proc/{pid}/cmdline"))
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

/// Sends a signal to a process that one of our servers owns. One that is gone already needs none.
fn signal(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        let _ = kill_process(pid, signal);
    }
}

/// Sends a signal to a server's first process and to all that it has started.
fn signal_all(data: &Path, which: Signal) {
    if let Some(first) = postmaster(data) {
        let all = children(first);
        signal(first, which);
        for pid in all {
            signal(pid, which);
        }
    }
}
