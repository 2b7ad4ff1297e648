//! Staff, pauses, leads, the simulated clock.

use super::{done, meet, rules};
use crate::domain::actor::Role;
use crate::domain::id::LeadId;
use crate::store::counter::{self, AgentCount};
use crate::usecase::command::{
    AddLead, AddStaff, Channel, Command, LeadStep, MoveLead, Nothing, Pause, PauseCode, Register, StaffRef,
};
use crate::usecase::ctx::When;
use crate::usecase::door::Request;
use crate::usecase::fixture::{at, counted, day, form, hotline, id, number, run};
use std::sync::Barrier;

const NINE: &str = "2026-12-02T09:00";

#[test]
fn two_supervisors_who_disable_each_other_leave_one() {
    let door = hotline();
    let add =
        AddStaff { id: id("vy"), name: "Vy".to_owned(), role: Role::Supervisor, doctor: None, key: None };
    run(&door, "ha", at(NINE), Command::AddStaff(add)).unwrap();
    let leave = |who| Command::DisableStaff(StaffRef { id: id(who) });
    let demote =
        AddStaff { id: id("ha"), name: "Hà".to_owned(), role: Role::Agent, doctor: None, key: None };
    let outcomes =
        meet(&door, [("ha", leave("vy")), ("vy", leave("ha")), ("operator", Command::AddStaff(demote))]);
    done(&door, &outcomes);
    let left = "SELECT COUNT(*) FROM staff WHERE role = 'supervisor' AND active = 1";
    assert!(number(&door, left) >= 1, "{outcomes:?}");
}

#[test]
fn a_login_that_two_organisations_want_belongs_to_one() {
    let door = hotline();
    run(&door, "lan", at(NINE), Command::Resume(Nothing {})).unwrap();
    for login in ["an", "be", "cu"] {
        let add = |role| {
            Command::AddStaff(AddStaff {
                id: id(login),
                name: "Sen".to_owned(),
                role,
                doctor: None,
                key: None,
            })
        };
        let outcomes = meet(&door, [("ha", add(Role::Agent)), ("quan", add(Role::Intake))]);
        assert_eq!(done(&door, &outcomes), 1);
        assert_eq!(rules(&outcomes), ["forbidden"]);
    }
}

#[test]
fn a_pause_that_ends_on_four_terminals_counts_once() {
    let door = hotline();
    run(&door, "lan", at(NINE), Command::Pause(Pause { reason: PauseCode::Meal })).unwrap();
    run(&door, "minh", at("2026-12-02T09:30"), Command::Resume(Nothing {})).unwrap();
    let outcomes = meet(&door, std::iter::repeat_n(("lan", Command::Resume(Nothing {})), 4));
    assert_eq!(done(&door, &outcomes), 4);
    let paused = counter::agent(day("2026-12-02"), &id("lan"), AgentCount::Pause);
    assert_eq!(counted(&door, &paused), 30 * 60);
}

#[test]
fn a_comment_becomes_one_lead_and_a_lead_one_registration() {
    let door = hotline();
    run(&door, "nga", at(NINE), Command::Resume(Nothing {})).unwrap();
    let add = AddLead {
        name: "Sen".to_owned(),
        comment: "bài 1/77".to_owned(),
        conversation: Some("hội thoại 9".to_owned()),
        phone: None,
    };
    let outcomes = meet(&door, std::iter::repeat_n(("nga", Command::AddLead(add)), 4));
    assert_eq!(done(&door, &outcomes), 1);
    assert_eq!(rules(&outcomes), ["conflict"; 3]);
    let fan = |phone: &str| {
        Command::Register(Register {
            name: Some("Sen".to_owned()),
            lead: Some(LeadId(1)),
            ..form(phone, Channel::Fanpage)
        })
    };
    let drop = MoveLead {
        lead: LeadId(1),
        to: LeadStep::Dropped,
        conversation: None,
        phone: None,
        reason: Some("không trả lời".to_owned()),
    };
    number(&door, "SELECT id FROM lead");
    let outcomes = meet(
        &door,
        [("nga", fan("0904999801")), ("nga", Command::MoveLead(drop)), ("ha", fan("0904999802"))],
    );
    assert_eq!(done(&door, &outcomes), 1, "{outcomes:?}");
}

#[test]
fn the_simulated_clock_never_goes_back() {
    let door = hotline();
    let times =
        ["09:00", "09:07", "09:03", "09:09", "09:01", "09:05"].map(|t| at(&format!("2026-12-02T{t}")));
    let start = Barrier::new(times.len());
    std::thread::scope(|scope| {
        for time in times {
            let (door, start) = (door.clone(), &start);
            scope.spawn(move || {
                start.wait();
                let command = Command::Resume(Nothing {});
                let outcome =
                    door.execute(Request { op: None, staff: id("lan"), when: When::At(time), command });
                // An accepted one moved the clock; the others came too late.
                assert!(outcome.is_ok() || door.clock().unwrap() > Some(time), "{outcome:?}");
            });
        }
    });
    assert_eq!(door.clock().unwrap(), Some(at("2026-12-02T09:09")));
}

#[test]
fn a_person_who_is_disabled_while_typing_leaves_no_draft() {
    let door = hotline();
    for login in ["an", "be", "cu", "do"] {
        let add =
            AddStaff { id: id(login), name: "Sen".to_owned(), role: Role::Agent, doctor: None, key: None };
        run(&door, "ha", at(NINE), Command::AddStaff(add)).unwrap();
        let start = Barrier::new(2);
        std::thread::scope(|scope| {
            let (typing, start) = (door.clone(), &start);
            scope.spawn(move || {
                start.wait();
                typing.keep_draft(&id(login), at(NINE), "phone:+84904123401", Some("{}"))
            });
            start.wait();
            let leave = Command::DisableStaff(StaffRef { id: id(login) });
            run(&door, "ha", at(NINE), leave).unwrap();
        });
        assert_eq!(done(&door, &[]), 0);
    }
}
