//! Taking back a registration or a cancellation, and restoring one.

use crate::domain::disposition::Disposition;
use crate::domain::id::{BatchId, MatterId, RegistrationId};
use crate::domain::time::Timestamp;
use crate::usecase::check::check;
use crate::usecase::command::{
    Accept, Acknowledge, CancelRegistration, Channel, Command, CorrectRegistration, Nothing,
    ReactivateRegistration, Register, RegistrationRef, Returned, SetQuota,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{
    CUSTOMERS, at, claim, ended, form, hotline, hotline_with, number, register, rule, run, state,
};
use crate::usecase::intake::fixture::{booked, cases};
use crate::usecase::receipt::Receipt;

fn morning() -> Timestamp {
    at("2026-12-02T09:00")
}

fn soon() -> Timestamp {
    at("2026-12-02T09:02")
}

fn undo(id: RegistrationId) -> Command {
    Command::UndoRegistration(RegistrationRef { registration: id })
}

fn undo_cancel(id: RegistrationId) -> Command {
    Command::UndoCancel(RegistrationRef { registration: id })
}

fn restore(id: RegistrationId) -> Command {
    Command::ReactivateRegistration(ReactivateRegistration {
        registration: id,
        reason: "hủy nhầm".to_owned(),
    })
}

fn cancel(door: &Door, staff: &str, when: Timestamp, id: RegistrationId) -> Receipt {
    let command =
        Command::CancelRegistration(CancelRegistration { registration: id, reason: "bận".to_owned() });
    run(door, staff, when, command).unwrap()
}

fn inbound(customer: usize) -> Command {
    Command::Register(form(CUSTOMERS[customer].0, Channel::Inbound9090))
}

fn refused(door: &Door, staff: &str, now: Timestamp, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, staff, now, command));
    assert_eq!(before, state(door), "{rule} changed rows");
    rule
}

#[test]
fn a_registration_that_was_taken_back_was_never_made_and_the_customer_registers_again() {
    let door = hotline_with(1);
    let untouched = number(&door, "SELECT COUNT(*) FROM matter WHERE state = 'waiting'");
    let id = register(&door, morning(), CUSTOMERS[0].0);
    let next = register(&door, morning(), CUSTOMERS[1].0);
    let receipt = run(&door, "lan", soon(), undo(id)).unwrap();
    let expected = Receipt::RegistrationUndone { seat_freed: true, promoted: Some(next), lease_until: None };
    assert_eq!(receipt, expected);
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM consent WHERE registration = 1 AND withdrawn_at IS NULL"),
        0
    );
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE customer = 1"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE state = 'waiting'"), untouched - 1);
    assert_eq!(check(&door).unwrap(), []);
    let again = run(&door, "minh", soon(), inbound(0)).unwrap();
    assert_eq!(again, Receipt::Waitlisted { registration: id, position: 1 });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM consent WHERE registration = 1"), 8, "the rows stay");
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn only_who_made_it_takes_it_back_within_two_minutes_and_before_it_is_handed_over() {
    let door = hotline();
    let id = register(&door, morning(), CUSTOMERS[0].0);
    assert_eq!(refused(&door, "minh", soon(), undo(id)), "done_by_another");
    assert_eq!(refused(&door, "lan", at("2026-12-02T09:03"), undo(id)), "undo_too_late");
    assert_eq!(refused(&door, "lan", soon(), undo(RegistrationId(9))), "no_such_row");
    run(&door, "ha", soon(), Command::HandOver(Nothing {})).unwrap();
    assert_eq!(refused(&door, "lan", soon(), undo(id)), "conflict");
}

#[test]
fn the_call_that_brought_it_is_open_again() {
    let door = hotline();
    let matter = claim(&door, "lan", morning());
    let command = Register { matter: Some(matter), ..form(CUSTOMERS[0].0, Channel::Outbound9090) };
    run(&door, "lan", morning(), Command::Register(command)).unwrap();
    let receipt = run(&door, "lan", soon(), undo(RegistrationId(1))).unwrap();
    assert!(matches!(receipt, Receipt::RegistrationUndone { lease_until: Some(_), .. }), "{receipt:?}");
    run(&door, "lan", soon(), ended(matter, Disposition::Declined)).unwrap();
    assert_eq!(check(&door).unwrap(), []);
    assert_eq!(matter, MatterId(5));
}

#[test]
fn a_cancellation_that_was_taken_back_leaves_everything_as_it_was() {
    let door = hotline();
    let id = register(&door, morning(), CUSTOMERS[0].0);
    register(&door, morning(), CUSTOMERS[1].0);
    cancel(&door, "lan", morning(), id);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE customer = 1"), 0);
    let receipt = run(&door, "lan", soon(), undo_cancel(id)).unwrap();
    assert_eq!(receipt, Receipt::CancelUndone { seat: Some(1), position: None });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE customer = 1 AND state = 'queued'"), 1);
    assert_eq!(refused(&door, "lan", soon(), undo_cancel(id)), "conflict");
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn a_cancellation_is_not_taken_back_once_its_seat_was_given_on() {
    let door = hotline_with(1);
    let id = register(&door, morning(), CUSTOMERS[0].0);
    register(&door, morning(), CUSTOMERS[1].0);
    cancel(&door, "lan", morning(), id);
    assert_eq!(refused(&door, "lan", soon(), undo_cancel(id)), "quota_full");
    assert_eq!(refused(&door, "minh", soon(), undo_cancel(id)), "done_by_another");
    assert_eq!(refused(&door, "lan", at("2026-12-02T09:03"), undo_cancel(id)), "undo_too_late");
    assert_eq!(refused(&door, "ha", at("2026-12-02T09:03"), restore(id)), "quota_full");
    run(&door, "ha", at("2026-12-02T09:04"), Command::SetQuota(SetQuota { quota: 2 })).unwrap();
    assert_eq!(refused(&door, "lan", at("2026-12-02T09:05"), restore(id)), "forbidden");
    let receipt = run(&door, "ha", at("2026-12-02T09:05"), restore(id)).unwrap();
    assert_eq!(receipt, Receipt::Reactivated { registration: id, seat: 2 });
    assert_eq!(refused(&door, "ha", at("2026-12-02T09:06"), restore(id)), "conflict");
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn one_who_left_the_waitlist_by_mistake_is_at_their_old_position() {
    let door = hotline_with(1);
    register(&door, morning(), CUSTOMERS[0].0);
    let second = register(&door, morning(), CUSTOMERS[1].0);
    register(&door, morning(), CUSTOMERS[2].0);
    cancel(&door, "lan", morning(), second);
    let receipt = run(&door, "lan", soon(), undo_cancel(second)).unwrap();
    assert_eq!(receipt, Receipt::CancelUndone { seat: None, position: Some(1) });
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn case_and_appointment_come_back_with_the_registration() {
    let door = cases(1);
    booked(&door, 1, "2026-12-02T09:00");
    let id = RegistrationId(1);
    let before = number(&door, "SELECT COUNT(*) FROM granule");
    cancel(&door, "lan", at("2026-12-01T15:00"), id);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 0);
    run(&door, "lan", at("2026-12-01T15:01"), undo_cancel(id)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'booked'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), before);
    assert_eq!(check(&door).unwrap(), []);
    cancel(&door, "lan", at("2026-12-01T15:02"), id);
    run(&door, "ha", at("2026-12-01T16:00"), restore(id)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'new'"), 1);
    assert_eq!(check(&door).unwrap(), []);
}

/// One registration whose row Vinmec has returned; nobody has answered yet.
fn returned() -> (Door, RegistrationId) {
    let door = hotline();
    let id = register(&door, at("2026-12-01T09:00"), CUSTOMERS[0].0);
    run(&door, "ha", at("2026-12-01T09:30"), Command::HandOver(Nothing {})).unwrap();
    let back = Returned { registration: id, reason: "sai tên".to_owned() };
    let answer = Acknowledge { batch: BatchId(1), accept: Accept::Rows(Vec::new()), returned: vec![back] };
    run(&door, "thu", at("2026-12-01T10:00"), Command::Acknowledge(answer)).unwrap();
    (door, id)
}

fn open_tasks(door: &Door) -> i64 {
    number(door, "SELECT COUNT(*) FROM task WHERE kind = 'handover_returned' AND state = 'open'")
}

#[test]
fn a_returned_row_waits_for_its_answer_again_with_vinmecs_reason_when_the_cancellation_is_taken_back() {
    let (door, id) = returned();
    assert_eq!(open_tasks(&door), 1);
    cancel(&door, "lan", morning(), id);
    assert_eq!(open_tasks(&door), 0, "there is nothing to correct");
    run(&door, "lan", soon(), undo_cancel(id)).unwrap();
    assert_eq!(open_tasks(&door), 1);
    let noted = "SELECT COUNT(*) FROM task WHERE state = 'open' AND note = 'sai tên'";
    assert_eq!(number(&door, noted), 1, "who answers reads why it came back");
    assert_eq!(refused(&door, "ha", soon(), Command::HandOver(Nothing {})), "nothing_to_hand_over");
    assert_eq!(check(&door).unwrap(), []);
    let answer = Command::CorrectRegistration(CorrectRegistration {
        registration: id,
        name: Some("Trần Thị Hoa".to_owned()),
        phone: None,
        patient: None,
        note: Some("tên đúng".to_owned()),
    });
    run(&door, "ha", soon(), answer).unwrap();
    assert_eq!(open_tasks(&door), 0);
    assert!(run(&door, "ha", soon(), Command::HandOver(Nothing {})).is_ok());
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn a_returned_row_that_is_reactivated_goes_out_with_the_reason_as_its_answer_and_leaves_no_task() {
    let (door, id) = returned();
    cancel(&door, "lan", morning(), id);
    run(&door, "ha", at("2026-12-02T10:00"), restore(id)).unwrap();
    assert_eq!(open_tasks(&door), 0, "the supervisor's reason answers Vinmec");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM batch_row WHERE answer = 'hủy nhầm'"), 1);
    let sent = run(&door, "ha", at("2026-12-02T10:01"), Command::HandOver(Nothing {}));
    assert!(matches!(sent, Ok(Receipt::HandedOver { rows: 1, .. })), "{sent:?}");
    assert_eq!(check(&door).unwrap(), []);
}
