//! Rows of the audit log: appended in the transaction of the action they record, one hash chain per writer process.
//!
//! Invariants:
//! - rows are never changed or removed (triggers of the schema ensure it, too);
//! - within a chain numbers count up from 1 without a gap.
//!
//! Deliberately absent: a filter by person; the log is read as it was written.

use super::value::AuditHead;
use super::{Row, StoreError, Tx};
use crate::args;
use crate::domain::audit::{Break, Entry, Hash, Verifier, next_hash};
use crate::domain::time::Timestamp;

/// Rows read at a time while a chain is verified.
const PAGE: i64 = 1000;
/// Chains that one verification reads at most.
const MAX_CHAINS: usize = 10_000;

/// A stored audit row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The writer of the chain.
    pub writer: i64,
    /// Number in that chain, from 1.
    pub seq: i64,
    /// Its contents.
    pub entry: Entry,
}

/// One verified chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The writer of the chain.
    pub writer: i64,
    /// Rows that verify; the head's number.
    pub rows: i64,
    /// Hash of the last row that verifies: what an operator may keep elsewhere as an anchor.
    pub head: Hash,
    /// Where it breaks, if it does. Rows behind a break are not read.
    pub broken: Option<Break>,
}

/// Appends a row to this process's chain.
pub fn append(tx: &mut Tx<'_>, entry: Entry) -> Result<(), StoreError> {
    let head = tx.audit_head()?;
    let writer = tx.writer();
    let seq = head.seq + 1;
    let hash = next_hash(&head.hash, writer, seq, &entry);
    tx.execute_later(
        "INSERT INTO audit (writer, seq, at, staff, os_user, action, subject, detail, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        args![
            writer,
            seq,
            entry.at,
            entry.staff,
            entry.os_user,
            entry.action,
            entry.subject,
            entry.detail,
            hash.as_slice()
        ],
    )?;
    tx.set_audit_head(AuditHead { seq, hash });
    Ok(())
}

/// The latest rows over all chains, newest first, at most `limit`.
pub fn list(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    let mut found = Vec::new();
    for writer in writers(tx)? {
        let rows = tx.many(
            "SELECT seq, at, staff, os_user, action, subject, detail, hash FROM audit
             WHERE writer = ?1 ORDER BY seq DESC LIMIT ?2",
            args![writer, limit],
        )?;
        for row in &rows {
            found.push(AuditRow { writer, seq: row.int(0)?, entry: entry(row)? });
        }
    }
    found.sort_by_key(|row| std::cmp::Reverse((row.entry.at, row.writer, row.seq)));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// Verifies every chain from its first row, in pages; returns where it ends or breaks.
pub fn verify(tx: &mut Tx<'_>) -> Result<Vec<Chain>, StoreError> {
    writers(tx)?.into_iter().map(|writer| verify_chain(tx, writer)).collect()
}

fn verify_chain(tx: &mut Tx<'_>, writer: i64) -> Result<Chain, StoreError> {
    let mut verifier = Verifier::new(writer);
    let mut after = i64::MIN;
    let mut broken = None;
    'chain: loop {
        let rows = tx.many(
            "SELECT seq, at, staff, os_user, action, subject, detail, hash FROM audit
             WHERE writer = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
            args![writer, after, PAGE],
        )?;
        for row in &rows {
            after = row.int(0)?;
            // A hash of another length cannot be what was written.
            let hash = row.blob(7)?.try_into().unwrap_or([0; 32]);
            if let Err(found) = verifier.take(after, &entry(row)?, &hash) {
                broken = Some(found);
                break 'chain;
            }
        }
        if (rows.len() as i64) < PAGE {
            break;
        }
    }
    let (rows, head) = verifier.head();
    Ok(Chain { writer, rows, head: *head, broken })
}

/// The writers that have a chain, by one index step each.
fn writers(tx: &mut Tx<'_>) -> Result<Vec<i64>, StoreError> {
    let mut found = Vec::new();
    let mut after = i64::MIN;
    while found.len() < MAX_CHAINS {
        let next =
            tx.optional("SELECT writer FROM audit WHERE writer > ?1 ORDER BY writer LIMIT 1", args![after])?;
        let Some(row) = next else { break };
        after = row.int(0)?;
        found.push(after);
    }
    Ok(found)
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        at: Timestamp(row.int(1)?),
        staff: row.text(2)?,
        os_user: row.text(3)?,
        action: row.text(4)?,
        subject: row.text(5)?,
        detail: row.text(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn entry(detail: &str, at: i64) -> Entry {
        Entry {
            at: Timestamp(at),
            staff: "lan".to_owned(),
            os_user: "hotline".to_owned(),
            action: "register".to_owned(),
            subject: "registration:1".to_owned(),
            detail: detail.to_owned(),
        }
    }

    fn filled(rows: i64) -> Store {
        let store = Store::trial().unwrap();
        store
            .write(move |tx| -> Result<(), StoreError> {
                (0..rows).try_for_each(|n| append(tx, entry(&format!("seat={n}"), n)))
            })
            .unwrap();
        store
    }

    fn tamper(store: &Store, sql: &'static str) -> Vec<Chain> {
        store
            .write(move |tx| -> Result<Vec<Chain>, StoreError> {
                if tx.file().is_some() {
                    tx.execute("DROP TRIGGER audit_no_update", &[])?;
                    tx.execute("DROP TRIGGER audit_no_delete", &[])?;
                } else {
                    tx.execute("DROP TRIGGER audit_no_update ON audit", &[])?;
                }
                tx.execute(sql, &[])?;
                verify(tx)
            })
            .unwrap()
    }

    #[test]
    fn a_chain_longer_than_a_page_verifies_to_its_head() {
        let chains = filled(2 * PAGE + 1).read(verify).unwrap();
        assert_eq!((chains.len(), chains[0].rows, chains[0].broken), (1, 2 * PAGE + 1, None));
        assert_ne!(chains[0].head, [0; 32]);
    }

    #[test]
    fn a_changed_row_is_named() {
        let chains = tamper(&filled(5), "UPDATE audit SET detail = 'seat=9' WHERE seq = 3");
        assert_eq!(chains[0].broken, Some(Break::Changed { seq: 3 }));
        assert_eq!(chains[0].rows, 2);
    }

    #[test]
    fn a_removed_row_is_a_gap() {
        let chains = tamper(&filled(5), "DELETE FROM audit WHERE seq = 2");
        assert_eq!(chains[0].broken, Some(Break::Gap { expected: 2, found: 3 }));
    }

    #[test]
    fn a_rolled_back_command_leaves_no_link() {
        let store = filled(2);
        let failed = store.write(|tx| -> Result<(), StoreError> {
            append(tx, entry("lost", 3))?;
            Err(StoreError::Busy)
        });
        assert_eq!(failed, Err(StoreError::Busy));
        store.write(|tx| append(tx, entry("kept", 4))).unwrap();
        let chains = store.read(verify).unwrap();
        // On a server the second writer may be another connection, with a chain of its own.
        assert_eq!(chains.iter().map(|chain| chain.rows).sum::<i64>(), 3);
        assert!(chains.iter().all(|chain| chain.broken.is_none()), "{chains:?}");
    }

    #[test]
    fn the_newest_rows_come_first_and_are_limited() {
        let rows = filled(5).read(|tx| list(tx, 2)).unwrap();
        assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [5, 4]);
    }

    #[test]
    fn the_schema_refuses_changed_and_removed_rows() {
        for sql in ["UPDATE audit SET detail = '' WHERE seq = 1", "DELETE FROM audit WHERE seq = 1"] {
            let refused = filled(1).write(move |tx| -> Result<u64, StoreError> { tx.execute(sql, &[]) });
            assert!(matches!(refused, Err(StoreError::Constraint { .. })), "{sql}");
        }
    }
}
