//! (being laid)

mod seats;

pub(super) use seats::{quota, status};

use super::door::Ctx;
use super::error::Error;
use crate::store::{StoreError, Tx};

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
