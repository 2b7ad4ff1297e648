//! The small windows of the screen: each is a form with what it is about. Submitting makes a command or blames
//! the field that is missing; a refusal leaves the form as it is.

use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, DoctorId, RegistrationId};
use crate::domain::time::Timestamp;
use crate::tui::field::{Field, Kind};
use crate::tui::form::{Control, Form};
use crate::tui::say::Say;
use crate::usecase::command::{
    AddDoctor, AddShift, CancelAppointment, CancelledBy, Command, Outcome, RecordResult,
};
use crate::usecase::model::case::AppointmentLine;
use chrono::NaiveDate;

/// What a window is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// Cancel an appointment.
    Cancel(AppointmentId),
    /// The result of an appointment.
    Result(AppointmentId),
    /// Send a batch row back.
    Return(RegistrationId),
    /// A new doctor.
    Doctor,
    /// Hours of a doctor.
    Shift(DoctorId),
    /// A whole number, looked at once; looking was audited.
    Phone(String),
}

/// A window.
#[derive(Debug, Clone, PartialEq)]
pub struct Popup {
    /// What it is about.
    pub about: About,
    /// Its title.
    pub title: Say,
    /// Whom it is about, for the line under the title.
    pub whom: String,
    /// Its fields.
    pub form: Form,
}

impl Popup {
    /// Who cancels an appointment and why.
    pub fn cancel(line: &AppointmentLine) -> Self {
        let form = Form::new()
            .choice("by", "schedule.field.by", &["schedule.by.customer", "schedule.by.vinmec"])
            .field("reason", "schedule.field.reason", Field::new(Kind::Text).max(200));
        Self::new(About::Cancel(line.appointment), "schedule.popup.cancel", &whom(line), form)
    }

    /// What came of an appointment; times are filled in from what is known.
    pub fn result(line: &AppointmentLine, now: Timestamp) -> Self {
        let started = line.started_at.unwrap_or(line.starts_at);
        let mut form = Form::new()
            .choice(
                "outcome",
                "schedule.field.outcome",
                &[
                    "schedule.outcome.done",
                    "schedule.outcome.no_show_customer",
                    "schedule.outcome.no_show_doctor",
                ],
            )
            .field("started_at", "schedule.field.started_at", Field::new(Kind::Time).holding(&started.hm()))
            .field(
                "ended_at",
                "schedule.field.ended_at",
                Field::new(Kind::Time).holding(&now.max(started).hm()),
            )
            .tick("in_person_advised", "schedule.field.in_person")
            .field("summary", "schedule.field.summary", Field::new(Kind::Note).max(500));
        form.choose("outcome", 0);
        Self::new(About::Result(line.appointment), "schedule.popup.result", &whom(line), form)
    }

    /// Why a batch row goes back.
    pub fn give_back(registration: RegistrationId, name: &str) -> Self {
        let form = Form::new().field("reason", "schedule.field.reason", Field::new(Kind::Text).max(200));
        Self::new(About::Return(registration), "schedule.popup.return", name, form)
    }

    /// A new doctor.
    pub fn doctor() -> Self {
        let mut form = Form::new()
            .field("name", "schedule.field.name", Field::new(Kind::Text))
            .field(
                "titles",
                "schedule.field.titles",
                Field::new(Kind::Text).placeholder("schedule.titles_placeholder"),
            )
            .field("licence", "schedule.field.licence", Field::new(Kind::Text).max(40));
        for department in Department::ALL {
            form = form.item(department.code(), Say::key(department_key(department)), Control::Tick(false));
        }
        Self::new(About::Doctor, "schedule.popup.doctor", "", form)
    }

    /// Hours of a doctor on a day.
    pub fn shift(doctor: DoctorId, name: &str, date: NaiveDate) -> Self {
        let date = Timestamp::start_of(date).dmy();
        let form = Form::new()
            .field("date", "schedule.field.date", Field::new(Kind::Date).holding(&date))
            .field("from", "schedule.field.from", Field::new(Kind::Time).holding("08:00"))
            .field("to", "schedule.field.to", Field::new(Kind::Time).holding("12:00"));
        Self::new(About::Shift(doctor), "schedule.popup.shift", name, form)
    }

    /// A whole number.
    pub fn phone(name: &str, phone: String) -> Self {
        Self::new(About::Phone(phone), "schedule.popup.phone", name, Form::new())
    }

    fn new(about: About, title: &'static str, whom: &str, form: Form) -> Self {
        Self { about, title: Say::key(title), whom: whom.to_owned(), form }
    }

    /// Whether its form takes keys.
    pub const fn has_form(&self) -> bool {
        !matches!(self.about, About::Phone(_))
    }

    /// The command that the form makes, or none with the missing field blamed. `date` is the day on the grid.
    pub fn command(&mut self, date: NaiveDate) -> Option<Command> {
        self.form.clear_errors();
        match self.about.clone() {
            About::Phone(_) | About::Return(_) => None,
            About::Cancel(appointment) => {
                let Some(by) = self.form.chosen("by") else { return self.blame("by") };
                let reason = self.required("reason")?;
                let by = if by == 0 { CancelledBy::Customer } else { CancelledBy::Vinmec };
                Some(Command::CancelAppointment(CancelAppointment { appointment, by, reason }))
            }
            About::Result(appointment) => self.result_command(appointment, date),
            About::Doctor => {
                let (name, titles) = (self.required("name")?, self.required("titles")?);
                let licence = self.required("licence")?;
                let ticked = |d: &Department| self.form.ticked(d.code());
                let departments: Vec<Department> = Department::ALL.into_iter().filter(ticked).collect();
                if departments.is_empty() {
                    let first = Department::ALL.first().map_or("", |d| d.code());
                    self.form.set_error(first, Say::key("schedule.why.no_department"));
                    return None;
                }
                Some(Command::AddDoctor(AddDoctor { name, titles, licence, departments }))
            }
            About::Shift(doctor) => {
                let Some(day) = self.form.find_field("date").and_then(Field::date) else {
                    return self.not_a_date("date");
                };
                let from = self.time("from", day)?;
                let to = self.time("to", day)?;
                Some(Command::AddShift(AddShift { doctor, from, to }))
            }
        }
    }

    /// The reason of a row that goes back, or none with the field blamed.
    pub fn reason(&mut self) -> Option<String> {
        self.required("reason")
    }

    fn result_command(&mut self, appointment: AppointmentId, date: NaiveDate) -> Option<Command> {
        let outcome = match self.form.chosen("outcome") {
            Some(0) => Outcome::Done,
            Some(1) => Outcome::NoShowCustomer,
            Some(_) => Outcome::NoShowDoctor,
            None => return self.blame("outcome"),
        };
        let took_place = outcome == Outcome::Done;
        let (started_at, ended_at) = if took_place {
            (Some(self.time("started_at", date)?), Some(self.time("ended_at", date)?))
        } else {
            (None, None)
        };
        Some(Command::RecordResult(RecordResult {
            appointment,
            outcome,
            started_at,
            ended_at,
            summary: self.form.value("summary"),
            in_person_advised: took_place.then(|| self.form.ticked("in_person_advised")),
        }))
    }

    fn required(&mut self, id: &'static str) -> Option<String> {
        let value = self.form.value(id);
        if value.is_none() { self.blame(id) } else { value }
    }

    fn time(&mut self, id: &'static str, day: NaiveDate) -> Option<Timestamp> {
        let time = self.form.find_field(id).and_then(Field::time);
        if time.is_none() {
            self.form.set_error(id, Say::key("schedule.why.not_a_time"));
        }
        time.map(|time| Timestamp::from_local(day, time))
    }

    fn blame<T>(&mut self, id: &'static str) -> Option<T> {
        self.form.set_error(id, Say::key("schedule.why.empty"));
        None
    }

    fn not_a_date<T>(&mut self, id: &'static str) -> Option<T> {
        self.form.set_error(id, Say::key("schedule.why.not_a_date"));
        None
    }
}

fn whom(line: &AppointmentLine) -> String {
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
