//! Why a measurement failed, and how long it waits for anything.

use crate::store::StoreError;
use crate::usecase::Error;
use std::io;
use std::time::Duration;

/// Whatever is waited for comes within this time or counts as a failure.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Why the house could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Files, sockets, processes.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The protocol.
    #[error(transparent)]
    Ssh(#[from] russh::Error),
    /// The store of the measured house.
    #[error("{}", .0.kind())]
    Store(Error),
    /// The key was not let in.
    #[error("not let in")]
    Refused,
    /// Something did not come in time.
    #[error("{0} did not come in time")]
    Late(&'static str),
    /// The session ended.
    #[error("the session ended")]
    Ended,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}
