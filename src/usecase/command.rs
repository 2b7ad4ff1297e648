//! Everything that changes data, as plain data (CONTRACT §4). Texts are as typed: the use case parses them and
//! answers with a typed refusal, so that a bad phone number is "refused", never "unreadable".

use crate::domain::actor::{Act, Role};
use crate::domain::consent::{ConsentAnswers, ConsentPurpose, Representative};
use crate::domain::contact::Purpose;
use crate::domain::department::Department;
use crate::domain::disposition::Disposition;
use crate::domain::id::{
    AppointmentId, BatchId, CaseId, CustomerId, DoctorId, LeadId, MatterId, RegistrationId, StaffId,
};
use crate::domain::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A write request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Take a seat, or a place on the waitlist.
    Register(Register),
    /// Give a registration up; its seat goes to the first on the waitlist.
    CancelRegistration(CancelRegistration),
    /// "Do not contact me": at once and for ever.
    OptOut(OptOut),
    /// Take the next customer to call, or a named matter.
    Claim(Claim),
    /// Keep a lease alive while the call lasts.
    RenewLease(MatterRef),
    /// Give a claimed customer back without a call.
    ReleaseLease(MatterRef),
    /// Save how a call ended.
    RecordCall(RecordCall),
    /// Take back the last disposition, within the campaign's undo time.
    UndoCall(MatterRef),
    /// Record an agreement that relaxes the contact rules for one customer (T5).
    AddAgreement(AddAgreement),
    /// Withdraw one consent of a registration.
    WithdrawConsent(WithdrawConsent),
    /// Send all registrations that wait for it to Vinmec, as one batch.
    HandOver(Nothing),
    /// Accept or return rows of a batch.
    Acknowledge(Acknowledge),
    /// Screen and route a case.
    Triage(Triage),
    /// Add a doctor.
    AddDoctor(AddDoctor),
    /// Add registered hours of a doctor.
    AddShift(AddShift),
    /// Hold a slot while the customer decides.
    HoldSlot(Book),
    /// Let a held slot go.
    ReleaseSlot(AppointmentRef),
    /// Book an appointment.
    Book(Book),
    /// Move an appointment to another time or doctor.
    MoveAppointment(MoveAppointment),
    /// Cancel an appointment.
    CancelAppointment(CancelAppointment),
    /// The customer was told the day, time and method.
    TellCustomer(TellCustomer),
    /// The doctor starts.
    StartConsultation(AppointmentRef),
    /// What came of the appointment.
    RecordResult(RecordResult),
    /// Answers of the satisfaction survey.
    RecordSurvey(RecordSurvey),
    /// A comment on the fanpage.
    AddLead(AddLead),
    /// The next step with a fanpage lead.
    MoveLead(MoveLead),
    /// See a whole number outside one's own call; audited.
    RevealPhone(RevealPhone),
    /// Stop taking calls for a reason.
    Pause(Pause),
    /// Take calls again.
    Resume(Nothing),
    /// Change the number of seats.
    SetQuota(SetQuota),
    /// Add or change a staff member.
    AddStaff(AddStaff),
    /// Disable a staff member.
    DisableStaff(StaffRef),
}

impl Command {
    /// What the actor must be allowed to do.
    pub const fn act(&self) -> Act {
        match self {
            Self::Register(r) => match r.channel {
                Channel::Fanpage => Act::RegisterByFanpage,
                Channel::Inbound9090 | Channel::Outbound9090 => Act::RegisterByPhone,
            },
            Self::CancelRegistration(_) | Self::WithdrawConsent(_) => Act::CancelRegistration,
            Self::OptOut(_) => Act::OptOut,
            Self::Claim(c) => match c.purpose {
                Purpose::Offer => Act::CallOffers,
                Purpose::Intake => Act::CallIntake,
                Purpose::Survey => Act::CallSurveys,
            },
            Self::RenewLease(m) | Self::ReleaseLease(m) | Self::UndoCall(m) => call_act(m.matter),
            Self::RecordCall(r) => call_act(r.matter),
            Self::AddAgreement(_) => Act::ManageAgreements,
            Self::HandOver(_) => Act::HandOver,
            Self::Acknowledge(_) => Act::Acknowledge,
            Self::Triage(_) => Act::Triage,
            Self::AddDoctor(_) | Self::AddShift(_) => Act::ManageDoctors,
            Self::HoldSlot(_)
            | Self::ReleaseSlot(_)
            | Self::Book(_)
            | Self::MoveAppointment(_)
            | Self::CancelAppointment(_)
            | Self::TellCustomer(_) => Act::Book,
            Self::StartConsultation(_) | Self::RecordResult(_) => Act::RecordResult,
            Self::RecordSurvey(_) => Act::CallSurveys,
            Self::AddLead(_) | Self::MoveLead(_) => Act::WorkLeads,
            Self::RevealPhone(_) => Act::RevealPhone,
            Self::Pause(_) | Self::Resume(_) => Act::Work,
            Self::SetQuota(_) => Act::ManageQuota,
            Self::AddStaff(_) | Self::DisableStaff(_) => Act::ManageStaff,
        }
    }

    /// The public name, as in the JSON form.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Register(_) => "register",
            Self::CancelRegistration(_) => "cancel_registration",
            Self::OptOut(_) => "opt_out",
            Self::Claim(_) => "claim",
            Self::RenewLease(_) => "renew_lease",
            Self::ReleaseLease(_) => "release_lease",
            Self::RecordCall(_) => "record_call",
            Self::UndoCall(_) => "undo_call",
            Self::AddAgreement(_) => "add_agreement",
            Self::WithdrawConsent(_) => "withdraw_consent",
            Self::HandOver(_) => "hand_over",
            Self::Acknowledge(_) => "acknowledge",
            Self::Triage(_) => "triage",
            Self::AddDoctor(_) => "add_doctor",
            Self::AddShift(_) => "add_shift",
            Self::HoldSlot(_) => "hold_slot",
            Self::ReleaseSlot(_) => "release_slot",
            Self::Book(_) => "book",
            Self::MoveAppointment(_) => "move_appointment",
            Self::CancelAppointment(_) => "cancel_appointment",
            Self::TellCustomer(_) => "tell_customer",
            Self::StartConsultation(_) => "start_consultation",
            Self::RecordResult(_) => "record_result",
            Self::RecordSurvey(_) => "record_survey",
            Self::AddLead(_) => "add_lead",
            Self::MoveLead(_) => "move_lead",
            Self::RevealPhone(_) => "reveal_phone",
            Self::Pause(_) => "pause",
            Self::Resume(_) => "resume",
            Self::SetQuota(_) => "set_quota",
            Self::AddStaff(_) => "add_staff",
            Self::DisableStaff(_) => "disable_staff",
        }
    }
}

/// The act behind a matter's purpose; an unknown purpose digit is treated as the offer and finds no row later.
const fn call_act(matter: MatterId) -> Act {
    match matter.0 & 3 {
        2 => Act::CallIntake,
        3 => Act::CallSurveys,
        _ => Act::CallOffers,
    }
}

/// A command without fields: `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Nothing {}

/// How the customer reached the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The customer called 9090.
    #[serde(rename = "inbound_9090")]
    Inbound9090,
    /// 9090 called the customer.
    #[serde(rename = "outbound_9090")]
    Outbound9090,
    /// Fanpage inbox.
    Fanpage,
}

impl Channel {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inbound9090 => "inbound_9090",
            Self::Outbound9090 => "outbound_9090",
            Self::Fanpage => "fanpage",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Inbound9090, Self::Outbound9090, Self::Fanpage].into_iter().find(|c| c.code() == code)
    }
}

/// Register one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Register {
    /// As typed; normalised by the use case.
    pub phone: String,
    /// The customer's name, when it is not on file or corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How they came.
    pub channel: Channel,
    /// Explicit answers per purpose; missing means no.
    #[serde(default)]
    pub consents: ConsentAnswers,
    /// Take a place on the waitlist when no seat is left.
    #[serde(default = "yes")]
    pub waitlist: bool,
    /// Who the consultation is for, when it is not the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Patient>,
    /// The outbound call this comes from: it is closed as `agreed` in the same transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterId>,
    /// The fanpage lead this comes from: it becomes `registered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadId>,
    /// Talk time of the outbound call, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk_seconds: Option<i64>,
    /// The customer was told that this call is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_announced: Option<bool>,
    /// The agent's note on this call, at most 500 graphemes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

const fn yes() -> bool {
    true
}

/// Who is to be advised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Patient {
    /// Full name.
    pub name: String,
    /// Four digits.
    pub birth_year: i32,
    /// Needed under 18.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<GivenRepresentative>,
}

/// Who speaks for a patient under 18: an object, or one text such as `"Lê Thị Mai (mẹ)"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum GivenRepresentative {
    /// Name and relation apart.
    Full(Representative),
    /// Name with the relation in brackets.
    Text(String),
}

/// Cancel a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelRegistration {
    /// Which.
    pub registration: RegistrationId,
    /// Why, in a few words.
    pub reason: String,
}

/// Which contacts an opt-out stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Calls.
    Voice,
    /// Messages.
    Sms,
    /// Both.
    Both,
}

impl ContactKind {
    /// Whether calls are meant.
    pub const fn voice(self) -> bool {
        matches!(self, Self::Voice | Self::Both)
    }

    /// Whether messages are meant.
    pub const fn sms(self) -> bool {
        matches!(self, Self::Sms | Self::Both)
    }
}

/// Do not contact this number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OptOut {
    /// As typed.
    pub phone: String,
    /// What stops.
    pub contact: ContactKind,
}

/// Take a matter under lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// Which queue.
    pub purpose: Purpose,
    /// This one and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterId>,
}

/// Names a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterRef {
    /// Which.
    pub matter: MatterId,
}

/// Names an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentRef {
    /// Which.
    pub appointment: AppointmentId,
}

/// Who makes a promised callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackFor {
    /// The agent who promised.
    Me,
    /// Whoever is free.
    #[default]
    Anyone,
}

/// Save how a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordCall {
    /// The matter under lease.
    pub matter: MatterId,
    /// The outcome.
    pub disposition: Disposition,
    /// The promised time, for `callback`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_at: Option<Timestamp>,
    /// Who promised it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_for: Option<CallbackFor>,
    /// Free text, at most 500 graphemes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Seconds of talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk_seconds: Option<i64>,
    /// The customer was told that the call is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_announced: Option<bool>,
}

/// An agreement with one customer that relaxes T1–T4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddAgreement {
    /// As typed.
    pub phone: String,
    /// Calls, messages or both.
    pub contact: ContactKind,
    /// What was agreed, in a few words.
    pub what: String,
    /// Until when it holds.
    pub until: Timestamp,
    /// Where the evidence is.
    pub evidence: String,
}

/// Withdraw one consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawConsent {
    /// Of which registration.
    pub registration: RegistrationId,
    /// Which purpose. Withdrawing `register` cancels the registration.
    pub purpose: ConsentPurpose,
}

/// Accept or return rows of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledge {
    /// Which batch.
    pub batch: BatchId,
    /// `"all"` (every row not returned here) or registration ids.
    pub accept: Accept,
    /// Rows sent back with the reason.
    #[serde(default, rename = "return", skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<Returned>,
}

/// Which rows are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Accept {
    /// These.
    Rows(Vec<RegistrationId>),
    /// Every row that is still `sent` and not returned here.
    All(AllWord),
}

/// The word `"all"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllWord {
    /// Every row.
    All,
}

/// One returned row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Returned {
    /// Which registration.
    pub registration: RegistrationId,
    /// Why.
    pub reason: String,
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
    /// Codes answered *Có* or *Không chắc*; any of them ends in 115.
    #[serde(default)]
    pub red_flags: Vec<String>,
    /// Phone or video.
    #[serde(default)]
    pub method: Method,
    /// Needed for video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method_reason: Option<String>,
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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

/// A fanpage comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddLead {
    /// The name on the page.
    pub name: String,
    /// Reference of the comment (evidence), unique.
    pub comment: String,
    /// Reference of the inbox conversation, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The number given in the inbox, never in the comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// The next state of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadStep {
    /// The inbox message with notice and consent text was sent.
    Messaged,
    /// The customer gave their details.
    DetailsGiven,
    /// Nothing comes of it.
    Dropped,
}

/// Move a lead on. Registering moves it to `registered` by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoveLead {
    /// Which.
    pub lead: LeadId,
    /// To where.
    pub to: LeadStep,
    /// Reference of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The number given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Why it was dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// See one whole number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevealPhone {
    /// Whose.
    pub customer: CustomerId,
}

/// Pause with a reason code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pause {
    /// Why.
    pub reason: PauseCode,
}

/// Why an agent does not take calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PauseCode {
    /// A short break.
    Break,
    /// A meal.
    Meal,
    /// A meeting.
    Meeting,
    /// Training.
    Training,
    /// A technical fault.
    Technical,
}

impl PauseCode {
    /// All codes, in the order of the menu.
    pub const ALL: [Self; 5] = [Self::Break, Self::Meal, Self::Meeting, Self::Training, Self::Technical];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Break => "break",
            Self::Meal => "meal",
            Self::Meeting => "meeting",
            Self::Training => "training",
            Self::Technical => "technical",
        }
    }
}

/// Change the number of seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetQuota {
    /// New number, not below what is taken.
    pub quota: i64,
}

/// Add or change a staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddStaff {
    /// Login name: lower-case letters, digits, `.`, `_`, `-`; at most 32.
    pub id: StaffId,
    /// Name on screen.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The doctor this person is; needed for the role `doctor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<DoctorId>,
}

/// Names a staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StaffRef {
    /// Who.
    pub id: StaffId,
}
