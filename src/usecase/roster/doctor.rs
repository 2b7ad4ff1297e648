//! Adds doctors by their titles: parsed, judged by the campaign's policy, stored with the reason.

use crate::domain::lang::Lang;
use crate::domain::name::PersonName;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::{Topics, Tx, doctor as doctor_rows};
use crate::usecase::command::AddDoctor;
use crate::usecase::ctx::{Ctx, Done};
use crate::usecase::error::Error;
use crate::usecase::model::case::DoctorLine;
use crate::usecase::receipt::Receipt;

/// Longest titles, in graphemes.
const MAX_TITLES: usize = 80;
/// Longest licence number, in graphemes.
const MAX_LICENCE: usize = 40;

/// Adds a doctor whose titles reach the policy.
///
/// # Errors
/// [`Refusal::FieldInvalid`], [`Refusal::DegreeTooLow`], [`Refusal::Conflict`] for a licence that is on file.
pub(in crate::usecase) fn add_doctor(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    input: &AddDoctor,
) -> Result<Done, Error> {
    let name = PersonName::parse(&input.name)
        .map_err(|error| Refusal::FieldInvalid { field: "name", reason: error.reason() })?;
    let titles = required("titles", &input.titles, MAX_TITLES)?;
    let licence = required("licence", &input.licence, MAX_LICENCE)?.to_uppercase();
    if input.departments.is_empty() {
        return Err(Refusal::FieldInvalid { field: "departments", reason: "empty" }.into());
    }
    let verdict = ctx.campaign.degree.judge(&titles);
    if !verdict.qualifies() {
        return Err(Refusal::DegreeTooLow { titles }.into());
    }
    if doctor_rows::find_by_licence(tx, &licence)?.is_some() {
        return Err(Refusal::Conflict { what: "licence", state: "exists".to_owned() }.into());
    }
    let qualifies = verdict.reason(Lang::Vi);
    let doctor = doctor_rows::insert(tx, name.as_str(), &titles, &licence, &qualifies)?;
    for department in &input.departments {
        doctor_rows::insert_department(tx, doctor, *department)?;
    }
    tx.touch(Topics::ROSTER);
    let receipt = Receipt::DoctorAdded { doctor, qualifies: Some(qualifies) };
    let departments: Vec<&str> = input.departments.iter().map(|department| department.code()).collect();
    Ok(Done::new(receipt, format!("doctor:{doctor}")).detail(departments.join(" ")))
}

/// One line of text that must not be empty.
fn required(field: &'static str, raw: &str, max: usize) -> Result<String, Refusal> {
    let cleaned = text::clean(raw, max + 1);
    if cleaned.is_empty() {
        Err(Refusal::FieldInvalid { field, reason: "empty" })
    } else if text::clean(&cleaned, max) != cleaned {
        Err(Refusal::FieldInvalid { field, reason: "too_long" })
    } else {
        Ok(cleaned)
    }
}

/// Active doctors by department.
pub(in crate::usecase) fn doctors(tx: &mut Tx<'_>) -> Result<Vec<DoctorLine>, Error> {
    Ok(doctor_rows::list(tx)?
        .into_iter()
        .map(|(row, departments)| DoctorLine {
            doctor: row.id,
            name: row.name,
            titles: row.titles,
            departments,
            qualifies: row.qualifies,
        })
        .collect())
}
