//! The page of agents: what each did today.

use super::figures::{hours, percent};
use super::pages::says;
use crate::domain::actor::AgentState;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::grouped;
use crate::tui::widgets::list::{self, Column, Cursor};
use crate::tui::widgets::pane;
use crate::usecase::model::count::AgentLine;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Narrower tables drop the columns of lesser weight.
const WIDE: u16 = 100;

/// The agents of today.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, agents: &[AgentLine], cursor: Cursor) {
    let (lang, wide) = (ctx.lang, area.width >= WIDE);
    let title = Say::key("over.agents.title").with("count", agents.len()).text(lang);
    let inner = pane::open(frame, area, ctx, &title, true);
    if agents.is_empty() {
        return says(frame, inner, ctx, "over.agents.empty");
    }
    let right = |key: &str, width| Column::right(word(key, lang), width);
    let mut columns = vec![
        Column::left(word("over.agents.name", lang), 0),
        Column::left(word("over.agents.state", lang), 12),
        right("over.agents.calls", 7),
        right("over.agents.contact_rate", 8),
        right("over.agents.registered", 8),
        right("over.agents.conversion", 8),
        right("over.agents.talk", 7),
    ];
    if wide {
        columns.insert(3, right("over.agents.reached", 8));
        columns.push(right("over.agents.wrap_up", 8));
    }
    columns.push(right("over.agents.pause", 7));
    let rows: Vec<_> = agents.iter().map(|line| cells(line, ctx, wide)).collect();
    list::table(frame, inner, ctx, &columns, &rows, cursor, true);
}

fn cells(line: &AgentLine, ctx: &Ctx, wide: bool) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let tone = match line.state {
        AgentState::OnCall => Tone::Ok,
        AgentState::Paused => Tone::Warn,
        AgentState::Ready => Tone::Plain,
        AgentState::Off => Tone::Muted,
    };
    let text = |text: String| (text, theme.text());
    let mut cells = vec![
        (line.name.clone(), theme.strong()),
        (format!("● {}", word(&format!("state.{}", line.state.code()), ctx.lang)), theme.tone(tone)),
        text(grouped(line.calls)),
        text(percent(line.contact_rate)),
        (grouped(line.registered), theme.strong()),
        text(percent(line.conversion)),
        text(hours(line.talk_seconds)),
    ];
    if wide {
        cells.insert(3, text(grouped(line.reached)));
        cells.push(text(hours(line.wrap_up_seconds)));
    }
    cells.push(text(hours(line.pause_seconds)));
    cells
}
