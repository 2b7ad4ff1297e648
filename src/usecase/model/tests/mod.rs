//! The public form of everything that is read and of every receipt, compared with stored samples: scripts depend on
//! them, so a form may grow and never change.

mod customers;
mod figures;
mod hospital;
mod receipts;
mod tasks;

use crate::domain::time::Timestamp;
use crate::usecase::{Receipt, Snapshot};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A code as whatever type a field has.
fn code<T: DeserializeOwned>(code: &str) -> T {
    serde_json::from_value(Value::String(code.to_owned())).unwrap()
}

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2026-12-02T09:00:00+07:00").unwrap().plus_minutes(minute)
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn assert_form<T: Serialize>(samples: &[T], stored: &str) {
    let form = serde_json::to_string_pretty(samples).unwrap();
    assert!(form == stored.trim_end(), "the form has changed:\n{form}");
}

#[test]
fn customers_queues_and_calls_keep_their_form() {
    assert_form(&customers::snapshots(), include_str!("customers.json"));
}

#[test]
fn cases_batches_and_days_keep_their_form() {
    assert_form(&hospital::snapshots(), include_str!("hospital.json"));
}

#[test]
fn figures_staff_and_sessions_keep_their_form() {
    assert_form(&figures::snapshots(), include_str!("figures.json"));
}

#[test]
fn tasks_keep_their_form() {
    assert_form(&tasks::snapshots(), include_str!("tasks.json"));
}

#[test]
fn receipts_keep_their_form_and_read_back() {
    let receipts = receipts::receipts();
    assert_form(&receipts, include_str!("receipts.json"));
    let stored: Vec<Receipt> = serde_json::from_str(include_str!("receipts.json")).unwrap();
    assert_eq!(stored, receipts);
}

#[test]
#[should_panic(expected = "the form has changed")]
fn another_code_is_noticed() {
    let mut snapshots = hospital::snapshots();
    for snapshot in &mut snapshots {
        if let Snapshot::Batch(batch) = snapshot {
            batch.rows.swap(0, 1);
        }
    }
    assert_form(&snapshots, include_str!("hospital.json"));
}
