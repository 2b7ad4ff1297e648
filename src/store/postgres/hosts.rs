//! Queries every host of an address on its own: leader, follower or unreachable.

use super::super::StoreError;
use super::address::{self, Address};
use super::connection::{Connection, connect};
use super::{migrate, tls};

/// What one host of an address does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Takes writes.
    Leads,
    /// Answers, and takes no writes.
    Follows,
    /// Refuses the login, or is unreachable.
    Away(StoreError),
}

/// Each host as `name:port`, in the order of the address, and what it does.
///
/// # Errors
/// A password file that others can read, an authority that cannot be read: then no host was asked.
pub fn standings(address: &Address) -> Result<Vec<(String, Standing)>, StoreError> {
    let passwords = address::password_file()?;
    let tls = tls::connector(address)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| StoreError::internal(&error.to_string()))?;
    let asked = address.hosts().iter().map(|host| {
        let host = address::with_password(host, passwords.as_deref());
        let standing = match runtime.block_on(connect(&host, address, tls.clone(), None)) {
            Ok(_) => Standing::Leads,
            Err(StoreError::ReadOnly) => Standing::Follows,
            Err(error) => Standing::Away(error),
        };
        (address::host_and_port(&host), standing)
    });
    Ok(asked.collect())
}

/// The schema's version, read without changing it.
///
/// # Errors
/// [`StoreError::Missing`] when there is none; those of a connection.
pub fn version(address: &Address) -> Result<i64, StoreError> {
    let mut connection = Connection::open(address)?;
    migrate::version(&mut connection)?.ok_or_else(|| StoreError::Missing { what: address.to_string() })
}
