//! One PostgreSQL with password login, with or without TLS.

use super::{Peer, signal_all};
use rustix::process::Signal;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a server shows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// Nothing: it speaks in the clear.
    None,
    /// A certificate for `localhost` and 127.0.0.1 by an authority of the test's own.
    Good,
    /// The same, run out years ago.
    Expired,
    /// One for another host.
    WrongHost,
}

/// One server; it ends with its handle.
#[derive(Debug)]
pub struct Server {
    peer: Peer,
    databases: AtomicUsize,
}

impl Server {
    /// A server of the test's own.
    pub fn start(certificate: Certificate) -> Self {
        let args: &[&str] = match certificate {
            Certificate::None => &["postgres"],
            Certificate::Good => &["postgres", "--tls", "good"],
            Certificate::Expired => &["postgres", "--tls", "expired"],
            Certificate::WrongHost => &["postgres", "--tls", "wrong-host"],
        };
        Self { peer: Peer::start(args), databases: AtomicUsize::new(0) }
    }

    /// The server that the tests of this process share, each in databases of its own. It ends with the process.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Certificate::None))
    }

    /// A new empty database of the role that is no superuser.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.ask("postgres", &format!("CREATE DATABASE {name} OWNER {}", self.user())).unwrap();
        name
    }

    /// The address of a database, password included.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{}:{}@{}/{database}", self.user(), self.password(), self.host())
    }

    /// `127.0.0.1:PORT`.
    fn host(&self) -> &str {
        self.peer.fact("hosts")
    }

    /// The role that owns the databases.
    fn user(&self) -> &str {
        self.peer.fact("user")
    }

    /// That role's password.
    pub fn password(&self) -> &str {
        self.peer.fact("password")
    }

    /// The file with the authority's certificate, of a server that speaks TLS.
    pub fn authority(&self) -> PathBuf {
        PathBuf::from(self.peer.fact("authority"))
    }

    /// The superuser's query.
    pub fn ask(&self, database: &str, sql: &str) -> Result<String, String> {
        self.peer.ask(self.host(), database, sql)
    }

    /// Stops every process of the server where it stands: it keeps its connections and answers nothing.
    pub fn freeze(&self) {
        signal_all(self.data(), Signal::STOP);
    }

    /// Lets the server go on.
    pub fn thaw(&self) {
        signal_all(self.data(), Signal::CONT);
    }

    fn data(&self) -> &Path {
        Path::new(self.peer.fact("data"))
    }
}
