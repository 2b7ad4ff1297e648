//! Tests staff, pauses, whole numbers and the audit log through the door.

use super::super::command::{
    AddStaff, AddStaffKey, Command, Nothing, Pause, PauseCode, RevealPhone, StaffRef,
};
use super::super::door::Door;
use super::super::fixture::{ask, at, claim, counted, hotline, id, number, register, rule, run, sql, state};
use super::super::query::{Query, Snapshot};
use super::super::receipt::Receipt;
use crate::domain::actor::{OPERATOR, Role};
use crate::domain::id::{CustomerId, DoctorId};
use crate::domain::pin::Pin;
use crate::domain::time::Timestamp;

fn now() -> Timestamp {
    at("2026-12-02T09:00")
}

fn person(login: &str, role: Role) -> Command {
    let doctor = (role == Role::Doctor).then_some(DoctorId(1));
    Command::AddStaff(AddStaff { id: id(login), name: "Người mới".to_owned(), role, doctor, key: None })
}

fn disable(login: &str) -> Command {
    Command::DisableStaff(StaffRef { id: id(login) })
}

fn reveal(customer: i64) -> Command {
    Command::RevealPhone(RevealPhone { customer: CustomerId(customer) })
}

fn refused(door: &Door, staff: &str, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, staff, now(), command));
    assert_eq!(before, state(door), "{rule} changed rows");
    rule
}

#[test]
fn each_organisation_manages_its_own_people_and_the_operator_everybody() {
    let door = hotline();
    for (manager, role, may) in [
        ("ha", Role::Agent, true),
        ("ha", Role::Auditor, true),
        ("ha", Role::Intake, false),
        ("ha", Role::VinmecLead, false),
        ("quan", Role::Intake, true),
        ("quan", Role::Doctor, true),
        ("quan", Role::Supervisor, false),
        ("quan", Role::Auditor, false),
        (OPERATOR, Role::Supervisor, true),
        (OPERATOR, Role::VinmecLead, true),
        (OPERATOR, Role::Operator, false),
    ] {
        let outcome = run(&door, manager, now(), person("moi", role));
        assert_eq!(outcome.is_ok(), may, "{manager} {role:?}: {outcome:?}");
        sql(&door, "DELETE FROM staff WHERE id = 'moi'");
    }
    assert_eq!(refused(&door, "lan", person("moi", Role::Agent)), "forbidden");
}

#[test]
fn nobody_takes_over_a_login_of_the_other_organisation() {
    let door = hotline();
    assert_eq!(refused(&door, "ha", person("thu", Role::Agent)), "forbidden");
    assert_eq!(refused(&door, "quan", disable("lan")), "forbidden");
    assert_eq!(refused(&door, "ha", disable(OPERATOR)), "forbidden");
    assert_eq!(refused(&door, OPERATOR, disable(OPERATOR)), "forbidden");
}

#[test]
fn a_login_name_can_be_typed_on_every_keyboard() {
    let door = hotline();
    let long = "a".repeat(33);
    for login in ["", "Lan", "hà", "1a", "a b", "-a", long.as_str(), OPERATOR] {
        let rule = refused(&door, OPERATOR, person(login, Role::Agent));
        assert!(matches!(rule, "field_invalid" | "forbidden"), "{login}: {rule}");
    }
    assert!(run(&door, "ha", now(), person("nguyen.van-a_1", Role::Agent)).is_ok());
}

#[test]
fn a_doctor_login_names_a_doctor_who_exists() {
    let door = hotline();
    let doctor = |doctor| {
        Command::AddStaff(AddStaff {
            id: id("bs_moi"),
            name: "Bác sĩ".to_owned(),
            role: Role::Doctor,
            doctor,
            key: None,
        })
    };
    assert_eq!(refused(&door, "quan", doctor(None)), "field_invalid");
    assert_eq!(refused(&door, "quan", doctor(Some(DoctorId(99)))), "no_such_row");
    assert!(run(&door, "quan", now(), doctor(Some(DoctorId(2)))).is_ok());
}

#[test]
fn the_last_supervisor_stays() {
    let door = hotline();
    assert_eq!(refused(&door, "ha", disable("ha")), "conflict");
    assert_eq!(refused(&door, "ha", person("ha", Role::Agent)), "conflict");
    run(&door, "ha", now(), person("ha2", Role::Supervisor)).unwrap();
    run(&door, "ha2", now(), disable("ha")).unwrap();
    assert_eq!(refused(&door, "ha", disable("lan")), "no_such_row", "a disabled person may nothing");
}

#[test]
fn who_leaves_is_disabled_once_and_their_promises_pass_to_anyone() {
    let door = hotline();
    sql(&door, "UPDATE matter SET state = 'promised', callback_at = 1, callback_for = 'lan' WHERE id = 5");
    run(&door, "ha", now(), disable("lan")).unwrap();
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM matter WHERE state = 'promised' AND callback_for IS NULL"),
        1
    );
    assert_eq!(refused(&door, "ha", disable("lan")), "conflict");
    assert_eq!(refused(&door, "ha", disable("nobody")), "no_such_row");
    run(&door, "ha", now(), person("lan", Role::Agent)).unwrap();
    assert!(run(&door, "lan", now(), Command::Resume(Nothing {})).is_ok());
}

#[test]
fn a_pause_is_counted_in_seconds_on_its_own_day() {
    let door = hotline();
    let pause = |reason| Command::Pause(Pause { reason });
    run(&door, "lan", at("2026-12-02T11:30"), pause(PauseCode::Break)).unwrap();
    run(&door, "lan", at("2026-12-02T11:40"), pause(PauseCode::Meal)).unwrap();
    run(&door, "lan", at("2026-12-02T12:00"), Command::Resume(Nothing {})).unwrap();
    assert_eq!(counted(&door, "agent.2026-12-02.lan.pause"), 1800);
    run(&door, "lan", at("2026-12-02T23:00"), pause(PauseCode::Training)).unwrap();
    run(&door, "lan", at("2026-12-03T08:00"), Command::Resume(Nothing {})).unwrap();
    assert_eq!(
        counted(&door, "agent.2026-12-02.lan.pause"),
        1800 + 3599,
        "a forgotten pause ends with its day"
    );
    assert_eq!(counted(&door, "agent.2026-12-03.lan.pause"), 0);
    run(&door, "lan", at("2026-12-03T08:01"), Command::Resume(Nothing {})).unwrap();
    assert_eq!(counted(&door, "agent.2026-12-03.lan.pause"), 0);
}

#[test]
fn nobody_pauses_in_the_middle_of_a_call() {
    let door = hotline();
    claim(&door, "lan", now());
    assert_eq!(refused(&door, "lan", Command::Pause(Pause { reason: PauseCode::Break })), "call_open");
}

#[test]
fn a_whole_number_is_shown_and_audited_to_those_who_need_it() {
    let door = hotline();
    register(&door, now(), "0904123401");
    let receipt = run(&door, "lan", now(), reveal(1)).unwrap();
    assert_eq!(receipt, Receipt::PhoneRevealed { phone: "+84904123401".to_owned() });
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'reveal_phone' AND subject = 'customer:1' AND staff = 'lan'";
    assert_eq!(number(&door, audited), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE detail LIKE '%904123401%'"), 0);
    assert_eq!(refused(&door, "thu", reveal(1)), "forbidden", "no case yet");
    assert_eq!(refused(&door, "kiem", reveal(1)), "forbidden");
    assert_eq!(refused(&door, "lan", reveal(99)), "no_such_row");
    assert_eq!(
        refused(&door, "lan", reveal(9)),
        "no_such_row",
        "only a list that is still loading knows them"
    );
    sql(
        &door,
        "INSERT INTO care_case (id, registration, customer, state, since, opened_at) VALUES (1, 1, 1, 'new', 1, 1)",
    );
    assert!(run(&door, "thu", now(), reveal(1)).is_ok());
    assert_eq!(refused(&door, "bs_mai", reveal(1)), "forbidden", "no appointment of theirs");
}

#[test]
fn everybody_sees_the_staff_they_manage() {
    let door = hotline();
    let seen = |staff: &str| match ask(&door, staff, now(), Query::Staff {}).unwrap() {
        Snapshot::Staff { staff } => staff.into_iter().map(|line| line.id.0).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(seen("ha"), ["ha", "kiem", "lan", "minh", "nga"]);
    assert_eq!(seen("quan"), ["bs_binh", "bs_mai", "quan", "thu"]);
    assert_eq!(seen(OPERATOR).len(), 9);
}

#[test]
fn the_list_of_staff_tells_who_has_keys_and_a_pin() {
    let door = hotline();
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE8f6RuJVwSiMNMpm3fSR4bV3e4kBvJcABwxg/SRXfij";
    run(&door, "ha", now(), Command::AddStaffKey(AddStaffKey { id: id("lan"), key: key.to_owned() }))
        .unwrap();
    door.set_pin(&id("minh"), now(), &Pin::parse("2408").unwrap()).unwrap();
    let seen = || match ask(&door, "ha", now(), Query::Staff {}).unwrap() {
        Snapshot::Staff { staff } => {
            let of = staff.into_iter().filter(|line| line.keys > 0 || line.has_pin);
            of.map(|line| (line.id.0, line.keys, line.has_pin)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(seen(), [("lan".to_owned(), 1, false), ("minh".to_owned(), 0, true)]);
    run(&door, "ha", now(), Command::DisableStaff(StaffRef { id: id("lan") })).unwrap();
    run(&door, "ha", now(), Command::ClearPin(StaffRef { id: id("minh") })).unwrap();
    assert_eq!(seen(), []);
}

#[test]
fn the_audit_log_shows_who_did_what_to_which_row_newest_first() {
    let door = hotline();
    register(&door, now(), "0904123401");
    let Snapshot::Audit { rows } = ask(&door, "kiem", now(), Query::Audit { limit: 1 }).unwrap() else {
        panic!()
    };
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].staff.as_str(), rows[0].action.as_str()), ("lan", "register"));
    assert_eq!(
        (rows[0].subject.as_str(), rows[0].detail.as_str()),
        ("registration:1", "channel=inbound_9090 seat=1")
    );
    assert_eq!(rule(ask(&door, "lan", now(), Query::Audit { limit: 1 })), "forbidden");
}
