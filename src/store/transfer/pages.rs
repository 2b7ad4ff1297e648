//! Reads a whole table, page by page in the order of its key, and computes its fingerprint. Both engines order text
//! byte by byte, so equal tables have equal fingerprints.

use super::super::tables::Table;
use super::super::{Row, StoreError, Tx, Value};
use sha2::{Digest, Sha256};

/// Rows in memory at a time.
const PAGE: usize = 2_000;

/// Hands every row of a table to `each`, in the order of its key.
pub(super) fn pages(
    tx: &mut Tx<'_>,
    table: &Table,
    mut each: impl FnMut(&[Row]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (columns, key) = (table.columns.join(", "), table.key.join(", "));
    let places: Vec<String> = (1..=table.key.len()).map(|n| format!("?{n}")).collect();
    let first = format!("SELECT {columns} FROM {} ORDER BY {key} LIMIT {PAGE}", table.name);
    let next = format!(
        "SELECT {columns} FROM {} WHERE ({key}) > ({}) ORDER BY {key} LIMIT {PAGE}",
        table.name,
        places.join(", ")
    );
    let mut rows = tx.many(&first, &[])?;
    while let Some(last) = rows.last() {
        let after: Vec<Value> = table.key_at().filter_map(|at| last.0.get(at).cloned()).collect();
        each(&rows)?;
        if rows.len() < PAGE {
            break;
        }
        rows = tx.many(&next, &after)?;
    }
    Ok(())
}

/// How many rows a table has.
pub(super) fn count(tx: &mut Tx<'_>, table: &Table) -> Result<u64, StoreError> {
    let rows = tx.one(&format!("SELECT COUNT(*) FROM {}", table.name), &[])?.int(0)?;
    Ok(u64::try_from(rows).unwrap_or_default())
}

/// What a table's rows are, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub rows: u64,
    pub sha256: [u8; 32],
}

/// A fingerprint in the making.
#[derive(Default)]
pub(super) struct Reader {
    rows: u64,
    hash: Sha256,
}

impl Reader {
    /// Adds the next rows. Values are distinguished by kind, and texts by length.
    pub fn take(&mut self, rows: &[Row]) {
        for row in rows {
            self.rows += 1;
            for value in &row.0 {
                match value {
                    Value::Null => self.hash.update([0]),
                    Value::Int(value) => {
                        self.hash.update([1]);
                        self.hash.update(value.to_be_bytes());
                    }
                    Value::Text(text) => self.long(2, text.as_bytes()),
                    Value::Blob(bytes) => self.long(3, bytes),
                }
            }
        }
    }

    fn long(&mut self, kind: u8, bytes: &[u8]) {
        self.hash.update([kind]);
        self.hash.update((bytes.len() as u64).to_be_bytes());
        self.hash.update(bytes);
    }

    /// What was read.
    pub fn end(self) -> Fingerprint {
        Fingerprint { rows: self.rows, sha256: self.hash.finalize().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[Value]]) -> Fingerprint {
        let mut reader = Reader::default();
        reader.take(&rows.iter().map(|row| Row(row.to_vec())).collect::<Vec<_>>());
        reader.end()
    }

    #[test]
    fn rows_that_differ_in_anything_have_different_fingerprints() {
        let text = |text: &str| Value::Text(text.to_owned());
        let all = [
            of(&[]),
            of(&[&[Value::Null]]),
            of(&[&[Value::Int(0)]]),
            of(&[&[text("")]]),
            of(&[&[Value::Blob(Vec::new())]]),
            of(&[&[text("ab"), text("c")]]),
            of(&[&[text("a"), text("bc")]]),
            of(&[&[text("a")], &[text("bc")]]),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(one), "{at}");
        }
        assert_eq!(of(&[&[text("a")], &[text("b")]]).rows, 2);
    }
}
