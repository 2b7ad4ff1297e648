//! The kinship word by which a customer is addressed, always chosen by a person and never guessed.

use crate::domain::{lang::Lang, text};
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a customer is addressed. JSON form: the code (`anh`, `chi`, `co`, `chu`, `bac`, `ong`, `ba`, `em`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Salutation {
    /// anh: a man of about one's own age or a little older.
    Anh,
    /// chị: a woman of about one's own age or a little older.
    Chi,
    /// cô: a woman of one's parents' age.
    Co,
    /// chú: a man a little younger than one's parents.
    Chu,
    /// bác: a person a little older than one's parents.
    Bac,
    /// ông: a man of one's grandparents' age.
    Ong,
    /// bà: a woman of one's grandparents' age.
    Ba,
    /// em: a younger person.
    Em,
}

impl Salutation {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 8] =
        [Self::Anh, Self::Chi, Self::Co, Self::Chu, Self::Bac, Self::Ong, Self::Ba, Self::Em];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anh => "anh",
            Self::Chi => "chi",
            Self::Co => "co",
            Self::Chu => "chu",
            Self::Bac => "bac",
            Self::Ong => "ong",
            Self::Ba => "ba",
            Self::Em => "em",
        }
    }

    /// Reads a code or the Vietnamese word in any case, with or without accents and full stop. `None` for
    /// anything else, `anh/chị` included: nobody has chosen yet.
    pub fn parse(text: &str) -> Option<Self> {
        let key = text::fold(&text::clean(text, 12));
        let key = key.trim_end_matches('.');
        Self::ALL.into_iter().find(|salutation| salutation.code() == key)
    }

    /// The words for a person while nobody has chosen one.
    pub fn unknown_label(lang: Lang) -> String {
        t!("salutation.unknown", locale = lang.code()).into_owned()
    }

    /// The word by which the caller names themselves to a person who is addressed so: *cháu* to the generation of
    /// one's parents and above, *em* to *anh* and *chị* and while no word is chosen.
    pub fn own_word(chosen: Option<Self>, lang: Lang) -> String {
        let key = match chosen {
            Some(Self::Co | Self::Chu | Self::Bac | Self::Ong | Self::Ba) => "salutation.self.to_elder",
            Some(Self::Anh | Self::Chi) | None => "salutation.self.to_peer",
            Some(Self::Em) => "salutation.self.to_younger",
        };
        t!(key, locale = lang.code()).into_owned()
    }

    /// The word people see; for merge fields of Vietnamese texts take `Lang::Vi`.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("salutation.{}", self.code()), locale = lang.code()).into_owned()
    }
}
