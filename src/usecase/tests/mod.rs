//! Commands that meet: threads that want the same seat, slot, customer or row at the same moment. Whatever order the
//! store gives them, every command gets a receipt or a refusal, each thing is given once, and the check finds
//! nothing. In memory they run one after another; on a server they run side by side. And what every role reads of it all
//! (`visibility`).

mod calls;
mod care;
mod desk;
mod seats;
mod storm;
mod visibility;

use super::check::check;
use super::command::Command;
use super::ctx::When;
use super::door::{Door, Request};
use super::error::Error;
use super::fixture::id;
use super::receipt::Receipt;
use crate::domain::time::Timestamp;
use std::sync::Barrier;

type Outcome = Result<Receipt, Error>;

/// Runs all commands at once, at the store's own time; returns the outcome of each, in the order of `wants`.
fn meet<'w>(door: &Door, wants: impl IntoIterator<Item = (&'w str, Command)>) -> Vec<Outcome> {
    meet_under(door, wants.into_iter().map(|(who, command)| (None, who, command)).collect())
}

/// The same with operation ids.
fn meet_under(door: &Door, wants: Vec<(Option<&str>, &str, Command)>) -> Vec<Outcome> {
    let start = Barrier::new(wants.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = wants
            .into_iter()
            .map(|(op, who, command)| {
                let (door, start) = (door.clone(), &start);
                let request = Request {
                    op: op.map(str::to_owned),
                    staff: id(who),
                    when: When::Now(Timestamp::ZERO),
                    command,
                };
                scope.spawn(move || {
                    start.wait();
                    door.execute(request)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// How many got a receipt; the others got a refusal, and the store is sound.
fn done(door: &Door, outcomes: &[Outcome]) -> usize {
    for outcome in outcomes {
        assert!(matches!(outcome, Ok(_) | Err(Error::Refused(_))), "{outcome:?}");
    }
    assert_eq!(check(door).unwrap(), [], "after {outcomes:?}");
    outcomes.iter().filter(|outcome| outcome.is_ok()).count()
}

/// The rules that refused.
fn rules(outcomes: &[Outcome]) -> Vec<&'static str> {
    let refused = outcomes.iter().filter_map(|outcome| match outcome {
        Err(Error::Refused(refusal)) => Some(refusal.rule()),
        _ => None,
    });
    let mut rules: Vec<_> = refused.collect();
    rules.sort_unstable();
    rules
}
