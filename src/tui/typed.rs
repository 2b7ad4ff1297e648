//! The unsent text of a screen as a draft: how it is written to the store, and read again after a lost connection.
//!
//! Deliberately absent: answers about red flags, which a person gives anew, and anything that the store knows.

use crate::domain::id::{CaseId, MatterId};
use crate::usecase::draft::{form_of_case, form_of_matter, form_of_phone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the typed text belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// An open call.
    Matter(MatterId),
    /// A case without a call.
    Case(CaseId),
    /// A registration without a call to the customer: the number in E.164.
    Phone(String),
}

impl About {
    /// The name under which it is stored.
    pub fn form(&self) -> String {
        match self {
            Self::Matter(matter) => form_of_matter(*matter),
            Self::Case(case) => form_of_case(*case),
            Self::Phone(phone) => form_of_phone(phone),
        }
    }

    /// Parses the name.
    pub fn parse(form: &str) -> Option<Self> {
        let (kind, rest) = form.split_once(':')?;
        match kind {
            "matter" => rest.parse().ok().map(|id| Self::Matter(MatterId(id))),
            "case" => rest.parse().ok().map(|id| Self::Case(CaseId(id))),
            "phone" => Some(Self::Phone(rest.to_owned())),
            _ => None,
        }
    }
}

/// Typed text with its position on the screen.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// The customer's name, for the question whether to go on.
    pub who: String,
    /// Which part of the screen had the keys, as the screen names it.
    pub part: String,
    /// The note of the call.
    pub note: String,
    /// Script steps that were done.
    pub steps: Vec<String>,
    /// Answers of an interview: question and value, `-` for a skipped one.
    pub answers: Vec<(String, String)>,
    /// Items of the form: id and value.
    pub fields: Vec<(String, String)>,
}

/// Shows nothing that was typed.
impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").field("part", &self.part).finish_non_exhaustive()
    }
}

impl Typed {
    /// The text that is stored.
    pub fn write(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Parses it; none when this program did not write it.
    pub fn read(body: &str) -> Option<Self> {
        serde_json::from_str(body).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_read_back() {
        for about in
            [About::Matter(MatterId(17)), About::Case(CaseId(3)), About::Phone("+84904123401".to_owned())]
        {
            assert_eq!(About::parse(&about.form()), Some(about));
        }
        assert_eq!(About::parse("matter:x"), None);
        let typed = Typed {
            who: "Hùng".to_owned(),
            fields: vec![("note".to_owned(), "đau \"đầu\"\n".to_owned())],
            ..Typed::default()
        };
        assert_eq!(Typed::read(&typed.write().unwrap()), Some(typed.clone()));
        assert_eq!(
            Typed::read("{\"part\":\"script\",\"newer\":1}").map(|t| t.part).as_deref(),
            Some("script")
        );
        assert_eq!(Typed::read("7"), None);
        assert!(!format!("{typed:?}").contains("Hùng"));
    }
}
