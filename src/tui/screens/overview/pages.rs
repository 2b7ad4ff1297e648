//! The pages of the overview: who may see which, what each reads and follows.
//!
//! A new list page is a row in each `match` here, a [`crate::tui::widgets::rows::Rows`] of the screen with its columns
//! (as in `staff`), a key, its locale keys and its snapshot.

use crate::domain::actor::{Permission as May, Role};
use crate::usecase::{Query, Topics};

/// Rows of the audit log that are read.
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
    /// Who has the screens open.
    Sessions,
    /// The audit log.
    Audit,
}

impl Page {
    const ALL: [Self; 7] = [
        Self::Board,
        Self::Calls,
        Self::Satisfaction,
        Self::Agents,
        Self::Staff,
        Self::Sessions,
        Self::Audit,
    ];

    /// What the role must be allowed to do to see it.
    const fn needs(self) -> May {
        match self {
            Self::Board | Self::Calls | Self::Satisfaction => May::SeeOverview,
            Self::Agents => May::SeeAgents,
            Self::Staff => May::ManageStaff,
            Self::Sessions => May::ManageSessions,
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
            Self::Audit => "over.page.audit",
        }
    }

    /// The same where there is little room.
    pub const fn short_name(self) -> &'static str {
        match self {
            Self::Agents => "over.page.agents_short",
            other => other.name(),
        }
    }

    /// What the page shows.
    pub const fn query(self) -> Query {
        match self {
            Self::Board | Self::Calls | Self::Satisfaction | Self::Agents => Query::Overview {},
            Self::Staff => Query::Staff {},
            Self::Sessions => Query::Sessions {},
            Self::Audit => Query::Audit { limit: AUDIT_ROWS },
        }
    }

    /// The changes after which the page is read again.
    pub const fn topics(self) -> Topics {
        match self {
            // Everything is counted somewhere, and everything leaves an audit row.
            Self::Board | Self::Calls | Self::Satisfaction | Self::Agents | Self::Audit => Topics::ALL,
            Self::Staff => Topics::STAFF,
            // A call that begins or ends is a state of its session.
            Self::Sessions => Topics::SESSIONS.with(Topics::STAFF).with(Topics::QUEUE),
        }
    }
}

/// The pages of a role, in order.
pub fn pages(role: Role) -> Vec<Page> {
    Page::ALL.into_iter().filter(|page| role.may(page.needs())).collect()
}
