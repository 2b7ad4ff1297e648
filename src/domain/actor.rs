//! The actor of a command, and the one permission table: role × permission. A permission covers commands, queries or a
//! group of fields. Nothing else in the program decides what a role may do.

use super::id::StaffId;
use super::lang::Lang;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a staff member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 9090 hotline agent.
    Agent,
    /// Turns fanpage comments into registrations.
    FanpageAdmin,
    /// Supervisor of Phòng CSKH.
    Supervisor,
    /// Vinmec intake staff.
    Intake,
    /// Vinmec doctor.
    Doctor,
    /// Head of Vinmec's side.
    VinmecLead,
    /// Reads the audit log and counts, nothing personal.
    Auditor,
    /// The administrator of the machine: a user who can open the store's file and names no staff member. Sets the
    /// programme up and takes it apart; sees no health data and makes no calls.
    Operator,
}

/// The login name of the machine's administrator; created with the store, cannot be disabled.
pub const OPERATOR: &str = "operator";

impl Role {
    /// Every role, in the order people list them.
    pub const ALL: [Self; 8] = [
        Self::Agent,
        Self::FanpageAdmin,
        Self::Supervisor,
        Self::Intake,
        Self::Doctor,
        Self::VinmecLead,
        Self::Auditor,
        Self::Operator,
    ];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::FanpageAdmin => "fanpage_admin",
            Self::Supervisor => "supervisor",
            Self::Intake => "intake",
            Self::Doctor => "doctor",
            Self::VinmecLead => "vinmec_lead",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("role.{}", self.code()), locale = lang.code()).into_owned()
    }

    /// Whether the role belongs to Vinmec.
    pub const fn is_vinmec(self) -> bool {
        matches!(self, Self::Intake | Self::Doctor | Self::VinmecLead)
    }

    /// Whether this role may add, change and disable staff of another role, and end their sessions.
    pub const fn manages(self, concerned: Self) -> bool {
        match (self, concerned) {
            (_, Self::Operator) => false,
            (Self::Operator, _) => true,
            (Self::Supervisor, concerned) => !concerned.is_vinmec(),
            (Self::VinmecLead, concerned) => concerned.is_vinmec(),
            _ => false,
        }
    }

    /// The permission table: has this role the permission?
    pub const fn may(self, permission: Permission) -> bool {
        use Role::{Agent, Auditor, Doctor, FanpageAdmin, Intake, Operator, Supervisor, VinmecLead};
        match permission {
            Permission::RegisterByPhone | Permission::CallOffers | Permission::CallSurveys => {
                matches!(self, Agent | Supervisor)
            }
            Permission::RegisterByFanpage | Permission::WorkLeads => {
                matches!(self, FanpageAdmin | Supervisor)
            }
            Permission::OptOut => !matches!(self, Auditor | Doctor),
            Permission::CorrectRegistration => matches!(self, Agent | FanpageAdmin | Supervisor),
            Permission::CancelRegistration => {
                matches!(self, Agent | FanpageAdmin | Supervisor | Intake | VinmecLead)
            }
            Permission::SeeCustomers | Permission::SeeQueue => {
                matches!(self, Agent | FanpageAdmin | Supervisor | Operator)
            }
            Permission::HandOver | Permission::ManageAgreements | Permission::ReactivateRegistration => {
                matches!(self, Supervisor)
            }
            Permission::ManageLists | Permission::ManageQuota | Permission::ManageCampaign => {
                matches!(self, Supervisor | Operator)
            }
            Permission::ManageStaff | Permission::ManageSessions => {
                matches!(self, Supervisor | VinmecLead | Operator)
            }
            Permission::SeeBatches => matches!(self, Supervisor | Intake | VinmecLead | Operator),
            Permission::Acknowledge | Permission::CallIntake | Permission::Triage | Permission::Book => {
                matches!(self, Intake | VinmecLead)
            }
            Permission::ReviewScreening => matches!(self, Doctor | VinmecLead),
            Permission::ManageDoctors => matches!(self, VinmecLead | Operator),
            Permission::SeeHealth | Permission::SeeCases => matches!(self, Intake | Doctor | VinmecLead),
            Permission::SeeRoster => matches!(self, Intake | Doctor | VinmecLead | Operator),
            Permission::RecordResult => matches!(self, Doctor | Intake | VinmecLead),
            Permission::SeeOverview => true,
            Permission::OpenLists => !matches!(self, Auditor),
            Permission::SeeAgents => matches!(self, Supervisor | Auditor | Operator),
            Permission::SeeAudit | Permission::SeeCampaign => {
                matches!(self, Supervisor | VinmecLead | Auditor | Operator)
            }
            Permission::RevealPhone => !matches!(self, Auditor | Operator),
            Permission::Export => matches!(self, Supervisor | VinmecLead | Operator),
            Permission::Work | Permission::WorkTasks => !matches!(self, Auditor | Operator),
        }
    }
}

/// Something that a role may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Register a customer who is on the phone.
    RegisterByPhone,
    /// Register a customer who wrote on the fanpage.
    RegisterByFanpage,
    /// Move fanpage leads.
    WorkLeads,
    /// Take offer calls from the queue and record them.
    CallOffers,
    /// Take survey calls and record answers.
    CallSurveys,
    /// Take intake calls and record them.
    CallIntake,
    /// Record "do not contact me".
    OptOut,
    /// Cancel a registration.
    CancelRegistration,
    /// Restore a cancelled registration.
    ReactivateRegistration,
    /// Correct what was registered before Vinmec has it.
    CorrectRegistration,
    /// Find customers with list and eligibility data.
    SeeCustomers,
    /// See the calling queue.
    SeeQueue,
    /// Send a hand-over batch.
    HandOver,
    /// See hand-over batches.
    SeeBatches,
    /// Accept or return rows of a batch.
    Acknowledge,
    /// Import lists and registers.
    ManageLists,
    /// Change the number of seats.
    ManageQuota,
    /// Put another version of the campaign in force.
    ManageCampaign,
    /// Record an agreement with a customer (T5).
    ManageAgreements,
    /// Add and disable staff.
    ManageStaff,
    /// See open sessions, end them, send a broadcast.
    ManageSessions,
    /// Screen and route a case.
    Triage,
    /// Say what was wrong with a screening.
    ReviewScreening,
    /// Book, move, cancel, tell.
    Book,
    /// Add doctors and shifts.
    ManageDoctors,
    /// See health need, red flags and summary.
    SeeHealth,
    /// See cases without their health text.
    SeeCases,
    /// See doctors' days and free slots.
    SeeRoster,
    /// Record the result of a consultation.
    RecordResult,
    /// See counts.
    SeeOverview,
    /// Open the people behind a figure; which figures is the figure's own permission.
    OpenLists,
    /// See the agents' table.
    SeeAgents,
    /// Read and verify the audit log.
    SeeAudit,
    /// Read the versions of the campaign.
    SeeCampaign,
    /// See a whole phone number outside one's own call (audited).
    RevealPhone,
    /// Take data out of the program (audited).
    Export,
    /// Sign in to the screens and pause or resume.
    Work,
    /// See the tasks of one's role, take and close them.
    WorkTasks,
}

impl Permission {
    /// Every permission, for tables and tests.
    pub const ALL: [Self; 38] = [
        Self::RegisterByPhone,
        Self::RegisterByFanpage,
        Self::WorkLeads,
        Self::CallOffers,
        Self::CallSurveys,
        Self::CallIntake,
        Self::OptOut,
        Self::CancelRegistration,
        Self::ReactivateRegistration,
        Self::CorrectRegistration,
        Self::SeeCustomers,
        Self::SeeQueue,
        Self::HandOver,
        Self::SeeBatches,
        Self::Acknowledge,
        Self::ManageLists,
        Self::ManageQuota,
        Self::ManageCampaign,
        Self::ManageAgreements,
        Self::ManageStaff,
        Self::ManageSessions,
        Self::Triage,
        Self::ReviewScreening,
        Self::Book,
        Self::ManageDoctors,
        Self::SeeHealth,
        Self::SeeCases,
        Self::SeeRoster,
        Self::RecordResult,
        Self::SeeOverview,
        Self::OpenLists,
        Self::SeeAgents,
        Self::SeeAudit,
        Self::SeeCampaign,
        Self::RevealPhone,
        Self::Export,
        Self::Work,
        Self::WorkTasks,
    ];

    /// The public code, also the key of its label.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RegisterByPhone => "register_by_phone",
            Self::RegisterByFanpage => "register_by_fanpage",
            Self::WorkLeads => "work_leads",
            Self::CallOffers => "call_offers",
            Self::CallSurveys => "call_surveys",
            Self::CallIntake => "call_intake",
            Self::OptOut => "opt_out",
            Self::CancelRegistration => "cancel_registration",
            Self::ReactivateRegistration => "reactivate_registration",
            Self::CorrectRegistration => "correct_registration",
            Self::SeeCustomers => "see_customers",
            Self::SeeQueue => "see_queue",
            Self::HandOver => "hand_over",
            Self::SeeBatches => "see_batches",
            Self::Acknowledge => "acknowledge",
            Self::ManageLists => "manage_lists",
            Self::ManageQuota => "manage_quota",
            Self::ManageCampaign => "manage_campaign",
            Self::ManageAgreements => "manage_agreements",
            Self::ManageStaff => "manage_staff",
            Self::ManageSessions => "manage_sessions",
            Self::Triage => "triage",
            Self::ReviewScreening => "review_screening",
            Self::Book => "book",
            Self::ManageDoctors => "manage_doctors",
            Self::SeeHealth => "see_health",
            Self::SeeCases => "see_cases",
            Self::SeeRoster => "see_roster",
            Self::RecordResult => "record_result",
            Self::SeeOverview => "see_overview",
            Self::OpenLists => "open_lists",
            Self::SeeAgents => "see_agents",
            Self::SeeAudit => "see_audit",
            Self::SeeCampaign => "see_campaign",
            Self::RevealPhone => "reveal_phone",
            Self::Export => "export",
            Self::Work => "work",
            Self::WorkTasks => "work_tasks",
        }
    }

    /// What it is called in a sentence.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("act.{}", self.code()), locale = lang.code()).into_owned()
    }
}

/// The staff member behind a command or query, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Login name.
    pub staff: StaffId,
    /// Role at this moment.
    pub role: Role,
    /// Name on screen.
    pub name: String,
    /// The doctor of this login, when the role is `doctor`.
    pub doctor: Option<super::id::DoctorId>,
}

/// The working state of a staff member. JSON form: the snake-case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Not at work.
    Off,
    /// Takes calls.
    Ready,
    /// Has a call open. Never stored: an open lease says so.
    OnCall,
    /// On a break.
    Paused,
}

impl AgentState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Off, Self::Ready, Self::OnCall, Self::Paused];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Ready => "ready",
            Self::OnCall => "on_call",
            Self::Paused => "paused",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_states_read_back_and_equal_their_json_form() {
        for state in AgentState::ALL {
            assert_eq!(AgentState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
    }

    #[test]
    fn health_data_is_for_vinmec_alone() {
        for role in Role::ALL {
            assert_eq!(role.may(Permission::SeeHealth), role.is_vinmec(), "{role:?}");
        }
    }

    #[test]
    fn list_and_eligibility_data_never_reach_vinmec() {
        for role in Role::ALL.into_iter().filter(|role| role.is_vinmec()) {
            assert!(
                !role.may(Permission::SeeCustomers)
                    && !role.may(Permission::SeeQueue)
                    && !role.may(Permission::ManageLists),
                "{role:?}"
            );
        }
    }

    #[test]
    fn an_auditor_reads_and_changes_nothing() {
        let allowed: Vec<Permission> =
            Permission::ALL.into_iter().filter(|permission| Role::Auditor.may(*permission)).collect();
        assert_eq!(
            allowed,
            [Permission::SeeOverview, Permission::SeeAgents, Permission::SeeAudit, Permission::SeeCampaign]
        );
    }

    #[test]
    fn every_permission_belongs_to_a_role() {
        for permission in Permission::ALL {
            assert!(Role::ALL.into_iter().any(|role| role.may(permission)), "{permission:?}");
        }
    }

    #[test]
    fn codes_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Some(role));
        }
    }
}
