//! Runs `tongdai import …`: files go through the one import path, with a progress bar on a terminal and a report at
//! the end; Ctrl-C leaves nothing behind.

use super::fail::Failure;
use super::import_args::{Import, ImportCustomers, ImportDoNotCall, ImportFile};
use super::screens::progress_bar;
use super::session::Session;
use crate::domain::time::Timestamp;
use crate::exchange::rejects::RejectsFile;
use crate::exchange::table;
use crate::usecase::Door;
use crate::usecase::import::{
    self, ImportError, Progress, Rejects, Report, Run, customers, do_not_call, doctors, fanpage,
    import_customers, import_do_not_call, import_doctors, import_fanpage,
};
use indicatif::ProgressBar;
use signal_hook::consts::{SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Runs one import.
pub fn run(session: &Session, what: &Import) -> Result<(), Failure> {
    let door = session.open()?;
    import::sweep(door.store())?;
    let report = match what {
        Import::Customers(args) => load_customers(session, &door, args)?,
        Import::DoNotCall(args) => load_register(session, &door, args)?,
        Import::Fanpage(args) => with_file(session, &door, args, &fanpage::FIELDS, import_fanpage)?,
        Import::Doctors(args) => with_file(session, &door, args, &doctors::FIELDS, import_doctors)?,
    };
    tell(session, &report)
}

fn load_customers(session: &Session, door: &Door, args: &ImportCustomers) -> Result<Report, Failure> {
    let sms_sent_at = args
        .sms_sent_at
        .as_deref()
        .map(|text| {
            customers::read_time(text).ok_or_else(|| Failure::usage("not_a_time", text, session.lang))
        })
        .transpose()?;
    let source = table::open(&args.file, args.sheet.as_deref(), &customers::FIELDS)
        .map_err(|error| failed(session, &error.into()))?;
    let options = customers::Options {
        evidence: args.opt_in_evidence.clone().unwrap_or_default(),
        sms_sent_at,
        dry_run: args.dry_run,
    };
    let mut rejects = args
        .rejects
        .as_deref()
        .map(|path| RejectsFile::create(path, &source.header, session.lang))
        .transpose()
        .map_err(|error| failed(session, &error.into()))?;
    watched(session, door, rejects.as_mut(), |run| import_customers(run, source, &options))
}

fn load_register(session: &Session, door: &Door, args: &ImportDoNotCall) -> Result<Report, Failure> {
    let source = table::open(&args.file, None, &do_not_call::FIELDS)
        .map_err(|error| failed(session, &error.into()))?;
    watched(session, door, None, |run| import_do_not_call(run, source, args.as_of, args.force))
}

fn with_file(
    session: &Session,
    door: &Door,
    args: &ImportFile,
    fields: &[import::source::Field],
    load: impl FnOnce(Run<'_>, import::source::Source) -> Result<Report, ImportError>,
) -> Result<Report, Failure> {
    let source = table::open(&args.file, None, fields).map_err(|error| failed(session, &error.into()))?;
    watched(session, door, None, |run| load(run, source))
}

/// Runs a load with a progress bar; Ctrl-C stops it.
fn watched(
    session: &Session,
    door: &Door,
    rejects: Option<&mut RejectsFile>,
    load: impl for<'r> FnOnce(Run<'r>) -> Result<Report, ImportError>,
) -> Result<Report, Failure> {
    let stopped = stopped_by_signals(session)?;
    let bar: ProgressBar = progress_bar();
    bar.set_message(session.say("cli.result.importing", &[]));
    let mut progress = |progress: Progress| bar.set_position(u64::from(progress.share));
    let now: Timestamp = Session::now(door);
    let run = Run {
        door,
        staff: session.staff(),
        now,
        rejects: rejects.map(|file| file as &mut dyn Rejects),
        progress: &mut progress,
        cancelled: &stopped,
    };
    let outcome = load(run);
    bar.finish_and_clear();
    outcome.map_err(|error| failed(session, &error))
}

/// Set by Ctrl-C, instead of the end of the process.
pub(super) fn stopped_by_signals(session: &Session) -> Result<Arc<AtomicBool>, Failure> {
    let stopped = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stopped))
            .map_err(|error| Failure::io(&error, "signal", session.lang))?;
    }
    Ok(stopped)
}

fn failed(session: &Session, error: &ImportError) -> Failure {
    match error {
        ImportError::Door(error) => Failure::Door(error.clone()),
        other => Failure::Usage {
            kind: other.kind(),
            message: other.message(session.lang),
            hint: other.hint(session.lang),
        },
    }
}

fn tell(session: &Session, report: &Report) -> Result<(), Failure> {
    if session.global.json {
        return session.out.json(report);
    }
    let facts = [
        ("read", report.read.to_string()),
        ("accepted", report.accepted.to_string()),
        ("updated", report.updated.to_string()),
        ("unchanged", report.unchanged.to_string()),
        ("rejected", report.rejected_rows().to_string()),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    session.out.line(&session.say("cli.result.imported", &facts))?;
    for (code, count) in report.rejected.iter().chain(&report.warnings) {
        session.out.line(&format!("  {count:>9}  {}", reason(session, code)))?;
    }
    if !report.unknown_columns.is_empty() {
        let columns = report.unknown_columns.join(", ");
        session.out.line(&session.say("cli.result.columns_ignored", &[("columns", &columns)]))?;
    }
    Ok(())
}

/// A reason in the summary: its short text, or that of the rule that refused.
fn reason(session: &Session, code: &str) -> String {
    [format!("cli.reason.{code}"), format!("refusal.{code}.message")]
        .iter()
        .map(|key| (key, session.say(key, &[])))
        .find(|(key, text)| *key != text)
        .map_or_else(|| code.to_owned(), |(_, text)| text)
}
