//! Default paths of the store, the host key and the log.

use super::fail::Failure;
use crate::store::{Address, Place};
use std::path::PathBuf;

/// The store behind `--store`, or the default one.
pub fn store_place(store: Option<&str>) -> Result<Place, Failure> {
    match store {
        None => Ok(Place::File(data_dir().join("tongdai.db"))),
        Some(text) => Ok(Place::parse(text)?),
    }
}

/// The folder of the default store.
pub fn data_dir() -> PathBuf {
    base("XDG_DATA_HOME", ".local/share").join("tongdai")
}

/// The default path of the host key.
pub fn host_key() -> PathBuf {
    data_dir().join("ssh_host_ed25519_key")
}

/// The file with the passwords of PostgreSQL servers, whether or not it exists.
pub fn password_file() -> Option<PathBuf> {
    Address::password_path()
}

/// The folder of the default log.
pub fn state_dir() -> PathBuf {
    base("XDG_STATE_HOME", ".local/state").join("tongdai")
}

fn base(variable: &str, below_home: &str) -> PathBuf {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(below_home)))
        .unwrap_or_else(std::env::temp_dir)
}

/// The operating-system user of this process, as the audit log keeps it.
pub fn os_user() -> String {
    let name =
        std::env::var("SUDO_USER").or_else(|_| std::env::var("USER")).or_else(|_| std::env::var("LOGNAME"));
    let text = crate::domain::text::clean(&name.unwrap_or_default(), 64);
    if text.is_empty() { "-".to_owned() } else { text }
}
