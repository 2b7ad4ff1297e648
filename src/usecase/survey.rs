//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn record_survey(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::RecordSurvey,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn satisfaction(_tx: &mut Tx<'_>) -> Result<crate::usecase::model::count::Satisfaction, Error> {
    Err(StoreError::internal("being laid").into())
}
