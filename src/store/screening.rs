//! Rows of screenings: every reading of the red-flag checklist with its answers, and what doctors said of it
//! afterwards.
//!
//! Invariants:
//! - rows stay; a screening that was taken back is marked;
//! - answers are health text, so that rows that carry them have no `Debug` form.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::department::Department;
use crate::domain::id::{CaseId, StaffId};
use crate::domain::time::Timestamp;
use crate::domain::triage::{FlagAnswer, ReviewVerdict};

/// Screenings, reviews or departments of one case that are listed.
const MOST: i64 = 50;

/// A screening to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct NewScreening<'a> {
    /// Which case.
    pub case: CaseId,
    /// Where it went.
    pub department: Department,
    /// Whose checklist was read out.
    pub list: Department,
    /// Its version.
    pub version: i64,
    /// Sign and answer.
    pub answers: &'a [(String, FlagAnswer)],
    /// Whether it ended in 115.
    pub acute: bool,
    /// The nurse.
    pub by: &'a StaffId,
}

/// A screening as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct ScreeningRow {
    /// Where the case went.
    pub department: Department,
    /// Whose checklist was read out.
    pub list: Department,
    /// Its version.
    pub version: i64,
    /// Sign and answer.
    pub answers: Vec<(String, FlagAnswer)>,
    /// Name of the nurse.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

/// What a doctor said of a case's screening.
#[derive(Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// What is wrong with it.
    pub verdict: ReviewVerdict,
    /// In the doctor's words.
    pub note: Option<String>,
    /// Name of the doctor.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Adds a screening.
pub fn insert(tx: &mut Tx<'_>, new: &NewScreening<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO screening (care_case, department, list, version, answers, acute, by_staff, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        args![
            new.case,
            new.department.code(),
            new.list.code(),
            new.version,
            written(new.answers),
            new.acute,
            new.by,
            now
        ],
    )?;
    Ok(())
}

/// Marks the case's latest screening as taken back.
pub fn update_undone(tx: &mut Tx<'_>, case: CaseId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE screening SET undone_at = ?1
         WHERE id = (SELECT MAX(s.id) FROM screening s WHERE s.care_case = ?2 AND s.undone_at IS NULL)",
        args![now, case],
    )?;
    Ok(())
}

/// Whose checklist was read out last for a case, without readings that were taken back.
pub fn find_list(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<Department>, StoreError> {
    tx.optional(
        "SELECT list FROM screening WHERE care_case = ?1 AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
        args![case],
    )?
    .map(|row| row.code(0, Department::parse))
    .transpose()
}

/// The screenings of a case, oldest first, at most 50.
pub fn list_of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<ScreeningRow>, StoreError> {
    tx.many(
        "SELECT c.department, c.list, c.version, c.answers, s.name, c.at, c.undone_at
         FROM screening c JOIN staff s ON s.id = c.by_staff
         WHERE c.care_case = ?1 ORDER BY c.id LIMIT ?2",
        args![case, MOST],
    )?
    .iter()
    .map(screening)
    .collect()
}

fn screening(row: &Row) -> Result<ScreeningRow, StoreError> {
    Ok(ScreeningRow {
        department: row.code(0, Department::parse)?,
        list: row.code(1, Department::parse)?,
        version: row.int(2)?,
        answers: read(&row.text(3)?)?,
        by: row.text(4)?,
        at: row.time(5)?,
        undone_at: row.opt_time(6)?,
    })
}

/// Adds what a doctor says of a case's screening.
pub fn insert_review(
    tx: &mut Tx<'_>,
    case: CaseId,
    verdict: ReviewVerdict,
    note: Option<&str>,
    by: &StaffId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO screening_review (care_case, verdict, note, by_staff, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        args![case, verdict.code(), note, by, now],
    )?;
    Ok(())
}

/// What doctors said of a case's screening, oldest first, at most 50.
pub fn list_reviews(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<ReviewRow>, StoreError> {
    tx.many(
        "SELECT r.verdict, r.note, s.name, r.at FROM screening_review r JOIN staff s ON s.id = r.by_staff
         WHERE r.care_case = ?1 ORDER BY r.id LIMIT ?2",
        args![case, MOST],
    )?
    .iter()
    .map(|row| {
        Ok(ReviewRow {
            verdict: row.code(0, ReviewVerdict::parse)?,
            note: row.opt_text(1)?,
            by: row.text(2)?,
            at: row.time(3)?,
        })
    })
    .collect()
}

/// `chest_pain=no,seizure=unsure`; codes of signs hold neither sign.
fn written(answers: &[(String, FlagAnswer)]) -> String {
    let pairs: Vec<String> =
        answers.iter().map(|(code, answer)| format!("{code}={}", answer.code())).collect();
    pairs.join(",")
}

fn read(text: &str) -> Result<Vec<(String, FlagAnswer)>, StoreError> {
    text.split(',')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (code, answer) = pair.rsplit_once('=')?;
            Some((code.to_owned(), FlagAnswer::parse(answer)?))
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| StoreError::internal("an unreadable screening"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_reads_back_in_its_order() {
        let answers = vec![
            ("seizure".to_owned(), FlagAnswer::No),
            ("chest_pain".to_owned(), FlagAnswer::Unsure),
            ("bleeding".to_owned(), FlagAnswer::Yes),
        ];
        assert_eq!(written(&answers), "seizure=no,chest_pain=unsure,bleeding=yes");
        assert_eq!(read(&written(&answers)), Ok(answers));
        assert_eq!(read(""), Ok(Vec::new()));
        assert!(read("seizure=maybe").is_err());
    }
}
