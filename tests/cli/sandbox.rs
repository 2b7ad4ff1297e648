//! A temporary folder with a store and staff of both organisations, and the program run against it.

use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// When the programme's SMS went out.
pub const SENT: &str = "2026-11-20T09:15:00+07:00";

/// Staff members, by role.
pub const PEOPLE: [(&str, &str); 7] = [
    ("ha", "supervisor"),
    ("lan", "agent"),
    ("vy", "agent"),
    ("tram", "fanpage_admin"),
    ("thu", "intake"),
    ("minh", "vinmec_lead"),
    ("an", "auditor"),
];

/// The three windows of the programme.
pub const DATES: [&str; 8] = [
    "--from",
    "2026-12-01",
    "--to",
    "2026-12-18",
    "--consult-until",
    "2027-01-08",
    "--handbook-until",
    "2027-02-28",
];

/// The program.
pub const TONGDAI: &str = env!("CARGO_BIN_EXE_tongdai");

/// A folder, and a store: a file in it, or a database somewhere.
pub struct Sandbox {
    pub folder: TempDir,
    /// As `--store` takes it.
    pub store: String,
}

/// What a finished process left.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The one JSON value that was printed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// One JSON value a line.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// A failure as it is promised: the code, one sentence and a hint, nothing of the machinery.
    #[track_caller]
    pub fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.err.starts_with("tongdai: "), "{self:?}");
        assert!(self.err.contains("\nhint: "), "{self:?}");
        for word in
            ["panicked", "RUST_BACKTRACE", "SELECT ", "INSERT ", "rusqlite", "SQLITE_", "cli.fail", "%{"]
        {
            assert!(!self.err.contains(word), "{word}: {self:?}");
        }
        self
    }
}

impl Sandbox {
    /// An empty folder; the store would be a file in it.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.db").to_str().unwrap().to_owned();
        Self { folder, store }
    }

    /// A simulated programme with its people.
    pub fn simulated(quota: i64) -> Self {
        Self::empty().founded(quota)
    }

    /// The same with `customers` people on its list.
    pub fn with_list(quota: i64, customers: usize) -> Self {
        Self::simulated(quota).listed(customers)
    }

    /// Makes a simulated programme with its people.
    pub fn founded(self, quota: i64) -> Self {
        let quota = quota.to_string();
        let init = DATES.into_iter().chain(["--simulated", "--quota", &quota]);
        self.run(["init"].into_iter().chain(init)).ok();
        for (id, role) in PEOPLE {
            self.run(["staff", "add", id, "--name", id, "--role", role]).ok();
        }
        self
    }

    /// Imports `customers` people: 0901000001 and on.
    pub fn listed(self, customers: usize) -> Self {
        let list = self.file("list.csv", list(customers));
        let sent = ["--sms-sent-at", SENT];
        let args = ["import", "customers", &list, "--opt-in-evidence", "contract 12/2026"];
        self.run(args.into_iter().chain(sent)).ok();
        self
    }

    /// The program with the store named and nothing of the machine's own settings.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(TONGDAI);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("USER", "tester")
            .env("TONGDAI_STORE", &self.store)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .args(args);
        command
    }

    /// Runs the program to its end.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ended {
        Ended::of(self.command(args).output().unwrap())
    }

    /// Runs `exec` over raw input.
    pub fn exec_raw(&self, input: &[u8]) -> Ended {
        let mut command = self.command(["exec"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || drop(stdin.write_all(input)));
            Ended::of(child.wait_with_output().unwrap())
        })
    }

    /// Runs one command through `exec`; its result line.
    pub fn exec(&self, staff: &str, at: &str, command: Value) -> Value {
        let line = line(None, staff, at, command);
        let ended = self.exec_raw(line.as_bytes()).ok();
        let mut lines = ended.lines();
        assert_eq!(lines.len(), 1, "{ended:?}");
        lines.remove(0)
    }

    /// A read model.
    pub fn query(&self, staff: &str, name: &str, fields: Value) -> Value {
        self.run(["query", "--as", staff, name, &fields.to_string()]).ok().json()
    }

    /// Writes a file into the folder; its path.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Every invariant holds.
    #[track_caller]
    pub fn is_sound(&self) {
        let ended = self.run(["check", "--json"]);
        assert_eq!((ended.code, ended.json()), (Some(0), json!({"problems": []})), "{ended:?}");
    }
}

/// A line of `exec`; `at` without the day's year, month and zone: `02T09:00`.
pub fn line(op: Option<&str>, staff: &str, at: &str, command: Value) -> String {
    let mut line = json!({"as": staff, "at": at_time(at), "command": command});
    if let Some(op) = op {
        line["op"] = op.into();
    }
    format!("{line}\n")
}

/// `02T09:00` of the programme's month in full.
pub fn at_time(at: &str) -> String {
    format!("2026-12-{at}:00+07:00")
}

/// The number of the customer in row `row`, from 1.
pub fn phone(row: usize) -> String {
    format!("0901{row:06}")
}

/// A list of postpaid customers who pay enough.
pub fn list(customers: usize) -> String {
    let mut text = "số thuê bao,họ tên,loại thuê bao,cước\n".to_owned();
    for row in 1..=customers {
        text.push_str(&format!("{},Khách Thứ {row},trả sau,412.000\n", phone(row)));
    }
    text
}

/// A registration by a customer who called.
pub fn register(row: usize) -> Value {
    json!({"register": {"phone": phone(row), "name": "Nguyễn Văn An", "channel": "inbound_9090",
        "consents": {"register": true, "handbook": true, "survey": true, "marketing": false}}})
}

/// The repository's own file.
pub fn own(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}
