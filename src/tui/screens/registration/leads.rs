//! The second pane: fanpage leads that are open, those who have waited longest in their state first.

use crate::domain::lang::Lang;
use crate::domain::lead::LeadState;
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::tui::call::card::shown_phone;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Ticket;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::list::{self, Column, Cursor};
use crate::tui::widgets::pane;
use crate::usecase::model::lead::LeadLine;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// From this age in one state a lead is marked.
const LATE_MS: i64 = 24 * HOUR_MS;
/// Narrower panes drop the comment's reference.
const WIDE: u16 = 90;

/// The leads with the chosen one.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Leads {
    /// Oldest first; none before the first answer.
    pub rows: Option<Vec<LeadLine>>,
    /// The chosen one.
    pub cursor: Cursor,
    /// The question that is out.
    pub asked: Option<Ticket>,
}

impl Leads {
    /// How many are open, as far as known.
    pub fn len(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len)
    }

    /// The lead under the cursor.
    pub fn chosen(&self) -> Option<&LeadLine> {
        self.rows.as_ref()?.get(self.cursor.0)
    }

    /// Takes a new list; the cursor stays on the same lead while it is there.
    pub fn take(&mut self, rows: Vec<LeadLine>) {
        let held = self.chosen().map(|line| line.lead);
        if let Some(at) = rows.iter().position(|line| Some(line.lead) == held) {
            self.cursor = Cursor(at);
        }
        self.cursor.clamp(rows.len());
        self.rows = Some(rows);
    }

    /// Where the rows stand, for clicks.
    pub const fn rows_area(area: Rect) -> Rect {
        list::table_rows(pane_inner(area))
    }

    /// Draws the pane.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let lang = ctx.lang;
        let title = Say::key("reg.leads.title").with("count", self.len()).text(lang);
        let inner = pane::open(frame, area, ctx, &title, true);
        let Some(rows) = &self.rows else {
            let said = word("reg.loading", lang);
            frame.render_widget(ratatui::text::Span::styled(said, ctx.theme.muted()), inner);
            return;
        };
        if rows.is_empty() {
            let said = pane::prose(&word("reg.leads.empty", lang), inner.width, ctx.theme.muted());
            frame.render_widget(ratatui::widgets::Paragraph::new(said), inner);
            return;
        }
        let wide = area.width >= WIDE;
        let mut columns = vec![
            Column::left(word("reg.leads.state", lang), 16),
            Column::right(word("reg.leads.age", lang), 10),
            Column::left(word("reg.leads.name", lang), 0),
            Column::left(word("reg.leads.phone", lang), 13),
        ];
        if wide {
            columns.push(Column::left(word("reg.leads.comment", lang), 0));
        }
        columns.push(Column::left(word("reg.leads.next", lang), 17));
        let cells: Vec<_> = rows.iter().map(|line| cells(line, ctx, wide)).collect();
        list::table(frame, inner, ctx, &columns, &cells, self.cursor, true);
    }
}

/// The room inside a pane's frame, as [`pane::open`] gives it.
const fn pane_inner(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

fn cells(line: &LeadLine, ctx: &Ctx, wide: bool) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let late = is_late(line.since, ctx.now);
    let waits = age(ctx.now.since(line.since), ctx.lang);
    let (waits, tone) = if late { (format!("⚠ {waits}"), Tone::Warn) } else { (waits, Tone::Plain) };
    let phone = line.phone.as_deref().map_or_else(|| "·".to_owned(), shown_phone);
    let mut cells = vec![
        (word(&format!("state.{}", line.state.code()), ctx.lang), theme.tone(state_tone(line.state))),
        (waits, theme.tone(tone)),
        (line.name.clone(), theme.strong()),
        (phone, theme.text()),
    ];
    if wide {
        cells.push((line.comment.clone(), theme.muted()));
    }
    cells.push((next_step(line, ctx.lang), theme.tone(Tone::Info)));
    cells
}

fn is_late(since: Timestamp, now: Timestamp) -> bool {
    now.since(since) >= LATE_MS
}

fn state_tone(state: LeadState) -> Tone {
    match state {
        LeadState::DetailsGiven => Tone::Ok,
        LeadState::Messaged => Tone::Plain,
        LeadState::Commented | LeadState::Registered | LeadState::Dropped => Tone::Muted,
    }
}

/// What Enter does with the lead.
fn next_step(line: &LeadLine, lang: Lang) -> String {
    let key = match line.state {
        LeadState::Commented => "reg.leads.to_message",
        LeadState::Messaged => "reg.leads.to_details",
        LeadState::DetailsGiven | LeadState::Registered | LeadState::Dropped => "reg.leads.to_register",
    };
    word(key, lang)
}
