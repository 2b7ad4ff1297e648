//! One interview: which question is being asked, what was answered, and the comment at the end.

use crate::domain::campaign::Campaign;
use crate::domain::id::CaseId;
use crate::domain::time::Timestamp;
use crate::tui::call::detail::Detail;
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::Form;
use crate::tui::typed::Typed;
use crate::usecase::command::{RecordSurvey, SurveyAnswers};
use crate::usecase::model::call::CallCard;

/// The comment's name in the JSON form.
const COMMENT: &str = "comment";
/// The questions in a draft.
const ASKING: &str = "asking";
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

/// How one question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Not asked yet.
    Open,
    /// The customer gave this one.
    Given(i64),
    /// The customer did not want to answer.
    Skipped,
}

/// Where the interview is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Introduction: script and endings.
    Intro,
    /// The other endings.
    Other,
    /// A time or a note.
    Detail(Detail),
    /// The question with this place.
    Asking(usize),
    /// The comment; then everything is saved.
    Comment,
}

/// One interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    /// Card, script, note, lease.
    pub panel: CallPanel,
    /// The questions that the command can carry, in order.
    pub scales: Vec<Scale>,
    /// Their answers, by place.
    pub answers: Vec<Answer>,
    /// Where it is.
    pub stage: Stage,
    /// The comment's field.
    pub comment: Form,
}

/// Whether the command has a place for this question.
fn has_place(code: &str) -> bool {
    let mut nowhere = SurveyAnswers::default();
    put(&mut nowhere, code, 0)
}

/// Puts an answer where it belongs; false when there is no such place.
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

impl Interview {
    /// An interview that begins with this card.
    pub fn new(panel: CallPanel, campaign: &Campaign) -> Self {
        let scales: Vec<Scale> = campaign
            .survey
            .questions
            .iter()
            .filter(|question| has_place(&question.code))
            .map(|question| Scale { code: question.code.clone(), low: question.low, high: question.high })
            .collect();
        let answers = vec![Answer::Open; scales.len()];
        let field = Field::new(Kind::Note).placeholder("survey.comment_placeholder");
        let comment = Form::new().field(COMMENT, "survey.comment", field);
        Self { panel, scales, answers, stage: Stage::Intro, comment }
    }

    /// The scale of the question that is being asked.
    pub fn scale(&self) -> Option<&Scale> {
        match self.stage {
            Stage::Asking(at) => self.scales.get(at),
            Stage::Intro | Stage::Other | Stage::Detail(_) | Stage::Comment => None,
        }
    }

    /// Whether the question that is being asked has its answer.
    pub fn is_answered(&self) -> bool {
        match self.stage {
            Stage::Asking(at) => self.answers.get(at).is_some_and(|answer| *answer != Answer::Open),
            Stage::Intro | Stage::Other | Stage::Detail(_) | Stage::Comment => false,
        }
    }

    /// Begins the questions, or goes back to the first that is open.
    pub fn begin(&mut self) {
        let open = self.answers.iter().position(|answer| *answer == Answer::Open);
        self.stage = open.map_or(Stage::Comment, Stage::Asking);
    }

    /// Takes an answer and goes on.
    pub fn answer(&mut self, answer: Answer) {
        if let Stage::Asking(at) = self.stage
            && let Some(place) = self.answers.get_mut(at)
        {
            *place = answer;
            self.on();
        }
    }

    /// The next question; after the last one the comment.
    pub fn on(&mut self) {
        if let Stage::Asking(at) = self.stage {
            self.stage = if at + 1 < self.scales.len() { Stage::Asking(at + 1) } else { Stage::Comment };
        }
    }

    /// The question before; before the first one the introduction.
    pub fn back(&mut self) {
        self.stage = match &self.stage {
            Stage::Comment if !self.scales.is_empty() => Stage::Asking(self.scales.len() - 1),
            Stage::Asking(at) if *at > 0 => Stage::Asking(at - 1),
            Stage::Asking(_) | Stage::Comment | Stage::Other | Stage::Detail(_) | Stage::Intro => {
                Stage::Intro
            }
        };
    }

    /// The command that saves the answers; skipped questions are left out.
    pub fn command(&self, case: CaseId, now: Timestamp) -> RecordSurvey {
        let mut answers = SurveyAnswers { comment: self.comment.value(COMMENT), ..SurveyAnswers::default() };
        for (scale, answer) in self.scales.iter().zip(&self.answers) {
            if let Answer::Given(value) = answer {
                put(&mut answers, &scale.code, *value);
            }
        }
        RecordSurvey {
            case,
            answers,
            talk_seconds: Some(self.panel.talk_seconds(now)),
            recording_announced: self.panel.announced(),
            note: self.panel.noted(),
        }
    }

    /// What would be lost with the line.
    pub fn typed(&self) -> Typed {
        let part = match &self.stage {
            Stage::Intro | Stage::Other => String::new(),
            Stage::Detail(detail) => detail.part(),
            Stage::Asking(_) | Stage::Comment => ASKING.to_owned(),
        };
        let mut fields = self.comment.typed();
        if let Stage::Detail(detail) = &self.stage {
            fields.extend(detail.form.typed());
        }
        let given = |(scale, answer): (&Scale, &Answer)| match answer {
            Answer::Open => None,
            Answer::Given(value) => Some((scale.code.clone(), value.to_string())),
            Answer::Skipped => Some((scale.code.clone(), SKIPPED.to_owned())),
        };
        let answers = self.scales.iter().zip(&self.answers).filter_map(given).collect();
        Typed { answers, ..self.panel.typed(part, fields) }
    }

    /// Goes on where a draft left the interview. Answers outside their scale are asked again.
    pub fn retype(&mut self, typed: &Typed) {
        self.panel.retype(typed);
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
        if typed.part == ASKING {
            self.begin();
        } else if let Some(detail) = Detail::of_part(&typed.part, &self.panel, &typed.fields) {
            self.stage = Stage::Detail(detail);
        }
    }

    /// The same interview under a new lease, after an undo.
    #[must_use]
    pub fn resumed(mut self, card: CallCard, ctx: &Ctx) -> Self {
        self.panel = self.panel.resumed(card, ctx);
        self.stage = Stage::Intro;
        self
    }
}
