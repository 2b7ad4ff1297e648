//! The red-flag checklist on screen: the signs of one department, an answer to each or none yet.
//!
//! Invariants: nothing is answered beforehand; an answer given stays with its sign when the department changes
//! and the new list asks it too; "all no" answers only what has no answer yet.

use crate::domain::department::Department;
use crate::domain::lang::Lang;
use crate::domain::triage::{FlagAnswer, RedFlag, RedFlagList};

/// How many signs the digits reach at a time.
pub const DECADE: usize = 10;

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// The sign.
    pub flag: RedFlag,
    /// Its answer.
    pub answer: Option<FlagAnswer>,
}

/// The checklist of one department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// Whose list.
    pub department: Department,
    /// Version of the list.
    pub version: i64,
    /// The signs in order.
    pub signs: Vec<Sign>,
    /// The sign under the cursor.
    pub at: usize,
}

impl Checklist {
    /// The unanswered list of a department.
    pub fn new(list: &RedFlagList, department: Department) -> Self {
        let signs = list
            .for_department(department)
            .into_iter()
            .map(|flag| Sign { flag: flag.clone(), answer: None })
            .collect();
        Self { department, version: list.version, signs, at: 0 }
    }

    /// Turns to another department's list.
    pub fn change(&mut self, list: &RedFlagList, department: Department) {
        let mut next = Self::new(list, department);
        for sign in &mut next.signs {
            sign.answer =
                self.signs.iter().find(|old| old.flag.code == sign.flag.code).and_then(|s| s.answer);
        }
        *self = next;
    }

    /// The signs answered yes or unsure.
    pub fn acute(&self) -> impl Iterator<Item = &RedFlag> {
        let acute = |sign: &&Sign| sign.answer.is_some_and(FlagAnswer::is_acute);
        self.signs.iter().filter(acute).map(|sign| &sign.flag)
    }

    /// The acute signs as words, in the language of the records.
    pub fn acute_words(&self) -> String {
        self.acute().map(|flag| flag.text.get(Lang::Vi)).collect::<Vec<_>>().join("; ")
    }

    /// How many signs have no answer.
    pub fn unanswered(&self) -> usize {
        self.signs.iter().filter(|sign| sign.answer.is_none()).count()
    }

    /// Answers the sign under the cursor and goes on to the next.
    pub fn say(&mut self, answer: FlagAnswer) {
        if let Some(sign) = self.signs.get_mut(self.at) {
            sign.answer = Some(answer);
        }
        self.step(1);
    }

    /// The next answer of the sign under the cursor: no → yes → unsure → no.
    pub fn turn(&mut self) {
        if let Some(sign) = self.signs.get_mut(self.at) {
            sign.answer = Some(match sign.answer {
                None | Some(FlagAnswer::Unsure) => FlagAnswer::No,
                Some(FlagAnswer::No) => FlagAnswer::Yes,
                Some(FlagAnswer::Yes) => FlagAnswer::Unsure,
            });
        }
    }

    /// Goes to the `n`th sign (from 0) of the ten around the cursor and turns its answer.
    pub fn turn_nth(&mut self, n: usize) {
        let at = self.at / DECADE * DECADE + n;
        if at < self.signs.len() {
            self.at = at;
            self.turn();
        }
    }

    /// Everything that has no answer yet is answered no.
    pub fn all_no(&mut self) {
        for sign in &mut self.signs {
            sign.answer = sign.answer.or(Some(FlagAnswer::No));
        }
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        let last = self.signs.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::tui::fixture;

    fn list() -> RedFlagList {
        fixture::ctx(Role::Intake).campaign.red_flags.clone()
    }

    #[test]
    fn nothing_is_answered_beforehand_and_all_no_keeps_what_was_said() {
        let mut checklist = Checklist::new(&list(), Department::Nhi);
        assert_eq!(checklist.unanswered(), checklist.signs.len());
        checklist.say(FlagAnswer::Unsure);
        checklist.all_no();
        assert_eq!(checklist.unanswered(), 0);
        assert_eq!(checklist.acute().count(), 1);
    }

    #[test]
    fn digits_reach_the_ten_around_the_cursor() {
        let mut checklist = Checklist::new(&list(), Department::San);
        assert!(checklist.signs.len() > DECADE + 1);
        checklist.step(10);
        checklist.turn_nth(1);
        assert_eq!(checklist.at, DECADE + 1);
        assert_eq!(checklist.signs[DECADE + 1].answer, Some(FlagAnswer::No));
        checklist.turn_nth(9);
        checklist.turn_nth(9);
        checklist.turn_nth(9);
        assert!(checklist.acute().count() <= 1);
    }

    #[test]
    fn an_answer_stays_with_its_sign_in_another_department() {
        let mut checklist = Checklist::new(&list(), Department::NoiTongHop);
        checklist.all_no();
        let shared = checklist.signs.len();
        checklist.change(&list(), Department::NgoaiTongHop);
        assert_eq!(checklist.signs.len() - checklist.unanswered(), shared);
        checklist.change(&list(), Department::Nhi);
        assert_eq!(checklist.unanswered(), checklist.signs.len());
    }
}
