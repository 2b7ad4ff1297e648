//! Copies a whole store to another place, on any two engines: every table in one snapshot of the source, then read
//! again from the copy and compared by row counts and fingerprints.
//!
//! Invariants:
//! - the target is new or empty and becomes a store all at once (a server's in one transaction, a file by its last
//!   rename) or stays as it was;
//! - nothing is ever overwritten;
//! - memory holds a page of rows.
//!
//! Deliberately absent: what changes in the source after the snapshot. The use case counts it, from
//! [`Proof::audit_rows`].

mod pages;
mod target;
#[cfg(test)]
mod tests;

use super::audit;
use super::tables::TABLES;
use super::{StoreError, Tx};
use crate::domain::audit::Entry;
use pages::{Fingerprint, Reader, count, pages};
use sha2::{Digest, Sha256};
use std::sync::Arc;
pub use target::Target;

/// Gets the progress of a copy, in thousandths; false stops it.
pub type Watch = Arc<dyn Fn(u32) -> bool + Send + Sync>;
/// Writes the first row of the copy's own audit log.
pub type Sign = Box<dyn FnOnce(&Proof) -> Entry + Send>;

/// What was copied and found equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Tables.
    pub tables: usize,
    /// Rows of all tables.
    pub rows: u64,
    /// Hex of the SHA-256 over every table's name, row count and fingerprint.
    pub sha256: String,
    /// Rows of the audit log in the copy.
    pub audit_rows: u64,
}

/// Progress over both passes.
struct Gauge {
    watch: Watch,
    all: u64,
    done: u64,
}

impl Gauge {
    fn step(&mut self, rows: usize) -> Result<(), StoreError> {
        self.done += rows as u64;
        let share = self.done.saturating_mul(1000) / self.all.max(1);
        if (self.watch)(u32::try_from(share).unwrap_or(1000).min(1000)) {
            Ok(())
        } else {
            Err(StoreError::Stopped)
        }
    }
}

/// Copies everything that `source` sees, proves the copy, signs it and makes it durable.
pub(super) fn copy(
    source: &mut Tx<'_>,
    mut target: Target,
    watch: Watch,
    sign: Option<Sign>,
) -> Result<Proof, StoreError> {
    source.wait_without_end()?;
    let mut rows = 0;
    for table in TABLES {
        rows += count(source, table)?;
    }
    let mut gauge = Gauge { watch, all: rows.saturating_mul(2), done: 0 };
    let mut whole = Sha256::new();
    let mut written = Vec::with_capacity(TABLES.len());
    let mut audit_rows = 0;
    for table in TABLES {
        let mut reader = Reader::default();
        target.fill(table, source, &mut |rows| {
            reader.take(rows);
            gauge.step(rows.len())
        })?;
        let print = reader.end();
        whole.update(table.name);
        whole.update(print.rows.to_be_bytes());
        whole.update(print.sha256);
        if table.name == "audit" {
            audit_rows = print.rows;
        }
        written.push(print);
    }
    target.number()?;
    for (table, print) in TABLES.iter().zip(&written) {
        let mut reader = Reader::default();
        pages(&mut target.tx(), table, |rows| {
            reader.take(rows);
            gauge.step(rows.len())
        })?;
        refuse_difference(table.name, print, &reader.end())?;
    }
    let proof = Proof {
        tables: TABLES.len(),
        rows: written.iter().map(|print| print.rows).sum(),
        sha256: whole.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        audit_rows,
    };
    if let Some(sign) = sign {
        audit::append(&mut target.tx(), sign(&proof))?;
    }
    target.keep()?;
    Ok(proof)
}

fn refuse_difference(
    table: &'static str,
    source: &Fingerprint,
    copy: &Fingerprint,
) -> Result<(), StoreError> {
    if source == copy { Ok(()) } else { Err(StoreError::Differs { what: table }) }
}

/// Rows of the audit log by now: one for every command.
pub(super) fn audit_rows(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let rows = tx.one("SELECT COUNT(*) FROM audit", &[])?.int(0)?;
    Ok(u64::try_from(rows).unwrap_or_default())
}
