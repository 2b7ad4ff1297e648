//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn claim(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::Claim,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn renew_lease(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::MatterRef,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn release_lease(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::MatterRef,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn record_call(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::RecordCall,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn undo_call(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::MatterRef,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}
