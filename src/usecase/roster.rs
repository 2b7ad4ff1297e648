//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn add_doctor(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::AddDoctor,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn add_shift(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::AddShift,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn free_slots(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _department: crate::domain::department::Department,
    _from: Option<crate::domain::time::Timestamp>,
    _count: u32,
) -> Result<crate::usecase::model::case::FreeSlots, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn day(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _doctor: Option<crate::domain::id::DoctorId>,
    _date: Option<chrono::NaiveDate>,
) -> Result<crate::usecase::model::case::DayModel, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn roster(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _department: Option<crate::domain::department::Department>,
    _date: Option<chrono::NaiveDate>,
) -> Result<crate::usecase::model::case::RosterModel, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn doctors(_tx: &mut Tx<'_>) -> Result<Vec<crate::usecase::model::case::DoctorLine>, Error> {
    Err(StoreError::internal("being laid").into())
}
