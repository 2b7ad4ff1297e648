//! The page of open sessions: person, origin, start and state of each.

use crate::domain::name::by_given_name;
use crate::domain::session::{Entrance, SessionId};
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::bar::grouped;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Width};
use crate::usecase::model::session::{SessionLine, SessionState};

/// The shortest idle time that is shown, in milliseconds.
const SHORT_MS: i64 = 60_000;

impl Keyed for SessionLine {
    type Key = SessionId;

    fn key(&self) -> SessionId {
        self.id.clone()
    }
}

/// The texts in place of rows.
pub const BLANK: Blank = Blank { loading: "over.loading", empty: "over.sessions.empty" };

/// Its columns.
pub const COLUMNS: &[Column<SessionLine>] = &[
    Column::left("over.sessions.name", Width::Rest, |line: &SessionLine, ctx| {
        (line.name.clone(), ctx.theme.strong())
    })
    .by(|a, b| by_given_name(&a.name, &b.name)),
    Column::left("over.sessions.role", Width::WideOnly(18), |line: &SessionLine, ctx| {
        (line.role.label(ctx.lang), ctx.theme.text())
    }),
    Column::left("over.sessions.state", Width::Fixed(15), |line: &SessionLine, ctx| {
        let tone = match line.state {
            SessionState::OnCall => Tone::Ok,
            SessionState::Paused | SessionState::Ending => Tone::Warn,
            SessionState::Lost => Tone::Danger,
            SessionState::Ready => Tone::Plain,
            SessionState::Idle | SessionState::Locked => Tone::Muted,
        };
        let state = word(&format!("state.{}", line.state.code()), ctx.lang);
        (format!("● {state}"), ctx.theme.tone(tone))
    })
    .by(|a, b| a.state.code().cmp(b.state.code())),
    Column::right("over.sessions.rest", Width::Fixed(8), |line: &SessionLine, ctx| {
        (rest(line, ctx), ctx.theme.muted())
    })
    .by(|a, b| a.active_at.cmp(&b.active_at)),
    Column::left("over.sessions.origin", Width::WideNarrow(18, 16), |line: &SessionLine, ctx| {
        (line.origin.clone(), ctx.theme.text())
    })
    .by(|a, b| a.origin.cmp(&b.origin)),
    Column::left("over.sessions.since", Width::Fixed(12), |line: &SessionLine, ctx| {
        (since(line.since, ctx.now), ctx.theme.text())
    })
    .by(|a, b| a.since.cmp(&b.since)),
    Column::right("over.sessions.received", Width::WideOnly(9), |line: &SessionLine, ctx| {
        (bytes(line, line.received), ctx.theme.muted())
    }),
    Column::right("over.sessions.sent", Width::Fixed(9), |line: &SessionLine, ctx| {
        (bytes(line, line.sent), ctx.theme.muted())
    })
    .by(|a, b| b.sent.cmp(&a.sent)),
];

/// The idle time: how long no key came.
fn rest(line: &SessionLine, ctx: &Ctx) -> String {
    let rest = ctx.now.since(line.active_at);
    if rest < SHORT_MS { String::new() } else { age(rest, ctx.lang) }
}

/// `08:12` today, `01/12 22:40` before.
fn since(at: Timestamp, now: Timestamp) -> String {
    if at.date() == now.date() { at.hm() } else { at.dm_hm_near(now) }
}

/// A count of bytes in short form; empty for a local terminal.
fn bytes(line: &SessionLine, count: u64) -> String {
    match (line.entrance, count) {
        (Entrance::Terminal, _) => "–".to_owned(),
        (Entrance::Ssh, 0..1_000) => format!("{count} B"),
        (Entrance::Ssh, 1_000..1_000_000) => format!("{} KB", count / 1_000),
        (Entrance::Ssh, _) => format!("{} MB", grouped(i64::try_from(count / 1_000_000).unwrap_or(i64::MAX))),
    }
}
