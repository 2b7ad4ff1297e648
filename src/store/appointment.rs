//! Rows of appointments. Live are `held`, `booked`, `told` and `in_progress`; a case has at most one live
//! appointment. All but cancelled and moved ones own their doctor's granules.
//!
//! Invariants:
//! - every function here that cancels an appointment also frees its granules;
//! - rows that carry health text have no `Debug` form.

use super::{Row, StoreError, Tx, granule};
use crate::args;
use crate::domain::appointment::AppointmentState;
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, CaseId, CustomerId, DoctorId, StaffId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Timestamp;

/// Most appointments that one day or case returns.
const MOST: i64 = 5_000;

/// An appointment as stored, without its health text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentRow {
    /// Which.
    pub id: AppointmentId,
    /// For which case.
    pub case: CaseId,
    /// With whom.
    pub doctor: DoctorId,
    /// For which department.
    pub department: Department,
    /// Start, on the grid.
    pub starts_at: Timestamp,
    /// Length in minutes.
    pub minutes: i64,
    /// Where it stands.
    pub state: AppointmentState,
    /// `phone` or `video`.
    pub method: String,
    /// The staff member who booked or holds it.
    pub by: StaffId,
    /// Until when, while held.
    pub held_until: Option<Timestamp>,
    /// Real start.
    pub started_at: Option<Timestamp>,
}

impl AppointmentRow {
    /// First instant after it.
    pub const fn ends_at(&self) -> Timestamp {
        self.starts_at.plus_minutes(self.minutes)
    }
}

/// A new appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppointment<'a> {
    /// For which case.
    pub case: CaseId,
    /// With whom.
    pub doctor: DoctorId,
    /// For which department.
    pub department: Department,
    /// Start, on the grid.
    pub starts_at: Timestamp,
    /// Length in minutes.
    pub minutes: i64,
    /// `phone` or `video`.
    pub method: &'a str,
    /// The staff member who books or holds it.
    pub by: &'a StaffId,
    /// Held until then; none: booked.
    pub held_until: Option<Timestamp>,
}

/// How a consultation went.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsultationResult<'a> {
    /// `done`, `no_show_customer`, `no_show_doctor`.
    pub outcome: &'static str,
    /// Real start.
    pub started_at: Option<Timestamp>,
    /// Real end.
    pub ended_at: Option<Timestamp>,
    /// Short summary.
    pub summary: Option<&'a str>,
    /// Whether an in-person visit was advised.
    pub in_person: Option<bool>,
    /// Minutes over the programme's limit.
    pub over_minutes: i64,
}

/// An appointment as lists show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedAppointment {
    /// The appointment.
    pub appointment: AppointmentRow,
    /// Titles and name of the doctor.
    pub doctor_name: String,
    /// Patient's name, or the customer's.
    pub patient: String,
    /// Name of its holder.
    pub holder: String,
    /// When the customer was told.
    pub told_at: Option<Timestamp>,
    /// Real end.
    pub ended_at: Option<Timestamp>,
    /// Its result.
    pub outcome: Option<String>,
    /// Where it moved.
    pub moved_to: Option<AppointmentId>,
    /// What the patient wants advice on.
    pub need: Option<String>,
    /// Short summary.
    pub summary: Option<String>,
    /// Minutes over the programme's limit.
    pub over_minutes: i64,
}

/// Reads the eleven columns of [`AppointmentRow`] from the first column on.
fn appointment(row: &Row) -> Result<AppointmentRow, StoreError> {
    Ok(AppointmentRow {
        id: AppointmentId(row.int(0)?),
        case: CaseId(row.int(1)?),
        doctor: DoctorId(row.int(2)?),
        department: row.code(3, Department::parse)?,
        starts_at: row.time(4)?,
        minutes: row.int(5)?,
        state: row.code(6, AppointmentState::parse)?,
        method: row.text(7)?,
        by: StaffId(row.text(8)?),
        held_until: row.opt_time(9)?,
        started_at: row.opt_time(10)?,
    })
}

fn listed(row: &Row) -> Result<ListedAppointment, StoreError> {
    Ok(ListedAppointment {
        appointment: appointment(row)?,
        doctor_name: row.text(11)?,
        patient: row.text(12)?,
        holder: row.text(13)?,
        told_at: row.opt_time(14)?,
        ended_at: row.opt_time(15)?,
        outcome: row.opt_text(16)?,
        moved_to: row.opt_int(17)?.map(AppointmentId),
        need: row.opt_text(18)?,
        summary: row.opt_text(19)?,
        over_minutes: row.int(20)?,
    })
}

/// Adds an appointment, `held` or `booked`. Its granules are taken with [`granule::insert`].
pub fn insert(
    tx: &mut Tx<'_>,
    new: &NewAppointment<'_>,
    now: Timestamp,
) -> Result<AppointmentId, StoreError> {
    let state = if new.held_until.is_some() { AppointmentState::Held } else { AppointmentState::Booked };
    tx.one(
        "INSERT INTO appointment (care_case, doctor, department, starts_at, minutes, state, method, by_staff, at,
                                  held_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id",
        args![
            new.case,
            new.doctor,
            new.department.code(),
            new.starts_at,
            new.minutes,
            state.code(),
            new.method,
            new.by,
            now,
            new.held_until
        ],
    )?
    .int(0)
    .map(AppointmentId)
}

/// One appointment.
pub fn find(tx: &mut Tx<'_>, id: AppointmentId) -> Result<Option<AppointmentRow>, StoreError> {
    tx.optional(
        "SELECT id, care_case, doctor, department, starts_at, minutes, state, method, by_staff, held_until,
                started_at
         FROM appointment WHERE id = ?1",
        args![id],
    )?
    .map(|row| appointment(&row))
    .transpose()
}

/// The receiver of a message about an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToTell {
    /// The customer behind the case.
    pub customer: CustomerId,
    /// Their number.
    pub phone: PhoneNumber,
    /// When they asked for no messages, if that was after they registered.
    pub sms_opted_out_at: Option<Timestamp>,
    /// Doctor's name without titles.
    pub doctor_name: String,
    /// Whether it replaces an appointment that was moved.
    pub is_moved: bool,
}

/// The receiver of a message about an appointment, and its contents besides the time.
pub fn find_to_tell(tx: &mut Tx<'_>, id: AppointmentId) -> Result<Option<ToTell>, StoreError> {
    tx.optional(
        "SELECT u.id, u.phone, o.sms_at, d.name, (SELECT MIN(x.id) FROM appointment x
           WHERE x.care_case = a.care_case AND x.moved_to = a.id)
         FROM appointment a
         JOIN doctor d ON d.id = a.doctor
         JOIN care_case c ON c.id = a.care_case
         JOIN registration r ON r.id = c.registration
         JOIN customer u ON u.id = c.customer
         LEFT JOIN opt_out o ON o.phone = u.phone AND o.sms_at > r.at
         WHERE a.id = ?1",
        args![id],
    )?
    .map(|row| {
        Ok(ToTell {
            customer: CustomerId(row.int(0)?),
            phone: row.phone(1)?,
            sms_opted_out_at: row.opt_time(2)?,
            doctor_name: row.text(3)?,
            is_moved: row.opt_int(4)?.is_some(),
        })
    })
    .transpose()
}

/// The live appointment of a case; an expired hold counts until it is ended.
pub fn find_live(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<AppointmentRow>, StoreError> {
    tx.optional(
        "SELECT id, care_case, doctor, department, starts_at, minutes, state, method, by_staff, held_until,
                started_at
         FROM appointment
         WHERE care_case = ?1 AND state IN ('held', 'booked', 'told', 'in_progress')",
        args![case],
    )?
    .map(|row| appointment(&row))
    .transpose()
}

/// Ends every expired hold and frees its time; one that another transaction has locked is left to it. An index finds
/// them, so that nothing to do costs one look-up.
pub fn settle_expired_holds(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    let expired = tx.many(
        "SELECT id FROM appointment WHERE state = 'held' AND held_until <= ?1 ORDER BY held_until, id
         FOR NO KEY UPDATE SKIP LOCKED",
        args![now],
    )?;
    for row in &expired {
        settle_cancelled(tx, AppointmentId(row.int(0)?), AppointmentState::Held, "vinmec", "hold_expired")?;
    }
    Ok(())
}

/// A hold becomes a booking with the case's method of now; false when it is no longer held.
pub fn settle_hold(
    tx: &mut Tx<'_>,
    id: AppointmentId,
    method: &str,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE appointment SET state = 'booked', held_until = NULL, method = ?1, by_staff = ?2, at = ?3
         WHERE id = ?4 AND state = 'held'",
        args![method, by, now, id],
    )? == 1)
}

/// Cancels a live appointment that was seen in state `from` and frees its time; false when it has moved on.
/// `by` is `customer` or `vinmec`.
pub fn settle_cancelled(
    tx: &mut Tx<'_>,
    id: AppointmentId,
    from: AppointmentState,
    by: &str,
    reason: &str,
) -> Result<bool, StoreError> {
    let cancelled = tx.execute(
        "UPDATE appointment SET state = 'cancelled', held_until = NULL, cancelled_by = ?1, reason = ?2
         WHERE id = ?3 AND state = ?4",
        args![by, reason, id, from.code()],
    )? == 1;
    if cancelled {
        granule::delete_of(tx, id)?;
    }
    Ok(cancelled)
}

/// Holds the time of an appointment that was seen in state `from` until then, so that it can be taken back; false when
/// it has moved on.
pub fn settle_kept(
    tx: &mut Tx<'_>,
    id: AppointmentId,
    from: AppointmentState,
    until: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE appointment SET state = 'held', held_until = ?1 WHERE id = ?2 AND state = ?3",
        args![until, id, from.code()],
    )? == 1)
}

/// The appointment whose time was held is in state `to` again; false when its time was let go.
pub fn settle_kept_back(
    tx: &mut Tx<'_>,
    id: AppointmentId,
    to: AppointmentState,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE appointment SET state = ?1, held_until = NULL WHERE id = ?2 AND state = 'held'",
        args![to.code(), id],
    )? == 1)
}

/// Cancels the live appointment of a case and frees its time; returns its id. `by` is `customer` or `vinmec`. The
/// case is locked, so that meanwhile only an expired hold can end, which is the same outcome.
pub fn cancel_live(
    tx: &mut Tx<'_>,
    case: CaseId,
    by: &str,
    reason: &str,
) -> Result<Option<AppointmentId>, StoreError> {
    let Some(live) = find_live(tx, case)? else { return Ok(None) };
    settle_cancelled(tx, live.id, live.state, by, reason)?;
    Ok(Some(live.id))
}

/// Brings back an appointment that was cancelled by mistake; false when it is not cancelled. Its granules are taken with
/// [`granule::insert`].
pub fn reopen(tx: &mut Tx<'_>, id: AppointmentId, to: AppointmentState) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE appointment SET state = ?1, cancelled_by = NULL, reason = NULL WHERE id = ?2 AND state = 'cancelled'",
        args![to.code(), id],
    )? == 1)
}

/// Links an appointment that was cancelled for a move to the one it moved to.
pub fn settle_moved(tx: &mut Tx<'_>, id: AppointmentId, to: AppointmentId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE appointment SET state = 'moved', moved_to = ?1, cancelled_by = NULL, reason = NULL
         WHERE id = ?2 AND state = 'cancelled'",
        args![to, id],
    )?;
    Ok(())
}

/// The customer was told; false unless it is booked or told. `channel` is `phone` or `sms`.
pub fn settle_told(
    tx: &mut Tx<'_>,
    id: AppointmentId,
    channel: &str,
    by: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE appointment SET state = 'told', told_channel = ?1, told_by = ?2, told_at = ?3
         WHERE id = ?4 AND state IN ('booked', 'told')",
        args![channel, by, now, id],
    )? == 1)
}

/// The doctor has started; false unless it is booked or told.
pub fn settle_started(tx: &mut Tx<'_>, id: AppointmentId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE appointment SET state = 'in_progress', started_at = ?1 WHERE id = ?2 AND state IN ('booked', 'told')",
        args![now, id],
    )? == 1)
}

/// Writes the result of an appointment; false unless it is booked, told or in progress.
pub fn settle_result(
    tx: &mut Tx<'_>,
    id: AppointmentId,
    to: AppointmentState,
    result: &ConsultationResult<'_>,
) -> Result<bool, StoreError> {
    Ok(tx.execute(
        "UPDATE appointment SET state = ?1, outcome = ?2, started_at = ?3, ended_at = ?4, summary = ?5, in_person = ?6,
           over_minutes = ?7
         WHERE id = ?8 AND state IN ('booked', 'told', 'in_progress')",
        args![
            to.code(),
            result.outcome,
            result.started_at,
            result.ended_at,
            result.summary,
            result.in_person,
            result.over_minutes,
            id
        ],
    )? == 1)
}

/// Appointments that start in `[from, to)`, by start; cancelled, moved and expired ones are absent. With a doctor:
/// only that doctor's. At most 5 000.
pub fn list_between(
    tx: &mut Tx<'_>,
    doctor: Option<DoctorId>,
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
) -> Result<Vec<ListedAppointment>, StoreError> {
    let rows = match doctor {
        Some(doctor) => tx.many(
            "SELECT a.id, a.care_case, a.doctor, a.department, a.starts_at, a.minutes, a.state, a.method,
                    a.by_staff, a.held_until, a.started_at, d.titles || ' ' || d.name,
                    COALESCE(r.patient, u.name), s.name, a.told_at, a.ended_at, a.outcome, a.moved_to, c.need,
                    a.summary, a.over_minutes
             FROM appointment a
             JOIN doctor d ON d.id = a.doctor
             JOIN care_case c ON c.id = a.care_case
             JOIN registration r ON r.id = c.registration
             JOIN customer u ON u.id = c.customer
             JOIN staff s ON s.id = a.by_staff
             WHERE a.doctor = ?1 AND a.starts_at >= ?2 AND a.starts_at < ?3
               AND a.state NOT IN ('cancelled', 'moved') AND (a.state <> 'held' OR a.held_until > ?4)
             ORDER BY a.starts_at, a.id LIMIT ?5",
            args![doctor, from, to, now, MOST],
        )?,
        None => tx.many(
            "SELECT a.id, a.care_case, a.doctor, a.department, a.starts_at, a.minutes, a.state, a.method,
                    a.by_staff, a.held_until, a.started_at, d.titles || ' ' || d.name,
                    COALESCE(r.patient, u.name), s.name, a.told_at, a.ended_at, a.outcome, a.moved_to, c.need,
                    a.summary, a.over_minutes
             FROM appointment a
             JOIN doctor d ON d.id = a.doctor
             JOIN care_case c ON c.id = a.care_case
             JOIN registration r ON r.id = c.registration
             JOIN customer u ON u.id = c.customer
             JOIN staff s ON s.id = a.by_staff
             WHERE a.starts_at >= ?1 AND a.starts_at < ?2
               AND a.state NOT IN ('cancelled', 'moved') AND (a.state <> 'held' OR a.held_until > ?3)
             ORDER BY a.starts_at, a.id LIMIT ?4",
            args![from, to, now, MOST],
        )?,
    };
    rows.iter().map(listed).collect()
}

/// All appointments of a case, newest first, at most 100.
pub fn list_of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<ListedAppointment>, StoreError> {
    tx.many(
        "SELECT a.id, a.care_case, a.doctor, a.department, a.starts_at, a.minutes, a.state, a.method,
                a.by_staff, a.held_until, a.started_at, d.titles || ' ' || d.name,
                COALESCE(r.patient, u.name), s.name, a.told_at, a.ended_at, a.outcome, a.moved_to, c.need,
                a.summary, a.over_minutes
         FROM appointment a
         JOIN doctor d ON d.id = a.doctor
         JOIN care_case c ON c.id = a.care_case
         JOIN registration r ON r.id = c.registration
         JOIN customer u ON u.id = c.customer
         JOIN staff s ON s.id = a.by_staff
         WHERE a.care_case = ?1 ORDER BY a.id DESC LIMIT 100",
        args![case],
    )?
    .iter()
    .map(listed)
    .collect()
}
