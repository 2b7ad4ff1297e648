//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn opt_out(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::OptOut,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn add_agreement(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::AddAgreement,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}
