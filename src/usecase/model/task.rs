//! Tasks as people see them.

use crate::domain::actor::Role;
use crate::domain::id::{CaseId, StaffId, TaskId};
use crate::domain::task::{TaskAbout, TaskKind, TaskState};
use crate::domain::time::Timestamp;
use serde::Serialize;

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskModel {
    /// Which.
    pub task: TaskId,
    /// Why somebody is needed.
    pub kind: TaskKind,
    /// What it is about.
    pub about: TaskAbout,
    /// The role that it is for.
    pub role: Role,
    /// Where it stands.
    pub state: TaskState,
    /// Who took it.
    pub owner: Option<StaffId>,
    /// When it is due.
    pub due_at: Timestamp,
    /// The customer it concerns.
    pub name: Option<String>,
    /// Their number, masked.
    pub phone_masked: Option<String>,
    /// Their number (E.164), for roles that see customers; one task alone carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Their case, for roles that see cases; one task alone carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// What its opener wrote.
    pub note: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: StaffId,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// By whom.
    pub closed_by: Option<StaffId>,
    /// What the closer wrote; none when it was closed by doing it.
    pub closing_note: Option<String>,
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskPage {
    /// Open ones by their time, closed ones latest first.
    pub tasks: Vec<TaskModel>,
    /// How many there are in all, counted up to 10 000.
    pub total: i64,
    /// The first of this page, from 0.
    pub offset: i64,
}

/// How many tasks wait for the actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct TaskCount {
    /// Open ones, counted up to 1 000.
    pub open: i64,
    /// Those past their time.
    pub overdue: i64,
}
