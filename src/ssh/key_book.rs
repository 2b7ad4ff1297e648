//! Looks up the staff member of a key: after its signature was verified, and again as long as its session runs.
//!
//! Invariant: a key that was only offered is never looked up, so that a client cannot learn which keys exist.

use crate::domain::actor::Actor;
use crate::domain::ssh_key::Fingerprint;
use crate::usecase::{Door, Error};
use std::collections::HashMap;

/// The staff member of each key.
pub trait KeyBook: Send + Sync + 'static {
    /// The staff member who signs in with `key`; `None` for an unknown or removed key and for a disabled staff member.
    /// Waits for the store.
    ///
    /// # Errors
    /// Those of the store.
    fn whose(&self, key: &Fingerprint) -> Result<Option<Actor>, Error>;

    /// The same for many keys in one query; unknown keys are absent. Hundreds of sessions are checked every few
    /// seconds.
    fn whose_all(&self, keys: &[Fingerprint]) -> Result<HashMap<Fingerprint, Actor>, Error>;
}

impl KeyBook for Door {
    fn whose(&self, key: &Fingerprint) -> Result<Option<Actor>, Error> {
        self.whose_key(key)
    }

    fn whose_all(&self, keys: &[Fingerprint]) -> Result<HashMap<Fingerprint, Actor>, Error> {
        self.whose_keys(keys)
    }
}
