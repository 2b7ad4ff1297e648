//! Measures reading on one large store: search while typing, the overview, the first screen.

use super::folder::Folder;
use super::gauge::{Bound, Figure, Samples};
use crate::args;
use crate::demo;
use crate::domain::id::StaffId;
use crate::domain::text::fold;
use crate::exchange::sample::people;
use crate::store::Store;
use crate::usecase::{Door, Error, Query};
use chrono::NaiveDate;
use std::path::PathBuf;

/// Calls that the overview counts.
const CALLS: i64 = 1_000_000;
/// Keystrokes that are measured.
const KEYSTROKES: usize = 20_000;

/// A store of many customers and a million calls.
#[derive(Debug)]
pub struct Large {
    /// Its file.
    pub path: PathBuf,
    /// Its door.
    pub door: Door,
    /// How many customers.
    pub customers: u32,
    /// Its day.
    pub day: NaiveDate,
}

impl Large {
    /// Builds it once.
    pub fn build(folder: &Folder, customers: u32) -> Result<Self, Error> {
        let day = NaiveDate::from_ymd_opt(2026, 12, 2).unwrap_or_default();
        let path = folder.file("large.db");
        let door = demo::build(Some(&path), customers, day, |_| ())?;
        calls(door.store(), i64::from(customers), demo::opens_at(day).ms())?;
        Ok(Self { path, door, customers, day })
    }

    /// Search at each keystroke, as people type names and numbers.
    pub fn search(&self) -> Result<Vec<Figure>, Error> {
        let staff = StaffId("lan".to_owned());
        let now = demo::opens_at(self.day);
        let mut samples = Samples::default();
        let mut typed = 0;
        'people: for (number, person) in people(demo::SEED).step_by(97).enumerate() {
            let whole = match number % 4 {
                0 => person.name.clone(),
                1 => fold(&person.name),
                2 => person.phone.display().replace(' ', ""),
                _ => person.phone.display().replace(' ', "").chars().skip(6).collect(),
            };
            for (end, letter) in whole.char_indices() {
                let text = whole[..end + letter.len_utf8()].to_owned();
                samples.time(|| self.door.query(&staff, now, Query::Search { text, limit: 20 }))?;
                typed += 1;
                if typed == KEYSTROKES {
                    break 'people;
                }
            }
        }
        let what = |name: &str| format!("{} customers, {typed} keystrokes: {name}", self.customers);
        Ok(vec![
            Figure::new("search", what("p50"), samples.at(0.5), "ms", Bound::None),
            Figure::new("search", what("p99"), samples.at(0.99), "ms", Bound::AtMost(2.0)),
            Figure::new("search", what("longest"), samples.longest(), "ms", Bound::None),
        ])
    }

    /// The whole overview in one snapshot, beside counting the calls anew.
    pub fn overview(&self) -> Result<Vec<Figure>, Error> {
        let staff = StaffId("ha".to_owned());
        let now = demo::opens_at(self.day);
        let mut samples = Samples::default();
        for _ in 0..200 {
            samples.time(|| self.door.query(&staff, now, Query::Overview {}))?;
        }
        let mut recount = Samples::default();
        recount.time(|| {
            self.door.store().read(|tx| -> Result<(), Error> {
                tx.many(
                    "SELECT purpose, disposition, COUNT(*) FROM call GROUP BY purpose, disposition",
                    &[],
                )?;
                Ok(())
            })
        })?;
        Ok(vec![
            Figure::new("overview", format!("{CALLS} calls: p50"), samples.at(0.5), "ms", Bound::AtMost(5.0)),
            Figure::new("overview", format!("{CALLS} calls: p99"), samples.at(0.99), "ms", Bound::None),
            Figure::new("overview", "counting the calls anew", recount.longest(), "ms", Bound::None),
        ])
    }
}

/// A million calls as rows and in the counters: inserted directly, because making them is not measured.
fn calls(store: &Store, customers: i64, end: i64) -> Result<(), Error> {
    const CHUNK: i64 = 50_000;
    for chunk in 0..CALLS / CHUNK {
        store.write(move |tx| -> Result<(), Error> {
            for number in chunk * CHUNK..(chunk + 1) * CHUNK {
                let customer = number % customers + 1;
                let at = end - number * 600;
                tx.execute(
                    "INSERT INTO call (matter, customer, staff, purpose, started_at, ended_at, disposition, before)
                     VALUES (?1, ?2, 'lan', 1, ?3, ?3, 'no_answer', '')",
                    args![customer * 4 + 1, customer, at],
                )?;
            }
            tx.count("disposition.offer.no_answer", CHUNK);
            Ok(())
        })?;
    }
    Ok(())
}
