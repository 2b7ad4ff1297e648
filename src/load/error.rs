//! The reasons why a measurement fails, and the longest wait of one.

use crate::store::StoreError;
use crate::usecase::Error;
use std::io;
use std::time::Duration;

/// Longest wait for anything that is expected; then it counts as a failure.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Why the server could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Files, sockets, processes.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The protocol.
    #[error(transparent)]
    Ssh(#[from] russh::Error),
    /// The store of the measured server.
    #[error("{}", .0.kind())]
    Store(Error),
    /// The key was refused.
    #[error("not let in")]
    Refused,
    /// Something did not come in time.
    #[error("{0} did not come in time")]
    Late(&'static str),
    /// The session ended.
    #[error("the session ended")]
    Ended,
}

impl From<Error> for LoadError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<StoreError> for LoadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}
