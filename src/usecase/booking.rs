//! (being laid)

use super::door::{Ctx, Done};
use super::error::Error;
use crate::store::{StoreError, Tx};

pub(super) fn hold_slot(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::Book,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn release_slot(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::AppointmentRef,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn book(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::Book,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn move_appointment(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::MoveAppointment,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn cancel_appointment(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::CancelAppointment,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn tell_customer(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::TellCustomer,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn start_consultation(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::AppointmentRef,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}

pub(super) fn record_result(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx<'_>,
    _input: &crate::usecase::command::RecordResult,
) -> Result<Done, Error> {
    Err(StoreError::internal("being laid").into())
}
