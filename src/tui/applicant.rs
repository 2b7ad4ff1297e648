//! The part that all registration forms share: the consents, and the patient when it is not the customer.
//!
//! Invariants:
//! * the program ticks no consent;
//! * the tick *for another person* adds the patient's fields; they stay, unread, when the tick is removed, so that
//!   nothing typed is lost.

use super::ctx::Ctx;
use super::field::{Field, Kind};
use super::form::Form;
use super::say::Say;
use crate::domain::consent::{ConsentAnswers, ConsentPurpose, Representative, is_minor};
use crate::domain::refusal::Refusal;
use crate::usecase::command::{GivenRepresentative, Patient};

/// The tick *for another person*.
pub const OTHER: &str = "other";
const PATIENT: &str = "patient";
const BIRTH_YEAR: &str = "birth_year";
const REPRESENTATIVE: &str = "representative";
const RELATION: &str = "relation";

/// Adds the patient's fields when the tick *for another person* is set.
pub fn follow(form: &mut Form) {
    if !form.ticked(OTHER) || form.find_field(PATIENT).is_some() {
        return;
    }
    *form = std::mem::take(form)
        .field(PATIENT, "reg.form.patient", Field::new(Kind::Text))
        .field(BIRTH_YEAR, "reg.form.birth_year", Field::new(Kind::Digits).max(4))
        .field(
            REPRESENTATIVE,
            "reg.form.representative",
            Field::new(Kind::Text).placeholder("reg.form.representative_hint"),
        )
        .field(
            RELATION,
            "reg.form.relation",
            Field::new(Kind::Text).max(40).placeholder("reg.form.relation_hint"),
        );
}

/// Toggles the consent at this place; false when there is none.
pub fn turn(form: &mut Form, at: usize) -> bool {
    let Some(purpose) = ConsentPurpose::ALL.get(at) else { return false };
    let on = form.ticked(purpose.code());
    form.set_tick(purpose.code(), !on);
    form.focus_on(purpose.code());
    form.touched();
    true
}

/// The answers to the consents. None when the required one is missing, which is then marked.
pub fn consents(form: &mut Form) -> Option<ConsentAnswers> {
    let ticked = |purpose: ConsentPurpose| form.ticked(purpose.code());
    let answers = ConsentAnswers {
        register: ticked(ConsentPurpose::Register),
        handbook: ticked(ConsentPurpose::Handbook),
        survey: ticked(ConsentPurpose::Survey),
        marketing: ticked(ConsentPurpose::Marketing),
    };
    if let Err(refusal) = answers.check() {
        form.blame(&refusal);
        return None;
    }
    Some(answers)
}

/// Returns the patient; none when the customer is the patient.
///
/// # Errors
/// A required item is missing; the first such item is marked.
pub fn patient(form: &mut Form, ctx: &Ctx) -> Result<Option<Patient>, Missing> {
    if !form.ticked(OTHER) {
        return Ok(None);
    }
    let Some(name) = form.value(PATIENT) else { return Err(missing(form, PATIENT, empty(PATIENT))) };
    let year = form.find_field(BIRTH_YEAR).and_then(Field::number);
    let Some(birth_year) = year.and_then(|year| i32::try_from(year).ok()) else {
        return Err(missing(form, BIRTH_YEAR, empty(BIRTH_YEAR)));
    };
    let relation = form.value(RELATION).unwrap_or_default();
    let representative = form.value(REPRESENTATIVE);
    let today = ctx.now.date();
    let minor = is_minor(birth_year, today, ctx.campaign.limits_on(today).adult_age);
    if minor && (representative.is_none() || relation.is_empty()) {
        let item = if representative.is_none() { REPRESENTATIVE } else { RELATION };
        return Err(missing(form, item, Refusal::RepresentativeMissing));
    }
    let representative =
        representative.map(|name| GivenRepresentative::Full(Representative { name, relation }));
    Ok(Some(Patient { name, birth_year, representative }))
}

/// A required item of the form is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing;

fn missing(form: &mut Form, item: &'static str, refusal: Refusal) -> Missing {
    form.set_error(item, Say::from(refusal));
    Missing
}

const fn empty(field: &'static str) -> Refusal {
    Refusal::FieldInvalid { field, reason: "empty" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::tui::fixture::ctx;

    fn for_another_person(fields: &[(&str, &str)]) -> Form {
        let mut form = Form::new();
        for purpose in ConsentPurpose::ALL {
            form = form.tick(purpose.code(), "reg.form.name");
        }
        form = form.tick(OTHER, "reg.form.other");
        form.set_tick(OTHER, true);
        follow(&mut form);
        let typed: Vec<_> = fields.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        form.retype(&typed);
        form
    }

    fn blamed(form: &mut Form) -> Option<&'static str> {
        let ctx = ctx(Role::Agent);
        assert_eq!(patient(form, &ctx), Err(Missing));
        form.focused().filter(|item| item.error.is_some()).map(|item| item.id)
    }

    #[test]
    fn what_is_missing_of_a_patient_is_marked_one_after_the_other() {
        let name = (PATIENT, "Lê Bé Na");
        let child = [name, (BIRTH_YEAR, "2018")];
        assert_eq!(blamed(&mut for_another_person(&[])), Some(PATIENT));
        assert_eq!(blamed(&mut for_another_person(&[name])), Some(BIRTH_YEAR));
        assert_eq!(blamed(&mut for_another_person(&child)), Some(REPRESENTATIVE));
        let spoken_for = [child[0], child[1], (REPRESENTATIVE, "Lê Thị Mai")];
        assert_eq!(blamed(&mut for_another_person(&spoken_for)), Some(RELATION));
    }

    #[test]
    fn a_grown_patient_needs_nobody_and_without_the_tick_there_is_no_patient() {
        let ctx = ctx(Role::Agent);
        let mut form = for_another_person(&[(PATIENT, "Lê Thị Mai"), (BIRTH_YEAR, "1960")]);
        let grown = Patient { name: "Lê Thị Mai".to_owned(), birth_year: 1960, representative: None };
        assert_eq!(patient(&mut form, &ctx), Ok(Some(grown)));
        form.set_tick(OTHER, false);
        assert_eq!(patient(&mut form, &ctx), Ok(None));
        form.set_tick(OTHER, true);
        follow(&mut form);
        assert_eq!(form.value(PATIENT).as_deref(), Some("Lê Thị Mai"), "what was typed is gone");
    }

    #[test]
    fn silence_is_no_and_the_needed_consent_is_marked() {
        let mut form = for_another_person(&[]);
        assert_eq!(consents(&mut form), None);
        assert!(turn(&mut form, 0) && turn(&mut form, 2) && !turn(&mut form, 4));
        let given = ConsentAnswers { register: true, survey: true, ..ConsentAnswers::default() };
        assert_eq!(consents(&mut form), Some(given));
        turn(&mut form, 0);
        assert_eq!(consents(&mut form), None);
    }
}
