//! Where a store is: `sqlite:PATH`, a plain path, or the default under the XDG data directory.

use super::fail::Failure;
use crate::domain::lang::Lang;
use std::path::PathBuf;

/// The file behind `--store`, or the default one.
pub fn store_path(store: Option<&str>, lang: Lang) -> Result<PathBuf, Failure> {
    match store {
        None => Ok(data_dir().join("tongdai.db")),
        Some("") => Err(Failure::usage("store_name", "", lang)),
        Some(text) => match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(PathBuf::from(path)),
            Some((scheme, rest)) if rest.starts_with("//") || scheme == "sqlite" => {
                Err(Failure::usage("store_name", text, lang))
            }
            _ => Ok(PathBuf::from(text)),
        },
    }
}

/// The folder of the default store.
pub fn data_dir() -> PathBuf {
    base("XDG_DATA_HOME", ".local/share").join("tongdai")
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

/// The operating-system user behind this process, as the audit trail keeps it.
pub fn os_user() -> String {
    let name =
        std::env::var("SUDO_USER").or_else(|_| std::env::var("USER")).or_else(|_| std::env::var("LOGNAME"));
    let text = crate::domain::text::clean(&name.unwrap_or_default(), 64);
    if text.is_empty() { "-".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_named_by_path_or_by_url() {
        let path = |text| store_path(Some(text), Lang::Vi).unwrap();
        assert_eq!(path("a/b.db"), PathBuf::from("a/b.db"));
        assert_eq!(path("sqlite:a/b.db"), PathBuf::from("a/b.db"));
    }

    #[test]
    fn an_unknown_scheme_is_a_usage_failure() {
        for text in ["", "sqlite:", "mysql://h/db"] {
            assert_eq!(store_path(Some(text), Lang::Vi).unwrap_err().exit_code(), 2, "{text}");
        }
    }
}
