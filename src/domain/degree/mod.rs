//! Degrees: doctors of the programme hold a Master's degree or higher. Titles are read in every
//! spelling people use and judged on three axes: academic degree, specialist diploma, professorship. The policy
//! names the diplomas that count beside the academic degrees; the verdict names what qualifies a doctor.
//!
//! Deliberately absent: checking a licence against a register.

mod parse;

use super::lang::Lang;
use super::refusal::Refusal;
use rust_i18n::t;
use serde::{Deserialize, Serialize};

/// One title that a doctor may write before the name, lowest first within its axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Title {
    /// BS, physician.
    Physician,
    /// BSNT, residency.
    Residency,
    /// CKI, specialist of the first degree.
    SpecialistOne,
    /// CKII, specialist of the second degree.
    SpecialistTwo,
    /// ThS, Master.
    Master,
    /// TS, doctorate.
    Doctorate,
    /// TSKH, doctor of science.
    DoctorOfScience,
    /// PGS, associate professor; implies TS.
    AssociateProfessor,
    /// GS, professor; implies TS.
    Professor,
}

impl Title {
    /// Every title.
    pub const ALL: [Self; 9] = [
        Self::Physician,
        Self::Residency,
        Self::SpecialistOne,
        Self::SpecialistTwo,
        Self::Master,
        Self::Doctorate,
        Self::DoctorOfScience,
        Self::AssociateProfessor,
        Self::Professor,
    ];

    /// The usual abbreviation.
    pub const fn abbreviation(self) -> &'static str {
        match self {
            Self::Physician => "BS",
            Self::Residency => "BSNT",
            Self::SpecialistOne => "CKI",
            Self::SpecialistTwo => "CKII",
            Self::Master => "ThS",
            Self::Doctorate => "TS",
            Self::DoctorOfScience => "TSKH",
            Self::AssociateProfessor => "PGS",
            Self::Professor => "GS",
        }
    }
}

/// Which diplomas count beside ThS, TS, TSKH, PGS and GS. The strict policy: none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DegreePolicy {
    /// CKI counts.
    pub accept_specialist_one: bool,
    /// CKII counts.
    pub accept_specialist_two: bool,
    /// BSNT counts.
    pub accept_residency: bool,
}

impl DegreePolicy {
    /// Whether one title is enough.
    pub const fn accepts(self, title: Title) -> bool {
        match title {
            Title::Physician => false,
            Title::Residency => self.accept_residency,
            Title::SpecialistOne => self.accept_specialist_one,
            Title::SpecialistTwo => self.accept_specialist_two,
            Title::Master
            | Title::Doctorate
            | Title::DoctorOfScience
            | Title::AssociateProfessor
            | Title::Professor => true,
        }
    }

    /// Judges titles as written.
    pub fn judge(self, written: &str) -> Verdict {
        let titles = Titles::parse(written);
        let by = titles.0.iter().copied().filter(|title| self.accepts(*title)).max();
        Verdict { written: written.trim().to_owned(), titles, by }
    }

    /// Refuses titles below the policy.
    ///
    /// # Errors
    /// [`Refusal::DegreeTooLow`] with the titles as written.
    pub fn check(self, written: &str) -> Result<(), Refusal> {
        let verdict = self.judge(written);
        if verdict.qualifies() { Ok(()) } else { Err(Refusal::DegreeTooLow { titles: verdict.written }) }
    }
}

/// The titles found in a text, each once, lowest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titles(Vec<Title>);

impl Titles {
    /// Whether a title is among them.
    pub fn has(&self, title: Title) -> bool {
        self.0.contains(&title)
    }

    /// Highest academic degree; a professor holds a doctorate.
    pub fn academic(&self) -> Option<Title> {
        let of_axis =
            |title: &&Title| matches!(title, Title::Master | Title::Doctorate | Title::DoctorOfScience);
        let implied =
            (self.has(Title::AssociateProfessor) || self.has(Title::Professor)).then_some(Title::Doctorate);
        self.0.iter().filter(of_axis).copied().max().max(implied)
    }

    /// Highest specialist diploma or residency.
    pub fn diploma(&self) -> Option<Title> {
        let of_axis =
            |title: &&Title| matches!(title, Title::Residency | Title::SpecialistOne | Title::SpecialistTwo);
        self.0.iter().filter(of_axis).copied().max()
    }

    /// Professorship.
    pub fn professorship(&self) -> Option<Title> {
        let of_axis = |title: &&Title| matches!(title, Title::AssociateProfessor | Title::Professor);
        self.0.iter().filter(of_axis).copied().max()
    }
}

/// Whether a doctor qualifies and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The titles as written.
    pub written: String,
    /// The titles as read.
    pub titles: Titles,
    /// The highest title that counts; none when the doctor does not qualify.
    pub by: Option<Title>,
}

impl Verdict {
    /// Whether the doctor may be booked.
    pub const fn qualifies(&self) -> bool {
        self.by.is_some()
    }

    /// The reason as people read it: "đạt: ThS Nhi khoa 2015".
    pub fn reason(&self, lang: Lang) -> String {
        let code = lang.code();
        match self.by {
            Some(title) if self.written.contains(title.abbreviation()) => {
                t!("degree.qualifies", locale = code, titles = self.written).into_owned()
            }
            Some(title) => {
                let by = title.abbreviation();
                t!("degree.qualifies_by", locale = code, titles = self.written, by = by).into_owned()
            }
            None if self.titles.0.is_empty() => {
                t!("degree.unreadable", locale = code, titles = self.written).into_owned()
            }
            None => t!("degree.too_low", locale = code, titles = self.written).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("PGS.TS.BS", &[Title::Physician, Title::Doctorate, Title::AssociateProfessor])]
    #[case("ThS.BS", &[Title::Physician, Title::Master])]
    #[case("Th.S", &[Title::Master])]
    #[case("THS BS", &[Title::Physician, Title::Master])]
    #[case("ths.bs.", &[Title::Physician, Title::Master])]
    #[case("BS.CKII", &[Title::Physician, Title::SpecialistTwo])]
    #[case("BSCK2", &[Title::Physician, Title::SpecialistTwo])]
    #[case("BS CK I", &[Title::Physician, Title::SpecialistOne])]
    #[case("BS.CK1", &[Title::Physician, Title::SpecialistOne])]
    #[case("BS-CK-II", &[Title::Physician, Title::SpecialistTwo])]
    #[case("BSNT", &[Title::Residency])]
    #[case("ThS.BSNT", &[Title::Residency, Title::Master])]
    #[case("GS.TSKH", &[Title::DoctorOfScience, Title::Professor])]
    #[case("GSTSKH", &[Title::DoctorOfScience, Title::Professor])]
    #[case("Phó Giáo sư, Tiến sĩ, Bác sĩ", &[Title::Physician, Title::Doctorate, Title::AssociateProfessor])]
    #[case("Thạc sỹ, bác sỹ nội trú", &[Title::Residency, Title::Master])]
    #[case("Tiến sĩ khoa học", &[Title::DoctorOfScience])]
    #[case("Bác sĩ chuyên khoa cấp II", &[Title::Physician, Title::SpecialistTwo])]
    #[case("Bác sĩ chuyên khoa 1", &[Title::Physician, Title::SpecialistOne])]
    #[case("ThS Nhi khoa 2015", &[Title::Master])]
    #[case("BS Nội tổng hợp", &[Title::Physician])]
    #[case("ＴｈＳ", &[Title::Master])]
    #[case("Thắng", &[])]
    #[case("", &[])]
    fn titles_are_read_in_every_spelling(#[case] written: &str, #[case] expected: &[Title]) {
        assert_eq!(Titles::parse(written).0, expected);
    }

    #[test]
    fn the_strict_policy_takes_masters_and_above_only() {
        let strict = DegreePolicy::default();
        for written in ["ThS.BS", "TS", "TSKH", "PGS", "GS", "BSCKII.ThS"] {
            assert_eq!(strict.check(written), Ok(()), "{written}");
        }
        for written in ["BS", "BSCKI", "BSCKII", "BSNT", "Lương y", ""] {
            assert_eq!(strict.check(written), Err(Refusal::DegreeTooLow { titles: written.to_owned() }));
        }
    }

    #[test]
    fn a_diploma_counts_only_when_it_is_switched_on() {
        let policy = DegreePolicy { accept_specialist_two: true, ..DegreePolicy::default() };
        assert!(policy.judge("BS.CKII").qualifies());
        assert!(!policy.judge("BS.CKI").qualifies());
        assert!(!policy.judge("BSNT").qualifies());
    }

    #[test]
    fn a_professor_holds_a_doctorate_even_unwritten() {
        let titles = Titles::parse("PGS.BSCKII");
        assert_eq!(titles.academic(), Some(Title::Doctorate));
        assert_eq!(titles.diploma(), Some(Title::SpecialistTwo));
        assert_eq!(titles.professorship(), Some(Title::AssociateProfessor));
    }

    #[test]
    fn the_reason_names_the_titles_in_both_languages() {
        let policy = DegreePolicy::default();
        assert_eq!(policy.judge("ThS Nhi khoa 2015").reason(Lang::Vi), "đạt: ThS Nhi khoa 2015");
        assert!(policy.judge("thạc sĩ").reason(Lang::Vi).contains("ThS"));
        assert!(policy.judge("BSCKII").reason(Lang::En).contains("BSCKII"));
        assert!(policy.judge("BSCKII").reason(Lang::Vi).starts_with("không đạt"));
    }
}
