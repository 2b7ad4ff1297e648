//! The national Do-Not-Call register as of a day (T6). It replaces the one on file as a whole, in one
//! transaction: staged first, then compared. Rows that are no mobile numbers are left out, for we call none.
//!
//! Invariants: a register older than the one on file, or of a day to come, is refused; a file without one usable
//! row never empties the register; what cannot be read counts as "do not call".

use super::report::{Reason, Report};
use super::source::{Field, FileError, Layout, PHONE_NAMES, Row, Source};
use super::{Error, ImportError, Run};
use crate::domain::actor::Permission;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::store::do_not_call::{self, Entry, Replaced};
use crate::store::{Store, StoreError};
use chrono::NaiveDate;
use std::collections::HashSet;
use std::ops::ControlFlow;

const PHONE: usize = 0;
const VOICE: usize = 1;
const SMS: usize = 2;
const FLAGS: usize = 3;

/// The columns of the register, in the order of [`Source::columns`].
pub const FIELDS: [Field; 4] = [
    Field { code: "phone", needed: true, names: PHONE_NAMES },
    Field {
        code: "voice",
        needed: false,
        names: &["v", "voice", "thoai", "cuoc goi", "goi", "call", "calls"],
    },
    Field { code: "sms", needed: false, names: &["s", "sms", "tin nhan", "text", "message", "messages"] },
    Field {
        code: "flags",
        needed: false,
        names: &["co", "flags", "flag", "loai", "dang ky", "hinh thuc", "type"],
    },
];

/// Entries that are staged in one chunk.
const CHUNK: usize = 20_000;
/// Entries between two looks at the clock.
const STEP: usize = 1_000;

/// Replaces the register by that of `as_of`.
///
/// # Errors
/// The file, a rule, the store, or the caller, who stopped it. The register on file stays then.
pub fn import_do_not_call(
    mut run: Run<'_>,
    mut source: Source,
    as_of: NaiveDate,
) -> Result<Report, ImportError> {
    let now = run.authorise(Permission::ManageLists)?;
    // On a simulated store the next command may come on any later day.
    if as_of > now.date() && !run.door.simulated() {
        return Err(refused(Refusal::FieldInvalid { field: "as_of", reason: "out_of_range" }));
    }
    let store = run.door.store().clone();
    let cancelled = run.cancelled;
    let place = store.bulk_place(&|| !cancelled.load(std::sync::atomic::Ordering::Relaxed));
    if run.is_cancelled() {
        return Err(ImportError::Cancelled);
    }
    let _place = place?;
    store.read(move |tx| refuse_older(do_not_call::as_of(tx)?, as_of))?;
    clear(&store)?;
    let outcome = stage(&mut run, &mut source, &store).and_then(|mut report| {
        let replaced = replace(&run, &report, as_of)?;
        report.unknown_columns = std::mem::take(&mut source.unknown);
        report.unchanged = report.accepted - replaced.added - replaced.changed;
        (report.accepted, report.updated, report.removed) =
            (replaced.added, replaced.changed, replaced.removed);
        Ok(report)
    });
    if outcome.is_err() {
        clear(&store)?;
    }
    outcome
}

fn refused(refusal: Refusal) -> ImportError {
    ImportError::Door(Error::Refused(refusal))
}

fn refuse_older(on_file: Option<NaiveDate>, as_of: NaiveDate) -> Result<(), Error> {
    match on_file {
        Some(day) if day > as_of => Err(Refusal::FieldInvalid { field: "as_of", reason: "older" }.into()),
        _ => Ok(()),
    }
}

fn clear(store: &Store) -> Result<(), Error> {
    store.bulk(|tx, _| -> Result<(), Error> { Ok(do_not_call::clear_load(tx)?) })
}

/// Reads everything into the staging table. The report counts staged rows as accepted.
fn stage(run: &mut Run<'_>, source: &mut Source, store: &Store) -> Result<Report, ImportError> {
    let layout = source.layout();
    let columns = [VOICE, SMS, FLAGS].map(|field| source.columns.get(field).copied().flatten().is_some());
    let mut report = Report::default();
    let mut seen: HashSet<u32> = HashSet::new();
    let mut entries: Vec<Entry> = Vec::with_capacity(CHUNK);
    let mut failed: Option<ImportError> = None;
    source.rows.for_each(&mut |row, share| {
        if run.is_cancelled() {
            failed = Some(ImportError::Cancelled);
            return ControlFlow::Break(());
        }
        if row.is_empty() {
            return ControlFlow::Continue(());
        }
        run.count(&mut report, share);
        let outcome = match entry(row, &layout, columns) {
            Ok(entry) if seen.insert((entry.phone.digits() % 1_000_000_000) as u32) => {
                report.accepted += 1;
                entries.push(entry);
                Ok(())
            }
            // The flags of a second row may be stricter: they are staged, too, and merged there.
            Ok(entry) => {
                entries.push(entry);
                run.reject(&mut report, row, Reason::DuplicateInFile)
            }
            Err(reason) => run.reject(&mut report, row, reason),
        };
        let outcome = outcome.map_err(ImportError::from).and_then(|()| {
            if entries.len() < CHUNK { Ok(()) } else { Ok(write(store, std::mem::take(&mut entries))?) }
        });
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    write(store, entries)?;
    if report.accepted == 0 {
        return Err(FileError::Empty.into());
    }
    run.finish_rejects()?;
    Ok(report)
}

/// Stages entries; in order of numbers, for that is the order of the table.
fn write(store: &Store, mut entries: Vec<Entry>) -> Result<(), Error> {
    entries.sort_unstable_by_key(|entry| entry.phone);
    let mut at = 0;
    while at < entries.len() {
        (entries, at) = store.bulk(move |tx, turn| -> Result<(Vec<Entry>, usize), Error> {
            let mut at = at;
            while at < entries.len() {
                let to = (at + STEP).min(entries.len());
                do_not_call::insert_load(tx, entries.get(at..to).unwrap_or_default())?;
                at = to;
                if turn.is_over() {
                    break;
                }
            }
            Ok((entries, at))
        })?;
    }
    Ok(())
}

/// The one transaction after which the new register counts, signed.
fn replace(run: &Run<'_>, report: &Report, as_of: NaiveDate) -> Result<Replaced, ImportError> {
    let signature = run.sign(Permission::ManageLists, "import_do_not_call");
    let detail = format!("as_of={as_of} {}", report.detail());
    let replaced = run.door.store().bulk(move |tx, _| -> Result<Replaced, Error> {
        refuse_older(do_not_call::as_of(tx)?, as_of)?;
        let now = signature.write(tx, "register:do_not_call".to_owned(), detail)?;
        Ok(do_not_call::replace(tx, as_of, now)?)
    })?;
    if replaced.added + replaced.changed > report.accepted {
        return Err(StoreError::internal("the register grew by more than was staged").into());
    }
    Ok(replaced)
}

fn entry(row: &Row, layout: &Layout, [has_voice, has_sms, has_flags]: [bool; 3]) -> Result<Entry, Reason> {
    if row.overlong {
        return Err(Reason::CellTooLong);
    }
    if layout.is_shifted(row) {
        return Err(Reason::CellsShifted);
    }
    let phone = PhoneNumber::parse(layout.get(row, PHONE)).map_err(Reason::Phone)?.number;
    let (mut voice, mut sms) = (!has_voice && !has_flags, !has_sms && !has_flags);
    if has_flags {
        let flags = text::fold(layout.get(row, FLAGS));
        if flags.chars().any(|c| c.is_alphabetic() && !matches!(c, 'v' | 's')) {
            return Err(Reason::FlagsUnreadable);
        }
        // A row on the register without a flag means both: nothing else would put it there.
        let none = !flags.contains(['v', 's']);
        (voice, sms) = (none || flags.contains('v'), none || flags.contains('s'));
    }
    if has_voice {
        voice |= flag(layout.get(row, VOICE)).ok_or(Reason::FlagsUnreadable)?;
    }
    if has_sms {
        sms |= flag(layout.get(row, SMS)).ok_or(Reason::FlagsUnreadable)?;
    }
    Ok(Entry { phone, voice, sms })
}

/// Yes, no or unreadable; empty means no.
fn flag(cell: &str) -> Option<bool> {
    match text::fold(cell).trim() {
        "" | "0" | "no" | "n" | "khong" | "k" | "false" | "-" => Some(false),
        "1" | "x" | "v" | "s" | "yes" | "y" | "co" | "c" | "true" => Some(true),
        _ => None,
    }
}
