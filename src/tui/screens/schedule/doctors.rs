//! The list of doctors with their hours on the grid's day.

use crate::domain::id::DoctorId;
use crate::domain::name::by_given_name;
use crate::domain::time::Timestamp;
use crate::tui::theme::Tone;
use crate::tui::widgets::rows::{Column, Keyed, Rows, Width};
use crate::usecase::model::case::{DayModel, DoctorLine};

/// The columns.
const COLUMNS: &[Column<DoctorHours>] = &[
    Column::left("schedule.field.titles", Width::Fixed(12), |doctor: &DoctorHours, ctx| {
        (doctor.doctor.titles.clone(), ctx.theme.muted())
    }),
    Column::left("schedule.field.name", Width::Rest, |doctor: &DoctorHours, ctx| {
        (doctor.doctor.name.clone(), ctx.theme.strong())
    })
    .by(|a: &DoctorHours, b: &DoctorHours| by_given_name(&a.doctor.name, &b.doctor.name)),
    Column::left("schedule.field.departments", Width::Rest, |doctor: &DoctorHours, ctx| {
        let names: Vec<String> = doctor.doctor.departments.iter().map(|d| d.label(ctx.lang)).collect();
        (names.join(", "), ctx.theme.text())
    }),
    Column::left("schedule.column.hours", Width::Fixed(14), |doctor: &DoctorHours, ctx| {
        let hours = hours(&doctor.hours);
        if hours.is_empty() { ("─".to_owned(), ctx.theme.muted()) } else { (hours, ctx.theme.text()) }
    })
    .by(|a: &DoctorHours, b: &DoctorHours| a.hours.cmp(&b.hours)),
    Column::left("schedule.column.qualifies", Width::WideRest, |doctor: &DoctorHours, ctx| {
        (doctor.doctor.qualifies.clone(), ctx.theme.tone(Tone::Ok))
    }),
];

/// A doctor with their hours on the grid's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorHours {
    /// The doctor.
    pub doctor: DoctorLine,
    /// The hours as from–to, once the day was read.
    pub hours: Vec<(Timestamp, Timestamp)>,
}

impl Keyed for DoctorHours {
    type Key = DoctorId;

    fn key(&self) -> DoctorId {
        self.doctor.doctor
    }
}

impl DoctorHours {
    /// A doctor with the hours in `days`.
    pub fn of(doctor: DoctorLine, days: &[DayModel]) -> Self {
        let hours = hours_of(doctor.doctor, days);
        Self { doctor, hours }
    }

    /// Takes the hours from another day.
    pub fn look_up(&mut self, days: &[DayModel]) {
        self.hours = hours_of(self.doctor.doctor, days);
    }
}

fn hours_of(doctor: DoctorId, days: &[DayModel]) -> Vec<(Timestamp, Timestamp)> {
    days.iter().filter(|day| day.doctor == doctor).flat_map(|day| day.shifts.iter().copied()).collect()
}

/// A list that was not read yet.
pub const fn unread() -> Rows<DoctorHours> {
    Rows::new(COLUMNS)
}

/// A doctor's hours: `08:00–11:30, 13:30–16:00`.
pub fn hours(shifts: &[(Timestamp, Timestamp)]) -> String {
    let shifts: Vec<String> = shifts.iter().map(|(from, to)| format!("{}–{}", from.hm(), to.hm())).collect();
    shifts.join(", ")
}
