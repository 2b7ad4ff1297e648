//! (being laid)

use super::door::Ctx;
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn quota(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
) -> Result<crate::usecase::model::count::QuotaModel, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn status(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
) -> Result<crate::usecase::model::count::StatusLine, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn funnel(_tx: &mut Tx<'_>) -> Result<crate::usecase::model::count::Funnel, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn agents(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _date: Option<chrono::NaiveDate>,
) -> Result<crate::usecase::query::Snapshot, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn overview(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
) -> Result<crate::usecase::model::count::Overview, Error> {
    Err(StoreError::internal("being laid").into())
}
