//! (being laid)

use crate::store::{StoreError, Tx};
use crate::usecase::door::Ctx;
use crate::usecase::error::Error;

pub(in crate::usecase) fn quota(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
) -> Result<crate::usecase::model::count::QuotaModel, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(in crate::usecase) fn status(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
) -> Result<crate::usecase::model::count::StatusLine, Error> {
    Err(StoreError::internal("being laid").into())
}
