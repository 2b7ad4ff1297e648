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
    /// The parts in which it differs from the one before, with commas between them.
    pub changed: String,
    /// Since when it was in force.
    pub loaded_at: Timestamp,
    /// Who loaded it.
    pub loaded_by: StaffId,
    /// Their name.
    pub loaded_by_name: String,
    /// Why, in their words.
    pub reason: Option<String>,
}

/// The name under which the store's facts keep the reason for a version; its number follows.
const REASON: &str = "campaign_reason:";

fn version(row: &Row) -> Result<VersionRow, StoreError> {
    Ok(VersionRow {
        version: row.int(0)?,
        script: row.opt_int(1)?,
        notice: row.opt_text(2)?,
        flags: row.opt_int(3)?,
        survey: row.opt_int(4)?,
        changed: row.text(5)?,
        loaded_at: row.time(6)?,
        loaded_by: StaffId(row.text(7)?),
        loaded_by_name: row.text(8)?,
        reason: row.opt_text(9)?,
    })
}

/// Inserts a version with its configuration (JSON). A number that exists is a broken constraint.
pub fn insert(tx: &mut Tx<'_>, row: &VersionRow, config: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO campaign_version
           (version, config, script_version, notice_version, flags_version, survey_version, changed, loaded_at,
            loaded_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        args![
            row.version,
            config,
            row.script,
            row.notice.as_deref(),
            row.flags,
            row.survey,
            row.changed.as_str(),
            row.loaded_at,
            &row.loaded_by
        ],
    )?;
    if let Some(reason) = &row.reason {
        tx.execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)",
            args![format!("{REASON}{}", row.version), reason],
        )?;
    }
    Ok(())
}

/// The version in force and its configuration.
pub fn get_in_force(tx: &mut Tx<'_>) -> Result<(i64, String), StoreError> {
    let row = tx.one("SELECT version, config FROM campaign_version ORDER BY version DESC LIMIT 1", &[])?;
    Ok((row.int(0)?, row.text(1)?))
}

/// One version.
pub fn find(tx: &mut Tx<'_>, number: i64) -> Result<Option<VersionRow>, StoreError> {
    tx.optional(
        "SELECT v.version, v.script_version, v.notice_version, v.flags_version, v.survey_version, v.changed,
           v.loaded_at, v.loaded_by, COALESCE(s.name, v.loaded_by), r.value
         FROM campaign_version v LEFT JOIN staff s ON s.id = v.loaded_by
         LEFT JOIN meta r ON r.name = 'campaign_reason:' || v.version
         WHERE v.version = ?1",
        args![number],
    )?
    .map(|row| version(&row))
    .transpose()
}

/// One version's configuration.
pub fn find_config(tx: &mut Tx<'_>, version: i64) -> Result<Option<String>, StoreError> {
    tx.optional("SELECT config FROM campaign_version WHERE version = ?1", args![version])?
        .map(|row| row.text(0))
        .transpose()
}

/// The version of the notice that was in force at an instant.
pub fn get_notice_at(tx: &mut Tx<'_>, at: Timestamp) -> Result<Option<String>, StoreError> {
    tx.one(
        "SELECT notice_version FROM campaign_version WHERE version = 1 OR loaded_at <= ?1
         ORDER BY version DESC LIMIT 1",
        args![at],
    )?
    .opt_text(0)
}

/// The latest versions, newest first, at most 500.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<VersionRow>, StoreError> {
    tx.many(
        "SELECT v.version, v.script_version, v.notice_version, v.flags_version, v.survey_version, v.changed,
           v.loaded_at, v.loaded_by, COALESCE(s.name, v.loaded_by), r.value
         FROM campaign_version v LEFT JOIN staff s ON s.id = v.loaded_by
         LEFT JOIN meta r ON r.name = 'campaign_reason:' || v.version
         ORDER BY v.version DESC LIMIT ?1",
        args![MOST_LISTED],
    )?
    .iter()
    .map(version)
    .collect()
}
