//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn triage(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::Triage,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn cases(_tx: &mut Tx<'_>) -> Result<Vec<crate::usecase::model::case::CaseLine>, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn case_file(
    _tx: &mut Tx<'_>,
    _case: crate::domain::id::CaseId,
) -> Result<crate::usecase::model::case::CaseFile, Error> {
    Err(StoreError::internal("being laid").into())
}
