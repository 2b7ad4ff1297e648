//! The page of the audit log, newest first.

use crate::tui::widgets::rows::{Blank, Column, Keyed, Width};
use crate::usecase::model::staff::AuditLine;

impl Keyed for AuditLine {
    /// Each writer numbers its own rows, so the key has both.
    type Key = (i64, i64);

    fn key(&self) -> (i64, i64) {
        (self.writer, self.seq)
    }
}

/// The texts in place of rows.
pub const BLANK: Blank = Blank { loading: "over.loading", empty: "over.audit.empty" };

/// Its columns.
pub const COLUMNS: &[Column<AuditLine>] = &[
    Column::left("over.audit.at", Width::Fixed(12), |line: &AuditLine, ctx| {
        (line.at.dm_hm(), ctx.theme.muted())
    })
    .by(|a, b| a.at.cmp(&b.at)),
    Column::left("over.audit.staff", Width::Fixed(10), |line: &AuditLine, ctx| {
        (line.staff.clone(), ctx.theme.strong())
    })
    .by(|a, b| a.staff.cmp(&b.staff)),
    Column::left("over.audit.action", Width::Fixed(20), |line: &AuditLine, ctx| {
        (line.action.clone(), ctx.theme.text())
    })
    .by(|a, b| a.action.cmp(&b.action)),
    Column::left("over.audit.subject", Width::Fixed(16), |line: &AuditLine, ctx| {
        (line.subject.clone(), ctx.theme.text())
    })
    .by(|a, b| a.subject.cmp(&b.subject)),
    Column::left("over.audit.detail", Width::Rest, |line: &AuditLine, ctx| {
        (line.detail.clone(), ctx.theme.muted())
    }),
    Column::left("over.audit.os_user", Width::WideOnly(10), |line: &AuditLine, ctx| {
        (line.os_user.clone(), ctx.theme.muted())
    }),
    Column::right("over.audit.seq", Width::WideOnly(9), |line: &AuditLine, ctx| {
        (format!("{}·{}", line.writer, line.seq), ctx.theme.muted())
    }),
];
