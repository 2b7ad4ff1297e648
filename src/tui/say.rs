//! A sentence as a locale key with its arguments. Screens keep and compare these; only the view turns them into text,
//! so that F10 changes the language of every sentence on screen at once.

use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::usecase::Error;
use rust_i18n::t;

/// A sentence to be shown in the language of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// A locale key with `%{name}` places to fill.
    Key(&'static str, Vec<(&'static str, String)>),
    /// The sentence and the hint of an error.
    Failed(Box<Error>),
    /// Text that has no language: a name, a number, a file.
    Plain(String),
}

impl Say {
    /// A sentence without places.
    pub const fn key(key: &'static str) -> Self {
        Self::Key(key, Vec::new())
    }

    /// This sentence with one more place filled.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl ToString) -> Self {
        match self {
            Self::Key(key, mut values) => {
                values.push((name, value.to_string()));
                Self::Key(key, values)
            }
            Self::Failed(_) | Self::Plain(_) => self,
        }
    }

    /// The sentence in `lang`.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Key(key, values) => {
                let mut text = t!(*key, locale = lang.code()).into_owned();
                for (name, value) in values {
                    text = text.replace(&format!("%{{{name}}}"), value);
                }
                text
            }
            Self::Failed(error) => error.message(lang),
            Self::Plain(text) => text.clone(),
        }
    }

    /// What to do about it, when the sentence is an error.
    pub fn hint(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Failed(error) => Some(error.hint(lang)),
            Self::Key(..) | Self::Plain(_) => None,
        }
    }
}

impl From<Refusal> for Say {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(Box::new(Error::Refused(refusal)))
    }
}

impl From<Error> for Say {
    fn from(error: Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

/// The text under a locale key, for the views.
pub fn word(key: &str, lang: Lang) -> String {
    t!(key, locale = lang.code()).into_owned()
}
