//! Rows of doctors' registered hours. A shift lies within one civil day, so every check of an appointment reads one
//! day of one doctor.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::department::Department;
use crate::domain::id::{DoctorId, ShiftId};
use crate::domain::time::Timestamp;

/// One stretch of registered hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShiftRow {
    /// The doctor.
    pub doctor: DoctorId,
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

fn shift(row: &Row) -> Result<ShiftRow, StoreError> {
    Ok(ShiftRow { doctor: DoctorId(row.int(0)?), from: row.time(1)?, to: row.time(2)? })
}

/// Adds hours. The caller has excluded an overlap with [`list_of_doctor`].
pub fn insert(
    tx: &mut Tx<'_>,
    doctor: DoctorId,
    from: Timestamp,
    to: Timestamp,
) -> Result<ShiftId, StoreError> {
    tx.one(
        "INSERT INTO shift (doctor, from_at, to_at) VALUES (?1, ?2, ?3) RETURNING id",
        args![doctor, from, to],
    )?
    .int(0)
    .map(ShiftId)
}

/// One doctor's hours that begin in `[from, to)`, by start.
pub fn list_of_doctor(
    tx: &mut Tx<'_>,
    doctor: DoctorId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<ShiftRow>, StoreError> {
    tx.many(
        "SELECT doctor, from_at, to_at FROM shift
         WHERE doctor = ?1 AND from_at >= ?2 AND from_at < ?3 ORDER BY from_at LIMIT 500",
        args![doctor, from, to],
    )?
    .iter()
    .map(shift)
    .collect()
}

/// All doctors' hours that touch `[from, to)`, by start, at most `limit`.
pub fn list_between(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<ShiftRow>, StoreError> {
    tx.many(
        "SELECT s.doctor, s.from_at, s.to_at FROM shift s JOIN doctor d ON d.id = s.doctor
         WHERE s.to_at > ?1 AND s.from_at < ?2 AND d.active = 1 ORDER BY s.from_at, s.doctor LIMIT ?3",
        args![from, to, limit],
    )?
    .iter()
    .map(shift)
    .collect()
}

/// A department's hours that touch `[from, to)` with titles and name of the doctor, by start, at most `limit`.
pub fn list_of_department(
    tx: &mut Tx<'_>,
    department: Department,
    from: Timestamp,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<(ShiftRow, String)>, StoreError> {
    tx.many(
        "SELECT s.doctor, s.from_at, s.to_at, d.titles || ' ' || d.name
         FROM doctor_department dd
         JOIN doctor d ON d.id = dd.doctor
         JOIN shift s ON s.doctor = dd.doctor
         WHERE dd.department = ?1 AND d.active = 1 AND s.to_at > ?2 AND s.from_at < ?3
         ORDER BY s.from_at, s.doctor LIMIT ?4",
        args![department.code(), from, to, limit],
    )?
    .iter()
    .map(|row| Ok((shift(row)?, row.text(3)?)))
    .collect()
}
