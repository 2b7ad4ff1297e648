//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn hand_over(_tx: &mut Tx<'_>, _ctx: &Ctx<'_>) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn acknowledge(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::Acknowledge,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn batch(
    _tx: &mut Tx<'_>,
    _batch: crate::domain::id::BatchId,
) -> Result<crate::usecase::model::batch::BatchModel, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn batches(_tx: &mut Tx<'_>) -> Result<crate::usecase::query::Snapshot, Error> {
    Err(StoreError::internal("being laid").into())
}
