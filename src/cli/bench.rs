//! `tongdai bench`: prints each figure as it is measured.

use super::args::Bench;
use super::fail::Failure;
use super::paths;
use super::session::Session;
use crate::bench;
use crate::store::Place;

/// Runs the named benchmarks.
pub fn run(session: &Session, args: &Bench) -> Result<(), Failure> {
    if let Some(unknown) = args.names.iter().find(|name| !bench::NAMES.contains(&name.as_str())) {
        return Err(Failure::usage("no_bench", unknown, session.lang));
    }
    let server = match paths::store_place(session.global.store.as_deref())? {
        Place::Server(address) => Some(*address),
        Place::File(_) => None,
    };
    if server.is_none() && args.names.iter().any(|name| name == "server") {
        return Err(Failure::usage("bench_server", "", session.lang));
    }
    let mut printed = Ok(());
    bench::run(&args.names, args.customers, server.as_ref(), |figure| {
        let outcome =
            if session.global.json { session.out.json(figure) } else { session.out.line(&figure.line()) };
        if printed.is_ok() {
            printed = outcome;
        }
    })?;
    printed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn the_help_names_every_benchmark_and_no_other() {
        for lang in [Lang::Vi, Lang::En] {
            let help = rust_i18n::t!("cli.bench.arg.names", locale = lang.code());
            let (_, names) = help.split_once(": ").unwrap();
            let (names, _) = names.split_once(" (").unwrap();
            assert_eq!(names.split(' ').collect::<Vec<_>>(), bench::NAMES);
        }
    }
}
