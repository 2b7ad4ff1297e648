//! The pages: who may see which, what each reads and follows, and the strip of their names.
//!
//! A new list page is a row in each `match` here, a field of the screen for what it shows, and a file of its own
//! with its keys' acts and its view (as in `staff`).

use super::{audit, keys};
use crate::domain::actor::{Permission as May, Role};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::usecase::{Query, Topics};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

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
    /// Staff of the asker's organisation.
    Staff,
    /// Who has the screens open.
    Sessions,
    /// The audit trail.
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

    const fn name(self) -> &'static str {
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

    /// The name where there is little room.
    const fn short_name(self) -> &'static str {
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
            Self::Audit => Query::Audit { limit: audit::ROWS },
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

/// Draws the names of the role's pages, the open one marked.
pub fn view_strip(frame: &mut Frame, area: Rect, ctx: &Ctx, open: Page) {
    let theme = ctx.theme;
    let strip = |name: fn(Page) -> &'static str| {
        let mut spans = vec![Span::raw(" ")];
        for page in pages(ctx.actor.role) {
            let style = if page == open { theme.selected() } else { theme.text() };
            spans.push(Span::styled(keys::page_cap(page), theme.key()));
            spans.push(Span::styled(format!(" {} ", word(name(page), ctx.lang)), style));
            spans.push(Span::raw(" "));
        }
        Line::from(spans)
    };
    let whole = strip(Page::name);
    let fits = whole.width() <= usize::from(area.width) + 1;
    frame.render_widget(if fits { whole } else { strip(Page::short_name) }, area);
}

/// A page that has nothing to show says so.
pub fn says(frame: &mut Frame, area: Rect, ctx: &Ctx, key: &str) {
    frame.render_widget(Span::styled(word(key, ctx.lang), ctx.theme.muted()), area);
}
