//! The user's language: Vietnamese first, English complete. It belongs to a session, never to the
//! process. Sentences live in `locales/*.yml` and are fetched with `rust_i18n::t!(key, locale = lang.code())`.

use serde::{Deserialize, Serialize};

/// A language of screens and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The locale code that the sentence files use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The other language, for the F10 toggle.
    pub const fn toggled(self) -> Self {
        match self {
            Self::Vi => Self::En,
            Self::En => Self::Vi,
        }
    }

    /// One decimal, halves away from zero, with the separator of the language: `6,3` of 6.25.
    pub fn decimal(self, value: f64) -> String {
        let text = format!("{:.1}", (value * 10.0).round() / 10.0);
        match self {
            Self::Vi => text.replace('.', ","),
            Self::En => text,
        }
    }

    /// Reads `vi` or `en` in any case.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "vi" => Some(Self::Vi),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    /// Whether a language is missing.
    pub fn is_incomplete(&self) -> bool {
        self.vi.trim().is_empty() || self.en.trim().is_empty()
    }
}
