//! Failures of the command line and their output: `tongdai: <what is wrong>` and a `hint:` line on standard error,
//! `{"error":…}` on standard output with `--json`, and the public exit code.

use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::store::StoreError;
use crate::usecase::Error;
use rust_i18n::t;
use std::io::Write;

/// Done.
pub const OK: u8 = 0;
/// Wrong usage or unreadable input.
pub const USAGE: u8 = 2;
/// A check found something wrong.
pub const BROKEN: u8 = 5;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// The door refused the command, or the store failed.
    Door(Error),
    /// Wrong usage or unreadable input: kind, sentence, hint, all ready for people.
    Usage {
        /// Public kind.
        kind: &'static str,
        /// Sentence.
        message: String,
        /// Hint.
        hint: String,
    },
    /// The reader of our output closed the pipe; nothing is printed.
    PipeClosed,
    /// Already printed; only the exit code is left.
    Printed(u8),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Door(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Door(Error::Store(error))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Door(Error::Refused(refusal))
    }
}

/// The system's error in the user's language; a rare error by its number.
pub fn because(error: &std::io::Error, lang: Lang) -> String {
    use std::io::ErrorKind as Kind;
    let word = match error.kind() {
        Kind::AddrInUse => "address_in_use",
        Kind::AddrNotAvailable => "address_elsewhere",
        Kind::PermissionDenied => "permission",
        Kind::IsADirectory => "folder",
        Kind::NotADirectory => "no_folder",
        Kind::InvalidData => "no_text",
        Kind::ReadOnlyFilesystem => "read_only",
        _ => "other",
    };
    let number = error.raw_os_error().map_or_else(|| error.kind().to_string(), |number| number.to_string());
    t!(format!("cli.why.{word}"), locale = lang.code()).replace("%{number}", &number)
}

impl Failure {
    /// A usage failure whose sentences stand under `cli.fail.<kind>`, with `%{what}` filled.
    pub fn usage(kind: &'static str, what: &str, lang: Lang) -> Self {
        let say =
            |part: &str| t!(format!("cli.fail.{kind}.{part}"), locale = lang.code()).replace("%{what}", what);
        Self::Usage { kind, message: say("message"), hint: say("hint") }
    }

    /// A file or stream that failed.
    pub fn io(error: &std::io::Error, what: &str, lang: Lang) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::PipeClosed,
            std::io::ErrorKind::StorageFull
            | std::io::ErrorKind::FileTooLarge
            | std::io::ErrorKind::QuotaExceeded => StoreError::DiskFull.into(),
            std::io::ErrorKind::AlreadyExists => StoreError::Exists { what: what.to_owned() }.into(),
            std::io::ErrorKind::NotFound => Self::usage("no_file", what, lang),
            std::io::ErrorKind::PermissionDenied => Self::usage("no_permission", what, lang),
            _ => Self::usage("unreadable", &format!("{what}: {}", because(error, lang)), lang),
        }
    }

    /// The exit code.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Door(error) => error.exit_code(),
            Self::Usage { .. } => USAGE,
            Self::PipeClosed => OK,
            Self::Printed(code) => *code,
        }
    }

    /// Prints it for a person, and for a program when `json` is set.
    pub fn say(&self, lang: Lang, json: bool) {
        let (kind, message, hint) = match self {
            Self::Door(error) => (error.kind(), error.message(lang), error.hint(lang)),
            Self::Usage { kind, message, hint } => (*kind, message.clone(), hint.clone()),
            Self::PipeClosed | Self::Printed(_) => return,
        };
        if json {
            let rule = match self {
                Self::Door(Error::Refused(refusal)) => Some(refusal.rule()),
                _ => None,
            };
            let mut error = serde_json::json!({"kind": kind, "message": message, "hint": hint});
            if let Some(rule) = rule {
                error["rule"] = rule.into();
            }
            let _ = writeln!(std::io::stdout(), "{}", serde_json::json!({ "error": error }));
        }
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(stderr, "tongdai: {message}");
        if !hint.is_empty() {
            let _ = writeln!(stderr, "hint: {hint}");
        }
    }
}
