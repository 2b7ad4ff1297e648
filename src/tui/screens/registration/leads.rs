//! The second pane: the open fanpage leads, those that have waited longest in their state first.

use crate::domain::id::LeadId;
use crate::domain::lead::LeadState;
use crate::domain::name::by_given_name;
use crate::domain::time::HOUR_MS;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Rows, Width};
use crate::usecase::model::lead::LeadLine;
use ratatui::Frame;
use ratatui::layout::Rect;

/// From this age in one state a lead is marked, in milliseconds.
const LATE_MS: i64 = 24 * HOUR_MS;

impl Keyed for LeadLine {
    type Key = LeadId;

    fn key(&self) -> LeadId {
        self.lead
    }
}

const BLANK: Blank = Blank { loading: "reg.loading", empty: "reg.leads.empty" };

/// The columns.
pub const COLUMNS: &[Column<LeadLine>] = &[
    Column::left("reg.leads.state", Width::Fixed(16), |line: &LeadLine, ctx| {
        let tone = match line.state {
            LeadState::DetailsGiven => Tone::Ok,
            LeadState::Messaged => Tone::Plain,
            LeadState::Commented | LeadState::Registered | LeadState::Dropped => Tone::Muted,
        };
        (word(&format!("state.{}", line.state.code()), ctx.lang), ctx.theme.tone(tone))
    })
    .by(|a, b| a.state.code().cmp(b.state.code())),
    Column::right("reg.leads.age", Width::Fixed(10), |line: &LeadLine, ctx| {
        let waits = ctx.now.since(line.since);
        let text = age(waits, ctx.lang);
        if waits >= LATE_MS {
            (format!("⚠ {text}"), ctx.theme.tone(Tone::Warn))
        } else {
            (text, ctx.theme.tone(Tone::Plain))
        }
    })
    .by(|a, b| a.since.cmp(&b.since)),
    Column::left("reg.leads.name", Width::Rest, |line: &LeadLine, ctx| {
        (line.name.clone(), ctx.theme.strong())
    })
    .by(|a, b| by_given_name(&a.name, &b.name)),
    Column::left("reg.leads.phone", Width::Fixed(13), |line: &LeadLine, ctx| {
        (line.phone_masked.clone().unwrap_or_else(|| "·".to_owned()), ctx.theme.text())
    }),
    Column::left("reg.leads.comment", Width::WideRest, |line: &LeadLine, ctx| {
        (line.comment.clone(), ctx.theme.muted())
    }),
    // The step that Enter takes.
    Column::left("reg.leads.next", Width::Fixed(17), |line: &LeadLine, ctx| {
        let key = match line.state {
            LeadState::Commented => "reg.leads.to_message",
            LeadState::Messaged => "reg.leads.to_details",
            LeadState::DetailsGiven | LeadState::Registered | LeadState::Dropped => "reg.leads.to_register",
        };
        (word(key, ctx.lang), ctx.theme.tone(Tone::Info))
    }),
];

/// Draws the pane.
pub fn view(rows: &Rows<LeadLine>, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool) {
    let title = Say::key("reg.leads.title").with("count", rows.items().len()).text(ctx.lang);
    let inner = pane::open(frame, area, ctx, &title, focused);
    rows.view(frame, inner, ctx, focused, BLANK);
}
