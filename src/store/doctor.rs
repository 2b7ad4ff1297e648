//! Rows of doctors and the departments they work in. A doctor is never deleted, because appointments refer to them.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::department::Department;
use crate::domain::id::DoctorId;
use crate::domain::name::sort_key;

/// Most doctors that one list returns.
const MOST: i64 = 2_000;

/// A doctor as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorRow {
    /// Which.
    pub id: DoctorId,
    /// Name without titles.
    pub name: String,
    /// Titles as written.
    pub titles: String,
    /// Why the titles qualified when the doctor was added, in Vietnamese.
    pub qualifies: String,
}

impl DoctorRow {
    /// Titles and name, as shown to patients.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.titles, self.name)
    }
}

/// A doctor who can be booked, and whether the department asked for is one of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookable {
    /// The doctor.
    pub doctor: DoctorRow,
    /// Whether they work in that department.
    pub works_there: bool,
}

fn doctor(row: &Row) -> Result<DoctorRow, StoreError> {
    Ok(DoctorRow {
        id: DoctorId(row.int(0)?),
        name: row.text(1)?,
        titles: row.text(2)?,
        qualifies: row.text(3)?,
    })
}

/// Adds a doctor; a licence that exists is a constraint error, so ask [`find_by_licence`] first.
pub fn insert(
    tx: &mut Tx<'_>,
    name: &str,
    titles: &str,
    licence: &str,
    qualifies: &str,
) -> Result<DoctorId, StoreError> {
    tx.one(
        "INSERT INTO doctor (name, titles, licence, qualifies) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        args![name, titles, licence, qualifies],
    )?
    .int(0)
    .map(DoctorId)
}

/// Lets a doctor work in a department; once is enough.
pub fn insert_department(
    tx: &mut Tx<'_>,
    doctor: DoctorId,
    department: Department,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO doctor_department (doctor, department) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        args![doctor, department.code()],
    )?;
    Ok(())
}

/// The doctor with a licence, active or not.
pub fn find_by_licence(tx: &mut Tx<'_>, licence: &str) -> Result<Option<DoctorId>, StoreError> {
    tx.optional("SELECT id FROM doctor WHERE licence = ?1", args![licence])?
        .map(|row| row.int(0).map(DoctorId))
        .transpose()
}

/// An active doctor.
pub fn find(tx: &mut Tx<'_>, id: DoctorId) -> Result<Option<DoctorRow>, StoreError> {
    tx.optional("SELECT id, name, titles, qualifies FROM doctor WHERE id = ?1 AND active = 1", args![id])?
        .map(|row| doctor(&row))
        .transpose()
}

/// An active doctor, and whether they work in `department`.
pub fn find_bookable(
    tx: &mut Tx<'_>,
    id: DoctorId,
    department: Department,
) -> Result<Option<Bookable>, StoreError> {
    tx.optional(
        "SELECT d.id, d.name, d.titles, d.qualifies, dd.doctor
         FROM doctor d LEFT JOIN doctor_department dd ON dd.doctor = d.id AND dd.department = ?1
         WHERE d.id = ?2 AND d.active = 1",
        args![department.code(), id],
    )?
    .map(|row| Ok(Bookable { doctor: doctor(&row)?, works_there: row.opt_int(4)?.is_some() }))
    .transpose()
}

/// Active doctors with their departments, by the first of their departments and by given name, at most 2 000.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<(DoctorRow, Vec<Department>)>, StoreError> {
    let rows = tx.many(
        "SELECT d.id, d.name, d.titles, d.qualifies, dd.department
         FROM (SELECT id, name, titles, qualifies FROM doctor WHERE active = 1 ORDER BY id LIMIT ?1) d
         JOIN doctor_department dd ON dd.doctor = d.id
         ORDER BY d.id, dd.department",
        args![MOST],
    )?;
    let mut doctors: Vec<(DoctorRow, Vec<Department>)> = Vec::new();
    for row in &rows {
        let department = row.code(4, Department::parse)?;
        match doctors.last_mut() {
            Some((last, departments)) if last.id.0 == row.int(0)? => departments.push(department),
            _ => doctors.push((doctor(row)?, vec![department])),
        }
    }
    for (_, departments) in &mut doctors {
        departments.sort_unstable();
    }
    doctors.sort_by_cached_key(|(doctor, works)| (works.first().copied(), sort_key(&doctor.name), doctor.id));
    Ok(doctors)
}

/// Active doctors of a department (of all, when none is named), by row, at most 2 000.
pub fn list_of(tx: &mut Tx<'_>, department: Option<Department>) -> Result<Vec<DoctorRow>, StoreError> {
    let rows = match department {
        Some(department) => tx.many(
            "SELECT d.id, d.name, d.titles, d.qualifies
             FROM doctor_department dd JOIN doctor d ON d.id = dd.doctor
             WHERE dd.department = ?1 AND d.active = 1 ORDER BY d.id LIMIT ?2",
            args![department.code(), MOST],
        )?,
        None => tx.many(
            "SELECT id, name, titles, qualifies FROM doctor WHERE active = 1 ORDER BY id LIMIT ?1",
            args![MOST],
        )?,
    };
    rows.iter().map(doctor).collect()
}
