//! The roster of one day as a grid: one column for each doctor, one row for each half hour. The content of a cell
//! follows from the snapshot and the time alone; the use cases decide in the end.

use crate::domain::department::Department;
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::usecase::model::case::{AppointmentLine, DayModel, RosterModel, Slot};
use chrono::{NaiveDate, TimeDelta};

/// Minutes of one row.
const ROW_MINUTES: i64 = 30;
const ROW_MS: i64 = ROW_MINUTES * MINUTE_MS;
/// The hours of the rows while no doctor has any: 08:00 to 17:00.
const PLAIN_DAY: (i64, i64) = (8 * 60, 17 * 60);

/// The content of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Can be booked; the slot may begin inside the row.
    Free(Slot),
    /// An appointment.
    Taken(&'a AppointmentLine),
    /// Within the hours, but past.
    Past,
    /// Outside the hours, or shorter than a consultation.
    Off,
}

/// The grid with its cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The day.
    pub date: NaiveDate,
    /// The only department shown; none: all.
    pub department: Option<Department>,
    /// The roster as it was last read.
    pub model: Option<RosterModel>,
    /// Column under the cursor.
    pub doctor: usize,
    /// Row under the cursor.
    pub row: usize,
    /// Length of a consultation in minutes.
    pub minutes: i64,
    /// The distance of possible starts in minutes.
    pub granule: i64,
}

impl Grid {
    /// An empty grid of a day.
    pub const fn new(date: NaiveDate, minutes: i64, granule: i64) -> Self {
        Self { date, department: None, model: None, doctor: 0, row: 0, minutes, granule }
    }

    /// Changes the day; the cells of the old one are not shown meanwhile.
    pub fn turn(&mut self, days: i64) {
        self.date = self.date.checked_add_signed(TimeDelta::days(days)).unwrap_or(self.date);
        self.model = None;
    }

    /// Changes to the next department, and after the last one to all.
    pub fn next_filter(&mut self) {
        let at = self.department.and_then(|d| Department::ALL.iter().position(|x| *x == d));
        self.department = match at {
            None => Department::ALL.first().copied(),
            Some(at) => Department::ALL.get(at + 1).copied(),
        };
        self.model = None;
    }

    /// Takes a snapshot when it is of this day and department.
    pub fn take(&mut self, model: RosterModel) {
        if model.date == self.date && model.department == self.department {
            self.model = Some(model);
            self.clamp();
        }
    }

    /// The doctors of the day.
    pub fn doctors(&self) -> &[DayModel] {
        self.model.as_ref().map_or(&[], |model| &model.doctors)
    }

    /// Starts of the rows: from the first registered hour to the last.
    pub fn rows(&self) -> Vec<Timestamp> {
        let midnight = Timestamp::start_of(self.date);
        let shifts = || self.doctors().iter().flat_map(|doctor| &doctor.shifts);
        let from = shifts().map(|(from, _)| *from).min();
        let to = shifts().map(|(_, to)| *to).max();
        let from = from.unwrap_or_else(|| midnight.plus_minutes(PLAIN_DAY.0));
        let to = to.unwrap_or_else(|| midnight.plus_minutes(PLAIN_DAY.1));
        let first = from.since(midnight).div_euclid(ROW_MS);
        let last = (to.since(midnight) + ROW_MS - 1).div_euclid(ROW_MS).max(first + 1);
        (first..last.min(first + 48)).map(|row| midnight.plus_ms(row * ROW_MS)).collect()
    }

    /// Moves the cursor.
    pub fn step(&mut self, doctors: isize, rows: isize) {
        self.doctor = self.doctor.saturating_add_signed(doctors);
        self.row = self.row.saturating_add_signed(rows);
        self.clamp();
    }

    /// Keeps the cursor inside.
    pub fn clamp(&mut self) {
        self.doctor = self.doctor.min(self.doctors().len().saturating_sub(1));
        self.row = self.row.min(self.rows().len().saturating_sub(1));
    }

    /// Puts the cursor on an instant and, when given, a doctor's column.
    pub fn point_at(&mut self, at: Timestamp, doctor: Option<crate::domain::id::DoctorId>) {
        let rows = self.rows();
        self.row = rows.iter().rposition(|row| *row <= at).unwrap_or(0);
        if let Some(column) = self.doctors().iter().position(|day| Some(day.doctor) == doctor) {
            self.doctor = column;
        }
    }

    /// The cell under the cursor.
    pub fn here(&self, now: Timestamp) -> Cell<'_> {
        match (self.doctors().get(self.doctor), self.rows().get(self.row)) {
            (Some(doctor), Some(row)) => self.cell(doctor, *row, now),
            _ => Cell::Off,
        }
    }

    /// The appointment under the cursor.
    pub fn appointment(&self) -> Option<&AppointmentLine> {
        match self.here(Timestamp::ZERO) {
            Cell::Taken(line) => Some(line),
            Cell::Free(_) | Cell::Past | Cell::Off => None,
        }
    }

    /// The cell of a doctor in the row that begins at `row`.
    pub fn cell<'a>(&self, doctor: &'a DayModel, row: Timestamp, now: Timestamp) -> Cell<'a> {
        let end = row.plus_ms(ROW_MS);
        let taken = doctor.appointments.iter().find(|a| a.starts_at < end && ends(a) > row);
        if let Some(line) = taken {
            return Cell::Taken(line);
        }
        let starts = (0..ROW_MINUTES / self.granule.max(1)).map(|i| row.plus_minutes(i * self.granule));
        let mut fits = starts.filter(|start| {
            let end = start.plus_minutes(self.minutes);
            *start >= now
                && doctor.shifts.iter().any(|(from, to)| from <= start && end <= *to)
                && doctor.appointments.iter().all(|a| end <= a.starts_at || ends(a) <= *start)
        });
        let in_hours = doctor.shifts.iter().any(|(from, to)| *from <= row && row < *to);
        let none = if in_hours && row < now { Cell::Past } else { Cell::Off };
        fits.next().map_or(none, |starts_at| {
            Cell::Free(Slot {
                doctor: doctor.doctor,
                doctor_name: doctor.name.clone(),
                starts_at,
                minutes: self.minutes,
            })
        })
    }
}

fn ends(line: &AppointmentLine) -> Timestamp {
    line.starts_at.plus_minutes(line.minutes)
}
