//! What an import did, in its public form, and why a row was left out.
//!
//! Invariant: `read = accepted + updated + unchanged + all rejected`; a warned row is counted as well as warned.

use crate::domain::eligibility::ImportReason;
use crate::domain::lang::Lang;
use crate::domain::phone::{PhoneError, PhoneWarning};
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Rows below the header; empty lines do not count.
    pub read: u64,
    /// Rows that are new.
    pub accepted: u64,
    /// Rows that changed something known.
    pub updated: u64,
    /// Rows that say what is known.
    pub unchanged: u64,
    /// Rows left out, by public reason.
    pub rejected: BTreeMap<String, u64>,
    /// Rows taken with doubt, by public reason.
    pub warnings: BTreeMap<String, u64>,
    /// Entries that the file no longer has (registers are replaced as a whole).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removed: u64,
    /// Number of the list that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<i64>,
    /// Columns that nothing knows, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_columns: Vec<String>,
    /// Nothing was written: a rehearsal.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dry_run: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_zero(value: &u64) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Report {
    /// Counts a row that is left out.
    pub(super) fn reject(&mut self, reason: Reason) {
        *self.rejected.entry(reason.code().to_owned()).or_default() += 1;
    }

    /// Counts a row that is taken with doubt.
    pub(super) fn warn(&mut self, warning: Warning) {
        *self.warnings.entry(warning.code().to_owned()).or_default() += 1;
    }

    /// All rows left out.
    pub fn rejected_rows(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// For the audit row: counts only.
    pub(super) fn detail(&self) -> String {
        format!(
            "read={} accepted={} updated={} unchanged={} rejected={} removed={}",
            self.read,
            self.accepted,
            self.updated,
            self.unchanged,
            self.rejected_rows(),
            self.removed
        )
    }
}

/// Why a row is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The phone cell is not one Vietnamese mobile number.
    Phone(PhoneError),
    /// The screening rejected it.
    Screen(ImportReason),
    /// An earlier row of the file has the same number, comment or licence.
    DuplicateInFile,
    /// A cell is longer than any cell can be.
    CellTooLong,
    /// Text stands beyond the last header: an unquoted separator has moved the cells.
    CellsShifted,
    /// The voice and SMS flags cannot be read.
    FlagsUnreadable,
    /// A comment reference is missing.
    CommentMissing,
    /// A rule of the programme refused it; its public code.
    Refused(&'static str),
    /// Titles, licence, departments or shifts cannot be read.
    DoctorUnreadable,
}

impl Reason {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone(error) => error.code(),
            Self::Screen(reason) => reason.code(),
            Self::DuplicateInFile => "duplicate_in_file",
            Self::CellTooLong => "cell_too_long",
            Self::CellsShifted => "cells_shifted",
            Self::FlagsUnreadable => "flags_unreadable",
            Self::CommentMissing => "comment_missing",
            Self::Refused(rule) => rule,
            Self::DoctorUnreadable => "doctor_unreadable",
        }
    }

    /// The sentence for the rejects file.
    pub fn sentence(self, lang: Lang) -> String {
        match self {
            Self::Phone(error) => error.sentence(lang),
            Self::Screen(reason) => reason.label(lang),
            Self::Refused(rule) => t!(format!("refusal.{rule}.message"), locale = lang.code()).into_owned(),
            Self::DuplicateInFile
            | Self::CellTooLong
            | Self::CellsShifted
            | Self::FlagsUnreadable
            | Self::CommentMissing
            | Self::DoctorUnreadable => {
                t!(format!("import.reason.{}", self.code()), locale = lang.code()).into_owned()
            }
        }
    }
}

/// Why a row is taken with doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The number looks like something else.
    Phone(PhoneWarning),
    /// The salutation is none of the kinship words; left empty.
    SalutationUnknown,
    /// The time of the SMS cannot be read; left empty.
    SmsSentAtUnreadable,
    /// The flags of a register's row cannot be read: it counts for calls and messages.
    FlagsUnreadable,
    /// Text stands beyond the last header: the row counts for calls and messages.
    CellsShifted,
    /// A cell is longer than any cell can be: the row counts for calls and messages.
    CellTooLong,
    /// Several numbers stand in one cell: each counts for calls and messages.
    PhoneSeveral,
}

impl Warning {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone(warning) => warning.code(),
            Self::SalutationUnknown => "salutation_unknown",
            Self::SmsSentAtUnreadable => "sms_sent_at_unreadable",
            Self::FlagsUnreadable => "flags_unreadable",
            Self::CellsShifted => "cells_shifted",
            Self::CellTooLong => "cell_too_long",
            Self::PhoneSeveral => "phone_several",
        }
    }
}
