//! Measures commands of an agent while a large list is imported, and checks that nobody sees half a list.

use super::folder::Folder;
use super::gauge::{Bound, Figure, Samples, resident_mb};
use crate::demo;
use crate::domain::id::StaffId;
use crate::store::Store;
use crate::usecase::command::{Nothing, Pause, PauseCode};
use crate::usecase::{Command, Door, Error, Request, When};
use chrono::NaiveDate;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Loads `customers` rows into a store where one agent works without pause.
pub fn load(folder: &Folder, customers: u32) -> Result<Vec<Figure>, Error> {
    let day = NaiveDate::from_ymd_opt(2026, 12, 2).unwrap_or_default();
    let door = demo::fresh(Store::create(folder.file("load.db"))?, 2000, day)?;
    let done = Arc::new(AtomicBool::new(false));
    let worker = {
        let (door, done) = (door.clone(), Arc::clone(&done));
        std::thread::spawn(move || work(&door, &done, day))
    };
    let started = Instant::now();
    let loaded = demo::more(&door, customers, day);
    let seconds = started.elapsed().as_secs_f64();
    done.store(true, Ordering::Release);
    let samples = worker.join();
    loaded?;
    let mut samples = match samples {
        Ok(samples) => samples?,
        Err(_) => return Err(crate::store::StoreError::internal("the worker of the load benchmark").into()),
    };
    let mut figures = vec![
        Figure::new("load", format!("{customers} rows beside a working person"), seconds, "s", Bound::None),
        Figure::new(
            "load",
            format!("{} commands meanwhile: p99", samples.len()),
            samples.at(0.99),
            "ms",
            Bound::AtMost(250.0),
        ),
        Figure::new("load", "longest", samples.longest(), "ms", Bound::None),
    ];
    if let Some(mb) = resident_mb("self") {
        figures.push(Figure::new("load", "resident after the load", mb, "MB", Bound::AtMost(150.0)));
    }
    Ok(figures)
}

fn work(door: &Door, done: &AtomicBool, day: NaiveDate) -> Result<Samples, Error> {
    let now = demo::opens_at(day);
    let mut samples = Samples::default();
    while !done.load(Ordering::Acquire) {
        for command in [Command::Pause(Pause { reason: PauseCode::Break }), Command::Resume(Nothing {})] {
            let request =
                Request { op: None, staff: StaffId("lan".to_owned()), when: When::Now(now), command };
            samples.time(|| door.execute(request))?;
        }
    }
    Ok(samples)
}
