//! The national Do-Not-Call register as of a day (T6). It replaces the one on file as a whole, in one
//! transaction: staged first, then compared. Rows that are no mobile numbers are left out, for we call none.
//!
//! Invariants: a register of a day to come is refused, and one older than that on file unless it corrects a wrong date
//! outright; a file without one usable row never empties the register; it fails closed: a row whose number reads and
//! whose flags, extra cell or second number do not counts as "no calls, no messages", with a warning.

use super::report::{Reason, Report, Warning};
use super::source::{Field, FileError, Layout, PHONE_NAMES, Row, Source};
use super::{Error, ImportError, Run};
use crate::domain::actor::Permission;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::domain::task::{TaskAbout, TaskKind};
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::store::do_not_call::{self, Entry, Replaced};
use crate::store::{Store, StoreError, Topics, meta, task};
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

/// Replaces the register by that of `as_of`. `correcting` takes one that is older than that on file, whose date was
/// wrong.
///
/// # Errors
/// The file, a rule, the store, or the caller, who stopped it. The register on file stays then.
pub fn import_do_not_call(
    mut run: Run<'_>,
    mut source: Source,
    as_of: NaiveDate,
    correcting: bool,
) -> Result<Report, ImportError> {
    let now = run.authorise(Permission::ManageLists)?;
    if as_of > last_day(&run, now)? {
        return Err(refused(Refusal::FieldInvalid { field: "as_of", reason: "to_come" }));
    }
    let store = run.door.store().clone();
    let cancelled = run.cancelled;
    let place = store.bulk_place(&|| !cancelled.load(std::sync::atomic::Ordering::Relaxed));
    if run.is_cancelled() {
        return Err(ImportError::Cancelled);
    }
    let _place = place?;
    store.read(move |tx| refuse_older(do_not_call::as_of(tx)?, as_of, correcting, now))?;
    clear(&store)?;
    let outcome = stage(&mut run, &mut source, &store).and_then(|mut report| {
        let replaced = replace(&run, &report, as_of, correcting)?;
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

/// The latest day that a register may be of: the store's own. A simulated store whose time has not begun may be about to
/// begin on any day of its registration.
fn last_day(run: &Run<'_>, now: Timestamp) -> Result<NaiveDate, ImportError> {
    let has_begun = !run.door.simulated()
        || run.door.store().read(|tx| -> Result<bool, Error> { Ok(meta::clock(tx)?.is_some()) })?;
    Ok(if has_begun { now.date() } else { now.date().max(run.door.campaign().registration.to) })
}

/// A date on file that lies in the future is wrong, whatever corrects it.
fn refuse_older(
    on_file: Option<NaiveDate>,
    as_of: NaiveDate,
    correcting: bool,
    now: Timestamp,
) -> Result<(), Error> {
    match on_file {
        Some(day) if day > as_of && day <= now.date() && !correcting => {
            Err(Refusal::FieldInvalid { field: "as_of", reason: "older" }.into())
        }
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
        let outcome = match read(row, &layout, columns) {
            Ok(Entries { numbers, voice, sms, doubt }) => {
                // A cell with two numbers is two rows of the register.
                report.read += numbers.len() as u64 - 1;
                for warning in doubt {
                    report.warn(warning);
                }
                numbers.into_iter().try_for_each(|phone| {
                    // The flags of a second row may be stricter: they are staged, too, and merged there.
                    entries.push(Entry { phone, voice, sms });
                    if seen.insert((phone.digits() % 1_000_000_000) as u32) {
                        report.accepted += 1;
                        return Ok(());
                    }
                    run.reject(&mut report, row, Reason::DuplicateInFile)
                })
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
fn replace(
    run: &Run<'_>,
    report: &Report,
    as_of: NaiveDate,
    correcting: bool,
) -> Result<Replaced, ImportError> {
    let signature = run.sign(Permission::ManageLists, "import_do_not_call");
    let detail = format!("as_of={as_of} {}", report.detail());
    let by = run.staff.clone();
    let replaced = run.door.store().bulk(move |tx, _| -> Result<Replaced, Error> {
        let on_file = do_not_call::as_of(tx)?;
        let now = signature.write(tx, "register:do_not_call".to_owned(), detail)?;
        refuse_older(on_file, as_of, correcting, now)?;
        if let Some(expiring) = task::find_open(tx, TaskKind::RegisterExpiring, TaskAbout::Register)?
            && task::close(tx, expiring, None, &by, now)?
        {
            tx.touch(Topics::TASKS);
        }
        Ok(do_not_call::replace(tx, as_of, now)?)
    })?;
    if replaced.added + replaced.changed > report.accepted {
        return Err(StoreError::internal("the register grew by more than was staged").into());
    }
    Ok(replaced)
}

/// What a row says: of one number, or of each in its cell.
struct Entries {
    numbers: Vec<PhoneNumber>,
    voice: bool,
    sms: bool,
    /// Why the row counts as "no calls, no messages" without saying so.
    doubt: Vec<Warning>,
}

/// Reads a row. It is left out only when no number reads.
fn read(row: &Row, layout: &Layout, columns: [bool; 3]) -> Result<Entries, Reason> {
    let cell = layout.get(row, PHONE);
    let (numbers, several) = match PhoneNumber::parse(cell) {
        Ok(parsed) => (vec![parsed.number], false),
        Err(error) => {
            let numbers = numbers_in(cell);
            if numbers.is_empty() {
                return Err(Reason::Phone(error));
            }
            let several = numbers.len() > 1;
            (numbers, several)
        }
    };
    let mut doubt = Vec::new();
    doubt.extend(several.then_some(Warning::PhoneSeveral));
    doubt.extend(row.overlong.then_some(Warning::CellTooLong));
    doubt.extend(layout.is_shifted(row).then_some(Warning::CellsShifted));
    let flags = flags(row, layout, columns);
    doubt.extend(flags.is_none().then_some(Warning::FlagsUnreadable));
    let (voice, sms) = flags.filter(|_| doubt.is_empty()).unwrap_or((true, true));
    Ok(Entries { numbers, voice, sms, doubt })
}

/// Every number in a cell that is not one number: between other signs than those that numbers are written with.
fn numbers_in(cell: &str) -> Vec<PhoneNumber> {
    let mut numbers: Vec<PhoneNumber> = cell
        .split(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '.' | '-' | '(' | ')' | '\u{a0}')))
        .filter_map(|piece| PhoneNumber::parse(piece).ok())
        .map(|parsed| parsed.number)
        .collect();
    numbers.dedup();
    numbers
}

/// The flags for calls and for messages; none when they cannot be read.
fn flags(row: &Row, layout: &Layout, [has_voice, has_sms, has_flags]: [bool; 3]) -> Option<(bool, bool)> {
    let (mut voice, mut sms) = (!has_voice && !has_flags, !has_sms && !has_flags);
    if has_flags {
        let flags = text::fold(layout.get(row, FLAGS));
        if flags.chars().any(|c| c.is_alphabetic() && !matches!(c, 'v' | 's')) {
            return None;
        }
        // A row on the register without a flag means both: nothing else would put it there.
        let none = !flags.contains(['v', 's']);
        (voice, sms) = (none || flags.contains('v'), none || flags.contains('s'));
    }
    if has_voice {
        voice |= flag(layout.get(row, VOICE))?;
    }
    if has_sms {
        sms |= flag(layout.get(row, SMS))?;
    }
    Some((voice, sms))
}

/// Yes, no or unreadable; empty means no.
fn flag(cell: &str) -> Option<bool> {
    match text::fold(cell).trim() {
        "" | "0" | "no" | "n" | "khong" | "k" | "false" | "-" => Some(false),
        "1" | "x" | "v" | "s" | "yes" | "y" | "co" | "c" | "true" => Some(true),
        _ => None,
    }
}
