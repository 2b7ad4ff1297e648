//! Vinmec's desks: triage, slots, appointments, results, surveys.

use super::{done, meet, rules};
use crate::domain::consent::ConsentPurpose;
use crate::domain::id::{AppointmentId, CaseId, DoctorId, RegistrationId};
use crate::usecase::command::{
    AddShift, AppointmentRef, Book, CancelAppointment, CancelRegistration, CancelledBy, Command, ContactKind,
    MoveAppointment, Nothing, OptOut, Outcome, RecordSurvey, SurveyAnswers, TellCustomer, ToldBy, Triage,
    WithdrawConsent,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{CUSTOMERS, at, number, run};
use crate::usecase::intake::fixture::{booked, cases, consulted, result, slot, triage};
use crate::usecase::receipt::Receipt;

const ELEVEN: &str = "2026-12-01T11:00";

/// Cases 1 to `n`, screened for internal medicine, on 1 December at eleven.
fn routed(n: i64) -> Door {
    let door = cases(n as usize);
    for case in 1..=n {
        run(&door, "thu", at(ELEVEN), Command::Triage(triage(case))).unwrap();
    }
    door
}

fn moved(appointment: AppointmentId, starts_at: &str) -> Command {
    Command::MoveAppointment(MoveAppointment {
        appointment,
        doctor: None,
        starts_at: at(starts_at),
        minutes: None,
    })
}

fn cancelled(appointment: AppointmentId) -> Command {
    let reason = "bận việc".to_owned();
    Command::CancelAppointment(CancelAppointment { appointment, by: CancelledBy::Customer, reason })
}

fn told(appointment: AppointmentId, by: ToldBy) -> Command {
    Command::TellCustomer(TellCustomer { appointment, by })
}

fn acute(case: i64) -> Command {
    Command::Triage(Triage { red_flags: vec!["seizure".to_owned()], ..triage(case) })
}

fn gives_up(registration: i64) -> Command {
    let reason = "đổi ý".to_owned();
    Command::CancelRegistration(CancelRegistration { registration: RegistrationId(registration), reason })
}

#[test]
fn one_slot_goes_to_one_of_six_cases() {
    let door = routed(6);
    for start in ["2026-12-02T09:00", "2026-12-02T10:00", "2026-12-02T11:00"] {
        let outcomes = meet(&door, (1..=6).map(|case| ("thu", Command::Book(slot(case, start)))));
        assert_eq!(done(&door, &outcomes), 1, "{outcomes:?}");
    }
    assert_eq!(number(&door, "SELECT COUNT(*) FROM appointment WHERE state = 'booked'"), 3);
}

#[test]
fn overlapping_times_are_never_both_booked() {
    let door = routed(6);
    let starts =
        ["09:00", "09:10", "09:20", "09:30", "09:05", "09:25"].map(|time| format!("2026-12-02T{time}"));
    let wants = (1..=6).zip(&starts).map(|(case, starts_at)| ("quan", Command::Book(slot(case, starts_at))));
    let booked = done(&door, &meet(&door, wants));
    assert!((1..=2).contains(&booked), "{booked}");
}

#[test]
fn one_case_is_booked_once_from_many_desks() {
    let door = routed(2);
    for case in 1..=2 {
        let outcomes = meet(
            &door,
            ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30"]
                .map(|time| ("thu", Command::Book(slot(case, &format!("2026-12-0{}T{time}", case + 1))))),
        );
        assert_eq!(done(&door, &outcomes), 1);
        assert_eq!(rules(&outcomes), ["conflict"; 5]);
    }
}

#[test]
fn an_appointment_ends_in_one_way() {
    let door = routed(3);
    for (round, case) in [1, 2, 3, 1, 2, 3].into_iter().enumerate() {
        let start = format!("2026-12-0{}T09:00", 2 + round % 2);
        let appointment = match run(&door, "thu", at(ELEVEN), Command::Book(slot(case, &start))).unwrap() {
            Receipt::Booked { appointment } => appointment,
            other => panic!("{other:?}"),
        };
        let outcomes = meet(
            &door,
            [
                ("thu", moved(appointment, "2026-12-04T09:00")),
                ("quan", cancelled(appointment)),
                ("thu", told(appointment, ToldBy::Phone)),
                ("quan", moved(appointment, "2026-12-04T10:00")),
                ("thu", told(appointment, ToldBy::Sms)),
                ("quan", cancelled(appointment)),
            ],
        );
        done(&door, &outcomes);
        let ends = [0, 1, 3, 5].into_iter().filter(|n| outcomes[*n].is_ok()).count();
        assert_eq!(ends, 1, "{outcomes:?}");
        for outcome in outcomes {
            if let Ok(Receipt::Moved { appointment }) = outcome {
                run(&door, "thu", at(ELEVEN), cancelled(appointment)).unwrap();
            }
        }
    }
    let stale =
        "SELECT COUNT(*) FROM sms s JOIN appointment a ON s.matter = 'appointment:' || CAST(a.id AS TEXT)
        WHERE s.state = 'queued' AND a.state IN ('cancelled', 'moved')";
    assert_eq!(number(&door, stale), 0, "no message about an appointment that is off");
}

#[test]
fn two_cases_that_swap_times_meet_no_deadlock() {
    let door = routed(2);
    let starts = ["2026-12-02T09:00", "2026-12-02T10:00"];
    let mut appointments = Vec::new();
    for (case, start) in (1..=2).zip(starts) {
        match run(&door, "thu", at(ELEVEN), Command::Book(slot(case, start))).unwrap() {
            Receipt::Booked { appointment } => appointments.push(appointment),
            other => panic!("{other:?}"),
        }
    }
    let outcomes = meet(
        &door,
        [("thu", moved(appointments[0], starts[1])), ("quan", moved(appointments[1], starts[0]))],
    );
    done(&door, &outcomes);
}

#[test]
fn a_case_that_is_given_up_holds_no_appointment() {
    let door = routed(6);
    for case in 1..=6 {
        let withdraw =
            WithdrawConsent { registration: RegistrationId(case), purpose: ConsentPurpose::Register };
        let end = match case % 3 {
            0 => ("thu", acute(case)),
            1 => ("ha", gives_up(case)),
            _ => ("ha", Command::WithdrawConsent(withdraw)),
        };
        let outcomes = meet(
            &door,
            [
                ("thu", Command::Book(slot(case, "2026-12-02T09:00"))),
                end,
                ("quan", Command::HoldSlot(slot(case, "2026-12-02T10:00"))),
                ("quan", Command::Triage(triage(case))),
            ],
        );
        done(&door, &outcomes);
        assert!(outcomes[1].is_ok(), "{outcomes:?}");
        assert_eq!(
            number(
                &door,
                "SELECT COUNT(*) FROM appointment a WHERE a.state IN ('booked', 'told')
                   OR (a.state = 'held' AND NOT EXISTS (SELECT 1 FROM seat_release s WHERE s.care_case = a.care_case))"
            ),
            0
        );
    }
    // What a diversion holds for its correction goes with the seat.
    run(&door, "lan", at("2026-12-01T23:00"), Command::Resume(Nothing {})).unwrap();
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM appointment WHERE state IN ('held', 'booked', 'told')"),
        0
    );
    assert_eq!(number(&door, "SELECT COUNT(*) FROM granule"), 0);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM matter WHERE state <> 'closed' AND purpose = 2"), 0);
}

#[test]
fn a_hold_that_runs_out_is_booked_or_lost_and_never_half() {
    let door = routed(4);
    for (round, start) in ["08:00", "09:00", "10:00", "11:00"].iter().enumerate() {
        let start = format!("2026-12-02T{start}");
        let minutes = 30 * round as i64;
        let hold = Command::HoldSlot(slot(1, &start));
        let until = match run(&door, "thu", at(ELEVEN).plus_minutes(minutes), hold).unwrap() {
            Receipt::SlotHeld { until, .. } => until,
            other => panic!("{other:?}"),
        };
        run(&door, "quan", until, Command::Resume(Nothing {})).unwrap();
        let outcomes = meet(
            &door,
            [
                ("thu", Command::Book(slot(1, &start))),
                ("quan", Command::Book(slot(2, &start))),
                ("quan", Command::Book(slot(3, &start))),
                ("thu", Command::HoldSlot(slot(4, &start))),
            ],
        );
        assert_eq!(done(&door, &outcomes), 1, "{outcomes:?}");
        for outcome in outcomes {
            match outcome {
                Ok(Receipt::Booked { appointment }) => {
                    run(&door, "thu", until, cancelled(appointment)).unwrap();
                }
                Ok(Receipt::SlotHeld { appointment, .. }) => {
                    run(&door, "thu", until, Command::ReleaseSlot(AppointmentRef { appointment })).unwrap();
                }
                _ => {}
            }
        }
    }
}

#[test]
fn hours_that_overlap_are_added_once() {
    let door = cases(1);
    for day in ["2026-12-07", "2026-12-08", "2026-12-09"] {
        let wants = ["08:00", "08:30", "09:00", "09:30", "10:00"].map(|from| {
            let from = at(&format!("{day}T{from}"));
            let shift = AddShift { doctor: DoctorId(1), from, to: at(&format!("{day}T11:30")) };
            ("quan", Command::AddShift(shift))
        });
        let outcomes = meet(&door, wants);
        assert_eq!(done(&door, &outcomes), 1);
        assert_eq!(rules(&outcomes), ["conflict"; 4]);
    }
}

#[test]
fn a_consultation_has_one_result() {
    let door = routed(1);
    let appointment = booked(&door, 1, "2026-12-02T09:00");
    run(&door, "quan", at("2026-12-02T09:30"), Command::Resume(Nothing {})).unwrap();
    let outcomes = meet(
        &door,
        [
            ("bs_mai", Command::RecordResult(result(appointment, Outcome::Done))),
            ("thu", Command::RecordResult(result(appointment, Outcome::NoShowCustomer))),
            ("ha", gives_up(1)),
            ("bs_mai", Command::RecordResult(result(appointment, Outcome::NoShowDoctor))),
            ("thu", cancelled(appointment)),
            ("thu", moved(appointment, "2026-12-03T09:00")),
        ],
    );
    let ends = done(&door, &outcomes);
    let gave_up = usize::from(outcomes[2].is_ok());
    assert!(ends - gave_up <= 2 && ends >= 1, "{outcomes:?}");
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'consulted'"), {
        i64::from(outcomes[0].is_ok())
    });
}

#[test]
fn answers_are_recorded_once() {
    let door = cases(1);
    consulted(&door, 1);
    run(&door, "minh", at("2026-12-02T15:00"), Command::Resume(Nothing {})).unwrap();
    let survey = |csat| {
        Command::RecordSurvey(RecordSurvey {
            case: CaseId(1),
            answers: SurveyAnswers { q5: Some(csat), ..SurveyAnswers::default() },
            talk_seconds: Some(90),
            recording_announced: Some(true),
            note: None,
        })
    };
    let outcomes = meet(&door, (1..=5).map(|csat| (if csat % 2 == 0 { "minh" } else { "ha" }, survey(csat))));
    assert_eq!(done(&door, &outcomes), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM call WHERE purpose = 3"), 1);
}

#[test]
fn no_message_is_queued_for_who_asks_for_none_at_that_moment() {
    let door = routed(4);
    for case in 1..=4_i64 {
        let start = format!("2026-12-02T{:02}:00", 7 + case);
        let appointment = match run(&door, "thu", at(ELEVEN), Command::Book(slot(case, &start))).unwrap() {
            Receipt::Booked { appointment } => appointment,
            other => panic!("{other:?}"),
        };
        let phone = CUSTOMERS[case as usize - 1].0.to_owned();
        let out = Command::OptOut(OptOut { phone, contact: ContactKind::Sms });
        let outcomes = meet(&door, [("thu", told(appointment, ToldBy::Sms)), ("lan", out)]);
        done(&door, &outcomes);
        assert!(outcomes[1].is_ok());
        assert_eq!(
            number(&door, "SELECT COUNT(*) FROM sms WHERE template = 'appointment' AND state = 'queued'"),
            0
        );
    }
}

#[test]
fn a_book_that_is_repeated_while_it_runs_answers_the_same() {
    let door = routed(1);
    let wanted: Book = slot(1, "2026-12-02T09:00");
    let wants = (0..6).map(|_| (Some("book-1"), "thu", Command::Book(wanted.clone()))).collect();
    let outcomes = super::meet_under(&door, wants);
    assert_eq!(done(&door, &outcomes), 6);
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
}
