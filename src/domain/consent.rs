//! Consent per purpose (Law 91/2025/QH15): never pre-ticked, silence is no, and refusing purposes 2–4
//! does not block the first. Who must agree depends on the patient: a child's representative and, from an age on, the
//! child; another adult patient themself.
//!
//! From a birth year alone the younger age counts: who could still be a child is treated as one.
//!
//! Deliberately absent: the append-only rows themselves (store) and who recorded them (use case).

use super::calendar::age_on;
use super::lang::Bilingual;
use super::lang::Lang;
use super::refusal::Refusal;
use chrono::{Datelike, NaiveDate};
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What personal data may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// Register and pass to Vinmec. Without it there is no registration.
    Register,
    /// Send the handbook by SMS.
    Handbook,
    /// Call about satisfaction.
    Survey,
    /// Future marketing.
    Marketing,
}

impl ConsentPurpose {
    /// Every purpose, in the order they are asked.
    pub const ALL: [Self; 4] = [Self::Register, Self::Handbook, Self::Survey, Self::Marketing];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Handbook => "handbook",
            Self::Survey => "survey",
            Self::Marketing => "marketing",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("consent.{}", self.code()), locale = lang.code()).into_owned()
    }
}

/// The customer's answers. A purpose that was not asked about is a no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConsentAnswers {
    /// Register and pass to Vinmec.
    pub register: bool,
    /// Send the handbook by SMS.
    pub handbook: bool,
    /// Call about satisfaction.
    pub survey: bool,
    /// Future marketing.
    pub marketing: bool,
}

impl ConsentAnswers {
    /// The answer for one purpose.
    pub const fn for_purpose(&self, purpose: ConsentPurpose) -> bool {
        match purpose {
            ConsentPurpose::Register => self.register,
            ConsentPurpose::Handbook => self.handbook,
            ConsentPurpose::Survey => self.survey,
            ConsentPurpose::Marketing => self.marketing,
        }
    }

    /// Registration needs an explicit yes to the first purpose and nothing else.
    ///
    /// # Errors
    /// [`Refusal::ConsentMissing`].
    pub const fn check(&self) -> Result<(), Refusal> {
        if self.register { Ok(()) } else { Err(Refusal::ConsentMissing) }
    }
}

/// The representative of a patient under age.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Representative {
    /// Full name.
    pub name: String,
    /// Relation to the patient ("mẹ").
    pub relation: String,
}

impl fmt::Debug for Representative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Representative(…)")
    }
}

/// The first year of birth the program believes.
const FIRST_BIRTH_YEAR: i32 = 1900;

/// Whether somebody alive today may be born in that year.
///
/// # Errors
/// [`Refusal::FieldInvalid`].
pub fn check_birth_year(birth_year: i32, today: NaiveDate) -> Result<(), Refusal> {
    if (FIRST_BIRTH_YEAR..=today.year()).contains(&birth_year) {
        Ok(())
    } else {
        Err(Refusal::FieldInvalid { field: "birth_year", reason: "out_of_range" })
    }
}

/// Whether a patient may still be under age and so needs a representative.
pub fn is_minor(birth_year: i32, today: NaiveDate, adult_age: i64) -> bool {
    i64::from(age_on(birth_year, today)) < adult_age
}

/// Who agrees to a use of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentParty {
    /// The subscriber, for their own details; also as the patient.
    Customer,
    /// Who speaks for a patient under age.
    Representative,
    /// Another adult who is the patient: nobody else agrees for them.
    Patient,
    /// The patient under age themself, beside the representative.
    Child,
}

impl ConsentParty {
    /// Every party.
    pub const ALL: [Self; 4] = [Self::Customer, Self::Representative, Self::Patient, Self::Child];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Representative => "representative",
            Self::Patient => "patient",
            Self::Child => "child",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.code() == code)
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("consent.party.{}", self.code()), locale = lang.code()).into_owned()
    }
}

/// The ages that decide who must agree, on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentAges {
    /// Age from which a patient needs no representative.
    pub adult: i64,
    /// Age from which a child agrees, too (Decree 330/2026 Art. 60.1); none: the campaign does not ask.
    pub child_agrees: Option<i64>,
}

/// Who must agree to a registration (purpose 1), the one who is on the phone first. `other` says that the patient is not
/// the customer; a customer whose birth year nobody asked yet agrees for themself.
pub fn parties(
    other: bool,
    birth_year: Option<i32>,
    today: NaiveDate,
    ages: ConsentAges,
) -> Vec<ConsentParty> {
    let Some(year) = birth_year else { return vec![ConsentParty::Customer] };
    if is_minor(year, today, ages.adult) {
        let agrees = ages.child_agrees.is_some_and(|age| age <= i64::from(age_on(year, today)));
        let child = agrees.then_some(ConsentParty::Child);
        return std::iter::once(ConsentParty::Representative).chain(child).collect();
    }
    let patient = other.then_some(ConsentParty::Patient);
    std::iter::once(ConsentParty::Customer).chain(patient).collect()
}

/// A patient under age needs a representative's name and relation.
///
/// # Errors
/// [`Refusal::FieldInvalid`] for a year of birth that cannot be, [`Refusal::RepresentativeMissing`].
pub fn check_patient(
    birth_year: i32,
    representative: Option<&Representative>,
    today: NaiveDate,
    adult_age: i64,
) -> Result<(), Refusal> {
    check_birth_year(birth_year, today)?;
    let is_named = representative.is_some_and(|r| !r.name.trim().is_empty() && !r.relation.trim().is_empty());
    if is_minor(birth_year, today, adult_age) && !is_named {
        return Err(Refusal::RepresentativeMissing);
    }
    Ok(())
}

/// The privacy notice and the sentence of each purpose, with the version that a consent row keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Kept with each consent; changes with every change of a text.
    pub version: String,
    /// What is read out or sent: who, what for, that health data is sensitive, rights.
    pub text: Bilingual,
    /// Purpose 1 as it is asked.
    pub register: Bilingual,
    /// Purpose 2 as it is asked.
    pub handbook: Bilingual,
    /// Purpose 3 as it is asked.
    pub survey: Bilingual,
    /// Purpose 4 as it is asked.
    pub marketing: Bilingual,
}

impl Notice {
    /// The question of one purpose.
    pub const fn question(&self, purpose: ConsentPurpose) -> &Bilingual {
        match purpose {
            ConsentPurpose::Register => &self.register,
            ConsentPurpose::Handbook => &self.handbook,
            ConsentPurpose::Survey => &self.survey,
            ConsentPurpose::Marketing => &self.marketing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, 2).unwrap()
    }

    fn mother() -> Representative {
        Representative { name: "Đỗ Thị Ánh".to_owned(), relation: "mẹ".to_owned() }
    }

    #[test]
    fn silence_is_not_consent() {
        let answers: ConsentAnswers = serde_json::from_str(r#"{"handbook":true}"#).unwrap();
        assert_eq!(answers.check(), Err(Refusal::ConsentMissing));
        assert_eq!(ConsentAnswers::default().check(), Err(Refusal::ConsentMissing));
    }

    #[test]
    fn refusing_the_other_purposes_does_not_block_registration() {
        let answers: ConsentAnswers =
            serde_json::from_str(r#"{"register":true,"handbook":false,"survey":false,"marketing":false}"#)
                .unwrap();
        assert_eq!(answers.check(), Ok(()));
        let yes: Vec<_> = ConsentPurpose::ALL.into_iter().filter(|p| answers.for_purpose(*p)).collect();
        assert_eq!(yes, [ConsentPurpose::Register]);
    }

    #[test]
    fn a_misspelt_purpose_is_refused_instead_of_ignored() {
        assert!(serde_json::from_str::<ConsentAnswers>(r#"{"registre":true}"#).is_err());
    }

    #[test]
    fn a_child_needs_a_representative_with_name_and_relation() {
        let without_relation = Representative { relation: "  ".to_owned(), ..mother() };
        assert_eq!(check_patient(2023, None, day(), 18), Err(Refusal::RepresentativeMissing));
        assert_eq!(
            check_patient(2023, Some(&without_relation), day(), 18),
            Err(Refusal::RepresentativeMissing)
        );
        assert_eq!(check_patient(2023, Some(&mother()), day(), 18), Ok(()));
    }

    #[test]
    fn who_may_still_be_under_age_needs_a_representative() {
        assert_eq!(check_patient(2009, None, day(), 18), Err(Refusal::RepresentativeMissing));
        assert_eq!(check_patient(2008, None, day(), 18), Err(Refusal::RepresentativeMissing));
        assert_eq!(check_patient(2008, Some(&mother()), day(), 18), Ok(()));
        assert_eq!(check_patient(2007, None, day(), 18), Ok(()));
    }

    #[test]
    fn a_child_agrees_from_seven_on_and_another_adult_for_themself() {
        use ConsentParty::{Child, Customer, Patient, Representative};
        let ages = ConsentAges { adult: 18, child_agrees: Some(7) };
        for (other, born, expected) in [
            (false, None, vec![Customer]),
            (false, Some(1980), vec![Customer]),
            (false, Some(2008), vec![Representative, Child]),
            (true, Some(1960), vec![Customer, Patient]),
            (true, Some(2007), vec![Customer, Patient]),
            (true, Some(2008), vec![Representative, Child]),
            (true, Some(2018), vec![Representative, Child]),
            // Born in 2019, the child may still be six.
            (true, Some(2019), vec![Representative]),
            (true, Some(2026), vec![Representative]),
        ] {
            assert_eq!(parties(other, born, day(), ages), expected, "{other} {born:?}");
        }
        let off = ConsentAges { child_agrees: None, ..ages };
        assert_eq!(parties(true, Some(2012), day(), off), [Representative]);
        for party in ConsentParty::ALL {
            assert_eq!(ConsentParty::parse(party.code()), Some(party));
            assert_ne!(party.label(Lang::Vi), party.label(Lang::En));
        }
    }

    #[test]
    fn a_year_of_birth_must_be_possible() {
        for year in [1899, 2027, -5] {
            assert!(matches!(
                check_patient(year, Some(&mother()), day(), 18),
                Err(Refusal::FieldInvalid { .. })
            ));
        }
        assert_eq!(check_patient(1900, None, day(), 18), Ok(()));
    }

    #[test]
    fn debug_output_names_nobody() {
        assert!(!format!("{:?}", mother()).contains("Ánh"));
    }
}
