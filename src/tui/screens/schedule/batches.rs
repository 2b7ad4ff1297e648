//! Hand-over batches that wait for Vinmec's answer: a list, the rows of one, and which rows are to go back.
//! Nothing is sent before the person accepts; marks are kept per batch until then.

use crate::domain::id::RegistrationId;
use crate::domain::registration::BatchRowState;
use crate::tui::widgets::list::Cursor;
use crate::usecase::command::{Accept, Acknowledge, AllWord, Command, Returned};
use crate::usecase::model::batch::{BatchLine, BatchModel, BatchRow};

/// The pane's state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batches {
    /// Newest first; none until read.
    pub lines: Option<Vec<BatchLine>>,
    /// Batch under the cursor.
    pub at: Cursor,
    /// The batch whose rows are shown.
    pub open: Option<BatchModel>,
    /// Row under the cursor.
    pub row: Cursor,
    /// Rows to send back, with the reason.
    pub returns: Vec<Returned>,
    /// Whether the rows have the focus.
    pub in_rows: bool,
}

impl Batches {
    /// The batch under the cursor.
    pub fn line(&self) -> Option<&BatchLine> {
        self.lines.as_ref()?.get(self.at.0)
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<&BatchRow> {
        self.open.as_ref()?.rows.get(self.row.0)
    }

    /// Rows of the open batch that nobody answered yet.
    pub fn unanswered(&self) -> usize {
        self.open
            .as_ref()
            .map_or(0, |batch| batch.rows.iter().filter(|row| row.state == BatchRowState::Sent).count())
    }

    /// The reason for which a row is to go back.
    pub fn reason(&self, registration: RegistrationId) -> Option<&str> {
        self.returns.iter().find(|r| r.registration == registration).map(|r| r.reason.as_str())
    }

    /// Marks a row to go back, or takes the mark away when there is no reason.
    pub fn mark(&mut self, registration: RegistrationId, reason: Option<String>) {
        self.returns.retain(|r| r.registration != registration);
        self.returns.extend(reason.map(|reason| Returned { registration, reason }));
    }

    /// Takes the list; the cursor stays on its batch.
    pub fn take_lines(&mut self, lines: Vec<BatchLine>) {
        let chosen = self.line().map(|line| line.batch);
        if let Some(at) = lines.iter().position(|line| Some(line.batch) == chosen) {
            self.at = Cursor(at);
        }
        self.at.clamp(lines.len());
        self.lines = Some(lines);
    }

    /// Takes the rows of a batch; marks of another batch are forgotten.
    pub fn take_rows(&mut self, batch: BatchModel) {
        if self.open.as_ref().is_none_or(|open| open.batch != batch.batch) {
            self.returns.clear();
            self.row = Cursor::default();
        }
        self.returns.retain(|r| {
            batch
                .rows
                .iter()
                .any(|row| row.registration == r.registration && row.state == BatchRowState::Sent)
        });
        self.row.clamp(batch.rows.len());
        self.open = Some(batch);
    }

    /// Accepts everything that is not marked to go back.
    pub fn acknowledge(&self) -> Option<Command> {
        let batch = self.open.as_ref()?.batch;
        let returned = self.returns.clone();
        Some(Command::Acknowledge(Acknowledge { batch, accept: Accept::All(AllWord::All), returned }))
    }
}
