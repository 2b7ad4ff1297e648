//! Stories of the schedule, by keys, answers and effects; and its snapshots.

mod booking;
mod fixture;
mod flags;
mod law;
mod patient;
mod pictures;
mod roster;
mod story;

use super::keys::BINDINGS;
use crate::domain::actor::Role;
use crate::domain::lang::Lang;
use crate::tui::keys::{clashes, missing_texts};
use fixture::Bench;

#[test]
fn keys_do_not_clash_and_have_their_words() {
    let bench = Bench::open(Role::Intake);
    let rows: Vec<_> = BINDINGS.iter().map(|row| row.row(bench.screen())).collect();
    assert_eq!(clashes(&rows), Vec::<String>::new());
    for lang in [Lang::Vi, Lang::En] {
        assert_eq!(missing_texts(&rows, lang), Vec::<String>::new());
    }
}
