//! The windows over the screens: help, palette, questions, messages, the choice of a person, the 115 alarm. They
//! form a stack; only the uppermost takes keys.

use super::case_search::CaseSearch;
use super::help::Help;
use super::palette::Palette;
use crate::domain::id::StaffId;
use crate::tui::effect::{Origin, Question, Subject};
use crate::tui::field::compose::TypingMode;
use crate::tui::field::{Field, Pressed};
use crate::tui::input::Key;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::list::{Cursor, Step};
use crate::usecase::model::staff::StaffLine;

/// What the person types to acknowledge the alarm: three digits, so that no key in flight can do it.
pub const ALARM_WORD: &str = "115";

/// What a key does in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModalAct {
    /// Yes, or the chosen line.
    Accept,
    /// Closes it.
    Close,
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Marks the other answer.
    Other,
    /// A digit of 115.
    Digit(char),
}

/// A window.
#[derive(Debug, Clone, PartialEq)]
pub enum Modal {
    /// The keys, those that work now first.
    Help(Box<Help>),
    /// Every command.
    Palette(Box<Palette>),
    /// The search among Vinmec's cases.
    Cases(Box<CaseSearch>),
    /// A question.
    Ask {
        /// The tab that asked.
        from: Origin,
        /// The question.
        question: Box<Question>,
        /// Which answer is marked.
        yes: bool,
    },
    /// A message.
    Show {
        /// Title.
        title: Say,
        /// Paragraphs.
        lines: Vec<Say>,
        /// Tone.
        tone: Tone,
        /// First line shown.
        scroll: u16,
    },
    /// The 115 alarm.
    Alarm {
        /// The tab that raised it.
        from: Origin,
        /// Comes back when acknowledged.
        id: &'static str,
        /// What to tell the customer.
        lines: Vec<Say>,
        /// Digits typed so far.
        typed: String,
    },
    /// The choice of a person on a simulated store.
    People {
        /// The people of the store.
        staff: Vec<StaffLine>,
        /// The line under the cursor.
        cursor: Cursor,
    },
}

/// The result of a key in a window.
#[derive(Debug, Clone, PartialEq)]
pub enum Settled {
    /// The window stays.
    Stays,
    /// The window closes.
    Closed,
    /// The window closes and its answer goes to the tab that asked.
    Answer(Origin, &'static str, bool),
    /// The window closes and the act of a binding row follows.
    Do(Origin, &'static str),
    /// The window closes and the schedule opens with this.
    Open(Subject),
    /// The window closes and another person works on.
    Become(StaffId),
}

impl Modal {
    /// A question in a window, with its safer answer marked.
    pub fn ask(from: Origin, question: Box<Question>) -> Self {
        let yes = question.starts_with_yes();
        Self::Ask { from, question, yes }
    }

    /// Its text field, which takes letters before the window's keys do.
    pub fn field(&self) -> Option<&Field> {
        match self {
            Self::Help(help) => Some(&help.field),
            Self::Palette(palette) => Some(&palette.field),
            Self::Cases(search) => Some(&search.field),
            Self::Ask { .. } | Self::Show { .. } | Self::Alarm { .. } | Self::People { .. } => None,
        }
    }

    /// Hands a key to the text field; false when there is none or it does not take the key.
    pub fn press(&mut self, key: Key, mode: TypingMode) -> bool {
        match self {
            Self::Help(help) => help.press(key, mode),
            Self::Palette(palette) => palette.press(key, mode),
            Self::Cases(search) => search.field.press(key, mode) != Pressed::Ignored,
            Self::Ask { .. } | Self::Show { .. } | Self::Alarm { .. } | Self::People { .. } => false,
        }
    }

    /// Pastes into the text field; false when there is none.
    pub fn paste(&mut self, text: &str) -> bool {
        match self {
            Self::Help(help) => help.paste(text),
            Self::Palette(palette) => palette.paste(text),
            Self::Cases(search) => search.field.paste(text),
            Self::Ask { .. } | Self::Show { .. } | Self::Alarm { .. } | Self::People { .. } => return false,
        }
        true
    }

    /// Does what a key of a window does.
    pub fn act(&mut self, act: ModalAct) -> Settled {
        match act {
            ModalAct::Up => self.step(Step::Up),
            ModalAct::Down => self.step(Step::Down),
            ModalAct::PageUp => self.step(Step::PageUp),
            ModalAct::PageDown => self.step(Step::PageDown),
            ModalAct::Other => {
                if let Self::Ask { yes, .. } = self {
                    *yes = !*yes;
                }
                Settled::Stays
            }
            ModalAct::Close => match self {
                Self::Ask { from, question, .. } => match question.on_esc {
                    Some(id) => Settled::Answer(*from, id, true),
                    None => Settled::Answer(*from, question.id, false),
                },
                Self::Alarm { .. } => Settled::Stays,
                Self::Help(_)
                | Self::Palette(_)
                | Self::Cases(_)
                | Self::Show { .. }
                | Self::People { .. } => Settled::Closed,
            },
            ModalAct::Accept => self.accept(),
            ModalAct::Digit(digit) => self.digit(digit),
        }
    }

    fn accept(&self) -> Settled {
        match self {
            Self::Help(_) | Self::Show { .. } => Settled::Closed,
            Self::Palette(palette) => {
                palette.chosen().map_or(Settled::Stays, |entry| Settled::Do(entry.tab, entry.row.id))
            }
            Self::Cases(search) => search.chosen().map_or(Settled::Stays, Settled::Open),
            Self::Ask { from, question, yes } => Settled::Answer(*from, question.id, *yes),
            Self::Alarm { .. } => Settled::Stays,
            Self::People { staff, cursor } => {
                staff.get(cursor.0).map_or(Settled::Closed, |line| Settled::Become(line.id.clone()))
            }
        }
    }

    fn digit(&mut self, digit: char) -> Settled {
        let Self::Alarm { from, id, typed, .. } = self else { return Settled::Stays };
        typed.push(digit);
        if typed == ALARM_WORD {
            return Settled::Answer(*from, id, true);
        }
        if !ALARM_WORD.starts_with(typed.as_str()) {
            typed.clear();
        }
        Settled::Stays
    }

    fn step(&mut self, step: Step) -> Settled {
        match self {
            Self::Help(help) => help.scroll = scrolled(help.scroll, step),
            Self::Show { scroll, .. } => *scroll = scrolled(*scroll, step),
            Self::Palette(palette) => palette.step(step),
            Self::Cases(search) => search.step(step),
            Self::People { staff, cursor } => cursor.step(step, staff.len()),
            Self::Ask { .. } | Self::Alarm { .. } => {}
        }
        Settled::Stays
    }
}

const fn scrolled(scroll: u16, step: Step) -> u16 {
    match step {
        Step::Up => scroll.saturating_sub(1),
        Step::Down => scroll.saturating_add(1),
        Step::PageUp => scroll.saturating_sub(10),
        Step::PageDown => scroll.saturating_add(10),
        Step::First => 0,
        Step::Last => scroll,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alarm_goes_only_when_115_is_typed() {
        let mut alarm =
            Modal::Alarm { from: Origin::Schedule, id: "acute", lines: Vec::new(), typed: String::new() };
        assert_eq!(alarm.act(ModalAct::Accept), Settled::Stays);
        assert_eq!(alarm.act(ModalAct::Close), Settled::Stays);
        for digit in ['5', '1', '5', '1', '1'] {
            assert_eq!(alarm.act(ModalAct::Digit(digit)), Settled::Stays);
        }
        assert_eq!(alarm.act(ModalAct::Digit('5')), Settled::Answer(Origin::Schedule, "acute", true));
    }

    #[test]
    fn a_grave_question_has_no_marked_and_esc_is_no() {
        let question = Question::irrevocable("cancel", Say::key("x"), Say::key("y"));
        let mut ask = Modal::ask(Origin::Calls, Box::new(question));
        assert_eq!(ask.act(ModalAct::Accept), Settled::Answer(Origin::Calls, "cancel", false));
        ask.act(ModalAct::Other);
        assert_eq!(ask.act(ModalAct::Accept), Settled::Answer(Origin::Calls, "cancel", true));
        assert_eq!(ask.act(ModalAct::Close), Settled::Answer(Origin::Calls, "cancel", false));
    }
}
