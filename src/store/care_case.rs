//! Rows of Vinmec's cases: one per accepted registration.
//!
//! Invariants:
//! - health text (need, red flags) is in this table, in screenings and in appointments, and in the row of a kept seat as
//!   long as there is one;
//! - rows that carry it have no `Debug` form.

use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::case::CaseState;
use crate::domain::contact::MatterState;
use crate::domain::department::Department;
use crate::domain::id::{CaseId, CustomerId, DoctorId, RegistrationId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Most cases on the work list.
const MOST: i64 = 200;

/// A case as stored, without its health text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Which.
    pub id: CaseId,
    /// The registration behind it.
    pub registration: RegistrationId,
    /// The customer.
    pub customer: CustomerId,
    /// Where it stands.
    pub state: CaseState,
    /// Since when it is in that state.
    pub since: Timestamp,
    /// Where it is routed, once triaged.
    pub department: Option<Department>,
    /// `phone` or `video`, once triaged.
    pub method: Option<String>,
}

/// The result of the screening, as written to the case.
#[derive(Clone, PartialEq, Eq)]
pub struct Screened<'a> {
    /// What the customer wants advice on.
    pub need: Option<&'a str>,
    /// Where it goes.
    pub department: Department,
    /// `phone` or `video`.
    pub method: &'static str,
    /// Why video.
    pub method_reason: Option<&'a str>,
    /// Version of the checklist that was read out.
    pub flags_version: i64,
    /// Codes answered yes or unsure, separated by commas.
    pub red_flags: &'a str,
}

/// What a screening writes, as it is now. Health text, so no `Debug` form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreeningColumns {
    /// What the customer wants advice on.
    pub need: Option<String>,
    /// Where it is routed.
    pub department: Option<Department>,
    /// `phone` or `video`.
    pub method: Option<String>,
    /// Why video.
    pub method_reason: Option<String>,
    /// Version of the checklist that was read out.
    pub flags_version: Option<i64>,
    /// Codes answered yes or unsure, separated by commas.
    pub red_flags: String,
}

/// A case in the work list.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenCase {
    /// The case.
    pub case: CaseRow,
    /// Patient's name, or the customer's.
    pub name: String,
    /// The customer's number.
    pub phone: PhoneNumber,
    /// State of the intake matter, when there is one.
    pub matter_state: Option<MatterState>,
    /// When the intake call is due.
    pub due_at: Option<Timestamp>,
    /// When the customer asked to be called.
    pub callback_at: Option<Timestamp>,
    /// The holder of the intake matter, and the end of the lease.
    pub lease: Option<(String, Timestamp)>,
    /// Start of the live appointment that is booked.
    pub starts_at: Option<Timestamp>,
    /// When the customer was informed of it.
    pub told_at: Option<Timestamp>,
}

/// A case with all its details.
#[derive(Clone, PartialEq, Eq)]
pub struct FullCase {
    /// The case.
    pub case: CaseRow,
    /// Customer's name.
    pub name: String,
    /// Kinship word code.
    pub salutation: Option<String>,
    /// The customer's number.
    pub phone: PhoneNumber,
    /// Patient, when not the customer.
    pub patient: Option<String>,
    /// Patient's birth year.
    pub birth_year: Option<i64>,
    /// Representative of a patient under 18.
    pub representative: Option<String>,
    /// What the representative is to the patient.
    pub relation: Option<String>,
    /// What they want advice on.
    pub need: Option<String>,
    /// Why video.
    pub method_reason: Option<String>,
    /// Version of the checklist that was read out.
    pub flags_version: Option<i64>,
    /// Codes answered yes or unsure.
    pub red_flags: Vec<String>,
}

/// Reads the seven columns of [`CaseRow`] from the first column on.
fn case(row: &Row) -> Result<CaseRow, StoreError> {
    Ok(CaseRow {
        id: CaseId(row.int(0)?),
        registration: RegistrationId(row.int(1)?),
        customer: CustomerId(row.int(2)?),
        state: row.code(3, CaseState::parse)?,
        since: row.time(4)?,
        department: row.opt_code(5, Department::parse)?,
        method: row.opt_text(6)?,
    })
}

fn open_case(row: &Row) -> Result<OpenCase, StoreError> {
    let lease = match (row.opt_text(12)?, row.opt_time(13)?) {
        (Some(holder), Some(until)) => Some((holder, until)),
        _ => None,
    };
    Ok(OpenCase {
        case: case(row)?,
        name: row.text(7)?,
        phone: row.phone(8)?,
        matter_state: row.opt_code(9, MatterState::parse)?,
        due_at: row.opt_time(10)?,
        callback_at: row.opt_time(11)?,
        lease,
        starts_at: row.opt_time(14)?,
        told_at: row.opt_time(15)?,
    })
}

/// Opens the case of a registration that Vinmec accepted; one per registration.
pub fn insert(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    customer: CustomerId,
    now: Timestamp,
) -> Result<CaseId, StoreError> {
    tx.one(
        "INSERT INTO care_case (registration, customer, state, since, opened_at) VALUES (?1, ?2, ?3, ?4, ?4)
         RETURNING id",
        args![registration, customer, CaseState::New.code(), now],
    )?
    .int(0)
    .map(CaseId)
}

/// One case.
pub fn find(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<CaseRow>, StoreError> {
    tx.optional(
        "SELECT id, registration, customer, state, since, department, method FROM care_case WHERE id = ?1",
        args![id],
    )?
    .map(|row| case(&row))
    .transpose()
}

/// The case of a registration.
pub fn find_by_registration(
    tx: &mut Tx<'_>,
    registration: RegistrationId,
) -> Result<Option<CaseRow>, StoreError> {
    tx.optional(
        "SELECT id, registration, customer, state, since, department, method FROM care_case
         WHERE registration = ?1",
        args![registration],
    )?
    .map(|row| case(&row))
    .transpose()
}

/// Moves a case from the state in which it was read; false when it has another state by now.
pub fn update_state(
    tx: &mut Tx<'_>,
    id: CaseId,
    from: CaseState,
    to: CaseState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE care_case SET state = ?1, since = ?2 WHERE id = ?3 AND state = ?4",
        args![to.code(), now, id, from.code()],
    )? == 1)
}

/// Writes a screening and moves the case from the state it was seen in; false when it has moved in the meantime.
/// An empty need leaves the one on file.
pub fn update_screening(
    tx: &mut Tx<'_>,
    id: CaseId,
    from: CaseState,
    to: CaseState,
    screened: &Screened<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE care_case SET state = ?1, since = ?2, need = COALESCE(?3, need), department = ?4, method = ?5,
                method_reason = ?6, flags_version = ?7, red_flags = ?8
         WHERE id = ?9 AND state = ?10",
        args![
            to.code(),
            now,
            screened.need,
            screened.department.code(),
            screened.method,
            screened.method_reason,
            screened.flags_version,
            screened.red_flags,
            id,
            from.code()
        ],
    )? == 1)
}

/// What the last screening wrote.
pub fn get_screening(tx: &mut Tx<'_>, id: CaseId) -> Result<ScreeningColumns, StoreError> {
    let row = tx.one(
        "SELECT need, department, method, method_reason, flags_version, red_flags FROM care_case WHERE id = ?1",
        args![id],
    )?;
    Ok(ScreeningColumns {
        need: row.opt_text(0)?,
        department: row.opt_code(1, Department::parse)?,
        method: row.opt_text(2)?,
        method_reason: row.opt_text(3)?,
        flags_version: row.opt_int(4)?,
        red_flags: row.text(5)?,
    })
}

/// Writes an earlier screening back and moves the case from the state it was seen in; false when it has moved in the
/// meantime.
pub fn restore_screening(
    tx: &mut Tx<'_>,
    id: CaseId,
    from: CaseState,
    to: CaseState,
    since: Timestamp,
    was: &ScreeningColumns,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE care_case SET state = ?1, since = ?2, need = ?3, department = ?4, method = ?5, method_reason = ?6,
                flags_version = ?7, red_flags = ?8
         WHERE id = ?9 AND state = ?10",
        args![
            to.code(),
            since,
            was.need.as_deref(),
            was.department.map(Department::code),
            was.method.as_deref(),
            was.method_reason.as_deref(),
            was.flags_version,
            was.red_flags.as_str(),
            id,
            from.code()
        ],
    )? == 1)
}

/// The birth year of a case's patient, when it is known.
pub fn find_birth_year(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<i32>, StoreError> {
    let row = tx.optional(
        "SELECT r.birth_year FROM care_case c JOIN registration r ON r.id = c.registration WHERE c.id = ?1",
        args![id],
    )?;
    let year = row.map(|row| row.opt_int(0)).transpose()?.flatten();
    Ok(year.and_then(|year| year.try_into().ok()))
}

/// The consultation took place; false when the case has moved in the meantime.
pub fn update_consulted(
    tx: &mut Tx<'_>,
    id: CaseId,
    from: CaseState,
    consulted_at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE care_case SET state = ?1, since = ?2, consulted_at = ?3 WHERE id = ?4 AND state = ?5",
        args![CaseState::Consulted.code(), now, consulted_at, id, from.code()],
    )? == 1)
}

/// Whether a doctor has an appointment of any state with this case.
pub fn is_of_doctor(tx: &mut Tx<'_>, id: CaseId, doctor: DoctorId) -> Result<bool, StoreError> {
    Ok(tx
        .optional(
            "SELECT 1 FROM appointment WHERE care_case = ?1 AND doctor = ?2 LIMIT 1",
            args![id, doctor],
        )?
        .is_some())
}

/// The work list: cases to contact, screen or book first, then those that are booked; oldest wait
/// first; at most 200.
pub fn list_open(tx: &mut Tx<'_>) -> Result<Vec<OpenCase>, StoreError> {
    tx.many(
        "SELECT c.id, c.registration, c.customer, c.state, c.since, c.department, c.method,
                COALESCE(r.patient, u.name), u.phone, m.state, m.due_at, m.callback_at, s.name, m.lease_until,
                a.starts_at, a.told_at
         FROM care_case c
         JOIN registration r ON r.id = c.registration
         JOIN customer u ON u.id = c.customer
         LEFT JOIN matter m ON m.id = c.customer * 4 + 2
         LEFT JOIN staff s ON s.id = m.lease_staff
         LEFT JOIN appointment a ON a.care_case = c.id AND a.state IN ('booked', 'told', 'in_progress')
         WHERE c.state IN ('new', 'contacted', 'triaged', 'booked', 'no_show', 'unreachable')
         ORDER BY CASE WHEN c.state = 'booked' THEN 1 ELSE 0 END, c.since, c.id LIMIT ?1",
        args![MOST],
    )?
    .iter()
    .map(open_case)
    .collect()
}

/// Booked cases of one doctor, by start, at most 200.
pub fn list_of_doctor(tx: &mut Tx<'_>, doctor: DoctorId) -> Result<Vec<OpenCase>, StoreError> {
    tx.many(
        "SELECT c.id, c.registration, c.customer, c.state, c.since, c.department, c.method,
                COALESCE(r.patient, u.name), u.phone, m.state, m.due_at, m.callback_at, s.name, m.lease_until,
                a.starts_at, a.told_at
         FROM appointment a
         JOIN care_case c ON c.id = a.care_case
         JOIN registration r ON r.id = c.registration
         JOIN customer u ON u.id = c.customer
         LEFT JOIN matter m ON m.id = c.customer * 4 + 2
         LEFT JOIN staff s ON s.id = m.lease_staff
         WHERE a.doctor = ?1 AND a.state IN ('booked', 'told', 'in_progress')
         ORDER BY a.starts_at, a.id LIMIT ?2",
        args![doctor, MOST],
    )?
    .iter()
    .map(open_case)
    .collect()
}

/// One case with all its details, without appointments.
pub fn find_full(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<FullCase>, StoreError> {
    tx.optional(
        "SELECT c.id, c.registration, c.customer, c.state, c.since, c.department, c.method,
                u.name, u.salutation, u.phone, r.patient, r.birth_year, r.representative, r.relation,
                c.need, c.method_reason, c.flags_version, c.red_flags
         FROM care_case c
         JOIN registration r ON r.id = c.registration
         JOIN customer u ON u.id = c.customer
         WHERE c.id = ?1",
        args![id],
    )?
    .map(|row| {
        Ok(FullCase {
            case: case(&row)?,
            name: row.text(7)?,
            salutation: row.opt_text(8)?,
            phone: row.phone(9)?,
            patient: row.opt_text(10)?,
            birth_year: row.opt_int(11)?,
            representative: row.opt_text(12)?,
            relation: row.opt_text(13)?,
            need: row.opt_text(14)?,
            method_reason: row.opt_text(15)?,
            flags_version: row.opt_int(16)?,
            red_flags: row.text(17)?.split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
        })
    })
    .transpose()
}
