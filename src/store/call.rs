//! Rows of recorded calls. A call keeps the earlier state of its matter (and of Vinmec's case or the survey), so that
//! the last disposition can be undone within the campaign's undo time.
//!
//! Deliberately absent: health text, which notes of 9090 never hold.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::case::CaseState;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::{CallId, CaseId, CustomerId, MatterId, RegistrationId, StaffId};
use crate::domain::survey::SurveyState;
use crate::domain::time::Timestamp;

/// A call as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Row.
    pub id: CallId,
    /// Which matter.
    pub matter: MatterId,
    /// The customer.
    pub customer: CustomerId,
    /// The agent.
    pub staff: StaffId,
    /// Its purpose.
    pub purpose: Purpose,
    /// When the lease began.
    pub started_at: Timestamp,
    /// When the result was saved.
    pub ended_at: Timestamp,
    /// Seconds of talk.
    pub talk_seconds: i64,
    /// The result.
    pub disposition: Disposition,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// When its result was recorded, if its lease had run out by then.
    pub recorded_late_at: Option<Timestamp>,
    /// What its rows looked like before, JSON of the use case.
    pub before: String,
}

/// A call to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall<'a> {
    /// Which matter.
    pub matter: MatterId,
    /// The customer.
    pub customer: CustomerId,
    /// The agent.
    pub staff: &'a StaffId,
    /// Its purpose.
    pub purpose: Purpose,
    /// When the lease began.
    pub started_at: Timestamp,
    /// When the result was saved.
    pub ended_at: Timestamp,
    /// Seconds of talk.
    pub talk_seconds: i64,
    /// The result.
    pub disposition: Disposition,
    /// Free text.
    pub note: Option<&'a str>,
    /// The promised time.
    pub callback_at: Option<Timestamp>,
    /// The customer knows that the call is recorded.
    pub recording: bool,
    /// When its result was recorded, if its lease had run out by then.
    pub recorded_late_at: Option<Timestamp>,
    /// What its rows look like before, JSON.
    pub before: &'a str,
}

/// Records a call.
pub fn insert(tx: &mut Tx<'_>, new: &NewCall<'_>) -> Result<CallId, StoreError> {
    tx.one(
        "INSERT INTO call (matter, customer, staff, purpose, started_at, ended_at, talk_seconds, disposition, note,
           callback_at, recording, before, recorded_late_at, script_version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
           (SELECT v.script_version FROM campaign_version v WHERE v.version = 1 OR v.loaded_at <= ?5
            ORDER BY v.version DESC LIMIT 1)) RETURNING id",
        args![
            new.matter,
            new.customer,
            new.staff,
            new.purpose.index(),
            new.started_at,
            new.ended_at,
            new.talk_seconds,
            new.disposition.code(),
            new.note,
            new.callback_at,
            new.recording,
            new.before,
            new.recorded_late_at
        ],
    )?
    .int(0)
    .map(CallId)
}

fn call(row: &Row) -> Result<CallRow, StoreError> {
    Ok(CallRow {
        id: CallId(row.int(0)?),
        matter: MatterId(row.int(1)?),
        customer: CustomerId(row.int(2)?),
        staff: StaffId(row.text(3)?),
        purpose: Purpose::from_index(row.int(4)?)
            .ok_or_else(|| StoreError::internal("a call of an unknown purpose"))?,
        started_at: row.time(5)?,
        ended_at: row.time(6)?,
        talk_seconds: row.int(7)?,
        disposition: row.code(8, Disposition::parse)?,
        undone_at: row.opt_time(9)?,
        before: row.text(10)?,
        recorded_late_at: row.opt_time(11)?,
    })
}

/// The matter's latest call that is not undone.
pub fn find_last(tx: &mut Tx<'_>, matter: MatterId) -> Result<Option<CallRow>, StoreError> {
    tx.optional(
        "SELECT id, matter, customer, staff, purpose, started_at, ended_at, talk_seconds, disposition, undone_at,
           before, recorded_late_at
         FROM call WHERE matter = ?1 AND undone_at IS NULL ORDER BY ended_at DESC, id DESC LIMIT 1",
        args![matter],
    )?
    .map(|row| call(&row))
    .transpose()
}

/// The staff member's latest call of a matter whose lease ran out before its result was recorded.
pub fn find_not_recorded(
    tx: &mut Tx<'_>,
    matter: MatterId,
    staff: &StaffId,
) -> Result<Option<CallRow>, StoreError> {
    tx.optional(
        "SELECT id, matter, customer, staff, purpose, started_at, ended_at, talk_seconds, disposition, undone_at,
           before, recorded_late_at
         FROM call WHERE matter = ?1 AND staff = ?2 AND disposition = 'not_recorded' AND undone_at IS NULL
         ORDER BY ended_at DESC, id DESC LIMIT 1",
        args![matter, staff],
    )?
    .map(|row| call(&row))
    .transpose()
}

/// Whether a lease of this same call ran out before, and it went on or got its result.
pub fn was_interrupted_before(tx: &mut Tx<'_>, call: &CallRow) -> Result<bool, StoreError> {
    tx.one(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM call WHERE matter = ?1 AND staff = ?2 AND started_at = ?3
                       AND disposition = 'not_recorded' AND undone_at IS NOT NULL) THEN 1 ELSE 0 END",
        args![call.matter, &call.staff, call.started_at],
    )?
    .flag(0)
}

/// The results of the matter's calls that are not undone, oldest first, at most 100.
pub fn list_dispositions(tx: &mut Tx<'_>, matter: MatterId) -> Result<Vec<Disposition>, StoreError> {
    tx.many(
        "SELECT disposition FROM call WHERE matter = ?1 AND undone_at IS NULL ORDER BY ended_at, id LIMIT 100",
        args![matter],
    )?
    .iter()
    .map(|row| row.code(0, Disposition::parse))
    .collect()
}

/// Adds a note to the newest call of that staff member on a matter that ended in the customer's request for no more calls
/// and has none; false when there is no such call.
pub fn add_note_to_request(
    tx: &mut Tx<'_>,
    matter: MatterId,
    staff: &StaffId,
    note: &str,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE call SET note = ?1 WHERE note IS NULL AND id = (SELECT MAX(n.id) FROM call n
         WHERE n.matter = ?2 AND n.staff = ?3 AND n.disposition = 'do_not_call' AND n.undone_at IS NULL)",
        args![note, matter, staff],
    )?;
    Ok(changed > 0)
}

/// Marks a call as undone; false when it is already.
pub fn update_undone(tx: &mut Tx<'_>, id: CallId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute("UPDATE call SET undone_at = ?2 WHERE id = ?1 AND undone_at IS NULL", args![id, at])? == 1)
}

/// One line of a customer's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// When.
    pub at: Timestamp,
    /// The staff member; empty for the system.
    pub by: String,
    /// Their name; empty for the system.
    pub by_name: String,
    /// `call` or `sms`.
    pub kind: String,
    /// The purpose of a call, or the template of a message.
    pub about: String,
    /// Disposition of a call, or state of a message.
    pub outcome: String,
    /// Note of a call.
    pub note: Option<String>,
    /// When the result of a call was recorded, if that was after its lease had run out.
    pub recorded_late_at: Option<Timestamp>,
}

/// Calls and messages with a customer, newest first.
pub fn list_history(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    limit: i64,
) -> Result<Vec<HistoryRow>, StoreError> {
    tx.many(
        "SELECT history.at, history.by_staff, history.kind, history.about, history.outcome, history.note,
           COALESCE(s.name, ''), history.late
         FROM (
           SELECT * FROM (
             SELECT started_at AS at, staff AS by_staff, 'call' AS kind,
               CASE purpose WHEN 1 THEN 'offer' WHEN 2 THEN 'intake' ELSE 'survey' END AS about,
               disposition AS outcome, note, recorded_late_at AS late
             FROM call WHERE customer = ?1 AND undone_at IS NULL ORDER BY started_at DESC, id DESC LIMIT ?2) calls
           UNION ALL
           SELECT * FROM (
             SELECT COALESCE(sent_at, queued_at) AS at, '' AS by_staff, 'sms' AS kind, template AS about,
               state AS outcome, NULL AS note, CAST(NULL AS BIGINT) AS late
             FROM sms WHERE customer = ?1 ORDER BY queued_at DESC, id DESC LIMIT ?2) messages
         ) history LEFT JOIN staff s ON s.id = history.by_staff ORDER BY history.at DESC LIMIT ?2",
        args![customer, limit],
    )?
    .iter()
    .map(|row| {
        Ok(HistoryRow {
            at: row.time(0)?,
            by: row.text(1)?,
            by_name: row.text(6)?,
            kind: row.text(2)?,
            about: row.text(3)?,
            outcome: row.text(4)?,
            note: row.opt_text(5)?,
            recorded_late_at: row.opt_time(7)?,
        })
    })
    .collect()
}

const fn unknown() -> RegistrationId {
    RegistrationId(0)
}

/// Vinmec's case or the survey behind a service call, as far as calling changes it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CaseLink {
    /// Which case.
    pub case: CaseId,
    /// Its registration; 0 in calls of an earlier program.
    #[serde(default = "unknown")]
    pub registration: RegistrationId,
    /// Its state.
    pub state: CaseState,
    /// Since when.
    pub since: Timestamp,
    /// The survey's state, once there is a survey.
    pub survey: Option<SurveyState>,
    /// When the consultation took place.
    pub consulted_at: Option<Timestamp>,
}

/// The case behind a customer's service calls.
pub fn find_case_link(tx: &mut Tx<'_>, customer: CustomerId) -> Result<Option<CaseLink>, StoreError> {
    tx.optional(
        "SELECT k.id, k.state, k.since, s.state, k.consulted_at, r.id
         FROM registration r JOIN care_case k ON k.registration = r.id LEFT JOIN survey s ON s.care_case = k.id
         WHERE r.customer = ?1",
        args![customer],
    )?
    .map(|row| {
        Ok(CaseLink {
            case: CaseId(row.int(0)?),
            state: row.code(1, CaseState::parse)?,
            since: row.time(2)?,
            survey: row.opt_code(3, SurveyState::parse)?,
            consulted_at: row.opt_time(4)?,
            registration: RegistrationId(row.int(5)?),
        })
    })
    .transpose()
}

/// Moves a case that is still to be contacted (or back, on undo); false when it is no longer in state `from`.
pub fn update_case_state(
    tx: &mut Tx<'_>,
    case: CaseId,
    from: CaseState,
    to: CaseState,
    since: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE care_case SET state = ?3, since = ?4 WHERE id = ?1 AND state = ?2",
        args![case, from.code(), to.code(), since],
    )? == 1)
}

/// Settles a survey that is due as refused or unreachable, or makes it due again on undo; false when it is no
/// longer in state `from`.
pub fn update_survey_state(
    tx: &mut Tx<'_>,
    case: CaseId,
    from: SurveyState,
    to: SurveyState,
    settled: Option<(&StaffId, Timestamp)>,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE survey SET state = ?3, settled_at = ?4, by_staff = ?5 WHERE care_case = ?1 AND state = ?2",
        args![case, from.code(), to.code(), settled.map(|s| s.1), settled.map(|s| s.0)],
    )? == 1)
}
