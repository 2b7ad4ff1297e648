//! Stories of the grid, the doctor's day, batches and doctors.

use super::fixture::{Bench, key, roster, today};
use crate::domain::actor::Role;
use crate::domain::department::Department;
use crate::domain::id::{AppointmentId, BatchId, CustomerId, DoctorId, RegistrationId};
use crate::domain::refusal::Refusal;
use crate::tui::effect::{Effect, Subject};
use crate::tui::input::{Key, Mouse, Pointer};
use crate::tui::say::Say;
use crate::tui::screen::AnyScreen;
use crate::tui::screens::schedule::{Focus, Pane};
use crate::tui::theme::Tone;
use crate::usecase::command::{
    Accept, Acknowledge, AddDoctor, AddShift, AllWord, AppointmentRef, CancelAppointment, CancelledBy,
    MoveAppointment, Outcome, RecordResult, Returned, RevealPhone, TellCustomer, ToldBy,
};
use crate::usecase::{Command, Error, Query, Receipt, Topics};
use ratatui::layout::Rect;

/// A bench with the cursor on Trần Thị Na's appointment (doctor 3, 09:30).
fn on_na() -> Bench {
    let mut bench = Bench::open(Role::Intake);
    let na = bench.screen().cases.shown().position(|line| line.case.0 == 7).unwrap();
    bench.keys(&"↓".repeat(na));
    bench.keys("⏎");
    bench
}

#[test]
fn a_booked_case_leads_to_its_appointment_on_the_grid() {
    let bench = on_na();
    assert_eq!(bench.screen().focus, Focus::Grid);
    assert_eq!(bench.screen().appointment().map(|line| line.appointment), Some(AppointmentId(25)));
}

#[test]
fn an_appointment_is_told_by_phone_or_by_sms() {
    for (key, by) in [("p", ToldBy::Phone), ("s", ToldBy::Sms)] {
        let mut bench = on_na();
        bench.keys(key);
        let wanted = Command::TellCustomer(TellCustomer { appointment: AppointmentId(25), by });
        assert_eq!(bench.command(), Some(&wanted));
        bench.answer(Ok(Receipt::Told {}));
        assert!(matches!(bench.others.last(), Some(Effect::Notice(Tone::Ok, _))));
    }
}

#[test]
fn an_appointment_moves_to_the_free_cell_that_enter_names() {
    let mut bench = on_na();
    bench.keys("m↓⏎");
    let wanted = MoveAppointment {
        appointment: AppointmentId(25),
        doctor: Some(DoctorId(3)),
        starts_at: today("10:00"),
        minutes: None,
    };
    assert_eq!(bench.command(), Some(&Command::MoveAppointment(wanted)));
    bench.answer(Err(Error::Refused(Refusal::OutsideShift)));
    assert!(bench.screen().moving.is_some());
    bench.keys("⎋");
    assert!(bench.screen().moving.is_none());
}

#[test]
fn cancelling_asks_by_whom_and_why() {
    let mut bench = on_na();
    bench.keys("x⏎");
    assert_eq!(bench.command(), None);
    bench.keys(" ⇥");
    bench.keys("baanj⏎");
    assert_eq!(bench.command(), None);
    assert!(bench.question().is_some_and(|(text, _)| text.contains("Trần Thị Na")));
    bench.confirm(true);
    let wanted = CancelAppointment {
        appointment: AppointmentId(25),
        by: CancelledBy::Customer,
        reason: "bận".to_owned(),
    };
    assert_eq!(bench.command(), Some(&Command::CancelAppointment(wanted)));
    bench.answer(Err(Error::Refused(Refusal::FieldInvalid { field: "reason", reason: "too_long" })));
    let window = bench.screen().windows.get().unwrap();
    assert_eq!(window.form.text("reason"), "bận");
    assert!(window.form.focused().is_some_and(|item| item.id == "reason" && item.error.is_some()));
}

#[test]
fn a_no_show_is_asked_once() {
    let mut bench = on_na();
    bench.keys("n");
    assert_eq!(bench.command(), None);
    bench.confirm(true);
    let wanted = RecordResult {
        appointment: AppointmentId(25),
        outcome: Outcome::NoShowCustomer,
        started_at: None,
        ended_at: None,
        summary: None,
        in_person_advised: None,
    };
    assert_eq!(bench.command(), Some(&Command::RecordResult(wanted)));
}

#[test]
fn a_doctor_starts_and_then_records_the_result() {
    let mut bench = Bench::open(Role::Doctor);
    assert_eq!(bench.screen().pane, Pane::Day);
    bench.keys("↓↓↓⏎");
    assert_eq!(bench.command(), None);
    bench.confirm(true);
    let start = AppointmentRef { appointment: AppointmentId(27) };
    assert_eq!(bench.command(), Some(&Command::StartConsultation(start)));
    bench.answer(Ok(Receipt::ConsultationStarted { at: today("09:30") }));
    bench.keys("↑↑⏎");
    assert!(bench.screen().windows.is_open());
    bench.keys("⇥⇥⇥ ⇥");
    bench.keys("dawnj tasi khasm⏎");
    bench.confirm(true);
    let wanted = RecordResult {
        appointment: AppointmentId(22),
        outcome: Outcome::Done,
        started_at: Some(today("09:24")),
        ended_at: Some(today("09:30")),
        summary: Some("dặn tái khám".to_owned()),
        in_person_advised: Some(true),
    };
    assert_eq!(bench.command(), Some(&Command::RecordResult(wanted)));
}

#[test]
fn a_whole_number_is_asked_for_and_shown_once() {
    let mut bench = Bench::open(Role::Doctor);
    bench.keys("y");
    let wanted = Command::RevealPhone(RevealPhone { customer: CustomerId(21) });
    assert_eq!(bench.command(), Some(&wanted));
    bench.answer(Ok(Receipt::PhoneRevealed { phone: "+84904123458".to_owned() }));
    let Some(Effect::Show { lines, .. }) = bench.others.last() else { panic!("nothing is shown") };
    assert_eq!(lines[1], Say::Plain("0904 123 458".to_owned()));
}

#[test]
fn a_doctor_has_no_booking_keys() {
    let mut bench = Bench::open(Role::Doctor);
    bench.keys("x");
    let forbidden = matches!(bench.others.last(), Some(Effect::Notice(Tone::Warn, Say::Failed(_))));
    assert!(forbidden);
    assert!(!bench.screen().windows.is_open());
}

#[test]
fn days_turn_and_old_answers_are_dropped() {
    let mut bench = Bench::open(Role::Intake);
    bench.keys("⇥");
    let first = bench.host.key(key('⇟'), &bench.ctx);
    bench.keys("⇟");
    let crate::tui::screen::Taken::Yes(effects) = first else { panic!("not taken") };
    let Some(Effect::Run(job)) = effects.into_iter().next() else { panic!("nothing was read") };
    let stale = crate::usecase::Snapshot::Roster(roster());
    let reply = crate::tui::effect::Reply { ticket: job.ticket, outcome: Ok((None, vec![stale])) };
    assert_eq!(bench.host.reply(reply, &bench.ctx), []);
    assert_eq!(bench.screen().grid.date.to_string(), "2026-12-04");
    bench.keys("⇱");
    assert_eq!(bench.screen().grid.date, today("08:00").date());
}

#[test]
fn the_filter_reads_one_department() {
    let mut bench = Bench::open(Role::Intake);
    bench.keys("⇥");
    let crate::tui::screen::Taken::Yes(effects) = bench.host.key(key('f'), &bench.ctx) else {
        panic!("not taken")
    };
    let Some(Effect::Run(job)) = effects.first() else { panic!("nothing was read") };
    let date = Some(today("08:00").date());
    assert_eq!(job.then, [Query::Roster { department: Some(Department::NoiTongHop), date }]);
}

#[test]
fn a_free_cell_without_a_case_says_what_comes_first() {
    let mut bench = Bench::open(Role::Intake);
    bench.keys("⇥↓↓↓⏎");
    assert_eq!(bench.others.last(), Some(&Effect::Notice(Tone::Warn, Say::key("schedule.why.choose_case"))));
}

#[test]
fn a_batch_is_accepted_with_rows_sent_back() {
    let mut bench = Bench::open(Role::Intake);
    bench.press(Key::f(3));
    bench.keys("⏎↓x");
    bench.keys("sai soos⏎a");
    assert_eq!(bench.command(), None, "a batch is accepted after a question");
    bench.confirm(true);
    let wanted = Acknowledge {
        batch: BatchId(12),
        accept: Accept::All(AllWord::All),
        returned: vec![Returned { registration: RegistrationId(302), reason: "sai số".to_owned() }],
    };
    assert_eq!(bench.command(), Some(&Command::Acknowledge(wanted)));
    bench.answer(Ok(Receipt::Acknowledged { accepted: 2, returned: 1 }));
    let sentence = Say::key("schedule.done.acknowledged").with("accepted", 2).with("returned", 1);
    assert_eq!(bench.others.last(), Some(&Effect::ok(sentence)));
}

#[test]
fn a_mark_is_taken_away_by_the_same_key() {
    let mut bench = Bench::open(Role::Intake);
    bench.press(Key::f(3));
    bench.keys("⏎↓x");
    bench.keys("sai⏎x");
    assert_eq!(bench.screen().batches.marked(), 0);
}

#[test]
fn the_lead_adds_doctors_and_hours_and_intake_does_not() {
    let mut bench = Bench::open(Role::Intake);
    bench.press(Key::f(5));
    assert_eq!(bench.screen().pane, Pane::Cases);
    let mut bench = Bench::open(Role::VinmecLead);
    bench.press(Key::f(5));
    bench.keys("a⏎");
    assert_eq!(bench.command(), None);
    bench.keys("Vux Quaan⇥ThS.BS⇥HP-0123⇥ ⏎");
    let wanted = AddDoctor {
        name: "Vũ Quân".to_owned(),
        titles: "ThS.BS".to_owned(),
        licence: "HP-0123".to_owned(),
        departments: vec![Department::NoiTongHop],
    };
    assert_eq!(bench.command(), Some(&Command::AddDoctor(wanted)));
    bench.answer(Ok(Receipt::DoctorAdded { doctor: DoctorId(9), qualifies: None }));
    bench.keys("s⏎");
    let wanted = AddShift { doctor: DoctorId(1), from: today("08:00"), to: today("12:00") };
    assert_eq!(bench.command(), Some(&Command::AddShift(wanted)));
}

#[test]
fn a_click_chooses_what_was_drawn_there() {
    let mut bench = Bench::open(Role::Intake);
    let picture = bench.picture(120, 36);
    let row = picture.lines().position(|line| line.contains("Đỗ Thị Ánh")).unwrap() as u16;
    let area = Rect::new(0, 1, 120, 33);
    let click = |column, row| Mouse { pointer: Pointer::Click, column, row };
    bench.host.mouse(click(5, row), area, &bench.ctx);
    assert_eq!(bench.screen().cases.chosen().map(|line| line.name.as_str()), Some("Đỗ Thị Ánh"));
    let line = bench.picture(120, 36).lines().nth(9).unwrap().to_owned();
    let row = bench.picture(120, 36).lines().position(|line| line.contains("09:30")).unwrap() as u16;
    assert!(!line.is_empty());
    bench.host.mouse(click(50, row), area, &bench.ctx);
    assert_eq!((bench.screen().focus, bench.screen().grid.row), (Focus::Grid, 3));
}

#[test]
fn a_change_elsewhere_reads_what_is_shown_but_not_under_an_open_form() {
    let mut bench = on_na();
    assert_eq!(bench.host.changed(Topics::ALL, &bench.ctx).len(), 2);
    bench.keys("x");
    assert_eq!(bench.host.changed(Topics::ALL, &bench.ctx), []);
}

#[test]
fn a_case_that_was_searched_has_the_cursor_on_its_own_appointment_whatever_the_filter() {
    let date = today("08:00").date();
    let others = roster().doctors.into_iter().flat_map(|day| day.appointments);
    for line in others {
        let mut bench = Bench::open(Role::Intake);
        bench.screen_mut().grid.department = Some(Department::Nhi);
        bench.arrive(Some(Subject::Day(date, Some(line.case))));
        bench.serve();
        let here = bench.screen().appointment().map(|found| found.case);
        assert_eq!(here, Some(line.case), "{}", bench.picture(120, 36));
    }
    let mut bench = Bench::open(Role::Doctor);
    let own: Vec<_> = bench.screen().day.rows.items().iter().map(|line| line.case).collect();
    assert!(own.len() > 1);
    for case in own {
        bench.arrive(Some(Subject::Day(date, Some(case))));
        bench.serve();
        assert_eq!(bench.screen().appointment().map(|found| found.case), Some(case));
    }
}
