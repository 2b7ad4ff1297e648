//! Rows of doctors' time in granules of 5 minutes: one per doctor and granule that an appointment takes. The primary
//! key makes every overlap impossible, also a partial one. A consultation that took place or was missed keeps its
//! granules.

use super::{StoreError, Tx};
use crate::args;
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, DoctorId};
use crate::domain::time::Timestamp;

/// The schema's grid, in minutes; a campaign's grid is a multiple of it.
pub const MINUTES: i64 = 5;

/// The first granule of the doctor that is taken in `[from, to)` by an appointment other than `besides`; expired
/// holds are free.
pub fn find_taken(
    tx: &mut Tx<'_>,
    doctor: DoctorId,
    from: Timestamp,
    to: Timestamp,
    besides: Option<AppointmentId>,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    tx.optional(
        "SELECT g.at FROM granule g
         WHERE g.doctor = ?1 AND g.at >= ?2 AND g.at < ?3 AND g.appointment <> ?4
           AND NOT EXISTS (SELECT 1 FROM appointment a
                           WHERE a.id = g.appointment AND a.state = 'held' AND a.held_until <= ?5)
         ORDER BY g.at LIMIT 1",
        args![doctor, from, to, besides.map_or(0, |id| id.0), now],
    )?
    .map(|row| row.time(0))
    .transpose()
}

/// Takes one granule; false when it is taken. Granules are taken in the order of time, so that two transactions that
/// want the same ones cannot deadlock.
pub fn insert(
    tx: &mut Tx<'_>,
    doctor: DoctorId,
    at: Timestamp,
    appointment: AppointmentId,
) -> Result<bool, StoreError> {
    let taken = tx.execute(
        "INSERT INTO granule (doctor, at, appointment) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        args![doctor, at, appointment],
    )?;
    Ok(taken == 1)
}

/// Frees the time of an appointment.
pub fn delete_of(tx: &mut Tx<'_>, appointment: AppointmentId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM granule WHERE appointment = ?1", args![appointment])?;
    Ok(())
}

/// The taken granules in `[from, to)` of every doctor of a department, whatever department they are taken for, at
/// most `limit`; expired holds are free.
pub fn list_of_department(
    tx: &mut Tx<'_>,
    department: Department,
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(DoctorId, Timestamp)>, StoreError> {
    tx.many(
        "SELECT g.doctor, g.at
         FROM doctor_department dd
         JOIN granule g ON g.doctor = dd.doctor
         JOIN appointment a ON a.id = g.appointment
         WHERE dd.department = ?1 AND g.at >= ?2 AND g.at < ?3 AND (a.state <> 'held' OR a.held_until > ?4)
         ORDER BY g.doctor, g.at LIMIT ?5",
        args![department.code(), from, to, now, limit],
    )?
    .iter()
    .map(|row| Ok((DoctorId(row.int(0)?), row.time(1)?)))
    .collect()
}
