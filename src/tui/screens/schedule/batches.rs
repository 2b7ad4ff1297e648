//! The hand-over batches that wait for Vinmec's answer: the list, the rows of one batch, and which rows are marked to
//! be returned. Nothing is sent before the person accepts the batch; its marks are kept until then.

use crate::domain::id::{BatchId, RegistrationId};
use crate::domain::name::by_given_name;
use crate::domain::registration::BatchRowState;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::rows::{Column, Keyed, Rows, Width};
use crate::usecase::command::{Accept, Acknowledge, AllWord, Command, Returned};
use crate::usecase::model::batch::{BatchLine, BatchModel, BatchRow, ReturnedRows};
use ratatui::style::Style;

/// From these widths on the lists show all their columns.
const WIDE_LIST: u16 = 38;
const WIDE_ROWS: u16 = 60;

/// Columns of the list of batches.
const BATCHES: &[Column<BatchLine>] = &[
    Column::right("schedule.column.number", Width::Fixed(4), |line: &BatchLine, ctx| {
        (line.batch.to_string(), ctx.theme.strong())
    }),
    Column::left("schedule.column.sent", Width::Fixed(12), |line: &BatchLine, ctx| {
        (line.sent_at.dm_hm(), ctx.theme.text())
    })
    .by(|a: &BatchLine, b: &BatchLine| a.sent_at.cmp(&b.sent_at)),
    Column::right("schedule.column.rows", Width::WideOnly(5), |line: &BatchLine, ctx| {
        (line.rows.to_string(), ctx.theme.text())
    }),
    Column::left("schedule.column.waits", Width::Rest, waits)
        .by(|a: &BatchLine, b: &BatchLine| waiting(a).cmp(&waiting(b))),
];

/// Columns of the rows of one batch.
const ROWS: &[Column<MarkedRow>] = &[
    Column::right("schedule.column.seat", Width::Fixed(4), |row: &MarkedRow, ctx| {
        (row.row.seat.map_or_else(String::new, |seat| seat.to_string()), ctx.theme.text())
    })
    .by(|a: &MarkedRow, b: &MarkedRow| a.row.seat.cmp(&b.row.seat)),
    Column::left("schedule.field.name", Width::Rest, |row: &MarkedRow, ctx| {
        let name = &row.row.name;
        let patient = row.row.patient.as_ref();
        (patient.map_or_else(|| name.clone(), |patient| format!("{name} → {patient}")), ctx.theme.text())
    })
    .by(|a: &MarkedRow, b: &MarkedRow| by_given_name(&a.row.name, &b.row.name)),
    Column::left("schedule.field.phone", Width::WideOnly(13), |row: &MarkedRow, ctx| {
        (row.row.phone_masked.clone(), ctx.theme.muted())
    }),
    Column::left("schedule.column.state", Width::WideNarrow(26, 14), state),
];

/// A row of a batch, with the reason when it is marked to be returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedRow {
    /// The row.
    pub row: BatchRow,
    /// Why it is to be returned; none: it is not marked.
    pub back: Option<String>,
}

impl Keyed for MarkedRow {
    type Key = RegistrationId;

    fn key(&self) -> RegistrationId {
        self.row.registration
    }
}

impl MarkedRow {
    /// Whether it is not answered yet.
    pub fn waits(&self) -> bool {
        self.row.state == BatchRowState::Sent
    }
}

/// The pane's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batches {
    /// The batches, newest first.
    pub list: Rows<BatchLine>,
    /// The batch whose rows are shown.
    pub open: Option<BatchId>,
    /// Its rows.
    pub rows: Rows<MarkedRow>,
    /// Whether the rows have the focus.
    pub in_rows: bool,
    /// The rows that went back to 9090 and have no answer yet.
    pub returned: ReturnedRows,
}

impl Batches {
    /// A pane that was not read yet.
    pub const fn new() -> Self {
        Self {
            list: Rows::new(BATCHES).wide_from(WIDE_LIST),
            open: None,
            rows: Rows::new(ROWS).wide_from(WIDE_ROWS),
            in_rows: false,
            returned: ReturnedRows { count: 0, since: None },
        }
    }

    /// How many rows of the open batch are not answered yet.
    pub fn unanswered(&self) -> usize {
        self.rows.items().iter().filter(|row| row.waits()).count()
    }

    /// How many rows are marked to be returned.
    pub fn marked(&self) -> usize {
        self.rows.items().iter().filter(|row| row.back.is_some()).count()
    }

    /// Marks a row to be returned; without a reason it removes the mark.
    pub fn mark(&mut self, registration: RegistrationId, reason: Option<&str>, ctx: &Ctx) {
        self.rows.change(
            |row| {
                if row.row.registration == registration {
                    row.back = reason.map(ToOwned::to_owned);
                }
            },
            ctx,
        );
    }

    /// Takes the rows of a batch; marks stay on the rows of the same batch that still wait.
    pub fn take_rows(&mut self, batch: BatchModel, ctx: &Ctx) {
        if self.open != Some(batch.batch) {
            self.rows.forget();
        }
        let back = |row: &BatchRow| {
            let marked = self.rows.items().iter().find(|marked| marked.row.registration == row.registration);
            marked.and_then(|marked| marked.back.clone())
        };
        let rows = batch.rows.into_iter().map(|row| MarkedRow { back: back(&row), row }).map(|mut marked| {
            marked.back = marked.back.take().filter(|_| marked.waits());
            marked
        });
        let rows = rows.collect();
        self.open = Some(batch.batch);
        self.rows.take(rows, ctx);
    }

    /// The command that accepts all rows but those that are marked to be returned.
    pub fn acknowledge(&self) -> Option<Command> {
        let batch = self.open?;
        let returned = self.rows.items().iter().filter_map(|row| {
            let reason = row.back.clone()?;
            Some(Returned { registration: row.row.registration, reason })
        });
        let returned = returned.collect();
        Some(Command::Acknowledge(Acknowledge { batch, accept: Accept::All(AllWord::All), returned }))
    }
}

const fn waiting(line: &BatchLine) -> i64 {
    line.rows - line.accepted - line.returned
}

fn waits(line: &BatchLine, ctx: &Ctx) -> (String, Style) {
    match waiting(line) {
        1.. => {
            let age = crate::tui::widgets::bar::minutes(ctx.now.since(line.sent_at), ctx.lang);
            (format!("⚠ {} · {age}", waiting(line)), ctx.theme.tone(Tone::Warn))
        }
        _ => ("✓".to_owned(), ctx.theme.tone(Tone::Ok)),
    }
}

fn state(row: &MarkedRow, ctx: &Ctx) -> (String, Style) {
    let theme = ctx.theme;
    match (&row.back, row.row.state) {
        (Some(reason), _) => (format!("↩ {reason}"), theme.tone(Tone::Warn)),
        (None, BatchRowState::Accepted) => {
            (format!("✓ {}", word("state.accepted", ctx.lang)), theme.tone(Tone::Ok))
        }
        (None, BatchRowState::Returned) => {
            let why = row.row.reason.clone().unwrap_or_default();
            (format!("↩ {} {why}", word("state.returned", ctx.lang)), theme.tone(Tone::Muted))
        }
        (None, BatchRowState::Sent) => (word("schedule.row_waits", ctx.lang), theme.text()),
    }
}
