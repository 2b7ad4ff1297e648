//! The keys of outbound calls. One digit means one ending; the same digits mean the rest behind 0, a question, a
//! consent or a kind of pause while that part is open, and each has its own place.

use super::{Hand, Outbound, Phase};
use crate::domain::actor::Permission as May;
use crate::domain::disposition::Disposition;
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled};
use crate::tui::widgets::list::Step;
use crate::usecase::command::PauseCode;

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
    /// Open the kinds of pause.
    Pauses,
    /// Pause.
    Pause(PauseCode),
    /// Work again.
    Resume,
    /// Take the last ending back.
    Undo,
    /// Tick the next box of the script.
    Tick,
    /// Take the last tick back.
    Untick,
    /// Read on (or back) in the script.
    Read(bool),
    /// Open the questions customers ask.
    Questions,
    /// Open one of them.
    Question(usize),
    /// The next question (or the one before).
    TurnQuestion(bool),
    /// Write the note.
    Note,
    /// Copy the number.
    Copy,
    /// Give the customer back without a call.
    Release,
    /// Show the other endings.
    Other,
    /// The call ended this way.
    End(Disposition),
    /// Record the ending with its time or note.
    SaveDetail,
    /// The answer to a consent, by its place.
    Consent(usize),
    /// Register.
    Register,
    /// One step back.
    Back,
}

const READY: &str = "calls_ready";
const PAUSES: &str = "calls_pauses";
const PAUSED: &str = "calls_paused";
const OPEN: &str = "calls_open";
const OTHER: &str = "calls_other";
const QUESTIONS: &str = "calls_questions";
const DETAIL: &str = "calls_detail";
const REGISTER: &str = "calls_register";
const BACK: &str = "calls_back";

const ENTER: &[Key] = &[Key::plain(KeyCode::Enter)];
const ESC: &[Key] = &[Key::plain(KeyCode::Esc)];
const UP: &[Key] = &[Key::plain(KeyCode::Up)];
const DOWN: &[Key] = &[Key::plain(KeyCode::Down)];

type Row = Binding<Act, Outbound>;

const fn row(place: &'static str, id: &'static str, keys: &'static [Key], act: Act) -> Row {
    Binding::new(place, id, keys, act).needs(May::CallOffers)
}

const fn ending(id: &'static str, key: &'static [Key], disposition: Disposition) -> Row {
    row(OPEN, id, key, Act::End(disposition)).when(Outbound::ending).quiet()
}

const fn other(id: &'static str, key: &'static [Key], disposition: Disposition) -> Row {
    row(OTHER, id, key, Act::End(disposition)).when(Outbound::other_row).quiet()
}

const fn question(id: &'static str, key: &'static [Key], at: usize) -> Row {
    row(QUESTIONS, id, key, Act::Question(at)).when(Outbound::asking).quiet()
}

const fn consent(id: &'static str, key: &'static [Key], at: usize) -> Row {
    row(REGISTER, id, key, Act::Consent(at)).when(Outbound::registering).quiet()
}

const fn pause(id: &'static str, key: &'static [Key], code: PauseCode) -> Row {
    row(PAUSES, id, key, Act::Pause(code)).when(Outbound::choosing_pause)
}

/// The table.
pub const BINDINGS: &[Row] = &[
    row(READY, "calls.fetch", ENTER, Act::Fetch).when(Outbound::ready),
    row(READY, "calls.promise", &[Key::char('h')], Act::CallPromise).when(Outbound::has_promise),
    row(READY, "calls.why_not", &[Key::char('w')], Act::WhyNot).when(Outbound::has_promise),
    row(READY, "calls.promise_up", UP, Act::Choose(Step::Up)).when(Outbound::has_promise).quiet(),
    row(READY, "calls.promise_down", DOWN, Act::Choose(Step::Down)).when(Outbound::has_promise).quiet(),
    row(READY, "calls.undo", &[Key::char('u')], Act::Undo).when(Outbound::can_undo),
    row(READY, "calls.pause", &[Key::char('p')], Act::Pauses).when(Outbound::ready),
    row(PAUSED, "calls.resume", ENTER, Act::Resume).when(Outbound::paused),
    row(OPEN, "calls.tick", &[Key::char(' ')], Act::Tick).when(Outbound::has_boxes),
    row(OPEN, "calls.untick", &[Key::plain(KeyCode::Backspace)], Act::Untick).when(Outbound::reading).quiet(),
    row(OPEN, "calls.read_on", DOWN, Act::Read(true)).when(Outbound::reading).quiet(),
    row(OPEN, "calls.read_back", UP, Act::Read(false)).when(Outbound::reading).quiet(),
    row(OPEN, "calls.questions", &[Key::char('o')], Act::Questions).when(Outbound::reading),
    row(OPEN, "calls.note", &[Key::char('n')], Act::Note).when(Outbound::reading),
    row(OPEN, "calls.copy", &[Key::char('y')], Act::Copy).when(Outbound::reading),
    row(OPEN, "calls.release", &[Key::char('r')], Act::Release).when(Outbound::reading),
    row(OPEN, "calls.agreed", &[Key::char('1')], Act::End(Disposition::Agreed))
        .when(Outbound::may_agree)
        .quiet(),
    ending("calls.considering", &[Key::char('2')], Disposition::Considering),
    ending("calls.callback", &[Key::char('3')], Disposition::Callback),
    ending("calls.declined", &[Key::char('4')], Disposition::Declined),
    ending("calls.no_answer", &[Key::char('5')], Disposition::NoAnswer),
    ending("calls.busy", &[Key::char('6')], Disposition::Busy),
    ending("calls.unreachable", &[Key::char('7')], Disposition::Unreachable),
    ending("calls.invalid_number", &[Key::char('8')], Disposition::InvalidNumber),
    ending("calls.do_not_call", &[Key::char('9')], Disposition::DoNotCall),
    row(OPEN, "calls.other", &[Key::char('0')], Act::Other).when(Outbound::ending).quiet(),
    pause("calls.pause_break", &[Key::char('1')], PauseCode::Break),
    pause("calls.pause_meal", &[Key::char('2')], PauseCode::Meal),
    pause("calls.pause_meeting", &[Key::char('3')], PauseCode::Meeting),
    pause("calls.pause_training", &[Key::char('4')], PauseCode::Training),
    pause("calls.pause_technical", &[Key::char('5')], PauseCode::Technical),
    other("calls.hung_up", &[Key::char('1')], Disposition::HungUp),
    other("calls.wrong_person", &[Key::char('2')], Disposition::WrongPerson),
    other("calls.child_answered", &[Key::char('3')], Disposition::ChildAnswered),
    other("calls.not_eligible", &[Key::char('4')], Disposition::NotEligible),
    other("calls.already_registered", &[Key::char('5')], Disposition::AlreadyRegistered),
    other("calls.language", &[Key::char('6')], Disposition::Language),
    other("calls.complaint", &[Key::char('7')], Disposition::Complaint),
    row(QUESTIONS, "calls.question_next", DOWN, Act::TurnQuestion(true)).when(Outbound::asking).quiet(),
    row(QUESTIONS, "calls.question_back", UP, Act::TurnQuestion(false)).when(Outbound::asking).quiet(),
    question("calls.question_1", &[Key::char('1')], 0),
    question("calls.question_2", &[Key::char('2')], 1),
    question("calls.question_3", &[Key::char('3')], 2),
    question("calls.question_4", &[Key::char('4')], 3),
    question("calls.question_5", &[Key::char('5')], 4),
    question("calls.question_6", &[Key::char('6')], 5),
    question("calls.question_7", &[Key::char('7')], 6),
    question("calls.question_8", &[Key::char('8')], 7),
    question("calls.question_9", &[Key::char('9')], 8),
    row(DETAIL, "calls.save", ENTER, Act::SaveDetail).when(Outbound::detailing),
    row(REGISTER, "calls.register", ENTER, Act::Register).when(Outbound::registering),
    consent("calls.consent_1", &[Key::char('1')], 0),
    consent("calls.consent_2", &[Key::char('2')], 1),
    consent("calls.consent_3", &[Key::char('3')], 2),
    consent("calls.consent_4", &[Key::char('4')], 3),
    row(BACK, "calls.back", ESC, Act::Back).when(Outbound::can_go_back),
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
impl Outbound {
    fn ready(&self) -> Enabled {
        match &self.phase {
            Phase::Ready => Ok(()),
            Phase::ChoosingPause => Err("calls.why.choose_pause"),
            Phase::Paused { .. } => Err("calls.why.paused"),
            Phase::Calling(_) => Err("calls.why.choose_ending"),
        }
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

    fn choosing_pause(&self) -> Enabled {
        here(self.phase == Phase::ChoosingPause)
    }

    fn paused(&self) -> Enabled {
        here(matches!(self.phase, Phase::Paused { .. }))
    }

    /// Why a key of an open call does not work outside one.
    fn no_call(&self) -> Enabled {
        match &self.phase {
            Phase::Ready | Phase::ChoosingPause => Err("calls.why.no_call"),
            Phase::Paused { .. } => Err("calls.why.paused"),
            Phase::Calling(_) => Err("calls.why.part_open"),
        }
    }

    fn reading(&self) -> Enabled {
        match self.hand() {
            Some(Hand::Script) => Ok(()),
            Some(Hand::Other | Hand::Questions(_) | Hand::Detail(_) | Hand::Register(_)) | None => {
                self.no_call()
            }
        }
    }

    /// As [`Self::reading`], but the digits are free while no call is open: they open tabs then.
    fn ending(&self) -> Enabled {
        if self.call().is_none() { Err(ELSEWHERE) } else { self.reading() }
    }

    fn has_boxes(&self) -> Enabled {
        self.reading()?;
        if self.panel().is_some_and(super::CallPanel::has_boxes) {
            Ok(())
        } else {
            Err("calls.why.all_ticked")
        }
    }

    pub(super) fn may_agree(&self) -> Enabled {
        self.ending()?;
        if self.panel().is_some_and(super::CallPanel::may_agree) {
            Ok(())
        } else {
            Err("calls.why.steps_left")
        }
    }

    fn other_row(&self) -> Enabled {
        here(matches!(self.hand(), Some(Hand::Other)))
    }

    fn asking(&self) -> Enabled {
        here(matches!(self.hand(), Some(Hand::Questions(_))))
    }

    fn detailing(&self) -> Enabled {
        here(matches!(self.hand(), Some(Hand::Detail(_))))
    }

    fn registering(&self) -> Enabled {
        here(matches!(self.hand(), Some(Hand::Register(_))))
    }

    fn can_go_back(&self) -> Enabled {
        match (&self.phase, self.hand()) {
            (Phase::ChoosingPause, _) => Ok(()),
            (_, Some(Hand::Other | Hand::Questions(_) | Hand::Detail(_) | Hand::Register(_))) => Ok(()),
            (_, Some(Hand::Script)) => Err("calls.why.choose_ending"),
            (_, None) => Err(ELSEWHERE),
        }
    }
}
