//! The third pane: the hand-over batches with the age of rows that are not acknowledged, and the rows of one batch.

use crate::domain::id::{BatchId, RegistrationId};
use crate::domain::name::by_given_name;
use crate::domain::registration::BatchRowState;
use crate::domain::time::{HOUR_MS, Timestamp};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Rows, Width};
use crate::usecase::Query;
use crate::usecase::model::batch::{BatchLine, BatchModel, BatchRow, ReturnedRows};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// From this age rows that are not acknowledged are marked, in milliseconds.
const LATE_MS: i64 = 4 * HOUR_MS;
/// Letters of a checksum that are shown.
const CHECKSUM: usize = 16;
/// Rows above a table: a line of text and a blank one.
const HEAD_ROWS: u16 = 2;

impl Keyed for BatchLine {
    type Key = BatchId;

    fn key(&self) -> BatchId {
        self.batch
    }
}

impl Keyed for BatchRow {
    type Key = RegistrationId;

    fn key(&self) -> RegistrationId {
        self.registration
    }
}

const BLANK: Blank = Blank { loading: "reg.loading", empty: "reg.batches.empty" };

const COLUMNS: &[Column<BatchLine>] = &[
    Column::right("reg.batches.number", Width::Fixed(5), |line: &BatchLine, ctx| {
        (line.batch.to_string(), ctx.theme.strong())
    }),
    Column::left("reg.batches.sent", Width::Fixed(12), |line: &BatchLine, ctx| {
        (line.sent_at.dm_hm(), ctx.theme.text())
    })
    .by(|a, b| a.sent_at.cmp(&b.sent_at)),
    Column::left("reg.batches.by", Width::Rest, |line: &BatchLine, ctx| (line.by.clone(), ctx.theme.text()))
        .by(|a, b| a.by.cmp(&b.by)),
    Column::right("reg.batches.rows", Width::Fixed(6), |line: &BatchLine, ctx| {
        (line.rows.to_string(), ctx.theme.text())
    }),
    Column::right("reg.batches.accepted", Width::Fixed(8), |line: &BatchLine, ctx| {
        (line.accepted.to_string(), ctx.theme.text())
    }),
    Column::right("reg.batches.returned", Width::Fixed(8), |line: &BatchLine, ctx| {
        let style = if line.returned > 0 { ctx.theme.tone(Tone::Warn) } else { ctx.theme.muted() };
        (line.returned.to_string(), style)
    })
    .by(|a, b| b.returned.cmp(&a.returned)),
    Column::left("reg.batches.open", Width::Fixed(20), |line: &BatchLine, ctx| {
        let (open, waited) = (unacknowledged(line), ctx.now.since(line.sent_at));
        if open == 0 {
            return (format!("✓ {}", word("reg.batches.settled", ctx.lang)), ctx.theme.tone(Tone::Ok));
        }
        let say = Say::key("reg.batches.open_rows").with("count", open).with("age", age(waited, ctx.lang));
        let (mark, tone) = if waited >= LATE_MS { ("⚠ ", Tone::Warn) } else { ("", Tone::Plain) };
        (format!("{mark}{}", say.text(ctx.lang)), ctx.theme.tone(tone))
    })
    .by(|a, b| unacknowledged(b).cmp(&unacknowledged(a))),
];

const ROW_COLUMNS: &[Column<BatchRow>] = &[
    Column::right("reg.batches.seat", Width::Fixed(5), |row: &BatchRow, ctx| {
        (row.seat.map_or_else(|| "·".to_owned(), |seat| seat.to_string()), ctx.theme.strong())
    })
    .by(|a, b| a.seat.cmp(&b.seat)),
    Column::left("reg.batches.name", Width::Rest, |row: &BatchRow, ctx| (row.name.clone(), ctx.theme.text()))
        .by(|a, b| by_given_name(&a.name, &b.name)),
    Column::left("reg.batches.phone", Width::Fixed(13), |row: &BatchRow, ctx| {
        (row.phone_masked.clone(), ctx.theme.muted())
    }),
    Column::left("reg.batches.state", Width::Fixed(14), |row: &BatchRow, ctx| {
        let tone = match row.state {
            BatchRowState::Accepted => Tone::Ok,
            BatchRowState::Returned => Tone::Danger,
            BatchRowState::Sent => Tone::Plain,
        };
        let mark = if tone.mark().is_empty() { String::new() } else { format!("{} ", tone.mark()) };
        (format!("{mark}{}", word(&format!("state.{}", row.state.code()), ctx.lang)), ctx.theme.tone(tone))
    })
    .by(|a, b| a.state.code().cmp(b.state.code())),
    Column::left("reg.batches.note", Width::Rest, |row: &BatchRow, ctx| {
        let patient = row.patient.as_ref();
        let patient = patient.map(|who| Say::key("reg.batches.for").with("who", who).text(ctx.lang));
        let earlier = row
            .earlier_reason
            .as_ref()
            .map(|reason| Say::key("reg.batches.earlier").with("reason", reason).text(ctx.lang));
        let answer = row.answer.as_ref().map(|answer| format!("→ {answer}"));
        let reason = row.reason.clone().or(earlier);
        let note: Vec<String> = reason.into_iter().chain(answer).chain(patient).collect();
        (note.join(" · "), ctx.theme.text())
    }),
];

/// Rows of a batch that are neither accepted nor returned.
const fn unacknowledged(line: &BatchLine) -> i64 {
    line.rows - line.accepted - line.returned
}

/// The batch whose rows are shown.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenBatch {
    batch: BatchId,
    /// When it was handed over, and its checksum, once read.
    sent: Option<(Timestamp, String)>,
    /// Its rows.
    pub rows: Rows<BatchRow>,
}

/// The batches, newest first.
#[derive(Clone, PartialEq, Eq)]
pub struct Batches {
    /// The batches.
    pub rows: Rows<BatchLine>,
    /// Registrations that wait to be handed over.
    pub waiting: i64,
    /// Returned rows that nobody has answered.
    pub returned: ReturnedRows,
    /// The batch whose rows are shown.
    pub open: Option<OpenBatch>,
}

impl Batches {
    /// A pane that was not read yet.
    pub const fn new() -> Self {
        Self {
            rows: Rows::new(COLUMNS),
            waiting: 0,
            returned: ReturnedRows { count: 0, since: None },
            open: None,
        }
    }

    /// The query of what is shown.
    pub fn query(&self) -> Query {
        self.open.as_ref().map_or(Query::Batches {}, |open| Query::Batch { batch: open.batch })
    }

    /// Opens the chosen batch; false when there is none.
    pub fn open_chosen(&mut self) -> bool {
        let chosen = self.rows.chosen().map(|line| line.batch);
        self.open = chosen.map(|batch| OpenBatch { batch, sent: None, rows: Rows::new(ROW_COLUMNS) });
        self.open.is_some()
    }

    /// Takes a new list.
    pub fn take(&mut self, rows: Vec<BatchLine>, waiting: i64, ctx: &Ctx) {
        self.rows.take(rows, ctx);
        self.waiting = waiting;
    }

    /// Takes the rows of a batch, when it is still the one that is shown.
    pub fn take_rows(&mut self, model: BatchModel, ctx: &Ctx) {
        if let Some(open) = self.open.as_mut().filter(|open| open.batch == model.batch) {
            open.sent = Some((model.sent_at, model.checksum));
            open.rows.take(model.rows, ctx);
        }
    }

    /// Where the table is drawn in the pane, for clicks.
    pub const fn table(area: Rect) -> Rect {
        below_head(pane::inside(area))
    }

    /// Draws the pane.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool) {
        let title = match &self.open {
            Some(open) => Say::key("reg.batches.one").with("batch", open.batch),
            None => Say::key("reg.batches.title"),
        };
        let inner = pane::open(frame, area, ctx, &title.text(ctx.lang), focused);
        let head = Rect { height: inner.height.min(1), ..inner };
        let table = below_head(inner);
        match &self.open {
            Some(OpenBatch { sent: Some((at, checksum)), rows, .. }) => {
                let checksum: String = checksum.chars().take(CHECKSUM).collect();
                let say = Say::key("reg.batches.head")
                    .with("at", at.dmy_hm())
                    .with("age", age(ctx.now.since(*at), ctx.lang))
                    .with("checksum", checksum);
                frame.render_widget(Span::styled(say.text(ctx.lang), ctx.theme.muted()), head);
                rows.view(frame, table, ctx, focused, BLANK);
            }
            Some(open) => open.rows.view(frame, inner, ctx, focused, BLANK),
            None if self.rows.is_here() => {
                frame.render_widget(self.standing(ctx), head);
                self.rows.view(frame, table, ctx, focused, BLANK);
            }
            None => self.rows.view(frame, inner, ctx, focused, BLANK),
        }
    }

    /// The line that says how many rows wait at either organisation.
    fn standing(&self, ctx: &Ctx) -> Line<'static> {
        let (theme, lang) = (ctx.theme, ctx.lang);
        let waiting = Say::key("reg.batches.waiting").with("count", self.waiting).text(lang);
        let tone = if self.waiting > 0 { Tone::Info } else { Tone::Ok };
        let mut spans = vec![pane::marked(theme, tone, &waiting)];
        let open: i64 = self.rows.items().iter().map(unacknowledged).sum();
        if open > 0 {
            let text = Say::key("reg.batches.unacknowledged").with("count", open).text(lang);
            spans.extend([Span::raw("   "), pane::marked(theme, Tone::Warn, &text)]);
        }
        if let (1.., Some(since)) = (self.returned.count, self.returned.since) {
            let text = Say::key("reg.batches.unanswered")
                .with("count", self.returned.count)
                .with("age", age(ctx.now.since(since), lang))
                .text(lang);
            spans.extend([Span::raw("   "), pane::marked(theme, Tone::Warn, &text)]);
        }
        Line::from(spans)
    }
}

const fn below_head(inner: Rect) -> Rect {
    let head = if inner.height < HEAD_ROWS { inner.height } else { HEAD_ROWS };
    Rect { y: inner.y + head, height: inner.height - head, ..inner }
}
