//! Runs `tongdai task`: what waits for the acting staff member and their role.

use super::fail::Failure;
use super::session::Session;
use crate::domain::id::{StaffId, TaskId};
use crate::domain::task::TaskState;
use crate::usecase::command::{AssignTask, CloseTask};
use crate::usecase::model::audit::subject_words;
use crate::usecase::model::task::TaskModel;
use crate::usecase::{Command, Query, Snapshot};

/// Tasks that are listed at most; the last line says how many there are.
const MOST: u32 = 200;

/// Lists open tasks by their time, or closed ones latest first.
pub fn list(session: &Session, mine: bool, closed: bool) -> Result<(), Failure> {
    let door = session.open()?;
    let state = Some(if closed { TaskState::Closed } else { TaskState::Open });
    let snapshot = session.query(&door, Query::Tasks { mine, state, kind: None, offset: 0, limit: MOST })?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    if let Snapshot::Tasks(page) = snapshot {
        for task in &page.tasks {
            session.out.line(&line(session, task))?;
        }
        let facts = [("shown", page.tasks.len().to_string()), ("total", page.total.to_string())];
        let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        session.out.line(&session.say("cli.result.tasks", &facts))?;
    }
    Ok(())
}

fn line(session: &Session, task: &TaskModel) -> String {
    let at = task.closed_at.unwrap_or(task.due_at).dmy_hm();
    let owner = task.owner.as_ref().map_or("–", StaffId::as_str);
    let name = task.name.as_deref().unwrap_or("–");
    let kind = task.kind.label(session.lang);
    format!("{:>5}  {at}  {kind:<22} {name:<24} {owner}", task.task)
}

/// Shows one task in full.
pub fn show(session: &Session, task: i64) -> Result<(), Failure> {
    let door = session.open()?;
    let snapshot = session.query(&door, Query::Task { task: TaskId(task) })?;
    if session.global.json {
        return session.out.json(&snapshot);
    }
    if let Snapshot::Task(task) = snapshot {
        session.out.line(&line(session, &task))?;
        let fact = |key: &str, value: Option<&str>| match value {
            Some(value) => session.out.line(&format!("{:<12} {value}", session.say(key, &[]))),
            None => Ok(()),
        };
        fact("tasks.detail.about", Some(&subject_words(&task.about.subject(), session.lang)))?;
        fact("tasks.detail.phone", task.phone_masked.as_deref())?;
        let at = task.opened_at.dmy_hm();
        let opened =
            if task.kind.is_opened_by_a_person() { format!("{at} · {}", task.opened_by) } else { at };
        fact("tasks.detail.since", Some(&opened))?;
        fact("tasks.detail.note", task.note.as_deref())?;
        let closed = task.closed_at.zip(task.closed_by).map(|(at, by)| format!("{} · {by}", at.dmy_hm()));
        fact("tasks.detail.closed", closed.as_deref())?;
        fact("tasks.detail.closing", task.closing_note.as_deref())?;
    }
    Ok(())
}

/// Gives one to somebody.
pub fn assign(session: &Session, task: i64, staff: String) -> Result<(), Failure> {
    let door = session.open()?;
    let sentence = session.say("cli.result.task_assigned", &[("task", &task.to_string()), ("staff", &staff)]);
    let command = AssignTask { task: TaskId(task), staff: Some(StaffId(staff)), nobody: false };
    let receipt = session.execute(&door, Command::AssignTask(command))?;
    session.done(&receipt, &sentence)
}

/// Closes one with a note.
pub fn close(session: &Session, task: i64, note: String) -> Result<(), Failure> {
    let door = session.open()?;
    let command = CloseTask { task: TaskId(task), note, then: None };
    let receipt = session.execute(&door, Command::CloseTask(command))?;
    session.done(&receipt, &session.say("cli.result.task_closed", &[("task", &task.to_string())]))
}
