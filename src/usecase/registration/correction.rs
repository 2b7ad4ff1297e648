//! Corrects a registration while Vinmec does not have it, and so answers a row that Vinmec returned.
//!
//! Invariants:
//! - what Vinmec looks at or has accepted is not changed behind its back;
//! - a returned row goes out again only with an answer, which goes with it;
//! - a number that a list brought is the customer's identity and stays.

use super::super::command::{Channel, CorrectRegistration, Register};
use super::super::ctx::{Ctx, Done};
use super::super::error::Error;
use super::super::receipt::Receipt;
use super::super::task;
use super::applicant;
use super::consents::withdraw_replaced;
use super::seats::get;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::registration::{HandOverState, RegistrationState};
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::store::registration::{Applicant, RegistrationRow};
use crate::store::{StoreError, Topics, Tx, batch, registration, row_lock};

/// Longest answer to Vinmec, in graphemes.
const MAX_ANSWER: usize = 200;
/// Longest kept form of a number as typed, in graphemes.
const MAX_RAW_PHONE: usize = 40;

/// Corrects name, number or patient of a registration, and answers its returned row.
pub(in crate::usecase) fn correct(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &CorrectRegistration,
) -> Result<Done, Error> {
    row_lock::campaign(tx)?;
    let row = get(tx, input.registration)?;
    row_lock::customer(tx, row.customer)?;
    check_correctable(&row)?;
    let answer = answer(input, &row)?;
    let known = registration::find_applicant(tx, row.phone)?
        .ok_or_else(|| StoreError::internal("a registration without its customer"))?;
    let mut changed = Vec::new();
    if correct_name(tx, input, &known)? {
        changed.push("name");
    }
    if correct_phone(tx, input, &row, &known)? {
        changed.push("phone");
    }
    if input.patient.is_some() {
        let form = Register { patient: input.patient.clone(), ..Register::new("", Channel::Inbound9090) };
        let patient = applicant::patient(ctx, &form)?;
        let before = registration::find_patient(tx, row.id)?.unwrap_or_default();
        registration::replace_patient(tx, row.id, &patient)?;
        withdraw_replaced(tx, ctx, row.id, &before, &patient)?;
        changed.push("patient");
    }
    if changed.is_empty() && answer.is_none() {
        return Err(Refusal::FieldInvalid { field: "note", reason: "empty" }.into());
    }
    if let (HandOverState::Returned, Some(answer)) = (row.hand_over, &answer) {
        batch::answer_returned(tx, row.id, answer, &ctx.actor.staff, ctx.now)?;
        task::close_about(tx, ctx, TaskKind::HandoverReturned, TaskAbout::Registration(row.id))?;
    }
    tx.touch(Topics::SEATS.with(Topics::BATCHES));
    let detail = format!("changed={}", changed.join(","));
    Ok(Done::new(Receipt::RegistrationCorrected {}, format!("registration:{}", row.id)).detail(detail))
}

fn check_correctable(row: &RegistrationRow) -> Result<(), Refusal> {
    let conflict = |state: &str| Refusal::Conflict { what: "registration", state: state.to_owned() };
    match (row.state, row.hand_over) {
        (RegistrationState::Cancelled, _) => Err(conflict(row.state.code())),
        (_, HandOverState::Sent | HandOverState::Accepted) => Err(conflict(row.hand_over.code())),
        (_, HandOverState::Waiting | HandOverState::Returned) => Ok(()),
    }
}

/// The answer to Vinmec, which a returned row needs.
fn answer(input: &CorrectRegistration, row: &RegistrationRow) -> Result<Option<String>, Refusal> {
    let typed = input.note.as_deref().unwrap_or_default();
    let answer = text::clean(typed, MAX_ANSWER + 1);
    if text::clean(&answer, MAX_ANSWER) != answer {
        return Err(Refusal::FieldInvalid { field: "note", reason: "too_long" });
    }
    match (answer.is_empty(), row.hand_over) {
        (true, HandOverState::Returned) => Err(Refusal::FieldInvalid { field: "note", reason: "empty" }),
        (true, HandOverState::Waiting | HandOverState::Sent | HandOverState::Accepted) => Ok(None),
        (false, _) => Ok(Some(answer)),
    }
}

fn correct_name(tx: &mut Tx<'_>, input: &CorrectRegistration, known: &Applicant) -> Result<bool, Error> {
    let typed = input.name.as_deref().filter(|typed| !typed.trim().is_empty());
    let Some(typed) = typed else { return Ok(false) };
    let name = applicant::name(typed, "name")?;
    if name.as_str() == known.name {
        return Ok(false);
    }
    registration::update_name(tx, known.customer, &name)?;
    Ok(true)
}

/// A number is corrected when it was typed from a conversation; a list's number is who the customer is.
fn correct_phone(
    tx: &mut Tx<'_>,
    input: &CorrectRegistration,
    row: &RegistrationRow,
    known: &Applicant,
) -> Result<bool, Error> {
    let typed = input.phone.as_deref().filter(|typed| !typed.trim().is_empty());
    let Some(typed) = typed else { return Ok(false) };
    let phone: PhoneNumber = applicant::phone(typed)?;
    if phone == row.phone {
        return Ok(false);
    }
    if known.is_listed {
        return Err(Refusal::FieldInvalid { field: "phone", reason: "of_a_list" }.into());
    }
    if registration::find_applicant(tx, phone)?.is_some() {
        return Err(Refusal::FieldInvalid { field: "phone", reason: "taken" }.into());
    }
    registration::update_phone(tx, known.customer, phone, &text::clean(typed, MAX_RAW_PHONE))?;
    Ok(true)
}
