//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn add_lead(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::AddLead,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn move_lead(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::MoveLead,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn leads(_tx: &mut Tx<'_>) -> Result<Vec<crate::usecase::model::lead::LeadLine>, Error> {
    Err(StoreError::internal("being laid").into())
}
