//! A story against the real use cases: what the keys ask for is what the rules allow.

use super::fixture::Bench;
use crate::domain::actor::Role;
use crate::domain::id::{CaseId, StaffId};
use crate::domain::time::Timestamp;
use crate::tui::effect::{Effect, Job, Outcome};
use crate::tui::input::Key;
use crate::tui::say::Say;
use crate::tui::screens::schedule::Focus;
use crate::usecase::command::{Channel, Nothing};
use crate::usecase::fixture::{CUSTOMERS, ask, at, form, hotline, run};
use crate::usecase::{Command, Door, Query, Receipt, Snapshot};

/// Two registered customers, handed over and not yet accepted.
fn handed_over() -> Door {
    let door = hotline();
    for (phone, _) in &CUSTOMERS[..2] {
        let register = Command::Register(form(phone, Channel::Inbound9090));
        run(&door, "lan", at("2026-12-01T09:00"), register).unwrap();
    }
    run(&door, "ha", at("2026-12-01T09:30"), Command::HandOver(Nothing {})).unwrap();
    door
}

pub fn through(door: &Door, when: Timestamp) -> impl FnMut(&Job) -> Outcome {
    through_as(door, "thu", when)
}

/// The same for somebody else.
pub fn through_as(door: &Door, who: &'static str, when: Timestamp) -> impl FnMut(&Job) -> Outcome {
    move |job| {
        let command = job.command.clone();
        let receipt = command.map(|command| run(door, who, when, command)).transpose()?;
        let read = job.then.iter().map(|query| ask(door, who, when, query.clone()));
        Ok((receipt, read.collect::<Result<_, _>>()?))
    }
}

/// Moves the cursor to a case.
pub fn choose(bench: &mut Bench, case: i64) {
    assert!(bench.screen_mut().cases.choose(&CaseId(case)));
}

/// The screen of Thu at nine o'clock on 2 December, with the batch accepted by keys.
pub fn desk(door: &Door) -> Bench {
    let now = at("2026-12-02T09:00");
    let mut bench = Bench::closed(Role::Intake);
    bench.ctx.now = now;
    bench.ctx.campaign = door.campaign();
    bench.ctx.actor.staff = StaffId("thu".to_owned());
    bench.arrive(None);
    let mut door = through(door, now);
    bench.settle(&mut door);
    bench.strike(Key::f(3));
    bench.settle(&mut door);
    bench.keys_through("⏎a", &mut door);
    bench.confirm(true);
    bench.settle(&mut door);
    bench.strike(Key::f(2));
    bench.settle(&mut door);
    bench.others.clear();
    bench
}

fn state_of(door: &Door, case: i64) -> String {
    let query = Query::CaseFile { case: CaseId(case) };
    run(door, "thu", at("2026-12-02T09:00"), query.opening().unwrap()).unwrap();
    match ask(door, "thu", at("2026-12-02T09:00"), query).unwrap() {
        Snapshot::CaseFile(file) => file.state.code().to_owned(),
        other => panic!("no file: {other:?}"),
    }
}

#[test]
fn two_cases_are_accepted_one_is_booked_and_told_and_the_other_goes_to_115() {
    let door = handed_over();
    let mut bench = desk(&door);
    assert_eq!(bench.screen().cases.len(), 2);
    let mut keys = through(&door, at("2026-12-02T09:00"));

    bench.keys_through("⏎⏎", &mut keys);
    bench.keys_through("huyeets aps cao⏎a", &mut keys);
    bench.confirm(true);
    bench.keys_through("2⏎", &mut keys);
    let sentence = Say::key("schedule.done.booked_told")
        .with("name", CUSTOMERS[0].1)
        .with("time", "02/12 09:30")
        .with("doctor", "ThS.BS Trịnh Thị Mai");
    assert_eq!(bench.others.last(), Some(&Effect::ok(sentence)), "{:?}", bench.others);
    assert_eq!(state_of(&door, 1), "booked");

    choose(&mut bench, 2);
    bench.keys_through("⏎⏎", &mut keys);
    bench.keys_through("ddau nguwjc⏎c⏎", &mut keys);
    assert_eq!(state_of(&door, 2), "new");
    bench.confirm(true);
    bench.settle(&mut keys);
    assert!(bench.others.iter().any(|effect| matches!(effect, Effect::Alarm { .. })), "{:?}", bench.others);
    assert_eq!(state_of(&door, 2), "diverted_115");
    assert_eq!(bench.screen().focus, Focus::Cases);
}

#[test]
fn an_appointment_is_moved_cancelled_and_the_case_is_booked_again_without_a_new_checklist() {
    let door = handed_over();
    let mut bench = desk(&door);
    let mut keys = through(&door, at("2026-12-02T09:00"));
    bench.keys_through("⏎⏎", &mut keys);
    bench.keys_through("huyeets aps cao⏎a", &mut keys);
    bench.confirm(true);
    bench.keys_through("1⏎", &mut keys);
    choose(&mut bench, 1);
    bench.keys_through("⏎m↓⏎", &mut keys);
    assert_eq!(bench.others.last(), Some(&Effect::ok(Say::key("schedule.done.moved"))), "{:?}", bench.others);
    bench.keys_through("x ⇥baanj⏎", &mut keys);
    bench.confirm(true);
    bench.settle(&mut keys);
    assert_eq!(
        bench.others.last(),
        Some(&Effect::ok(Say::key("schedule.done.cancelled"))),
        "{:?}",
        bench.others
    );
    assert_eq!(state_of(&door, 1), "triaged");
    bench.keys_through("⎋", &mut keys);
    bench.screen_mut().focus = Focus::Cases;
    choose(&mut bench, 1);
    bench.keys_through("⏎⏎⏎⇥⏎", &mut keys);
    assert_eq!(state_of(&door, 1), "booked", "{:?}", bench.others);
}

#[test]
fn a_call_that_nobody_answers_goes_back_to_the_queue() {
    let door = handed_over();
    let mut bench = desk(&door);
    let mut keys = through(&door, at("2026-12-02T09:00"));
    bench.keys_through("⏎e5", &mut keys);
    assert_eq!(
        bench.others.last(),
        Some(&Effect::ok(Say::key("schedule.done.recorded"))),
        "{:?}",
        bench.others
    );
    let first = bench.screen().cases.items().iter().find(|line| line.case.0 == 1).cloned().unwrap();
    assert!(first.holder.is_none() && first.due_at > Some(at("2026-12-02T09:00")));
    let receipt = run(&door, "thu", at("2026-12-02T09:01"), Command::HandOver(Nothing {}));
    assert!(!matches!(receipt, Ok(Receipt::HandedOver { .. })));
}
