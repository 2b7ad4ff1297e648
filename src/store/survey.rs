//! Rows of surveys: one per consulted case whose customer agreed to be asked, and the tallies of answers.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::department::Department;
use crate::domain::id::{CaseId, CustomerId, StaffId};
use crate::domain::survey::SurveyState;
use crate::domain::time::Timestamp;
use std::collections::BTreeMap;

/// A survey as stored, without its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyRow {
    /// Of which case.
    pub case: CaseId,
    /// The customer to ask.
    pub customer: CustomerId,
    /// Its state.
    pub state: SurveyState,
    /// When it came due.
    pub due_at: Timestamp,
}

/// Answers as written; a missing one was not answered.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Q1 to Q6.
    pub scales: [Option<i64>; 6],
    /// Whether the handbook arrived.
    pub handbook_received: Option<bool>,
    /// Free words.
    pub comment: Option<String>,
}

/// How often each answer was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tallies {
    /// Q1, 1–7: answer and count.
    pub q1: Vec<(i64, i64)>,
    /// Q5, 1–5, by department.
    pub q5: BTreeMap<Department, Vec<(i64, i64)>>,
    /// Q6, 0–10.
    pub q6: Vec<(i64, i64)>,
}

/// Opens the survey of a case; a second one changes nothing.
pub fn insert(
    tx: &mut Tx<'_>,
    case: CaseId,
    customer: CustomerId,
    department: Department,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO survey (care_case, customer, state, department, due_at) VALUES (?1, ?2, 'due', ?3, ?4)
         ON CONFLICT DO NOTHING",
        args![case, customer, department.code(), due_at],
    )?;
    Ok(())
}

/// The survey of a case.
pub fn find(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<SurveyRow>, StoreError> {
    tx.optional("SELECT care_case, customer, state, due_at FROM survey WHERE care_case = ?1", args![case])?
        .map(|row| {
            Ok(SurveyRow {
                case: CaseId(row.int(0)?),
                customer: CustomerId(row.int(1)?),
                state: row.code(2, SurveyState::parse)?,
                due_at: row.time(3)?,
            })
        })
        .transpose()
}

/// Writes the answers; false unless the survey is due.
pub fn settle_answered(
    tx: &mut Tx<'_>,
    case: CaseId,
    sheet: &Sheet,
    by: &StaffId,
    now: Timestamp,
    asked_at: Timestamp,
) -> Result<bool, StoreError> {
    let [q1, q2, q3, q4, q5, q6] = sheet.scales;
    Ok(tx.execute(
        "UPDATE survey SET state = 'answered', settled_at = ?1, by_staff = ?2, q1 = ?3, q2 = ?4, q3 = ?5, q4 = ?6,
                q5 = ?7, q6 = ?8, handbook_received = ?9, comment = ?10,
                questionnaire_version = (
                  SELECT v.survey_version FROM campaign_version v WHERE v.version = 1 OR v.loaded_at <= ?12
                  ORDER BY v.version DESC LIMIT 1)
         WHERE care_case = ?11 AND state = 'due'",
        args![
            now,
            by,
            q1,
            q2,
            q3,
            q4,
            q5,
            q6,
            sheet.handbook_received,
            sheet.comment.as_deref(),
            case,
            asked_at
        ],
    )? == 1)
}

/// How many surveys are in each state.
pub fn count_by_state(tx: &mut Tx<'_>) -> Result<BTreeMap<SurveyState, i64>, StoreError> {
    tx.many("SELECT state, COUNT(*) FROM survey GROUP BY state ORDER BY state LIMIT 10", &[])?
        .iter()
        .map(|row| Ok((row.code(0, SurveyState::parse)?, row.int(1)?)))
        .collect()
}

/// The tallies of all answered surveys: one pass over the answered ones, which are at most one per seat.
pub fn tally(tx: &mut Tx<'_>) -> Result<Tallies, StoreError> {
    let rows = tx.many(
        "SELECT department, q1, q5, q6, COUNT(*) FROM survey WHERE state = 'answered'
         GROUP BY department, q1, q5, q6 ORDER BY department LIMIT 5000",
        &[],
    )?;
    let mut q1: BTreeMap<i64, i64> = BTreeMap::new();
    let mut q6: BTreeMap<i64, i64> = BTreeMap::new();
    let mut q5: BTreeMap<Department, BTreeMap<i64, i64>> = BTreeMap::new();
    for row in &rows {
        let count = row.int(4)?;
        if let Some(answer) = row.opt_int(1)? {
            *q1.entry(answer).or_default() += count;
        }
        if let Some(answer) = row.opt_int(2)? {
            *q5.entry(row.code(0, Department::parse)?).or_default().entry(answer).or_default() += count;
        }
        if let Some(answer) = row.opt_int(3)? {
            *q6.entry(answer).or_default() += count;
        }
    }
    Ok(Tallies {
        q1: q1.into_iter().collect(),
        q5: q5.into_iter().map(|(department, tally)| (department, tally.into_iter().collect())).collect(),
        q6: q6.into_iter().collect(),
    })
}
