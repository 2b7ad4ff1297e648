//! Parses what was typed about an applicant: number, name, patient. Everything is parsed here once; a bad text is
//! a refusal that names its field.

use super::super::command::{GivenRepresentative, Register};
use super::super::ctx::Ctx;
use crate::domain::consent::{Representative, check_patient};
use crate::domain::name::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::registration::PatientColumns;

/// Longest relation ("mẹ", "người giám hộ"), in graphemes.
const MAX_RELATION: usize = 40;

/// A Vietnamese mobile number as typed.
pub(in crate::usecase) fn phone(typed: &str) -> Result<PhoneNumber, Refusal> {
    PhoneNumber::parse(typed).map(|parsed| parsed.number).map_err(Refusal::PhoneInvalid)
}

/// A person's name as typed into `field`.
pub(in crate::usecase) fn name(typed: &str, field: &'static str) -> Result<PersonName, Refusal> {
    PersonName::parse(typed).map_err(|error| Refusal::FieldInvalid { field, reason: error.reason() })
}

/// The patient's columns. A customer who is the patient has no name there, and a birth year when it was asked.
pub(super) fn patient(ctx: &Ctx<'_>, input: &Register) -> Result<PatientColumns, Refusal> {
    let (named, birth_year, given) = match &input.patient {
        Some(patient) => {
            let named = name(&patient.name, "patient")?.into_string();
            (Some(named), Some(patient.birth_year), patient.representative.as_ref())
        }
        None => (None, input.birth_year, input.representative.as_ref()),
    };
    let Some(birth_year) = birth_year else { return Ok(PatientColumns::default()) };
    let (representative, relation) = spokesperson(ctx, birth_year, given)?;
    Ok(PatientColumns { name: named, birth_year: Some(birth_year), representative, relation })
}

/// Name and relation of the representative of a patient born in `birth_year`; needed when they may be under age.
pub(super) fn spokesperson(
    ctx: &Ctx<'_>,
    birth_year: i32,
    given: Option<&GivenRepresentative>,
) -> Result<(Option<String>, Option<String>), Refusal> {
    let given = given.map(representative);
    let today = ctx.now.date();
    check_patient(birth_year, given.as_ref(), today, ctx.campaign.limits_on(today).adult_age)?;
    let Some(who) = given.filter(|who| !who.name.is_empty()) else { return Ok((None, None)) };
    let named = name(&who.name, "representative")?.into_string();
    Ok((Some(named), Some(who.relation).filter(|relation| !relation.is_empty())))
}

/// The representative who is on record, as if given again.
pub(super) fn given(patient: &PatientColumns) -> Option<GivenRepresentative> {
    let name = patient.representative.clone()?;
    let relation = patient.relation.clone().unwrap_or_default();
    Some(GivenRepresentative::Full(Representative { name, relation }))
}

/// Name and relation, whether they were given apart or as one text with the relation in brackets.
fn representative(given: &GivenRepresentative) -> Representative {
    let (name, relation) = match given {
        GivenRepresentative::Full(full) => (full.name.as_str(), full.relation.as_str()),
        GivenRepresentative::Text(text) => match text.trim().trim_end_matches(')').rsplit_once('(') {
            Some((name, relation)) => (name, relation),
            None => (text.as_str(), ""),
        },
    };
    Representative { name: text::clean(name, 200), relation: text::clean(relation, MAX_RELATION) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_representative_reads_from_one_text_and_from_two_fields() {
        let text = GivenRepresentative::Text("Lê Thị Mai (mẹ)".to_owned());
        let full = GivenRepresentative::Full(Representative {
            name: " Lê  Thị Mai ".to_owned(),
            relation: "mẹ".to_owned(),
        });
        assert_eq!(representative(&text), representative(&full));
        assert_eq!(representative(&text).relation, "mẹ");
    }

    #[test]
    fn a_representative_without_brackets_has_no_relation() {
        assert_eq!(representative(&GivenRepresentative::Text("Lê Thị Mai".to_owned())).relation, "");
    }
}
