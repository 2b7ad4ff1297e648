//! Checks every invariant of the store on its rows, to find what a broken constraint, a wrong program or a damaged
//! file left behind. Each invariant has a public code; a finding names the rows by public ids.
//!
//! Deliberately absent: repairs. The reader of a finding decides.

mod counters;
mod rows;

use super::{StoreError, Tx, audit};
use crate::domain::audit::Break;

/// Rows named per invariant; more are cut.
const MOST_FOUND: usize = 20;

/// One invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Public code of the invariant; its sentence is in `locales/check.yml`.
    pub invariant: &'static str,
    /// Which rows, such as `registration:12`; at most 20.
    pub rows: Vec<String>,
}

/// Checks every invariant; empty when all hold.
pub fn list_findings(tx: &mut Tx<'_>) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    let mut add = |invariant, mut rows: Vec<String>| {
        rows.truncate(MOST_FOUND);
        if !rows.is_empty() {
            found.push(Finding { invariant, rows });
        }
    };
    add("integrity", integrity(tx)?);
    add("foreign_keys", foreign_keys(tx)?);
    for (invariant, sql) in rows::INVARIANTS {
        let broken = tx.many(&format!("SELECT what FROM ({sql}) broken ORDER BY what LIMIT 20"), &[])?;
        add(invariant, broken.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?);
    }
    add("counters", counters::differences(tx)?);
    add("audit_chain", audit_chain(tx)?);
    Ok(found)
}

/// The engine's own check of its pages and indexes.
fn integrity(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    if tx.file().is_none() {
        return server_integrity(tx);
    }
    let lines = tx.many("PRAGMA integrity_check(20)", &[])?;
    let lines = lines.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// What PostgreSQL reports of itself: invalid indexes and constraints that were not validated.
fn server_integrity(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.many(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND NOT (i.indisvalid AND i.indisready AND i.indislive)
         UNION ALL
         SELECT k.conname FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
         WHERE n.nspname = current_schema() AND NOT k.convalidated
         LIMIT 20",
        &[],
    )?
    .iter()
    .map(|row| row.text(0))
    .collect()
}

/// Rows that refer to missing rows. PostgreSQL prevents them, also in bulk loads; on a file the bulk load itself does.
fn foreign_keys(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    if tx.file().is_none() {
        return Ok(Vec::new());
    }
    let broken = tx.many("PRAGMA foreign_key_check", &[])?;
    broken
        .iter()
        .take(MOST_FOUND)
        .map(|row| Ok(format!("{}:{} → {}", row.text(0)?, row.opt_int(1)?.unwrap_or(0), row.text(2)?)))
        .collect()
}

/// What the engine itself finds wrong: damaged pages, dangling references. Public codes, at most 20.
pub(super) fn damage(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let mut found = integrity(tx)?;
    found.append(&mut foreign_keys(tx)?);
    found.truncate(MOST_FOUND);
    Ok(found)
}

fn audit_chain(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let chains = audit::verify(tx)?;
    Ok(chains
        .into_iter()
        .filter_map(|chain| {
            let at = match chain.broken? {
                Break::Gap { expected, .. } => expected,
                Break::Changed { seq } => seq,
            };
            Some(format!("audit:{}:{at}", chain.writer))
        })
        .collect())
}

/// The public codes of all invariants.
pub fn codes() -> impl Iterator<Item = &'static str> {
    ["integrity", "foreign_keys", "counters", "audit_chain"]
        .into_iter()
        .chain(rows::INVARIANTS.iter().map(|(code, _)| *code))
}
