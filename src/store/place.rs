//! The place of a store: a file of this machine, or a database on one or several servers.
//!
//! Deliberately absent: the default place, which belongs to the command line.

use super::StoreError;
use super::postgres::Address;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a store is.
#[derive(Debug, Clone)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL database.
    Server(Box<Address>),
}

impl Place {
    /// Reads `sqlite:PATH`, a plain path, or `postgres://user@host:port,host:port/database?option=value`.
    ///
    /// # Errors
    /// [`StoreError::BadPlace`] names the part of a URL that cannot be parsed.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let bad = || StoreError::BadPlace { what: text.to_owned() };
        if text.is_empty() {
            return Err(bad());
        }
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() && !path.starts_with("//") => {
                Ok(Self::File(PathBuf::from(path)))
            }
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                Ok(Self::Server(Box::new(Address::parse(text)?)))
            }
            Some((scheme, rest)) if rest.starts_with("//") || scheme == "sqlite" => Err(bad()),
            _ => Ok(Self::File(PathBuf::from(text))),
        }
    }

    /// How long opening is retried.
    pub(super) fn patience(&self) -> std::time::Duration {
        match self {
            Self::File(_) => std::time::Duration::ZERO,
            Self::Server(address) => address.patience(),
        }
    }
}

/// Without secrets, for shared screens and logs.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(address) => address.fmt(f),
        }
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self::File(path.to_path_buf())
    }
}

impl From<&PathBuf> for Place {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.clone())
    }
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_named_by_path_or_by_url() {
        for (text, shown) in [
            ("a/b.db", "a/b.db"),
            ("sqlite:a/b.db", "a/b.db"),
            ("sqlite:/a/b.db", "/a/b.db"),
            ("postgres://app@h1:5432,h2:5433/tongdai", "app@h1:5432,h2:5433/tongdai"),
            ("postgresql://app:secret@h1/tongdai?sslmode=disable", "app@h1:5432/tongdai"),
        ] {
            assert_eq!(Place::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["", "sqlite:", "mysql://h/db", "sqlite://x", "postgres://", "postgres://h/db?colour=red"]
        {
            assert!(matches!(Place::parse(text), Err(StoreError::BadPlace { .. })), "{text}");
        }
    }
}
