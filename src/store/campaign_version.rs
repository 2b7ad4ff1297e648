//! Rows of campaign versions: every configuration that was ever in force. The highest number is in force now.
//!
//! Deliberately absent: changing and deleting; the program's role on a server has no right to either.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::id::StaffId;
use crate::domain::time::Timestamp;

/// Most versions that a list names.
const MOST_LISTED: i64 = 500;

/// A version in the list of all, without its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// Its number, from 1 on.
    pub version: i64,
    /// The number of its script.
    pub script: Option<i64>,
    /// The version of its notice.
    pub notice: Option<String>,
    /// The number of its red flags.
    pub flags: Option<i64>,
    /// The number of its questionnaire.
    pub survey: Option<i64>,
    /// Since when it was in force.
    pub loaded_at: Timestamp,
    /// Who loaded it.
    pub loaded_by: StaffId,
}

/// A text whose version other rows keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextVersion<'a> {
    /// Kept with calls.
    Script(i64),
    /// Kept with consents.
    Notice(&'a str),
    /// Kept with screenings.
    RedFlags(i64),
    /// Kept with surveys.
    Survey(i64),
}

fn version(row: &Row) -> Result<VersionRow, StoreError> {
    Ok(VersionRow {
        version: row.int(0)?,
        script: row.opt_int(1)?,
        notice: row.opt_text(2)?,
        flags: row.opt_int(3)?,
        survey: row.opt_int(4)?,
        loaded_at: row.time(5)?,
        loaded_by: StaffId(row.text(6)?),
    })
}

/// Inserts a version with its configuration (JSON). A number that exists is a broken constraint.
pub fn insert(tx: &mut Tx<'_>, row: &VersionRow, config: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO campaign_version
           (version, config, script_version, notice_version, flags_version, survey_version, loaded_at, loaded_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        args![
            row.version,
            config,
            row.script,
            row.notice.as_deref(),
            row.flags,
            row.survey,
            row.loaded_at,
            &row.loaded_by
        ],
    )?;
    Ok(())
}

/// The version in force and its configuration.
pub fn get_in_force(tx: &mut Tx<'_>) -> Result<(i64, String), StoreError> {
    let row = tx.one("SELECT version, config FROM campaign_version ORDER BY version DESC LIMIT 1", &[])?;
    Ok((row.int(0)?, row.text(1)?))
}

/// One version's configuration.
pub fn find_config(tx: &mut Tx<'_>, version: i64) -> Result<Option<String>, StoreError> {
    tx.optional("SELECT config FROM campaign_version WHERE version = ?1", args![version])?
        .map(|row| row.text(0))
        .transpose()
}

/// The latest versions, newest first, at most 500.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<VersionRow>, StoreError> {
    tx.many(
        "SELECT version, script_version, notice_version, flags_version, survey_version, loaded_at, loaded_by
         FROM campaign_version ORDER BY version DESC LIMIT ?1",
        args![MOST_LISTED],
    )?
    .iter()
    .map(version)
    .collect()
}

/// Whether a text of that version was ever in force.
pub fn was_in_force(tx: &mut Tx<'_>, text: &TextVersion<'_>) -> Result<bool, StoreError> {
    let found =
        match text {
            TextVersion::Script(number) => tx
                .optional("SELECT 1 FROM campaign_version WHERE script_version = ?1 LIMIT 1", args![*number]),
            TextVersion::Notice(name) => {
                tx.optional("SELECT 1 FROM campaign_version WHERE notice_version = ?1 LIMIT 1", args![*name])
            }
            TextVersion::RedFlags(number) => {
                tx.optional("SELECT 1 FROM campaign_version WHERE flags_version = ?1 LIMIT 1", args![*number])
            }
            TextVersion::Survey(number) => tx
                .optional("SELECT 1 FROM campaign_version WHERE survey_version = ?1 LIMIT 1", args![*number]),
        };
    Ok(found?.is_some())
}
