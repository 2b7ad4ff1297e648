//! `tongdai bench`: prints each figure as it is measured.

use super::args::Bench;
use super::fail::Failure;
use super::session::Session;
use crate::bench;

/// Runs the named benchmarks.
pub fn run(session: &Session, args: &Bench) -> Result<(), Failure> {
    if let Some(unknown) = args.names.iter().find(|name| !bench::NAMES.contains(&name.as_str())) {
        return Err(Failure::usage("no_bench", unknown, session.lang));
    }
    let mut told = Ok(());
    bench::run(&args.names, args.customers, |figure| {
        let outcome =
            if session.global.json { session.out.json(figure) } else { session.out.line(&figure.line()) };
        if told.is_ok() {
            told = outcome;
        }
    })?;
    told
}
