//! Answers "why can't I call this customer now?": every reason of the contact rules, and when all of them are over.

use super::super::ctx::Ctx;
use super::super::error::Error;
use super::super::holder::named;
use super::super::model::call::{Reason, WhyNot};
use super::super::outbound::{limits, no_such_matter, show_settled};
use crate::domain::contact::{ContactFacts, Purpose, SeatsAndWaitlist, callable_from, reasons_against_call};
use crate::domain::id::MatterId;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::time::Timestamp;
use crate::store::{Tx, customer, do_not_call, matter, opt_out, seat};

/// The reasons against calling a matter, or a number for a purpose (default: the offer). A number without such a
/// matter has its reasons, too.
pub(in crate::usecase) fn why_not(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    matter: Option<MatterId>,
    phone: Option<&str>,
    purpose: Option<Purpose>,
) -> Result<WhyNot, Error> {
    if let Some(id) = matter {
        let (_, purpose) = Purpose::of_matter(id).ok_or_else(|| no_such_matter(id))?;
        return of_matter(tx, ctx, id, purpose)?.ok_or_else(|| no_such_matter(id).into());
    }
    let purpose = purpose.unwrap_or(Purpose::Offer);
    let typed = phone.ok_or(Refusal::FieldInvalid { field: "phone", reason: "needed" })?;
    let phone = PhoneNumber::parse(typed).map_err(Refusal::PhoneInvalid)?.number;
    let known = customer::find_by_phone(tx, phone)?;
    if let Some(known) = &known
        && let Some(answer) = of_matter(tx, ctx, purpose.matter_id(known.id), purpose)?
    {
        return Ok(answer);
    }
    without_matter(tx, ctx, phone, purpose)
}

fn of_matter(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: MatterId,
    purpose: Purpose,
) -> Result<Option<WhyNot>, Error> {
    let Some(mut loaded) = matter::find_loaded(tx, id, ctx.now)? else { return Ok(None) };
    loaded.facts.agent = Some(ctx.actor.staff.clone());
    let limits = limits(ctx);
    show_settled(&mut loaded, &limits, ctx.now);
    let mut reasons = reasons_against_call(&loaded.facts, &limits, ctx.now);
    let mut from = callable_from(&loaded.facts, &limits, ctx.now);
    if loaded.matter.avoid_staff.as_ref() == Some(&ctx.actor.staff) {
        reasons.insert(0, Refusal::RegisteredByYou);
        from = None;
    }
    let reasons = reasons.into_iter().map(|reason| named(tx, reason)).collect::<Result<_, _>>()?;
    Ok(Some(answer(Some(id), purpose, reasons, from)))
}

/// The number is not in the queue: that is the first reason, the number's own follow.
fn without_matter(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    phone: PhoneNumber,
    purpose: Purpose,
) -> Result<WhyNot, Error> {
    let asked = opt_out::find(tx, phone)?.unwrap_or_default();
    let counts = seat::get(tx)?;
    let facts = ContactFacts {
        dnc: do_not_call::find(tx, phone)?,
        dnc_as_of: do_not_call::as_of(tx)?,
        opted_out_voice_at: asked.voice_at,
        opted_out_sms_at: asked.sms_at,
        seats: SeatsAndWaitlist { quota: counts.quota, taken: counts.taken, waitlisted: counts.waitlisted },
        ..ContactFacts::new(purpose)
    };
    let none = if purpose.is_offer_contact() {
        Refusal::NotOnSmsList
    } else {
        Refusal::NoSuchRow { what: "matter", id: purpose.code().to_owned() }
    };
    let mut reasons = vec![none];
    // Who is on no list received no SMS: that is the first reason.
    let own = reasons_against_call(&facts, &limits(ctx), ctx.now);
    reasons.extend(own.into_iter().filter(|reason| !matches!(reason, Refusal::SmsNotReceived { .. })));
    Ok(answer(None, purpose, reasons, None))
}

fn answer(
    matter: Option<MatterId>,
    purpose: Purpose,
    reasons: Vec<Refusal>,
    callable_from: Option<Timestamp>,
) -> WhyNot {
    WhyNot {
        matter,
        purpose,
        callable: reasons.is_empty(),
        reasons: reasons.into_iter().map(Reason::from).collect(),
        callable_from,
    }
}
