//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn reveal_phone(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::RevealPhone,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn pause(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::Pause,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn resume(_tx: &mut Tx<'_>, _ctx: &Ctx<'_>) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn add_staff(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::AddStaff,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn disable_staff(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::StaffRef,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn staff(_tx: &mut Tx<'_>) -> Result<Vec<crate::usecase::model::staff::StaffLine>, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn audit(
    _tx: &mut Tx<'_>,
    _limit: u32,
) -> Result<Vec<crate::usecase::model::staff::AuditLine>, Error> {
    Err(StoreError::internal("being laid").into())
}
