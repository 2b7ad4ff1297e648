//! The part that all registration forms share: the consents, the birth year of the patient, and the patient when it is not
//! the customer.
//!
//! Invariants:
//! * the program ticks no consent;
//! * the tick *for another person* adds the patient's fields; they stay, unread, when the tick is removed, so that
//!   nothing typed is lost;
//! * the customer's own birth year is asked and not needed; a year that may be a minor's adds the representative.

use super::ctx::Ctx;
use super::field::{Field, Kind};
use super::form::Form;
use super::say::Say;
use crate::domain::consent::{ConsentAnswers, ConsentPurpose, Representative, check_birth_year, is_minor};
use crate::domain::refusal::Refusal;
use crate::usecase::command::{GivenRepresentative, Patient};

/// The tick *for another person*.
pub const OTHER: &str = "other";
const PATIENT: &str = "patient";
const BIRTH_YEAR: &str = "birth_year";
const REPRESENTATIVE: &str = "representative";
const RELATION: &str = "relation";
/// The tick *the child agrees, too*.
const CHILD: &str = "child_agrees";

/// The patient as a form has them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The patient, when it is not the customer.
    pub patient: Option<Patient>,
    /// The customer's own birth year, when they are the patient and it was asked.
    pub birth_year: Option<i32>,
    /// Who speaks for a customer who may be under age.
    pub representative: Option<GivenRepresentative>,
}

/// Adds the birth year of the patient to a form.
#[must_use]
pub fn with_birth_year(form: Form) -> Form {
    let field = Field::new(Kind::Digits).max(4).placeholder("reg.form.birth_year_hint");
    form.field(BIRTH_YEAR, "reg.form.birth_year", field)
}

/// Adds the patient's fields when the tick *for another person* is set.
pub fn follow(form: &mut Form) {
    if !form.ticked(OTHER) || form.find_field(PATIENT).is_some() {
        return;
    }
    *form = std::mem::take(form).field(PATIENT, "reg.form.patient", Field::new(Kind::Text));
    add_representative(form);
    *form = std::mem::take(form).tick(CHILD, "reg.form.child_agrees");
}

/// Adds the representative's fields, unless they are there.
fn add_representative(form: &mut Form) {
    if form.find_field(REPRESENTATIVE).is_some() {
        return;
    }
    *form = std::mem::take(form)
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

/// The patient with what is asked of them; only the year of another person is needed. None when a required item is
/// missing or no year of birth; every such item is then marked.
pub fn person(form: &mut Form, ctx: &Ctx) -> Option<Person> {
    let other = form.ticked(OTHER);
    let name = form.value(PATIENT).filter(|_| other);
    if other && name.is_none() {
        mark(form, PATIENT, empty(PATIENT));
    }
    let year = birth_year(form, other, ctx);
    let representative = representative(form, year.flatten(), ctx);
    let (year, representative) = (year?, representative?);
    if other && name.is_none() {
        return None;
    }
    Some(match (name, year) {
        (Some(name), Some(birth_year)) => {
            let agrees = form.ticked(CHILD).then_some(true);
            let patient = Patient { name, birth_year, representative, agrees };
            Person { patient: Some(patient), ..Person::default() }
        }
        (_, birth_year) => Person {
            patient: None,
            birth_year,
            representative: representative.filter(|_| birth_year.is_some()),
        },
    })
}

/// The year of birth that was typed. None when it is needed and missing, or no year of birth; the item is then marked.
#[expect(clippy::option_option, reason = "left out and wrong are two answers")]
fn birth_year(form: &mut Form, needed: bool, ctx: &Ctx) -> Option<Option<i32>> {
    if form.value(BIRTH_YEAR).is_none() && !needed {
        return Some(None);
    }
    let year = form.find_field(BIRTH_YEAR).and_then(Field::number).and_then(|year| i32::try_from(year).ok());
    let Some(year) = year else {
        mark(form, BIRTH_YEAR, empty(BIRTH_YEAR));
        return None;
    };
    if let Err(refusal) = check_birth_year(year, ctx.now.date()) {
        mark(form, BIRTH_YEAR, refusal);
        return None;
    }
    Some(Some(year))
}

/// The birth year that Vinmec asks for, with who speaks for a patient who may be under age. `is_spoken_for` says that
/// somebody on record does; nobody else is asked for then. None when something is missing or wrong, which is then marked.
pub fn asked_year(
    form: &mut Form,
    is_spoken_for: bool,
    ctx: &Ctx,
) -> Option<(i32, Option<GivenRepresentative>)> {
    let year = birth_year(form, true, ctx).flatten();
    let given = if is_spoken_for { None } else { representative(form, year, ctx)? };
    Some((year?, given))
}

/// Who speaks for a patient born in `year`; needed when they may be under age. None when an item is then missing, which
/// is marked.
#[expect(clippy::option_option, reason = "nobody and an item that is missing are two answers")]
fn representative(form: &mut Form, year: Option<i32>, ctx: &Ctx) -> Option<Option<GivenRepresentative>> {
    let today = ctx.now.date();
    let minor = year.is_some_and(|year| is_minor(year, today, ctx.campaign.limits_on(today).adult_age));
    if minor {
        add_representative(form);
    }
    let (name, relation) = (form.value(REPRESENTATIVE), form.value(RELATION).unwrap_or_default());
    for (item, given) in [(REPRESENTATIVE, name.is_some()), (RELATION, !relation.is_empty())] {
        if minor && !given {
            mark(form, item, Refusal::RepresentativeMissing);
        }
    }
    if minor && (name.is_none() || relation.is_empty()) {
        return None;
    }
    Some(name.map(|name| GivenRepresentative::Full(Representative { name, relation })))
}

fn mark(form: &mut Form, item: &'static str, refusal: Refusal) {
    form.set_error(item, Say::from(refusal));
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
        form = with_birth_year(form.tick(OTHER, "reg.form.other"));
        form.set_tick(OTHER, true);
        follow(&mut form);
        let typed: Vec<_> = fields.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        form.retype(&typed);
        form
    }

    fn blamed(form: &mut Form) -> Option<&'static str> {
        let ctx = ctx(Role::Agent);
        form.clear_errors();
        assert_eq!(person(form, &ctx), None);
        form.focused().filter(|item| item.error.is_some()).map(|item| item.id)
    }

    #[test]
    fn a_year_in_which_nobody_is_born_is_marked_and_asks_for_nobody_else() {
        for year in ["3000", "1066", "1"] {
            let mut other = for_another_person(&[(PATIENT, "Lê Bé Na"), (BIRTH_YEAR, year)]);
            assert_eq!(blamed(&mut other), Some(BIRTH_YEAR), "{year}");
            let mut own = with_birth_year(Form::new().tick(OTHER, "reg.form.other"));
            own.set_text(BIRTH_YEAR, year);
            assert_eq!(blamed(&mut own), Some(BIRTH_YEAR), "{year}");
            assert!(own.find_field(REPRESENTATIVE).is_none(), "{year}");
        }
    }

    #[test]
    fn all_that_is_missing_of_a_patient_is_marked_at_once_and_the_focus_is_on_the_first() {
        let ctx = ctx(Role::Agent);
        let name = (PATIENT, "Lê Bé Na");
        let child = [name, (BIRTH_YEAR, "2018")];
        let spoken_for = [child[0], child[1], (REPRESENTATIVE, "Lê Thị Mai")];
        let cases = [
            (vec![], vec![BIRTH_YEAR, PATIENT]),
            (vec![name], vec![BIRTH_YEAR]),
            (child.to_vec(), vec![REPRESENTATIVE, RELATION]),
            (spoken_for.to_vec(), vec![RELATION]),
        ];
        for (typed, marked) in cases {
            let mut form = for_another_person(&typed);
            assert_eq!(person(&mut form, &ctx), None, "{typed:?}");
            let wrong: Vec<_> = form.items().iter().filter(|i| i.error.is_some()).map(|i| i.id).collect();
            assert_eq!(wrong, marked, "{typed:?}");
            assert_eq!(form.focused().map(|item| item.id), marked.first().copied());
        }
    }

    #[test]
    fn a_grown_patient_needs_nobody_and_without_the_tick_there_is_no_patient() {
        let ctx = ctx(Role::Agent);
        let mut form = for_another_person(&[(PATIENT, "Lê Thị Mai"), (BIRTH_YEAR, "1960")]);
        let grown =
            Patient {
                name: "Lê Thị Mai".to_owned(), birth_year: 1960, representative: None, agrees: None
            };
        assert_eq!(person(&mut form, &ctx), Some(Person { patient: Some(grown), ..Person::default() }));
        form.set_tick(OTHER, false);
        let own = Person { birth_year: Some(1960), ..Person::default() };
        assert_eq!(person(&mut form, &ctx), Some(own), "the year is the customer's own then");
        form.set_tick(OTHER, true);
        follow(&mut form);
        assert_eq!(form.value(PATIENT).as_deref(), Some("Lê Thị Mai"), "what was typed is gone");
    }

    #[test]
    fn a_customers_own_year_is_asked_and_not_needed_and_a_minors_adds_the_representative() {
        let ctx = ctx(Role::Agent);
        let mut form = with_birth_year(Form::new().tick(OTHER, "reg.form.other"));
        assert_eq!(person(&mut form, &ctx), Some(Person::default()));
        form.set_text(BIRTH_YEAR, "1980");
        assert_eq!(person(&mut form, &ctx), Some(Person { birth_year: Some(1980), ..Person::default() }));
        // Born in 2008, they may still be 17 in December 2026.
        form.set_text(BIRTH_YEAR, "2008");
        assert_eq!(blamed(&mut form), Some(REPRESENTATIVE));
        form.set_text(REPRESENTATIVE, "Lê Thị Mai");
        assert_eq!(blamed(&mut form), Some(RELATION));
        form.set_text(RELATION, "mẹ");
        let mother = Representative { name: "Lê Thị Mai".to_owned(), relation: "mẹ".to_owned() };
        let representative = Some(GivenRepresentative::Full(mother));
        assert_eq!(
            person(&mut form, &ctx),
            Some(Person { birth_year: Some(2008), representative, ..Person::default() })
        );
    }

    #[test]
    fn the_answer_of_a_child_is_sent_when_it_was_asked() {
        let ctx = ctx(Role::Agent);
        let mut form = for_another_person(&[
            (PATIENT, "Lê Bé Na"),
            (BIRTH_YEAR, "2015"),
            (REPRESENTATIVE, "Lê Thị Mai"),
            (RELATION, "mẹ"),
        ]);
        let agrees = |form: &mut Form| person(form, &ctx).unwrap().patient.unwrap().agrees;
        assert_eq!(agrees(&mut form), None);
        form.set_tick(CHILD, true);
        assert_eq!(agrees(&mut form), Some(true));
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
