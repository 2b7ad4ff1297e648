//! The model's steps after the hand-over: batches, cases, the doctors' time, results and surveys.

use crate::calls::success;
use crate::fixture::at;
use crate::plain::{Actor, Appointment, Case, HOLD_MINUTES, Place, Plain, Registration, UNDO_MS};
use crate::play::{Planned, yes};
use std::collections::BTreeMap;
use tongdai::domain::appointment::AppointmentState;
use tongdai::domain::case::CaseState;
use tongdai::domain::contact::{MatterState, Purpose};
use tongdai::domain::department::Department;
use tongdai::domain::id::{AppointmentId, BatchId, CaseId, DoctorId, RegistrationId};
use tongdai::domain::time::Timestamp;
use tongdai::usecase::command::{
    Accept, Acknowledge, AllWord, AppointmentRef, Book, CancelAppointment, CancelledBy, CorrectRegistration,
    Method, MoveAppointment, Nothing, Outcome, RecordResult, RecordSurvey, Returned, SurveyAnswers,
    TellCustomer, ToldBy, Triage,
};
use tongdai::usecase::{Command, Receipt};

pub fn hand_over(model: &Plain) -> Planned {
    let waits = |r: &Registration| matches!(r.place, Place::Seat(_)) && r.hand_over == "waiting";
    let rows: Vec<i64> =
        (1..).zip(&model.registrations).filter(|(_, r)| waits(r)).map(|(id, _)| id).collect();
    let outcome = if rows.is_empty() {
        Err("nothing_to_hand_over")
    } else {
        yes(move |model, receipt| {
            let batch = BatchId(model.batches.len() as i64 + 1);
            let count = rows.len() as i64;
            assert!(
                matches!(receipt, Receipt::HandedOver { batch: b, rows: r, .. } if (*b, *r) == (batch, count))
            );
            for id in &rows {
                model.registration_mut(*id).hand_over = "sent";
            }
            model.batches.push(rows.into_iter().map(|id| (id, "sent")).collect());
        })
    };
    (Command::HandOver(Nothing {}), outcome)
}

/// Answers a returned row: the registration may go out again.
pub fn correct(model: &Plain, id: i64) -> Planned {
    let command = Command::CorrectRegistration(CorrectRegistration {
        registration: RegistrationId(id),
        name: None,
        phone: None,
        patient: None,
        note: Some("tên đúng".to_owned()),
    });
    let outcome = if model.registrations[id as usize - 1].place == Place::Cancelled {
        Err("conflict")
    } else {
        yes(move |model, _| model.registration_mut(id).hand_over = "waiting")
    };
    (command, outcome)
}

pub fn acknowledge(model: &Plain, batch: i64, returned: usize) -> Planned {
    let rows = &model.batches[batch as usize - 1];
    let sent: Vec<i64> = rows.iter().filter(|(_, state)| **state == "sent").map(|(id, _)| *id).collect();
    let returned: Vec<i64> = sent.iter().copied().take(returned).collect();
    let command = Command::Acknowledge(Acknowledge {
        batch: BatchId(batch),
        accept: Accept::All(AllWord::All),
        returned: returned
            .iter()
            .map(|id| Returned { registration: RegistrationId(*id), reason: "sai tên".to_owned() })
            .collect(),
    });
    let outcome = if sent.is_empty() {
        Err("conflict")
    } else {
        yes(move |model, _| {
            let mut by_seat = BTreeMap::new();
            for id in sent {
                let state = if returned.contains(&id) { "returned" } else { "accepted" };
                model.batches[batch as usize - 1].insert(id, state);
                let registration = model.registration_mut(id);
                registration.hand_over = state;
                if let (Place::Seat(seat), "accepted") = (registration.place, state) {
                    by_seat.insert(seat, (id, registration.customer));
                }
            }
            for (registration, customer) in by_seat.into_values() {
                let (state, department, survey) = (CaseState::New, None, None);
                model.cases.push(Case { registration, customer, state, department, survey });
                model.open(customer * 4 + 2, Purpose::Intake, None);
            }
        })
    };
    (command, outcome)
}

pub fn triage(model: &Plain, id: i64, children: bool, flag: bool) -> Planned {
    let department = if children { Department::Nhi } else { Department::NoiTongHop };
    let command = Command::Triage(Triage {
        case: CaseId(id),
        department,
        need: "hay đau đầu".to_owned(),
        screened: Some(2),
        answers: BTreeMap::new(),
        red_flags: if flag { vec!["chest_pain".to_owned()] } else { Vec::new() },
        method: Method::Phone,
        method_reason: None,
    });
    let case = &model.cases[id as usize - 1];
    let (registration, customer) = (case.registration, case.customer);
    let live = model.live_of(id).map(|live| model.appointments[live as usize - 1].state);
    let is_cancelled = model.registrations[registration as usize - 1].place == Place::Cancelled;
    let outcome = match case.state {
        CaseState::Diverted115 => Err("acute_problem"),
        CaseState::Consulted | CaseState::Withdrawn => Err("case_not_ready"),
        CaseState::Unreachable if is_cancelled && !flag => Err("case_not_ready"),
        _ if flag && live == Some(AppointmentState::InProgress) => Err("conflict"),
        _ if flag => yes(move |model, receipt| {
            let case = &mut model.cases[id as usize - 1];
            (case.state, case.department) = (CaseState::Diverted115, Some(department));
            let seat_freed = model.keep(registration, id, CaseState::Diverted115);
            let until = model.now.plus_ms(UNDO_MS);
            match model.live_of(id) {
                Some(live) if seat_freed && model.appointment_mut(live).state != AppointmentState::Held => {
                    let live = model.appointment_mut(live);
                    (live.state, live.held_until) = (AppointmentState::Held, Some(until.plus_ms(1)));
                }
                _ => model.cancel_live(id),
            }
            let waiting = seat_freed && !model.waitlist.is_empty();
            assert_eq!(receipt, &Receipt::Diverted115 { seat_freed, waiting });
            model.close(customer * 4 + 2, "ended_at_vinmec");
        }),
        CaseState::Booked => Err("case_not_ready"),
        _ => yes(move |model, _| {
            if model.cases[id as usize - 1].department.is_some_and(|before| before != department) {
                model.cancel_live(id);
            }
            let case = &mut model.cases[id as usize - 1];
            (case.state, case.department) = (CaseState::Triaged, Some(department));
            model.kept.remove(&registration);
        }),
    };
    (command, outcome)
}

/// Half-hours of 2 to 5 December: four a day, and one that lies outside the hours.
fn slot(number: u8) -> Timestamp {
    let day = 2 + number / 4 % 4;
    let time = ["08:00", "08:20", "10:55", "11:20"][usize::from(number % 4)];
    at(&format!("2026-12-0{day}T{time}"))
}

/// What speaks against a stretch of a doctor's time.
fn against_slot(
    model: &Plain,
    doctor: i64,
    department: Department,
    from: Timestamp,
    minutes: i64,
    besides: Option<i64>,
) -> Option<&'static str> {
    let is_theirs = (doctor == 1) == (department == Department::NoiTongHop);
    let ends = from.plus_minutes(minutes);
    let busy = (1..)
        .zip(&model.appointments)
        .any(|(id, a)| Some(id) != besides && a.doctor == doctor && a.shares_time(from, minutes));
    if !is_theirs {
        Some("wrong_department")
    } else if from < model.now {
        Some("in_the_past")
    } else if ends.minute_of_day() > 11 * 60 + 30 {
        Some("outside_shift")
    } else if busy {
        Some("doctor_busy")
    } else {
        None
    }
}

pub fn book(
    model: &Plain,
    actor: Actor,
    id: i64,
    (number, long, wrong): (u8, bool, bool),
    hold: bool,
) -> Planned {
    let case = &model.cases[id as usize - 1];
    let (from, minutes) = (slot(number), if long { 30 } else { 10 });
    let department = case.department.unwrap_or(Department::NoiTongHop);
    let doctor = if (department == Department::NoiTongHop) == wrong { 2 } else { 1 };
    let input = Book { case: CaseId(id), doctor: DoctorId(doctor), starts_at: from, minutes };
    let command = if hold { Command::HoldSlot(input) } else { Command::Book(input) };
    let mut swept = model.clone();
    swept.sweep_holds();
    let live = swept.live_of(id);
    let own = live.filter(|live| {
        let live = &swept.appointments[*live as usize - 1];
        live.state == AppointmentState::Held && live.by == actor
    });
    let rule = if case.state == CaseState::Diverted115 {
        Some("acute_problem")
    } else if live.is_some() && own.is_none() {
        Some("conflict")
    } else if !case.state.is_bookable() {
        Some("case_not_ready")
    } else {
        against_slot(&swept, doctor, department, from, minutes, own)
    };
    let customer = case.customer;
    let outcome = rule.map_or(Ok(()), Err).and_then(|()| {
        yes(move |model, receipt| {
            model.sweep_holds();
            let kept = own.filter(|own| {
                let a = &model.appointments[*own as usize - 1];
                !hold && (a.doctor, a.from, a.minutes, a.department) == (doctor, from, minutes, department)
            });
            let held_until = hold.then(|| model.now.plus_minutes(HOLD_MINUTES));
            let appointment = if let Some(kept) = kept {
                model.appointment_mut(kept).end(AppointmentState::Booked);
                kept
            } else {
                model.cancel_live(id);
                let state = if hold { AppointmentState::Held } else { AppointmentState::Booked };
                let started = None;
                model.appointments.push(Appointment {
                    case: id,
                    doctor,
                    department,
                    from,
                    minutes,
                    state,
                    by: actor,
                    held_until,
                    started,
                });
                model.appointments.len() as i64
            };
            let appointment = AppointmentId(appointment);
            let expected = match held_until {
                Some(until) => Receipt::SlotHeld { appointment, until },
                None => Receipt::Booked { appointment },
            };
            assert_eq!(receipt, &expected);
            if !hold {
                model.cases[id as usize - 1].state = CaseState::Booked;
                let intake = customer * 4 + 2;
                if model.matters.get(&intake).is_some_and(|m| m.state != MatterState::Leased) {
                    model.close(intake, "booked");
                }
            }
        })
    });
    (command, outcome)
}

pub fn let_go(model: &Plain, id: i64) -> Planned {
    let command = Command::ReleaseSlot(AppointmentRef { appointment: AppointmentId(id) });
    let is_held = model.appointments[id as usize - 1].state == AppointmentState::Held;
    let change = yes(move |model, _| model.appointment_mut(id).end(AppointmentState::Cancelled));
    (command, if is_held { change } else { Err("conflict") })
}

fn stands(a: &Appointment) -> bool {
    matches!(a.state, AppointmentState::Booked | AppointmentState::Told)
}

pub fn move_to(model: &Plain, actor: Actor, id: i64, number: u8) -> Planned {
    let from = slot(number);
    let command = Command::MoveAppointment(MoveAppointment {
        appointment: AppointmentId(id),
        doctor: None,
        starts_at: from,
        minutes: None,
    });
    let mut swept = model.clone();
    swept.sweep_holds();
    let old = swept.appointments[id as usize - 1].clone();
    let rule = if stands(&old) {
        against_slot(&swept, old.doctor, old.department, from, old.minutes, Some(id))
    } else {
        Some("conflict")
    };
    let outcome = rule.map_or(Ok(()), Err).and_then(|()| {
        yes(move |model, _| {
            model.sweep_holds();
            model.appointment_mut(id).end(AppointmentState::Moved);
            let state = AppointmentState::Booked;
            model.appointments.push(Appointment { from, state, by: actor, started: None, ..old });
        })
    });
    (command, outcome)
}

pub fn cancel_appointment(model: &Plain, id: i64) -> Planned {
    let command = Command::CancelAppointment(CancelAppointment {
        appointment: AppointmentId(id),
        by: CancelledBy::Customer,
        reason: "bận".to_owned(),
    });
    let old = model.appointments[id as usize - 1].clone();
    let was_held = old.state == AppointmentState::Held;
    let change = yes(move |model, _| {
        model.appointment_mut(id).end(AppointmentState::Cancelled);
        if !was_held {
            back_to_intake(model, old.case, CaseState::Triaged);
        }
    });
    let may = was_held || stands(&model.appointments[id as usize - 1]);
    (command, if may { change } else { Err("conflict") })
}

fn back_to_intake(model: &mut Plain, case: i64, state: CaseState) {
    let case = &mut model.cases[case as usize - 1];
    case.state = state;
    let matter = case.customer * 4 + 2;
    model.open(matter, Purpose::Intake, None);
}

pub fn tell(model: &Plain, id: i64) -> Planned {
    let command = Command::TellCustomer(TellCustomer { appointment: AppointmentId(id), by: ToldBy::Phone });
    let change = yes(move |model, _| model.appointment_mut(id).state = AppointmentState::Told);
    (command, if stands(&model.appointments[id as usize - 1]) { change } else { Err("conflict") })
}

pub fn start(model: &Plain, id: i64, wrong_doctor: bool) -> Planned {
    let command = Command::StartConsultation(AppointmentRef { appointment: AppointmentId(id) });
    let a = &model.appointments[id as usize - 1];
    let outcome = if wrong_doctor {
        Err("forbidden")
    } else if !stands(a) {
        Err("conflict")
    } else if model.now.date() < a.from.date() {
        Err("field_invalid")
    } else {
        yes(move |model, _| {
            let now = model.now;
            let a = model.appointment_mut(id);
            (a.state, a.started) = (AppointmentState::InProgress, Some(now));
        })
    };
    (command, outcome)
}

pub fn result(model: &Plain, id: i64, done: bool) -> Planned {
    let (a, now) = (model.appointments[id as usize - 1].clone(), model.now);
    let ended_at = a.started.map(|started| started.plus_minutes(20).min(now));
    let command = Command::RecordResult(RecordResult {
        appointment: AppointmentId(id),
        outcome: if done { Outcome::Done } else { Outcome::NoShowCustomer },
        started_at: None,
        ended_at: ended_at.filter(|_| done),
        summary: None,
        in_person_advised: None,
    });
    let may = stands(&a) || a.state == AppointmentState::InProgress;
    let too_early = if done { now.date() < a.from.date() } else { now < a.from };
    let outcome = match (done, may, too_early) {
        (false, _, true) => Err("field_invalid"),
        (_, false, _) => Err("conflict"),
        (true, true, true) => Err("field_invalid"),
        (true, true, false) => yes(move |model, _| {
            model.appointment_mut(id).end(AppointmentState::Done);
            let case = &mut model.cases[a.case as usize - 1];
            case.state = CaseState::Consulted;
            let (customer, registration) = (case.customer, case.registration);
            model.close(customer * 4 + 2, "consulted");
            let registration = model.registration_mut(registration);
            let (survey, by) = (registration.survey, registration.by);
            if survey {
                model.cases[a.case as usize - 1].survey = Some("due");
                model.open(customer * 4 + 3, Purpose::Survey, Some(by));
            }
        }),
        (false, true, false) => yes(move |model, _| {
            model.appointment_mut(id).end(AppointmentState::NoShow);
            back_to_intake(model, a.case, CaseState::NoShow);
        }),
    };
    (command, outcome)
}

pub fn survey(model: &Plain, actor: Actor, id: i64, q5: i64) -> Planned {
    let command = Command::RecordSurvey(RecordSurvey {
        case: CaseId(id),
        answers: SurveyAnswers { q5: Some(q5), ..SurveyAnswers::default() },
        talk_seconds: None,
        recording_announced: None,
        note: None,
    });
    let case = &model.cases[id as usize - 1];
    let matter_id = case.customer * 4 + 3;
    let matter = model.matters.get(&matter_id);
    let is_taken =
        matter.is_some_and(|m| m.has_good_lease(model.now) && m.lease.is_some_and(|(h, _)| h != actor));
    // The survey that the actor's own lease left unreachable is due for their answers.
    let mut asked = model.clone();
    let late = asked.unrecorded(actor, matter_id, true);
    let is_lost = late.as_ref().is_some_and(|found| found.under_lease.is_some());
    if let Some(found) = &late {
        asked.replace(found);
    }
    let state = if is_lost { asked.cases[id as usize - 1].survey } else { case.survey };
    let outcome = if case.state != CaseState::Consulted {
        Err("case_not_ready")
    } else if state != Some("due") {
        Err("conflict")
    } else if matter.is_some_and(|m| m.avoid == Some(actor)) {
        Err("registered_by_you")
    } else if q5 > 5 {
        Err("answer_out_of_range")
    } else if is_taken && late.is_none() {
        Err("not_your_lease")
    } else {
        yes(move |model, _| {
            success(model, matter_id, actor);
            model.cases[id as usize - 1].survey = Some("answered");
        })
    };
    (command, outcome)
}
