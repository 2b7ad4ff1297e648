//! The list of doctors with their hours on the grid's day.

use super::view::doctors::COLUMNS;
use crate::domain::id::DoctorId;
use crate::domain::time::Timestamp;
use crate::tui::widgets::rows::{Keyed, Rows};
use crate::usecase::model::case::{DayModel, DoctorLine};

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
