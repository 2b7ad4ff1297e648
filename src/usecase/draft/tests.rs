//! Drafts through the door: whose they are and when they go.

use super::super::command::{Channel, Command, MatterRef, StaffRef};
use super::super::door::Door;
use super::super::fixture::{CUSTOMERS, ask, at, claim, ended, form, hotline, id, number, rule, run, sql};
use super::super::query::{Query, Snapshot};
use super::{MOST_BODY, MOST_DAYS, form_of_matter, form_of_phone};
use crate::domain::disposition::Disposition;
use crate::domain::id::MatterId;
use crate::domain::time::Timestamp;

fn now() -> Timestamp {
    at("2026-12-02T09:00")
}

fn keep(door: &Door, staff: &str, form: &str, body: Option<&str>) {
    door.keep_draft(&id(staff), now(), form, body).unwrap();
}

fn kept(door: &Door, staff: &str, when: Timestamp) -> (Vec<(String, String)>, Option<MatterId>) {
    let Snapshot::Drafts(found) = ask(door, staff, when, Query::Drafts {}).unwrap() else { panic!() };
    (found.drafts.into_iter().map(|draft| (draft.form, draft.body)).collect(), found.open)
}

#[test]
fn a_draft_is_its_persons_alone_and_the_newest_text_counts() {
    let door = hotline();
    keep(&door, "lan", "phone:+84904123401", Some("one"));
    keep(&door, "lan", "phone:+84904123401", Some("two"));
    let mine = vec![("phone:+84904123401".to_owned(), "two".to_owned())];
    assert_eq!(kept(&door, "lan", now()), (mine, None));
    assert_eq!(kept(&door, "minh", now()), (vec![], None));
    keep(&door, "lan", "phone:+84904123401", None);
    assert_eq!(kept(&door, "lan", now()).0, []);
}

#[test]
fn an_open_call_stands_beside_its_draft_until_the_call_ends() {
    let door = hotline();
    let matter = claim(&door, "lan", now());
    keep(&door, "lan", &form_of_matter(matter), Some("a note"));
    let (drafts, open) = kept(&door, "lan", now());
    assert_eq!((drafts.len(), open), (1, Some(matter)));
    run(&door, "lan", now(), ended(matter, Disposition::NoAnswer)).unwrap();
    assert_eq!(kept(&door, "lan", now()), (vec![], None));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM draft"), 0);
}

#[test]
fn a_lease_that_ran_out_leaves_the_draft_and_a_colleagues_call_hides_it() {
    let door = hotline();
    let matter = claim(&door, "lan", now());
    keep(&door, "lan", &form_of_matter(matter), Some("a note"));
    let later = at("2026-12-02T09:30");
    assert_eq!(kept(&door, "lan", later).1, None);
    assert_eq!(kept(&door, "lan", later).0.len(), 1);
    // A promised time lets a colleague call all the same.
    let promised = later.ms();
    sql(
        &door,
        &format!(
            "UPDATE matter SET state = 'promised', callback_at = {promised}, due_at = {promised}, lease_staff = NULL,
               lease_until = NULL WHERE id = {matter}"
        ),
    );
    assert_eq!(claim(&door, "minh", later), matter);
    assert_eq!(kept(&door, "lan", later).0, []);
    run(&door, "minh", later, Command::ReleaseLease(MatterRef { matter })).unwrap();
    assert_eq!(kept(&door, "lan", later).0.len(), 1);
}

#[test]
fn a_registration_takes_its_draft_with_it() {
    let door = hotline();
    let phone = "+84904123401";
    keep(&door, "lan", &form_of_phone(phone), Some("consents"));
    run(&door, "lan", now(), Command::Register(form(CUSTOMERS[0].0, Channel::Inbound9090))).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM draft"), 0);
}

#[test]
fn drafts_grow_old_and_few() {
    let door = hotline();
    for n in 0..30 {
        door.keep_draft(&id("lan"), now().plus_ms(n), &format!("phone:{n}"), Some("x")).unwrap();
    }
    let (drafts, _) = kept(&door, "lan", now());
    assert_eq!((drafts.len(), drafts[0].0.as_str()), (20, "phone:29"));
    let old = now().plus_ms(MOST_DAYS * 86_400_000 + 1000);
    assert_eq!(kept(&door, "lan", old).0, []);
    door.keep_draft(&id("minh"), old, "phone:1", Some("x")).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM draft"), 1);
}

#[test]
fn who_leaves_takes_their_drafts_along_and_keeps_no_more() {
    let door = hotline();
    keep(&door, "lan", "phone:1", Some("x"));
    run(&door, "ha", now(), Command::DisableStaff(StaffRef { id: id("lan") })).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM draft"), 0);
    assert_eq!(rule(door.keep_draft(&id("lan"), now(), "phone:1", Some("x"))), "no_such_row");
    assert_eq!(rule(door.keep_draft(&id("kiem"), now(), "phone:1", Some("x"))), "forbidden");
}

#[test]
fn a_draft_has_a_longest_size_and_shows_nothing_in_debug() {
    let door = hotline();
    let long = "ế".repeat(MOST_BODY + 1);
    assert_eq!(rule(door.keep_draft(&id("lan"), now(), "phone:1", Some(&long))), "field_invalid");
    assert_eq!(rule(door.keep_draft(&id("lan"), now(), "", Some("x"))), "field_invalid");
    keep(&door, "lan", "phone:+84904123401", Some("đau đầu"));
    let seen = format!("{:?}", ask(&door, "lan", now(), Query::Drafts {}).unwrap());
    assert!(!seen.contains("đau") && !seen.contains("84904"), "{seen}");
}
