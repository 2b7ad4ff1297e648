//! The roster desk through the door.

use crate::domain::department::Department;
use crate::domain::id::DoctorId;
use crate::usecase::command::{AddDoctor, AddShift, Command};
use crate::usecase::door::Door;
use crate::usecase::error::Error;
use crate::usecase::fixture::{ask, at, day, hotline, number, rule, run, sql, state};
use crate::usecase::intake::fixture::{booked, cases, slot};
use crate::usecase::model::case::{DayModel, FreeSlots, RosterModel};
use crate::usecase::query::{Query, Snapshot};
use crate::usecase::receipt::Receipt;

const ELEVEN: &str = "2026-12-01T11:00";

fn doctor() -> AddDoctor {
    AddDoctor {
        name: "Lưu Thị Hạnh".to_owned(),
        titles: "PGS.TS.BS".to_owned(),
        licence: "0777/hp-cchn".to_owned(),
        departments: vec![Department::Nhi, Department::San, Department::Nhi],
    }
}

fn shift(from: &str, to: &str) -> AddShift {
    AddShift { doctor: DoctorId(1), from: at(from), to: at(to) }
}

fn refused(door: &Door, who: &str, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, who, at(ELEVEN), command));
    assert_eq!(state(door), before, "{rule} changed something");
    rule
}

fn free(door: &Door, when: &str, department: Department, count: u32) -> FreeSlots {
    match ask(door, "thu", at(when), Query::FreeSlots { department, from: None, count }).unwrap() {
        Snapshot::FreeSlots(slots) => slots,
        other => panic!("{other:?}"),
    }
}

fn starts(slots: &FreeSlots) -> Vec<String> {
    slots.slots.iter().map(|slot| slot.starts_at.dm_hm()).collect()
}

fn day_of(door: &Door, who: &str, doctor: Option<i64>) -> Result<DayModel, Error> {
    let query = Query::Day { doctor: doctor.map(DoctorId), date: Some(day("2026-12-02")) };
    run(door, who, at(ELEVEN), query.opening().unwrap())?;
    match ask(door, who, at(ELEVEN), query)? {
        Snapshot::Day(day) => Ok(day),
        other => panic!("{other:?}"),
    }
}

fn grid(door: &Door, who: &str, department: Option<Department>) -> RosterModel {
    match ask(door, who, at(ELEVEN), Query::Roster { department, date: Some(day("2026-12-02")) }).unwrap() {
        Snapshot::Roster(roster) => roster,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_doctor_comes_in_with_the_reason_why_they_qualify() {
    let door = hotline();
    let outcome = run(&door, "quan", at(ELEVEN), Command::AddDoctor(doctor())).unwrap();
    let Receipt::DoctorAdded { doctor, qualifies: Some(qualifies) } = outcome else { panic!("{outcome:?}") };
    assert_eq!((doctor, qualifies.as_str()), (DoctorId(3), "đạt: PGS.TS.BS"));
    let Snapshot::Doctors { doctors } = ask(&door, "thu", at(ELEVEN), Query::Doctors {}).unwrap() else {
        panic!("no doctors")
    };
    assert_eq!(doctors.iter().map(|line| line.doctor.0).collect::<Vec<_>>(), [1, 3, 2]);
    assert_eq!(doctors[1].departments, [Department::San, Department::Nhi]);
}

#[test]
fn titles_below_a_masters_and_broken_forms_are_refused() {
    let door = hotline();
    run(&door, "quan", at(ELEVEN), Command::AddDoctor(doctor())).unwrap();
    let forms = [
        ("degree_too_low", AddDoctor { titles: "BSCKII".to_owned(), licence: "9".to_owned(), ..doctor() }),
        ("degree_too_low", AddDoctor { titles: "Lương y".to_owned(), licence: "9".to_owned(), ..doctor() }),
        ("conflict", AddDoctor { licence: " 0777/HP-CCHN ".to_owned(), ..doctor() }),
        ("field_invalid", AddDoctor { departments: Vec::new(), ..doctor() }),
        ("field_invalid", AddDoctor { licence: " ".to_owned(), ..doctor() }),
        ("field_invalid", AddDoctor { titles: String::new(), ..doctor() }),
        ("field_invalid", AddDoctor { name: "123".to_owned(), ..doctor() }),
    ];
    for (rule, form) in forms {
        assert_eq!(refused(&door, "quan", Command::AddDoctor(form)), rule);
    }
    assert_eq!(refused(&door, "thu", Command::AddDoctor(doctor())), "forbidden");
}

#[test]
fn hours_lie_on_the_grid_within_one_day_and_never_overlap() {
    let door = hotline();
    let wrong = [
        ("off_grid", shift("2026-12-07T08:02", "2026-12-07T11:00")),
        ("field_invalid", shift("2026-12-07T11:00", "2026-12-07T11:00")),
        ("field_invalid", shift("2026-12-07T11:00", "2026-12-07T08:00")),
        ("field_invalid", shift("2026-12-07T20:00", "2026-12-08T06:00")),
        ("field_invalid", shift("2026-12-07T06:00", "2026-12-07T22:05")),
        ("conflict", shift("2026-12-02T11:25", "2026-12-02T13:00")),
        ("conflict", shift("2026-12-02T07:00", "2026-12-02T17:00")),
        ("no_such_row", AddShift { doctor: DoctorId(9), ..shift("2026-12-07T08:00", "2026-12-07T09:00") }),
    ];
    for (rule, form) in wrong {
        assert_eq!(refused(&door, "quan", Command::AddShift(form)), rule);
    }
    run(&door, "quan", at(ELEVEN), Command::AddShift(shift("2026-12-02T11:30", "2026-12-02T13:30"))).unwrap();
    run(&door, "quan", at(ELEVEN), Command::AddShift(shift("2026-12-07T16:00", "2026-12-08T00:00"))).unwrap();
}

#[test]
fn an_appointment_may_run_over_two_shifts_that_touch() {
    let door = cases(1);
    run(&door, "quan", at(ELEVEN), Command::AddShift(shift("2026-12-02T11:30", "2026-12-02T13:30"))).unwrap();
    booked(&door, 1, "2026-12-02T11:15");
}

#[test]
fn free_slots_are_those_that_booking_takes() {
    let door = cases(8);
    booked(&door, 1, "2026-12-02T08:30");
    run(&door, "thu", at(ELEVEN), Command::Triage(crate::usecase::intake::fixture::triage(2))).unwrap();
    run(&door, "thu", at(ELEVEN), Command::HoldSlot(slot(2, "2026-12-02T09:00"))).unwrap();
    let slots = free(&door, ELEVEN, Department::NoiTongHop, 3);
    assert_eq!(starts(&slots), ["02/12 08:00", "02/12 09:30", "02/12 10:00"]);
    assert_eq!((slots.slots[0].minutes, slots.slots[0].doctor_name.as_str()), (30, "ThS.BS Trịnh Thị Mai"));
    let also_taken_elsewhere = free(&door, ELEVEN, Department::XetNghiem, 1);
    assert_eq!(starts(&also_taken_elsewhere), ["02/12 08:00"]);
    let after_the_hold = free(&door, "2026-12-01T11:05", Department::NoiTongHop, 2);
    assert_eq!(starts(&after_the_hold), ["02/12 08:00", "02/12 09:00"]);
    for (case, slot) in (3..=8).zip(free(&door, "2026-12-01T11:05", Department::NoiTongHop, 6).slots) {
        booked_at(&door, case, &slot.starts_at.local().format("%Y-%m-%dT%H:%M").to_string());
    }
}

fn booked_at(door: &Door, case: i64, starts_at: &str) {
    use crate::usecase::intake::fixture::triage;
    run(door, "thu", at("2026-12-01T11:05"), Command::Triage(triage(case))).unwrap();
    run(door, "thu", at("2026-12-01T11:05"), Command::Book(slot(case, starts_at))).unwrap();
}

#[test]
fn no_slot_is_offered_in_the_past_or_outside_the_consultation_window() {
    let door = hotline();
    assert_eq!(starts(&free(&door, "2026-12-05T16:01", Department::Nhi, 10)), Vec::<String>::new());
    assert_eq!(starts(&free(&door, "2026-12-05T15:31", Department::Nhi, 10)), ["05/12 16:00"]);
    let after = AddShift { doctor: DoctorId(2), from: at("2027-01-04T08:00"), to: at("2027-01-04T11:00") };
    run(&door, "quan", at("2026-12-05T16:01"), Command::AddShift(after)).unwrap();
    assert_eq!(free(&door, "2026-12-05T16:01", Department::Nhi, 10).slots, []);
    assert_eq!(free(&door, "2026-12-05T16:01", Department::San, 10).slots, []);
}

#[test]
fn a_doctors_day_is_their_own_and_the_desk_sees_all() {
    let door = cases(1);
    booked(&door, 1, "2026-12-02T09:00");
    let own = day_of(&door, "bs_mai", None).unwrap();
    assert_eq!((own.doctor, own.shifts.len(), own.appointments.len()), (DoctorId(1), 2, 1));
    assert_eq!(own.appointments[0].need.as_deref(), Some("hay đau đầu về chiều"));
    assert_eq!(day_of(&door, "thu", Some(1)).unwrap(), own);
    assert_eq!(rule(day_of(&door, "bs_binh", Some(1))), "forbidden");
    assert_eq!(rule(day_of(&door, "thu", None)), "field_invalid");
    assert_eq!(rule(day_of(&door, "thu", Some(9))), "no_such_row");
    assert_eq!(rule(day_of(&door, "lan", Some(1))), "forbidden");
}

#[test]
fn a_doctors_day_is_opened_before_it_is_read_and_the_opening_is_in_the_audit_log() {
    let door = cases(1);
    booked(&door, 1, "2026-12-02T09:00");
    let own = Query::Day { doctor: None, date: Some(day("2026-12-02")) };
    assert_eq!(rule(ask(&door, "bs_mai", at(ELEVEN), own.clone())), "not_opened");
    run(&door, "bs_mai", at(ELEVEN), own.opening().unwrap()).unwrap();
    assert!(ask(&door, "bs_mai", at(ELEVEN), own.clone()).is_ok());
    let rows = "SELECT COUNT(*) FROM audit WHERE action = 'open_day' AND subject = 'day:1:2026-12-02'";
    assert_eq!(number(&door, rows), 1);
    let tomorrow = Query::Day { doctor: None, date: Some(day("2026-12-03")) };
    assert_eq!(rule(ask(&door, "bs_mai", at(ELEVEN), tomorrow)), "not_opened", "each day for itself");
    // The grid is a list: whom a doctor sees, and not for what.
    let lines = grid(&door, "thu", None).doctors.remove(0).appointments;
    assert_eq!((lines[0].patient.as_str(), &lines[0].need), ("Nguyễn Văn Hùng", &None));
}

#[test]
fn the_grid_shows_doctors_who_are_off_and_a_doctor_only_themselves() {
    let door = cases(1);
    booked(&door, 1, "2026-12-02T09:00");
    sql(&door, "DELETE FROM shift WHERE doctor = 2");
    let all = grid(&door, "thu", None);
    let seen: Vec<_> =
        all.doctors.iter().map(|day| (day.doctor.0, day.shifts.len(), day.appointments.len())).collect();
    assert_eq!(seen, [(1, 2, 1), (2, 0, 0)]);
    assert_eq!(grid(&door, "thu", Some(Department::Nhi)).doctors.len(), 1);
    let own = grid(&door, "bs_binh", None);
    assert_eq!(own.doctors.iter().map(|day| day.doctor.0).collect::<Vec<_>>(), [2]);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM doctor"), 2);
}
