//! The page of agents: the work of each today.

use super::figures::{hours, percent};
use crate::domain::actor::AgentState;
use crate::domain::name::by_given_name;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::bar::grouped;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Width};
use crate::usecase::model::count::AgentLine;

impl Keyed for AgentLine {
    type Key = String;

    fn key(&self) -> String {
        self.staff.clone()
    }
}

/// The texts in place of rows.
pub const BLANK: Blank = Blank { loading: "over.loading", empty: "over.agents.empty" };

/// Its columns.
pub const COLUMNS: &[Column<AgentLine>] = &[
    Column::left("over.agents.name", Width::Rest, |line: &AgentLine, ctx| {
        (line.name.clone(), ctx.theme.strong())
    })
    .by(|a, b| by_given_name(&a.name, &b.name)),
    Column::left("over.agents.state", Width::Fixed(12), |line: &AgentLine, ctx| {
        let tone = match line.state {
            AgentState::OnCall => Tone::Ok,
            AgentState::Paused => Tone::Warn,
            AgentState::Ready => Tone::Plain,
            AgentState::Off => Tone::Muted,
        };
        (format!("● {}", word(&format!("state.{}", line.state.code()), ctx.lang)), ctx.theme.tone(tone))
    })
    .by(|a, b| a.state.code().cmp(b.state.code())),
    Column::right("over.agents.calls", Width::Fixed(7), |line: &AgentLine, ctx| {
        (grouped(line.calls), ctx.theme.text())
    })
    .by(|a, b| b.calls.cmp(&a.calls)),
    Column::right("over.agents.reached", Width::WideOnly(8), |line: &AgentLine, ctx| {
        (grouped(line.reached), ctx.theme.text())
    }),
    Column::right("over.agents.contact_rate", Width::Fixed(8), |line: &AgentLine, ctx| {
        (percent(line.contact_rate), ctx.theme.text())
    }),
    Column::right("over.agents.registered", Width::Fixed(8), |line: &AgentLine, ctx| {
        (grouped(line.registered), ctx.theme.strong())
    })
    .by(|a, b| b.registered.cmp(&a.registered)),
    Column::right("over.agents.conversion", Width::Fixed(9), |line: &AgentLine, ctx| {
        (percent(line.conversion), ctx.theme.text())
    }),
    Column::right("over.agents.talk", Width::Fixed(7), |line: &AgentLine, ctx| {
        (hours(line.talk_seconds), ctx.theme.text())
    })
    .by(|a, b| b.talk_seconds.cmp(&a.talk_seconds)),
    Column::right("over.agents.wrap_up", Width::WideOnly(8), |line: &AgentLine, ctx| {
        (hours(line.wrap_up_seconds), ctx.theme.text())
    }),
    Column::right("over.agents.pause", Width::Fixed(7), |line: &AgentLine, ctx| {
        (hours(line.pause_seconds), ctx.theme.text())
    })
    .by(|a, b| b.pause_seconds.cmp(&a.pause_seconds)),
];
