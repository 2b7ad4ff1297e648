//! Tasks: whatever waits for a person, as kinds, the thing that each is about, and the role that works on it.
//!
//! Invariants:
//! - one open task of a kind about one thing;
//! - a task is for one role, hence for one organisation; nobody of the other one sees it;
//! - a kind that tells the other organisation of an event carries no note, so that no free text crosses with it.

use super::actor::Role;
use super::contact::Purpose;
use super::id::{AppointmentId, CaseId, CustomerId, MatterId, RegistrationId, StaffId};
use super::lang::Lang;
use super::refusal::Refusal;
use super::time::Timestamp;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why somebody is needed. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// A customer complained on the phone.
    Complaint,
    /// Vinmec returned a row of a hand-over batch.
    HandoverReturned,
    /// A customer came off the waitlist and must hear that they have a seat.
    PromotedToTell,
    /// A case ended without a consultation: its seat came back.
    SeatReturned,
    /// A red flag was answered wrongly or is missing, in the eyes of a doctor.
    RedFlagReview,
    /// The Do-Not-Call register is about to grow too old, and all offers would stop.
    RegisterExpiring,
    /// A result is missing, or came after its time.
    LateResult,
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Complaint,
        Self::HandoverReturned,
        Self::PromotedToTell,
        Self::SeatReturned,
        Self::RedFlagReview,
        Self::RegisterExpiring,
        Self::LateResult,
    ];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::HandoverReturned => "handover_returned",
            Self::PromotedToTell => "promoted_to_tell",
            Self::SeatReturned => "seat_returned",
            Self::RedFlagReview => "red_flag_review",
            Self::RegisterExpiring => "register_expiring",
            Self::LateResult => "late_result",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("task.kind.{}", self.code()), locale = lang.code()).into_owned()
    }

    /// The role that a task of this kind about that thing is for. What a call or a matter of Vinmec is about stays
    /// with Vinmec.
    pub fn role(self, about: TaskAbout) -> Role {
        match (self, about.is_of_vinmec()) {
            (Self::RedFlagReview, _) | (Self::Complaint, true) => Role::VinmecLead,
            (Self::LateResult, true) => Role::Intake,
            (Self::PromotedToTell, _) => Role::Agent,
            (
                Self::Complaint
                | Self::HandoverReturned
                | Self::SeatReturned
                | Self::RegisterExpiring
                | Self::LateResult,
                _,
            ) => Role::Supervisor,
        }
    }

    /// Whether a note goes with it. A returned seat is Vinmec's event on MobiFone's list: no text crosses.
    pub const fn takes_note(self) -> bool {
        !matches!(self, Self::SeatReturned)
    }

    /// Whether a person asked for it. The others follow from what somebody did, who may know nothing of them: the claim
    /// that found the register old, or the cancellation that gave a seat on.
    pub const fn is_opened_by_a_person(self) -> bool {
        matches!(self, Self::Complaint | Self::HandoverReturned | Self::RedFlagReview)
    }

    /// Whether a person may close it by saying so. A returned row and an old register are settled by the act alone.
    pub const fn closes_by_note(self) -> bool {
        !matches!(self, Self::HandoverReturned | Self::RegisterExpiring)
    }

    /// Within how many hours it is due when its opener names no time.
    pub const fn due_hours(self) -> i64 {
        match self {
            Self::LateResult => 4,
            Self::Complaint
            | Self::HandoverReturned
            | Self::PromotedToTell
            | Self::RedFlagReview
            | Self::RegisterExpiring => 24,
            Self::SeatReturned => 48,
        }
    }
}

/// The thing that a task is about. JSON form: `{"matter": 5}`, or `"register"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskAbout {
    /// A customer.
    Customer(CustomerId),
    /// A contact matter.
    Matter(MatterId),
    /// A registration.
    Registration(RegistrationId),
    /// A case of Vinmec.
    Case(CaseId),
    /// An appointment of Vinmec.
    Appointment(AppointmentId),
    /// The Do-Not-Call register on file.
    Register,
}

impl TaskAbout {
    /// The public code of its kind.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Customer(_) => "customer",
            Self::Matter(_) => "matter",
            Self::Registration(_) => "registration",
            Self::Case(_) => "case",
            Self::Appointment(_) => "appointment",
            Self::Register => "register",
        }
    }

    /// Its row's id; 0 for the register.
    pub const fn id(self) -> i64 {
        match self {
            Self::Customer(id) => id.0,
            Self::Matter(id) => id.0,
            Self::Registration(id) => id.0,
            Self::Case(id) => id.0,
            Self::Appointment(id) => id.0,
            Self::Register => 0,
        }
    }

    /// Reads a code and an id.
    pub fn of(code: &str, id: i64) -> Option<Self> {
        Some(match code {
            "customer" => Self::Customer(CustomerId(id)),
            "matter" => Self::Matter(MatterId(id)),
            "registration" => Self::Registration(RegistrationId(id)),
            "case" => Self::Case(CaseId(id)),
            "appointment" => Self::Appointment(AppointmentId(id)),
            "register" => Self::Register,
            _ => return None,
        })
    }

    /// As an audit row names it: `matter:5`.
    pub fn subject(self) -> String {
        match self {
            Self::Register => self.code().to_owned(),
            Self::Customer(_)
            | Self::Matter(_)
            | Self::Registration(_)
            | Self::Case(_)
            | Self::Appointment(_) => format!("{}:{}", self.code(), self.id()),
        }
    }

    /// Whether it is a thing that only Vinmec works on.
    fn is_of_vinmec(self) -> bool {
        match self {
            Self::Case(_) | Self::Appointment(_) => true,
            Self::Matter(matter) => {
                Purpose::of_matter(matter).is_some_and(|(_, purpose)| purpose == Purpose::Intake)
            }
            Self::Customer(_) | Self::Registration(_) | Self::Register => false,
        }
    }
}

/// The state of a task. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Waits for somebody.
    Open,
    /// Done, or closed with a note.
    Closed,
}

impl TaskState {
    /// Every state.
    pub const ALL: [Self; 2] = [Self::Open, Self::Closed];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// The roles whose tasks a role sees: its own, and those of its whole organisation for the one who leads it.
pub fn roles_seen_by(role: Role) -> Vec<Role> {
    let leads = |lead: Role| role == lead;
    Role::ALL
        .into_iter()
        .filter(|other| match other {
            Role::Agent | Role::FanpageAdmin | Role::Supervisor => leads(Role::Supervisor) || role == *other,
            Role::Intake | Role::Doctor | Role::VinmecLead => leads(Role::VinmecLead) || role == *other,
            Role::Auditor | Role::Operator => false,
        })
        .collect()
}

/// Whether a role gives tasks of a role to others and closes those that another person took.
pub const fn assigns(role: Role, of: Role) -> bool {
    match role {
        Role::Supervisor => !of.is_vinmec(),
        Role::VinmecLead => of.is_vinmec(),
        Role::Agent | Role::FanpageAdmin | Role::Intake | Role::Doctor | Role::Auditor | Role::Operator => {
            false
        }
    }
}

/// Refuses a person who may not act on a task: it is another's, and they do not lead.
///
/// # Errors
/// `not_your_task`.
pub fn check_owner(
    role: Role,
    staff: &StaffId,
    task_role: Role,
    owner: Option<&StaffId>,
) -> Result<(), Refusal> {
    match owner {
        Some(owner) if owner != staff && !assigns(role, task_role) => {
            Err(Refusal::NotYourTask { owner: owner.clone() })
        }
        Some(_) | None => Ok(()),
    }
}

/// When a task is due: at the time that its opener names, or after the hours of its kind.
pub fn due_at(kind: TaskKind, given: Option<Timestamp>, now: Timestamp) -> Timestamp {
    given.unwrap_or_else(|| now.plus_minutes(kind.due_hours() * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things() -> [TaskAbout; 6] {
        [
            TaskAbout::Customer(CustomerId(1)),
            TaskAbout::Matter(MatterId(5)),
            TaskAbout::Registration(RegistrationId(1)),
            TaskAbout::Case(CaseId(1)),
            TaskAbout::Appointment(AppointmentId(1)),
            TaskAbout::Register,
        ]
    }

    #[test]
    fn codes_read_back_and_equal_their_json_form() {
        for kind in TaskKind::ALL {
            assert_eq!(TaskKind::parse(kind.code()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.code()));
        }
        for state in TaskState::ALL {
            assert_eq!(TaskState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
        for about in things() {
            assert_eq!(TaskAbout::of(about.code(), about.id()), Some(about));
        }
    }

    #[test]
    fn a_task_is_for_a_role_of_one_organisation_and_only_its_people_see_it() {
        for kind in TaskKind::ALL {
            for about in things() {
                let role = kind.role(about);
                for reader in Role::ALL.into_iter().filter(|reader| roles_seen_by(*reader).contains(&role)) {
                    assert_eq!(reader.is_vinmec(), role.is_vinmec(), "{kind:?} {about:?} {reader:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_about_a_case_an_appointment_or_an_intake_call_stays_with_vinmec() {
        let intake = TaskAbout::Matter(Purpose::Intake.matter_id(CustomerId(1)));
        let offer = TaskAbout::Matter(Purpose::Offer.matter_id(CustomerId(1)));
        assert_eq!(TaskKind::Complaint.role(intake), Role::VinmecLead);
        assert_eq!(TaskKind::LateResult.role(intake), Role::Intake);
        assert_eq!(TaskKind::LateResult.role(TaskAbout::Appointment(AppointmentId(1))), Role::Intake);
        assert_eq!(TaskKind::Complaint.role(offer), Role::Supervisor);
        assert_eq!(TaskKind::LateResult.role(offer), Role::Supervisor);
    }

    #[test]
    fn an_auditor_and_an_operator_have_no_tasks() {
        assert_eq!(roles_seen_by(Role::Auditor), []);
        assert_eq!(roles_seen_by(Role::Operator), []);
    }

    #[test]
    fn only_the_lead_of_an_organisation_acts_on_a_task_that_another_took() {
        let (lan, minh) = (StaffId("lan".to_owned()), StaffId("minh".to_owned()));
        assert_eq!(check_owner(Role::Agent, &lan, Role::Agent, None), Ok(()));
        assert_eq!(check_owner(Role::Agent, &lan, Role::Agent, Some(&lan)), Ok(()));
        assert_eq!(
            check_owner(Role::Agent, &lan, Role::Agent, Some(&minh)),
            Err(Refusal::NotYourTask { owner: minh.clone() })
        );
        assert_eq!(check_owner(Role::Supervisor, &lan, Role::Agent, Some(&minh)), Ok(()));
        assert!(check_owner(Role::Supervisor, &lan, Role::Intake, Some(&minh)).is_err());
    }

    #[test]
    fn a_time_that_is_named_counts_before_the_hours_of_the_kind() {
        let now = Timestamp(0);
        assert_eq!(due_at(TaskKind::Complaint, None, now), now.plus_minutes(24 * 60));
        assert_eq!(due_at(TaskKind::Complaint, Some(Timestamp(7)), now), Timestamp(7));
    }
}
