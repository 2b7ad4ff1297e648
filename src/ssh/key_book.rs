//! Whose key is it? The door asks this after a signature has been verified, and again for every running session
//! as long as it runs.
//!
//! Invariant: nothing is asked about a key that was only offered, so that nobody learns which keys exist.

use crate::domain::actor::Actor;
use crate::domain::ssh_key::Fingerprint;
use crate::usecase::{Door, Error};
use std::collections::HashMap;

/// Who signs in with which key.
pub trait KeyBook: Send + Sync + 'static {
    /// Whose key this is now; `None` for a key of nobody, one that was taken away, and one of a person who may
    /// no longer sign in. Waits for the store; an error is the store's.
    fn whose(&self, key: &Fingerprint) -> Result<Option<Actor>, Error>;

    /// The same for every key that is here, in one question: hundreds of sessions are asked about every few
    /// seconds. A key of nobody is absent.
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
