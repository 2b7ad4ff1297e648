//! The pages of the overview: the permission of each, its query, and the topics after which it is read again.
//!
//! A new list page is a row in each `match` here, a [`crate::tui::widgets::rows::Rows`] of the screen with its columns
//! (as in `staff`), a key, its locale keys and its snapshot.

use crate::domain::actor::{Permission as May, Role};
use crate::usecase::{Query, Topics};

/// The most rows of the audit log that are read.
const AUDIT_ROWS: u32 = 200;

/// The pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Funnel, seats, backlog; on large screens also calls and satisfaction.
    Board,
    /// Calls by hour and by day.
    Calls,
    /// CSAT, NPS, CES, by department.
    Satisfaction,
    /// The agents' table.
    Agents,
    /// Staff of the caller's organisation.
    Staff,
    /// The open sessions.
    Sessions,
    /// The versions of the campaign.
    Versions,
    /// The audit log.
    Audit,
    /// The people behind the figures.
    Lists,
}

impl Page {
    const ALL: [Self; 9] = [
        Self::Board,
        Self::Calls,
        Self::Satisfaction,
        Self::Agents,
        Self::Staff,
        Self::Sessions,
        Self::Versions,
        Self::Audit,
        Self::Lists,
    ];

    /// The permission that opens it.
    const fn needs(self) -> May {
        match self {
            Self::Board | Self::Calls | Self::Satisfaction => May::SeeOverview,
            Self::Lists => May::OpenLists,
            Self::Agents => May::SeeAgents,
            Self::Staff => May::ManageStaff,
            Self::Sessions => May::ManageSessions,
            Self::Versions => May::ManageCampaign,
            Self::Audit => May::SeeAudit,
        }
    }

    /// The locale key of its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Board => "over.page.board",
            Self::Calls => "over.page.calls",
            Self::Satisfaction => "over.page.satisfaction",
            Self::Agents => "over.page.agents",
            Self::Staff => "over.page.staff",
            Self::Sessions => "over.page.sessions",
            Self::Versions => "over.page.versions",
            Self::Audit => "over.page.audit",
            Self::Lists => "over.page.lists",
        }
    }

    /// The locale key of its short name, for narrow screens.
    pub const fn short_name(self) -> &'static str {
        match self {
            Self::Board => "over.page.board_short",
            Self::Calls => "over.page.calls_short",
            Self::Satisfaction => "over.page.satisfaction_short",
            Self::Agents => "over.page.agents_short",
            Self::Versions => "over.page.versions_short",
            Self::Lists => "over.page.lists_short",
            Self::Staff | Self::Sessions | Self::Audit => self.name(),
        }
    }

    /// The query that it shows.
    pub const fn query(self) -> Query {
        match self {
            Self::Board | Self::Calls | Self::Satisfaction | Self::Agents | Self::Lists => Query::Overview {},
            Self::Staff => Query::Staff {},
            Self::Sessions => Query::Sessions {},
            Self::Versions => Query::CampaignVersions {},
            Self::Audit => Query::Audit { limit: AUDIT_ROWS },
        }
    }

    /// The topics after whose change it is read again.
    pub const fn topics(self) -> Topics {
        match self {
            // The board counts everything, and every command adds an audit row.
            Self::Board | Self::Calls | Self::Satisfaction | Self::Agents | Self::Audit | Self::Lists => {
                Topics::ALL
            }
            Self::Staff => Topics::STAFF,
            Self::Versions => Topics::CAMPAIGN,
            // A session shows whether a call is open.
            Self::Sessions => Topics::SESSIONS.with(Topics::STAFF).with(Topics::QUEUE),
        }
    }
}

/// The pages of a role, in order.
pub fn pages(role: Role) -> Vec<Page> {
    Page::ALL.into_iter().filter(|page| role.may(page.needs())).collect()
}
