//! Measures claims and registrations by many threads at once, with full durability, beside a bare writer thread with
//! the same group commit that does only the one update.

use super::folder::Folder;
use super::gauge::{Bound, Figure, Samples};
use crate::args;
use crate::demo;
use crate::domain::consent::ConsentAnswers;
use crate::domain::contact::Purpose;
use crate::domain::id::StaffId;
use crate::exchange::sample::people;
use crate::store::{Store, StoreError};
use crate::usecase::command::{Channel, Claim, Register, SetQuota};
use crate::usecase::{Command, Door, Error, Receipt, Request, When};
use chrono::NaiveDate;
use std::collections::HashSet;
use std::sync::{Arc, Barrier};
use std::time::Instant;

/// Customers of the claim benchmark.
const LIST: u32 = 200_000;
/// Claims per run.
const CLAIMS: usize = 20_000;
/// Registrations per run.
const REGISTRATIONS: usize = 20_000;

/// A day whose calling window is open in the simulated store.
pub(super) fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 2).unwrap_or_default()
}

fn store(folder: &Folder, name: &str) -> Result<Door, Error> {
    demo::fresh(Store::create(folder.file(name))?, LIST, day())
}

/// A staff member per claim, because each has one open call; inserted directly, because they are not measured.
fn hire(door: &Door, run: usize, count: usize) -> Result<Vec<StaffId>, Error> {
    let names: Vec<StaffId> = (0..count).map(|number| StaffId(format!("a{run}-{number}"))).collect();
    let hired = names.clone();
    door.store().write(move |tx| -> Result<(), Error> {
        for name in &hired {
            tx.execute(
                "INSERT INTO staff (id, name, role, created_at) VALUES (?1, ?1, 'agent', 0)",
                args![name],
            )?;
        }
        Ok(())
    })?;
    Ok(names)
}

/// Runs `work` for every item, split over `threads` that start together; rate per second, latencies, results.
fn run_threads<I, T>(
    threads: usize,
    items: Vec<I>,
    work: impl Fn(I) -> T + Send + Sync + 'static,
) -> (f64, Samples, Vec<T>)
where
    I: Send + 'static,
    T: Send + 'static,
{
    let work = Arc::new(work);
    let gate = Arc::new(Barrier::new(threads + 1));
    let total = items.len();
    let mut shares: Vec<Vec<I>> = (0..threads).map(|_| Vec::new()).collect();
    for (index, item) in items.into_iter().enumerate() {
        shares[index % threads].push(item);
    }
    let handles: Vec<_> = shares
        .into_iter()
        .map(|share| {
            let (work, gate) = (Arc::clone(&work), Arc::clone(&gate));
            std::thread::spawn(move || {
                let mut samples = Samples::default();
                gate.wait();
                let results: Vec<T> = share.into_iter().map(|item| samples.time(|| work(item))).collect();
                (samples, results)
            })
        })
        .collect();
    gate.wait();
    let started = Instant::now();
    let (mut samples, mut results) = (Samples::default(), Vec::new());
    for handle in handles {
        if let Ok((more, found)) = handle.join() {
            samples.extend(more);
            results.extend(found);
        }
    }
    (total as f64 / started.elapsed().as_secs_f64(), samples, results)
}

/// Claims by so many threads, each proved to be given once: rate per second, latencies.
pub(super) fn claim_all(door: &Door, threads: usize, count: usize) -> Result<(f64, Samples), Error> {
    let now = demo::opens_at(day());
    let staff = hire(door, threads, count)?;
    let client = door.clone();
    let (rate, samples, outcomes) = run_threads(threads, staff, move |staff| {
        let command = Command::Claim(Claim { purpose: Purpose::Offer, matter: None });
        client.execute(Request { op: None, staff, when: When::Now(now), command })
    });
    let mut seen = HashSet::new();
    for outcome in outcomes {
        match outcome? {
            Receipt::Claimed { matter, .. } if seen.insert(matter) => {}
            _ => return Err(StoreError::internal("a claim was lost or given twice").into()),
        }
    }
    Ok((rate, samples))
}

/// Claims per second at 1, 8, 32 and 128 threads.
pub fn claims(folder: &Folder) -> Result<Vec<Figure>, Error> {
    let door = store(folder, "claims.db")?;
    let mut figures = Vec::new();
    let mut single = 0.0;
    for threads in [1_usize, 8, 32, 128] {
        let count = if threads == 1 { CLAIMS / 10 } else { CLAIMS };
        let (rate, mut samples) = claim_all(&door, threads, count)?;
        let what = |name: &str| format!("{threads} threads: {name}");
        match threads {
            1 => {
                single = rate;
                figures.push(Figure::new("claims", what("claims"), rate, "/s", Bound::None));
            }
            32 => {
                figures.push(Figure::new("claims", what("claims"), rate, "/s", Bound::None));
                figures.push(Figure::new(
                    "claims",
                    what("× one thread"),
                    rate / single,
                    "×",
                    Bound::AtLeast(4.0),
                ));
                figures.push(Figure::new("claims", what("p99"), samples.at(0.99), "ms", Bound::AtMost(10.0)));
                let bare = bare(&door, threads)?;
                figures.push(Figure::new("claims", what("bare writer thread"), bare, "/s", Bound::None));
                figures.push(Figure::new(
                    "claims",
                    what("share of the bare one"),
                    rate / bare,
                    "×",
                    Bound::AtLeast(0.5),
                ));
            }
            128 => {
                figures.push(Figure::new(
                    "claims",
                    what("claims, each exactly once"),
                    rate,
                    "/s",
                    Bound::None,
                ));
                figures.push(Figure::new(
                    "claims",
                    what("longest wait"),
                    samples.longest(),
                    "ms",
                    Bound::AtMost(1000.0),
                ));
            }
            _ => figures.push(Figure::new("claims", what("claims"), rate, "/s", Bound::None)),
        }
    }
    Ok(figures)
}

/// The same group-commit writer doing only the one update per claim: no rules, no audit, no lease of a person.
fn bare(door: &Door, threads: usize) -> Result<f64, Error> {
    let store = door.store().clone();
    let items: Vec<i64> = (0..CLAIMS as i64).collect();
    let (rate, _, outcomes) = run_threads(threads, items, move |number| {
        store.write(move |tx| -> Result<bool, Error> {
            let row = tx.optional(
                "UPDATE matter SET state = 'held', reason = 'bare', due_at = ?1
                 WHERE id = (SELECT id FROM matter WHERE purpose = 1 AND list = 1 AND state = 'waiting' AND due_at <= ?2
                             ORDER BY due_at LIMIT 1)
                 RETURNING id",
                args![number, i64::MAX],
            )?;
            Ok(row.is_some())
        })
    });
    for outcome in outcomes {
        if !outcome? {
            return Err(StoreError::internal("the bare run found nobody").into());
        }
    }
    Ok(rate)
}

/// Registrations per second with 32 threads, exact to the seat.
pub fn registrations(folder: &Folder) -> Result<Vec<Figure>, Error> {
    let door = store(folder, "registrations.db")?;
    let now = demo::opens_at(day());
    let seats = REGISTRATIONS as i64 - 500;
    let quota = Command::SetQuota(SetQuota { quota: seats });
    door.execute(Request {
        op: None,
        staff: StaffId("ha".to_owned()),
        when: When::Now(now),
        command: quota,
    })?;
    let phones: Vec<String> =
        people(demo::SEED).take(REGISTRATIONS).map(|person| person.phone.e164()).collect();
    let client = door.clone();
    let (rate, mut samples, outcomes) = run_threads(32, phones, move |phone| {
        let form = Register {
            consents: ConsentAnswers { register: true, handbook: true, survey: true, marketing: false },
            ..Register::new(phone, Channel::Inbound9090)
        };
        let staff = StaffId("lan".to_owned());
        client.execute(Request { op: None, staff, when: When::Now(now), command: Command::Register(form) })
    });
    let mut taken = HashSet::new();
    let mut waitlisted = 0;
    for outcome in outcomes {
        match outcome? {
            Receipt::Registered { seat, .. } if taken.insert(seat) => {}
            Receipt::Waitlisted { .. } => waitlisted += 1,
            _ => return Err(StoreError::internal("a seat was given twice").into()),
        }
    }
    let over = taken.len() as i64 - seats;
    Ok(vec![
        Figure::new("registrations", "32 threads: registrations", rate, "/s", Bound::AtLeast(5000.0)),
        Figure::new("registrations", "32 threads: p99", samples.at(0.99), "ms", Bound::None),
        Figure::new("registrations", "seats given past the quota", over as f64, "", Bound::AtMost(0.0)),
        Figure::new("registrations", "on the waitlist", f64::from(waitlisted), "", Bound::None),
    ])
}
