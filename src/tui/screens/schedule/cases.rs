//! The list of cases: its groups, its order, and which customer Enter calls.

use super::view::cases::COLUMNS;
use crate::domain::id::CaseId;
use crate::domain::time::Timestamp;
use crate::tui::widgets::rows::{Keyed, Rows};
use crate::usecase::model::case::CaseLine;

/// The parts of the list, in the order shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// To contact.
    Waiting,
    /// With a promised callback.
    Promised,
    /// With an appointment.
    Booked,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Promised, Self::Booked];

    /// The group of a case.
    pub const fn of(line: &CaseLine) -> Self {
        if line.starts_at.is_some() {
            Self::Booked
        } else if line.promised {
            Self::Promised
        } else {
            Self::Waiting
        }
    }
}

impl Keyed for CaseLine {
    type Key = CaseId;

    fn key(&self) -> CaseId {
        self.case
    }

    /// Whom nobody may call stands in a group of their own below those who wait, so that the cursor does not follow them
    /// there.
    fn group(&self) -> u8 {
        let below = Group::of(self) == Group::Waiting && self.due_at.is_none();
        Group::of(self) as u8 * 2 + u8::from(below)
    }
}

/// A list that was not read yet.
pub const fn unread() -> Rows<CaseLine> {
    Rows::new(COLUMNS)
}

/// The cases in the order shown within their groups.
pub fn ordered(mut cases: Vec<CaseLine>) -> Vec<CaseLine> {
    // Customers whom nobody may call any more come after those who wait for a call.
    cases.sort_by_key(|line| match Group::of(line) {
        Group::Waiting => (line.due_at.is_none(), None),
        Group::Promised => (false, line.due_at),
        Group::Booked => (false, line.starts_at),
    });
    cases
}

/// What Enter does with the chosen case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enter {
    /// Shows the day of its appointment.
    Day(CaseLine),
    /// Opens it without calling.
    Open(CaseId),
    /// Calls this customer.
    Call(CaseLine),
    /// Calls another customer, because it is not the chosen one's turn.
    Instead {
        /// The customer who is called.
        line: CaseLine,
        /// The customer who was chosen.
        chosen: CaseLine,
    },
    /// It is nobody's turn; the next customer is due at this time.
    Nobody(Option<Timestamp>),
}

/// Decides what Enter does with the case under the cursor. When a colleague holds its customer, or the time has not
/// come, it takes the next one below whose turn it is; after the last comes the first.
pub fn on_enter(rows: &Rows<CaseLine>, now: Timestamp) -> Option<Enter> {
    let chosen = rows.chosen()?;
    if chosen.starts_at.is_some() {
        return Some(Enter::Day(chosen.clone()));
    }
    if chosen.due_at.is_none() && chosen.holder.is_none() {
        return Some(Enter::Open(chosen.case));
    }
    if is_due(chosen, now) {
        return Some(Enter::Call(chosen.clone()));
    }
    let at = rows.cursor().0;
    let below = rows.shown().skip(at + 1).chain(rows.shown().take(at));
    Some(match below.into_iter().find(|line| is_due(line, now)) {
        Some(line) => Enter::Instead { line: line.clone(), chosen: chosen.clone() },
        None => Enter::Nobody(
            rows.items().iter().filter(|line| line.holder.is_none()).filter_map(later(now)).min(),
        ),
    })
}

/// Whether it is this customer's turn and nobody holds them. A customer who is due within a minute counts, because the
/// clock of the store decides in the end.
fn is_due(line: &CaseLine, now: Timestamp) -> bool {
    line.starts_at.is_none() && line.holder.is_none() && line.due_at.is_some_and(|at| at <= soon(now))
}

const fn soon(now: Timestamp) -> Timestamp {
    now.plus_minutes(1)
}

fn later(now: Timestamp) -> impl Fn(&CaseLine) -> Option<Timestamp> {
    move |line| line.due_at.filter(|at| line.starts_at.is_none() && *at > soon(now))
}
