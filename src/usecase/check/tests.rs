//! A sound programme checks clean; each invariant, broken behind the program's back, is found by its own code.

use super::super::command::{Accept, Acknowledge, AddLead, AllWord, Command, Nothing, Pause, PauseCode};
use super::super::door::Door;
use super::super::fixture::{CUSTOMERS, at, campaign, claim, ended, hotline_in, register, run};
use super::check;
use crate::domain::campaign::Campaign;
use crate::domain::disposition::Disposition;
use crate::domain::id::BatchId;
use crate::domain::lang::Lang;
use crate::store::Store;
use std::collections::BTreeSet;
use std::path::Path;

/// Each invariant, and what breaks it.
const BROKEN: [(&str, &str); 34] = [
    (
        "leavers_leave_nothing",
        "INSERT INTO draft (staff, form, body, at) VALUES ('minh', 'phone:1', 'x', 1);
         UPDATE staff SET active = 0 WHERE id = 'minh'",
    ),
    ("integrity", "UPDATE campaign SET taken = 1000"),
    ("foreign_keys", "DELETE FROM doctor WHERE id = 2"),
    ("seats_taken", "UPDATE campaign SET taken = taken - 1"),
    ("seats_within_quota", "UPDATE campaign SET quota = taken - 1"),
    ("seat_unique", "INSERT INTO free_seat (number) VALUES (1)"),
    ("seat_in_range", "UPDATE registration SET seat = 99 WHERE seat = 1"),
    ("waitlist_count", "UPDATE campaign SET waitlisted = 5"),
    ("seat_case_moves", "UPDATE care_case SET state = 'unreachable' WHERE id = 1"),
    ("waitlist_only_when_full", "UPDATE campaign SET quota = 10"),
    (
        "one_registration_per_customer",
        "DROP INDEX registration_customer; UPDATE registration SET customer = 1 WHERE id = 3",
    ),
    ("registration_consent", "UPDATE consent SET given = 0 WHERE registration = 2 AND purpose = 'register'"),
    ("batch_rows", "UPDATE batch SET rows = 7"),
    (
        "batch_row_once",
        "DROP INDEX batch_row_once;
         INSERT INTO batch (id, sent_at, by_staff, rows, checksum) VALUES (2, 1, 'ha', 1, '');
         INSERT INTO batch_row (batch, registration, state) VALUES (2, 1, 'sent')",
    ),
    ("hand_over_state", "UPDATE registration SET hand_over = 'waiting' WHERE id = 1"),
    ("accepted_rows_are_cases", "UPDATE batch_row SET state = 'sent' WHERE registration = 2"),
    ("case_customer", "UPDATE care_case SET customer = 5 WHERE id = 1"),
    ("cancelled_has_no_case", "UPDATE registration SET state = 'cancelled', seat = NULL WHERE id = 2"),
    ("booked_has_appointment", "UPDATE care_case SET state = 'new' WHERE id = 1"),
    (
        "one_live_appointment",
        "DROP INDEX appointment_live;
         INSERT INTO appointment (care_case, doctor, department, starts_at, minutes, state, method, by_staff, at)
         SELECT care_case, doctor, department, starts_at + 3600000, minutes, state, method, by_staff, at
         FROM appointment",
    ),
    ("granules", "DELETE FROM granule WHERE at = (SELECT MIN(at) FROM granule)"),
    (
        "no_overlap",
        "INSERT INTO appointment (care_case, doctor, department, starts_at, minutes, state, method, by_staff, at)
         SELECT 2, doctor, department, starts_at + 300000, minutes, state, method, by_staff, at FROM appointment",
    ),
    ("inside_shift", "DELETE FROM shift"),
    ("department_of_doctor", "DELETE FROM doctor_department"),
    (
        "one_lease_per_agent",
        "DROP INDEX matter_one_call;
         UPDATE matter SET state = 'leased', lease_staff = 'lan', lease_until = 1 WHERE id IN (25, 29)",
    ),
    ("matter_identity", "UPDATE matter SET purpose = 3 WHERE id = 29"),
    (
        "opt_out_has_no_offer",
        "INSERT INTO opt_out (phone, voice_at, asked_by, evidence) VALUES (84904123408, 1, 'lan', 'call')",
    ),
    (
        "sms_once",
        "INSERT INTO sms (customer, template, matter, phone, body, segments, purpose, state, queued_at)
         SELECT customer, template, 'other', phone, body, segments, purpose, state, queued_at FROM sms",
    ),
    (
        "survey_after_consultation",
        "INSERT INTO survey (care_case, customer, state, department, due_at) VALUES (1, 1, 'due', 'nhi', 1)",
    ),
    ("phone_search_key", "UPDATE customer SET phone_reversed = 1 WHERE id = 4"),
    ("campaign_versions", "UPDATE campaign_version SET version = 2"),
    ("lead_registration", "UPDATE lead SET state = 'registered'"),
    ("counters", "UPDATE counter SET value = value + 1 WHERE name = 'day.2026-12-02.registered'"),
    ("audit_chain", "DROP TRIGGER audit_no_update; UPDATE audit SET detail = 'seat=9' WHERE seq = 2"),
];

/// A short programme: two seats taken and one customer waiting, a batch accepted, an appointment, a call, a lead.
fn programme(path: &Path) -> Door {
    let now = at("2026-12-02T09:00");
    let door = hotline_in(Store::create(path).unwrap(), Campaign { quota: 2, ..campaign() });
    for (phone, _) in &CUSTOMERS[..3] {
        register(&door, now, phone);
    }
    run(&door, "ha", now, Command::HandOver(Nothing {})).unwrap();
    let all = Acknowledge { batch: BatchId(1), accept: Accept::All(AllWord::All), returned: Vec::new() };
    run(&door, "thu", now, Command::Acknowledge(all)).unwrap();
    door.store()
        .write(|tx| {
            tx.execute(
                "INSERT INTO appointment (care_case, doctor, department, starts_at, minutes, state, method, by_staff, at)
                 VALUES (1, 1, 'noi_tong_hop', ?1, 10, 'booked', 'phone', 'thu', 1)",
                crate::args![at("2026-12-03T08:00")],
            )?;
            tx.execute(
                "INSERT INTO granule (doctor, at, appointment) VALUES (1, ?1, 1), (1, ?2, 1)",
                crate::args![at("2026-12-03T08:00"), at("2026-12-03T08:05")],
            )?;
            tx.execute("UPDATE care_case SET state = 'booked' WHERE id = 1", &[])
        })
        .unwrap();
    let matter = claim(&door, "minh", now);
    run(&door, "minh", at("2026-12-02T09:02"), ended(matter, Disposition::NoAnswer)).unwrap();
    let lead =
        AddLead { name: "Sen".to_owned(), comment: "bài 1/77".to_owned(), conversation: None, phone: None };
    run(&door, "nga", at("2026-12-02T09:02"), Command::AddLead(lead)).unwrap();
    run(&door, "lan", at("2026-12-02T09:02"), Command::Pause(Pause { reason: PauseCode::Meal })).unwrap();
    run(&door, "lan", at("2026-12-02T09:32"), Command::Resume(Nothing {})).unwrap();
    door
}

fn broken_codes(path: &Path) -> BTreeSet<String> {
    let door = Door::open(Store::open(path).unwrap(), "test").unwrap();
    check(&door).unwrap().into_iter().map(|problem| problem.invariant).collect()
}

#[test]
fn a_sound_programme_checks_clean() {
    let folder = tempfile::tempdir().unwrap();
    let door = programme(&folder.path().join("store.db"));
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn every_broken_invariant_is_found_by_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let sound = folder.path().join("sound.db");
    drop(programme(&sound));
    for (code, sql) in BROKEN {
        let path = folder.path().join(format!("{code}.db"));
        std::fs::copy(&sound, &path).unwrap();
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;").unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        let found = broken_codes(&path);
        assert!(found.contains(code), "{code} was not found, but {found:?}");
    }
}

#[test]
fn every_invariant_can_be_provoked_and_has_its_sentences() {
    let codes: BTreeSet<&str> = BROKEN.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes.len(), BROKEN.len());
    for code in crate::store::check::codes() {
        assert!(codes.contains(code), "nothing breaks {code}");
        for lang in [Lang::Vi, Lang::En] {
            let problem = super::Problem { invariant: code.to_owned(), rows: Vec::new() };
            assert_ne!(problem.sentence(lang), format!("check.{code}"), "{code} has no sentence");
        }
    }
}

#[test]
fn a_text_that_an_older_program_let_pass_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let door = programme(&path);
    super::super::fixture::sql(
        &door,
        "UPDATE campaign_version SET config = REPLACE(config, '{url}', '{link}') WHERE version = 1",
    );
    let found = check(&Door::open(Store::open(&path).unwrap(), "test").unwrap()).unwrap();
    let rows: Vec<(&str, &[String])> =
        found.iter().map(|problem| (problem.invariant.as_str(), &problem.rows[..])).collect();
    assert_eq!(rows, [("campaign_texts", &["sms handbook".to_owned()][..])]);
}

#[test]
fn a_problem_names_the_rows_by_public_ids() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let door = programme(&path);
    super::super::fixture::sql(&door, "UPDATE registration SET hand_over = 'waiting' WHERE id = 1");
    let found = check(&door).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].rows, ["registration:1"]);
}
