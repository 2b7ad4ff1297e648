//! Requests of Vinmec's side and of the survey: triage, doctors, appointments, results, answers.

use crate::domain::department::Department;
use crate::domain::id::AppointmentId;
use crate::domain::id::CaseId;
use crate::domain::id::DoctorId;
use crate::domain::time::Timestamp;
use crate::domain::triage::{FlagAnswer, ReviewVerdict};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Names an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentRef {
    /// Which.
    pub appointment: AppointmentId,
}

/// How the doctor will talk to the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By telephone, the rule.
    #[default]
    Phone,
    /// By video, with a reason.
    Video,
}

impl Method {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Video => "video",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Phone, Self::Video].into_iter().find(|m| m.code() == code)
    }
}

/// Screen and route a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Triage {
    /// Which case.
    pub case: CaseId,
    /// Where it goes.
    pub department: Department,
    /// What the customer wants advice on. Health text: Vinmec roles only.
    pub need: String,
    /// The version of the checklist that was read out ([`super::super::Query::RedFlags`]). Without it, or with another
    /// than the current one, only an emergency is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screened: Option<i64>,
    /// Codes answered *Có* or *Không chắc*; any of them ends in 115.
    #[serde(default)]
    pub red_flags: Vec<String>,
    /// Single answers, where they are known: code → `no`, `yes` or `unsure`. None: every other sign of the list that was
    /// read out was answered *Không*.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, FlagAnswer>,
    /// Phone or video.
    #[serde(default)]
    pub method: Method,
    /// Needed for video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method_reason: Option<String>,
}

/// Names a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseRef {
    /// Which.
    pub case: CaseId,
}

/// Say what was wrong with the screening of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewScreening {
    /// Which case.
    pub case: CaseId,
    /// What was wrong.
    pub verdict: ReviewVerdict,
    /// In the doctor's words. Health text: Vinmec roles only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Open a doctor's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenDay {
    /// The doctor; by default the actor, when they are a doctor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<DoctorId>,
    /// Which day; default: today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
}

/// Add a doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddDoctor {
    /// Full name without titles.
    pub name: String,
    /// Titles as written, such as `PGS.TS.BS`.
    pub titles: String,
    /// Licence number, unique.
    pub licence: String,
    /// At least one.
    pub departments: Vec<Department>,
}

/// Add registered hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddShift {
    /// Whose.
    pub doctor: DoctorId,
    /// Start, on the 5-minute grid.
    pub from: Timestamp,
    /// End, on the grid, after the start, the same day.
    pub to: Timestamp,
}

/// Book or hold a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Book {
    /// For which case.
    pub case: CaseId,
    /// With whom.
    pub doctor: DoctorId,
    /// Start, on the 5-minute grid.
    pub starts_at: Timestamp,
    /// Length, a multiple of 5, at most the campaign's limit.
    pub minutes: i64,
}

/// Move an appointment; the old one links to the new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoveAppointment {
    /// Which.
    pub appointment: AppointmentId,
    /// Another doctor, or the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<DoctorId>,
    /// New start.
    pub starts_at: Timestamp,
    /// New length, or the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
}

/// Who cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    /// The customer.
    Customer,
    /// The hospital.
    Vinmec,
}

/// Cancel an appointment. The seat stays; the case can be booked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelAppointment {
    /// Which.
    pub appointment: AppointmentId,
    /// Who wanted it.
    pub by: CancelledBy,
    /// Why.
    pub reason: String,
}

/// How the customer was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToldBy {
    /// By phone.
    Phone,
    /// By SMS: queues the appointment message.
    Sms,
}

/// The customer was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TellCustomer {
    /// Which appointment.
    pub appointment: AppointmentId,
    /// How.
    pub by: ToldBy,
}

/// What came of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The consultation took place.
    Done,
    /// The customer was not there.
    NoShowCustomer,
    /// The doctor was not there.
    NoShowDoctor,
}

/// Record the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordResult {
    /// Which appointment.
    pub appointment: AppointmentId,
    /// What came of it.
    pub outcome: Outcome,
    /// Real start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// Real end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Short summary, Vinmec roles only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Whether an in-person visit was advised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_person_advised: Option<bool>,
}

/// Survey answers by question; missing = not answered.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SurveyAnswers {
    /// Registering was easy, 1–7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q1: Option<i64>,
    /// Sound and picture, 1–5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q2: Option<i64>,
    /// The doctor listened and explained, 1–5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q3: Option<i64>,
    /// The need was answered, 1–5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q4: Option<i64>,
    /// Satisfied on the whole, 1–5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q5: Option<i64>,
    /// Would recommend, 0–10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q6: Option<i64>,
    /// Whether the handbook arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handbook_received: Option<bool>,
    /// Free words, no diagnosis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// How the answers look in a log: which questions were answered, never how, and no word of the customer's.
impl fmt::Debug for SurveyAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scores = [self.q1, self.q2, self.q3, self.q4, self.q5, self.q6];
        f.debug_struct("SurveyAnswers")
            .field("answered", &scores.map(|score| score.is_some()))
            .field("handbook_received", &self.handbook_received.is_some())
            .field("comment", &self.comment.is_some())
            .finish()
    }
}

/// Record a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordSurvey {
    /// Of which case.
    pub case: CaseId,
    /// The answers.
    pub answers: SurveyAnswers,
    /// Talk time in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk_seconds: Option<i64>,
    /// The customer was told that this call is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_announced: Option<bool>,
    /// The agent's note on this call, at most 500 graphemes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_never_holds_what_a_customer_answered() {
        let answers = SurveyAnswers {
            q1: Some(7),
            handbook_received: Some(true),
            comment: Some("chờ lâu quá".to_owned()),
            ..SurveyAnswers::default()
        };
        let logged = format!("{answers:?}");
        assert!(!logged.contains('7') && !logged.contains("lâu"), "{logged}");
        assert!(logged.contains("comment: true"), "{logged}");
    }
}
