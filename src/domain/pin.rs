//! The PIN with which a user unlocks their own screens. It protects an unattended session; signing in needs a key.
//!
//! Invariant: digits are shown and stored nowhere; an Argon2id hash with its own salt is stored.

use super::refusal::Refusal;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::fmt;

/// Fewest and most digits.
pub const DIGITS: (usize, usize) = (4, 12);

/// 4 to 12 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

/// Shows nothing.
impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
    }
}

impl Pin {
    /// Reads digits. One digit over and over is refused: it is seen from across the room.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let no = |reason| Err(Refusal::FieldInvalid { field: "pin", reason });
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return no("bad_characters");
        }
        if !(DIGITS.0..=DIGITS.1).contains(&text.len()) {
            return no("out_of_range");
        }
        let mut bytes = text.bytes();
        let first = bytes.next();
        if bytes.all(|byte| Some(byte) == first) {
            return no("too_easy");
        }
        Ok(Self(text.to_owned()))
    }

    /// The hash to keep. Takes tens of milliseconds and 19 MiB by intent; none when the system has no random bytes.
    pub fn seal(&self) -> Option<String> {
        Argon2::default().hash_password(self.0.as_bytes()).ok().map(|hash| hash.to_string())
    }

    /// Whether these are the digits behind `hash`; takes as long for wrong digits as for right ones.
    pub fn opens(&self, hash: &str) -> bool {
        PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(self.0.as_bytes(), &hash).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_open_their_own_hash_and_no_other() {
        let pin = Pin::parse("240891").unwrap();
        let hash = pin.seal().unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("240891"));
        assert_ne!(pin.seal().unwrap(), hash, "two hashes share a salt");
        assert!(pin.opens(&hash));
        assert!(!Pin::parse("240892").unwrap().opens(&hash));
        assert!(!pin.opens("") && !pin.opens("240891"));
        assert_eq!(format!("{pin:?}"), "Pin");
    }

    #[test]
    fn only_four_to_twelve_mixed_digits_are_a_pin() {
        for wrong in ["", "123", "1234567890123", "12a4", "１２３４", "0000", " 1234"] {
            assert!(Pin::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Pin::parse("1231").is_ok());
    }
}
