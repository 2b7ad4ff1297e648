//! How much more an import costs than the bare rows. Loads a long clean list twice, each time into a new store
//! file: once by the shortest program that does the same to the customer table (read the line, read the number,
//! fold the name, insert, three indexes, one transaction, `synchronous=FULL`), once by the import with every
//! check, offers and a rejects file. Prints seconds, their ratio and the peak of memory.
//!
//! `cargo bench --bench bare_import -- [ROWS]` (default 1 000 000); `ROWS busy` also runs commands beside the
//! import and prints how long they waited.

#![expect(clippy::print_stdout, reason = "figures are what a measurement is for")]

use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tongdai::domain::campaign::Campaign;
use tongdai::domain::id::StaffId;
use tongdai::domain::lang::Lang;
use tongdai::domain::name::PersonName;
use tongdai::domain::phone::PhoneNumber;
use tongdai::domain::time::Timestamp;
use tongdai::exchange::rejects::RejectsFile;
use tongdai::exchange::sample::people;
use tongdai::exchange::table;
use tongdai::store::{Store, StoreError};
use tongdai::usecase::Door;
use tongdai::usecase::import::customers::{FIELDS, Options};
use tongdai::usecase::import::{Run, import_customers};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let rows: usize = args.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let busy = args.next().is_some_and(|text| text == "busy");
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("long.csv");
    write(&file, rows)?;
    let import = import(&file, dir.path(), busy)?;
    println!("import: {rows} rows in {:.2} s, peak memory {} MB", import.as_secs_f64(), peak_mb());
    let bare = bare(&file, &dir.path().join("bare.db"))?;
    println!("bare:   {rows} rows in {:.2} s", bare.as_secs_f64());
    println!("ratio:  {:.2}", import.as_secs_f64() / bare.as_secs_f64());
    Ok(())
}

fn write(path: &Path, rows: usize) -> Outcome<()> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["số thuê bao", "họ tên", "xưng hô", "loại thuê bao", "cước", "tỉnh"])?;
    for person in people(9090).take(rows) {
        let phone = person.phone.display().replace(' ', "");
        let salutation = person.salutation.label(Lang::Vi);
        writer.write_record([&phone, &person.name, &salutation, "trả sau", "412.000", person.province])?;
    }
    writer.flush()?;
    Ok(())
}

/// The shortest program that fills the customer table.
fn bare(file: &Path, store: &Path) -> Outcome<Duration> {
    let connection = rusqlite::Connection::open(store)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
         CREATE TABLE customer (id INTEGER NOT NULL PRIMARY KEY, phone INTEGER NOT NULL, phone_reversed INTEGER NOT NULL,
           phone_raw TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, salutation TEXT, province TEXT,
           list INTEGER, sms_sent_at INTEGER) STRICT;
         CREATE UNIQUE INDEX customer_phone ON customer (phone);
         CREATE INDEX customer_phone_reversed ON customer (phone_reversed);
         CREATE INDEX customer_name ON customer (name_key);",
    )?;
    let started = Instant::now();
    let mut reader = csv::Reader::from_path(file)?;
    let mut record = csv::StringRecord::new();
    connection.execute_batch("BEGIN IMMEDIATE")?;
    {
        let mut insert = connection.prepare(
            "INSERT INTO customer (phone, phone_reversed, phone_raw, name, name_key, salutation, province, list)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
        )?;
        while reader.read_record(&mut record)? {
            let phone = PhoneNumber::parse(&record[0])?.number;
            let name = PersonName::parse(&record[1])?;
            insert.execute(rusqlite::params![
                phone.digits(),
                phone.reversed_tail(),
                &record[0],
                name.as_str(),
                name.search_key(),
                &record[2],
                &record[5]
            ])?;
        }
    }
    connection.execute_batch("COMMIT")?;
    Ok(started.elapsed())
}

fn import(file: &Path, dir: &Path, busy: bool) -> Outcome<Duration> {
    let day = |text: &str| text.parse::<chrono::NaiveDate>();
    let campaign = Campaign::default_for(
        day("2026-12-01")?,
        day("2026-12-15")?,
        day("2026-12-31")?,
        day("2027-01-31")?,
    )?;
    let now = Timestamp::start_of(day("2026-12-01")?);
    let store = Store::create(dir.join("import.db")).map_err(|error| error.message(Lang::En))?;
    let door = Door::create(store, campaign, false, now, "bench").map_err(|error| error.message(Lang::En))?;
    let (cancelled, done) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        if busy {
            scope.spawn(|| visit(door.store(), &done));
        }
        let started = Instant::now();
        let source = table::open(file, None, &FIELDS)?;
        let mut rejects = RejectsFile::create(&dir.join("rejects.csv"), &source.header, Lang::Vi)?;
        let run = Run {
            door: &door,
            staff: StaffId("operator".to_owned()),
            now,
            rejects: Some(&mut rejects),
            progress: &mut |_| (),
            cancelled: &cancelled,
        };
        let options = Options { evidence: "bench".to_owned(), ..Options::default() };
        let report = import_customers(run, source, &options);
        done.store(true, Ordering::Relaxed);
        let report = report.map_err(|error| error.message(Lang::En))?;
        if report.accepted != report.read {
            return Err(format!("{} of {} rows were taken", report.accepted, report.read).into());
        }
        Ok(started.elapsed())
    })
}

/// Small commands one after the other, until the import is done; prints what they waited.
fn visit(store: &Store, done: &AtomicBool) {
    let mut waits = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let started = Instant::now();
        let written: Result<u64, StoreError> = store.write(|tx| {
            tx.execute("UPDATE staff SET state_since = state_since + 1 WHERE id = 'operator'", &[])
        });
        if written.is_ok() {
            waits.push(started.elapsed());
        }
    }
    waits.sort_unstable();
    if let (Some(worst), Some(p99)) = (waits.last(), waits.get(waits.len() * 99 / 100)) {
        println!(
            "commands beside it: {}, p99 {} ms, longest {} ms",
            waits.len(),
            p99.as_millis(),
            worst.as_millis()
        );
    }
}

/// Peak of resident memory so far, where the system tells.
fn peak_mb() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kilobytes| kilobytes / 1024)
}
