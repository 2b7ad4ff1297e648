//! A doctor's own day: its appointments by start.

use crate::domain::appointment::AppointmentState;
use crate::domain::id::AppointmentId;
use crate::domain::name::by_given_name;
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::rows::{Column, Keyed, Rows, Width};
use crate::usecase::model::case::AppointmentLine;
use ratatui::style::Style;

/// The columns.
const COLUMNS: &[Column<AppointmentLine>] = &[
    Column::left("schedule.column.time", Width::Fixed(6), |line: &AppointmentLine, ctx| {
        (line.starts_at.hm(), ctx.theme.strong())
    })
    .by(|a: &AppointmentLine, b: &AppointmentLine| a.starts_at.cmp(&b.starts_at)),
    Column::left("schedule.field.patient", Width::WideNarrow(26, 20), |line: &AppointmentLine, ctx| {
        (line.patient.clone(), ctx.theme.text())
    })
    .by(|a: &AppointmentLine, b: &AppointmentLine| by_given_name(&a.patient, &b.patient)),
    Column::left("schedule.field.need", Width::Rest, |line: &AppointmentLine, ctx| {
        (line.need.clone().unwrap_or_default(), ctx.theme.text())
    }),
    Column::left("schedule.column.state", Width::WideNarrow(24, 20), state),
];

/// The day of the doctor of this session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The doctor with their hours, once read.
    pub of: Option<(String, Vec<(Timestamp, Timestamp)>)>,
    /// The appointments by start.
    pub rows: Rows<AppointmentLine>,
}

impl Keyed for AppointmentLine {
    type Key = AppointmentId;

    fn key(&self) -> AppointmentId {
        self.appointment
    }
}

impl Day {
    /// A day that was not read yet.
    pub const fn new() -> Self {
        Self { of: None, rows: Rows::new(COLUMNS).unfiltered() }
    }
}

fn state(line: &AppointmentLine, ctx: &Ctx) -> (String, Style) {
    let tone = match line.state {
        AppointmentState::Done if line.over_limit_minutes.is_some() => Tone::Warn,
        AppointmentState::Done => Tone::Muted,
        AppointmentState::InProgress => Tone::Ok,
        AppointmentState::NoShow => Tone::Danger,
        AppointmentState::Booked => Tone::Warn,
        _ => Tone::Plain,
    };
    let state = word(&format!("state.{}", line.state.code()), ctx.lang);
    let state = match line.over_limit_minutes {
        Some(minutes) => {
            format!("{state} · {}", Say::key("schedule.over_limit").with("minutes", minutes).text(ctx.lang))
        }
        None => state,
    };
    let state = match (line.state, line.started_at) {
        (AppointmentState::InProgress, Some(at)) => {
            format!("▸ {state} {}", crate::tui::widgets::bar::clock(ctx.now.since(at)))
        }
        _ if tone.mark().is_empty() => state,
        _ => format!("{} {state}", tone.mark()),
    };
    (state, ctx.theme.tone(tone))
}
