//! Names the person behind a refusal: a rule knows the login name of who holds a customer, people know the name.

use super::error::Error;
use crate::domain::refusal::{Holder, Refusal};
use crate::store::{StoreError, Tx, staff};

/// The refusal with the name of the holder in it, when it has one without.
///
/// # Errors
/// The store cannot be read.
pub(super) fn named(tx: &mut Tx<'_>, refusal: Refusal) -> Result<Refusal, StoreError> {
    let Refusal::NotYourLease { holder: Some(Holder { staff, name: None }) } = refusal else {
        return Ok(refusal);
    };
    let name = staff::find(tx, &staff)?.map(|found| found.actor.name);
    Ok(Refusal::NotYourLease { holder: Some(Holder { staff, name }) })
}

/// The outcome with a named refusal in the place of one without.
pub(super) fn name_holder<T>(tx: &mut Tx<'_>, outcome: Result<T, Error>) -> Result<T, Error> {
    match outcome {
        Err(Error::Refused(refusal)) => Err(named(tx, refusal)?.into()),
        outcome => outcome,
    }
}
