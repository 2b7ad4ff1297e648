//! The third pane: hand-over batches, with the age of rows that nobody has acknowledged, and the rows of one.

use crate::domain::id::BatchId;
use crate::domain::registration::BatchRowState;
use crate::domain::time::HOUR_MS;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Ticket;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::list::{self, Column, Cursor};
use crate::tui::widgets::pane;
use crate::usecase::model::batch::{BatchLine, BatchModel, BatchRow};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// From this age rows that nobody has acknowledged are marked.
const LATE_MS: i64 = 4 * HOUR_MS;
/// Letters of the checksum on show.
const CHECKSUM: usize = 16;

/// A batch whose rows are on show.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenBatch {
    /// Which.
    pub batch: BatchId,
    /// Its rows, once they are here.
    pub model: Option<BatchModel>,
    /// The chosen row.
    pub cursor: Cursor,
}

/// The batches with the chosen one.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Batches {
    /// Newest first; none before the first answer.
    pub rows: Option<Vec<BatchLine>>,
    /// Registrations that wait to be handed over.
    pub waiting: i64,
    /// The chosen one.
    pub cursor: Cursor,
    /// The batch whose rows are on show.
    pub open: Option<OpenBatch>,
    /// The question that is out.
    pub asked: Option<Ticket>,
}

impl Batches {
    /// The batch under the cursor.
    pub fn chosen(&self) -> Option<&BatchLine> {
        self.rows.as_ref()?.get(self.cursor.0)
    }

    /// Takes a new list.
    pub fn take(&mut self, rows: Vec<BatchLine>, waiting: i64) {
        self.cursor.clamp(rows.len());
        self.rows = Some(rows);
        self.waiting = waiting;
    }

    /// Takes the rows of a batch, when it is still the one on show.
    pub fn take_rows(&mut self, model: BatchModel) {
        if let Some(open) = self.open.as_mut().filter(|open| open.batch == model.batch) {
            open.cursor.clamp(model.rows.len());
            open.model = Some(model);
        }
    }

    /// Rows that nobody has acknowledged yet, over all batches on show.
    pub fn unacknowledged(&self) -> i64 {
        self.rows.iter().flatten().map(open_rows).sum()
    }

    /// Draws the pane.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        match &self.open {
            Some(open) => view_batch(frame, area, ctx, open),
            None => self.view_list(frame, area, ctx),
        }
    }

    fn view_list(&self, frame: &mut Frame, area: Rect, ctx: &Ctx) {
        let lang = ctx.lang;
        let inner = pane::open(frame, area, ctx, &word("reg.batches.title", lang), true);
        let Some(rows) = &self.rows else {
            frame.render_widget(Span::styled(word("reg.loading", lang), ctx.theme.muted()), inner);
            return;
        };
        let top = Rect { height: inner.height.min(1), ..inner };
        frame.render_widget(self.standing(ctx), top);
        let body = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
        if rows.is_empty() {
            let said = pane::prose(&word("reg.batches.empty", lang), body.width, ctx.theme.muted());
            frame.render_widget(Paragraph::new(said), body);
            return;
        }
        let columns = [
            Column::right(word("reg.batches.number", lang), 5),
            Column::left(word("reg.batches.sent", lang), 12),
            Column::left(word("reg.batches.by", lang), 0),
            Column::right(word("reg.batches.rows", lang), 6),
            Column::right(word("reg.batches.accepted", lang), 8),
            Column::right(word("reg.batches.returned", lang), 8),
            Column::left(word("reg.batches.open", lang), 20),
        ];
        let cells: Vec<_> = rows.iter().map(|line| cells(line, ctx)).collect();
        list::table(frame, body, ctx, &columns, &cells, self.cursor, true);
    }

    /// What waits on either side.
    fn standing(&self, ctx: &Ctx) -> Line<'static> {
        let (theme, lang) = (ctx.theme, ctx.lang);
        let waiting = Say::key("reg.batches.waiting").with("count", self.waiting).text(lang);
        let tone = if self.waiting > 0 { Tone::Info } else { Tone::Ok };
        let mut spans = vec![pane::marked(theme, tone, &waiting)];
        let open = self.unacknowledged();
        if open > 0 {
            let said = Say::key("reg.batches.unacknowledged").with("count", open).text(lang);
            spans.extend([Span::raw("   "), pane::marked(theme, Tone::Warn, &said)]);
        }
        Line::from(spans)
    }
}

/// Rows of a batch that are neither accepted nor returned.
const fn open_rows(line: &BatchLine) -> i64 {
    line.rows - line.accepted - line.returned
}

fn cells(line: &BatchLine, ctx: &Ctx) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let open = open_rows(line);
    let waited = ctx.now.since(line.sent_at);
    let (said, tone) = if open == 0 {
        (format!("✓ {}", word("reg.batches.settled", ctx.lang)), Tone::Ok)
    } else {
        let say = Say::key("reg.batches.open_rows").with("count", open).with("age", age(waited, ctx.lang));
        let tone = if waited >= LATE_MS { Tone::Warn } else { Tone::Plain };
        let mark = if tone == Tone::Warn { "⚠ " } else { "" };
        (format!("{mark}{}", say.text(ctx.lang)), tone)
    };
    let returned = if line.returned > 0 { theme.tone(Tone::Warn) } else { theme.muted() };
    vec![
        (line.batch.to_string(), theme.strong()),
        (line.sent_at.dm_hm(), theme.text()),
        (line.by.clone(), theme.text()),
        (line.rows.to_string(), theme.text()),
        (line.accepted.to_string(), theme.text()),
        (line.returned.to_string(), returned),
        (said, theme.tone(tone)),
    ]
}

fn view_batch(frame: &mut Frame, area: Rect, ctx: &Ctx, open: &OpenBatch) {
    let lang = ctx.lang;
    let title = Say::key("reg.batches.one").with("batch", open.batch).text(lang);
    let inner = pane::open(frame, area, ctx, &title, true);
    let Some(model) = &open.model else {
        frame.render_widget(Span::styled(word("reg.loading", lang), ctx.theme.muted()), inner);
        return;
    };
    let checksum: String = model.checksum.chars().take(CHECKSUM).collect();
    let waited = age(ctx.now.since(model.sent_at), lang);
    let head = Say::key("reg.batches.head")
        .with("at", model.sent_at.dmy_hm())
        .with("age", waited)
        .with("checksum", checksum)
        .text(lang);
    let top = Rect { height: inner.height.min(1), ..inner };
    frame.render_widget(Span::styled(head, ctx.theme.muted()), top);
    let body = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
    let columns = [
        Column::right(word("reg.batches.seat", lang), 5),
        Column::left(word("reg.batches.name", lang), 0),
        Column::left(word("reg.batches.phone", lang), 13),
        Column::left(word("reg.batches.state", lang), 14),
        Column::left(word("reg.batches.note", lang), 0),
    ];
    let cells: Vec<_> = model.rows.iter().map(|row| row_cells(row, ctx)).collect();
    list::table(frame, body, ctx, &columns, &cells, open.cursor, true);
}

fn row_cells(row: &BatchRow, ctx: &Ctx) -> Vec<(String, Style)> {
    let theme = ctx.theme;
    let tone = match row.state {
        BatchRowState::Accepted => Tone::Ok,
        BatchRowState::Returned => Tone::Danger,
        BatchRowState::Sent => Tone::Plain,
    };
    let mark = if tone.mark().is_empty() { String::new() } else { format!("{} ", tone.mark()) };
    let patient = row.patient.as_ref().map(|who| Say::key("reg.batches.for").with("who", who).text(ctx.lang));
    let note: Vec<String> = row.reason.clone().into_iter().chain(patient).collect();
    vec![
        (row.seat.map_or_else(|| "·".to_owned(), |seat| seat.to_string()), theme.strong()),
        (row.name.clone(), theme.text()),
        (row.phone_masked.clone(), theme.muted()),
        (format!("{mark}{}", word(&format!("state.{}", row.state.code()), ctx.lang)), theme.tone(tone)),
        (note.join(" · "), theme.text()),
    ]
}
