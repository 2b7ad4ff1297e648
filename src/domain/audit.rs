//! The audit chain: each row's hash covers the row and the hash before it, so that a changed, missing or
//! reordered row shows. One chain per writer process; the head may be kept elsewhere as an anchor against a
//! cut-off tail.
//!
//! Deliberately absent: names, phone numbers and health text. An entry holds actor, action, time, subject and outcome
//! in public codes.

use super::time::Timestamp;
use sha2::{Digest, Sha256};

/// A link of the chain: SHA-256.
pub type Hash = [u8; 32];

/// What stands before the first row.
pub const GENESIS: Hash = [0; 32];

/// One audited act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Login name of the actor; `-` for the program itself.
    pub staff: String,
    /// The operating-system user behind a local process.
    pub os_user: String,
    /// Name of the command.
    pub action: String,
    /// Which row, such as `registration:12`.
    pub subject: String,
    /// Outcome in public codes.
    pub detail: String,
}

/// The hash of row `seq` (from 1) of chain `writer`: SHA-256 over the previous hash and every field, each with
/// its length in front, so that no two different rows have the same bytes.
pub fn next_hash(previous: &Hash, writer: i64, seq: i64, entry: &Entry) -> Hash {
    let mut sha = Sha256::new();
    sha.update(previous);
    for number in [writer, seq, entry.at.ms()] {
        sha.update(number.to_be_bytes());
    }
    for field in [&entry.staff, &entry.os_user, &entry.action, &entry.subject, &entry.detail] {
        sha.update((field.len() as u64).to_be_bytes());
        sha.update(field.as_bytes());
    }
    sha.finalize().into()
}

/// Follows one chain row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    writer: i64,
    seq: i64,
    hash: Hash,
}

/// Where a chain breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// A row is missing or out of order.
    Gap {
        /// The number that was expected.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// A row is not what it was when it was written.
    Changed {
        /// Its number.
        seq: i64,
    },
}

impl Break {
    /// The number of the row at which the chain no longer holds.
    pub const fn seq(self) -> i64 {
        match self {
            Self::Gap { expected, .. } => expected,
            Self::Changed { seq } => seq,
        }
    }
}

impl Verifier {
    /// Starts at the beginning of a chain.
    pub const fn new(writer: i64) -> Self {
        Self { writer, seq: 0, hash: GENESIS }
    }

    /// Takes the next row.
    ///
    /// # Errors
    /// [`Break`] when it does not follow.
    pub fn take(&mut self, seq: i64, entry: &Entry, hash: &Hash) -> Result<(), Break> {
        if seq != self.seq + 1 {
            return Err(Break::Gap { expected: self.seq + 1, found: seq });
        }
        if next_hash(&self.hash, self.writer, seq, entry) != *hash {
            return Err(Break::Changed { seq });
        }
        self.seq = seq;
        self.hash = *hash;
        Ok(())
    }

    /// Number and hash of the last row taken.
    pub const fn head(&self) -> (i64, &Hash) {
        (self.seq, &self.hash)
    }
}

/// Lower-case hexadecimal, as heads are printed.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(detail: &str) -> Entry {
        Entry {
            at: Timestamp(1_764_640_800_000),
            staff: "lan".to_owned(),
            os_user: "hotline".to_owned(),
            action: "register".to_owned(),
            subject: "registration:1".to_owned(),
            detail: detail.to_owned(),
        }
    }

    fn chain(rows: &[Entry]) -> Vec<(i64, Entry, Hash)> {
        let mut hash = GENESIS;
        rows.iter()
            .zip(1..)
            .map(|(row, seq)| {
                hash = next_hash(&hash, 1, seq, row);
                (seq, row.clone(), hash)
            })
            .collect()
    }

    fn verify(rows: &[(i64, Entry, Hash)]) -> Result<(), Break> {
        let mut verifier = Verifier::new(1);
        rows.iter().try_for_each(|(seq, row, hash)| verifier.take(*seq, row, hash))
    }

    #[test]
    fn an_untouched_chain_verifies() {
        assert_eq!(verify(&chain(&[entry("seat=1"), entry("seat=2"), entry("seat=3")])), Ok(()));
    }

    #[test]
    fn a_changed_row_shows_at_its_number() {
        let mut rows = chain(&[entry("seat=1"), entry("seat=2"), entry("seat=3")]);
        rows[1].1.detail = "seat=9".to_owned();
        assert_eq!(verify(&rows), Err(Break::Changed { seq: 2 }));
    }

    #[test]
    fn a_missing_row_shows_as_a_gap() {
        let mut rows = chain(&[entry("seat=1"), entry("seat=2"), entry("seat=3")]);
        rows.remove(1);
        assert_eq!(verify(&rows), Err(Break::Gap { expected: 2, found: 3 }));
    }

    #[test]
    fn moving_text_between_fields_changes_the_hash() {
        let mut moved = entry("x");
        moved.subject.push('x');
        moved.detail.clear();
        assert_ne!(next_hash(&GENESIS, 1, 1, &entry("x")), next_hash(&GENESIS, 1, 1, &moved));
    }
}
