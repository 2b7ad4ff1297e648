//! The errors of the door: a rule refused, the store is busy or out of reach, or something is broken. The surface
//! decides by kind; sentences are in `locales/`.

use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::store::StoreError;

/// Why a command or query did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A rule refused; nothing changed.
    Refused(Refusal),
    /// The store could not do it; nothing changed.
    Store(StoreError),
}

impl Error {
    /// The public kind: `refused`, or the store's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Store(error) => error.kind(),
        }
    }

    /// The sentence a person sees.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Refused(refusal) => refusal.message(lang),
            Self::Store(error) => error.message(lang),
        }
    }

    /// What to do about it.
    pub fn hint(&self, lang: Lang) -> String {
        match self {
            Self::Refused(refusal) => refusal.hint(lang),
            Self::Store(error) => error.hint(lang),
        }
    }

    /// The public exit code (`docs/COMMANDS.md`).
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => 3,
            Self::Store(error) => error.exit_code(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
