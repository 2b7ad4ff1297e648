//! Seats whose case ended without a consultation, through the door.

use crate::domain::appointment::AppointmentState;
use crate::domain::campaign::Campaign;
use crate::domain::case::{CaseState, SeatOfUnfinished};
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::disposition::Disposition;
use crate::domain::id::{BatchId, CaseId, CustomerId, MatterId, RegistrationId};
use crate::domain::time::Timestamp;
use crate::usecase::command::{
    CancelRegistration, CaseRef, Claim, Command, MatterRef, Nothing, RecordCall, SetQuota, Triage,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{at, campaign, hotline_of, number, rule, run, sql, state};
use crate::usecase::intake::fixture::{booked, hand_over, register, triage};
use crate::usecase::receipt::Receipt;
use crate::usecase::{check, fixture};

const ELEVEN: &str = "2026-12-01T11:00";
const INTAKE: MatterId = Purpose::Intake.matter_id(CustomerId(1));

/// One seat: customer 1 has it and a case, customer 2 waits for it.
fn one_seat_of(more: Campaign) -> Door {
    let door = hotline_of(Campaign { quota: 1, ..more });
    for customer in [1, 2] {
        run(&door, "lan", at("2026-12-01T09:00"), register(customer, true)).unwrap();
    }
    hand_over(&door, BatchId(1));
    door
}

fn one_seat() -> Door {
    one_seat_of(campaign())
}

fn after(seconds: i64) -> Timestamp {
    at(ELEVEN).plus_ms(seconds * 1000)
}

fn divert(door: &Door) -> Receipt {
    let form = Triage { red_flags: vec!["chest_pain".to_owned()], ..triage(1) };
    run(door, "thu", at(ELEVEN), Command::Triage(form)).unwrap()
}

fn undivert(door: &Door, when: Timestamp) -> Result<Receipt, crate::usecase::Error> {
    run(door, "thu", when, Command::UndoTriage(CaseRef { case: CaseId(1) }))
}

/// A command that has nothing to do with it.
fn resume(door: &Door, when: Timestamp) {
    run(door, "lan", when, Command::Resume(Nothing {})).unwrap();
}

fn call(door: &Door) {
    let claim = Claim { purpose: Purpose::Intake, matter: Some(INTAKE) };
    run(door, "thu", at(ELEVEN), Command::Claim(claim)).unwrap();
}

fn ended(door: &Door, disposition: Disposition) {
    let note = Some("ghi chú".to_owned());
    let record = RecordCall { note, ..RecordCall::new(INTAKE, disposition) };
    run(door, "thu", at(ELEVEN), Command::RecordCall(record)).unwrap();
}

/// Who holds the seat, and where the first case stands.
fn stands(door: &Door) -> (i64, CaseState) {
    let holder = number(door, "SELECT id FROM registration WHERE seat = 1");
    let state = door
        .store()
        .read(|tx| tx.one("SELECT state FROM care_case WHERE id = 1", &[])?.code(0, CaseState::parse));
    (holder, state.unwrap())
}

fn sound(door: &Door) {
    assert_eq!(check::check(door), Ok(Vec::new()));
}

#[test]
fn a_diverted_case_keeps_its_seat_for_two_minutes_and_the_first_command_after_gives_it_on_once() {
    let door = one_seat();
    let outcome = divert(&door);
    assert_eq!(outcome, Receipt::Diverted115 { seat_freed: true, waiting: true });
    resume(&door, after(120));
    assert_eq!(stands(&door), (1, CaseState::Diverted115), "it can still be corrected");
    sound(&door);
    resume(&door, after(121));
    assert_eq!(stands(&door), (2, CaseState::Diverted115));
    let released = "SELECT COUNT(*) FROM audit WHERE action = 'release_seat' AND staff = 'thu'
                    AND detail = 'seat_freed=true promoted=2'";
    assert_eq!(number(&door, released), 1);
    let task =
        "SELECT COUNT(*) FROM task WHERE kind = 'seat_returned' AND about_id = 1 AND role = 'supervisor'
                AND note IS NULL AND state = 'open'";
    assert_eq!(number(&door, task), 1, "9090 hears that the seat came back, and not why");
    resume(&door, after(122));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'release_seat'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM seat_release"), 0);
    sound(&door);
}

/// Thu's third attempt to reach customer 1 ran out of its lease at 11:10; Quan's claim settled it at 11:11.
fn third_lease_ran_out() -> Door {
    let door = one_seat();
    sql(&door, "UPDATE matter SET attempts = 2 WHERE purpose = 2");
    let claim = || Command::Claim(Claim { purpose: Purpose::Intake, matter: None });
    run(&door, "thu", at(ELEVEN), claim()).unwrap();
    run(&door, "quan", after(11 * 60), claim()).unwrap();
    assert_eq!(stands(&door), (1, CaseState::Unreachable));
    door
}

#[test]
fn a_late_result_brings_a_case_back_only_while_it_has_its_seat() {
    let reached = || Command::RecordCall(RecordCall::new(INTAKE, Disposition::Agreed));
    let note_only = |receipt| match receipt {
        Ok(Receipt::Recorded { late: true, note_only, .. }) => note_only,
        other => panic!("{other:?}"),
    };
    let door = third_lease_ran_out();
    assert!(!note_only(run(&door, "thu", after(12 * 60), reached())));
    resume(&door, after(20 * 60));
    assert_eq!(stands(&door), (1, CaseState::Contacted));
    sound(&door);
    // The seat went on: the result is a line of the history, and nobody can take up the case with it.
    let door = third_lease_ran_out();
    resume(&door, after(14 * 60));
    assert!(note_only(run(&door, "thu", after(15 * 60), reached())));
    assert_eq!(stands(&door), (2, CaseState::Unreachable));
    let undo = Command::UndoCall(MatterRef { matter: INTAKE });
    assert_eq!(rule(run(&door, "thu", after(15 * 60), undo)), "conflict");
    sound(&door);
}

#[test]
fn a_heartbeat_gives_a_seat_on_when_nobody_sends_a_command() {
    let door = one_seat();
    divert(&door);
    let process = "01JDZZZZZZZZZZZZZZZZZZZZZZ";
    door.beat(after(119), process, Vec::new()).unwrap();
    assert_eq!(stands(&door).0, 1);
    door.beat(after(121), process, Vec::new()).unwrap();
    assert_eq!(stands(&door).0, 2);
    sound(&door);
}

#[test]
fn a_refused_command_leaves_the_seat_to_the_next_one() {
    let door = one_seat();
    divert(&door);
    let before = state(&door);
    let refused = run(&door, "ha", after(130), Command::SetQuota(SetQuota { quota: 0 }));
    assert_eq!(rule(refused), "field_invalid");
    // What waited for the seat was there for the refused command as well, and nothing of it stays.
    assert_eq!(state(&door), before);
    resume(&door, after(131));
    assert_eq!(stands(&door).0, 2);
}

#[test]
fn a_seat_that_nobody_waits_for_is_only_freed() {
    let door = hotline_of(campaign());
    run(&door, "lan", at("2026-12-01T09:00"), register(1, true)).unwrap();
    hand_over(&door, BatchId(1));
    let outcome = divert(&door);
    assert_eq!(outcome, Receipt::Diverted115 { seat_freed: true, waiting: false });
    resume(&door, after(121));
    assert_eq!(number(&door, "SELECT taken FROM campaign"), 0);
    sound(&door);
}

#[test]
fn a_diversion_that_is_corrected_leaves_case_call_appointment_and_seat_as_they_were() {
    let door = one_seat();
    let appointment = booked(&door, 1, "2026-12-02T09:00");
    sql(&door, "UPDATE appointment SET state = 'told', told_at = 5, told_by = 'thu', told_channel = 'phone'");
    let before = state(&door);
    divert(&door);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 6, "nobody books that time meanwhile");
    assert_eq!(
        undivert(&door, after(120)),
        Ok(Receipt::TriageUndone { state: CaseState::Booked, lease_until: None })
    );
    sql(&door, "DELETE FROM screening WHERE undone_at IS NOT NULL");
    assert_eq!(state(&door), before);
    resume(&door, after(200));
    assert_eq!(stands(&door), (1, CaseState::Booked));
    let live = door.store().read(move |tx| crate::store::appointment::find(tx, appointment)).unwrap();
    assert_eq!(live.map(|live| live.state), Some(AppointmentState::Told));
    sound(&door);
}

#[test]
fn the_call_comes_back_with_the_correction() {
    let door = one_seat();
    call(&door);
    divert(&door);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE state = 'leased'"), 0);
    let outcome = undivert(&door, after(60)).unwrap();
    let lease_until = Some(after(60).plus_minutes(10));
    assert_eq!(outcome, Receipt::TriageUndone { state: CaseState::New, lease_until });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE lease_staff = 'thu'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM screening WHERE undone_at IS NOT NULL AND acute = 1"), 1);
    sound(&door);
}

#[test]
fn after_two_minutes_a_diversion_stands() {
    let door = one_seat();
    divert(&door);
    assert_eq!(rule(undivert(&door, after(121))), "undo_too_late");
    resume(&door, after(122));
    assert_eq!(rule(undivert(&door, after(123))), "undo_too_late");
    assert_eq!(rule(run(&door, "thu", after(123), Command::Triage(triage(1)))), "acute_problem");
}

#[test]
fn only_a_diversion_is_taken_back() {
    let door = one_seat();
    assert_eq!(rule(undivert(&door, at(ELEVEN))), "conflict");
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))).unwrap();
    assert_eq!(rule(undivert(&door, after(10))), "conflict");
    assert_eq!(
        rule(run(&door, "lan", after(10), Command::UndoTriage(CaseRef { case: CaseId(1) }))),
        "forbidden"
    );
}

#[test]
fn every_call_that_ends_a_case_names_its_end_and_frees_the_seat() {
    let ends = [
        (Disposition::Declined, CaseState::Withdrawn),
        (Disposition::DoNotCall, CaseState::Withdrawn),
        (Disposition::WrongPerson, CaseState::Unreachable),
        (Disposition::InvalidNumber, CaseState::Unreachable),
        (Disposition::Language, CaseState::Unreachable),
    ];
    for (disposition, end) in ends {
        let door = one_seat();
        call(&door);
        ended(&door, disposition);
        assert_eq!(stands(&door), (1, end), "{disposition:?}: the call can be undone");
        sound(&door);
        resume(&door, after(121));
        assert_eq!(stands(&door), (2, end), "{disposition:?}");
        assert_eq!(number(&door, "SELECT taken FROM campaign"), 1);
        sound(&door);
    }
}

#[test]
fn a_routed_case_whose_customer_gives_up_ends_as_well() {
    let door = one_seat();
    call(&door);
    run(&door, "thu", at(ELEVEN), Command::Triage(triage(1))).unwrap();
    ended(&door, Disposition::Declined);
    assert_eq!(stands(&door), (1, CaseState::Withdrawn));
    let undo = run(&door, "thu", after(90), Command::UndoCall(MatterRef { matter: INTAKE }));
    assert!(matches!(undo, Ok(Receipt::CallUndone { .. })), "{undo:?}");
    assert_eq!(stands(&door), (1, CaseState::Triaged));
}

#[test]
fn undoing_the_call_brings_case_and_seat_back() {
    let door = one_seat();
    call(&door);
    ended(&door, Disposition::Declined);
    let undo = Command::UndoCall(MatterRef { matter: INTAKE });
    let outcome = run(&door, "thu", after(120), undo.clone());
    assert!(matches!(outcome, Ok(Receipt::CallUndone { .. })), "{outcome:?}");
    resume(&door, after(300));
    assert_eq!(stands(&door), (1, CaseState::New));
    sound(&door);

    let door = one_seat();
    call(&door);
    ended(&door, Disposition::Declined);
    resume(&door, after(121));
    assert_eq!(rule(run(&door, "thu", after(122), undo)), "undo_too_late");
}

#[test]
fn a_customer_who_calls_back_in_time_goes_on_and_later_has_no_seat() {
    let door = one_seat();
    call(&door);
    ended(&door, Disposition::WrongPerson);
    run(&door, "thu", after(100), Command::Triage(triage(1))).unwrap();
    resume(&door, after(200));
    assert_eq!(stands(&door), (1, CaseState::Triaged));
    sound(&door);

    let door = one_seat();
    call(&door);
    ended(&door, Disposition::WrongPerson);
    resume(&door, after(121));
    assert_eq!(rule(run(&door, "thu", after(130), Command::Triage(triage(1)))), "case_not_ready");
}

#[test]
fn a_campaign_may_want_such_seats_back_instead_and_a_diverted_one_is_free_all_the_same() {
    let back = Campaign { seat_of_unfinished: SeatOfUnfinished::Return, ..campaign() };
    let door = one_seat_of(back.clone());
    call(&door);
    ended(&door, Disposition::Declined);
    resume(&door, after(121));
    assert_eq!(stands(&door), (1, CaseState::Withdrawn), "9090 decides");
    let open = "SELECT COUNT(*) FROM task WHERE kind = 'seat_returned' AND state = 'open'";
    assert_eq!(number(&door, open), 1);
    sound(&door);
    let cancel =
        CancelRegistration { registration: RegistrationId(1), reason: "khách từ chối".to_owned() };
    let outcome = run(&door, "ha", after(300), Command::CancelRegistration(cancel)).unwrap();
    assert_eq!(outcome, Receipt::Cancelled { seat_freed: true, promoted: Some(RegistrationId(2)) });
    assert_eq!(number(&door, open), 0, "closed by deciding");
    sound(&door);

    let door = one_seat_of(back);
    divert(&door);
    resume(&door, after(121));
    assert_eq!(stands(&door).0, 2);
}

#[test]
fn who_cancels_a_registration_that_waits_learns_nothing_and_ends_the_wait() {
    let door = one_seat();
    divert(&door);
    let cancel = CancelRegistration { registration: RegistrationId(1), reason: "đổi ý".to_owned() };
    let outcome = run(&door, "lan", after(30), Command::CancelRegistration(cancel)).unwrap();
    assert_eq!(outcome, Receipt::Cancelled { seat_freed: true, promoted: Some(RegistrationId(2)) });
    assert_eq!(rule(undivert(&door, after(40))), "conflict");
    resume(&door, after(121));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'release_seat'"), 0);
    sound(&door);
}

#[test]
fn a_seat_whose_case_cannot_move_is_found() {
    let broken = |text: &'static str| {
        let door = one_seat();
        call(&door);
        ended(&door, Disposition::NoAnswer);
        sql(&door, text);
        let found = check::check(&door).unwrap();
        found.into_iter().find(|found| found.invariant == "seat_case_moves").map(|found| found.rows)
    };
    let case = Some(vec!["registration:1".to_owned()]);
    assert_eq!(broken("UPDATE care_case SET state = 'withdrawn'"), case);
    assert_eq!(broken("UPDATE care_case SET state = 'unreachable'"), case);
    let closed = "UPDATE matter SET state = 'closed', reason = 'declined' WHERE purpose = 2";
    assert_eq!(broken(closed), case, "the call is closed and the case was never screened");
    assert_eq!(broken("UPDATE matter SET due_at = 0 WHERE id = 0"), None);
}

#[test]
fn the_reason_stays_with_the_hospital() {
    let door = one_seat();
    divert(&door);
    resume(&door, after(121));
    for text in [
        "SELECT COUNT(*) FROM registration WHERE cancel_reason LIKE '%115%'",
        "SELECT COUNT(*) FROM matter WHERE reason LIKE '%115%'",
        "SELECT COUNT(*) FROM audit WHERE action = 'release_seat' AND detail LIKE '%115%'",
    ] {
        assert_eq!(number(&door, text), 0, "{text}");
    }
    let closed =
        fixture::counted(&door, &crate::store::counter::matter(Purpose::Intake, MatterState::Closed));
    assert_eq!(closed, 1);
}
