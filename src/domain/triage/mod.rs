//! Screening and routing a case: the red-flag checklist of a department and the department that a need
//! points to. Any *Có* or *Không chắc* means 115: no booking, no seat used. Agents give no medical advice.
//!
//! Invariant: an answer that is not "no" is never read as harmless, and neither is an unknown code. Deliberately
//! absent: diagnoses; the suggestion is a word count that a person confirms.

mod suggest;

pub use suggest::{DepartmentHint, Suggestion, suggest_department};

use super::department::Department;
use super::lang::Bilingual;
use super::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One sign of an acute problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedFlag {
    /// Stable code, unique in the list.
    pub code: String,
    /// Asked of every adult patient, in every department but paediatrics.
    #[serde(default)]
    pub adults: bool,
    /// Departments that ask it beside.
    #[serde(default)]
    pub departments: Vec<Department>,
    /// The sign as it is asked.
    pub text: Bilingual,
}

/// The versioned checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedFlagList {
    /// Counts up with every change; kept with each screening.
    pub version: i64,
    /// The clinician who signed this version; empty until one has.
    #[serde(default)]
    pub signed_by: String,
    /// All signs.
    #[serde(rename = "flag")]
    pub flags: Vec<RedFlag>,
}

/// Answer to one sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlagAnswer {
    /// Không.
    No,
    /// Có.
    Yes,
    /// Không chắc.
    Unsure,
}

impl FlagAnswer {
    /// Whether the answer leads to 115.
    pub const fn is_acute(self) -> bool {
        matches!(self, Self::Yes | Self::Unsure)
    }
}

/// The result of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screening {
    /// No sign: the case may be booked.
    Clear,
    /// Signs with "yes" or "unsure", by code: 115.
    Acute(Vec<String>),
}

impl Screening {
    /// Refuses to book an acute problem.
    ///
    /// # Errors
    /// [`Refusal::AcuteProblem`].
    pub const fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Clear => Ok(()),
            Self::Acute(_) => Err(Refusal::AcuteProblem),
        }
    }
}

impl RedFlagList {
    /// The checklist of one department, in order.
    pub fn for_department(&self, department: Department) -> Vec<&RedFlag> {
        let asks = |flag: &&RedFlag| {
            flag.departments.contains(&department) || (flag.adults && department != Department::Nhi)
        };
        self.flags.iter().filter(asks).collect()
    }

    /// The sign with that code.
    pub fn find(&self, code: &str) -> Option<&RedFlag> {
        self.flags.iter().find(|flag| flag.code == code)
    }

    /// Reads the codes of signs that were answered "yes" or "unsure". A sign of another department's list counts
    /// as well: who names one is not turned away for asking at the wrong desk.
    ///
    /// # Errors
    /// [`Refusal::FieldInvalid`] for a code that is not in the list: it could be a misspelt emergency.
    pub fn screen_codes(&self, codes: &[String]) -> Result<Screening, Refusal> {
        if codes.iter().any(|code| self.find(code).is_none()) {
            return Err(Refusal::FieldInvalid { field: "red_flags", reason: "unknown" });
        }
        Ok(if codes.is_empty() { Screening::Clear } else { Screening::Acute(codes.to_vec()) })
    }

    /// Reads the answers of a whole checklist.
    ///
    /// # Errors
    /// [`Refusal::FieldInvalid`] while a sign of the department's checklist has no answer and none is acute.
    pub fn screen_answers(
        &self,
        department: Department,
        answers: &[(String, FlagAnswer)],
    ) -> Result<Screening, Refusal> {
        let acute: Vec<String> =
            answers.iter().filter(|(_, answer)| answer.is_acute()).map(|(code, _)| code.clone()).collect();
        if !acute.is_empty() {
            return Ok(Screening::Acute(acute));
        }
        let is_answered = |flag: &&RedFlag| answers.iter().any(|(code, _)| *code == flag.code);
        if self.for_department(department).iter().all(is_answered) {
            Ok(Screening::Clear)
        } else {
            Err(Refusal::FieldInvalid { field: "red_flags", reason: "empty" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> RedFlagList {
        let flag = |code: &str, adults, departments: &[Department]| RedFlag {
            code: code.to_owned(),
            adults,
            departments: departments.to_vec(),
            text: Bilingual::default(),
        };
        RedFlagList {
            version: 1,
            signed_by: String::new(),
            flags: vec![
                flag("chest_pain", true, &[]),
                flag("waters_broke", false, &[Department::San]),
                flag("cannot_drink", false, &[Department::Nhi]),
            ],
        }
    }

    fn codes(department: Department) -> Vec<String> {
        list().for_department(department).iter().map(|f| f.code.clone()).collect()
    }

    #[test]
    fn every_department_but_paediatrics_asks_the_adult_signs() {
        assert_eq!(codes(Department::XetNghiem), ["chest_pain"]);
        assert_eq!(codes(Department::San), ["chest_pain", "waters_broke"]);
        assert_eq!(codes(Department::Nhi), ["cannot_drink"]);
    }

    #[test]
    fn yes_and_unsure_both_mean_115() {
        for answer in [FlagAnswer::Yes, FlagAnswer::Unsure] {
            let answers = [("cannot_drink".to_owned(), answer)];
            let screening = list().screen_answers(Department::Nhi, &answers).unwrap();
            assert_eq!(screening, Screening::Acute(vec!["cannot_drink".to_owned()]));
            assert_eq!(screening.check(), Err(Refusal::AcuteProblem));
        }
    }

    #[test]
    fn an_unanswered_sign_is_not_a_no() {
        let one = [("chest_pain".to_owned(), FlagAnswer::No)];
        assert!(matches!(list().screen_answers(Department::San, &one), Err(Refusal::FieldInvalid { .. })));
        let both = [one[0].clone(), ("waters_broke".to_owned(), FlagAnswer::No)];
        assert_eq!(list().screen_answers(Department::San, &both), Ok(Screening::Clear));
    }

    #[test]
    fn an_unknown_code_is_refused_and_a_foreign_one_counts() {
        assert!(list().screen_codes(&["chest_pian".to_owned()]).is_err());
        assert_eq!(list().screen_codes(&[]), Ok(Screening::Clear));
        let foreign = list().screen_codes(&["waters_broke".to_owned()]).unwrap();
        assert!(foreign.check().is_err());
    }
}
