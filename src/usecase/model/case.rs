//! What Vinmec sees: cases, the roster and doctors' days. List and billing data are absent by type.

use super::customer::Matched;
use crate::domain::appointment::AppointmentState;
use crate::domain::case::CaseState;
use crate::domain::consent::ConsentParty;
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, CaseId, CustomerId, DoctorId, MatterId, RegistrationId};
use crate::domain::lang::Bilingual;
use crate::domain::time::Timestamp;
use crate::domain::triage::{FlagAnswer, ReviewVerdict};
use chrono::NaiveDate;
use serde::Serialize;

/// A case in the list of those to contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseLine {
    /// Which.
    pub case: CaseId,
    /// The intake matter, to claim the call.
    pub matter: MatterId,
    /// Patient's name (or the customer's).
    pub name: String,
    /// Masked number.
    pub phone_masked: String,
    /// Where it stands.
    pub state: CaseState,
    /// Since when it waits in this state.
    pub since: Timestamp,
    /// Where it is routed, once triaged.
    pub department: Option<Department>,
    /// Promised or retry time of the intake call.
    pub due_at: Option<Timestamp>,
    /// Whether `due_at` is a promise.
    pub promised: bool,
    /// Who has it open now.
    pub holder: Option<String>,
    /// The live appointment's start.
    pub starts_at: Option<Timestamp>,
    /// Whether the customer was told.
    pub told: bool,
}

/// A case that a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseHit {
    /// Which.
    pub case: CaseId,
    /// By what it was found.
    pub matched: Matched,
    /// The patient's name (or the customer's).
    pub name: String,
    /// The customer's, when the patient is another person.
    pub customer: Option<String>,
    /// Masked number.
    pub phone_masked: String,
    /// Seat number, while there is one.
    pub seat: Option<i64>,
    /// The registration behind it, whose number is no seat.
    pub registration: RegistrationId,
    /// Where it stands.
    pub state: CaseState,
    /// Start of the latest appointment; for a doctor, of their own.
    pub starts_at: Option<Timestamp>,
}

/// One case with its health text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseFile {
    /// Which.
    pub case: CaseId,
    /// The registration behind it.
    pub registration: RegistrationId,
    /// Who.
    pub customer: CustomerId,
    /// The intake matter.
    pub matter: MatterId,
    /// Where it stands.
    pub state: CaseState,
    /// Customer's name.
    pub name: String,
    /// Kinship word code.
    pub salutation: Option<String>,
    /// Masked number; the whole one is on the intake call's card.
    pub phone_masked: String,
    /// Patient, when not the customer.
    pub patient: Option<String>,
    /// Patient's birth year.
    pub birth_year: Option<i32>,
    /// Representative and relation of a patient under 18.
    pub representative: Option<String>,
    /// Who must still agree for themselves, to be asked in the call.
    pub consents_missing: Vec<ConsentParty>,
    /// Who answered whether they agree to be registered and advised, and how it was recorded.
    pub consents: Vec<ConsentLine>,
    /// What they want advice on.
    pub need: Option<String>,
    /// Department.
    pub department: Option<Department>,
    /// `phone` or `video`.
    pub method: Option<String>,
    /// Why video.
    pub method_reason: Option<String>,
    /// Version of the red-flag list that was read out.
    pub flags_version: Option<i64>,
    /// Codes that were answered yes or unsure.
    pub red_flags: Vec<String>,
    /// The departments it went to, one after another, and who chose.
    pub departments: Vec<DepartmentLine>,
    /// Every reading of the checklist, oldest first.
    pub screenings: Vec<ScreeningLine>,
    /// Whether the patient turned out to be a child who was not asked the list of paediatrics: nothing is booked or
    /// begun until the case was triaged again.
    pub screening_missing: bool,
    /// What doctors said of them, oldest first.
    pub reviews: Vec<ReviewLine>,
    /// Until when a diversion can be taken back.
    pub undo_until: Option<Timestamp>,
    /// Appointments, newest first.
    pub appointments: Vec<AppointmentLine>,
}

/// The answer of one party to the first purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsentLine {
    /// Who answered.
    pub party: ConsentParty,
    /// Whether they agree.
    pub given: bool,
    /// Who passed the answer on, when it was not they themselves.
    pub spoken_by: Option<String>,
    /// Version of the notice that was read out or sent.
    pub notice_version: String,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A step of a case's way through the departments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DepartmentLine {
    /// When.
    pub at: Timestamp,
    /// Where it went.
    pub department: Department,
    /// Who chose.
    pub by: String,
}

/// One reading of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScreeningLine {
    /// When.
    pub at: Timestamp,
    /// The nurse.
    pub by: String,
    /// Whose checklist was read out.
    pub list: Department,
    /// Its version.
    pub version: i64,
    /// Sign and answer, in the order of the list.
    pub answers: Vec<(String, FlagAnswer)>,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

/// What a doctor said of the screening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewLine {
    /// When.
    pub at: Timestamp,
    /// The doctor.
    pub by: String,
    /// What was wrong.
    pub verdict: ReviewVerdict,
    /// In the doctor's words.
    pub note: Option<String>,
}

/// A checklist that is to be read out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedFlagsModel {
    /// What a triage names as `screened`.
    pub version: i64,
    /// Whose list it is.
    pub list: Department,
    /// In order.
    pub flags: Vec<FlagModel>,
}

/// One sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlagModel {
    /// Stable code.
    pub code: String,
    /// As it is asked.
    pub text: Bilingual,
}

/// An appointment in a list or on the grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppointmentLine {
    /// Which.
    pub appointment: AppointmentId,
    /// For which case.
    pub case: CaseId,
    /// With whom.
    pub doctor: DoctorId,
    /// Titles and name.
    pub doctor_name: String,
    /// Patient's name.
    pub patient: String,
    /// Start.
    pub starts_at: Timestamp,
    /// Length in minutes.
    pub minutes: i64,
    /// Where it stands.
    pub state: AppointmentState,
    /// `phone` or `video`.
    pub method: String,
    /// Who holds it, while held.
    pub held_by: Option<String>,
    /// Until when, while held.
    pub held_until: Option<Timestamp>,
    /// When the customer was told.
    pub told_at: Option<Timestamp>,
    /// Real start.
    pub started_at: Option<Timestamp>,
    /// Real end.
    pub ended_at: Option<Timestamp>,
    /// `done`, `no_show_customer`, `no_show_doctor`.
    pub outcome: Option<String>,
    /// The appointment it moved to.
    pub moved_to: Option<AppointmentId>,
    /// What the patient wants advice on, for the doctor's list.
    pub need: Option<String>,
    /// Short summary.
    pub summary: Option<String>,
    /// By how many minutes the consultation was longer than the programme allows, when it was.
    pub over_limit_minutes: Option<i64>,
}

/// A doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoctorLine {
    /// Who.
    pub doctor: DoctorId,
    /// Name without titles.
    pub name: String,
    /// Titles as written.
    pub titles: String,
    /// Where they work.
    pub departments: Vec<Department>,
    /// Why they qualify.
    pub qualifies: String,
}

/// Free slots, earliest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FreeSlots {
    /// Of which department.
    pub department: Department,
    /// Earliest first.
    pub slots: Vec<Slot>,
}

/// One free slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Who.
    pub doctor: DoctorId,
    /// Titles and name.
    pub doctor_name: String,
    /// Start.
    pub starts_at: Timestamp,
    /// Length in minutes.
    pub minutes: i64,
}

/// A doctor's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayModel {
    /// Who.
    pub doctor: DoctorId,
    /// Titles and name.
    pub name: String,
    /// Which day.
    pub date: NaiveDate,
    /// Registered hours, from–to.
    pub shifts: Vec<(Timestamp, Timestamp)>,
    /// By start; cancelled and moved ones are absent.
    pub appointments: Vec<AppointmentLine>,
}

/// Doctors × time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RosterModel {
    /// Which day.
    pub date: NaiveDate,
    /// Of which department, when one was asked for.
    pub department: Option<Department>,
    /// Each doctor with hours and appointments.
    pub doctors: Vec<DayModel>,
}
