//! Starts the SSH server on a free port of this machine, with staff members who have keys, and runs OpenSSH's client.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a host that cannot be set up has failed the story")]

use super::terminal::Terminal;
use portable_pty::CommandBuilder;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The program.
const TONGDAI: &str = env!("CARGO_BIN_EXE_tongdai");
/// Longer than any machine needs to read a file.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the log is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Staff members, by role.
const PEOPLE: [(&str, &str); 2] = [("lan", "agent"), ("ha", "supervisor")];

/// A running door.
pub struct Host {
    pub folder: TempDir,
    serving: Child,
    port: String,
}

impl Host {
    /// Lays a store, gives everybody a key, opens the door.
    pub fn open() -> Self {
        Self::open_with(&[], |_| ())
    }

    /// The same with more arguments of `serve`, in whose folder `lay` puts what they name.
    pub fn open_with(more: &[&str], lay: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dates = ["--from", "2026-11-20", "--to", "2026-12-20"];
        let ends = ["--consult-until", "2026-12-31", "--handbook-until", "2026-12-31"];
        assert!(tongdai(folder.path()).arg("init").args(dates).args(ends).status().unwrap().success());
        for (staff, role) in PEOPLE {
            let key = new_key(folder.path(), staff);
            let mut add = tongdai(folder.path());
            add.args(["staff", "add", staff, "--name", staff, "--role", role, "--key"]);
            assert!(add.arg(key.with_extension("pub")).status().unwrap().success());
        }
        lay(folder.path());
        let (serving, port) = serve(folder.path(), "127.0.0.1:0", more);
        Self { folder, serving, port }
    }

    /// Where the door is.
    pub fn port(&self) -> &str {
        &self.port
    }

    /// The program on this host's store.
    pub fn tongdai(&self) -> Command {
        tongdai(self.folder.path())
    }

    /// A person's private key.
    pub fn key(&self, staff: &str) -> PathBuf {
        self.folder.path().join(staff)
    }

    /// The options of OpenSSH's client: these keys and no others, any host key.
    fn options(&self, keys: &[&Path]) -> Vec<String> {
        let mut options: Vec<String> = vec!["-F".to_owned(), "none".to_owned()];
        let settings = [
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "BatchMode=yes",
            "LogLevel=ERROR",
        ];
        for setting in settings {
            options.extend(["-o".to_owned(), setting.to_owned()]);
        }
        for key in keys {
            options.extend(["-i".to_owned(), key.display().to_string()]);
        }
        options.extend(["-p".to_owned(), self.port.clone(), "anybody@127.0.0.1".to_owned()]);
        options
    }

    /// OpenSSH at a terminal.
    pub fn sit(&self, keys: &[&Path], size: (u16, u16)) -> Terminal {
        let mut command = CommandBuilder::new("ssh");
        command.args(self.options(keys));
        Terminal::run(command, size)
    }

    /// OpenSSH without a terminal, with options before and words behind the address.
    pub fn ssh(&self, staff: &str, before: &[&str], words: &[&str]) -> Output {
        let key = self.key(staff);
        let mut command = Command::new("ssh");
        command.args(before).args(self.options(&[&key])).args(words).stdin(Stdio::null());
        command.output().unwrap()
    }

    fn signal(&self, name: &str) {
        let id = self.serving.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Asks the server to read its configuration again and waits for its log event.
    pub fn reload(&self) -> serde_json::Value {
        let events = || {
            let mut log = self.log();
            log.retain(|line| ["reloaded", "reload_failed"].iter().any(|event| line["event"] == *event));
            log
        };
        let before = events().len();
        self.signal("-HUP");
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(line) = events().get(before) {
                return line.clone();
            }
            assert!(Instant::now() < until, "the door says nothing of what it read");
            std::thread::park_timeout(LOOK);
        }
    }

    /// The door dies in the middle of everything and is opened again at its address.
    pub fn crash(&mut self) {
        self.signal("-KILL");
        self.serving.wait().unwrap();
        self.serving = serve(self.folder.path(), &format!("127.0.0.1:{}", self.port), &[]).0;
    }

    /// Asks the door to close; whether it ended well.
    pub fn stop(&mut self) -> bool {
        self.signal("-TERM");
        self.serving.wait().unwrap().success()
    }

    /// The door's log.
    pub fn log(&self) -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Opens the door of the store in `folder`; its process and its port.
fn serve(folder: &Path, listen: &str, more: &[&str]) -> (Child, String) {
    let mut serve = tongdai(folder);
    serve.args(["serve", "--json", "--listen", listen]).args(more).stdout(Stdio::piped());
    serve.current_dir(folder);
    let mut serving = serve.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let first: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = first["serving"]["listen"].as_str().unwrap();
    (serving, address.rsplit(':').next().unwrap().to_owned())
}

impl Drop for Host {
    fn drop(&mut self) {
        // Already gone when the story closed it.
        let _ = self.serving.kill();
        let _ = self.serving.wait();
    }
}

fn tongdai(folder: &Path) -> Command {
    let mut command = Command::new(TONGDAI);
    command.env("XDG_DATA_HOME", folder).env("TONGDAI_LANG", "en").stdout(Stdio::null());
    command.arg("--store").arg(folder.join("s.db")).arg("--log").arg(folder.join("log"));
    command
}

/// A new key of OpenSSH's own making.
pub fn new_key(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(name);
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&file).status();
    match made {
        Ok(status) if status.success() => file,
        other => panic!("no key: {other:?} (is openssh-client installed?)"),
    }
}
