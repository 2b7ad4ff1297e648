//! Snapshots of the screen in its states.

use super::fixture::{Bench, file, today};
use crate::domain::actor::Role;
use crate::domain::id::{AppointmentId, CaseId};
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::tui::input::Key;
use crate::usecase::model::case::CaseFile;
use crate::usecase::{Error, Receipt};

fn shoot(name: &str, bench: &Bench) {
    for (width, height) in [(80, 24), (120, 36)] {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), bench.picture(width, height));
    }
}

#[test]
fn the_desk() {
    shoot("desk", &Bench::open(Role::Intake));
}

#[test]
fn the_open_call() {
    shoot("call", &Bench::called(Role::Intake));
}

#[test]
fn the_checklist() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎");
    bench.keys("bes 3 tuooir ho keos dafi hai tuaafn, hay soots⏎kk");
    shoot("checklist", &bench);
}

#[test]
fn a_red_flag() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("⏎");
    bench.keys("ddau nguwjc tuwf sangs⏎ch");
    shoot("acute", &bench);
}

#[test]
fn a_held_slot() {
    let mut bench = Bench::cleared();
    bench.keys("2");
    bench.answer(Ok(Receipt::Triaged {}));
    bench.answer(Ok(Receipt::SlotHeld { appointment: AppointmentId(70), until: today("09:35") }));
    shoot("slots", &bench);
    bench.free.remove(0);
    bench.changed();
    bench.keys("→");
    shoot("slots_later", &bench);
}

#[test]
fn a_slot_that_went_away() {
    let mut bench = Bench::cleared();
    bench.free.remove(0);
    bench.changed();
    shoot("slot_gone", &bench);
}

#[test]
fn the_results_of_a_call() {
    let mut bench = Bench::called(Role::Intake);
    bench.keys("e");
    shoot("results", &bench);
}

#[test]
fn an_appointment_that_is_being_moved() {
    let mut bench = Bench::open(Role::Intake);
    bench.screen_mut().cases.choose(&CaseId(7));
    bench.keys("⏎m");
    shoot("moving", &bench);
}

#[test]
fn a_refused_booking() {
    let mut bench = Bench::cleared();
    bench.keys("⏎");
    bench.answer(Ok(Receipt::Triaged {}));
    bench.answer(Err(Error::Refused(Refusal::DoctorBusy { at: today("09:30") })));
    shoot("refused", &bench);
}

#[test]
fn the_grid_with_a_case_in_hand() {
    let mut bench = Bench::cleared();
    bench.keys("⇥↓↓↓→");
    shoot("grid", &bench);
}

#[test]
fn the_windows() {
    let mut bench = Bench::open(Role::Doctor);
    bench.keys("↓r");
    shoot("result", &bench);
    let mut bench = Bench::called(Role::Intake);
    bench.keys("e3");
    shoot("callback", &bench);
}

#[test]
fn the_doctors_day() {
    shoot("day", &Bench::open(Role::Doctor));
}

#[test]
fn the_batches() {
    let mut bench = Bench::open(Role::Intake);
    bench.press(Key::f(3));
    bench.keys("⏎↓x");
    bench.keys("sai soos⏎");
    shoot("batches", &bench);
}

#[test]
fn the_doctors() {
    let mut bench = Bench::open(Role::VinmecLead);
    bench.press(Key::f(5));
    shoot("doctors", &bench);
    bench.keys("a");
    shoot("add_doctor", &bench);
}

#[test]
fn in_english() {
    let bench = Bench::cleared().in_english();
    insta::assert_snapshot!("english_120x36", bench.picture(120, 36));
}

#[test]
fn every_size_is_drawn_without_harm() {
    let mut benches = vec![Bench::open(Role::Doctor), Bench::cleared(), Bench::called(Role::VinmecLead)];
    let mut held = Bench::called(Role::Intake);
    held.keys("e3");
    benches.push(held);
    for bench in &benches {
        for (width, height) in [(20, 5), (40, 10), (79, 23), (100, 30), (200, 60)] {
            assert_eq!(bench.picture(width, height).lines().count(), usize::from(height));
        }
    }
}

#[test]
fn what_the_patient_is_asked() {
    for (lang, name) in [(Lang::Vi, "vi"), (Lang::En, "en")] {
        let mut bench = Bench::open(Role::Intake);
        bench.file = Some(super::patient::with_a_past());
        bench.ctx.lang = lang;
        bench.keys("o");
        shoot(&format!("patient_{name}"), &bench);
        bench.press(Key::f(7));
        shoot(&format!("consent_{name}"), &bench);
        let mut bench = Bench::open(Role::Intake);
        let spoken_by_nobody = file(1, "new");
        bench.file = Some(CaseFile { representative: None, birth_year: None, ..spoken_by_nobody });
        bench.ctx.lang = lang;
        bench.keys("o");
        bench.press(Key::f(6));
        bench.keys("2015⏎");
        shoot(&format!("birth_year_{name}"), &bench);
    }
}

#[test]
fn a_doctors_review() {
    let mut bench = Bench::open(Role::Doctor);
    bench.keys("g");
    shoot("review", &bench);
}
