//! The red-flag checklist on screen: the flags of one department, each with an answer or none yet.
//!
//! Invariants:
//! * no flag is answered beforehand;
//! * an answer stays with its flag when the department changes and the new list has the flag, too;
//! * "all no" answers only flags that have no answer yet.

use crate::domain::department::Department;
use crate::domain::lang::Lang;
use crate::domain::triage::{FlagAnswer, RedFlag, RedFlagList};
use std::collections::BTreeMap;

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagLine {
    /// The flag.
    pub flag: RedFlag,
    /// Its answer.
    pub answer: Option<FlagAnswer>,
}

/// The checklist of one department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// The department.
    pub department: Department,
    /// Version of the list.
    pub version: i64,
    /// The flags in order.
    pub flags: Vec<FlagLine>,
    /// The flag under the cursor.
    pub at: usize,
}

impl Checklist {
    /// The unanswered list of a department.
    pub fn new(list: &RedFlagList, department: Department) -> Self {
        let flags = list
            .for_department(department)
            .into_iter()
            .map(|flag| FlagLine { flag: flag.clone(), answer: None })
            .collect();
        Self { department, version: list.version, flags, at: 0 }
    }

    /// Changes to another department's list.
    pub fn change(&mut self, list: &RedFlagList, department: Department) {
        let mut next = Self::new(list, department);
        for line in &mut next.flags {
            line.answer =
                self.flags.iter().find(|old| old.flag.code == line.flag.code).and_then(|s| s.answer);
        }
        *self = next;
    }

    /// The flags answered yes or unsure.
    pub fn acute(&self) -> impl Iterator<Item = &RedFlag> {
        let acute = |line: &&FlagLine| line.answer.is_some_and(FlagAnswer::is_acute);
        self.flags.iter().filter(acute).map(|line| &line.flag)
    }

    /// The names of the acute flags, in the language of the records.
    pub fn acute_words(&self) -> String {
        self.acute().map(|flag| flag.text.get(Lang::Vi)).collect::<Vec<_>>().join("; ")
    }

    /// Every answer that was given, by code.
    pub fn answers(&self) -> BTreeMap<String, FlagAnswer> {
        self.flags.iter().filter_map(|line| Some((line.flag.code.clone(), line.answer?))).collect()
    }

    /// How many flags have no answer.
    pub fn unanswered(&self) -> usize {
        self.flags.iter().filter(|line| line.answer.is_none()).count()
    }

    /// Answers the flag under the cursor and moves to the next.
    pub fn say(&mut self, answer: FlagAnswer) {
        if let Some(line) = self.flags.get_mut(self.at) {
            line.answer = Some(answer);
        }
        self.step(1);
    }

    /// Gives the flag under the cursor its next answer: no → yes → unsure → no.
    pub fn turn(&mut self) {
        if let Some(line) = self.flags.get_mut(self.at) {
            line.answer = Some(match line.answer {
                None | Some(FlagAnswer::Unsure) => FlagAnswer::No,
                Some(FlagAnswer::No) => FlagAnswer::Yes,
                Some(FlagAnswer::Yes) => FlagAnswer::Unsure,
            });
        }
    }

    /// Answers every flag without an answer with no.
    pub fn all_no(&mut self) {
        for line in &mut self.flags {
            line.answer = line.answer.or(Some(FlagAnswer::No));
        }
    }

    /// Moves the cursor to the first flag without an answer.
    pub fn seek_unanswered(&mut self) {
        self.at = self.flags.iter().position(|line| line.answer.is_none()).unwrap_or(self.at);
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        let last = self.flags.len().saturating_sub(1);
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
    fn nothing_is_answered_beforehand_and_all_no_keeps_what_was_answered() {
        let mut checklist = Checklist::new(&list(), Department::Nhi);
        assert_eq!(checklist.unanswered(), checklist.flags.len());
        checklist.say(FlagAnswer::Unsure);
        checklist.all_no();
        assert_eq!(checklist.unanswered(), 0);
        assert_eq!(checklist.acute().count(), 1);
    }

    #[test]
    fn an_answer_stays_with_its_sign_in_another_department() {
        let mut checklist = Checklist::new(&list(), Department::NoiTongHop);
        checklist.all_no();
        let shared = checklist.flags.len();
        checklist.change(&list(), Department::NgoaiTongHop);
        assert_eq!(checklist.flags.len() - checklist.unanswered(), shared);
        checklist.change(&list(), Department::Nhi);
        assert_eq!(checklist.flags.len() - checklist.unanswered(), shared, "the general signs");
    }
}
