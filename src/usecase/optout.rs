//! Records "do not contact me": at once and for ever, for known and unknown numbers, with one confirmation (T10).
//! Also the opposite, an agreement with one customer that lifts the 24-hour rules, and the hours that it names (T5).
//!
//! Deliberately absent: any way back. A customer who changes their mind calls us and registers; offers stay stopped.

use super::command::{AddAgreement, OptOut};
use super::ctx::{Ctx, Done};
use super::error::Error;
use super::message::{self, Message};
use super::outbound;
use super::receipt::Receipt;
use crate::domain::calendar::DailyWindow;
use crate::domain::contact::Purpose;
use crate::domain::id::CustomerId;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::customer::CustomerRow;
use crate::store::opt_out::OptOutRow;
use crate::store::{StoreError, Topics, Tx, agreement, customer, opt_out, row_lock, sms as sms_rows};

/// Template of the one confirmation.
const CONFIRMATION: &str = "opt_out_confirmed";
/// Longest words of an agreement and of its evidence, in graphemes.
const MAX_WORDS: usize = 200;

/// Records that a number wants no calls, no messages or neither. An unknown number is kept, too, so that a later
/// list does not bring it back.
pub(super) fn opt_out(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &OptOut) -> Result<Done, Error> {
    let phone = PhoneNumber::parse(&input.phone).map_err(Refusal::PhoneInvalid)?.number;
    let evidence = format!("command:{}", ctx.actor.staff);
    let (voice, sms) = (input.contact.voice(), input.contact.sms());
    row_lock::campaign(tx)?;
    let subject = if let Some(known) = customer::find_by_phone(tx, phone)? {
        stop(tx, ctx, &known, voice, sms, &evidence)?;
        format!("customer:{}", known.id)
    } else {
        record(tx, ctx, phone, voice, sms, &evidence)?;
        confirm(tx, ctx, None, phone)?;
        "number:unknown".to_owned()
    };
    let detail = match (voice, sms) {
        (true, true) => "contact=both",
        (true, false) => "contact=voice",
        (false, _) => "contact=sms",
    };
    Ok(Done::new(Receipt::OptedOut {}, subject).detail(detail))
}

/// Stops contacts with a known customer: the opt-out row, the matters it ends, the confirmation. Stopping twice
/// changes nothing and confirms nothing. The caller holds the campaign row.
pub(super) fn stop(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    known: &CustomerRow,
    voice: bool,
    sms: bool,
    evidence: &str,
) -> Result<(), Error> {
    row_lock::customer(tx, known.id)?;
    record(tx, ctx, known.phone, voice, sms, evidence)?;
    if voice {
        row_lock::case_of_customer(tx, known.id)?;
        outbound::close_for_opt_out(tx, ctx, known.id, &Purpose::ALL)?;
    }
    if sms {
        sms_rows::delete_queued_service(tx, known.id)?;
    }
    confirm(tx, ctx, Some(known.id), known.phone)
}

/// The one confirmation (T10): request and time received, time of the stop. Once for a customer, and once for a number
/// that is not on file.
fn confirm(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    customer: Option<CustomerId>,
    phone: PhoneNumber,
) -> Result<(), Error> {
    let at = ctx.now.dmy_hm();
    let values = [("received", at.as_str()), ("stopped", at.as_str())];
    let message = Message { customer, phone, template: CONFIRMATION, matter: "opt_out", values: &values };
    message::queue(tx, ctx, &message)?;
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    phone: PhoneNumber,
    voice: bool,
    sms: bool,
    evidence: &str,
) -> Result<(), StoreError> {
    let asked = OptOutRow { voice_at: voice.then_some(ctx.now), sms_at: sms.then_some(ctx.now) };
    opt_out::insert(tx, phone, asked, &ctx.actor.staff, evidence)
}

/// Records what was agreed with one customer, until when, and where the evidence is.
pub(super) fn add_agreement(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &AddAgreement) -> Result<Done, Error> {
    let phone = PhoneNumber::parse(&input.phone).map_err(Refusal::PhoneInvalid)?.number;
    let known = customer::find_by_phone(tx, phone)?
        .ok_or_else(|| Refusal::NoSuchRow { what: "customer", id: phone.masked() })?;
    let what = words(&input.what, "what")?;
    let evidence = words(&input.evidence, "evidence")?;
    if input.until <= ctx.now {
        return Err(Refusal::FieldInvalid { field: "until", reason: "before_start" }.into());
    }
    let window = match (input.from, input.to) {
        (None, None) => None,
        (Some(from), Some(to)) => Some(
            DailyWindow::new(from.0, to.0)
                .ok_or(Refusal::FieldInvalid { field: "to", reason: "before_start" })?,
        ),
        (Some(_), None) => return Err(Refusal::FieldInvalid { field: "to", reason: "needed" }.into()),
        (None, Some(_)) => return Err(Refusal::FieldInvalid { field: "from", reason: "needed" }.into()),
    };
    agreement::insert(
        tx,
        &agreement::NewAgreement {
            customer: known.id,
            voice: input.contact.voice(),
            sms: input.contact.sms(),
            what: &what,
            from: ctx.now,
            until: input.until,
            window,
            evidence: &evidence,
            by: &ctx.actor.staff,
            at: ctx.now,
        },
    )?;
    tx.touch(Topics::QUEUE);
    Ok(Done::new(Receipt::AgreementAdded {}, format!("customer:{}", known.id)))
}

fn words(typed: &str, field: &'static str) -> Result<String, Refusal> {
    let cleaned = text::clean(typed, MAX_WORDS + 1);
    if cleaned.is_empty() {
        Err(Refusal::FieldInvalid { field, reason: "empty" })
    } else if text::clean(&cleaned, MAX_WORDS) != cleaned {
        Err(Refusal::FieldInvalid { field, reason: "too_long" })
    } else {
        Ok(cleaned)
    }
}
