//! Moves fanpage leads: a comment, the inbox message with the notice, the details given, the registration.
//!
//! Invariants: a lead moves one step at a time and never back; a number comes from the inbox, so a reference that
//! is itself a phone number is refused. Deliberately absent: the texts of comments and messages.

#[cfg(test)]
mod tests;

use super::command::{AddLead, LeadRef, LeadStep, MoveLead};
use super::ctx::{Ctx, Done};
use super::error::Error;
use super::model::lead::LeadLine;
use super::receipt::Receipt;
use super::registration::{name, phone};
use crate::domain::id::{LeadId, RegistrationId};
use crate::domain::lead::LeadState;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::{Topics, Tx, lead};

/// Longest reference or reason, in graphemes.
const MAX_REFERENCE: usize = 200;
/// Open leads on one screen.
const MOST_LEADS: i64 = 200;

/// Adds the lead of a comment, at the step that is known to be reached.
pub(super) fn add_lead(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &AddLead) -> Result<Done, Error> {
    let name = name(&input.name, "name")?;
    let comment = reference(&input.comment, "comment")?
        .ok_or(Refusal::FieldInvalid { field: "comment", reason: "empty" })?;
    let conversation = given(input.conversation.as_deref(), "conversation")?;
    let phone = input.phone.as_deref().map(phone).transpose()?;
    let state = match (&phone, &conversation) {
        (Some(_), _) => LeadState::DetailsGiven,
        (None, Some(_)) => LeadState::Messaged,
        (None, None) => LeadState::Commented,
    };
    let new = lead::NewLead {
        name: name.as_str(),
        comment: &comment,
        conversation: conversation.as_deref(),
        phone,
        state,
    };
    let added = lead::insert(tx, &new, &ctx.actor.staff, ctx.now)?;
    let Some(id) = added else {
        let state = lead::find_by_comment(tx, &comment)?
            .map_or_else(|| "exists".to_owned(), |known| known.state.code().to_owned());
        return Err(Refusal::Conflict { what: "lead", state }.into());
    };
    tx.touch(Topics::LEADS);
    Ok(Done::new(Receipt::LeadAdded { lead: id }, format!("lead:{id}"))
        .detail(format!("state={}", state.code())))
}

/// Moves a lead on, or drops it with a reason.
pub(super) fn move_lead(tx: &mut Tx<'_>, ctx: &Ctx<'_>, input: &MoveLead) -> Result<Done, Error> {
    let id = input.lead;
    let found = lead::find(tx, id)?.ok_or_else(|| no_such_lead(id))?;
    let conversation = given(input.conversation.as_deref(), "conversation")?;
    let phone = input.phone.as_deref().map(phone).transpose()?;
    let reason = given(input.reason.as_deref(), "reason")?;
    let (to, from): (LeadState, &[LeadState]) = match input.to {
        LeadStep::Messaged => (LeadState::Messaged, &[LeadState::Commented]),
        LeadStep::DetailsGiven => (LeadState::DetailsGiven, &[LeadState::Messaged]),
        LeadStep::Dropped => {
            (LeadState::Dropped, &[LeadState::Commented, LeadState::Messaged, LeadState::DetailsGiven])
        }
    };
    if !from.contains(&found.state) {
        return Err(Refusal::Conflict { what: "lead", state: found.state.code().to_owned() }.into());
    }
    if to == LeadState::DetailsGiven && phone.is_none() && found.phone.is_none() {
        return Err(Refusal::FieldInvalid { field: "phone", reason: "empty" }.into());
    }
    if to == LeadState::Dropped && reason.is_none() {
        return Err(Refusal::FieldInvalid { field: "reason", reason: "empty" }.into());
    }
    let step = lead::LeadMove {
        from: found.state,
        to,
        conversation: conversation.as_deref(),
        phone,
        reason: reason.as_deref().filter(|_| to == LeadState::Dropped),
    };
    if !lead::update(tx, id, &step, &ctx.actor.staff, ctx.now)? {
        return Err(Refusal::Conflict { what: "lead", state: found.state.code().to_owned() }.into());
    }
    tx.touch(Topics::LEADS);
    Ok(Done::new(Receipt::LeadMoved { state: to }, format!("lead:{id}"))
        .detail(format!("state={}", to.code())))
}

/// The whole number of a lead, whose list shows it masked.
///
/// # Errors
/// [`Refusal::NoSuchRow`]; [`Refusal::FieldInvalid`] for a lead without a number.
pub(super) fn reveal_lead(tx: &mut Tx<'_>, input: LeadRef) -> Result<Done, Error> {
    let found = lead::find(tx, input.lead)?.ok_or_else(|| no_such_lead(input.lead))?;
    let phone = found.phone.ok_or(Refusal::FieldInvalid { field: "phone", reason: "empty" })?.e164();
    Ok(Done::new(Receipt::PhoneRevealed { phone }, format!("lead:{}", input.lead)))
}

/// The lead that a registration comes from is done.
pub(super) fn register_lead(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    id: LeadId,
    registration: RegistrationId,
) -> Result<(), Error> {
    if !lead::register(tx, id, registration, &ctx.actor.staff, ctx.now)? {
        let found = lead::find(tx, id)?.ok_or_else(|| no_such_lead(id))?;
        return Err(Refusal::Conflict { what: "lead", state: found.state.code().to_owned() }.into());
    }
    tx.touch(Topics::LEADS);
    Ok(())
}

/// Open leads, longest in their state first.
pub(super) fn leads(tx: &mut Tx<'_>) -> Result<Vec<LeadLine>, Error> {
    let rows = lead::list_open(tx, MOST_LEADS)?;
    Ok(rows
        .into_iter()
        .map(|row| LeadLine {
            lead: row.id,
            name: row.name,
            state: row.state,
            since: row.since,
            commented_at: row.commented_at,
            phone_masked: row.phone.map(PhoneNumber::masked),
            comment: row.comment,
            conversation: row.conversation,
        })
        .collect())
}

fn no_such_lead(id: LeadId) -> Refusal {
    Refusal::NoSuchRow { what: "lead", id: id.to_string() }
}

/// An optional short text; an empty one counts as absent.
fn given(typed: Option<&str>, field: &'static str) -> Result<Option<String>, Refusal> {
    typed.map_or(Ok(None), |typed| reference(typed, field))
}

/// A short text that is no phone number: public references must not carry one.
fn reference(typed: &str, field: &'static str) -> Result<Option<String>, Refusal> {
    let cleaned = text::clean(typed, MAX_REFERENCE + 1);
    if cleaned.chars().count() > MAX_REFERENCE {
        return Err(Refusal::FieldInvalid { field, reason: "too_long" });
    }
    if PhoneNumber::parse(&cleaned).is_ok() {
        return Err(Refusal::FieldInvalid { field, reason: "bad_characters" });
    }
    Ok(Some(cleaned).filter(|text| !text.is_empty()))
}
