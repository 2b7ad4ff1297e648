//! The windows over the tasks: giving one to somebody, closing one with a note, and the answer to a returned row.

use crate::domain::id::{RegistrationId, StaffId, TaskId};
use crate::domain::task::{TaskAbout, TaskKind};
use crate::tui::field::{Field, Kind};
use crate::tui::form::Form;
use crate::tui::form::window::FormWindow;
use crate::tui::say::Say;
use crate::usecase::Command;
use crate::usecase::command::{
    AfterComplaint, AssignTask, CloseTask, CorrectRegistration, GivenRepresentative, Patient,
};
use crate::usecase::model::task::TaskModel;
use std::ops::RangeInclusive;

const STAFF: &str = "staff";
const NOTE: &str = "note";
const THEN: &str = "then";
const NAME: &str = "name";
const PHONE: &str = "phone";
const PATIENT: &str = "patient";
const BIRTH_YEAR: &str = "birth_year";
const REPRESENTATIVE: &str = "representative";

/// Birth years that can be typed; the rule knows which are possible.
const YEARS: RangeInclusive<i64> = 1900..=2100;
/// Longest note, in graphemes.
const MOST_NOTE: usize = 500;

/// The topic of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// To whom.
    Give(TaskId),
    /// What was done.
    Close(TaskId),
    /// The answer to a returned row.
    Correct(TaskId, RegistrationId),
}

impl Topic {
    /// The task.
    pub const fn task(self) -> TaskId {
        match self {
            Self::Give(task) | Self::Close(task) | Self::Correct(task, _) => task,
        }
    }
}

/// A window over the tasks.
pub type Window = FormWindow<Topic>;

fn about(task: &TaskModel) -> String {
    let parts = [task.name.clone(), task.phone_masked.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// To whom a task is given.
pub fn give(task: &TaskModel) -> Window {
    let form = Form::new().field(STAFF, "tasks.popup.staff", Field::new(Kind::Text).max(32));
    FormWindow::new(Topic::Give(task.task), Say::key("tasks.popup.give"), form)
        .help(Say::key("tasks.popup.give_help"))
        .whom(about(task))
}

/// What was done about a task.
pub fn close(task: &TaskModel) -> Window {
    let note = Field::new(Kind::Text).max(MOST_NOTE).placeholder("tasks.popup.note_hint");
    let mut form = Form::new().field(NOTE, "tasks.popup.note", note);
    if task.kind == TaskKind::Complaint && matches!(task.about, TaskAbout::Matter(_)) {
        form = form.choice(THEN, "tasks.popup.then", &["tasks.popup.then_stop", "tasks.popup.then_resume"]);
        form.choose(THEN, 0);
    }
    FormWindow::new(Topic::Close(task.task), Say::key("tasks.popup.close"), form)
        .help(Say::key("tasks.popup.close_help"))
        .whom(about(task))
}

/// The answer to a returned row: what was wrong, and the note that goes back with it.
pub fn correct(task: &TaskModel) -> Window {
    let name = Field::new(Kind::Text).max(100).holding(task.name.as_deref().unwrap_or_default());
    let phone = Field::new(Kind::Phone).placeholder("tasks.popup.phone_hint");
    let text = |hint| Field::new(Kind::Text).max(100).placeholder(hint);
    let note = Field::new(Kind::Text).max(200).placeholder("tasks.popup.answer_hint");
    let form = Form::new()
        .field(NAME, "tasks.popup.name", name)
        .field(PHONE, "tasks.popup.phone", phone)
        .field(PATIENT, "tasks.popup.patient", text("tasks.popup.patient_hint"))
        .field(BIRTH_YEAR, "tasks.popup.birth_year", Field::new(Kind::Digits).max(4))
        .field(REPRESENTATIVE, "tasks.popup.representative", text("tasks.popup.representative_hint"))
        .field(NOTE, "tasks.popup.answer", note);
    let registration = RegistrationId(task.about.id());
    let help = Say::key("tasks.popup.correct_help").with("reason", task.note.as_deref().unwrap_or("–"));
    FormWindow::new(Topic::Correct(task.task, registration), Say::key("tasks.popup.correct"), form)
        .help(help)
        .whom(about(task))
}

/// Whether anything was typed about the patient.
fn names_patient(window: &Window) -> bool {
    [PATIENT, BIRTH_YEAR, REPRESENTATIVE].iter().any(|id| window.form.value(id).is_some())
}

/// The patient as corrected; without a name it is the customer. None when the year is missing.
fn patient(window: &mut Window) -> Option<Patient> {
    let birth_year = i32::try_from(window.number(BIRTH_YEAR, YEARS)?).ok()?;
    let form = &window.form;
    let name = form.value(PATIENT).or_else(|| form.value(NAME)).unwrap_or_default();
    let representative = form.value(REPRESENTATIVE).map(GivenRepresentative::Text);
    Some(Patient { name, birth_year, representative, agrees: None })
}

/// The command of a window. None when an item is missing; the item is then marked.
pub fn command(window: &mut Window) -> Option<Command> {
    window.form.clear_errors();
    match window.topic {
        Topic::Give(task) => {
            let staff = Some(StaffId(window.required(STAFF)?));
            Some(Command::AssignTask(AssignTask { task, staff, nobody: false }))
        }
        Topic::Close(task) => {
            let note = window.required(NOTE)?;
            let then = window.form.chosen(THEN).map(|at| match at {
                0 => AfterComplaint::Stop,
                _ => AfterComplaint::Resume,
            });
            Some(Command::CloseTask(CloseTask { task, note, then }))
        }
        Topic::Correct(_, registration) => {
            let note = window.required(NOTE);
            let (name, phone) = (window.form.value(NAME), window.form.value(PHONE));
            let patient = if names_patient(window) { Some(patient(window)) } else { None };
            let (note, patient) = match patient {
                Some(patient) => (Some(note?), Some(patient?)),
                None => (Some(note?), None),
            };
            Some(Command::CorrectRegistration(CorrectRegistration {
                registration,
                name,
                phone,
                patient,
                note,
            }))
        }
    }
}
