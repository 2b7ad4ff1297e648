//! Loads the demo's list of customers, made of sample people, and a small Do-Not-Call register, by the ordinary
//! import.

use super::cast;
use super::setup::{DAYS_BEHIND, DemoProgress, at};
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::money::Dong;
use crate::domain::name::Salutation;
use crate::exchange::sample::{People, people};
use crate::store::StoreError;
use crate::usecase::import::customers::{self, Options};
use crate::usecase::import::do_not_call;
use crate::usecase::import::source::{FileError, Row, Rows, Source};
use crate::usecase::import::{ImportError, Progress, Run, import_customers, import_do_not_call};
use crate::usecase::{Door, Error};
use chrono::{NaiveDate, TimeDelta};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

/// Seed of the demo's people.
pub const SEED: u64 = 9090;

/// Rows that are made as they are read.
struct Made {
    people: People,
    count: u32,
    register: bool,
}

impl Rows for Made {
    fn for_each(&mut self, each: &mut dyn FnMut(&Row, u32) -> ControlFlow<()>) -> Result<(), FileError> {
        let mut row = Row::default();
        for number in 0..self.count {
            let Some(person) = self.people.next() else { return Ok(()) };
            row.clear();
            row.line = u64::from(number) + 2;
            row.push(&person.phone.e164());
            if self.register {
                row.push("V");
                row.push(if number % 2 == 0 { "S" } else { "" });
            } else {
                row.push(&person.name);
                row.push("trả sau");
                row.push(&charge(number));
                row.push(person.province);
                row.push(&salutation(person.salutation));
            }
            let share = u64::from(number + 1) * 1000 / u64::from(self.count.max(1));
            if each(&row, u32::try_from(share).unwrap_or(1000)).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn charge(number: u32) -> String {
    Dong::new(i64::from(300_000 + number % 70 * 10_000)).map_or_else(String::new, |dong| dong.to_string())
}

fn salutation(salutation: Salutation) -> String {
    salutation.label(Lang::Vi)
}

/// Loads the list and the register.
pub fn load(
    door: &Door,
    customers: u32,
    today: NaiveDate,
    report: &mut impl FnMut(DemoProgress),
) -> Result<(), Error> {
    load_people(door, SEED, customers, today, report)?;
    load_register(door, today - TimeDelta::days(DAYS_BEHIND))
}

/// Loads the first `customers` people of a seed.
pub fn load_people(
    door: &Door,
    seed: u64,
    customers: u32,
    today: NaiveDate,
    report: &mut impl FnMut(DemoProgress),
) -> Result<(), Error> {
    const HEADER: [&str; 6] = ["phone", "name", "type", "charge", "province", "salutation"];
    let morning = at(today - TimeDelta::days(DAYS_BEHIND), 7, 10);
    let stopped = AtomicBool::new(false);
    let mut progress = |progress: Progress| report(DemoProgress::Loading(progress.share));
    let run = Run {
        door,
        staff: StaffId(cast::SUPERVISOR.to_owned()),
        now: morning,
        rejects: None,
        progress: &mut progress,
        cancelled: &stopped,
    };
    let options = Options {
        evidence: "HD-2026-11/MBF".to_owned(),
        sms_sent_at: Some(morning.plus_days(-1)),
        dry_run: false,
    };
    let made = Made { people: people(seed), count: customers, register: false };
    let source = source("khach-hang.csv", &HEADER, &customers::FIELDS.map(|field| field.code), made);
    import_customers(run, source, &options).map_err(door_error)?;
    Ok(())
}

/// Loads the Do-Not-Call register as it stood on `day`, in the morning of that day.
pub fn load_register(door: &Door, day: NaiveDate) -> Result<(), Error> {
    let morning = at(day, 7, 20);
    let stopped = AtomicBool::new(false);
    let mut quiet = |_: Progress| ();
    let run = Run {
        door,
        staff: StaffId(cast::SUPERVISOR.to_owned()),
        now: morning,
        rejects: None,
        progress: &mut quiet,
        cancelled: &stopped,
    };
    let listed = Made { people: people(SEED + 3), count: 40, register: true };
    let source = source(
        "khong-goi.csv",
        &["phone", "voice", "sms"],
        &do_not_call::FIELDS.map(|field| field.code),
        listed,
    );
    import_do_not_call(run, source, day, false).map_err(door_error)?;
    Ok(())
}

fn source(file_name: &str, header: &[&str], fields: &[&str], made: Made) -> Source {
    Source {
        file_name: file_name.to_owned(),
        header: header.iter().map(|text| (*text).to_owned()).collect(),
        columns: fields.iter().map(|field| header.iter().position(|title| title == field)).collect(),
        unknown: Vec::new(),
        rows: Box::new(made),
    }
}

fn door_error(error: ImportError) -> Error {
    match error {
        ImportError::Door(error) => error,
        other => StoreError::internal(&format!("the demo's list: {}", other.kind())).into(),
    }
}
