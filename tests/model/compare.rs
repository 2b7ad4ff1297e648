//! Compares store and model, step by step.

use crate::plain::{Plain, STORED};
use crate::step::{self, Begun, Step};
use crate::{fixture, play};
use proptest::prelude::*;
use tongdai::domain::id::StaffId;
use tongdai::usecase::{Door, Error, Receipt, Request, When};

/// Seats at the beginning: few enough that they run out.
const SEATS: i64 = 4;

fn stored(door: &Door) -> Vec<String> {
    STORED.into_iter().flat_map(|sql| fixture::lines(door, sql)).collect()
}

/// Takes one step in both worlds and compares them.
fn take(door: &Door, model: &mut Plain, before: &mut Vec<String>, step: &Step) {
    model.now = model.now.plus_minutes(step.minutes_later);
    // What a refused command found done on its way is not done.
    let unreleased = model.clone();
    model.release_due();
    let Some(play::Plan { actor, command, outcome }) = play::plan(model, step) else {
        *model = unreleased;
        return;
    };
    let staff = StaffId(actor.to_owned());
    let result =
        door.execute(Request { op: None, staff, when: When::At(model.now), command: command.clone() });
    let after = fixture::state(door);
    match (result, outcome) {
        (Err(Error::Refused(refusal)), Err(rule)) => {
            assert_eq!(refusal.rule(), rule, "{actor}: {command:?}");
            assert_eq!(&after, before, "refused and yet something changed: {command:?}");
            *model = unreleased;
        }
        (Ok(receipt), Ok(change)) => {
            change(model, &receipt);
            if matches!(receipt, Receipt::Claimed { .. } | Receipt::NothingDue { .. }) {
                let closed: Vec<i64> =
                    fixture::lines(door, "SELECT id FROM matter WHERE reason = 'opted_out'")
                        .iter()
                        .map(|line| line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap())
                        .filter(|id| model.matters[id].is_open())
                        .collect();
                play::follow_closed(model, &closed);
            }
        }
        (result, outcome) => {
            panic!("{actor}: {command:?}\nthe door: {result:?}\nthe model: {:?}", outcome.map(|_| "yes"));
        }
    }
    *before = after;
    assert_eq!(stored(door), model.lines(), "after {actor}: {command:?}");
    model.check();
}

fn tell(begun: Begun, steps: &[Step]) {
    let door = fixture::hotline_of(SEATS, true);
    let mut model = Plain::new(SEATS, fixture::PHONES.len() as i64, fixture::at("2026-12-01T08:30"));
    let mut before = fixture::state(&door);
    for step in begun.steps().iter().chain(steps) {
        take(&door, &mut model, &mut before, step);
    }
    assert_eq!(tongdai::usecase::check::check(&door).unwrap(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_store_says_what_the_paper_says(
        begun in step::begun(),
        steps in prop::collection::vec(step::step(), 1..45),
    ) {
        tell(begun, &steps);
    }
}
