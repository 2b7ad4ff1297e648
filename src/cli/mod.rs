//! The command line: argument types, wiring, exit codes.
//!
//! Deliberately absent: rules. Every command goes through the door.

pub mod args;
mod bench;
mod campaign;
mod campaign_args;
pub mod clock;
mod copy;
mod docs;
mod doctor;
pub mod exec;
pub mod fail;
mod handover;
mod import;
mod import_args;
mod init;
mod limits;
mod load;
mod log;
mod out;
pub mod paths;
mod people;
mod predecessor;
mod read;
mod report;
mod screens;
mod serve;
mod service;
mod session;
mod sessions;
mod staff;
mod task;
mod words;

use crate::domain::lang::Lang;
use args::{Action, Audit, Cli, Handover, HostKey, SessionWhat, Staff, Task};
use clap::FromArgMatches;
use fail::{Failure, OK};
use rustix::fs::Mode;
use rustix::process::umask;
use session::Session;
use signal_hook::consts::SIGXFSZ;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os().collect()))
}

/// Runs one command line and returns its public exit code.
pub fn run(arguments: Vec<OsString>) -> u8 {
    let lang = early_lang(&arguments);
    let json = arguments.iter().any(|argument| argument == "--json");
    log::catch_panics();
    outlive_file_limits();
    close_to_others();
    let outcome = match parse(&arguments, lang) {
        Err(failure) => Err(failure),
        Ok(cli) => {
            log::start(cli.global.log.as_deref());
            std::panic::catch_unwind(|| act(cli))
                .unwrap_or_else(|_| Err(crate::store::StoreError::internal("a command panicked").into()))
        }
    };
    match outcome {
        Ok(()) => OK,
        Err(failure) => {
            failure.say(lang, json);
            failure.exit_code()
        }
    }
}

/// Files that this process creates (stores, backups, lists, logs) are for their owner and group only.
fn close_to_others() {
    let own = umask(Mode::RWXO);
    umask(own | Mode::RWXO);
}

/// A file-size limit (`ulimit -f`) then ends in a failed write, which is reported, and not in a killed process.
fn outlive_file_limits() {
    if let Err(error) = signal_hook::flag::register(SIGXFSZ, Arc::default()) {
        tracing::warn!(%error, "a file-size limit would end the process");
    }
}

/// The language is needed before the arguments are parsed, for help and usage errors.
fn early_lang(arguments: &[OsString]) -> Lang {
    let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let after = texts.iter().position(|text| *text == "--lang").and_then(|at| texts.get(at + 1)).copied();
    let joined = texts.iter().find_map(|text| text.strip_prefix("--lang="));
    after
        .or(joined)
        .and_then(Lang::parse)
        .or_else(|| std::env::var("TONGDAI_LANG").ok().and_then(|text| Lang::parse(&text)))
        .unwrap_or_default()
}

fn parse(arguments: &[OsString], lang: Lang) -> Result<Cli, Failure> {
    words::command(lang)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| {
            if error.use_stderr() {
                return words::usage(&error, lang);
            }
            let text = error.render();
            let mut stdout = std::io::stdout();
            let _ = if stdout.is_terminal() {
                write!(stdout, "{}", text.ansi())
            } else {
                write!(stdout, "{text}")
            };
            Failure::Printed(OK)
        })
}

fn act(cli: Cli) -> Result<(), Failure> {
    let session = Session::new(cli.global);
    if cli.idle_lock.is_some() && cli.command.is_some() {
        return Err(Failure::usage("unknown_argument", "--idle-lock", session.lang));
    }
    match cli.command {
        None => screens::open(&session, cli.idle_lock.and_then(limits::after)),
        Some(Action::Demo(args)) => screens::demo(&session, &args),
        Some(Action::Tutor(args)) => screens::tutor(&session, &args),
        Some(Action::Init(args)) => init::init(&session, &args),
        Some(Action::Import { what }) => import::run(&session, &what),
        Some(Action::Staff { what }) => match what {
            Staff::Add(args) => staff::add(&session, &args),
            Staff::List => staff::list(&session),
            Staff::Disable { id } => staff::disable(&session, &id),
            Staff::ClearPin { id } => staff::clear_pin(&session, &id),
            Staff::Key { id, what } => staff::key(&session, &id, &what),
        },
        Some(Action::Campaign { what }) => campaign::run(&session, &what),
        Some(Action::Session { what }) => match what {
            SessionWhat::List => sessions::list(&session),
            SessionWhat::End { id } => sessions::end(&session, id),
            SessionWhat::Broadcast { text } => sessions::broadcast(&session, text),
        },
        Some(Action::Exec(args)) => execute(&session, &args),
        Some(Action::Query(args)) => read::query(&session, &args),
        Some(Action::Handover { what }) => match what {
            Handover::Send { out } => handover::send(&session, &out),
            Handover::Ack { batch, returned } => handover::acknowledge(&session, batch, returned.as_deref()),
        },
        Some(Action::List(args)) => people::run(&session, &args),
        Some(Action::Task { what }) => match what {
            Task::List { mine, closed } => task::list(&session, mine, closed),
            Task::Show { task } => task::show(&session, task),
            Task::Assign { task, staff } => task::assign(&session, task, staff),
            Task::Close { task, note } => task::close(&session, task, note),
        },
        Some(Action::Report(args)) => read::report(&session, &args),
        Some(Action::Check) => read::check(&session),
        Some(Action::Doctor(args)) => doctor::run(&session, &args),
        Some(Action::Audit { what }) => match what {
            Audit::Show { limit } => read::audit_show(&session, limit),
            Audit::Verify => read::audit_verify(&session),
        },
        Some(Action::Backup(args)) => copy::backup(&session, &args),
        Some(Action::Restore(args)) => copy::restore(&session, &args),
        Some(Action::Migrate(args)) => copy::migrate(&session, &args),
        Some(Action::Grants(args)) => copy::grants(&session, &args),
        Some(Action::Bench(args)) => bench::run(&session, &args),
        Some(Action::Load(args)) => load::run(&session, &args),
        Some(Action::Serve(args)) => serve::serve(&session, &args),
        Some(Action::HostKey { what }) => match what {
            HostKey::Show(args) => serve::show_host_key(&session, &args),
            HostKey::Rotate(args) => serve::rotate_host_key(&session, &args),
        },
        Some(Action::Completions(args)) => {
            let mut command = words::command(session.lang);
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut command, "tongdai", &mut script);
            session.out.line(String::from_utf8_lossy(&script).trim_end())
        }
        Some(Action::Man) => docs::man(&session),
        Some(Action::Docs(args)) => docs::write(&session, &args.folder),
    }
}

fn execute(session: &Session, args: &args::Exec) -> Result<(), Failure> {
    if args.schema {
        return session.out.json(&exec::schema());
    }
    let input: Box<dyn BufRead + Send> = if args.file.as_os_str() == "-" {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let file = std::fs::File::open(&args.file)
            .map_err(|error| Failure::io(&error, &args.file.display().to_string(), session.lang))?;
        Box::new(BufReader::new(file))
    };
    let door = session.open()?;
    exec::run(&door, &session.staff(), input, session.lang, &session.out)
}
