//! The columns of the list of tasks.

use crate::domain::id::TaskId;
use crate::domain::name::sort_key;
use crate::domain::task::TaskState;
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::age::age;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Width};
use crate::usecase::model::task::TaskModel;
use ratatui::style::Style;

impl Keyed for TaskModel {
    type Key = TaskId;

    fn key(&self) -> TaskId {
        self.task
    }
}

/// The texts in place of rows.
pub const BLANK: Blank = Blank { loading: "tasks.loading", empty: "tasks.empty" };

/// Its columns.
pub const COLUMNS: &[Column<TaskModel>] = &[
    Column::left("tasks.col.due", Width::Fixed(17), due).by(|a, b| a.due_at.cmp(&b.due_at)),
    Column::left("tasks.col.kind", Width::Fixed(22), |task: &TaskModel, ctx| {
        (task.kind.label(ctx.lang), ctx.theme.strong())
    })
    .by(|a, b| a.kind.cmp(&b.kind)),
    Column::left("tasks.col.whom", Width::Rest, |task: &TaskModel, ctx| (whom(task), ctx.theme.text()))
        .by(|a, b| by_name(a).cmp(&by_name(b))),
    Column::left("tasks.col.note", Width::WideRest, |task: &TaskModel, ctx| {
        (one_line(task.note.as_deref()), ctx.theme.muted())
    }),
    Column::left("tasks.col.owner", Width::Fixed(12), |task: &TaskModel, ctx| match &task.owner {
        Some(owner) => (owner.to_string(), ctx.theme.text()),
        None => (word("tasks.nobody", ctx.lang), ctx.theme.muted()),
    })
    .by(|a, b| a.owner.cmp(&b.owner)),
];

/// People by given name; tasks about nobody come first.
fn by_name(task: &TaskModel) -> Option<String> {
    task.name.as_deref().map(sort_key)
}

/// Whom a task concerns.
pub fn whom(task: &TaskModel) -> String {
    task.name.clone().unwrap_or_else(|| "–".to_owned())
}

/// When it is due, or since when it is closed.
fn due(task: &TaskModel, ctx: &Ctx) -> (String, Style) {
    if let (TaskState::Closed, Some(at)) = (task.state, task.closed_at) {
        return (format!("✓ {}", at.dm_hm()), ctx.theme.muted());
    }
    let left = task.due_at.since(ctx.now);
    if left < 0 {
        let late = Say::key("tasks.late").with("age", age(-left, ctx.lang)).text(ctx.lang);
        return (format!("⚠ {late}"), ctx.theme.tone(Tone::Warn));
    }
    (Say::key("tasks.left").with("age", age(left, ctx.lang)).text(ctx.lang), ctx.theme.text())
}

fn one_line(text: Option<&str>) -> String {
    text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}
