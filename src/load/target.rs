//! Provides the server to measure: one started for the measurement, with a temporary simulated store and an agent for
//! every session, or a given host.
//!
//! Invariants: an own server is another process and ends with its owner; its folder is removed with it.

use super::error::LoadError;
use crate::bench::{Folder, resident_mb};
use crate::demo;
use crate::domain::actor::{OPERATOR, Role};
use crate::domain::id::StaffId;
use crate::store::{Store, StoreError};
use crate::usecase::command::AddStaff;
use crate::usecase::{Command, Request, When};
use chrono::NaiveDate;
use russh::keys::{Algorithm, PrivateKey};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Sessions besides those of the plan: the login beside silent connections, and the stopped client.
const SPARE: u32 = 2;
/// Connections besides those of the sessions and the silent ones.
const ROOM: u32 = 100;
/// Longest file that can be a key, in bytes.
const LONGEST_KEY: u64 = 16 * 1024;
/// How long a server may take to stop.
const STOP: Duration = Duration::from_secs(10);
/// How often a stopping server is checked.
const LOOK: Duration = Duration::from_millis(20);

/// The address of the SSH server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Name or address.
    pub name: String,
    /// Port.
    pub port: u16,
    /// The user name; the server decides by the key alone.
    pub user: String,
}

/// The server to measure, and keys that it accepts.
#[derive(Debug)]
pub struct Target {
    /// Its address.
    pub host: Host,
    keys: Vec<Arc<PrivateKey>>,
    own: Option<OwnServer>,
}

/// A server started for the measurement.
#[derive(Debug)]
struct OwnServer {
    process: Child,
    metrics: SocketAddr,
    _folder: Folder,
}

/// The first line of `serve --json`.
#[derive(Debug, Deserialize)]
struct FirstLine {
    serving: Serving,
}

#[derive(Debug, Deserialize)]
struct Serving {
    listen: SocketAddr,
    metrics: SocketAddr,
}

impl Target {
    /// A given host, with the private keys (OpenSSH, without passphrase) in a folder; sessions take them in turn.
    pub fn given(host: Host, keys: &Path) -> Result<Self, LoadError> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(keys)? {
            let file = entry?;
            let about = file.metadata()?;
            if about.is_file() && about.len() <= LONGEST_KEY {
                let text = std::fs::read(file.path())?;
                found.extend(PrivateKey::from_openssh(&text).ok().filter(|key| !key.is_encrypted()));
            }
        }
        if found.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no private keys").into());
        }
        Ok(Self { host, keys: found.into_iter().map(Arc::new).collect(), own: None })
    }

    /// Starts a server for `sessions` agents with `customers` to call, beside `silent` connections, all of them behind
    /// one address; `program` is this program.
    pub fn start(program: &Path, sessions: u32, silent: u32, customers: u32) -> Result<Self, LoadError> {
        let folder = Folder::new()?;
        let keys = create_store(&folder, sessions + SPARE, customers)?;
        let limits = folder.file("limits.toml");
        std::fs::write(&limits, format!("connections_at_once = {}\n", 2 * (sessions + silent) + ROOM))?;
        let mut process = Process::new(program)
            .arg("--store")
            .arg(folder.file("load.db"))
            .arg("--log")
            .arg(folder.file("log"))
            .args(["--json", "serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--sessions"])
            .arg((sessions + SPARE).to_string())
            .arg("--limits")
            .arg(limits)
            .arg("--host-key")
            .arg(folder.file("host_key"))
            .env_remove("TONGDAI_AS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let mut line = String::new();
        if let Some(out) = process.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let Ok(FirstLine { serving }) = serde_json::from_str::<FirstLine>(&line) else {
            // It has most likely ended already.
            let _ = process.kill();
            let _ = process.wait();
            return Err(io::Error::other("the server did not open").into());
        };
        let host = Host {
            name: serving.listen.ip().to_string(),
            port: serving.listen.port(),
            user: "load".to_owned(),
        };
        Ok(Self { host, keys, own: Some(OwnServer { process, metrics: serving.metrics, _folder: folder }) })
    }

    /// The key of session `number`.
    pub fn key(&self, number: usize) -> Arc<PrivateKey> {
        Arc::clone(&self.keys[number % self.keys.len()])
    }

    /// A key that no session of the plan has; `turn` picks one of two.
    pub fn spare_key(&self, turn: usize) -> Arc<PrivateKey> {
        self.key(self.keys.len() - 1 - turn % SPARE as usize)
    }

    /// The address of an own server's metrics.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.own.as_ref().map(|own| own.metrics)
    }

    /// Resident memory of an own server in megabytes, where the system reports it.
    pub fn resident_mb(&self) -> Option<f64> {
        self.own.as_ref().and_then(|own| resident_mb(&own.process.id().to_string()))
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let signalled = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw)
            .is_some_and(|id| kill_process(id, Signal::TERM).is_ok());
        let until = Instant::now() + STOP;
        while signalled && Instant::now() < until && matches!(self.process.try_wait(), Ok(None)) {
            std::thread::park_timeout(LOOK);
        }
        // It has ended, or did not stop in time.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A simulated store with `people` agents, each with a key.
fn create_store(folder: &Folder, people: u32, customers: u32) -> Result<Vec<Arc<PrivateKey>>, LoadError> {
    let today = NaiveDate::from_ymd_opt(2026, 12, 2).unwrap_or_default();
    let door = demo::fresh(Store::create(folder.file("load.db"))?, customers, today)?;
    let keys = (0..people).map(|_| new_key().map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let lines: Vec<String> = keys
        .iter()
        .map(|key| key.public_key().to_openssh())
        .collect::<Result<_, _>>()
        .map_err(|error| StoreError::internal(&error.to_string()))?;
    let now = demo::opens_at(today);
    door.rehearse(move |run| {
        for (number, line) in lines.into_iter().enumerate() {
            let id = StaffId(format!("load-{number}"));
            let (name, key) = (format!("Lan {number}"), Some(line));
            let add = AddStaff { id, name, role: Role::Agent, doctor: None, key };
            let staff = StaffId(OPERATOR.to_owned());
            run(Request { op: None, staff, when: When::At(now), command: Command::AddStaff(add) })?;
        }
        Ok(())
    })?;
    Ok(keys)
}

fn new_key() -> Result<PrivateKey, LoadError> {
    PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519)
        .map_err(|error| io::Error::other(error.to_string()).into())
}
