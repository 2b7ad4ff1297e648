//! Tests PINs through the door: set once, tried a few times, removed by the actor who manages the staff member.

use super::super::command::{Command, StaffRef};
use super::super::door::Door;
use super::super::fixture::{at, hotline, id, number, rule, run};
use super::{BLOCK_MS, MOST_TRIES, Tried};
use crate::domain::pin::Pin;
use crate::domain::time::Timestamp;

fn now() -> Timestamp {
    at("2026-12-02T09:00")
}

fn pin(digits: &str) -> Pin {
    Pin::parse(digits).unwrap()
}

fn with_pin() -> Door {
    let door = hotline();
    assert!(!door.has_pin(&id("lan")).unwrap());
    door.set_pin(&id("lan"), now(), &pin("2408")).unwrap();
    assert!(door.has_pin(&id("lan")).unwrap() && !door.has_pin(&id("minh")).unwrap());
    door
}

fn try_pin(door: &Door, digits: &str, when: Timestamp) -> Tried {
    door.try_pin(&id("lan"), when, &pin(digits)).unwrap()
}

#[test]
fn wrong_tries_are_counted_and_a_right_one_begins_anew() {
    let door = with_pin();
    assert_eq!(try_pin(&door, "2409", now()), Tried::Wrong { left: MOST_TRIES - 1 });
    assert_eq!(try_pin(&door, "2408", now()), Tried::Right);
    assert_eq!(try_pin(&door, "2409", now()), Tried::Wrong { left: MOST_TRIES - 1 });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'unlock_failed'"), 2);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action IN ('unlock', 'set_pin')"), 2);
}

#[test]
fn after_five_wrong_ones_even_the_right_digits_wait() {
    let door = with_pin();
    for left in (0..MOST_TRIES).rev() {
        assert_eq!(try_pin(&door, "2409", now()), Tried::Wrong { left });
    }
    let until = now().plus_ms(BLOCK_MS);
    assert_eq!(try_pin(&door, "2408", until.plus_ms(-1)), Tried::Blocked { until });
    assert_eq!(try_pin(&door, "2408", until), Tried::Right);
}

#[test]
fn a_pin_is_set_once_and_cleared_by_a_role_that_manages_the_person() {
    let door = with_pin();
    assert_eq!(rule(door.set_pin(&id("lan"), now(), &pin("1357"))), "conflict");
    let clear = |who: &str| run(&door, who, now(), Command::ClearPin(StaffRef { id: id("lan") }));
    assert_eq!(rule(clear("minh")), "forbidden");
    assert_eq!(rule(clear("quan")), "forbidden");
    clear("ha").unwrap();
    assert_eq!(rule(clear("ha")), "no_such_row");
    assert_eq!(try_pin(&door, "2408", now()), Tried::Unset);
    door.set_pin(&id("lan"), now(), &pin("1357")).unwrap();
    assert_eq!(try_pin(&door, "1357", now()), Tried::Right);
}

#[test]
fn who_leaves_takes_their_pin_along() {
    let door = with_pin();
    run(&door, "ha", now(), Command::DisableStaff(StaffRef { id: id("lan") })).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM staff_pin"), 0);
    assert_eq!(rule(door.set_pin(&id("lan"), now(), &pin("1357"))), "no_such_row");
}
