//! The booking desk through the door.

mod booking;
mod consultation;
mod storm;

use crate::usecase::command::Command;
use crate::usecase::door::Door;
use crate::usecase::fixture::{at, rule, run, state};

/// The rule that refuses a command, which leaves every row as it was.
fn refused(door: &Door, who: &str, when: &str, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, who, at(when), command));
    assert_eq!(state(door), before, "{rule} changed something");
    rule
}
