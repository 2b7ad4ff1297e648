//! The errors of the store. Errors of libraries are translated here and nowhere else; their text goes to the log
//! under an incident number, never to a user.

use crate::domain::lang::Lang;
use rust_i18n::t;

/// Why the store could not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// Another process writes, or the queue is full, past the deadline.
    Busy,
    /// A conflict with another transaction; the same command may be tried again at once.
    Conflict,
    /// The connection to the server was lost, and the request may or may not have happened. Only an operation id
    /// makes a retry safe.
    Lost {
        /// What was tried, without secrets.
        what: String,
    },
    /// The database refuses this user or password, or this action.
    Denied {
        /// What was tried, without secrets.
        what: String,
    },
    /// The server's certificate is not trusted.
    Untrusted {
        /// What was tried, and what is wrong with its certificate.
        what: String,
    },
    /// The name of a store cannot be understood.
    BadPlace {
        /// The part that cannot, without secrets.
        what: String,
    },
    /// A copy is not what its source is.
    Differs {
        /// The first table that is not the same.
        what: &'static str,
    },
    /// The caller stopped it.
    Stopped,
    /// The file or server cannot be reached.
    Unreachable {
        /// What was tried, without secrets.
        what: String,
    },
    /// There is no store yet.
    Missing {
        /// Where it was looked for.
        what: String,
    },
    /// A store is there already.
    Exists {
        /// Where.
        what: String,
    },
    /// The disk is full.
    DiskFull,
    /// The store cannot be written here.
    ReadOnly,
    /// The file is no store of this program.
    NotAStore {
        /// What was opened.
        what: String,
    },
    /// A newer program made this store.
    NewerSchema {
        /// Its schema version.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// The file is damaged.
    Corrupt,
    /// A constraint refused what a rule should have refused: another command was faster. The door tries once more.
    Constraint {
        /// The incident number under which the causes are in the log.
        incident: String,
    },
    /// A bug of the program.
    Internal {
        /// The incident number under which the causes are in the log.
        incident: String,
    },
}

impl StoreError {
    /// A bug of the program; the cause goes to the log under a new incident number.
    pub fn internal(cause: &str) -> Self {
        let incident = incident();
        tracing::error!(incident, cause, "internal error");
        Self::Internal { incident }
    }

    /// A constraint of the schema refused.
    pub fn constraint(cause: &str) -> Self {
        let incident = incident();
        tracing::warn!(incident, cause, "constraint");
        Self::Constraint { incident }
    }

    /// The public kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Busy | Self::Conflict => "busy",
            Self::Unreachable { .. } | Self::Lost { .. } => "unreachable",
            Self::Denied { .. } => "denied",
            Self::Untrusted { .. } => "untrusted",
            Self::BadPlace { .. } => "bad_place",
            Self::Differs { .. } => "differs",
            Self::Stopped => "stopped",
            Self::Missing { .. } => "missing",
            Self::Exists { .. } => "exists",
            Self::DiskFull => "disk_full",
            Self::ReadOnly => "read_only",
            Self::NotAStore { .. } => "not_a_store",
            Self::NewerSchema { .. } => "newer_schema",
            Self::Corrupt => "corrupt",
            Self::Constraint { .. } => "constraint",
            Self::Internal { .. } => "internal",
        }
    }

    /// Whether the same command may succeed a little later.
    pub const fn is_passing(&self) -> bool {
        // Only followers answer while a new leader is being elected.
        matches!(self, Self::Busy | Self::Conflict | Self::Lost { .. } | Self::ReadOnly)
    }

    /// The public exit code (`docs/COMMANDS.md`).
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Busy
            | Self::Conflict
            | Self::Lost { .. }
            | Self::Denied { .. }
            | Self::Untrusted { .. }
            | Self::Unreachable { .. }
            | Self::DiskFull
            | Self::ReadOnly => 4,
            Self::Missing { .. }
            | Self::BadPlace { .. }
            | Self::Stopped
            | Self::Exists { .. }
            | Self::NotAStore { .. }
            | Self::NewerSchema { .. } => 2,
            Self::Corrupt | Self::Differs { .. } => 5,
            Self::Constraint { .. } | Self::Internal { .. } => 1,
        }
    }

    /// The sentence for the user.
    pub fn message(&self, lang: Lang) -> String {
        self.sentence("message", lang)
    }

    /// What to do about it.
    pub fn hint(&self, lang: Lang) -> String {
        self.sentence("hint", lang)
    }

    fn sentence(&self, part: &str, lang: Lang) -> String {
        let mut text = t!(format!("store.{}.{part}", self.kind()), locale = lang.code()).into_owned();
        let facts: Vec<(&str, String)> = match self {
            Self::Unreachable { what }
            | Self::Lost { what }
            | Self::Denied { what }
            | Self::Untrusted { what }
            | Self::BadPlace { what }
            | Self::Missing { what }
            | Self::Exists { what }
            | Self::NotAStore { what } => {
                vec![("what", what.clone())]
            }
            Self::NewerSchema { found, known } => {
                vec![("found", found.to_string()), ("known", known.to_string())]
            }
            Self::Constraint { incident } | Self::Internal { incident } => {
                vec![("incident", incident.clone())]
            }
            Self::Differs { what } => vec![("what", (*what).to_owned())],
            Self::Busy | Self::Conflict | Self::DiskFull | Self::ReadOnly | Self::Corrupt | Self::Stopped => {
                Vec::new()
            }
        };
        for (name, value) in facts {
            text = text.replace(&format!("%{{{name}}}"), &value);
        }
        text
    }
}

/// A new incident number: short enough to read out on the phone.
fn incident() -> String {
    let id = ulid::Ulid::generate().to_string();
    id.get(id.len().saturating_sub(8)..).unwrap_or_default().to_owned()
}
