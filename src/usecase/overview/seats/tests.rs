//! Seats and the status line as people see them.

use crate::domain::time::Timestamp;
use crate::usecase::command::{CancelRegistration, Command, Pause, PauseCode};
use crate::usecase::door::Door;
use crate::usecase::fixture::{CUSTOMERS, ask, at, hotline, hotline_with, register, run};
use crate::usecase::model::count::{QuotaModel, StatusLine};
use crate::usecase::query::{Query, Snapshot};

fn now() -> Timestamp {
    at("2026-12-02T09:00")
}

fn quota(door: &Door, when: Timestamp) -> QuotaModel {
    match ask(door, "lan", when, Query::Quota {}).unwrap() {
        Snapshot::Quota(model) => model,
        other => panic!("{other:?}"),
    }
}

fn status(door: &Door, staff: &str, when: Timestamp) -> StatusLine {
    match ask(door, staff, when, Query::Status {}).unwrap() {
        Snapshot::Status(line) => line,
        other => panic!("{other:?}"),
    }
}

#[test]
fn registration_is_closed_by_the_last_seat_or_by_the_last_day() {
    let door = hotline_with(1);
    assert_eq!(quota(&door, now()).closed_by, None);
    let first = register(&door, now(), CUSTOMERS[0].0);
    register(&door, now(), CUSTOMERS[1].0);
    let full = quota(&door, now());
    assert_eq!(
        (full.quota, full.taken, full.waitlisted, full.closed_by.as_deref()),
        (1, 1, 1, Some("quota"))
    );
    let open = hotline();
    assert_eq!(quota(&open, at("2026-12-15T23:59")).closed_by, None);
    assert_eq!(quota(&open, at("2026-12-16T00:00")).closed_by.as_deref(), Some("date"));
    let cancel = CancelRegistration { registration: first, reason: "bận".to_owned() };
    run(&door, "ha", at("2026-12-20T09:00"), Command::CancelRegistration(cancel)).unwrap();
    assert_eq!(quota(&door, at("2026-12-20T09:00")).closed_by.as_deref(), Some("quota"), "it came first");
}

#[test]
fn the_status_line_tells_seats_days_and_the_own_queue() {
    let door = hotline();
    let line = status(&door, "lan", now());
    assert_eq!((line.days_left, line.due, line.promised, line.overdue), (14, 8, 0, 0));
    assert!(line.simulated && line.store_time.is_none() && line.paused.is_none(), "its clock has not begun");
    assert_eq!(status(&door, "thu", now()).due, 0, "Vinmec's queue is the intake");
    run(&door, "lan", now(), Command::Pause(Pause { reason: PauseCode::Meal })).unwrap();
    let line = status(&door, "lan", now());
    assert_eq!((line.paused.as_deref(), line.store_time), (Some("meal"), Some(now())));
    assert_eq!(status(&door, "lan", at("2026-12-16T00:00")).days_left, 0);
}
