//! Screening and routing a case: the red-flag checklist of a department and the department that a need
//! points to. Any *Có* or *Không chắc* means 115: no booking, no seat used. Agents give no medical advice.
//!
//! Invariants:
//! - an answer that is not "no" is never read as harmless, and neither is an unknown code;
//! - every department asks the general signs and its own, each once;
//! - a list that nobody read out clears nobody.
//!
//! Deliberately absent: diagnoses; the suggestion is a word count that a person confirms.

mod suggest;

pub use suggest::{DepartmentHint, Suggestion, suggest_department};

use super::calendar::age_on;
use super::department::Department;
use super::lang::{Bilingual, Lang};
use super::refusal::Refusal;
use super::text::fold;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One sign of an acute problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedFlag {
    /// Stable code, unique in the list.
    pub code: String,
    /// Asked in every department.
    #[serde(default, alias = "adults")]
    pub general: bool,
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
    /// Patients under this age are asked the list of paediatrics, whatever the department.
    #[serde(default = "sixteen")]
    pub children_under: i32,
    /// All signs.
    #[serde(rename = "flag")]
    pub flags: Vec<RedFlag>,
}

/// The age in lists that do not name it.
const fn sixteen() -> i32 {
    16
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

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Unsure => "unsure",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::No, Self::Yes, Self::Unsure].into_iter().find(|answer| answer.code() == code)
    }
}

/// What a doctor says of a screening afterwards. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewVerdict {
    /// The patient was not sent to 115 and should have been.
    #[serde(rename = "should_have_been_115")]
    ShouldHaveBeen115,
    /// A flag was marked that was none.
    FlagWasWrong,
}

impl ReviewVerdict {
    /// Every verdict.
    pub const ALL: [Self; 2] = [Self::ShouldHaveBeen115, Self::FlagWasWrong];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ShouldHaveBeen115 => "should_have_been_115",
            Self::FlagWasWrong => "flag_was_wrong",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }
}

/// What came back from reading a checklist out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOut<'a> {
    /// The version that was read out; none: nobody says that one was.
    pub version: Option<i64>,
    /// Codes answered "yes" or "unsure".
    pub flags: &'a [String],
    /// Single answers, where they are known. None at all: every sign that is not in `flags` was answered "no".
    pub answers: &'a BTreeMap<String, FlagAnswer>,
}

/// A screening with every answer that it rests on, in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screened {
    /// What follows.
    pub screening: Screening,
    /// Sign and answer. An emergency ends the questions, so that signs may be absent.
    pub answers: Vec<(String, FlagAnswer)>,
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
    /// The checklist of one department: the general signs, then its own, without doubles.
    pub fn for_department(&self, department: Department) -> Vec<&RedFlag> {
        let own = self.flags.iter().filter(|flag| !flag.general && flag.departments.contains(&department));
        let mut asked: Vec<&RedFlag> = Vec::new();
        for flag in self.flags.iter().filter(|flag| flag.general).chain(own) {
            let words = fold(flag.text.get(Lang::Vi));
            let is_double = |known: &&RedFlag| {
                known.code == flag.code || (!words.is_empty() && fold(known.text.get(Lang::Vi)) == words)
            };
            if !asked.iter().any(is_double) {
                asked.push(flag);
            }
        }
        asked
    }

    /// Whose checklist a patient is asked: paediatrics for a child, from a birth year alone by the younger age.
    pub fn list_of(&self, department: Department, birth_year: Option<i32>, today: NaiveDate) -> Department {
        match birth_year {
            Some(year) if age_on(year, today) < self.children_under => Department::Nhi,
            Some(_) | None => department,
        }
    }

    /// Refuses to go on with a screening from the checklist of `read` for a patient who is asked that of paediatrics:
    /// the birth year may have become known after it was read out.
    ///
    /// # Errors
    /// [`Refusal::ScreeningMissing`].
    pub fn check_covers(
        &self,
        read: Department,
        birth_year: Option<i32>,
        today: NaiveDate,
    ) -> Result<(), Refusal> {
        if self.list_of(read, birth_year, today) == read {
            Ok(())
        } else {
            Err(Refusal::ScreeningMissing { version: self.version })
        }
    }

    /// The sign with that code.
    pub fn find(&self, code: &str) -> Option<&RedFlag> {
        self.flags.iter().find(|flag| flag.code == code)
    }

    /// Decides by what was read out from the checklist of `list`. A sign of another list counts as well: who names one
    /// is not turned away for asking at the wrong desk. An emergency does not wait for the rest of the list.
    ///
    /// # Errors
    /// [`Refusal::FieldInvalid`] for a code that is not in the list: it could be a misspelt emergency.
    /// [`Refusal::ScreeningMissing`] when no sign is acute and the current version was not read out to its end.
    pub fn screen(&self, list: Department, read: &ReadOut<'_>) -> Result<Screened, Refusal> {
        let named = read.flags.iter().chain(read.answers.keys());
        if named.into_iter().any(|code| self.find(code).is_none()) {
            return Err(Refusal::FieldInvalid { field: "red_flags", reason: "unknown" });
        }
        let answer = |flag: &RedFlag| match read.answers.get(&flag.code) {
            Some(answer) if answer.is_acute() => Some(*answer),
            _ if read.flags.contains(&flag.code) => Some(FlagAnswer::Yes),
            known => known.copied(),
        };
        let known = |flag: &RedFlag| answer(flag).map(|answer| (flag.code.clone(), answer));
        let given: Vec<(String, FlagAnswer)> = self.flags.iter().filter_map(known).collect();
        let acute: Vec<String> =
            given.iter().filter(|(_, answer)| answer.is_acute()).map(|(code, _)| code.clone()).collect();
        if !acute.is_empty() {
            return Ok(Screened { screening: Screening::Acute(acute), answers: given });
        }
        let missing = Refusal::ScreeningMissing { version: self.version };
        if read.version != Some(self.version) {
            return Err(missing);
        }
        let asked = self.for_department(list);
        if given.is_empty() {
            let answers = asked.iter().map(|flag| (flag.code.clone(), FlagAnswer::No)).collect();
            return Ok(Screened { screening: Screening::Clear, answers });
        }
        if asked.iter().any(|flag| answer(flag).is_none()) {
            return Err(missing);
        }
        Ok(Screened { screening: Screening::Clear, answers: given })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> RedFlagList {
        let flag = |code: &str, general, departments: &[Department], vi: &str| RedFlag {
            code: code.to_owned(),
            general,
            departments: departments.to_vec(),
            text: Bilingual { vi: vi.to_owned(), en: String::new() },
        };
        RedFlagList {
            version: 3,
            signed_by: String::new(),
            children_under: 16,
            flags: vec![
                flag("chest_pain", true, &[], "Đau ngực"),
                flag("seizure", true, &[], "Co giật"),
                flag("waters_broke", false, &[Department::San], "Vỡ ối"),
                flag("child_seizure", false, &[Department::Nhi], "co giật"),
                flag("cannot_drink", false, &[Department::Nhi], "Không bú được"),
            ],
        }
    }

    /// The list that the program brings along.
    fn built_in() -> RedFlagList {
        #[derive(Deserialize)]
        struct File {
            red_flags: RedFlagList,
        }
        toml::from_str::<File>(include_str!("../../../assets/red_flags.toml")).unwrap().red_flags
    }

    fn codes(department: Department) -> Vec<String> {
        list().for_department(department).iter().map(|f| f.code.clone()).collect()
    }

    fn screen(
        department: Department,
        version: Option<i64>,
        flags: &[&str],
        answers: &[(&str, FlagAnswer)],
    ) -> Result<Screened, Refusal> {
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let answers = answers.iter().map(|(code, answer)| ((*code).to_owned(), *answer)).collect();
        list().screen(department, &ReadOut { version, flags: &flags, answers: &answers })
    }

    #[test]
    fn every_department_asks_the_general_signs_and_its_own_each_once() {
        assert_eq!(codes(Department::XetNghiem), ["chest_pain", "seizure"]);
        assert_eq!(codes(Department::San), ["chest_pain", "seizure", "waters_broke"]);
        assert_eq!(codes(Department::Nhi), ["chest_pain", "seizure", "cannot_drink"]);
    }

    #[test]
    fn the_list_of_the_programme_holds_every_general_sign_in_every_department() {
        let list = built_in();
        let must = ["anaphylaxis", "bleeding", "stiff_neck_fever", "thunderclap_headache", "self_harm"];
        for department in Department::ALL {
            let asked = list.for_department(department);
            for code in must {
                let times = asked.iter().filter(|flag| flag.code == code).count();
                assert_eq!(times, 1, "{code} in {department:?}");
            }
            let words: std::collections::HashSet<_> =
                asked.iter().map(|flag| fold(flag.text.get(Lang::Vi))).collect();
            assert_eq!(words.len(), asked.len(), "doubles in {department:?}");
        }
    }

    #[test]
    fn who_may_still_be_fifteen_is_asked_the_list_of_paediatrics() {
        let today = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let asked = |year| list().list_of(Department::NgoaiTongHop, year, today);
        assert_eq!(asked(Some(2010)), Department::Nhi, "16 or still 15: the younger age counts");
        assert_eq!(asked(Some(2009)), Department::NgoaiTongHop);
        assert_eq!(asked(None), Department::NgoaiTongHop);
    }

    #[test]
    fn a_screening_from_another_list_does_not_cover_a_child_and_covers_everybody_else() {
        let today = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let covers = |read, year| list().check_covers(read, year, today);
        let missing = Err(Refusal::ScreeningMissing { version: 3 });
        assert_eq!(covers(Department::NoiTongHop, Some(2014)), missing);
        assert_eq!(
            covers(Department::NoiTongHop, Some(2010)),
            missing,
            "16 or still 15: the younger age counts"
        );
        assert_eq!(covers(Department::Nhi, Some(2014)), Ok(()));
        assert_eq!(covers(Department::NoiTongHop, Some(2009)), Ok(()));
        assert_eq!(covers(Department::NoiTongHop, None), Ok(()));
    }

    #[test]
    fn yes_and_unsure_both_mean_115_whatever_else_is_missing() {
        for answer in [FlagAnswer::Yes, FlagAnswer::Unsure] {
            let screened = screen(Department::Nhi, None, &[], &[("cannot_drink", answer)]).unwrap();
            assert_eq!(screened.screening, Screening::Acute(vec!["cannot_drink".to_owned()]));
            assert_eq!(screened.answers, [("cannot_drink".to_owned(), answer)]);
            assert_eq!(screened.screening.check(), Err(Refusal::AcuteProblem));
        }
        let contradicted = screen(Department::Nhi, Some(3), &["seizure"], &[("seizure", FlagAnswer::No)]);
        assert_eq!(contradicted.unwrap().screening, Screening::Acute(vec!["seizure".to_owned()]));
    }

    #[test]
    fn a_list_that_was_not_read_out_clears_nobody() {
        let missing = Err(Refusal::ScreeningMissing { version: 3 });
        assert_eq!(screen(Department::San, None, &[], &[]), missing);
        assert_eq!(screen(Department::San, Some(2), &[], &[]), missing, "another version");
        let one = [("chest_pain", FlagAnswer::No)];
        assert_eq!(screen(Department::San, Some(3), &[], &one), missing, "not to its end");
        let clear = screen(Department::San, Some(3), &[], &[]).unwrap();
        assert_eq!(clear.screening, Screening::Clear);
        assert_eq!(clear.answers.len(), 3, "every no is an answer");
    }

    #[test]
    fn an_unknown_code_is_refused_and_a_foreign_one_counts() {
        assert!(matches!(
            screen(Department::San, Some(3), &["chest_pian"], &[]),
            Err(Refusal::FieldInvalid { .. })
        ));
        assert!(screen(Department::Nhi, Some(3), &[], &[("chest", FlagAnswer::No)]).is_err());
        let foreign = screen(Department::Nhi, Some(3), &["waters_broke"], &[]).unwrap();
        assert!(foreign.screening.check().is_err());
    }

    #[test]
    fn a_list_of_the_first_form_still_reads() {
        let old = r#"{"version":1,"flag":[{"code":"a","adults":true,"text":{"vi":"x","en":"x"}}]}"#;
        let list: RedFlagList = serde_json::from_str(old).unwrap();
        assert_eq!((list.children_under, list.flags[0].general), (16, true));
    }
}
