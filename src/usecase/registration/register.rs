//! Registers a customer with a seat, or a place on the waitlist.

use super::super::command::{Channel, Register};
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::fanpage;
use super::super::outbound::{CallData, Holding, record_success};
use super::super::receipt::Receipt;
use super::applicant;
use super::consents::record_asked;
use super::ending::close_matters;
use super::seats::seated;
use super::taking_back::{Before, keep};
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::eligibility::{Invitation, check_channel};
use crate::domain::id::{CustomerId, RegistrationId};
use crate::domain::name::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::quota::check_open;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::counter::AgentCount;
use crate::store::registration::{Applicant, NewRegistration, PatientColumns};
use crate::store::{Topics, Tx, counter, lead as lead_rows, matter, opt_out, registration, row_lock, seat};

/// Longest kept form of a number as typed, in graphemes.
const MAX_RAW_PHONE: usize = 40;

/// Registers a customer on a seat, or on the waitlist when none is left.
///
/// The rules are applied in the order in which their refusals help the agent most: the number, whether the customer is
/// registered already, whether registration is open, whether this channel is theirs, then the form.
pub(in crate::usecase) fn register(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Register) -> Result<Done, Error> {
    let phone = applicant::phone(&input.phone)?;
    row_lock::campaign(tx)?;
    row_lock::customer_of(tx, phone)?;
    let known = registration::find_applicant(tx, phone)?;
    check_unregistered(tx, known.as_ref())?;
    check_customer(ctx, input.channel, known.as_ref())?;
    input.consents.check()?;
    let name = input.name.as_deref().filter(|typed| !typed.trim().is_empty());
    let name = name.map(|typed| applicant::name(typed, "name")).transpose()?;
    let patient = applicant::patient(ctx, input)?;
    check_child(input)?;
    let customer = settle_customer(tx, phone, input, known.as_ref(), name)?;

    let over = known.as_ref().and_then(|known| known.taken_back);
    let (id, number, position) = settle_place(tx, ctx, input, customer, &patient, over)?;
    // The number may have asked before it had a customer.
    let wants_none = opt_out::find(tx, phone)?.is_some();
    record_asked(tx, ctx, input, id, &patient, wants_none)?;
    let offer = matter::find(tx, Purpose::Offer.matter_id(customer))?;
    close_offer(tx, ctx, input, customer)?;
    let mut lead = None;
    if let Some(from) = input.lead {
        lead = lead_rows::find(tx, from)?.map(|found| (from, found.state));
        fanpage::register_lead(tx, ctx, from, id)?;
    }
    let offer = offer.filter(|offer| offer.state != MatterState::Closed).map(Box::new);
    let before = Before::Registered { offer, in_call: input.matter.is_some(), lead };
    keep(tx, id, Some(&before), None)?;
    tx.count(counter::agent(ctx.now.date(), &ctx.actor.staff, AgentCount::Registered), 1);
    tx.touch(Topics::SEATS);
    let subject = format!("registration:{id}");
    let channel = input.channel.code();
    match number {
        Some(number) => {
            seated(tx, ctx, id, customer, phone)?;
            Ok(Done::new(Receipt::Registered { registration: id, seat: number }, subject)
                .detail(format!("channel={channel} seat={number}")))
        }
        None => Ok(Done::new(Receipt::Waitlisted { registration: id, position }, subject)
            .detail(format!("channel={channel} position={position}"))),
    }
}

/// One registration per customer, across all channels and for ever.
fn check_unregistered(tx: &mut Tx<'_>, known: Option<&Applicant>) -> Result<(), Error> {
    let Some(there) = known.and_then(|known| known.registration) else { return Ok(()) };
    match registration::find_held(tx, there)? {
        Some(held) => Err(Refusal::AlreadyRegistered { held }.into()),
        None => Ok(()),
    }
}

/// A child who was asked and does not want it is not registered.
fn check_child(input: &Register) -> Result<(), Refusal> {
    match input.patient.as_ref().and_then(|patient| patient.agrees) {
        Some(false) => Err(Refusal::ConsentMissing),
        Some(true) | None => Ok(()),
    }
}

/// Whether this customer may register now by this channel.
fn check_customer(ctx: &Ctx<'_>, channel: Channel, known: Option<&Applicant>) -> Result<(), Refusal> {
    check_open(&ctx.campaign.registration, ctx.now)?;
    check_channel(
        known.is_some_and(|known| known.is_listed),
        Invitation::of(known.and_then(|known| known.sms_sent_at), ctx.campaign.sms_required, ctx.now),
        channel == Channel::Fanpage,
        ctx.campaign.allow_listed_on_fanpage,
    )?;
    // A customer who wants no calls may call us; a call that we made anyway does not count.
    match (channel, known.and_then(|known| known.opted_out_voice_at)) {
        (Channel::Outbound9090, Some(at)) => Err(Refusal::OptedOut { at }),
        _ => Ok(()),
    }
}

/// The customer row: found, corrected, or made.
fn settle_customer(
    tx: &mut Tx<'_>,
    phone: PhoneNumber,
    input: &Register,
    known: Option<&Applicant>,
    name: Option<PersonName>,
) -> Result<CustomerId, Error> {
    let missing = || Refusal::FieldInvalid { field: "name", reason: "empty" };
    let Some(known) = known else {
        let name = name.ok_or_else(missing)?;
        let raw = text::clean(&input.phone, MAX_RAW_PHONE);
        return Ok(registration::insert_applicant(tx, phone, &raw, &name)?);
    };
    if known.is_loading {
        if name.is_none() {
            return Err(missing().into());
        }
        registration::detach_from_loading(tx, known.customer)?;
    }
    if let Some(name) = name.filter(|name| name.as_str() != known.name) {
        registration::update_name(tx, known.customer, &name)?;
    }
    Ok(known.customer)
}

/// The registration on a seat, or on the waitlist, written over one that was taken back: (which, seat, position).
fn settle_place(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &Register,
    customer: CustomerId,
    patient: &PatientColumns,
    over: Option<RegistrationId>,
) -> Result<(RegistrationId, Option<i64>, i64), Error> {
    let number = seat::take(tx)?;
    let (place, position) = match number {
        Some(_) => (None, 0),
        None if input.waitlist => {
            let (place, position) = seat::take_place(tx)?;
            (Some(place), position)
        }
        None => return Err(Refusal::QuotaFull { quota: seat::get(tx)?.quota }.into()),
    };
    let new = NewRegistration {
        customer,
        seat: number,
        place,
        channel: input.channel.code(),
        by: &ctx.actor.staff,
        at: ctx.now,
        patient,
    };
    let id = match over {
        Some(id) if registration::revive(tx, id, &new)? => id,
        Some(_) | None => registration::insert(tx, &new)?,
    };
    Ok((id, number, position))
}

/// The open offer has its answer. With a named call, that call is recorded as agreed. Without one, an offer that
/// the actor holds stays open: they have yet to record the call they are in.
fn close_offer(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &Register, customer: CustomerId) -> Result<(), Error> {
    let offer = Purpose::Offer.matter_id(customer);
    if let Some(named) = input.matter {
        if named != offer {
            return Err(Refusal::NoSuchRow { what: "matter", id: named.to_string() }.into());
        }
        let data = CallData {
            talk_seconds: input.talk_seconds,
            recording_announced: input.recording_announced,
            note: input.note.as_deref(),
        };
        record_success(tx, ctx, offer, data, Holding::Agent)?;
        return Ok(());
    }
    let holds = input.channel == Channel::Outbound9090
        && matter::find_by_holder(tx, &ctx.actor.staff)?
            .is_some_and(|held| held.id == offer && held.lease_until.is_some_and(|until| ctx.now < until));
    if holds { Ok(()) } else { close_matters(tx, customer, Some(Purpose::Offer), "registered") }
}
