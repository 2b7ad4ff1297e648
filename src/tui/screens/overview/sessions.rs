//! The page of sessions: who has the screens open, from where, since when and doing what; how a supervisor ends one
//! and tells everybody something.

use super::OverviewScreen;
use super::pages::says;
use super::popup::Popup;
use super::window::Window;
use crate::domain::session::Entrance;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::bar::grouped;
use crate::tui::widgets::list::{self, Column, Cursor};
use crate::tui::widgets::pane;
use crate::usecase::Command;
use crate::usecase::command::SessionRef;
use crate::usecase::model::session::{SessionLine, SessionState};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Narrower tables drop the columns of lesser weight.
const WIDE: u16 = 100;
/// A rest shorter than this is none, in milliseconds.
const SHORT_MS: i64 = 60_000;

/// What the keys of the page do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionAct {
    /// End the chosen one.
    End,
    /// Tell everybody something.
    Broadcast,
}

impl OverviewScreen {
    /// The session under the cursor.
    pub(super) fn chosen_session(&self) -> Option<&SessionLine> {
        self.sessions.as_ref()?.get(self.cursor.0)
    }

    /// The list as it is now; the cursor stays on its session.
    pub(super) fn take_sessions(&mut self, sessions: Vec<SessionLine>) {
        let chosen = self.chosen_session().map(|line| line.id.clone());
        let at = chosen.and_then(|chosen| sessions.iter().position(|line| line.id == chosen));
        self.cursor = at.map_or(self.cursor, Cursor);
        self.sessions = Some(sessions);
    }

    /// Does what a key of the page does.
    pub(super) fn session_act(&mut self, act: SessionAct) -> Vec<Effect> {
        match act {
            SessionAct::Broadcast => self.open(Window::Form(Popup::broadcast())),
            SessionAct::End => {
                let Some(line) = self.chosen_session() else { return Vec::new() };
                let command = Command::EndSession(SessionRef { session: line.id.clone() });
                let on_call = line.state == SessionState::OnCall;
                let question = Say::key("over.ask.end_session")
                    .with("name", &line.name)
                    .with("from", &line.origin)
                    .with("since", line.since.dm_hm());
                let detail =
                    if on_call { "over.ask.end_session_on_call" } else { "over.ask.end_session_detail" };
                self.confirm(command, question, detail, Tone::Danger)
            }
        }
    }
}

/// The sessions of the asker's organisation.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, sessions: Option<&[SessionLine]>, cursor: Cursor) {
    let (lang, wide) = (ctx.lang, area.width >= WIDE);
    let count = sessions.map_or(0, <[SessionLine]>::len);
    let title = Say::key("over.sessions.title").with("count", count).text(lang);
    let inner = pane::open(frame, area, ctx, &title, true);
    let Some(sessions) = sessions else { return says(frame, inner, ctx, "over.loading") };
    if sessions.is_empty() {
        return says(frame, inner, ctx, "over.sessions.empty");
    }
    let mut columns = vec![
        Column::left(word("over.sessions.name", lang), 0),
        Column::left(word("over.sessions.state", lang), 15),
        Column::right(word("over.sessions.rest", lang), 8),
        Column::left(word("over.sessions.origin", lang), if wide { 18 } else { 16 }),
        Column::left(word("over.sessions.since", lang), 12),
    ];
    if wide {
        columns.insert(1, Column::left(word("over.sessions.role", lang), 18));
        columns.push(Column::right(word("over.sessions.received", lang), 9));
    }
    columns.push(Column::right(word("over.sessions.sent", lang), 9));
    let rows: Vec<_> = sessions.iter().map(|line| cells(line, ctx, wide)).collect();
    list::table(frame, inner, ctx, &columns, &rows, cursor, true);
}

fn cells(line: &SessionLine, ctx: &Ctx, wide: bool) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let tone = match line.state {
        SessionState::OnCall => Tone::Ok,
        SessionState::Paused | SessionState::Ending => Tone::Warn,
        SessionState::Lost => Tone::Danger,
        SessionState::Ready => Tone::Plain,
        SessionState::Idle | SessionState::Locked => Tone::Muted,
    };
    let state = word(&format!("state.{}", line.state.code()), ctx.lang);
    let mut cells = vec![
        (line.name.clone(), theme.strong()),
        (format!("● {state}"), theme.tone(tone)),
        (rest(line, ctx), theme.muted()),
        (line.origin.clone(), theme.text()),
        (since(line.since, ctx.now), theme.text()),
    ];
    if wide {
        cells.insert(1, (line.role.label(ctx.lang), theme.text()));
        cells.push((bytes(line, line.received), theme.muted()));
    }
    cells.push((bytes(line, line.sent), theme.muted()));
    cells
}

/// How long nothing was typed.
fn rest(line: &SessionLine, ctx: &Ctx) -> String {
    let rest = ctx.now.since(line.active_at);
    if rest < SHORT_MS { String::new() } else { age(rest, ctx.lang) }
}

/// `08:12` today, `01/12 22:40` before.
fn since(at: Timestamp, now: Timestamp) -> String {
    if at.date() == now.date() { at.hm() } else { at.dm_hm() }
}

/// A count of bytes in a few figures; a terminal of the host has none.
fn bytes(line: &SessionLine, count: u64) -> String {
    match (line.entrance, count) {
        (Entrance::Terminal, _) => "–".to_owned(),
        (Entrance::Ssh, 0..1_000) => format!("{count} B"),
        (Entrance::Ssh, 1_000..1_000_000) => format!("{} KB", count / 1_000),
        (Entrance::Ssh, _) => format!("{} MB", grouped(i64::try_from(count / 1_000_000).unwrap_or(i64::MAX))),
    }
}
