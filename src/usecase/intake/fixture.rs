//! Brings the programme of [`fixture::hotline`] through the door as far as Vinmec, for tests of what follows the
//! hand-over. Lan registers customers 1 to `n` on 1 December; they are handed over and accepted, so that they have
//! cases and registrations 1 to `n`.

use crate::domain::consent::ConsentAnswers;
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, BatchId, CaseId, DoctorId};
use crate::domain::time::Timestamp;
use crate::usecase::command::{
    Accept, Acknowledge, AllWord, AppointmentRef, Book, Channel, Command, Method, Nothing, Outcome,
    RecordResult, Register, Triage,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{CUSTOMERS, at, hotline, run};
use crate::usecase::receipt::Receipt;
use std::collections::BTreeMap;

/// The version of the built-in checklist.
pub const VERSION: i64 = 2;

/// Registers one of the list's customers, 1 to 8.
pub fn register(customer: usize, survey: bool) -> Command {
    Command::Register(Register {
        consents: ConsentAnswers { register: true, survey, ..ConsentAnswers::default() },
        ..Register::new(CUSTOMERS[customer - 1].0, Channel::Inbound9090)
    })
}

/// A programme with cases 1 to `n`, all of them new since 1 December 10:00; all customers agreed to the survey.
pub fn cases(n: usize) -> Door {
    let door = hotline();
    for customer in 1..=n {
        run(&door, "lan", at("2026-12-01T09:00"), register(customer, true)).unwrap();
    }
    hand_over(&door, BatchId(1));
    door
}

/// Sends what waits as that batch and accepts it, on 1 December.
pub fn hand_over(door: &Door, batch: BatchId) {
    run(door, "ha", at("2026-12-01T09:30"), Command::HandOver(Nothing {})).unwrap();
    let accept = Acknowledge { batch, accept: Accept::All(AllWord::All), returned: Vec::new() };
    run(door, "quan", at("2026-12-01T10:00"), Command::Acknowledge(accept)).unwrap();
}

/// Routes a case to internal medicine by phone.
pub fn triage(case: i64) -> Triage {
    Triage {
        case: CaseId(case),
        department: Department::NoiTongHop,
        need: "hay đau đầu về chiều".to_owned(),
        screened: Some(VERSION),
        red_flags: Vec::new(),
        answers: BTreeMap::new(),
        method: Method::Phone,
        method_reason: None,
    }
}

/// Half an hour with doctor Mai.
pub fn slot(case: i64, starts_at: &str) -> Book {
    Book { case: CaseId(case), doctor: DoctorId(1), starts_at: at(starts_at), minutes: 30 }
}

/// Screens a case and books it on 1 December with doctor Mai.
pub fn booked(door: &Door, case: i64, starts_at: &str) -> AppointmentId {
    run(door, "thu", at("2026-12-01T11:00"), Command::Triage(triage(case))).unwrap();
    match run(door, "thu", at("2026-12-01T11:00"), Command::Book(slot(case, starts_at))).unwrap() {
        Receipt::Booked { appointment } => appointment,
        other => panic!("not booked: {other:?}"),
    }
}

/// What came of an appointment, without times.
pub fn result(appointment: AppointmentId, outcome: Outcome) -> RecordResult {
    RecordResult {
        appointment,
        outcome,
        started_at: None,
        ended_at: None,
        summary: None,
        in_person_advised: None,
    }
}

/// Books a case for 2 December 09:00 and has it consulted.
pub fn consulted(door: &Door, case: i64) -> AppointmentId {
    let appointment = booked(door, case, "2026-12-02T09:00");
    consult(door, appointment, at("2026-12-02T09:00"));
    appointment
}

/// Books cases 1 to `n`, at most 5, one after another from 2 December 09:00 on, and has them consulted.
pub fn all_consulted(door: &Door, n: i64) {
    let starts = ["09:00", "09:30", "10:00", "10:30", "11:00"].map(|time| format!("2026-12-02T{time}"));
    let booked: Vec<_> =
        (1..=n).zip(&starts).map(|(case, starts_at)| (booked(door, case, starts_at), starts_at)).collect();
    for (appointment, starts_at) in booked {
        consult(door, appointment, at(starts_at));
    }
}

/// Has a booked appointment consulted from its start for 20 minutes.
pub fn consult(door: &Door, appointment: AppointmentId, starts_at: Timestamp) {
    run(door, "bs_mai", starts_at, Command::StartConsultation(AppointmentRef { appointment })).unwrap();
    let done = result(appointment, Outcome::Done);
    run(door, "bs_mai", starts_at.plus_minutes(20), Command::RecordResult(done)).unwrap();
}
