//! The list of cases: its groups, its order, and which customer Enter calls.

use crate::domain::case::CaseState;
use crate::domain::id::CaseId;
use crate::domain::time::{DAY_MS, Timestamp};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::minutes;
use crate::tui::widgets::rows::{Keyed, Rows};
use crate::usecase::model::case::CaseLine;
use ratatui::style::Style;

/// A case that waits longer than this is marked.
const OLD_MS: i64 = 2 * 60 * 60_000;

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

/// A list that was not read yet. The view draws its rows, and `/` searches among all cases.
pub const fn unread() -> Rows<CaseLine> {
    Rows::new(&[])
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

/// A text with the style of its tone.
pub fn mark(ctx: &Ctx, tone: Tone, text: &str) -> (String, Style) {
    (text.to_owned(), ctx.theme.tone(tone))
}

/// What the right end of a case says: who holds it, or the time that matters.
pub fn state(line: &CaseLine, ctx: &Ctx) -> (String, Style) {
    let now = ctx.now;
    if let Some(holder) = &line.holder {
        return mark(ctx, Tone::Muted, &format!("● {holder}"));
    }
    if let Some(at) = line.starts_at {
        let untold = word("schedule.untold", ctx.lang);
        let (tone, what) = if line.told { (Tone::Ok, "✓") } else { (Tone::Warn, untold.as_str()) };
        let when = if at.date() == now.date() { at.hm() } else { at.dm_hm_near(now) };
        return mark(ctx, tone, &format!("{when} {what}"));
    }
    match line.due_at {
        Some(at) if line.promised => {
            let when = if at.date() == now.date() { at.hm() } else { at.dm_hm_near(now) };
            let late = at <= now;
            mark(
                ctx,
                if late { Tone::Warn } else { Tone::Plain },
                &format!("{when}{}", if late { " ⚠" } else { "" }),
            )
        }
        Some(at) if at > now => {
            let when = if at.date() == now.date() { at.hm() } else { at.dm_hm_near(now) };
            mark(ctx, Tone::Muted, &format!("→ {when}"))
        }
        Some(_) | None => {
            let age = now.since(line.since);
            let old = age >= OLD_MS;
            let age = match age / DAY_MS {
                0 | 1 => minutes(age, ctx.lang),
                days => word("schedule.days", ctx.lang).replace("%{days}", &days.to_string()),
            };
            let text = format!("{age}{}", if old { " ⚠" } else { "  " });
            let state = match (line.state, line.due_at) {
                (CaseState::Triaged | CaseState::NoShow, _) => {
                    format!("{} · ", word(&format!("schedule.state.{}", line.state.code()), ctx.lang))
                }
                (_, None) => format!("{} · ", word("schedule.state.no_call", ctx.lang)),
                (_, Some(_)) => String::new(),
            };
            mark(ctx, if old { Tone::Warn } else { Tone::Muted }, &format!("{state}{text}"))
        }
    }
}
