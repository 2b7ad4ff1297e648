//! The keys of the survey. While a question is asked the digits answer it; before that they end the call.

use super::interview::Stage;
use super::{Phase, Survey};
use crate::domain::actor::Permission as May;
use crate::domain::disposition::Disposition;
use crate::tui::call::panel::CallPanel;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled};
use crate::tui::widgets::list::Step;

/// What the keys do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Take the next customer.
    Fetch,
    /// Call the promise under the cursor.
    CallPromise,
    /// Why the promise under the cursor cannot be called now.
    WhyNot,
    /// Move in the promises.
    Choose(Step),
    /// Take the last ending back.
    Undo,
    /// Tick the next box of the script.
    Tick,
    /// Take the last tick back.
    Untick,
    /// Read on (or back) in the script.
    Read(bool),
    /// Write the note.
    Note,
    /// Copy the number.
    Copy,
    /// Give the customer back without a call.
    Release,
    /// Begin the questions.
    Begin,
    /// Show the other endings.
    Other,
    /// The call ended this way.
    End(Disposition),
    /// Record the ending with its time or note.
    SaveDetail,
    /// The customer's answer.
    Answer(i64),
    /// The customer does not want to answer.
    Skip,
    /// The next question.
    On,
    /// The question before.
    Before,
    /// Save all answers.
    Save,
    /// One step back.
    Back,
}

const READY: &str = "survey_ready";
const INTRO: &str = "survey_intro";
const OTHER: &str = "survey_other";
const DETAIL: &str = "survey_detail";
const ASKING: &str = "survey_asking";
const COMMENT: &str = "survey_comment";
const BACK: &str = "survey_back";

const ENTER: &[Key] = &[Key::plain(KeyCode::Enter)];
const ESC: &[Key] = &[Key::plain(KeyCode::Esc)];
const UP: &[Key] = &[Key::plain(KeyCode::Up)];
const DOWN: &[Key] = &[Key::plain(KeyCode::Down)];
const BACKSPACE: &[Key] = &[Key::plain(KeyCode::Backspace)];

type Row = Binding<Act, Survey>;

const fn row(place: &'static str, id: &'static str, keys: &'static [Key], act: Act) -> Row {
    Binding::new(place, id, keys, act).needs(May::CallSurveys)
}

const fn ending(id: &'static str, key: &'static [Key], disposition: Disposition) -> Row {
    row(INTRO, id, key, Act::End(disposition)).when(Survey::ending).quiet()
}

const fn other(id: &'static str, key: &'static [Key], disposition: Disposition) -> Row {
    row(OTHER, id, key, Act::End(disposition)).when(Survey::other_row).quiet()
}

/// The table.
pub const BINDINGS: &[Row] = &[
    row(READY, "survey.fetch", ENTER, Act::Fetch).when(Survey::ready),
    row(READY, "survey.promise", &[Key::char('h')], Act::CallPromise).when(Survey::has_promise),
    row(READY, "survey.why_not", &[Key::char('w')], Act::WhyNot).when(Survey::has_promise),
    row(READY, "survey.promise_up", UP, Act::Choose(Step::Up)).when(Survey::has_promise).quiet(),
    row(READY, "survey.promise_down", DOWN, Act::Choose(Step::Down)).when(Survey::has_promise).quiet(),
    row(READY, "survey.undo", &[Key::char('u')], Act::Undo).when(Survey::can_undo),
    row(ASKING, "survey.answer_0", &[Key::char('0')], Act::Answer(0)).when(Survey::scale_has::<0>).quiet(),
    row(ASKING, "survey.answer_1", &[Key::char('1')], Act::Answer(1)).when(Survey::scale_has::<1>).quiet(),
    row(ASKING, "survey.answer_2", &[Key::char('2')], Act::Answer(2)).when(Survey::scale_has::<2>).quiet(),
    row(ASKING, "survey.answer_3", &[Key::char('3')], Act::Answer(3)).when(Survey::scale_has::<3>).quiet(),
    row(ASKING, "survey.answer_4", &[Key::char('4')], Act::Answer(4)).when(Survey::scale_has::<4>).quiet(),
    row(ASKING, "survey.answer_5", &[Key::char('5')], Act::Answer(5)).when(Survey::scale_has::<5>).quiet(),
    row(ASKING, "survey.answer_6", &[Key::char('6')], Act::Answer(6)).when(Survey::scale_has::<6>).quiet(),
    row(ASKING, "survey.answer_7", &[Key::char('7')], Act::Answer(7)).when(Survey::scale_has::<7>).quiet(),
    row(ASKING, "survey.answer_8", &[Key::char('8')], Act::Answer(8)).when(Survey::scale_has::<8>).quiet(),
    row(ASKING, "survey.answer_9", &[Key::char('9')], Act::Answer(9)).when(Survey::scale_has::<9>).quiet(),
    row(ASKING, "survey.answer_10", &[Key::char('t')], Act::Answer(10)).when(Survey::scale_has::<10>).quiet(),
    row(ASKING, "survey.skip", &[Key::char('s')], Act::Skip).when(Survey::asking),
    row(ASKING, "survey.on", ENTER, Act::On).when(Survey::can_go_on),
    row(ASKING, "survey.before", BACKSPACE, Act::Before).when(Survey::asking),
    row(INTRO, "survey.begin", &[Key::plain(KeyCode::Enter), Key::char('1')], Act::Begin)
        .when(Survey::may_begin),
    row(INTRO, "survey.tick", &[Key::char(' ')], Act::Tick).when(Survey::has_boxes),
    row(INTRO, "survey.untick", BACKSPACE, Act::Untick).when(Survey::intro).quiet(),
    row(INTRO, "survey.read_on", DOWN, Act::Read(true)).when(Survey::intro).quiet(),
    row(INTRO, "survey.read_back", UP, Act::Read(false)).when(Survey::intro).quiet(),
    row(INTRO, "survey.note", &[Key::char('n')], Act::Note).when(Survey::intro),
    row(INTRO, "survey.copy", &[Key::char('y')], Act::Copy).when(Survey::intro),
    row(INTRO, "survey.release", &[Key::char('r')], Act::Release).when(Survey::intro),
    ending("survey.callback", &[Key::char('3')], Disposition::Callback),
    ending("survey.declined", &[Key::char('4')], Disposition::Declined),
    ending("survey.no_answer", &[Key::char('5')], Disposition::NoAnswer),
    ending("survey.busy", &[Key::char('6')], Disposition::Busy),
    ending("survey.unreachable", &[Key::char('7')], Disposition::Unreachable),
    ending("survey.invalid_number", &[Key::char('8')], Disposition::InvalidNumber),
    ending("survey.do_not_call", &[Key::char('9')], Disposition::DoNotCall),
    row(INTRO, "survey.other", &[Key::char('0')], Act::Other).when(Survey::ending).quiet(),
    other("survey.hung_up", &[Key::char('1')], Disposition::HungUp),
    other("survey.wrong_person", &[Key::char('2')], Disposition::WrongPerson),
    other("survey.child_answered", &[Key::char('3')], Disposition::ChildAnswered),
    other("survey.language", &[Key::char('4')], Disposition::Language),
    other("survey.complaint", &[Key::char('5')], Disposition::Complaint),
    row(DETAIL, "survey.save_detail", ENTER, Act::SaveDetail).when(Survey::detailing),
    row(COMMENT, "survey.save", ENTER, Act::Save).when(Survey::commenting),
    row(BACK, "survey.back", ESC, Act::Back).when(Survey::can_go_back),
];

/// The name of the first key that does this, for what the view says beside things.
pub fn cap(act: Act) -> String {
    BINDINGS
        .iter()
        .find(|row| row.act == act)
        .and_then(|row| row.keys.first())
        .map_or_else(String::new, ToString::to_string)
}

/// Works in its own step; elsewhere the key is free.
const fn here(yes: bool) -> Enabled {
    if yes { Ok(()) } else { Err(ELSEWHERE) }
}

/// When each key works, and the sentence that says why not.
impl Survey {
    fn ready(&self) -> Enabled {
        here(self.phase == Phase::Ready)
    }

    fn has_promise(&self) -> Enabled {
        self.ready()?;
        if self.waiting.promises().is_empty() { Err("calls.why.no_promise") } else { Ok(()) }
    }

    fn can_undo(&self) -> Enabled {
        self.ready()?;
        if self.last.as_ref().is_some_and(|last| last.undo_until.is_some()) {
            Ok(())
        } else {
            Err("calls.why.nothing_to_undo")
        }
    }

    fn intro(&self) -> Enabled {
        match self.stage() {
            Some(Stage::Intro) => Ok(()),
            Some(Stage::Other | Stage::Detail(_) | Stage::Asking(_) | Stage::Comment) => {
                Err("calls.why.part_open")
            }
            None => Err("calls.why.no_call"),
        }
    }

    /// As [`Self::intro`], but the digits are free while no call is open: they open tabs then.
    fn ending(&self) -> Enabled {
        if self.stage().is_none() { Err(ELSEWHERE) } else { self.intro() }
    }

    pub(super) fn may_begin(&self) -> Enabled {
        self.ending()?;
        match self.panel() {
            Some(panel) if panel.card.case.is_none() => Err("survey.why.no_case"),
            Some(panel) if panel.may_agree() => Ok(()),
            Some(_) | None => Err("survey.why.steps_left"),
        }
    }

    fn has_boxes(&self) -> Enabled {
        self.intro()?;
        if self.panel().is_some_and(CallPanel::has_boxes) { Ok(()) } else { Err("calls.why.all_ticked") }
    }

    fn other_row(&self) -> Enabled {
        here(matches!(self.stage(), Some(Stage::Other)))
    }

    fn detailing(&self) -> Enabled {
        here(matches!(self.stage(), Some(Stage::Detail(_))))
    }

    fn commenting(&self) -> Enabled {
        here(matches!(self.stage(), Some(Stage::Comment)))
    }

    fn asking(&self) -> Enabled {
        here(matches!(self.stage(), Some(Stage::Asking(_))))
    }

    fn scale_has<const N: i64>(&self) -> Enabled {
        let Some(interview) = self.interview() else { return Err(ELSEWHERE) };
        match interview.scale() {
            Some(scale) if (scale.low..=scale.high).contains(&N) => Ok(()),
            Some(_) => Err("survey.why.scale"),
            // A digit that ends no call must not open a tab in the middle of one.
            None if Disposition::by_digit(interview.panel.card.purpose, digit(N)).is_none() && N != 0 => {
                Err("survey.why.not_asking")
            }
            None => Err(ELSEWHERE),
        }
    }

    fn can_go_on(&self) -> Enabled {
        self.asking()?;
        if self.interview().is_some_and(super::Interview::is_answered) {
            Ok(())
        } else {
            Err("survey.why.answer_first")
        }
    }

    fn can_go_back(&self) -> Enabled {
        match self.stage() {
            Some(Stage::Other | Stage::Detail(_) | Stage::Asking(_) | Stage::Comment) => Ok(()),
            Some(Stage::Intro) => Err("calls.why.choose_ending"),
            None => Err(ELSEWHERE),
        }
    }
}

/// The digit of an answer; blank for ten.
fn digit(n: i64) -> char {
    u32::try_from(n).ok().and_then(|n| char::from_digit(n, 10)).unwrap_or(' ')
}
