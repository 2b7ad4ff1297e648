//! Everything that is read, as plain data, in its public form. A query never changes a row; looking at personal data
//! that must be audited is a command ([`super::command::RevealPhone`]) or is audited by the edge that exports.

use super::command::{CaseRef, Command, OpenDay, matter_act};
use super::model::batch::{BatchLine, BatchModel, ReturnedRows};
use super::model::call::{CallCard, QueueModel, Reason, WhyNot};
use super::model::campaign::{CampaignDiff, CampaignModel, VersionLine};
use super::model::case::{
    CaseFile, CaseHit, CaseLine, DayModel, DoctorLine, FreeSlots, RedFlagsModel, RosterModel,
};
use super::model::count::{AgentLine, Funnel, Overview, QuotaModel, Satisfaction, StatusLine};
use super::model::customer::{CustomerModel, SearchHit};
use super::model::draft::Drafts;
use super::model::lead::LeadLine;
use super::model::people::{PeopleOrder, PeoplePage};
use super::model::session::SessionLine;
use super::model::staff::{AuditLine, StaffKeyLine, StaffLine};
use super::model::task::{TaskModel, TaskPage};
use crate::domain::actor::Permission;
use crate::domain::contact::Purpose;
use crate::domain::department::Department;
use crate::domain::figure::Figure;
use crate::domain::id::{BatchId, CaseId, DoctorId, MatterId, StaffId, TaskId};
use crate::domain::task::{TaskKind, TaskState};
use crate::domain::time::Timestamp;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A read request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Seats and what closed registration.
    Quota {},
    /// The status line of every screen.
    Status {},
    /// One customer by number.
    Customer {
        /// As typed.
        phone: String,
    },
    /// Customers by number, tail of a number, seat, registration, or words of the name, as typed so far.
    Search {
        /// What was typed.
        text: String,
        /// At most this many, 1–50.
        #[serde(default = "twenty")]
        limit: u32,
    },
    /// Every reason why a customer cannot be called now, and when they can.
    WhyNot {
        /// The matter, or …
        #[serde(default)]
        matter: Option<MatterId>,
        /// … the number and …
        #[serde(default)]
        phone: Option<String>,
        /// … the purpose (default: offer).
        #[serde(default)]
        purpose: Option<Purpose>,
    },
    /// How many wait in a queue, and the promises.
    Queue {
        /// Which.
        purpose: Purpose,
    },
    /// All that an agent needs on one call.
    CallCard {
        /// The matter under the actor's lease.
        matter: MatterId,
    },
    /// The open call of the actor, if any: after a lost connection it continues.
    OpenCall {},
    /// The drafts that the actor was typing when their last session ended.
    Drafts {},
    /// The next free slots for a department.
    FreeSlots {
        /// Which.
        department: Department,
        /// Not before; default: now.
        #[serde(default)]
        from: Option<Timestamp>,
        /// At most this many, 1–100.
        #[serde(default = "ten")]
        count: u32,
    },
    /// A doctor's day.
    Day {
        /// The doctor; by default the actor, when they are a doctor.
        #[serde(default)]
        doctor: Option<DoctorId>,
        /// Which day; default: today.
        #[serde(default)]
        date: Option<NaiveDate>,
    },
    /// Doctors × time for one day.
    Roster {
        /// Only this department.
        #[serde(default)]
        department: Option<Department>,
        /// Which day; default: today.
        #[serde(default)]
        date: Option<NaiveDate>,
    },
    /// Doctors with titles and departments.
    Doctors {},
    /// One batch with its rows.
    Batch {
        /// Which.
        batch: BatchId,
    },
    /// The latest batches, and how many registrations wait to be handed over.
    Batches {},
    /// The work list of cases, oldest first.
    Cases {},
    /// Cases by words of a name, a piece of the number, seat or registration, as typed so far.
    FindCases {
        /// What was typed.
        text: String,
        /// At most this many, 1–50.
        #[serde(default = "twenty")]
        limit: u32,
    },
    /// One case, with its health text.
    CaseFile {
        /// Which.
        case: CaseId,
    },
    /// The checklist of red flags that is to be read out, with its version.
    RedFlags {
        /// Of which department.
        department: Department,
        /// For whom: a patient under 16 is asked the list of paediatrics, whatever the department.
        #[serde(default)]
        case: Option<CaseId>,
    },
    /// Fanpage leads that are open, oldest first.
    Leads {},
    /// The satisfaction measures.
    Satisfaction {},
    /// From list to survey.
    Funnel {},
    /// The agents' table of a day.
    Agents {
        /// Which day; default: today.
        #[serde(default)]
        date: Option<NaiveDate>,
    },
    /// Everything that the overview shows, in one snapshot.
    Overview {},
    /// Staff of the actor's organisation.
    Staff {},
    /// SSH keys of the actor's organisation.
    StaffKeys {
        /// Of this person only.
        #[serde(default)]
        staff: Option<StaffId>,
    },
    /// Open sessions of the actor's organisation.
    Sessions {},
    /// The actor's own open sessions.
    OwnSessions {},
    /// Every version of the campaign.
    CampaignVersions {},
    /// One version of the campaign.
    Campaign {
        /// Which; default: the one in force.
        #[serde(default)]
        version: Option<i64>,
    },
    /// How a campaign file or a version differs from another version.
    CampaignDiff {
        /// The text of the file (TOML), or …
        #[serde(default)]
        file: Option<String>,
        /// … the number of a version.
        #[serde(default)]
        version: Option<i64>,
        /// With which version it is compared; default: the one in force.
        #[serde(default)]
        base: Option<i64>,
        /// Judges the calls and messages of that many days again, 1–92.
        #[serde(default)]
        replay: Option<i64>,
    },
    /// The latest audit rows.
    Audit {
        /// At most this many, 1–500.
        #[serde(default = "fifty")]
        limit: u32,
    },
    /// A page of the tasks that wait for the actor, or of those that are done.
    Tasks {
        /// The actor's own only.
        #[serde(default)]
        mine: bool,
        /// In this state; default: open.
        #[serde(default)]
        state: Option<TaskState>,
        /// Of this kind only.
        #[serde(default)]
        kind: Option<TaskKind>,
        /// The first of the page, from 0.
        #[serde(default)]
        offset: u32,
        /// At most this many, 1–200.
        #[serde(default = "fifty")]
        limit: u32,
    },
    /// The people behind a figure of the overview, a page at a time.
    People {
        /// Which figure.
        behind: Figure,
        /// In which order.
        #[serde(default)]
        order: PeopleOrder,
        /// The first of the page, from 0.
        #[serde(default)]
        offset: u32,
        /// At most this many, 1–200.
        #[serde(default = "fifty")]
        limit: u32,
    },
    /// One task.
    Task {
        /// Which.
        task: TaskId,
    },
}

const fn ten() -> u32 {
    10
}

const fn twenty() -> u32 {
    20
}

const fn fifty() -> u32 {
    50
}

impl Query {
    /// The command that opens what this query reads, where looking at it is audited.
    pub const fn opening(&self) -> Option<Command> {
        match self {
            Self::CaseFile { case } => Some(Command::OpenCase(CaseRef { case: *case })),
            Self::Day { doctor, date } => Some(Command::OpenDay(OpenDay { doctor: *doctor, date: *date })),
            _ => None,
        }
    }

    /// Whether the answer may take minutes: it reads every customer.
    pub const fn is_long(&self) -> bool {
        matches!(self, Self::CampaignDiff { replay: Some(_), .. })
    }

    /// What the actor must be allowed to do.
    pub const fn act(&self) -> Permission {
        match self {
            Self::Quota {}
            | Self::Status {}
            | Self::Satisfaction {}
            | Self::Funnel {}
            | Self::Overview {} => Permission::SeeOverview,
            Self::Customer { .. } | Self::Search { .. } => Permission::SeeCustomers,
            Self::WhyNot { .. } => Permission::SeeQueue,
            Self::Queue { purpose } => match purpose {
                Purpose::Offer | Purpose::Survey => Permission::SeeQueue,
                Purpose::Intake => Permission::SeeCases,
            },
            Self::CallCard { matter } => matter_act(*matter),
            Self::OpenCall {} | Self::Drafts {} | Self::OwnSessions {} => Permission::Work,
            Self::FreeSlots { .. } | Self::Roster { .. } | Self::Day { .. } | Self::Doctors {} => {
                Permission::SeeRoster
            }
            Self::Batch { .. } | Self::Batches {} => Permission::SeeBatches,
            Self::Cases {} | Self::FindCases { .. } => Permission::SeeCases,
            Self::CaseFile { .. } | Self::RedFlags { .. } => Permission::SeeHealth,
            Self::Leads {} => Permission::WorkLeads,
            Self::Agents { .. } => Permission::SeeAgents,
            Self::Staff {} | Self::StaffKeys { .. } => Permission::ManageStaff,
            Self::Sessions {} => Permission::ManageSessions,
            Self::CampaignVersions {} | Self::Campaign { .. } | Self::CampaignDiff { .. } => {
                Permission::SeeCampaign
            }
            Self::Audit { .. } => Permission::SeeAudit,
            Self::Tasks { .. } | Self::Task { .. } => Permission::WorkTasks,
            // The first of what the figure needs; the query asks for the rest.
            Self::People { behind, .. } => match behind.needs() {
                [first, ..] => *first,
                [] => Permission::SeeOverview,
            },
        }
    }
}

/// The answer to a query. JSON form: the inner object alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Snapshot {
    /// To [`Query::Quota`].
    Quota(QuotaModel),
    /// To [`Query::Status`].
    Status(StatusLine),
    /// To [`Query::Customer`].
    Customer(Box<CustomerModel>),
    /// To [`Query::Search`]: the text it belongs to, and the hits, best first.
    Search {
        /// What was typed.
        text: String,
        /// Best first.
        hits: Vec<SearchHit>,
        /// Whether there may be more than these.
        more: bool,
        /// Why the number that was typed is none, when nobody was found.
        #[serde(skip_serializing_if = "Option::is_none")]
        no_number: Option<Reason>,
    },
    /// To [`Query::WhyNot`].
    WhyNot(WhyNot),
    /// To [`Query::Queue`].
    Queue(QueueModel),
    /// To [`Query::CallCard`].
    CallCard(Box<CallCard>),
    /// To [`Query::OpenCall`].
    OpenCall {
        /// The open call, if any.
        call: Option<Box<CallCard>>,
    },
    /// To [`Query::Drafts`].
    Drafts(Drafts),
    /// To [`Query::FreeSlots`].
    FreeSlots(FreeSlots),
    /// To [`Query::Day`].
    Day(DayModel),
    /// To [`Query::Roster`].
    Roster(RosterModel),
    /// To [`Query::Doctors`].
    Doctors {
        /// By department and name.
        doctors: Vec<DoctorLine>,
    },
    /// To [`Query::Batch`].
    Batch(BatchModel),
    /// To [`Query::Batches`].
    Batches {
        /// Newest first, at most 50.
        batches: Vec<BatchLine>,
        /// Registrations that wait to be handed over.
        waiting: i64,
        /// Returned rows that nobody has answered.
        returned: ReturnedRows,
    },
    /// To [`Query::Cases`].
    Cases {
        /// Oldest wait first, at most 200.
        cases: Vec<CaseLine>,
    },
    /// To [`Query::FindCases`]: the text it belongs to, and the cases, best first.
    FoundCases {
        /// What was typed.
        text: String,
        /// Best first.
        cases: Vec<CaseHit>,
        /// Whether there may be more than these.
        more: bool,
        /// Why the number that was typed is none, when nothing was found.
        #[serde(skip_serializing_if = "Option::is_none")]
        no_number: Option<Reason>,
    },
    /// To [`Query::CaseFile`].
    CaseFile(Box<CaseFile>),
    /// To [`Query::RedFlags`].
    RedFlags(RedFlagsModel),
    /// To [`Query::Leads`].
    Leads {
        /// Oldest first, at most 200.
        leads: Vec<LeadLine>,
    },
    /// To [`Query::Satisfaction`].
    Satisfaction(Satisfaction),
    /// To [`Query::Funnel`].
    Funnel(Funnel),
    /// To [`Query::Agents`].
    Agents {
        /// Which day.
        date: NaiveDate,
        /// By calls, most first.
        agents: Vec<AgentLine>,
    },
    /// To [`Query::Overview`].
    Overview(Box<Overview>),
    /// To [`Query::Staff`].
    Staff {
        /// By login name.
        staff: Vec<StaffLine>,
    },
    /// To [`Query::StaffKeys`].
    StaffKeys {
        /// Those in use, by login name and age.
        keys: Vec<StaffKeyLine>,
    },
    /// To [`Query::Sessions`] and [`Query::OwnSessions`].
    Sessions {
        /// By login name and beginning, at most 5 000.
        sessions: Vec<SessionLine>,
    },
    /// To [`Query::CampaignVersions`].
    CampaignVersions {
        /// Newest first, at most 500.
        versions: Vec<VersionLine>,
    },
    /// To [`Query::Campaign`].
    Campaign(Box<CampaignModel>),
    /// To [`Query::CampaignDiff`].
    CampaignDiff(CampaignDiff),
    /// To [`Query::Audit`].
    Audit {
        /// Newest first.
        rows: Vec<AuditLine>,
    },
    /// To [`Query::People`].
    People(PeoplePage),
    /// Of an export that a session wrote: no query asks for it.
    Exported {
        /// The file.
        file: String,
        /// People in it.
        rows: i64,
    },
    /// To [`Query::Tasks`].
    Tasks(TaskPage),
    /// To [`Query::Task`].
    Task(Box<TaskModel>),
}
