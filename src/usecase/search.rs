//! (being laid)

use super::door::Ctx;
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn customer(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _phone: &str,
) -> Result<crate::usecase::model::customer::CustomerModel, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn search(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _text: &str,
    _limit: u32,
) -> Result<Vec<crate::usecase::model::customer::SearchHit>, Error> {
    Err(StoreError::internal("being laid").into())
}
