//! The keys of the survey: those of every call, and those of the interview. Digits are scores here, so the results of
//! a call have to be opened first; a score that is typed before the questions begin records nothing.

use super::interview::{Answer, At, Interview};
use super::state::Survey;
use crate::call_rows;
use crate::domain::actor::Permission as May;
use crate::tui::call::desk::{CallAct, CallDesk, Part};
use crate::tui::call::keys::{BACKSPACE, ENTER, ESC, HasCallDesk, here, reading};
use crate::tui::input::Key;
use crate::tui::keys::{Binding, ELSEWHERE, Enabled, joined};

/// What the keys of the screen do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// What the keys of every call do.
    Call(CallAct),
    /// Begin the questions.
    Begin,
    /// A digit of the customer's answer.
    Answer(i64),
    /// The customer does not want to answer.
    Skip,
    /// Move to the next question; accepts a 1 that waits for a 0.
    On,
    /// Return to the question before.
    Before,
    /// Save all answers.
    Save,
    /// Back to the script; the answers are kept.
    Back,
}

const ASKING: &str = "survey_asking";
const COMMENT: &str = "survey_comment";

type Row = Binding<Act, Survey>;

const fn row(place: &'static str, id: &'static str, keys: &'static [Key], act: Act) -> Row {
    Binding::new(place, id, keys, act).needs(May::CallSurveys)
}

const CALL: &[Row] = call_rows!(Act::Call, Survey, May::CallSurveys);
const INTERVIEW: &[Row] = &[
    row(ASKING, "survey.answer_0", &[Key::char('0')], Act::Answer(0)).when(Survey::score::<0>).quiet(),
    row(ASKING, "survey.answer_1", &[Key::char('1')], Act::Answer(1)).when(Survey::score::<1>).quiet(),
    row(ASKING, "survey.answer_2", &[Key::char('2')], Act::Answer(2)).when(Survey::score::<2>).quiet(),
    row(ASKING, "survey.answer_3", &[Key::char('3')], Act::Answer(3)).when(Survey::score::<3>).quiet(),
    row(ASKING, "survey.answer_4", &[Key::char('4')], Act::Answer(4)).when(Survey::score::<4>).quiet(),
    row(ASKING, "survey.answer_5", &[Key::char('5')], Act::Answer(5)).when(Survey::score::<5>).quiet(),
    row(ASKING, "survey.answer_6", &[Key::char('6')], Act::Answer(6)).when(Survey::score::<6>).quiet(),
    row(ASKING, "survey.answer_7", &[Key::char('7')], Act::Answer(7)).when(Survey::score::<7>).quiet(),
    row(ASKING, "survey.answer_8", &[Key::char('8')], Act::Answer(8)).when(Survey::score::<8>).quiet(),
    row(ASKING, "survey.answer_9", &[Key::char('9')], Act::Answer(9)).when(Survey::score::<9>).quiet(),
    row(ASKING, "survey.answer_10", &[Key::char('t')], Act::Answer(10)).when(Survey::score::<10>).quiet(),
    row(ASKING, "survey.skip", &[Key::char('s')], Act::Skip).when(Survey::asking),
    row(ASKING, "survey.on", ENTER, Act::On).when(Survey::can_go_on),
    row(ASKING, "survey.before", BACKSPACE, Act::Before).when(Survey::asking),
    row("call_open", "survey.begin", ENTER, Act::Begin).when(Survey::may_begin),
    row(COMMENT, "survey.save", ENTER, Act::Save).when(Survey::commenting),
    row("call_middle", "survey.back", ESC, Act::Back).when(Survey::in_middle),
];

/// The table.
pub const BINDINGS: &[Row] = &joined::<Act, Survey, { CALL.len() + INTERVIEW.len() }>(&[CALL, INTERVIEW]);

impl HasCallDesk for Survey {
    type Middle = Interview;

    const DIGITS: bool = false;

    fn desk(&self) -> &CallDesk<Interview> {
        &self.desk
    }
}

/// The name of the first key with this act, for hints in the view.
pub fn cap(act: Act) -> String {
    BINDINGS
        .iter()
        .find(|row| row.act == act)
        .and_then(|row| row.keys.first())
        .map_or_else(String::new, ToString::to_string)
}

impl Survey {
    pub(super) fn may_begin(&self) -> Enabled {
        match self.desk.panel().map(|panel| (panel.card.case.is_none(), panel.may_agree())) {
            Some(_) if reading(self).is_err() => Err(ELSEWHERE),
            Some((true, _)) => Err("survey.why.no_case"),
            Some((false, false)) => Err("survey.why.steps_left"),
            Some((false, true)) => Ok(()),
            None => Err(ELSEWHERE),
        }
    }

    /// The interview while it has the keys.
    pub(super) fn interview(&self) -> Option<&Interview> {
        let call = self.desk.call().filter(|call| call.part == Part::Middle)?;
        Some(&call.middle)
    }

    fn in_middle(&self) -> Enabled {
        here(self.interview().is_some())
    }

    fn commenting(&self) -> Enabled {
        here(self.interview().is_some_and(|interview| interview.at == At::Comment))
    }

    fn asking(&self) -> Enabled {
        here(self.interview().is_some_and(|interview| matches!(interview.at, At::Question(_))))
    }

    /// Whether this score is on the question's scale, or the digit completes a 1 that was typed.
    fn score<const N: i64>(&self) -> Enabled {
        let Some(interview) = self.interview() else { return Err(ELSEWHERE) };
        let Some(scale) = interview.scale() else { return Err(ELSEWHERE) };
        match interview.is_one_or_ten() {
            true if N == 0 || N == 10 => Ok(()),
            true => Err("survey.why.one_or_ten"),
            false if (scale.low..=scale.high).contains(&N) => Ok(()),
            false => Err("survey.why.scale"),
        }
    }

    fn can_go_on(&self) -> Enabled {
        self.asking()?;
        let answer = self.interview().and_then(Interview::answer_here);
        if answer.is_some_and(|answer| answer != Answer::Open) {
            Ok(())
        } else {
            Err("survey.why.answer_first")
        }
    }
}
