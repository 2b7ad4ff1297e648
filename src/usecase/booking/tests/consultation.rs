//! Starting a consultation and recording what came of it.

use super::refused;
use crate::domain::appointment::AppointmentState;
use crate::domain::case::CaseState;
use crate::domain::contact::{MatterState, Purpose};
use crate::domain::id::{AppointmentId, BatchId, CaseId, DoctorId};
use crate::store::counter;
use crate::usecase::check::check;
use crate::usecase::command::{AppointmentRef, Command, OpenDay, Outcome, RecordResult};
use crate::usecase::fixture::{ask, at, counted, day, hotline, number, run};
use crate::usecase::intake::fixture::{booked, cases, consulted, hand_over, register, result, slot};
use crate::usecase::query::{Query, Snapshot};
use crate::usecase::receipt::Receipt;

const NINE: &str = "2026-12-02T09:00";

fn start(appointment: AppointmentId) -> Command {
    Command::StartConsultation(AppointmentRef { appointment })
}

fn done(appointment: AppointmentId, from: &str, to: &str) -> Command {
    Command::RecordResult(RecordResult {
        started_at: Some(at(from)),
        ended_at: Some(at(to)),
        summary: Some("khuyên nghỉ ngơi, tái khám nếu không đỡ".to_owned()),
        in_person_advised: Some(true),
        ..result(appointment, Outcome::Done)
    })
}

#[test]
fn a_consultation_opens_the_survey_for_who_agreed_to_be_asked() {
    let door = cases(1);
    let appointment = consulted(&door, 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM survey WHERE state = 'due'"), 1);
    assert_eq!(counted(&door, &counter::matter(Purpose::Survey, MatterState::Waiting)), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE purpose = 3 AND avoid_staff = 'lan'"), 1);
    let open = Query::CaseFile { case: CaseId(1) }.opening().unwrap();
    run(&door, "bs_mai", at("2026-12-02T10:00"), open).unwrap();
    let Snapshot::CaseFile(file) =
        ask(&door, "bs_mai", at("2026-12-02T10:00"), Query::CaseFile { case: CaseId(1) }).unwrap()
    else {
        panic!("no case file")
    };
    let line = &file.appointments[0];
    assert_eq!((file.state, line.state), (CaseState::Consulted, AppointmentState::Done));
    assert_eq!(line.appointment, appointment);
    assert_eq!((line.started_at, line.ended_at), (Some(at(NINE)), Some(at("2026-12-02T09:20"))));
}

#[test]
fn who_did_not_agree_is_not_asked() {
    let door = hotline();
    run(&door, "lan", at("2026-12-01T09:00"), register(1, false)).unwrap();
    hand_over(&door, BatchId(1));
    consulted(&door, 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM survey"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE purpose = 3"), 0);
}

#[test]
fn the_times_of_a_consultation_are_possible() {
    let door = cases(1);
    let appointment = booked(&door, 1, NINE);
    let late = "2026-12-02T10:00";
    let wrong = [
        ("field_invalid", done(appointment, NINE, "2026-12-02T08:59")),
        ("field_invalid", done(appointment, NINE, "2026-12-02T10:01")),
        ("field_invalid", done(appointment, "2026-12-02T10:01", "2026-12-02T10:02")),
        ("field_invalid", done(appointment, "2026-12-01T23:50", "2026-12-01T23:55")),
    ];
    for (rule, command) in wrong {
        assert_eq!(refused(&door, "bs_mai", late, command), rule);
    }
    let long = RecordResult { summary: Some("x".repeat(1_001)), ..result(appointment, Outcome::Done) };
    assert_eq!(refused(&door, "bs_mai", late, Command::RecordResult(long)), "field_invalid");
    run(&door, "bs_mai", at(late), done(appointment, NINE, "2026-12-02T09:30")).unwrap();
    assert_eq!(number(&door, "SELECT in_person FROM appointment WHERE state = 'done'"), 1);
    assert_eq!(refused(&door, "bs_mai", late, done(appointment, NINE, "2026-12-02T09:30")), "conflict");
}

#[test]
fn a_consultation_that_ran_over_is_recorded_as_it_was_and_marked() {
    let wednesday = Query::Day { doctor: Some(DoctorId(1)), date: Some(day("2026-12-02")) };
    for (end, over) in
        [("2026-12-02T09:30", None), ("2026-12-02T09:31", Some(1)), ("2026-12-02T09:35", Some(5))]
    {
        let door = cases(1);
        let appointment = booked(&door, 1, NINE);
        let receipt = run(&door, "bs_mai", at("2026-12-02T10:00"), done(appointment, NINE, end)).unwrap();
        assert_eq!(receipt, Receipt::ResultRecorded { over_limit_minutes: over });
        assert_eq!(number(&door, "SELECT ended_at FROM appointment WHERE state = 'done'"), at(end).ms());
        let opening = OpenDay { doctor: Some(DoctorId(1)), date: Some(day("2026-12-02")) };
        run(&door, "bs_mai", at("2026-12-02T10:00"), Command::OpenDay(opening)).unwrap();
        let Snapshot::Day(day) = ask(&door, "bs_mai", at("2026-12-02T10:00"), wednesday.clone()).unwrap()
        else {
            panic!("no day")
        };
        assert_eq!(day.appointments[0].over_limit_minutes, over);
        let Snapshot::Overview(overview) =
            ask(&door, "ha", at("2026-12-02T10:00"), Query::Overview {}).unwrap()
        else {
            panic!("no overview")
        };
        assert_eq!(overview.over_limit, i64::from(over.is_some()));
        assert_eq!(check(&door).unwrap(), []);
    }
}

#[test]
fn an_unfinished_consultation_that_was_forgotten_needs_its_real_end() {
    let door = cases(1);
    let appointment = booked(&door, 1, NINE);
    run(&door, "bs_mai", at(NINE), start(appointment)).unwrap();
    let forgotten = Command::RecordResult(result(appointment, Outcome::Done));
    assert_eq!(refused(&door, "bs_mai", "2026-12-02T11:00", forgotten), "field_invalid");
    run(&door, "bs_mai", at("2026-12-02T11:00"), done(appointment, NINE, "2026-12-02T09:25")).unwrap();
}

#[test]
fn a_result_without_times_takes_the_planned_ones() {
    let door = cases(1);
    let appointment = booked(&door, 1, NINE);
    let plain = Command::RecordResult(result(appointment, Outcome::Done));
    assert_eq!(refused(&door, "quan", ELEVEN_BEFORE, plain.clone()), "field_invalid");
    run(&door, "quan", at("2026-12-02T15:00"), plain).unwrap();
    let ended = number(&door, "SELECT ended_at FROM appointment WHERE state = 'done'");
    assert_eq!(ended, at("2026-12-02T09:30").ms());
}

const ELEVEN_BEFORE: &str = "2026-12-01T11:00";

#[test]
fn a_doctor_settles_only_their_own_appointments() {
    let door = cases(1);
    let appointment = booked(&door, 1, NINE);
    assert_eq!(refused(&door, "bs_binh", NINE, start(appointment)), "forbidden");
    let theirs = || Command::RecordResult(result(appointment, Outcome::NoShowCustomer));
    assert_eq!(refused(&door, "bs_binh", NINE, theirs()), "forbidden");
    assert_eq!(refused(&door, "lan", NINE, theirs()), "forbidden");
    assert_eq!(refused(&door, "bs_mai", ELEVEN_BEFORE, start(appointment)), "field_invalid");
    assert_eq!(refused(&door, "bs_mai", NINE, start(AppointmentId(99))), "no_such_row");
    let outcome = run(&door, "bs_mai", at(NINE), start(appointment)).unwrap();
    assert_eq!(outcome, Receipt::ConsultationStarted { at: at(NINE) });
    assert_eq!(refused(&door, "bs_mai", NINE, start(appointment)), "conflict");
}

#[test]
fn who_did_not_come_is_called_and_booked_again() {
    for outcome in [Outcome::NoShowCustomer, Outcome::NoShowDoctor] {
        let door = cases(1);
        let appointment = booked(&door, 1, NINE);
        let missed = Command::RecordResult(result(appointment, outcome));
        run(&door, "bs_mai", at("2026-12-02T09:15"), missed).unwrap();
        assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'no_show'"), 1);
        assert_eq!(counted(&door, &counter::matter(Purpose::Intake, MatterState::Waiting)), 1);
        assert_eq!(number(&door, "SELECT taken FROM campaign"), 1);
        run(&door, "thu", at("2026-12-02T10:00"), Command::Book(slot(1, "2026-12-03T09:00"))).unwrap();
        assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'booked'"), 1);
    }
}

#[test]
fn a_customer_is_not_missed_before_the_time() {
    let door = cases(1);
    let appointment = booked(&door, 1, NINE);
    let missed = |outcome| Command::RecordResult(result(appointment, outcome));
    assert_eq!(
        refused(&door, "bs_mai", "2026-12-02T08:59", missed(Outcome::NoShowCustomer)),
        "field_invalid"
    );
    assert_eq!(refused(&door, "bs_mai", ELEVEN_BEFORE, missed(Outcome::NoShowDoctor)), "field_invalid");
    run(&door, "quan", at("2026-12-02T08:59"), missed(Outcome::NoShowDoctor)).unwrap();
}
