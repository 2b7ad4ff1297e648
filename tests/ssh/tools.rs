//! Finds the attack tools where `scripts/test` put them: a Python of its own with ssh-audit and asyncssh.

#![expect(clippy::print_stderr, clippy::panic, reason = "a tool that is missing or broken is reported")]

use super::host::Host;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The folder of the tools' programs.
const VARIABLE: &str = "TONGDAI_TEST_SSH_TOOLS";

/// The attackers' tools.
pub struct Tools(PathBuf);

impl Tools {
    /// None, and a word about it, when this machine has none; `scripts/test` fails in CI before it comes to that.
    pub fn find() -> Option<Self> {
        let folder = std::env::var_os(VARIABLE).map(PathBuf::from);
        if folder.is_none() {
            eprintln!(
                "SKIPPED: {VARIABLE} names no folder with python and ssh-audit (scripts/test makes one)"
            );
        }
        folder.map(Self)
    }

    fn run(&self, tool: &str, words: &[&str]) -> Output {
        let path = self.0.join(tool);
        let ran = Command::new(&path).env("PYTHONDONTWRITEBYTECODE", "1").args(words).output();
        ran.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// What ssh-audit finds at a port of this machine.
    pub fn audit(&self, port: &str) -> serde_json::Value {
        let ran = self.run("ssh-audit", &["-jj", "--port", port, "127.0.0.1"]);
        let found = serde_json::from_slice(&ran.stdout);
        found.unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }

    /// What ssh-audit finds at a door of no worth: the control that it finds something.
    pub fn audit_of_a_weak_door(&self) -> serde_json::Value {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ssh/weak_server.py");
        let mut serve = Command::new(self.0.join("python"));
        serve.args(["-W", "ignore", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut serving = serve.spawn().unwrap_or_else(|error| panic!("{script}: {error}"));
        let mut port = String::new();
        let out = serving.stdout.take().map(BufReader::new);
        assert!(out.is_some_and(|mut out| out.read_line(&mut port).is_ok_and(|read| read > 0)));
        let audit = self.audit(port.trim());
        // It goes when its input ends.
        drop(serving.stdin.take());
        assert!(serving.wait().is_ok_and(|status| status.success()));
        audit
    }

    /// Plays a story of `attack.py` against a door.
    pub fn attack(&self, story: &str, host: &Host) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ssh/attack.py");
        let folder = host.folder.path().display().to_string();
        let ran = self.run("python", &[script, story, host.port(), &folder]);
        assert!(ran.status.success(), "{story}: {}", String::from_utf8_lossy(&ran.stderr));
    }
}
