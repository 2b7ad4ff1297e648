//! A programme with a day's work in it, moved.

use super::super::check::{check, verify_audit};
use super::super::command::Channel;
use super::super::fixture::{at, campaign, ended, form, hotline, hotline_in, id, register, rule, run, state};
use super::super::{Command, Door};
use super::migrate;
use crate::domain::disposition::Disposition;
use crate::store::{Place, Store, Watch, audit, list};
use crate::usecase::fixture::{CUSTOMERS, claim};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn watch() -> Watch {
    Arc::new(|_| true)
}

fn worked() -> Door {
    let door = hotline();
    for (phone, _) in &CUSTOMERS[..3] {
        register(&door, at("2026-12-02T08:30"), phone);
    }
    let matter = claim(&door, "lan", at("2026-12-02T09:00"));
    run(&door, "lan", at("2026-12-02T09:05"), ended(matter, Disposition::NoAnswer)).unwrap();
    run(&door, "ha", at("2026-12-02T10:00"), Command::HandOver(Default::default())).unwrap();
    door
}

#[test]
fn a_moved_programme_is_sound_and_both_audit_logs_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let (source, place) = (worked(), Place::from(folder.path().join("moved.db")));
    let now = at("2026-12-02T11:00");
    let from = Place::from(folder.path().join("old.db"));
    let moved = migrate(&source, &id("operator"), now, &from, &place, &watch()).unwrap();
    let target = Door::open(Store::open(place.clone()).unwrap(), "test").unwrap();
    assert_eq!(state(&source), state(&target));
    assert_eq!(check(&target).unwrap(), []);
    assert!(verify_audit(&target).unwrap().iter().all(|chain| chain.broken.is_none()));
    let log = target.store().read(|tx| audit::list(tx, 100)).unwrap();
    let entries: Vec<&str> =
        log.iter().filter(|row| row.entry.action == "migrate").map(|row| row.entry.detail.as_str()).collect();
    assert_eq!(entries.len(), 2, "{log:?}");
    assert!(entries.contains(&format!("to={place}").as_str()), "{entries:?}");
    let proof = format!("from={from} rows={} sha256={}", moved.rows, moved.sha256);
    assert!(entries.contains(&proof.as_str()), "{entries:?}");
    assert_eq!(moved.later, 0);
    // Work goes on where it stopped: the next seat is the next number.
    let form = form(CUSTOMERS[3].0, Channel::Inbound9090);
    run(&target, "lan", at("2026-12-02T11:30"), Command::Register(form)).unwrap();
    assert_eq!(check(&target).unwrap(), []);
}

#[test]
fn no_half_loaded_list_travels() {
    let folder = tempfile::tempdir().unwrap();
    let source = hotline();
    let place = Place::from(folder.path().join("moved.db"));
    assert!(!source.store().read(list::list_loading).unwrap().is_empty());
    migrate(&source, &id("operator"), at("2026-12-02T11:00"), &place, &place, &watch()).unwrap();
    assert!(Store::open(place).unwrap().read(list::list_loading).unwrap().is_empty());
}

#[test]
fn only_who_may_export_moves_a_programme_and_a_refusal_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::from(folder.path().join("moved.db"));
    let outcome = migrate(&hotline(), &id("lan"), at("2026-12-02T11:00"), &place, &place, &watch());
    assert_eq!(rule(outcome), "forbidden");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_place_that_is_taken_is_refused_before_an_audit_row_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::from(folder.path().join("moved.db"));
    std::fs::write(folder.path().join("moved.db"), "somebody's").unwrap();
    let source = hotline();
    let before = source.store().audit_rows().unwrap();
    let outcome = migrate(&source, &id("operator"), at("2026-12-02T11:00"), &place, &place, &watch());
    assert_eq!(rule(outcome), "exists");
    assert_eq!(source.store().audit_rows().unwrap(), before);
}

#[test]
fn what_is_done_in_the_source_behind_the_snapshot_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::from(folder.path().join("moved.db"));
    let source = hotline_in(Store::create(folder.path().join("source.db")).unwrap(), campaign());
    let (door, begun) = (source.clone(), AtomicBool::new(false));
    let watch: Watch = Arc::new(move |share| {
        if share > 0 && !begun.swap(true, Ordering::Relaxed) {
            register(&door, at("2026-12-02T11:00"), CUSTOMERS[0].0);
        }
        true
    });
    let moved = migrate(&source, &id("operator"), at("2026-12-02T11:00"), &place, &place, &watch).unwrap();
    assert_eq!(moved.later, 1);
    let target = Door::open(Store::open(place).unwrap(), "test").unwrap();
    assert_eq!(check(&target).unwrap(), []);
    assert_ne!(state(&source), state(&target));
}
