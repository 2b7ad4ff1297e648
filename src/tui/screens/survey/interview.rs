//! The state of one interview: the question that is being asked, the answers, and the comment at the end.

use crate::domain::id::CaseId;
use crate::domain::time::Timestamp;
use crate::tui::call::desk::Middle;
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::Form;
use crate::tui::typed::Typed;
use crate::usecase::command::{RecordSurvey, SurveyAnswers};

/// The comment's name in the JSON form.
const COMMENT: &str = "comment";
/// A skipped question in a draft.
const SKIPPED: &str = "-";

/// The scale of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// The question's code.
    pub code: String,
    /// Lowest answer.
    pub low: i64,
    /// Highest answer.
    pub high: i64,
}

/// The answer to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Not asked yet.
    Open,
    /// The customer gave this answer.
    Given(i64),
    /// The customer did not want to answer.
    Skipped,
}

/// The position of an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The question at this place.
    Question(usize),
    /// The comment, before everything is saved.
    Comment,
}

/// One interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    /// The questions that the command has a field for, in order.
    pub scales: Vec<Scale>,
    /// Their answers, by place.
    pub answers: Vec<Answer>,
    /// The position.
    pub at: At,
    /// Whether a 1 was typed on a scale that has a 10, so that a 0 may follow.
    one: bool,
    /// The comment's field.
    pub comment: Form,
}

/// Whether the command has a field for this question.
fn has_place(code: &str) -> bool {
    let mut nowhere = SurveyAnswers::default();
    put(&mut nowhere, code, 0)
}

/// Sets the command's field for an answer; false when it has none.
fn put(answers: &mut SurveyAnswers, code: &str, value: i64) -> bool {
    let place = match code {
        "q1" => &mut answers.q1,
        "q2" => &mut answers.q2,
        "q3" => &mut answers.q3,
        "q4" => &mut answers.q4,
        "q5" => &mut answers.q5,
        "q6" => &mut answers.q6,
        "handbook" | "handbook_received" => {
            answers.handbook_received = Some(value > 0);
            return true;
        }
        _ => return false,
    };
    *place = Some(value);
    true
}

impl Middle for Interview {
    fn begin(_: &CallPanel, ctx: &Ctx) -> Self {
        let scales: Vec<Scale> = ctx
            .campaign
            .survey
            .questions
            .iter()
            .filter(|question| has_place(&question.code))
            .map(|question| Scale { code: question.code.clone(), low: question.low, high: question.high })
            .collect();
        let answers = vec![Answer::Open; scales.len()];
        let field = Field::new(Kind::Note).placeholder("survey.comment_placeholder");
        let comment = Form::new().field(COMMENT, "survey.comment", field);
        Self { scales, answers, at: At::Question(0), one: false, comment }
    }
}

impl Interview {
    /// The scale of the question that is being asked.
    pub fn scale(&self) -> Option<&Scale> {
        match self.at {
            At::Question(at) => self.scales.get(at),
            At::Comment => None,
        }
    }

    /// The answer to the question that is being asked.
    pub fn answer_here(&self) -> Option<Answer> {
        match self.at {
            At::Question(at) => self.answers.get(at).copied(),
            At::Comment => None,
        }
    }

    /// Whether a 1 was typed that a 0 would make 10.
    pub const fn is_one_or_ten(&self) -> bool {
        self.one
    }

    /// Begins the questions, or returns to the first without an answer.
    pub fn begin_asking(&mut self) {
        self.settle();
        let open = self.answers.iter().position(|answer| *answer == Answer::Open);
        self.at = open.map_or(At::Comment, At::Question);
    }

    /// Takes a digit of the answer. On a scale with a 10 a typed 1 waits: a 0 makes it 10, [`Self::on`] accepts it.
    pub fn type_digit(&mut self, digit: i64) {
        let has_ten = self.scale().is_some_and(|scale| (scale.low..=scale.high).contains(&10));
        match (digit, self.one) {
            (0 | 10, true) => self.answer(Answer::Given(10)),
            (1, false) if has_ten => {
                self.put_here(Answer::Given(1));
                self.one = true;
            }
            (_, true) => {}
            (digit, false) => self.answer(Answer::Given(digit)),
        }
    }

    fn put_here(&mut self, answer: Answer) {
        if let At::Question(at) = self.at
            && let Some(place) = self.answers.get_mut(at)
        {
            *place = answer;
        }
    }

    /// Records an answer and moves on.
    pub fn answer(&mut self, answer: Answer) {
        self.put_here(answer);
        self.on();
    }

    /// Accepts the 1 that waits for a 0.
    pub const fn settle(&mut self) {
        self.one = false;
    }

    /// Moves to the next question, and after the last one to the comment.
    pub fn on(&mut self) {
        self.settle();
        if let At::Question(at) = self.at {
            self.at = if at + 1 < self.scales.len() { At::Question(at + 1) } else { At::Comment };
        }
    }

    /// One step back: removes a 1 that waits for a 0, or else returns to the question before; false at the first
    /// question.
    pub fn back(&mut self) -> bool {
        if self.one {
            self.put_here(Answer::Open);
            self.settle();
            return true;
        }
        match self.at {
            At::Comment if !self.scales.is_empty() => self.at = At::Question(self.scales.len() - 1),
            At::Question(at) if at > 0 => self.at = At::Question(at - 1),
            At::Question(_) | At::Comment => return false,
        }
        true
    }

    /// Asks the question with this code again.
    pub fn ask_again(&mut self, code: &str) {
        self.settle();
        if let Some(at) = self.scales.iter().position(|scale| scale.code == code) {
            self.at = At::Question(at);
        }
    }

    /// The command that saves the answers; skipped questions are left out.
    pub fn command(&self, case: CaseId, panel: &CallPanel, now: Timestamp) -> RecordSurvey {
        let mut answers = SurveyAnswers { comment: self.comment.value(COMMENT), ..SurveyAnswers::default() };
        for (scale, answer) in self.scales.iter().zip(&self.answers) {
            if let Answer::Given(value) = answer {
                put(&mut answers, &scale.code, *value);
            }
        }
        RecordSurvey {
            case,
            answers,
            talk_seconds: Some(panel.talk_seconds(now)),
            recording_announced: panel.announced(),
            note: panel.noted(),
        }
    }

    /// The answers as a draft keeps them.
    pub fn typed_answers(&self) -> Vec<(String, String)> {
        let given = |(scale, answer): (&Scale, &Answer)| match answer {
            Answer::Open => None,
            Answer::Given(value) => Some((scale.code.clone(), value.to_string())),
            Answer::Skipped => Some((scale.code.clone(), SKIPPED.to_owned())),
        };
        self.scales.iter().zip(&self.answers).filter_map(given).collect()
    }

    /// Continues from a draft. Answers outside their scale are asked again.
    pub fn retype(&mut self, typed: &Typed) {
        self.comment.retype(&typed.fields);
        for (scale, answer) in self.scales.iter().zip(&mut self.answers) {
            let Some((_, value)) = typed.answers.iter().find(|(code, _)| *code == scale.code) else {
                continue;
            };
            let given = value.parse().ok().filter(|value| (scale.low..=scale.high).contains(value));
            match given {
                Some(value) => *answer = Answer::Given(value),
                None if value == SKIPPED => *answer = Answer::Skipped,
                None => {}
            }
        }
    }
}
