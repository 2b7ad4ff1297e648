//! (being laid)

use super::door::Ctx;
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn why_not(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _matter: Option<crate::domain::id::MatterId>,
    _phone: Option<&str>,
    _purpose: Option<crate::domain::contact::Purpose>,
) -> Result<crate::usecase::model::call::WhyNot, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn queue(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _purpose: crate::domain::contact::Purpose,
) -> Result<crate::usecase::model::call::QueueModel, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn call_card(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _matter: crate::domain::id::MatterId,
) -> Result<crate::usecase::model::call::CallCard, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn open_call(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
) -> Result<Option<crate::usecase::model::call::CallCard>, Error> {
    Err(StoreError::internal("being laid").into())
}
