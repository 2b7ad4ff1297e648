//! Runs `tongdai load`: starts a server or drives a given one, and prints each figure as it is measured.

use super::args::Load;
use super::fail::Failure;
use super::limits::open_files;
use super::session::Session;
use crate::load::{self, Host, LoadError, Plan, Target};
use crate::store::StoreError;
use std::time::Duration;

/// Open files of the driver beside one for each connection.
const FILES: u64 = 256;
/// Customers on the list of an own server for each agent and round of work.
const CUSTOMERS_EACH: f64 = 4.0;
/// Seconds that a round of work takes at one key per second.
const ROUND_KEYS: f64 = 14.0;

/// Drives the server.
pub fn run(session: &Session, args: &Load) -> Result<(), Failure> {
    let length = Duration::from_secs_f64(args.minutes * 60.0);
    let typing = args.typing.unwrap_or(args.sessions.div_ceil(10)).min(args.sessions);
    let plan = Plan {
        sessions: args.sessions,
        typing,
        rate: args.rate,
        length,
        rounds: args.rounds.unwrap_or(u32::MAX),
        silent: args.silent,
        redraws: args.redraws,
    };
    let files = u64::from(args.sessions + args.silent) + FILES;
    if open_files(files) < files {
        tracing::warn!(event = "few_files", want = files);
    }
    let failed = |trouble: LoadError| failure(trouble, session);
    let target = match (&args.host, &args.keys) {
        (Some(name), Some(keys)) => {
            let host = Host { name: name.clone(), port: args.port, user: "load".to_owned() };
            Target::given(host, keys)
        }
        (Some(_), None) => return Err(Failure::usage("load_keys", "", session.lang)),
        (None, _) => {
            let rounds = (length.as_secs_f64() * args.rate / ROUND_KEYS).min(f64::from(plan.rounds)) + 1.0;
            let customers = (f64::from(typing) * rounds * CUSTOMERS_EACH) as u32;
            let program =
                std::env::current_exe().map_err(|error| Failure::io(&error, "tongdai", session.lang))?;
            Target::start(&program, args.sessions, args.silent, customers.clamp(1000, 500_000))
        }
    }
    .map_err(failed)?;
    let mut printed = Ok(());
    load::run(&plan, &target, |figure| {
        let outcome =
            if session.global.json { session.out.json(figure) } else { session.out.line(&figure.line()) };
        if printed.is_ok() {
            printed = outcome;
        }
    })
    .map_err(failed)?;
    printed
}

fn failure(trouble: LoadError, session: &Session) -> Failure {
    match trouble {
        LoadError::Io(error) => Failure::io(&error, "ssh", session.lang),
        LoadError::Store(error) => error.into(),
        other => StoreError::Unreachable { what: other.to_string() }.into(),
    }
}
