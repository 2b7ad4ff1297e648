//! Frees seats, promotes from the waitlist, and changes the number of seats.

use super::super::command::SetQuota;
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::message::{self, Message};
use super::super::receipt::Receipt;
use super::super::task::{self, NewTask};
use crate::domain::consent::ConsentPurpose;
use crate::domain::id::{CustomerId, RegistrationId};
use crate::domain::phone::PhoneNumber;
use crate::domain::quota::{Seats, is_seat_of_use};
use crate::domain::refusal::Refusal;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::store::registration::RegistrationRow;
use crate::store::{Topics, Tx, consent, counter, registration, row_lock, seat};

/// More seats than this are a typing error.
const MOST_SEATS: i64 = 1_000_000;

/// Ends a registration and passes its seat on: (a seat came free, who took it from the waitlist). Nothing happens
/// to a registration that is cancelled already. Batch rows, cases and matters are the caller's, and so is the lock on
/// the campaign row before any other.
pub(in crate::usecase) fn free_seat(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: RegistrationId,
    reason: &str,
) -> Result<(bool, Option<RegistrationId>), Error> {
    let row = registration::find(tx, id)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "registration", id: id.to_string() })?;
    if !registration::cancel(tx, id, reason, ctx.now)? {
        return Ok((false, None));
    }
    tx.touch(Topics::SEATS);
    let Some(number) = row.seat else {
        seat::leave_place(tx)?;
        return Ok((false, None));
    };
    seat::give_back(tx, number)?;
    let promoted = promote(tx, ctx)?;
    // After its last day, registration stays closed by what closed it.
    if promoted.is_none() && ctx.now <= ctx.campaign.registration.closes() {
        seat::open_when_free(tx)?;
    }
    Ok((true, promoted))
}

/// The registration, which must exist.
pub(super) fn get(tx: &mut Tx<'_>, id: RegistrationId) -> Result<RegistrationRow, Error> {
    registration::find(tx, id)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "registration", id: id.to_string() }.into())
}

/// Seats the first on the waitlist when a seat is left and consultations go on. After the last of them the seat stays
/// free and the waitlist as it is, which the campaign row records.
fn promote(tx: &mut Tx<'_>, ctx: &Ctx<'_>) -> Result<Option<RegistrationId>, Error> {
    if !is_seat_of_use(&ctx.campaign.consultation, ctx.now) {
        seat::close_waitlist(tx, ctx.now)?;
        return Ok(None);
    }
    let Some(first) = registration::find_first_waitlisted(tx)? else { return Ok(None) };
    let Some(number) = seat::take(tx)? else { return Ok(None) };
    if !registration::seat(tx, first.id, number, ctx.now)? {
        return Err(Refusal::Conflict { what: "registration", state: first.state.code().to_owned() }.into());
    }
    seat::leave_place(tx)?;
    seated(tx, ctx, first.id, first.customer, first.phone)?;
    let about = TaskAbout::Registration(first.id);
    task::open(tx, ctx, &NewTask { kind: TaskKind::PromotedToTell, about, note: None, due_at: None })?;
    Ok(Some(first.id))
}

/// What follows when a registration takes its seat: the count of the day, and the handbook message once for a
/// customer who wants it, unless they asked for no messages since they registered.
pub(super) fn seated(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: RegistrationId,
    customer: CustomerId,
    phone: PhoneNumber,
) -> Result<(), Error> {
    seat::close_when_full(tx, ctx.now)?;
    tx.count(counter::day_registered(ctx.now.date()), 1);
    tx.touch(Topics::SEATS.with(Topics::BATCHES));
    queue_handbook(tx, ctx, id, customer, phone)
}

/// Queues the handbook message once for a customer who wants it, unless they asked for no messages since they registered.
pub(super) fn queue_handbook(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: RegistrationId,
    customer: CustomerId,
    phone: PhoneNumber,
) -> Result<(), Error> {
    let handbook = &ctx.campaign.handbook;
    if handbook.contains(ctx.now)
        && consent::is_given(tx, id, ConsentPurpose::Handbook)?
        && !registration::refuses_sms(tx, id)?
    {
        let until = handbook.closes().dmy();
        let values = [("url", ctx.campaign.handbook_url.as_str()), ("until", until.as_str())];
        let matter = format!("registration:{id}");
        let message = Message {
            customer: Some(customer),
            phone,
            template: "handbook",
            matter: &matter,
            values: &values,
        };
        message::queue(tx, ctx, &message)?;
    }
    Ok(())
}

/// Changes the number of seats; a higher one seats waitlisted customers at once, in their order.
pub(in crate::usecase) fn set_quota(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &SetQuota) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let quota = input.quota;
    let promoted = resize(tx, ctx, quota)?;
    let detail = format!("quota={quota} promoted={}", promoted.len());
    Ok(Done::new(Receipt::QuotaSet { quota, promoted }, "campaign:1").detail(detail))
}

/// Changes the number of seats and seats waitlisted customers on those that are new: who they are. The caller holds the
/// campaign row.
pub(in crate::usecase) fn resize(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    quota: i64,
) -> Result<Vec<RegistrationId>, Error> {
    if quota > MOST_SEATS {
        return Err(Refusal::FieldInvalid { field: "quota", reason: "out_of_range" }.into());
    }
    let counts = seat::get(tx)?;
    Seats { quota: counts.quota, taken: counts.taken }.resize(quota)?;
    seat::set_quota(tx, quota)?;
    let mut promoted = Vec::new();
    while let Some(next) = promote(tx, ctx)? {
        promoted.push(next);
    }
    seat::open_when_free(tx)?;
    seat::close_when_full(tx, ctx.now)?;
    tx.touch(Topics::SEATS);
    Ok(promoted)
}
