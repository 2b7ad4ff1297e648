//! Parses a store's address on PostgreSQL: `postgres://user@h1:5432,h2:5432/database?option=value`, read once; and the
//! password, from the address itself or from the password file (`PGPASSFILE`, else `.pgpass` in the home
//! folder) that all PostgreSQL programs share.
//!
//! Options of our own beside libpq's: `sslmode=disable|verify-full`, `sslrootcert=FILE`, `pool=N` (connections
//! of this process, 1–64), `patience=S` (how long a command is repeated through a lost server, in seconds).
//! Any other `sslmode` is treated as the strict one: a certificate is checked, or TLS is turned off explicitly.
//!
//! Deliberately absent: passwords in the environment, which other programs of the machine may read.

use super::super::StoreError;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// Connections of one process, unless the address sets it.
const POOL: usize = 16;
/// The most connections one process may hold.
const MOST_POOL: usize = 64;
/// How long a command is repeated, unless the address sets it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long one host may take to answer a connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// Where a server listens when the address names no port.
const PORT: u16 = 5432;

/// A store's address. `Debug` and `Display` show no password.
#[derive(Clone)]
pub struct Address {
    hosts: Vec<Config>,
    shown: String,
    pool: usize,
    patience: Duration,
    root_certificate: Option<PathBuf>,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.shown).finish()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// [`StoreError::BadPlace`] without the password.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let bad = |part: &str| StoreError::BadPlace { what: part.to_owned() };
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let mut rest = Vec::new();
        let (mut tls, mut root_certificate) = (None, None);
        let (mut pool, mut patience) = (POOL, PATIENCE);
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", "disable")) => tls = Some(false),
                Some(("sslmode", "prefer" | "require" | "verify-ca" | "verify-full")) => tls = Some(true),
                Some(("sslrootcert", path)) => root_certificate = Some(PathBuf::from(path)),
                Some(("pool", n)) => {
                    pool =
                        n.parse().ok().filter(|n| (1..=MOST_POOL).contains(n)).ok_or_else(|| bad(option))?;
                }
                Some(("patience", s)) => {
                    patience = s.parse().ok().map(Duration::from_secs).ok_or_else(|| bad(option))?;
                }
                Some(("sslmode", _)) => return Err(bad(option)),
                _ => rest.push(option),
            }
        }
        let plain = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        // The library's error text may repeat the password: only our parts are shown.
        let config: Config = plain.parse().map_err(|_| bad(&without_password(text)))?;
        let database = config.get_dbname().ok_or_else(|| bad(&without_password(text)))?.to_owned();
        let hosts = each_host(&config, tls);
        if hosts.is_empty() {
            return Err(bad(&without_password(text)));
        }
        let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
        let names: Vec<String> = hosts.iter().map(host_and_port).collect();
        let shown = format!("{user}{}/{database}", names.join(","));
        Ok(Self { hosts, shown, pool, patience, root_certificate })
    }

    /// One configuration per host, in the order of the address, without a password from the password file.
    pub(super) fn hosts(&self) -> &[Config] {
        &self.hosts
    }

    /// Connections that this process may hold.
    pub(super) const fn pool(&self) -> usize {
        self.pool
    }

    /// How long a command is repeated through a lost server.
    pub const fn patience(&self) -> Duration {
        self.patience
    }

    /// The file with the authority to trust; none means those that the system trusts.
    pub(super) fn root_certificate(&self) -> Option<&Path> {
        self.root_certificate.as_deref()
    }

    /// Whether TLS is used to any host.
    pub(super) fn needs_tls(&self) -> bool {
        self.hosts.iter().any(|host| host.get_ssl_mode() != SslMode::Disable)
    }

    /// Whether the connection to every host stays inside this machine.
    pub fn is_inside(&self) -> bool {
        self.hosts.iter().all(|host| host.get_hosts().first().is_some_and(is_near))
    }

    /// The file with this user's passwords, whether or not it exists: `PGPASSFILE`, else `.pgpass` in the home
    /// folder.
    pub fn password_path() -> Option<PathBuf> {
        let named = std::env::var_os("PGPASSFILE").map(PathBuf::from);
        named.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pgpass")))
    }

    /// The first host in the variables that PostgreSQL's own programs read; the password stays in its file.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let Some(host) = self.hosts.first() else { return Vec::new() };
        let name = match host.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        };
        let encrypt = host.get_ssl_mode() != SslMode::Disable;
        vec![
            ("PGHOST", name),
            ("PGPORT", host.get_ports().first().copied().unwrap_or(PORT).to_string()),
            ("PGUSER", host.get_user().unwrap_or_default().to_owned()),
            ("PGDATABASE", host.get_dbname().unwrap_or_default().to_owned()),
            ("PGOPTIONS", host.get_options().unwrap_or_default().to_owned()),
            ("PGSSLMODE", if encrypt { "verify-full" } else { "disable" }.to_owned()),
        ]
    }

    /// The same address with another search path, for a schema of its own.
    #[doc(hidden)]
    #[must_use]
    pub fn in_schema(mut self, schema: &str) -> Self {
        for host in &mut self.hosts {
            host.options(format!("-csearch_path={schema}"));
        }
        self
    }

    /// Name and port of the first host.
    #[cfg(test)]
    pub(crate) fn first(&self) -> (String, u16) {
        let shown = host_and_port(&self.hosts[0]);
        let (name, port) = shown.rsplit_once(':').unwrap();
        (name.to_owned(), port.parse().unwrap())
    }

    /// The first host, reached through another port of this machine.
    #[cfg(test)]
    pub(crate) fn at_port(mut self, port: u16) -> Self {
        let first = &self.hosts[0];
        let mut moved = Config::new();
        moved.host("127.0.0.1").port(port).ssl_mode(SslMode::Disable);
        moved.user(first.get_user().unwrap()).dbname(first.get_dbname().unwrap());
        moved.options(first.get_options().unwrap());
        if let Some(password) = first.get_password() {
            moved.password(password);
        }
        self.hosts = vec![moved];
        self
    }

    /// The same address with another patience, in seconds.
    #[cfg(test)]
    pub(crate) fn with_patience(mut self, seconds: u64) -> Self {
        self.patience = Duration::from_secs(seconds);
        self
    }

    /// The same address with another pool.
    #[doc(hidden)]
    #[must_use]
    pub fn with_pool(mut self, pool: usize) -> Self {
        self.pool = pool.clamp(1, MOST_POOL);
        self
    }
}

/// A configuration per host: each has its own way to TLS and its own line in the password file.
fn each_host(config: &Config, tls: Option<bool>) -> Vec<Config> {
    let ports = config.get_ports();
    let port = |index: usize| match ports {
        [] => PORT,
        [one] => *one,
        many => many.get(index).copied().unwrap_or(PORT),
    };
    config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(index, host)| {
            let mut one = Config::new();
            match host {
                Host::Tcp(name) => one.host(name),
                #[cfg(unix)]
                Host::Unix(path) => one.host_path(path),
            };
            one.port(port(index));
            if let Some(user) = config.get_user() {
                one.user(user);
            }
            if let Some(database) = config.get_dbname() {
                one.dbname(database);
            }
            if let Some(password) = config.get_password() {
                one.password(password);
            }
            if let Some(options) = config.get_options() {
                one.options(options);
            }
            one.application_name(config.get_application_name().unwrap_or("tongdai"));
            one.connect_timeout(CONNECT_TIMEOUT);
            one.keepalives_idle(Duration::from_secs(10));
            one.keepalives_interval(Duration::from_secs(5));
            one.keepalives_retries(3);
            one.tcp_user_timeout(Duration::from_secs(15));
            // Connections to other machines are encrypted and verified unless the address turns it off.
            let encrypt = tls.unwrap_or(!is_near(host));
            one.ssl_mode(if encrypt { SslMode::Require } else { SslMode::Disable });
            one
        })
        .collect()
}

/// Whether the connection to a host stays inside this machine.
fn is_near(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// `host:port` of a configuration with one host.
pub(super) fn host_and_port(config: &Config) -> String {
    let port = config.get_ports().first().copied().unwrap_or(PORT);
    match config.get_hosts().first() {
        Some(Host::Tcp(name)) => format!("{name}:{port}"),
        #[cfg(unix)]
        Some(Host::Unix(path)) => format!("{}:{port}", path.display()),
        None => String::new(),
    }
}

/// The text of an address that could not be read, fit for a screen.
fn without_password(text: &str) -> String {
    let (scheme, rest) = text.split_once("//").unwrap_or(("", text));
    match rest.rsplit_once('@') {
        Some((user, hosts)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}//{user}@{hosts}")
        }
        None => text.to_owned(),
    }
}

/// The password file of this user, if there is one that only they can read.
///
/// # Errors
/// [`StoreError::Denied`] names a file that others can read: libpq ignores such a file in silence, and then
/// the reason for a wrong password stays unknown.
pub(super) fn password_file() -> Result<Option<String>, StoreError> {
    let Some(path) = Address::password_path() else { return Ok(None) };
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).map(|found| found.permissions().mode()).unwrap_or_default();
        if mode & 0o077 != 0 {
            return Err(StoreError::Denied { what: format!("{} (chmod 600)", path.display()) });
        }
    }
    Ok(Some(text))
}

/// A host with its password: its own, or the one from the password file.
pub(super) fn with_password(host: &Config, file: Option<&str>) -> Config {
    let mut host = host.clone();
    if host.get_password().is_none()
        && let Some(password) = file.and_then(|file| password(file, &host))
    {
        host.password(password);
    }
    host
}

/// The password of one host in a password file: `host:port:database:user:password`, `*` for any, `\` before a
/// literal `:` or `\`. The first line that fits counts.
pub(super) fn password(file: &str, config: &Config) -> Option<String> {
    let host = match config.get_hosts().first()? {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(_) => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(PORT).to_string();
    let wanted = [host.as_str(), &port, config.get_dbname()?, config.get_user()?];
    file.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = split_fields(line);
        let [head @ .., secret] = fields.as_slice() else { return None };
        let fits = head.len() == 4 && head.iter().zip(wanted).all(|(have, want)| have == "*" || have == want);
        fits.then(|| secret.clone())
    })
}

fn split_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let literal = match letter {
            // The fifth field is the rest of the line but for the escapes.
            ':' if fields.len() < 5 => {
                fields.push(String::new());
                continue;
            }
            '\\' => letters.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(last) = fields.last_mut() {
            last.push(literal);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_has_its_own_port_and_its_own_way_to_tls() {
        let address = Address::parse("postgres://app@127.0.0.1:5433,db.example.vn:5434/tongdai").unwrap();
        let modes: Vec<_> = address.hosts().iter().map(Config::get_ssl_mode).collect();
        assert_eq!(modes, [SslMode::Disable, SslMode::Require]);
        assert_eq!(address.to_string(), "app@127.0.0.1:5433,db.example.vn:5434/tongdai");
        assert!(address.needs_tls());
    }

    #[test]
    fn options_of_ours_are_taken_and_those_of_the_library_passed_on() {
        let text = "postgres://app@h/t?sslmode=disable&pool=3&patience=5&options=-csearch_path%3Dp1";
        let address = Address::parse(text).unwrap();
        assert_eq!((address.pool(), address.patience()), (3, Duration::from_secs(5)));
        assert_eq!(address.hosts()[0].get_options(), Some("-csearch_path=p1"));
        assert!(!address.needs_tls());
    }

    #[test]
    fn a_bad_address_is_shown_without_its_password() {
        for text in [
            "postgres://app:geheim@h/t?colour=red",
            "postgres://app:geheim@h",
            "postgres://app:geheim@h/t?pool=0",
        ] {
            let Err(StoreError::BadPlace { what }) = Address::parse(text) else { panic!("{text}") };
            assert!(!what.contains("geheim"), "{what}");
        }
        let address = Address::parse("postgres://app:geheim@h/t").unwrap();
        assert!(!format!("{address:?} {address}").contains("geheim"));
    }

    #[test]
    fn the_first_fitting_line_of_a_password_file_counts() {
        let file = "# comment\nh2:*:*:app:zwei\n*:5432:tongdai:app:a\\:b\\\\c:d\n*:*:*:*:rest";
        let of = |url: &str| password(file, &Address::parse(url).unwrap().hosts()[0]);
        assert_eq!(of("postgres://app@h2:1/x").as_deref(), Some("zwei"));
        assert_eq!(of("postgres://app@h1/tongdai").as_deref(), Some("a:b\\c:d"));
        assert_eq!(of("postgres://else@h1/tongdai").as_deref(), Some("rest"));
    }
}
