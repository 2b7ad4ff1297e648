//! Informs the customer of day, time and method.

use crate::domain::appointment::AppointmentState;
use crate::domain::id::{AppointmentId, CustomerId};
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::appointment::{self as appointment_rows, AppointmentRow};
use crate::store::{StoreError, Topics, Tx, care_case as case_rows, row_lock, sms as sms_rows};
use crate::usecase::command::{Method, TellCustomer, ToldBy};
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::message::{self, Message};
use crate::usecase::receipt::Receipt;

/// The messages about an appointment: about a new one, about a moved one.
const TEMPLATES: [&str; 2] = ["appointment", "appointment_moved"];

/// Notes that the customer was told by phone, or queues the one message about this appointment. Informing again is
/// fine and sends nothing again.
///
/// # Errors
/// [`Refusal::NoSuchRow`], [`Refusal::Conflict`] unless it is booked or told, [`Refusal::InThePast`] for a message
/// about a time that is over, [`Refusal::OptedOut`] for a customer who wants no messages.
pub(in crate::usecase) fn tell_customer(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &TellCustomer,
) -> Result<Done, Error> {
    if input.by == ToldBy::Sms {
        lock_customer(tx, input.appointment)?;
    }
    let row = super::get_locked(tx, input.appointment)?;
    row.state.become_state(AppointmentState::Told)?;
    let channel = match input.by {
        ToldBy::Phone => "phone",
        ToldBy::Sms => "sms",
    };
    if input.by == ToldBy::Sms {
        send(tx, ctx, &row)?;
    }
    super::settled(appointment_rows::settle_told(tx, row.id, channel, &ctx.actor.staff, ctx.now)?, &row)?;
    tx.touch(Topics::CASES.with(Topics::ROSTER));
    let done = Done::new(Receipt::Told {}, format!("appointment:{}", row.id));
    Ok(done.detail(format!("channel={channel}")))
}

/// The customer's word about messages must not change before the message is queued.
fn lock_customer(tx: &mut Tx<'_>, id: AppointmentId) -> Result<(), Error> {
    let seen = super::get(tx, id)?;
    if let Some(case) = case_rows::find(tx, seen.case)? {
        row_lock::customer(tx, case.customer)?;
    }
    Ok(())
}

fn send(tx: &mut Tx<'_>, ctx: &Ctx<'_>, row: &AppointmentRow) -> Result<(), Error> {
    if row.starts_at <= ctx.now {
        return Err(Refusal::InThePast.into());
    }
    let told = appointment_rows::find_to_tell(tx, row.id)?
        .ok_or_else(|| StoreError::internal("an appointment without its case, customer or doctor"))?;
    if let Some(at) = told.sms_opted_out_at {
        return Err(Refusal::OptedOut { at }.into());
    }
    let method = match Method::parse(&row.method).unwrap_or_default() {
        Method::Phone => "qua dien thoai",
        Method::Video => "qua video",
    };
    let (time, date, doctor) = (row.starts_at.hm(), row.starts_at.dmy(), plain_name(&told.doctor_name));
    let values =
        [("time", time.as_str()), ("date", date.as_str()), ("method", method), ("doctor", doctor.as_str())];
    let template = if told.is_moved { TEMPLATES[1] } else { TEMPLATES[0] };
    let matter = format!("appointment:{}", row.id);
    let message = Message {
        customer: Some(told.customer),
        phone: told.phone,
        template,
        matter: &matter,
        values: &values,
    };
    message::queue(tx, ctx, &message)?;
    Ok(())
}

/// Takes back messages about a customer's appointment that no sender has yet.
pub(super) fn take_back(tx: &mut Tx<'_>, customer: CustomerId) -> Result<(), Error> {
    for template in TEMPLATES {
        sms_rows::delete_queued(tx, customer, template)?;
    }
    Ok(())
}

/// A name without accents, each word with a capital: the templates are written without accents so that one part
/// holds 160 characters, and so is what goes into them.
fn plain_name(name: &str) -> String {
    let folded = text::fold(name);
    let words = folded.split(' ').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<String>>().join(" ")
}
