//! The satisfaction survey: the questionnaire, the check of answers, and the three measures with their
//! 95 % Wilson intervals.
//!
//! Invariants: an answer lies on its question's scale; "no answer" leaves the denominator; an interval always
//! contains its value. Deliberately absent: free text in any measure, and questions for a diagnosis.

mod measure;

pub use measure::{Interval, Measure, Tally, ces, csat, nps, response_rate, signed, wilson, wilson_share};

use super::lang::Bilingual;
use super::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the survey of a consulted case stands. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SurveyState {
    /// Waiting for its call.
    Due,
    /// Answered.
    Answered,
    /// The customer did not want it.
    Refused,
    /// All attempts used.
    Unreachable,
}

impl SurveyState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Due, Self::Answered, Self::Refused, Self::Unreachable];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Which measure a question feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// Share of the two best answers on 1–5.
    Csat,
    /// Promoters less detractors on 0–10.
    Nps,
    /// Mean on 1–7.
    Ces,
}

/// One question with a numeric scale. Yes/no is the scale 0–1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Public code: `q1` …
    pub code: String,
    /// Lowest answer.
    pub low: i64,
    /// Highest answer.
    pub high: i64,
    /// The programme's measure that it feeds; none: shown on its own.
    pub measure: Option<MeasureKind>,
    /// As it is asked.
    pub text: Bilingual,
    /// What the lowest answer means.
    pub low_text: Bilingual,
    /// What the highest answer means.
    pub high_text: Bilingual,
}

impl Question {
    /// How many keys its scale has.
    pub const fn steps(&self) -> i64 {
        self.high - self.low + 1
    }
}

/// The questionnaire of the programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// Counts up with every change; kept with each answer sheet.
    pub version: i64,
    /// The questions, in order.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
    /// The open question at the end.
    pub comment: Bilingual,
}

impl Questionnaire {
    /// The question with that code.
    pub fn find(&self, code: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.code == code)
    }

    /// The question that feeds a measure.
    pub fn question_of(&self, measure: MeasureKind) -> Option<&Question> {
        self.questions.iter().find(|question| question.measure == Some(measure))
    }

    /// Checks answers (question code, answer or "no answer") against their scales and returns those that were
    /// given.
    ///
    /// # Errors
    /// [`Refusal::AnswerOutOfRange`], or [`Refusal::FieldInvalid`] for a question that does not exist.
    pub fn check<'a>(
        &self,
        answers: impl IntoIterator<Item = (&'a str, Option<i64>)>,
    ) -> Result<Vec<(&'a str, i64)>, Refusal> {
        let mut given = Vec::new();
        for (code, answer) in answers {
            let Some(answer) = answer else { continue };
            let question =
                self.find(code).ok_or(Refusal::FieldInvalid { field: "answers", reason: "unknown" })?;
            if !(question.low..=question.high).contains(&answer) {
                let (low, high) = (question.low, question.high);
                return Err(Refusal::AnswerOutOfRange { question: code.to_owned(), low, high });
            }
            given.push((code, answer));
        }
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_equal_their_json_form() {
        for state in SurveyState::ALL {
            assert_eq!(SurveyState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
    }

    fn questionnaire() -> Questionnaire {
        let question = |code: &str, low, high, measure| Question {
            code: code.to_owned(),
            low,
            high,
            measure,
            text: Bilingual::default(),
            low_text: Bilingual::default(),
            high_text: Bilingual::default(),
        };
        Questionnaire {
            version: 1,
            questions: vec![
                question("q1", 1, 7, Some(MeasureKind::Ces)),
                question("q5", 1, 5, Some(MeasureKind::Csat)),
                question("q6", 0, 10, Some(MeasureKind::Nps)),
            ],
            comment: Bilingual::default(),
        }
    }

    fn checked(answers: &[(&'static str, Option<i64>)]) -> Result<Vec<(&'static str, i64)>, &'static str> {
        questionnaire().check(answers.iter().copied()).map_err(|refusal| refusal.rule())
    }

    #[test]
    fn answers_lie_on_the_scale_of_their_question() {
        assert_eq!(checked(&[("q1", Some(7)), ("q6", Some(0))]), Ok(vec![("q1", 7), ("q6", 0)]));
        for answer in [("q1", 8), ("q1", 0), ("q6", 11), ("q5", -1)] {
            assert_eq!(checked(&[(answer.0, Some(answer.1))]), Err("answer_out_of_range"), "{answer:?}");
        }
    }

    #[test]
    fn no_answer_is_neither_zero_nor_an_error() {
        assert_eq!(checked(&[("q1", None), ("q5", Some(4))]), Ok(vec![("q5", 4)]));
        assert_eq!(checked(&[("q1", None)]), Ok(vec![]));
    }

    #[test]
    fn an_unknown_question_is_refused() {
        assert_eq!(checked(&[("q9", Some(1))]), Err("field_invalid"));
    }
}
