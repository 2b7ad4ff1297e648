//! Everything that changes data, as plain data, in its public form. Texts are as typed: the use case parses them and
//! answers with a typed refusal, so that a bad phone number is "refused", never "unreadable".

mod campaign;
mod care;
mod contact;
mod desk;
mod registration;
mod task;

pub use campaign::{LoadCampaign, MOST_REASON};
pub use care::{
    AddDoctor, AddShift, AppointmentRef, Book, CancelAppointment, CancelledBy, CaseRef, Method,
    MoveAppointment, OpenDay, Outcome, RecordResult, RecordSurvey, ReviewScreening, SurveyAnswers,
    TellCustomer, ToldBy, Triage,
};
pub use contact::{AddAgreement, CallbackFor, Claim, ContactKind, MatterRef, OptOut, RecordCall};
pub use desk::{
    AddStaff, AddStaffKey, Broadcast, LeadRef, LineLost, Nothing, Pause, PauseCode, RemoveStaffKey,
    RevealPhone, SessionRef, SetQuota, StaffRef,
};
pub use registration::{
    Accept, Acknowledge, AddLead, AllWord, CancelRegistration, Channel, CorrectRegistration,
    GivenRepresentative, LeadStep, MoveLead, Patient, ReactivateRegistration, RecordBirthYear, RecordConsent,
    Register, RegistrationRef, Returned, WithdrawConsent,
};

pub use task::{AfterComplaint, AssignTask, CloseTask, TaskRef};

use crate::domain::actor::Permission;
use crate::domain::contact::Purpose;
use crate::domain::id::MatterId;
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
    /// Take back a registration made by mistake, within the campaign's undo time.
    UndoRegistration(RegistrationRef),
    /// Take back a cancellation made by mistake, within the campaign's undo time.
    UndoCancel(RegistrationRef),
    /// Restore a cancelled registration while seats are left.
    ReactivateRegistration(ReactivateRegistration),
    /// "Do not contact me": at once and for ever.
    OptOut(OptOut),
    /// Take the next customer to call, or a named matter.
    Claim(Claim),
    /// Keep a lease alive while the call lasts.
    RenewLease(MatterRef),
    /// Give a claimed customer back without a call.
    ReleaseLease(MatterRef),
    /// The session was lost: an agent who does not reconnect soon loses the lease of their customer.
    LineLost(LineLost),
    /// Save how a call ended.
    RecordCall(RecordCall),
    /// Take back the last disposition, within the campaign's undo time.
    UndoCall(MatterRef),
    /// Record an agreement that relaxes the contact rules for one customer (T5).
    AddAgreement(AddAgreement),
    /// Correct a registration that Vinmec does not have.
    CorrectRegistration(CorrectRegistration),
    /// Withdraw one consent of a registration.
    WithdrawConsent(WithdrawConsent),
    /// Record the own answer of a patient, a child or a representative.
    RecordConsent(RecordConsent),
    /// Record the patient's birth year.
    RecordBirthYear(RecordBirthYear),
    /// Send all registrations that wait for it to Vinmec, as one batch.
    HandOver(Nothing),
    /// Accept or return rows of a batch.
    Acknowledge(Acknowledge),
    /// Screen and route a case.
    Triage(Triage),
    /// Take the last screening back, within the campaign's undo time: a case that was sent to 115 is as it was.
    UndoTriage(CaseRef),
    /// Say what was wrong with a screening.
    ReviewScreening(ReviewScreening),
    /// Open a case; audited.
    OpenCase(CaseRef),
    /// Open a doctor's day; audited.
    OpenDay(OpenDay),
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
    /// See the whole number that came with a fanpage lead; audited.
    RevealLead(LeadRef),
    /// Stop taking calls for a reason.
    Pause(Pause),
    /// Take calls again.
    Resume(Nothing),
    /// Change the number of seats.
    SetQuota(SetQuota),
    /// Put another version of the campaign in force.
    LoadCampaign(LoadCampaign),
    /// Add or change a staff member.
    AddStaff(AddStaff),
    /// Disable a staff member.
    DisableStaff(StaffRef),
    /// Give a staff member one more SSH key.
    AddStaffKey(AddStaffKey),
    /// Take an SSH key away.
    RemoveStaffKey(RemoveStaffKey),
    /// Take a forgotten PIN away; its person may choose a new one.
    ClearPin(StaffRef),
    /// End a session.
    EndSession(SessionRef),
    /// Continue in this session alone: end the actor's others.
    TakeOver(SessionRef),
    /// Send a message to all open sessions.
    Broadcast(Broadcast),
    /// Give a task to oneself, to somebody, or back to the role.
    AssignTask(AssignTask),
    /// Close a task with a note.
    CloseTask(CloseTask),
    /// Open again a task that was closed a moment ago.
    ReopenTask(TaskRef),
}

impl Command {
    /// What the actor must be allowed to do.
    pub const fn act(&self) -> Permission {
        match self {
            Self::Register(r) => match r.channel {
                Channel::Fanpage => Permission::RegisterByFanpage,
                Channel::Inbound9090 | Channel::Outbound9090 => Permission::RegisterByPhone,
            },
            Self::CancelRegistration(_)
            | Self::WithdrawConsent(_)
            | Self::UndoRegistration(_)
            | Self::UndoCancel(_) => Permission::CancelRegistration,
            Self::ReactivateRegistration(_) => Permission::ReactivateRegistration,
            Self::CorrectRegistration(_) => Permission::CorrectRegistration,
            Self::OptOut(_) => Permission::OptOut,
            Self::Claim(c) => call_act(c.purpose),
            Self::RenewLease(m) | Self::ReleaseLease(m) | Self::UndoCall(m) => matter_act(m.matter),
            Self::RecordCall(r) => matter_act(r.matter),
            Self::AddAgreement(_) => Permission::ManageAgreements,
            Self::HandOver(_) => Permission::HandOver,
            Self::Acknowledge(_) => Permission::Acknowledge,
            Self::Triage(_) | Self::UndoTriage(_) | Self::RecordConsent(_) | Self::RecordBirthYear(_) => {
                Permission::Triage
            }
            Self::ReviewScreening(_) => Permission::ReviewScreening,
            Self::OpenCase(_) => Permission::SeeHealth,
            Self::OpenDay(_) => Permission::SeeRoster,
            Self::AddDoctor(_) | Self::AddShift(_) => Permission::ManageDoctors,
            Self::HoldSlot(_)
            | Self::ReleaseSlot(_)
            | Self::Book(_)
            | Self::MoveAppointment(_)
            | Self::CancelAppointment(_)
            | Self::TellCustomer(_) => Permission::Book,
            Self::StartConsultation(_) | Self::RecordResult(_) => Permission::RecordResult,
            Self::RecordSurvey(_) => Permission::CallSurveys,
            Self::AddLead(_) | Self::MoveLead(_) | Self::RevealLead(_) => Permission::WorkLeads,
            Self::RevealPhone(_) => Permission::RevealPhone,
            Self::Pause(_) | Self::Resume(_) | Self::LineLost(_) | Self::TakeOver(_) => Permission::Work,
            Self::SetQuota(_) => Permission::ManageQuota,
            Self::LoadCampaign(_) => Permission::ManageCampaign,
            Self::AddStaff(_)
            | Self::DisableStaff(_)
            | Self::AddStaffKey(_)
            | Self::RemoveStaffKey(_)
            | Self::ClearPin(_) => Permission::ManageStaff,
            Self::EndSession(_) | Self::Broadcast(_) => Permission::ManageSessions,
            Self::AssignTask(_) | Self::CloseTask(_) | Self::ReopenTask(_) => Permission::WorkTasks,
        }
    }

    /// The public name, as in the JSON form.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Register(_) => "register",
            Self::CancelRegistration(_) => "cancel_registration",
            Self::UndoRegistration(_) => "undo_registration",
            Self::UndoCancel(_) => "undo_cancel",
            Self::ReactivateRegistration(_) => "reactivate_registration",
            Self::CorrectRegistration(_) => "correct_registration",
            Self::OptOut(_) => "opt_out",
            Self::Claim(_) => "claim",
            Self::RenewLease(_) => "renew_lease",
            Self::ReleaseLease(_) => "release_lease",
            Self::LineLost(_) => "line_lost",
            Self::RecordCall(_) => "record_call",
            Self::UndoCall(_) => "undo_call",
            Self::AddAgreement(_) => "add_agreement",
            Self::WithdrawConsent(_) => "withdraw_consent",
            Self::RecordConsent(_) => "record_consent",
            Self::RecordBirthYear(_) => "record_birth_year",
            Self::HandOver(_) => "hand_over",
            Self::Acknowledge(_) => "acknowledge",
            Self::Triage(_) => "triage",
            Self::UndoTriage(_) => "undo_triage",
            Self::ReviewScreening(_) => "review_screening",
            Self::OpenCase(_) => "open_case",
            Self::OpenDay(_) => "open_day",
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
            Self::RevealLead(_) => "reveal_lead",
            Self::Pause(_) => "pause",
            Self::Resume(_) => "resume",
            Self::SetQuota(_) => "set_quota",
            Self::LoadCampaign(_) => "load_campaign",
            Self::AddStaff(_) => "add_staff",
            Self::DisableStaff(_) => "disable_staff",
            Self::AddStaffKey(_) => "add_staff_key",
            Self::RemoveStaffKey(_) => "remove_staff_key",
            Self::ClearPin(_) => "clear_pin",
            Self::EndSession(_) => "end_session",
            Self::TakeOver(_) => "take_over",
            Self::Broadcast(_) => "broadcast",
            Self::AssignTask(_) => "assign_task",
            Self::CloseTask(_) => "close_task",
            Self::ReopenTask(_) => "reopen_task",
        }
    }
}

/// The act behind calls of a purpose.
const fn call_act(purpose: Purpose) -> Permission {
    match purpose {
        Purpose::Offer => Permission::CallOffers,
        Purpose::Intake => Permission::CallIntake,
        Purpose::Survey => Permission::CallSurveys,
    }
}

/// The act behind calls about a matter. An id that no matter can have is treated as an offer and finds no row later.
pub(super) const fn matter_act(matter: MatterId) -> Permission {
    match Purpose::of_matter(matter) {
        Some((_, purpose)) => call_act(purpose),
        None => Permission::CallOffers,
    }
}
