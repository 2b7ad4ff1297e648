//! The hand-over through the door, from both sides.

use super::super::command::{
    Accept, Acknowledge, AllWord, CancelRegistration, Command, CorrectRegistration, Nothing, Returned,
    WithdrawConsent,
};
use super::super::door::Door;
use super::super::error::Error;
use super::super::fixture::{
    CUSTOMERS, ask, at, counted, hotline, hotline_with, number, register, rule, run, sql, state,
};
use super::super::model::batch::BatchModel;
use super::super::query::{Query, Snapshot};
use super::super::receipt::Receipt;
use crate::domain::consent::ConsentPurpose;
use crate::domain::id::{BatchId, RegistrationId};
use crate::domain::registration::BatchRowState;
use crate::domain::time::Timestamp;

fn now() -> Timestamp {
    at("2026-12-02T09:00")
}

/// A hotline with that many registrations that wait to be handed over.
fn waiting(registrations: usize) -> Door {
    let door = hotline();
    for (phone, _) in &CUSTOMERS[..registrations] {
        register(&door, now(), phone);
    }
    door
}

fn send(door: &Door) -> Result<Receipt, Error> {
    run(door, "ha", now(), Command::HandOver(Nothing {}))
}

fn answer(batch: i64, accept: Accept, returned: &[(i64, &str)]) -> Command {
    let returned = returned
        .iter()
        .map(|(id, reason)| Returned { registration: RegistrationId(*id), reason: (*reason).to_owned() })
        .collect();
    Command::Acknowledge(Acknowledge { batch: BatchId(batch), accept, returned })
}

fn rows(ids: &[i64]) -> Accept {
    Accept::Rows(ids.iter().map(|id| RegistrationId(*id)).collect())
}

fn all() -> Accept {
    Accept::All(AllWord::All)
}

fn refused(door: &Door, staff: &str, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, staff, now(), command));
    assert_eq!(before, state(door), "{rule} changed rows");
    rule
}

fn batch(door: &Door, id: i64) -> BatchModel {
    match ask(door, "thu", now(), Query::Batch { batch: BatchId(id) }).unwrap() {
        Snapshot::Batch(model) => model,
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_that_waits_leaves_as_one_batch_and_only_once() {
    let door = waiting(3);
    let Receipt::HandedOver { batch: id, rows, checksum } = send(&door).unwrap() else { panic!() };
    assert_eq!((id, rows, checksum.len()), (BatchId(1), 3, 64));
    assert_eq!(refused(&door, "ha", Command::HandOver(Nothing {})), "nothing_to_hand_over");
    let model = batch(&door, 1);
    assert_eq!(model.checksum, checksum);
    assert_eq!(model.rows.iter().map(|row| row.seat).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    assert!(model.rows.iter().all(|row| row.state == BatchRowState::Sent && row.case.is_none()));
    assert!(model.rows.iter().all(|row| row.phone_masked.contains("***")));
}

#[test]
fn the_waitlist_is_not_handed_over() {
    let door = hotline_with(1);
    register(&door, now(), CUSTOMERS[0].0);
    register(&door, now(), CUSTOMERS[1].0);
    assert!(matches!(send(&door).unwrap(), Receipt::HandedOver { rows: 1, .. }));
}

#[test]
fn the_checksum_follows_what_is_in_the_rows() {
    let sum = |door: &Door| match send(door).unwrap() {
        Receipt::HandedOver { checksum, .. } => checksum,
        other => panic!("{other:?}"),
    };
    let (one, same, other) = (waiting(2), waiting(2), waiting(2));
    sql(&other, "UPDATE customer SET name = 'Khác' WHERE id = 2");
    assert_eq!(sum(&one), sum(&same));
    assert_ne!(sum(&waiting(2)), sum(&other));
}

#[test]
fn accepted_rows_become_cases_with_an_intake_call_due_at_once() {
    let door = waiting(3);
    send(&door).unwrap();
    let receipt = run(&door, "thu", now(), answer(1, all(), &[(2, "thiếu năm sinh")])).unwrap();
    assert_eq!(receipt, Receipt::Acknowledged { accepted: 2, returned: 1 });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'new'"), 2);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE purpose = 2 AND state = 'waiting'"), 2);
    assert_eq!(counted(&door, "matter.intake.waiting"), 2);
    let rows = batch(&door, 1).rows;
    assert_eq!(rows[0].case.map(|case| case.0), Some(1));
    assert_eq!((rows[1].state, rows[1].reason.as_deref()), (BatchRowState::Returned, Some("thiếu năm sinh")));
}

#[test]
fn a_returned_row_goes_out_again_only_with_an_answer() {
    let door = waiting(2);
    send(&door).unwrap();
    run(&door, "thu", now(), answer(1, rows(&[1]), &[(2, "sai tên")])).unwrap();
    assert_eq!(refused(&door, "ha", Command::HandOver(Nothing {})), "nothing_to_hand_over");
    assert_eq!(refused(&door, "ha", correct(2, None, None)), "field_invalid", "an answer is needed");
    run(&door, "ha", now(), correct(2, Some("Trần Thị Hoa"), Some("khách xác nhận tên đúng"))).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM task WHERE state = 'closed' AND closing_note IS NULL"), 1);
    let Receipt::HandedOver { batch: id, rows: count, .. } = send(&door).unwrap() else { panic!() };
    assert_eq!((id, count), (BatchId(2), 1));
    let again = &batch(&door, 2).rows[0];
    assert_eq!(again.earlier_reason.as_deref(), Some("sai tên"));
    assert_eq!(again.answer.as_deref(), Some("khách xác nhận tên đúng"));
    assert_eq!(batch(&door, 1).rows[1].answer.as_deref(), Some("khách xác nhận tên đúng"));
    run(&door, "thu", now(), answer(2, all(), &[])).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case"), 2);
    assert_eq!(super::super::check::check(&door).unwrap(), []);
}

/// A correction of a registration: its name, and the answer to Vinmec.
fn correct(registration: i64, name: Option<&str>, note: Option<&str>) -> Command {
    Command::CorrectRegistration(CorrectRegistration {
        registration: RegistrationId(registration),
        name: name.map(ToOwned::to_owned),
        phone: None,
        patient: None,
        note: note.map(ToOwned::to_owned),
    })
}

#[test]
fn an_answered_row_may_be_returned_again_and_waits_again() {
    let door = waiting(1);
    for round in 1..=2 {
        send(&door).unwrap();
        run(&door, "thu", now(), answer(round, rows(&[]), &[(1, "sai tên")])).unwrap();
        assert_eq!(number(&door, "SELECT COUNT(*) FROM task WHERE state = 'open'"), 1);
        assert_eq!(super::super::check::check(&door).unwrap(), []);
        run(&door, "lan", now(), correct(1, None, Some("đúng rồi"))).unwrap();
        assert_eq!(super::super::check::check(&door).unwrap(), []);
    }
}

#[test]
fn a_returned_registration_that_is_given_up_leaves_no_task() {
    let door = waiting(1);
    send(&door).unwrap();
    run(&door, "thu", now(), answer(1, rows(&[]), &[(1, "không liên lạc được")])).unwrap();
    let cancel = CancelRegistration { registration: RegistrationId(1), reason: "nhầm".to_owned() };
    run(&door, "ha", now(), Command::CancelRegistration(cancel)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM task WHERE state = 'open'"), 0);
    assert_eq!(refused(&door, "ha", Command::HandOver(Nothing {})), "nothing_to_hand_over");
}

#[test]
fn what_vinmec_looks_at_or_has_is_not_changed_behind_its_back() {
    let door = waiting(2);
    run(&door, "lan", now(), correct(1, Some("Nguyễn Văn Hưng"), None)).unwrap();
    assert_eq!(
        refused(&door, "lan", correct(1, Some("Nguyễn Văn Hưng"), None)),
        "field_invalid",
        "no change"
    );
    send(&door).unwrap();
    assert_eq!(refused(&door, "lan", correct(1, Some("Hùng"), Some("x"))), "conflict");
    run(&door, "thu", now(), answer(1, all(), &[])).unwrap();
    assert_eq!(refused(&door, "lan", correct(1, Some("Hùng"), Some("x"))), "conflict");
    assert_eq!(refused(&door, "thu", correct(1, Some("Hùng"), Some("x"))), "forbidden");
}

#[test]
fn rows_may_be_answered_in_parts_until_none_is_open() {
    let door = waiting(3);
    send(&door).unwrap();
    run(&door, "thu", now(), answer(1, rows(&[3]), &[])).unwrap();
    run(&door, "thu", now(), answer(1, all(), &[])).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case"), 3);
    assert_eq!(refused(&door, "thu", answer(1, all(), &[])), "conflict");
}

#[test]
fn an_answer_that_fits_no_open_row_is_refused_whole() {
    let door = waiting(3);
    send(&door).unwrap();
    run(&door, "thu", now(), answer(1, rows(&[1]), &[])).unwrap();
    assert_eq!(refused(&door, "thu", answer(1, rows(&[2, 1]), &[])), "conflict", "settled");
    assert_eq!(refused(&door, "thu", answer(1, rows(&[2, 99]), &[])), "no_such_row", "unknown row");
    assert_eq!(refused(&door, "thu", answer(9, all(), &[])), "no_such_row", "unknown batch");
    assert_eq!(refused(&door, "thu", answer(1, rows(&[2]), &[(2, "sai")])), "field_invalid", "both");
    assert_eq!(refused(&door, "thu", answer(1, rows(&[2, 2]), &[])), "field_invalid", "twice");
    assert_eq!(refused(&door, "thu", answer(1, all(), &[(2, " ")])), "field_invalid", "no reason");
    assert_eq!(refused(&door, "thu", answer(1, rows(&[]), &[])), "field_invalid", "nothing");
    assert_eq!(refused(&door, "ha", answer(1, all(), &[])), "forbidden");
    assert_eq!(refused(&door, "thu", Command::HandOver(Nothing {})), "forbidden");
}

#[test]
fn a_registration_cancelled_under_way_counts_as_returned() {
    let door = waiting(2);
    send(&door).unwrap();
    let cancel = CancelRegistration { registration: RegistrationId(1), reason: "bận".to_owned() };
    run(&door, "ha", now(), Command::CancelRegistration(cancel)).unwrap();
    let row = batch(&door, 1).rows.into_iter().find(|row| row.registration == RegistrationId(1)).unwrap();
    assert_eq!((row.state, row.reason.as_deref()), (BatchRowState::Returned, Some("cancelled")));
    let receipt = run(&door, "thu", now(), answer(1, all(), &[])).unwrap();
    assert_eq!(receipt, Receipt::Acknowledged { accepted: 1, returned: 0 });
    assert_eq!(refused(&door, "ha", Command::HandOver(Nothing {})), "nothing_to_hand_over");
}

#[test]
fn cancelling_ends_vinmecs_case_its_appointment_and_its_call() {
    let door = waiting(1);
    send(&door).unwrap();
    run(&door, "thu", now(), answer(1, all(), &[])).unwrap();
    book(&door);
    let cancel = CancelRegistration { registration: RegistrationId(1), reason: "bận".to_owned() };
    let receipt = run(&door, "thu", now(), Command::CancelRegistration(cancel)).unwrap();
    assert_eq!(receipt, Receipt::Cancelled { seat_freed: true, promoted: None });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'withdrawn'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'cancelled'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE customer = 1 AND state <> 'closed'"), 0);
    assert_eq!(super::super::check::check(&door).unwrap(), []);
}

#[test]
fn a_consultation_that_has_begun_cannot_be_cancelled_but_consent_can_still_be_withdrawn() {
    let door = waiting(1);
    send(&door).unwrap();
    run(&door, "thu", now(), answer(1, all(), &[])).unwrap();
    book(&door);
    let cancel = || {
        Command::CancelRegistration(CancelRegistration {
            registration: RegistrationId(1),
            reason: "bận".to_owned(),
        })
    };
    sql(&door, "UPDATE appointment SET state = 'in_progress'");
    assert_eq!(refused(&door, "ha", cancel()), "conflict");
    sql(&door, "UPDATE appointment SET state = 'done'");
    sql(&door, "UPDATE care_case SET state = 'consulted'");
    assert_eq!(refused(&door, "ha", cancel()), "conflict");
    let withdraw = WithdrawConsent { registration: RegistrationId(1), purpose: ConsentPurpose::Register };
    run(&door, "ha", now(), Command::WithdrawConsent(withdraw)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM registration WHERE state = 'registered'"), 1);
    assert_eq!(super::super::check::check(&door).unwrap(), []);
}

/// Case 1 with an appointment of ten minutes, as booking leaves it.
fn book(door: &Door) {
    sql(
        door,
        "INSERT INTO appointment (id, care_case, doctor, department, starts_at, minutes, state, method, by_staff, at)
         SELECT 1, 1, 1, 'noi_tong_hop', from_at, 10, 'booked', 'phone', 'thu', 1 FROM shift WHERE id = 1",
    );
    sql(
        door,
        "INSERT INTO granule (doctor, at, appointment) SELECT 1, from_at, 1 FROM shift WHERE id = 1
         UNION ALL SELECT 1, from_at + 300000, 1 FROM shift WHERE id = 1",
    );
    sql(door, "UPDATE care_case SET state = 'booked' WHERE id = 1");
}

#[test]
fn both_sides_see_the_batches_and_what_waits() {
    let door = waiting(2);
    send(&door).unwrap();
    register(&door, now(), CUSTOMERS[2].0);
    run(&door, "thu", now(), answer(1, rows(&[1]), &[(2, "sai tên")])).unwrap();
    for staff in ["ha", "thu"] {
        let Snapshot::Batches { batches, waiting, returned } =
            ask(&door, staff, now(), Query::Batches {}).unwrap()
        else {
            panic!()
        };
        assert_eq!((batches.len(), waiting), (1, 1));
        assert_eq!((returned.count, returned.since), (1, Some(now())), "both see its age");
        assert_eq!((batches[0].rows, batches[0].accepted, batches[0].returned), (2, 1, 1));
    }
    assert_eq!(rule(ask(&door, "lan", now(), Query::Batches {})), "forbidden");
}
