//! Consent per purpose (Law 91/2025/QH15): never pre-ticked, silence is no, and refusing purposes 2–4
//! does not block the first. A patient under age needs a representative.
//!
//! Deliberately absent: the append-only rows themselves (store) and who recorded them (use case).

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

/// Whether a patient needs a representative: only the year of birth is asked, so the age is the one reached in the
/// year of `today`.
pub fn is_minor(birth_year: i32, today: NaiveDate, adult_age: i64) -> bool {
    i64::from(today.year() - birth_year) < adult_age
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
    if !(FIRST_BIRTH_YEAR..=today.year()).contains(&birth_year) {
        return Err(Refusal::FieldInvalid { field: "birth_year", reason: "out_of_range" });
    }
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
        assert_eq!(check_patient(2009, None, day(), 18), Err(Refusal::RepresentativeMissing));
        assert_eq!(check_patient(2008, None, day(), 18), Ok(()));
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
