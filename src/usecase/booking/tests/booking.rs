//! Holding, booking, moving, cancelling, telling.

use super::refused;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, CaseId, DoctorId};
use crate::store::counter;
use crate::usecase::command::{
    AppointmentRef, Book, CancelAppointment, CancelledBy, Claim, Command, ContactKind, MoveAppointment,
    OptOut, TellCustomer, ToldBy, Triage,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{CUSTOMERS, at, counted, number, run, sql, state};
use crate::usecase::intake::fixture::{booked, cases, slot, triage};
use crate::usecase::receipt::Receipt;

const ELEVEN: &str = "2026-12-01T11:00";

fn routed(n: usize) -> Door {
    let door = cases(n);
    for case in 1..=n as i64 {
        run(&door, "thu", at(ELEVEN), Command::Triage(triage(case))).unwrap();
    }
    door
}

fn moved(appointment: AppointmentId, starts_at: &str) -> MoveAppointment {
    MoveAppointment { appointment, doctor: None, starts_at: at(starts_at), minutes: None }
}

fn cancel(appointment: AppointmentId) -> CancelAppointment {
    CancelAppointment { appointment, by: CancelledBy::Customer, reason: "bận việc".to_owned() }
}

fn held(outcome: &Receipt) -> AppointmentId {
    match outcome {
        Receipt::SlotHeld { appointment, .. } => *appointment,
        other => panic!("not held: {other:?}"),
    }
}

#[test]
fn every_rule_of_a_slot_says_no_and_leaves_no_trace() {
    let door = routed(2);
    let good = slot(1, "2026-12-02T09:00");
    let wrong = [
        ("no_such_row", Book { case: CaseId(9), ..good.clone() }),
        ("no_such_row", Book { doctor: DoctorId(9), ..good.clone() }),
        ("wrong_department", Book { doctor: DoctorId(2), ..good.clone() }),
        ("too_long", Book { minutes: 35, ..good.clone() }),
        ("too_long", Book { minutes: 0, ..good.clone() }),
        ("off_grid", Book { minutes: 12, ..good.clone() }),
        ("off_grid", Book { starts_at: at("2026-12-02T09:01"), ..good.clone() }),
        ("in_the_past", slot(1, "2026-12-01T09:00")),
        ("outside_consultation_window", slot(1, "2027-01-04T09:00")),
        ("outside_shift", slot(1, "2026-12-02T07:30")),
        ("outside_shift", slot(1, "2026-12-02T11:15")),
        ("outside_shift", slot(1, "2026-12-02T12:00")),
    ];
    for (rule, book) in wrong {
        assert_eq!(refused(&door, "thu", ELEVEN, Command::Book(book.clone())), rule);
        assert_eq!(refused(&door, "thu", ELEVEN, Command::HoldSlot(book)), rule);
    }
    run(&door, "thu", at(ELEVEN), Command::Book(good)).unwrap();
    for overlap in ["2026-12-02T08:35", "2026-12-02T09:00", "2026-12-02T09:25"] {
        assert_eq!(refused(&door, "thu", ELEVEN, Command::Book(slot(2, overlap))), "doctor_busy");
    }
    run(&door, "thu", at(ELEVEN), Command::Book(slot(2, "2026-12-02T09:30"))).unwrap();
}

#[test]
fn only_a_routed_case_without_an_appointment_is_booked() {
    let door = cases(1);
    let book = || Command::Book(slot(1, "2026-12-02T09:00"));
    assert_eq!(refused(&door, "thu", ELEVEN, book()), "case_not_ready");
    booked(&door, 1, "2026-12-02T09:00");
    assert_eq!(refused(&door, "thu", ELEVEN, Command::Book(slot(1, "2026-12-03T09:00"))), "conflict");
    assert_eq!(refused(&door, "bs_mai", ELEVEN, book()), "forbidden");
    assert_eq!(refused(&door, "lan", ELEVEN, book()), "forbidden");
}

#[test]
fn a_doctor_whose_titles_do_not_count_any_more_is_not_booked() {
    let door = routed(1);
    sql(&door, "UPDATE doctor SET titles = 'BSCKI' WHERE id = 1");
    let book = Command::Book(slot(1, "2026-12-02T09:00"));
    assert_eq!(refused(&door, "thu", ELEVEN, book), "degree_too_low");
}

#[test]
fn booking_closes_an_intake_call_that_nobody_is_on() {
    let door = cases(2);
    booked(&door, 1, "2026-12-02T09:00");
    assert_eq!(counted(&door, &counter::matter(Purpose::Intake, MatterState::Waiting)), 1);
    let claim = Claim { purpose: Purpose::Intake, matter: None };
    run(&door, "thu", at(ELEVEN), Command::Claim(claim)).unwrap();
    booked(&door, 2, "2026-12-02T09:30");
    assert_eq!(counted(&door, &counter::matter(Purpose::Intake, MatterState::Leased)), 1);
}

#[test]
fn a_hold_keeps_the_slot_for_its_minutes_and_not_longer() {
    let door = routed(2);
    let hold = run(&door, "thu", at(ELEVEN), Command::HoldSlot(slot(1, "2026-12-02T09:00"))).unwrap();
    let minutes = door.campaign().limits_on(at(ELEVEN).date()).slot_hold_minutes;
    let until = at(ELEVEN).plus_minutes(minutes);
    assert!(matches!(hold, Receipt::SlotHeld { until: found, .. } if found == until));
    let other = || Command::Book(slot(2, "2026-12-02T09:15"));
    assert_eq!(refused(&door, "quan", "2026-12-01T11:01", other()), "doctor_busy");
    run(&door, "quan", until, other()).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'held'"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 6);
}

#[test]
fn the_holder_books_what_they_hold_and_nobody_else_does() {
    let door = routed(1);
    let book = || Command::Book(slot(1, "2026-12-02T09:00"));
    let hold = run(&door, "thu", at(ELEVEN), Command::HoldSlot(slot(1, "2026-12-02T09:00"))).unwrap();
    assert_eq!(refused(&door, "quan", ELEVEN, book()), "conflict");
    let outcome = run(&door, "thu", at(ELEVEN), book()).unwrap();
    assert_eq!(outcome, Receipt::Booked { appointment: held(&hold) });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 6);
}

#[test]
fn a_second_hold_and_another_booking_let_the_first_hold_go() {
    let door = routed(1);
    run(&door, "thu", at(ELEVEN), Command::HoldSlot(slot(1, "2026-12-02T09:00"))).unwrap();
    run(&door, "thu", at(ELEVEN), Command::HoldSlot(slot(1, "2026-12-02T09:15"))).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 6);
    run(&door, "thu", at(ELEVEN), Command::Book(slot(1, "2026-12-03T14:00"))).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 6);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'booked'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'cancelled'"), 2);
}

#[test]
fn a_hold_is_released_once_and_a_booking_is_not_released() {
    let door = routed(2);
    let hold = run(&door, "thu", at(ELEVEN), Command::HoldSlot(slot(1, "2026-12-02T09:00"))).unwrap();
    let release = |appointment| Command::ReleaseSlot(AppointmentRef { appointment });
    run(&door, "quan", at(ELEVEN), release(held(&hold))).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 0);
    assert_eq!(refused(&door, "thu", ELEVEN, release(held(&hold))), "conflict");
    let appointment = booked(&door, 2, "2026-12-02T09:00");
    assert_eq!(refused(&door, "thu", ELEVEN, release(appointment)), "conflict");
    assert_eq!(refused(&door, "thu", ELEVEN, release(AppointmentId(99))), "no_such_row");
}

#[test]
fn routing_to_another_department_lets_the_held_slot_go() {
    let door = routed(1);
    run(&door, "thu", at(ELEVEN), Command::HoldSlot(slot(1, "2026-12-02T09:00"))).unwrap();
    let elsewhere = Triage { department: Department::Nhi, ..triage(1) };
    run(&door, "thu", at(ELEVEN), Command::Triage(elsewhere)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 0);
}

#[test]
fn moving_links_old_to_new_and_may_overlap_the_old_time() {
    let door = cases(1);
    let old = booked(&door, 1, "2026-12-02T09:00");
    run(&door, "thu", at(ELEVEN), Command::TellCustomer(TellCustomer { appointment: old, by: ToldBy::Sms }))
        .unwrap();
    let outcome =
        run(&door, "thu", at(ELEVEN), Command::MoveAppointment(moved(old, "2026-12-02T09:15"))).unwrap();
    let Receipt::Moved { appointment: new } = outcome else { panic!("{outcome:?}") };
    assert_ne!(new, old);
    assert_eq!(number(&door, "SELECT moved_to FROM appointment WHERE state = 'moved'"), new.0);
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'booked' AND told_at IS NULL"),
        1
    );
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 6);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms"), 0, "the message about the old time was taken back");
    assert_eq!(
        refused(&door, "thu", ELEVEN, Command::MoveAppointment(moved(old, "2026-12-02T10:00"))),
        "conflict"
    );
    run(&door, "thu", at(ELEVEN), Command::TellCustomer(TellCustomer { appointment: new, by: ToldBy::Sms }))
        .unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms WHERE template = 'appointment_moved'"), 1);
}

#[test]
fn a_move_obeys_the_rules_of_a_slot() {
    let door = cases(2);
    let first = booked(&door, 1, "2026-12-02T09:00");
    booked(&door, 2, "2026-12-02T10:00");
    let to = |starts_at| Command::MoveAppointment(moved(first, starts_at));
    assert_eq!(refused(&door, "thu", ELEVEN, to("2026-12-02T09:45")), "doctor_busy");
    assert_eq!(refused(&door, "thu", ELEVEN, to("2026-12-02T12:00")), "outside_shift");
    assert_eq!(refused(&door, "thu", ELEVEN, to("2026-12-01T09:00")), "in_the_past");
    let paediatrics = MoveAppointment { doctor: Some(DoctorId(2)), ..moved(first, "2026-12-02T09:00") };
    assert_eq!(refused(&door, "thu", ELEVEN, Command::MoveAppointment(paediatrics)), "wrong_department");
    let longer = MoveAppointment { minutes: Some(45), ..moved(first, "2026-12-02T09:00") };
    assert_eq!(refused(&door, "thu", ELEVEN, Command::MoveAppointment(longer)), "too_long");
    assert_eq!(
        refused(&door, "thu", ELEVEN, Command::MoveAppointment(moved(AppointmentId(99), "2026-12-02T09:00"))),
        "no_such_row"
    );
}

#[test]
fn a_cancelled_appointment_gives_time_case_and_call_back() {
    let door = cases(1);
    let appointment = booked(&door, 1, "2026-12-02T09:00");
    let empty = CancelAppointment { reason: " ".to_owned(), ..cancel(appointment) };
    assert_eq!(refused(&door, "thu", ELEVEN, Command::CancelAppointment(empty)), "field_invalid");
    run(&door, "thu", at(ELEVEN), Command::CancelAppointment(cancel(appointment))).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'triaged'"), 1);
    assert_eq!(number(&door, "SELECT taken FROM campaign"), 1, "the seat stays");
    assert_eq!(counted(&door, &counter::matter(Purpose::Intake, MatterState::Waiting)), 1);
    assert_eq!(refused(&door, "thu", ELEVEN, Command::CancelAppointment(cancel(appointment))), "conflict");
    run(&door, "thu", at(ELEVEN), Command::Book(slot(1, "2026-12-02T09:00"))).unwrap();
}

#[test]
fn the_customer_is_told_by_phone_or_by_one_message() {
    let door = cases(1);
    let appointment = booked(&door, 1, "2026-12-02T09:00");
    let tell = |by| Command::TellCustomer(TellCustomer { appointment, by });
    assert_eq!(run(&door, "thu", at(ELEVEN), tell(ToldBy::Phone)), Ok(Receipt::Told {}));
    run(&door, "thu", at(ELEVEN), tell(ToldBy::Sms)).unwrap();
    run(&door, "thu", at(ELEVEN), tell(ToldBy::Sms)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM sms"), 1);
    let body = door.store().read(|tx| tx.one("SELECT body FROM sms", &[])?.text(0)).unwrap();
    assert!(body.contains("09:00 ngay 02/12/2026, qua dien thoai, bac si Trinh Thi Mai"), "{body}");
    assert!(!body.contains("dau"), "no health words: {body}");
    assert_eq!(refused(&door, "thu", "2026-12-02T09:00", tell(ToldBy::Sms)), "in_the_past");
}

#[test]
fn who_wants_no_messages_is_told_by_phone_only() {
    let door = cases(1);
    let appointment = booked(&door, 1, "2026-12-02T09:00");
    let stop = OptOut { phone: CUSTOMERS[0].0.to_owned(), contact: ContactKind::Sms };
    run(&door, "thu", at(ELEVEN), Command::OptOut(stop)).unwrap();
    let tell = |by| Command::TellCustomer(TellCustomer { appointment, by });
    assert_eq!(refused(&door, "thu", ELEVEN, tell(ToldBy::Sms)), "opted_out");
    run(&door, "thu", at(ELEVEN), tell(ToldBy::Phone)).unwrap();
}

#[test]
fn nobody_is_told_of_an_appointment_that_is_off() {
    let door = cases(1);
    let appointment = booked(&door, 1, "2026-12-02T09:00");
    run(&door, "thu", at(ELEVEN), Command::CancelAppointment(cancel(appointment))).unwrap();
    let tell = Command::TellCustomer(TellCustomer { appointment, by: ToldBy::Phone });
    assert_eq!(refused(&door, "thu", ELEVEN, tell), "conflict");
}

#[test]
fn one_slot_goes_to_exactly_one_of_eight_who_book_it_at_once() {
    let door = routed(8);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=8)
            .map(|case| {
                let door = &door;
                scope.spawn(move || {
                    run(door, "thu", at(ELEVEN), Command::Book(slot(case, "2026-12-02T09:00")))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 6);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'booked'"), 1);
    assert!(!state(&door).is_empty());
}
