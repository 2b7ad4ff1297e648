//! Doctors with their registered hours from a file, through the door: one `add_doctor` per new licence, one
//! `add_shift` per new stretch. A licence that is on file keeps its doctor and only gains hours.
//!
//! Invariant: the file is read to its end before the first doctor is added; a row whose hours cannot be read adds
//! nothing.

use super::fanpage::{execute, read_all};
use super::report::{Reason, Report};
use super::source::{Field, Layout, Row, Source};
use super::{Error, ImportError, Run};
use crate::domain::actor::Permission;
use crate::domain::department::Department;
use crate::domain::id::DoctorId;
use crate::domain::lang::Lang;
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::{StoreError, doctor as doctor_rows, shift as shift_rows};
use crate::usecase::Receipt;
use crate::usecase::command::{AddDoctor, AddShift, Command};
use chrono::{NaiveDate, NaiveTime};
use std::collections::HashSet;

const NAME: usize = 0;
const TITLES: usize = 1;
const LICENCE: usize = 2;
const DEPARTMENTS: usize = 3;
const SHIFTS: usize = 4;

/// The columns of the file, in the order of [`Source::columns`].
pub const FIELDS: [Field; 5] = [
    Field {
        code: "name",
        needed: true,
        names: &["ho ten", "ho va ten", "ten", "bac si", "ten bac si", "name", "full name"],
    },
    Field {
        code: "titles",
        needed: true,
        names: &["hoc ham hoc vi", "hoc vi", "chuc danh", "trinh do", "titles", "title", "degree"],
    },
    Field {
        code: "licence",
        needed: true,
        names: &[
            "chung chi hanh nghe",
            "so chung chi",
            "giay phep hanh nghe",
            "so giay phep hanh nghe",
            "so giay phep",
            "so cchn",
            "cchn",
            "giay phep",
            "so giay phep",
            "licence",
            "license",
        ],
    },
    Field {
        code: "departments",
        needed: true,
        names: &["chuyen khoa", "khoa", "departments", "department", "specialty"],
    },
    Field {
        code: "shifts",
        needed: false,
        names: &[
            "ca",
            "ca truc",
            "ca lam viec",
            "lich",
            "lich truc",
            "lich lam viec",
            "shifts",
            "shift",
            "hours",
        ],
    },
];

/// Rows of such a file at most.
const MAX_ROWS: usize = 10_000;
/// Stretches of one doctor at most.
const MAX_SHIFTS: usize = 2_000;

/// What a row says.
struct Doctor {
    command: AddDoctor,
    shifts: Vec<(Timestamp, Timestamp)>,
}

/// Adds the doctors and hours of a file.
///
/// # Errors
/// The file, a missing permission, the store, or the caller, who stopped it; doctors added before that stay.
pub fn import_doctors(mut run: Run<'_>, mut source: Source) -> Result<Report, ImportError> {
    run.authorise(Permission::ManageDoctors)?;
    let rows = read_all(&run, &mut source, MAX_ROWS)?;
    let layout = source.layout();
    let mut report = Report { unknown_columns: std::mem::take(&mut source.unknown), ..Report::default() };
    let mut seen: HashSet<String> = HashSet::new();
    let total = rows.len().max(1);
    for (at, row) in rows.iter().enumerate() {
        if run.is_cancelled() {
            return Err(ImportError::Cancelled);
        }
        run.count(&mut report, (at * 1000 / total) as u32);
        let outcome = match doctor(row, &layout) {
            Ok(doctor) if seen.insert(doctor.command.licence.to_uppercase()) => add(&run, doctor)?,
            Ok(_) => Err(Reason::DuplicateInFile),
            Err(reason) => Err(reason),
        };
        match outcome {
            Ok(Added::New) => report.accepted += 1,
            Ok(Added::Hours) => report.updated += 1,
            Ok(Added::Nothing) => report.unchanged += 1,
            Err(reason) => run.reject(&mut report, row, reason)?,
        }
    }
    run.finish_rejects()?;
    Ok(report)
}

/// What came of a row.
enum Added {
    New,
    Hours,
    Nothing,
}

fn add(run: &Run<'_>, doctor: Doctor) -> Result<Result<Added, Reason>, ImportError> {
    let licence = doctor.command.licence.to_uppercase();
    let first = doctor.shifts.iter().map(|(from, _)| *from).min().unwrap_or(Timestamp::ZERO);
    let last = doctor.shifts.iter().map(|(_, to)| *to).max().unwrap_or(Timestamp::ZERO);
    let known = run.door.store().read(move |tx| -> Result<_, Error> {
        let Some(id) = doctor_rows::find_by_licence(tx, &licence)? else { return Ok(None) };
        let hours = shift_rows::list_of_doctor(tx, id, first, last)?;
        Ok(Some((id, hours.into_iter().map(|shift| (shift.from, shift.to)).collect::<HashSet<_>>())))
    })?;
    let (id, hours, is_new) = match known {
        Some((id, hours)) => (id, hours, false),
        None => match execute(run, Command::AddDoctor(doctor.command)) {
            Ok(Receipt::DoctorAdded { doctor, .. }) => (doctor, HashSet::new(), true),
            Ok(_) => return Err(StoreError::internal("a doctor was added without a receipt").into()),
            Err(Error::Refused(refusal)) => return Ok(Err(Reason::Refused(refusal.rule()))),
            Err(error) => return Err(error.into()),
        },
    };
    let (mut added, mut refused) = (false, None);
    for (from, to) in doctor.shifts.into_iter().filter(|hours_of| !hours.contains(hours_of)) {
        match add_shift(run, id, from, to) {
            Ok(()) => added = true,
            Err(Error::Refused(refusal)) => refused = Some(Reason::Refused(refusal.rule())),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(match refused {
        Some(reason) if !is_new && !added => Err(reason),
        _ if is_new => Ok(Added::New),
        _ if added => Ok(Added::Hours),
        _ => Ok(Added::Nothing),
    })
}

fn add_shift(run: &Run<'_>, doctor: DoctorId, from: Timestamp, to: Timestamp) -> Result<(), Error> {
    execute(run, Command::AddShift(AddShift { doctor, from, to })).map(drop)
}

fn doctor(row: &Row, layout: &Layout) -> Result<Doctor, Reason> {
    if row.overlong {
        return Err(Reason::CellTooLong);
    }
    if layout.is_shifted(row) {
        return Err(Reason::CellsShifted);
    }
    let cell = |field| layout.get(row, field).trim();
    let departments = list(cell(DEPARTMENTS)).map(department).collect::<Option<Vec<_>>>();
    let shifts = list(cell(SHIFTS)).map(hours).collect::<Option<Vec<_>>>();
    match (departments, shifts) {
        (Some(departments), Some(shifts)) if !departments.is_empty() && shifts.len() <= MAX_SHIFTS => {
            Ok(Doctor {
                command: AddDoctor {
                    name: cell(NAME).to_owned(),
                    titles: cell(TITLES).to_owned(),
                    licence: text::clean(cell(LICENCE), 100),
                    departments,
                },
                shifts,
            })
        }
        _ => Err(Reason::DoctorUnreadable),
    }
}

/// The parts of a cell that lists things.
fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '\n', '|']).map(str::trim).filter(|part| !part.is_empty())
}

/// A department by its code or by either language's name.
fn department(written: &str) -> Option<Department> {
    let key = text::fold(&written.replace('_', " "));
    Department::ALL.into_iter().find(|department| {
        text::fold(&department.code().replace('_', " ")) == key
            || [Lang::Vi, Lang::En].iter().any(|lang| text::fold(&department.label(*lang)) == key)
    })
}

/// `2026-12-02 08:00-11:30` or `02/12/2026 08:00-11:30`, Vietnam time.
fn hours(written: &str) -> Option<(Timestamp, Timestamp)> {
    let (day, times) = written.split_once(' ')?;
    let day =
        ["%Y-%m-%d", "%d/%m/%Y"].iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok())?;
    let (from, to) = times.split_once(['-', '–'])?;
    let at = |time: &str| {
        NaiveTime::parse_from_str(time.trim(), "%H:%M").ok().map(|time| Timestamp::from_local(day, time))
    };
    Some((at(from)?, at(to)?))
}
