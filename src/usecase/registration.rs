//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn register(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::Register,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn cancel(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::CancelRegistration,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn withdraw_consent(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::WithdrawConsent,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn set_quota(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::SetQuota,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}
