//! The chosen task in full, below the list: whom it concerns, since when, until when, and what people wrote.

use super::columns::whom;
use crate::domain::task::{TaskAbout, TaskState};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::widgets::pane;
use crate::usecase::model::task::TaskModel;
use ratatui::text::Line;

/// Columns of a label.
const LABEL: usize = 10;
/// Text is broken here at most.
const MOST_COLUMNS: u16 = 100;

/// Its lines at `width` columns.
pub fn lines(task: &TaskModel, width: u16, ctx: &Ctx) -> Vec<Line<'static>> {
    let (theme, lang) = (ctx.theme, ctx.lang);
    let width = width.min(MOST_COLUMNS);
    let fact = |key, value: String| pane::fact(theme, &word(key, lang), LABEL, value);
    let phone = task.phone_masked.as_ref().map(|phone| format!(" · {phone}")).unwrap_or_default();
    let mut found = vec![
        fact("tasks.detail.whom", format!("{}{phone}{}", whom(task), about(task, ctx))),
        fact("tasks.detail.since", opened(task, ctx)),
    ];
    let owner = task.owner.as_ref().map_or_else(|| word("tasks.nobody", lang), ToString::to_string);
    match (task.state, task.closed_at, &task.closed_by) {
        (TaskState::Closed, Some(at), Some(by)) => found.push(fact(
            "tasks.detail.closed",
            Say::key("tasks.detail.by").with("at", at.dmy_hm()).with("who", by).text(lang),
        )),
        (_, _, _) => found.push(fact("tasks.detail.due", format!("{} · {owner}", task.due_at.dmy_hm()))),
    }
    let texts = [("tasks.detail.note", &task.note), ("tasks.detail.closing", &task.closing_note)];
    for (key, text) in texts {
        let Some(text) = text else { continue };
        let room = width.saturating_sub(LABEL as u16 + 1);
        let mut prose = pane::prose(text, room, theme.text()).into_iter();
        let first = prose.next().map(|line| line.to_string()).unwrap_or_default();
        found.push(fact(key, first));
        found.extend(prose.map(|line| pane::fact(theme, "", LABEL, line.to_string())));
    }
    if task.state == TaskState::Open {
        let hint = word(&format!("tasks.do.{}", task.kind.code()), lang);
        found.extend(pane::prose(&hint, width, theme.muted()));
    }
    found
}

/// When it was opened, and by whom where a person asked for it.
fn opened(task: &TaskModel, ctx: &Ctx) -> String {
    let at = task.opened_at.dmy_hm();
    if !task.kind.is_opened_by_a_person() {
        return at;
    }
    Say::key("tasks.detail.by").with("at", at).with("who", &task.opened_by).text(ctx.lang)
}

/// The thing that it is about, where that says more than the person does.
fn about(task: &TaskModel, ctx: &Ctx) -> String {
    let key = match task.about {
        TaskAbout::Registration(_) => "tasks.about.registration",
        TaskAbout::Case(_) => "tasks.about.case",
        TaskAbout::Appointment(_) => "tasks.about.appointment",
        TaskAbout::Customer(_) | TaskAbout::Matter(_) | TaskAbout::Register => return String::new(),
    };
    format!(" · {}", Say::key(key).with("id", task.about.id()).text(ctx.lang))
}
