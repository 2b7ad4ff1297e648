//! The state of the tasks: which of them are listed, the window over them, and how messages change both.

use super::windows::{self, Topic};
use crate::domain::actor::Permission as May;
use crate::domain::id::TaskId;
use crate::domain::task::{TaskAbout, TaskKind, TaskState};
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Origin, Outcome, Subject, Ticket};
use crate::tui::form::window::Windows;
use crate::tui::requests::{Answer, Requests};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::rows::Rows;
use crate::usecase::command::{AssignTask, TaskRef};
use crate::usecase::model::task::TaskModel;
use crate::usecase::{Command, Error, Query, Receipt, Snapshot};

/// Tasks that are read at most; more are counted in the title.
const MOST: u32 = 200;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Opens what the task is about.
    Open,
    /// Calls the customer who complained.
    Call,
    /// Takes the task, or gives it back.
    Take,
    /// Gives it to somebody.
    Give,
    /// Corrects or answers a returned row.
    Correct,
    /// Closes it with a note.
    Close,
    /// Opens the one again that was just closed.
    Undo,
    /// The next list.
    Next,
    /// The list before.
    Before,
    /// Back to the screen before.
    Back,
    /// Saves the window.
    Save,
    /// Leaves the window.
    Leave,
}

/// Which tasks are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Open ones.
    Open,
    /// The person's own open ones.
    Mine,
    /// Closed ones.
    Closed,
}

impl Shown {
    /// Every list, in order.
    pub const ALL: [Self; 3] = [Self::Open, Self::Mine, Self::Closed];

    /// The locale key of its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "tasks.open",
            Self::Mine => "tasks.mine",
            Self::Closed => "tasks.closed",
        }
    }

    const fn query(self) -> Query {
        let (mine, state) = match self {
            Self::Open => (false, TaskState::Open),
            Self::Mine => (true, TaskState::Open),
            Self::Closed => (false, TaskState::Closed),
        };
        Query::Tasks { mine, state: Some(state), kind: None, offset: 0, limit: MOST }
    }

    fn turned(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|shown| *shown == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}

/// The only kind of load: the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnShow;

/// What a save is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Save {
    /// A command about the chosen task.
    Chosen,
    /// The window; it closes when the command is done.
    Window(TaskId),
    /// The facts of a task, to go where it is worked on.
    Whereabouts,
}

/// The screen.
#[derive(Clone, PartialEq)]
pub struct TasksScreen {
    requests: Requests<OnShow, Save>,
    pub(super) shown: Shown,
    pub(super) rows: Rows<TaskModel>,
    /// How many there are in all.
    pub(super) total: i64,
    pub(super) windows: Windows<Topic>,
    /// Who works here, for the keys that depend on it.
    me: Option<String>,
    /// The task that was just closed, and until when that can be taken back.
    pub(super) undo: Option<(TaskId, Timestamp)>,
}

impl Default for TasksScreen {
    fn default() -> Self {
        Self::new()
    }
}

impl TasksScreen {
    /// A screen that was not opened yet.
    pub const fn new() -> Self {
        Self {
            requests: Requests::new(Origin::Tasks),
            shown: Shown::Open,
            rows: Rows::new(super::columns::COLUMNS),
            total: 0,
            windows: Windows::new(),
            me: None,
            undo: None,
        }
    }

    /// Whether a command is in flight.
    pub(super) const fn is_saving(&self) -> bool {
        self.requests.is_saving()
    }

    /// The chosen task, while it is open.
    pub(super) fn chosen_open(&self) -> Option<&TaskModel> {
        self.rows.chosen().filter(|task| task.state == TaskState::Open)
    }

    /// Whether the chosen task is the person's own.
    pub(super) fn is_mine(&self) -> bool {
        let owner = self.rows.chosen().and_then(|task| task.owner.as_ref());
        owner.is_some_and(|owner| self.me.as_deref() == Some(owner.as_str()))
    }

    /// Reads the list when the tab is opened.
    pub(super) fn opened(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.me = Some(ctx.actor.staff.0.clone());
        self.load()
    }

    fn load(&mut self) -> Vec<Effect> {
        vec![self.requests.load(OnShow, self.shown.query())]
    }

    /// Reads the list again because it changed.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        self.requests.refresh(OnShow, self.shown.query()).into_iter().collect()
    }

    /// Forgets an undo whose time is over.
    pub(super) fn tick(&mut self, ctx: &Ctx) -> Vec<Effect> {
        self.undo.take_if(|(_, until)| *until < ctx.now);
        Vec::new()
    }

    fn save(&mut self, save: Save, command: Command) -> Vec<Effect> {
        let then = [self.shown.query()];
        vec![self.requests.save(save, command, then)]
    }

    /// Does the act of a key.
    pub(super) fn act(&mut self, act: Act) -> Vec<Effect> {
        match act {
            Act::Save => self.save_window(),
            Act::Leave => self.windows.leave().into_iter().collect(),
            Act::Next => self.turn(1),
            Act::Before => self.turn(Shown::ALL.len() - 1),
            Act::Back => vec![Effect::Back],
            Act::Undo => match self.undo {
                Some((task, _)) => self.save(Save::Chosen, Command::ReopenTask(TaskRef { task })),
                None => Vec::new(),
            },
            Act::Open | Act::Call | Act::Take | Act::Give | Act::Correct | Act::Close => {
                let Some(task) = self.rows.chosen().cloned() else { return Vec::new() };
                self.on_task(act, &task)
            }
        }
    }

    fn on_task(&mut self, act: Act, task: &TaskModel) -> Vec<Effect> {
        match act {
            Act::Open if task.about == TaskAbout::Register => vec![Effect::Show {
                title: Say::key("task.kind.register_expiring"),
                lines: vec![Say::key("tasks.register_how")],
                tone: Tone::Info,
            }],
            Act::Open => vec![self.requests.hold_for(Save::Whereabouts, Query::Task { task: task.task })],
            Act::Call => match task.about {
                TaskAbout::Matter(matter) => vec![Effect::Goto(Origin::Calls, Some(Subject::Matter(matter)))],
                TaskAbout::Customer(_)
                | TaskAbout::Registration(_)
                | TaskAbout::Case(_)
                | TaskAbout::Appointment(_)
                | TaskAbout::Register => Vec::new(),
            },
            Act::Take => {
                let nobody = self.is_mine();
                let command = AssignTask { nobody, ..AssignTask::to_me(task.task) };
                self.save(Save::Chosen, Command::AssignTask(command))
            }
            Act::Give => self.open(windows::give(task)),
            Act::Correct => self.open(windows::correct(task)),
            Act::Close => self.open(windows::close(task)),
            Act::Undo | Act::Next | Act::Before | Act::Back | Act::Save | Act::Leave => Vec::new(),
        }
    }

    fn turn(&mut self, by: usize) -> Vec<Effect> {
        self.shown = self.shown.turned(by);
        self.rows.forget();
        self.total = 0;
        self.load()
    }

    fn open(&mut self, window: windows::Window) -> Vec<Effect> {
        self.windows.open(window);
        Vec::new()
    }

    fn save_window(&mut self) -> Vec<Effect> {
        let Some(window) = self.windows.get_mut() else { return Vec::new() };
        let task = window.topic.task();
        match windows::command(window) {
            Some(command) => self.save(Save::Window(task), command),
            None => Vec::new(),
        }
    }

    /// Takes the answer to a question.
    pub(super) fn answered(&mut self, id: &str, yes: bool) -> Vec<Effect> {
        self.windows.answered(id, yes);
        Vec::new()
    }

    /// Takes a reply.
    pub(super) fn replied(&mut self, ticket: Ticket, outcome: Outcome, ctx: &Ctx) -> Vec<Effect> {
        let mut effects = Vec::new();
        match self.requests.take(ticket, outcome, &mut effects) {
            Some(Answer::Saved(Save::Whereabouts, Ok((_, snapshots)))) => {
                effects.extend(snapshots.iter().find_map(|snapshot| match snapshot {
                    Snapshot::Task(task) => Some(whereabouts(task, ctx)),
                    _ => None,
                }));
            }
            Some(Answer::Saved(save, Ok((receipt, snapshots)))) => {
                self.take_all(snapshots, ctx);
                effects.extend(receipt.and_then(|receipt| self.saved(save, &receipt, ctx)).map(Effect::ok));
            }
            Some(Answer::Saved(save, Err(error))) => {
                if let (Save::Window(_), Some(window), Error::Refused(refusal)) =
                    (save, self.windows.get_mut(), &error)
                {
                    window.refuse(refusal);
                }
                effects.push(Effect::failed(&error));
            }
            Some(Answer::Loaded(OnShow, Ok((_, snapshots)))) => self.take_all(snapshots, ctx),
            Some(Answer::Loaded(OnShow, Err(error))) => {
                effects.push(Effect::failed(&error));
                self.rows.fail(error);
            }
            None => {}
        }
        effects
    }

    /// What was done, in a sentence.
    fn saved(&mut self, save: Save, receipt: &Receipt, ctx: &Ctx) -> Option<Say> {
        let window = match save {
            Save::Window(task) => {
                self.windows.close();
                Some(task)
            }
            Save::Chosen | Save::Whereabouts => None,
        };
        Some(match receipt {
            Receipt::TaskAssigned { owner: Some(owner) } => {
                Say::key("tasks.say.assigned").with("owner", owner)
            }
            Receipt::TaskAssigned { owner: None } => Say::key("tasks.say.given_back"),
            Receipt::TaskClosed {} => {
                let seconds = ctx.campaign.limits_on(ctx.now.date()).contact.undo_seconds;
                self.undo = window.map(|task| (task, ctx.now.plus_ms(seconds * 1000)));
                Say::key("tasks.say.closed")
            }
            Receipt::TaskReopened {} => {
                self.undo = None;
                Say::key("tasks.say.reopened")
            }
            Receipt::RegistrationCorrected {} => Say::key("tasks.say.corrected"),
            _ => return None,
        })
    }

    fn take_all(&mut self, snapshots: Vec<Snapshot>, ctx: &Ctx) {
        for snapshot in snapshots {
            if let Snapshot::Tasks(page) = snapshot {
                self.total = page.total;
                self.rows.take(page.tasks, ctx);
            }
        }
    }
}

/// Where a task is worked on: the customer's page for MobiFone, the case for Vinmec.
fn whereabouts(task: &TaskModel, ctx: &Ctx) -> Effect {
    let role = ctx.actor.role;
    if let Some(case) = task.case.filter(|_| role.may(May::SeeCases)) {
        return Effect::Goto(Origin::Schedule, Some(Subject::Case(case)));
    }
    match &task.phone {
        Some(phone) if role.may(May::SeeCustomers) => {
            Effect::Goto(Origin::Register, Some(Subject::Phone(phone.clone())))
        }
        Some(_) | None => Effect::Notice(Tone::Info, Say::key("tasks.say.nowhere")),
    }
}

/// Whether a task may be answered by correcting its registration.
pub(super) fn is_returned(task: &TaskModel) -> bool {
    task.kind == TaskKind::HandoverReturned
}
