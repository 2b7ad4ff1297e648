//! Parses what was typed about an applicant: number, name, patient. Everything is parsed here once; a bad text is
//! a refusal that names its field.

use super::super::command::{GivenRepresentative, Patient};
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

/// The patient's columns; all empty when the customer is the patient.
pub(super) fn patient(ctx: &Ctx<'_>, given: Option<&Patient>) -> Result<PatientColumns, Refusal> {
    let Some(patient) = given else { return Ok(PatientColumns::default()) };
    let named = name(&patient.name, "patient")?;
    let representative = patient.representative.as_ref().map(representative);
    let adult_age = ctx.campaign.limits_on(ctx.now.date()).adult_age;
    check_patient(patient.birth_year, representative.as_ref(), ctx.now.date(), adult_age)?;
    let representative = match representative {
        Some(who) if !who.name.is_empty() => {
            Some((name(&who.name, "representative")?.into_string(), who.relation))
        }
        _ => None,
    };
    let (representative, relation) = representative.unzip();
    Ok(PatientColumns {
        name: Some(named.into_string()),
        birth_year: Some(patient.birth_year),
        representative,
        relation: relation.filter(|relation| !relation.is_empty()),
    })
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
