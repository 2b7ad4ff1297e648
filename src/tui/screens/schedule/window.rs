//! The windows of the schedule: the fields of each topic, and the command that they make.

use crate::domain::consent::ConsentParty;
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, CaseId, DoctorId, RegistrationId};
use crate::domain::time::Timestamp;
use crate::domain::triage::ReviewVerdict;
use crate::tui::applicant;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::window::FormWindow;
use crate::tui::form::{Control, Form};
use crate::tui::say::Say;
use crate::usecase::command::{
    AddDoctor, AddShift, CancelAppointment, CancelledBy, Command, Outcome, RecordBirthYear, RecordConsent,
    RecordResult, ReviewScreening,
};
use crate::usecase::model::case::AppointmentLine;
use chrono::NaiveDate;

/// The topic of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Cancel an appointment.
    Cancel(AppointmentId),
    /// The result of an appointment.
    Result {
        /// The appointment.
        appointment: AppointmentId,
        /// Its start.
        starts_at: Timestamp,
    },
    /// Return a batch row.
    Return(RegistrationId),
    /// A new doctor.
    Doctor,
    /// Hours of a doctor.
    Shift(DoctorId),
    /// The patient's birth year.
    BirthYear {
        /// The case.
        case: CaseId,
        /// Whether a representative is on record.
        is_spoken_for: bool,
    },
    /// The own answer of one who must agree.
    Consent {
        /// The case.
        case: CaseId,
        /// Who answers.
        party: ConsentParty,
    },
    /// What was wrong with a screening.
    Review(CaseId),
}

/// A window of this screen.
pub type Window = FormWindow<Topic>;

/// The window of a cancellation: who cancels the appointment and why.
pub fn cancel(line: &AppointmentLine) -> Window {
    let form = Form::new()
        .choice("by", "schedule.field.by", &["schedule.by.customer", "schedule.by.vinmec"])
        .field("reason", "schedule.field.reason", Field::new(Kind::Text).max(200));
    FormWindow::new(Topic::Cancel(line.appointment), Say::key("schedule.popup.cancel"), form).whom(whom(line))
}

/// The window of an appointment's result; known times are filled in.
pub fn result(line: &AppointmentLine, now: Timestamp) -> Window {
    let started = line.started_at.unwrap_or_else(|| line.starts_at.min(now));
    let outcomes =
        ["schedule.outcome.done", "schedule.outcome.no_show_customer", "schedule.outcome.no_show_doctor"];
    let time = |at: Timestamp| Field::new(Kind::Time).holding(&at.hm());
    let mut form = Form::new()
        .choice("outcome", "schedule.field.outcome", &outcomes)
        .field("started_at", "schedule.field.started_at", time(started))
        .field("ended_at", "schedule.field.ended_at", time(now.max(started)))
        .tick("in_person_advised", "schedule.field.in_person")
        .field("summary", "schedule.field.summary", Field::new(Kind::Note).max(500));
    form.choose("outcome", 0);
    let topic = Topic::Result { appointment: line.appointment, starts_at: line.starts_at };
    FormWindow::new(topic, Say::key("schedule.popup.result"), form).whom(whom(line))
}

/// The window of a returned batch row: the reason.
pub fn give_back(registration: RegistrationId, name: &str) -> Window {
    let form = Form::new().field("reason", "schedule.field.reason", Field::new(Kind::Text).max(200));
    FormWindow::new(Topic::Return(registration), Say::key("schedule.popup.return"), form)
        .whom(name)
        .help(Say::key("schedule.popup.return_help"))
}

/// A new doctor.
pub fn doctor() -> Window {
    let titles = Field::new(Kind::Text).placeholder("schedule.titles_placeholder");
    let mut form = Form::new()
        .field("name", "schedule.field.name", Field::new(Kind::Text))
        .field("titles", "schedule.field.titles", titles)
        .field("licence", "schedule.field.licence", Field::new(Kind::Text).max(40));
    for department in Department::ALL {
        form = form.item(department.code(), Say::key(department_key(department)), Control::Tick(false));
    }
    FormWindow::new(Topic::Doctor, Say::key("schedule.popup.doctor"), form)
}

/// Hours of a doctor on a day.
pub fn shift(doctor: DoctorId, name: &str, date: NaiveDate) -> Window {
    let date = Timestamp::start_of(date).dmy();
    let form = Form::new()
        .field("date", "schedule.field.date", Field::new(Kind::Date).holding(&date))
        .field("from", "schedule.field.from", Field::new(Kind::Time).holding("08:00"))
        .field("to", "schedule.field.to", Field::new(Kind::Time).holding("12:00"));
    FormWindow::new(Topic::Shift(doctor), Say::key("schedule.popup.shift"), form).whom(name)
}

/// The command of a window. None when a field is missing or wrong, which is then marked; and none for a batch row,
/// which is returned when its batch is accepted.
pub fn command(window: &mut Window, ctx: &Ctx) -> Option<Command> {
    window.form.clear_errors();
    match window.topic {
        Topic::Return(_) => None,
        Topic::Cancel(appointment) => {
            let (by, reason) = (window.chosen("by"), window.required("reason"));
            let (by, reason) = (by?, reason?);
            let by = if by == 0 { CancelledBy::Customer } else { CancelledBy::Vinmec };
            Some(Command::CancelAppointment(CancelAppointment { appointment, by, reason }))
        }
        Topic::Result { appointment, starts_at } => result_command(window, appointment, starts_at, ctx.now),
        Topic::Doctor => {
            let (name, titles) = (window.required("name"), window.required("titles"));
            let licence = window.required("licence");
            let ticked = |department: &Department| window.form.ticked(department.code());
            let departments: Vec<Department> = Department::ALL.into_iter().filter(ticked).collect();
            if departments.is_empty() {
                let first = Department::ALL.first().map_or("", |department| department.code());
                window.form.set_error(first, Say::key("schedule.why.no_department"));
                return None;
            }
            let (name, titles, licence) = (name?, titles?, licence?);
            Some(Command::AddDoctor(AddDoctor { name, titles, licence, departments }))
        }
        Topic::Shift(doctor) => {
            let date = window.date("date");
            let day = date.unwrap_or_else(|| ctx.now.date());
            let (from, to) = (window.time("from", day), window.time("to", day));
            let (_, from, to) = (date?, from?, to?);
            Some(Command::AddShift(AddShift { doctor, from, to }))
        }
        Topic::BirthYear { case, is_spoken_for } => birth_year_command(window, case, is_spoken_for, ctx),
        Topic::Consent { case, party } => consent_command(window, case, party),
        Topic::Review(case) => review_command(window, case),
    }
}

/// The command of the window of the birth year. None when something is missing, which is then marked.
fn birth_year_command(window: &mut Window, case: CaseId, is_spoken_for: bool, ctx: &Ctx) -> Option<Command> {
    let (birth_year, representative) = applicant::asked_year(&mut window.form, is_spoken_for, ctx)?;
    Some(Command::RecordBirthYear(RecordBirthYear { case, birth_year, representative }))
}

/// The command of the window of a consent. None when no answer is chosen, which is then marked.
fn consent_command(window: &mut Window, case: CaseId, party: ConsentParty) -> Option<Command> {
    let given = window.chosen("given")? == 0;
    let spoken_by = window.form.value("spoken_by");
    Some(Command::RecordConsent(RecordConsent { case, party, given, spoken_by }))
}

/// The command of the window of a review. None when no verdict is chosen, which is then marked.
fn review_command(window: &mut Window, case: CaseId) -> Option<Command> {
    let verdict = *ReviewVerdict::ALL.get(window.chosen("verdict")?)?;
    let note = window.form.value("note");
    Some(Command::ReviewScreening(ReviewScreening { case, verdict, note }))
}

/// The command that records a consultation with its times and a summary.
fn result_command(
    window: &mut Window,
    appointment: AppointmentId,
    starts_at: Timestamp,
    now: Timestamp,
) -> Option<Command> {
    let outcome = match window.chosen("outcome")? {
        0 => Outcome::Done,
        1 => Outcome::NoShowCustomer,
        _ => Outcome::NoShowDoctor,
    };
    if outcome == Outcome::NoShowCustomer && now < starts_at {
        window.form.set_error("outcome", too_early(starts_at));
        return None;
    }
    let date = starts_at.date();
    if outcome != Outcome::Done {
        return Some(Command::RecordResult(missed(appointment, outcome)));
    }
    let (started_at, ended_at) = (window.time("started_at", date), window.time("ended_at", date));
    let summary = window.required("summary");
    let (started_at, ended_at, summary) = (started_at?, ended_at?, summary?);
    Some(Command::RecordResult(RecordResult {
        started_at: Some(started_at),
        ended_at: Some(ended_at),
        summary: Some(summary),
        in_person_advised: Some(window.form.ticked("in_person_advised")),
        ..missed(appointment, outcome)
    }))
}

/// The command that records a consultation that did not take place.
pub const fn missed(appointment: AppointmentId, outcome: Outcome) -> RecordResult {
    RecordResult {
        appointment,
        outcome,
        started_at: None,
        ended_at: None,
        summary: None,
        in_person_advised: None,
    }
}

/// The refusal of a no-show before the appointment begins.
pub fn too_early(starts_at: Timestamp) -> Say {
    Say::key("schedule.why.not_begun").with("time", starts_at.dm_hm())
}

/// The text with patient, time and doctor of an appointment.
pub fn whom(line: &AppointmentLine) -> String {
    format!("{} · {} · {}", line.patient, line.starts_at.dm_hm(), line.doctor_name)
}

/// The locale key of a department's name.
pub const fn department_key(department: Department) -> &'static str {
    match department {
        Department::NoiTongHop => "department.noi_tong_hop",
        Department::ChanDoanHinhAnh => "department.chan_doan_hinh_anh",
        Department::XetNghiem => "department.xet_nghiem",
        Department::NgoaiTongHop => "department.ngoai_tong_hop",
        Department::San => "department.san",
        Department::Nhi => "department.nhi",
    }
}
