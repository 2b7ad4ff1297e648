//! The keys of the tasks.

use super::state::{Act, TasksScreen, is_returned};
use crate::domain::actor::Permission as May;
use crate::domain::task::{TaskAbout, TaskKind, TaskState};
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{Binding, ELSEWHERE, Enabled};

const POPUP: &str = "tasks_popup";
const TASKS: &str = "tasks";

const ENTER: &[Key] = &[Key::plain(KeyCode::Enter)];
const ESC: &[Key] = &[Key::plain(KeyCode::Esc)];
const NEXT: &[Key] = &[Key::plain(KeyCode::Right), Key::plain(KeyCode::Tab)];
const BEFORE: &[Key] = &[Key::plain(KeyCode::Left), Key::plain(KeyCode::Tab).with_shift()];

type Row = Binding<Act, TasksScreen>;

const fn row(place: &'static str, id: &'static str, keys: &'static [Key], act: Act) -> Row {
    Binding::new(place, id, keys, act)
}

const fn here(yes: bool) -> Enabled {
    if yes { Ok(()) } else { Err(ELSEWHERE) }
}

const fn in_form(s: &TasksScreen) -> Enabled {
    here(s.windows.is_open())
}

fn on_list(s: &TasksScreen) -> Enabled {
    here(!s.windows.is_open())?;
    if s.rows.field().is_some() { Err("list.why.filtered") } else { Ok(()) }
}

fn has_task(s: &TasksScreen) -> Enabled {
    on_list(s)?;
    if s.rows.chosen().is_some() { Ok(()) } else { Err("tasks.why.none") }
}

fn has_open(s: &TasksScreen) -> Enabled {
    has_task(s)?;
    if s.chosen_open().is_some() { Ok(()) } else { Err("tasks.why.closed") }
}

fn is_complaint(s: &TasksScreen) -> Enabled {
    has_open(s)?;
    let task = s.chosen_open().filter(|task| task.kind == TaskKind::Complaint);
    match task.map(|task| task.about) {
        Some(TaskAbout::Matter(_)) => Ok(()),
        Some(_) | None => Err("tasks.why.no_call"),
    }
}

fn can_correct(s: &TasksScreen) -> Enabled {
    has_open(s)?;
    if s.chosen_open().is_some_and(is_returned) { Ok(()) } else { Err("tasks.why.not_returned") }
}

fn can_close(s: &TasksScreen) -> Enabled {
    has_open(s)?;
    if s.chosen_open().is_some_and(|task| task.kind.closes_by_note()) {
        Ok(())
    } else {
        Err("tasks.why.by_doing")
    }
}

fn can_undo(s: &TasksScreen) -> Enabled {
    on_list(s)?;
    if s.undo.is_some() { Ok(()) } else { Err("tasks.why.no_undo") }
}

/// The words of giving a task back, while it is the person's own.
fn taken(s: &TasksScreen) -> Option<&'static str> {
    let open = s.rows.chosen().is_some_and(|task| task.state == TaskState::Open);
    (open && s.is_mine()).then_some("tasks.give_back")
}

/// The key table.
pub const BINDINGS: &[Row] = &[
    row(POPUP, "tasks.popup_save", ENTER, Act::Save).when(in_form),
    row(POPUP, "tasks.popup_close", ESC, Act::Leave).when(in_form),
    row(TASKS, "tasks.open", ENTER, Act::Open).when(has_task),
    row(TASKS, "tasks.take", &[Key::char('n')], Act::Take).when(has_open).named(taken),
    row(TASKS, "tasks.correct", &[Key::char('s')], Act::Correct)
        .when(can_correct)
        .needs(May::CorrectRegistration),
    row(TASKS, "tasks.close", &[Key::char('d')], Act::Close).when(can_close),
    row(TASKS, "tasks.call", &[Key::char('g')], Act::Call).when(is_complaint).needs(May::CallOffers),
    row(TASKS, "tasks.give", &[Key::char('o')], Act::Give).when(has_open).needs(May::ManageStaff),
    row(TASKS, "tasks.undo", &[Key::char('u')], Act::Undo).when(can_undo),
    row(TASKS, "tasks.next", NEXT, Act::Next).when(on_list).quiet(),
    row(TASKS, "tasks.before", BEFORE, Act::Before).when(on_list).quiet(),
    row(TASKS, "tasks.back", ESC, Act::Back).when(on_list),
];
