//! Leads through the door.

use super::super::command::{AddLead, Command, LeadRef, LeadStep, MoveLead};
use super::super::door::Door;
use super::super::fixture::{ask, at, hotline, number, rule, run, sql, state};
use super::super::query::{Query, Snapshot};
use super::super::receipt::Receipt;
use crate::domain::id::LeadId;
use crate::domain::lead::LeadState;
use crate::domain::time::Timestamp;

fn now() -> Timestamp {
    at("2026-12-02T09:00")
}

fn comment(reference: &str) -> AddLead {
    AddLead { name: "Sen".to_owned(), comment: reference.to_owned(), conversation: None, phone: None }
}

fn step(to: LeadStep) -> MoveLead {
    MoveLead { lead: LeadId(1), to, conversation: None, phone: None, reason: None }
}

fn refused(door: &Door, staff: &str, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, staff, now(), command));
    assert_eq!(before, state(door), "{rule} changed rows");
    rule
}

fn with_lead() -> Door {
    let door = hotline();
    let receipt = run(&door, "nga", now(), Command::AddLead(comment("bài 12/345"))).unwrap();
    assert_eq!(receipt, Receipt::LeadAdded { lead: LeadId(1) });
    door
}

#[test]
fn a_lead_goes_from_comment_to_details_step_by_step() {
    let door = with_lead();
    run(&door, "nga", now(), Command::MoveLead(step(LeadStep::Messaged))).unwrap();
    let details = MoveLead { phone: Some("0904 999 888".to_owned()), ..step(LeadStep::DetailsGiven) };
    let receipt = run(&door, "nga", at("2026-12-02T10:00"), Command::MoveLead(details)).unwrap();
    assert_eq!(receipt, Receipt::LeadMoved { state: LeadState::DetailsGiven });
    let Snapshot::Leads { leads } = ask(&door, "nga", now(), Query::Leads {}).unwrap() else { panic!() };
    assert_eq!(leads[0].phone_masked.as_deref(), Some("0904 *** 888"));
    assert_eq!((leads[0].commented_at, leads[0].since), (now(), at("2026-12-02T10:00")));
}

#[test]
fn the_whole_number_of_a_lead_is_a_look_that_the_audit_log_keeps() {
    let door = with_lead();
    let reveal = Command::RevealLead(LeadRef { lead: LeadId(1) });
    assert_eq!(rule(run(&door, "nga", now(), reveal.clone())), "field_invalid", "there is none yet");
    sql(&door, "UPDATE lead SET phone = 84904999888");
    let shown = run(&door, "nga", now(), reveal.clone());
    assert_eq!(shown, Ok(Receipt::PhoneRevealed { phone: "+84904999888".to_owned() }));
    let rows =
        "SELECT COUNT(*) FROM audit WHERE action = 'reveal_lead' AND subject = 'lead:1' AND detail = ''";
    assert_eq!(number(&door, rows), 1);
    assert_eq!(rule(run(&door, "lan", now(), reveal)), "forbidden");
}

#[test]
fn a_lead_starts_where_it_is_known_to_be() {
    let door = hotline();
    let messaged = AddLead { conversation: Some("t/9".to_owned()), ..comment("bài 1/1") };
    let given = AddLead { phone: Some("0904999888".to_owned()), ..comment("bài 1/2") };
    run(&door, "nga", now(), Command::AddLead(messaged)).unwrap();
    run(&door, "nga", now(), Command::AddLead(given)).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM lead WHERE id = 1 AND state = 'messaged'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM lead WHERE id = 2 AND state = 'details_given'"), 1);
}

#[test]
fn a_comment_is_taken_up_once() {
    let door = with_lead();
    assert_eq!(refused(&door, "nga", Command::AddLead(comment("bài 12/345"))), "conflict");
}

#[test]
fn unusable_texts_are_refused() {
    let door = hotline();
    let long = "x".repeat(300);
    for reference in ["", "0904999888", long.as_str()] {
        assert_eq!(
            refused(&door, "nga", Command::AddLead(comment(reference))),
            "field_invalid",
            "{reference}"
        );
    }
    let number = AddLead { phone: Some("9090".to_owned()), ..comment("bài 1/1") };
    assert_eq!(refused(&door, "nga", Command::AddLead(number)), "phone_invalid");
    let nameless = AddLead { name: "…".to_owned(), ..comment("bài 1/1") };
    assert_eq!(refused(&door, "nga", Command::AddLead(nameless)), "field_invalid");
    assert_eq!(refused(&door, "lan", Command::AddLead(comment("bài 1/1"))), "forbidden");
}

#[test]
fn steps_are_neither_skipped_nor_taken_back_nor_empty() {
    let door = with_lead();
    let details = || MoveLead { phone: Some("0904999888".to_owned()), ..step(LeadStep::DetailsGiven) };
    assert_eq!(refused(&door, "nga", Command::MoveLead(details())), "conflict");
    assert_eq!(
        refused(&door, "nga", Command::MoveLead(step(LeadStep::Dropped))),
        "field_invalid",
        "no reason"
    );
    run(&door, "nga", now(), Command::MoveLead(step(LeadStep::Messaged))).unwrap();
    assert_eq!(refused(&door, "nga", Command::MoveLead(step(LeadStep::Messaged))), "conflict");
    assert_eq!(
        refused(&door, "nga", Command::MoveLead(step(LeadStep::DetailsGiven))),
        "field_invalid",
        "no number"
    );
    let unknown = MoveLead { lead: LeadId(9), ..step(LeadStep::Messaged) };
    assert_eq!(refused(&door, "nga", Command::MoveLead(unknown)), "no_such_row");
}

#[test]
fn a_dropped_lead_leaves_the_list_and_stays_dropped() {
    let door = with_lead();
    let dropped = || MoveLead { reason: Some("không trả lời".to_owned()), ..step(LeadStep::Dropped) };
    run(&door, "nga", now(), Command::MoveLead(dropped())).unwrap();
    assert_eq!(refused(&door, "nga", Command::MoveLead(dropped())), "conflict");
    assert_eq!(ask(&door, "nga", now(), Query::Leads {}).unwrap(), Snapshot::Leads { leads: Vec::new() });
}
