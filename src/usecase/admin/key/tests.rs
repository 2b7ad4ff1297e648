//! Keys through the door: whose they are, who manages them, when they open nothing any more.

use super::super::super::command::{AddStaff, AddStaffKey, Command, RemoveStaffKey, StaffRef};
use super::super::super::door::Door;
use super::super::super::fixture::{ask, at, hotline, id, rule, run, state};
use super::super::super::query::{Query, Snapshot};
use super::super::super::receipt::Receipt;
use super::MOST_KEYS;
use crate::domain::actor::{OPERATOR, Role};
use crate::domain::ssh_key::{Fingerprint, SshKey};
use crate::domain::time::Timestamp;
use crate::store::Topics;
use russh::keys::PublicKey;
use russh::keys::ssh_key::public::{Ed25519PublicKey, KeyData};

const LAN: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE8f6RuJVwSiMNMpm3fSR4bV3e4kBvJcABwxg/SRXfij máy bàn";
const MINH: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAyXgBYH3tw5Cd2KNRDapb1U4XevQQdNZ9+kpi3U/fUJ";

fn now() -> Timestamp {
    at("2026-12-02T09:00")
}

fn add(who: &str, key: &str) -> Command {
    Command::AddStaffKey(AddStaffKey { id: id(who), key: key.to_owned() })
}

fn remove(who: &str, key: &str) -> Command {
    Command::RemoveStaffKey(RemoveStaffKey { id: id(who), fingerprint: print(key).to_string() })
}

fn person(who: &str, key: Option<&str>) -> Command {
    let key = key.map(str::to_owned);
    Command::AddStaff(AddStaff { id: id(who), name: "Lan".to_owned(), role: Role::Agent, doctor: None, key })
}

fn print(key: &str) -> Fingerprint {
    SshKey::parse(key).unwrap().fingerprint
}

fn whose(door: &Door, key: &str) -> Option<String> {
    door.whose_key(&print(key)).unwrap().map(|actor| actor.staff.0)
}

fn refused(door: &Door, staff: &str, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, staff, now(), command));
    assert_eq!(before, state(door), "{rule} changed rows");
    rule
}

/// A key of its own for each number.
fn numbered(number: u8) -> String {
    PublicKey::new(KeyData::Ed25519(Ed25519PublicKey([number; 32])), "").to_openssh().unwrap()
}

#[test]
fn a_key_signs_its_person_in_until_it_is_taken_away() {
    let door = hotline();
    assert_eq!(whose(&door, LAN), None);
    let receipt = run(&door, "ha", now(), add("lan", LAN)).unwrap();
    assert_eq!(receipt, Receipt::StaffKeyAdded { fingerprint: print(LAN).to_string() });
    run(&door, "ha", now(), add("lan", MINH)).unwrap();
    assert_eq!(whose(&door, LAN).as_deref(), Some("lan"));
    let changes = door.store().subscribe(|| ());
    run(&door, "ha", now(), remove("lan", LAN)).unwrap();
    assert!(changes.take().changed.touches(Topics::STAFF));
    assert_eq!((whose(&door, LAN), whose(&door, MINH).as_deref()), (None, Some("lan")));
    assert_eq!(refused(&door, "ha", remove("lan", LAN)), "no_such_row");
    // The same person may have it again.
    run(&door, "ha", now(), add("lan", LAN)).unwrap();
    assert_eq!(whose(&door, LAN).as_deref(), Some("lan"));
}

#[test]
fn a_key_is_and_was_one_persons_only() {
    let door = hotline();
    run(&door, "ha", now(), add("lan", LAN)).unwrap();
    assert_eq!(refused(&door, "ha", add("minh", LAN)), "field_invalid");
    assert_eq!(refused(&door, "ha", add("lan", LAN)), "field_invalid");
    assert_eq!(refused(&door, "ha", remove("minh", LAN)), "no_such_row");
    run(&door, "ha", now(), remove("lan", LAN)).unwrap();
    assert_eq!(refused(&door, "ha", add("minh", LAN)), "field_invalid");
}

#[test]
fn a_person_comes_with_a_first_key_and_a_second_time_keeps_it() {
    let door = hotline();
    for _ in 0..2 {
        let receipt = run(&door, "ha", now(), person("mai", Some(LAN))).unwrap();
        let key = Some(print(LAN).to_string());
        assert_eq!(receipt, Receipt::StaffAdded { staff: id("mai"), role: Role::Agent, key });
    }
    assert_eq!(whose(&door, LAN).as_deref(), Some("mai"));
    assert_eq!(refused(&door, "ha", person("hai", Some(LAN))), "field_invalid");
    assert_eq!(refused(&door, "ha", person("hai", Some("ssh-rsa AAAA"))), "field_invalid");
}

#[test]
fn who_is_disabled_comes_back_only_with_a_new_key() {
    let door = hotline();
    run(&door, "ha", now(), add("lan", LAN)).unwrap();
    run(&door, "ha", now(), Command::DisableStaff(StaffRef { id: id("lan") })).unwrap();
    assert_eq!(whose(&door, LAN), None);
    assert_eq!(refused(&door, "ha", add("lan", LAN)), "conflict");
    run(&door, "ha", now(), person("lan", None)).unwrap();
    assert_eq!(whose(&door, LAN), None, "an old key opens the door again");
}

#[test]
fn each_organisation_manages_its_own_keys_and_the_operator_has_none() {
    let door = hotline();
    assert_eq!(refused(&door, "ha", add("thu", LAN)), "forbidden");
    assert_eq!(refused(&door, "quan", add("lan", LAN)), "forbidden");
    assert_eq!(refused(&door, "lan", add("lan", LAN)), "forbidden");
    assert_eq!(refused(&door, OPERATOR, add(OPERATOR, LAN)), "forbidden");
    assert_eq!(refused(&door, "ha", add("nobody", LAN)), "no_such_row");
    run(&door, "quan", now(), add("thu", LAN)).unwrap();
    run(&door, OPERATOR, now(), add("lan", MINH)).unwrap();
    let seen =
        |who, staff: Option<&str>| match ask(&door, who, now(), Query::StaffKeys { staff: staff.map(id) }) {
            Ok(Snapshot::StaffKeys { keys }) => keys.into_iter().map(|key| key.staff.0).collect::<Vec<_>>(),
            other => vec![rule(other).to_owned()],
        };
    assert_eq!(seen("ha", None), ["lan"]);
    assert_eq!(seen("quan", None), ["thu"]);
    assert_eq!(seen(OPERATOR, None), ["lan", "thu"]);
    assert_eq!(seen("ha", Some("thu")), ["forbidden"]);
    assert_eq!(seen("lan", None), ["forbidden"]);
}

#[test]
fn the_audit_log_names_the_key_and_not_its_label() {
    let door = hotline();
    run(&door, "ha", now(), add("lan", LAN)).unwrap();
    let Ok(Snapshot::Audit { rows }) = ask(&door, "ha", now(), Query::Audit { limit: 1 }) else { panic!() };
    assert_eq!((rows[0].action.as_str(), rows[0].subject.as_str()), ("add_staff_key", "staff:lan"));
    assert_eq!(rows[0].detail, format!("key={}", print(LAN)));
}

#[test]
fn a_person_has_a_bounded_number_of_keys() {
    let door = hotline();
    for number in 0..MOST_KEYS as u8 {
        run(&door, "ha", now(), add("lan", &numbered(number))).unwrap();
    }
    assert_eq!(refused(&door, "ha", add("lan", LAN)), "field_invalid");
    run(&door, "ha", now(), remove("lan", &numbered(0))).unwrap();
    run(&door, "ha", now(), add("lan", LAN)).unwrap();
}

#[test]
fn hundreds_of_keys_are_told_in_one_answer_and_a_key_of_nobody_is_absent() {
    let door = hotline();
    let all: Vec<String> = (0..230).map(numbered).collect();
    for (number, key) in all.iter().enumerate().take(220) {
        let add = AddStaff {
            id: id(&format!("p{number}")),
            name: "Lan".to_owned(),
            role: Role::Agent,
            doctor: None,
            key: Some(key.clone()),
        };
        run(&door, "ha", now(), Command::AddStaff(add)).unwrap();
    }
    run(&door, "ha", now(), remove("p7", &all[7])).unwrap();
    run(&door, "ha", now(), Command::DisableStaff(StaffRef { id: id("p150") })).unwrap();
    let prints: Vec<Fingerprint> = all.iter().map(|key| print(key)).collect();
    let found = door.whose_keys(&prints).unwrap();
    assert_eq!(found.len(), 218);
    for (number, key) in prints.iter().enumerate() {
        let there = number < 220 && ![7, 150].contains(&number);
        let whose = found.get(key).map(|actor| actor.staff.0.clone());
        assert_eq!(whose, there.then(|| format!("p{number}")));
    }
}
