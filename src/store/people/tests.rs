//! The statements of the lists, on both engines.

use super::*;
use crate::domain::id::StaffId;
use crate::store::Store;

fn every() -> Vec<Figure> {
    Figure::every(&StaffId("lan".to_owned()))
}

#[test]
fn every_figure_can_be_read_on_an_empty_store() {
    let store = Store::trial().unwrap();
    store
        .read(|tx| -> Result<(), StoreError> {
            for figure in every() {
                assert_eq!(list(tx, &figure, Timestamp(0), 0, 10)?, [], "{figure:?}");
                assert_eq!(count(tx, &figure, Timestamp(0))?, 0, "{figure:?}");
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn no_list_walks_over_all_customers_or_offers() {
    let store = Store::memory().unwrap();
    store
        .read(|tx| -> Result<(), StoreError> {
            for figure in every() {
                let (sql, args) = page(&figure, Timestamp(0), 0, 10);
                let plan = tx.many(&format!("EXPLAIN QUERY PLAN {sql}"), &args)?;
                let steps = plan.iter().map(|step| step.text(3)).collect::<Result<Vec<_>, _>>()?;
                // An index over the few rows of one state is no walk over a table.
                let walks = |step: &String, name: &str| {
                    step.starts_with(&format!("SCAN {name}")) && !step.contains("matter_leased")
                };
                let walked = |name: &str| steps.iter().any(|step| walks(step, name));
                // A list of all customers walks along its own beginning, as far as its bound.
                assert!(!walked("c") || matches!(figure, Figure::List), "{figure:?} {steps:?}");
                let is_outbox = matches!(figure, Figure::Sms(_));
                assert!(!walked("m") || is_outbox, "{figure:?} {steps:?}");
            }
            Ok(())
        })
        .unwrap();
}
