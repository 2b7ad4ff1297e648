//! Commands on tasks.

use crate::domain::id::{StaffId, TaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Gives a task to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignTask {
    /// Which.
    pub task: TaskId,
    /// To whom; by default to the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffId>,
    /// To nobody: it waits for the whole role again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nobody: bool,
}

impl AssignTask {
    /// The actor takes it.
    pub const fn to_me(task: TaskId) -> Self {
        Self { task, staff: None, nobody: false }
    }
}

/// What becomes of the customer of a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterComplaint {
    /// They are not called again about this.
    #[default]
    Stop,
    /// They wait for a call again, under all contact rules.
    Resume,
}

/// Closes a task with a note on what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseTask {
    /// Which.
    pub task: TaskId,
    /// What was done.
    pub note: String,
    /// What becomes of a customer whose calls a complaint holds; default: no call again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<AfterComplaint>,
}

/// Names a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskRef {
    /// Which.
    pub task: TaskId,
}
