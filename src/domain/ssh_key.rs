//! Parses a staff member's public SSH key: one line as OpenSSH writes it, checked to be a key that may sign in, and
//! its fingerprint.
//!
//! Invariants:
//! - the stored text is the canonical form without the comment, so that one key has one text;
//! - a private key is recognised, refused and stored nowhere.

use super::refusal::Refusal;
use super::text::clean;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PublicKey};
use std::fmt;

/// Longest line that is looked at, in bytes; the longest key that may sign in has under 300.
const MOST_BYTES: usize = 4_096;
/// Longest label, in characters.
const MOST_LABEL: usize = 64;
/// What the text of a fingerprint begins with.
const SHA256: &str = "SHA256:";
/// What every key's digits begin with: the length of its kind's name in four bytes.
const FIRST_DIGITS: &str = "AAAA";
/// How the lines of public keys begin.
const PUBLIC: [&str; 3] = ["ssh-", "ecdsa-", "sk-"];
/// What stands in private keys only, as OpenSSH, OpenSSL and PuTTY write them.
const PRIVATE: [&str; 4] = ["PRIVATE KEY", "b3BlbnNzaC1rZXktdjE", "PuTTY-User-Key-File", "Private-Lines"];
/// Characters of a SHA-256 sum in base 64 without padding.
const DIGITS: usize = 43;

/// The kinds of keys with which people may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Edwards curve 25519.
    Ed25519,
    /// NIST's curve P-256.
    EcdsaP256,
    /// NIST's curve P-384.
    EcdsaP384,
    /// NIST's curve P-521.
    EcdsaP521,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Ed25519, Self::EcdsaP256, Self::EcdsaP384, Self::EcdsaP521];

    /// The protocol's name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ed25519 => "ssh-ed25519",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
        }
    }

    /// Reads the protocol's name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind of a key; none when such keys may not sign in.
    const fn of(algorithm: &Algorithm) -> Option<Self> {
        match algorithm {
            Algorithm::Ed25519 => Some(Self::Ed25519),
            Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 } => Some(Self::EcdsaP256),
            Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 } => Some(Self::EcdsaP384),
            Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 } => Some(Self::EcdsaP521),
            _ => None,
        }
    }
}

/// The SHA-256 fingerprint of a public key, as OpenSSH prints it: `SHA256:` and 43 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a key of the wire.
    pub fn of(key: &PublicKey) -> Self {
        Self(key.fingerprint(HashAlg::Sha256).to_string())
    }

    /// Reads one as typed or pasted, with or without `SHA256:`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let digits = text.strip_prefix(SHA256).unwrap_or(text).trim_end_matches('=');
        let base64 = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
        if digits.len() == DIGITS && digits.bytes().all(base64) {
            Ok(Self(format!("{SHA256}{digits}")))
        } else {
            Err(Refusal::FieldInvalid { field: "fingerprint", reason: "not_a_fingerprint" })
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A public key with which a person may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshKey {
    /// What it is known by.
    pub fingerprint: Fingerprint,
    /// Its kind.
    pub kind: KeyKind,
    /// `ssh-ed25519 AAAA…`: kind and key, no comment.
    pub line: String,
    /// The comment of the line, at most 64 characters; empty when there was none.
    pub label: String,
}

impl SshKey {
    /// Reads the one key of a line or file as `ssh-keygen` writes it. Refused are whatever else the file holds:
    /// a second key, options before it, a certificate, a private key, and keys of other kinds.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let no = |reason| Err(Refusal::FieldInvalid { field: "key", reason });
        let text = text.trim();
        if text.is_empty() {
            return no("empty");
        }
        if Self::is_private(text) {
            return no("private_key");
        }
        if text.len() > MOST_BYTES {
            return no("too_long");
        }
        if text.lines().nth(1).is_some() {
            return no("one_line");
        }
        // A line break that became a blank on its way here.
        if text
            .split_whitespace()
            .filter(|word| word.len() > DIGITS && word.starts_with(FIRST_DIGITS))
            .count()
            > 1
        {
            return no("one_line");
        }
        let Ok(key) = PublicKey::from_openssh(text) else { return no("not_a_key") };
        let Some(kind) = KeyKind::of(&key.algorithm()) else { return no("key_kind") };
        let mut parts = text.splitn(3, char::is_whitespace);
        let (Some(name), Some(digits)) = (parts.next(), parts.next()) else { return no("not_a_key") };
        Ok(Self {
            fingerprint: Fingerprint::of(&key),
            kind,
            line: format!("{name} {digits}"),
            label: clean(parts.next().unwrap_or_default(), MOST_LABEL),
        })
    }

    /// Whether text holds a private key or the beginning of one: it must be kept nowhere.
    pub fn is_private(text: &str) -> bool {
        PRIVATE.iter().any(|mark| text.contains(mark))
    }

    /// Whether text may become the line of a public key as more of it comes.
    pub fn may_begin(text: &str) -> bool {
        PUBLIC.iter().any(|begin| text.starts_with(begin) || begin.starts_with(text))
    }

    /// The line with its label, as it is written to a key file.
    pub fn labelled(&self) -> String {
        format!("{} {}", self.line, self.label).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, kind, and the output of `ssh-keygen -l`.
    const KEYS: [(&str, &str, &str); 4] = [
        (
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIeWx6Uk0LkBJbIb8sHDL3xOEFW6Kp3BQ5KqGSjY4FN",
            "ssh-ed25519",
            "SHA256:zQhK8pnqtf7yboNXECUpoy7EdY+gnkX0I6thkkMhD0o",
        ),
        (
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBACJLvoloZv9+mGW2x5R8yhSNi6vKwA1rjrORa7Ek31NzOkGZe5cmWnzTs4+al7dngYnqB47cxnBs70UZUbgB64=",
            "ecdsa-sha2-nistp256",
            "SHA256:vwpRAEcfCpc2ReeEVdr3LzS60lcQgidWvEPzdwDS2To",
        ),
        (
            "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBFoz7VlsnS82qtlmlBV/edh3Vn4iS4NSBnVGrGn/BwwxXBIUXqVuWgSUgOZJoPKYUWde+mrE/OC9zzA7Tg+faOkfDbIkmMFXb6pbyIcDnJRLBrB8WlegbSbzMlc0myN2pA==",
            "ecdsa-sha2-nistp384",
            "SHA256:ceTSHBD6rAUQqf6oLjoGyZSI6BJGmlN7nlUanfieT30",
        ),
        (
            "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBADiCtLZfifgurt2hgEqcRLcx0mQCDqKWL4K48RQXu3GoQa4fFfjCZXiIrTrzsNI5/KSul63CgjH4bEc8lyeCFQlCQHQe3K583EKjmug4duQkywK7/aT05u8gHituiwXi2kV0IAxW51jYx0BlA9yb3DQ+XiajRLxBeDUy9dAZ/Kfg09U1g==",
            "ecdsa-sha2-nistp521",
            "SHA256:waUBnJ4azgI+Zuf2ZEmdHY0hxxDvy8SjN2JYTZcJofE",
        ),
    ];
    const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDaS5AxlJHqZyrdYZymZhMpXG6yLaz/PpDZdsdg9KqDsKDoNUx8StKlcvH5og3fAKsqYQs6gPdgcPBET3lSwlr4GpAJHD6vyUuxwrLfLASkuZXi38I2LhBlhQ91GblfAAAFQd4BQpAAYCJM8hYiSUPpxwAqFtL6RjeXsTN/VZ/+Iw==";

    fn reason(text: &str) -> &'static str {
        match SshKey::parse(text) {
            Err(Refusal::FieldInvalid { field: "key", reason }) => reason,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_line_of_openssh_becomes_a_key_with_the_fingerprint_that_openssh_prints() {
        for (line, kind, fingerprint) in KEYS {
            let key = SshKey::parse(&format!("  {line} Máy của Lan\r\n")).unwrap();
            assert_eq!((key.kind.code(), key.fingerprint.as_str()), (kind, fingerprint));
            assert_eq!((key.line.as_str(), key.label.as_str()), (line, "Máy của Lan"));
            assert_eq!(SshKey::parse(&key.labelled()).unwrap(), key);
            assert_eq!(SshKey::parse(line).unwrap().fingerprint, key.fingerprint);
        }
    }

    #[test]
    fn a_label_shows_no_control_characters_and_ends_somewhere() {
        let key = SshKey::parse(&format!("{} \u{1b}[31mx{}", KEYS[0].0, "y".repeat(200))).unwrap();
        assert!(key.label.chars().count() <= MOST_LABEL && !key.label.chars().any(char::is_control));
    }

    #[test]
    fn what_is_no_single_public_key_is_refused_with_its_reason() {
        let good = KEYS[0].0;
        assert_eq!(reason(" \n"), "empty");
        assert_eq!(reason("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n"), "private_key");
        assert_eq!(reason(&format!("{good}\n{}", KEYS[1].0)), "one_line");
        assert_eq!(reason(&format!("{good} Lan {}", KEYS[1].0)), "one_line");
        assert_eq!(reason(&format!("restrict,pty {good}")), "not_a_key");
        assert_eq!(reason(&good.replace("ssh-ed25519", "ecdsa-sha2-nistp256")), "not_a_key");
        assert_eq!(reason(&good[..good.len() - 8]), "not_a_key");
        assert_eq!(reason(&"x".repeat(MOST_BYTES + 1)), "too_long");
        assert_eq!(reason(RSA), "key_kind");
    }

    #[test]
    fn private_keys_are_recognised_however_they_were_written() {
        for text in [
            "-----BEGIN OPENSSH PRIVATE KEY----- b3Bl",
            "-----BEGIN RSA PRIVATE KEY-----",
            "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
            "PuTTY-User-Key-File-3: ssh-ed25519",
            "Private-Lines: 1",
        ] {
            assert!(SshKey::is_private(text), "{text}");
            assert_eq!(reason(text), "private_key");
        }
        for (line, ..) in KEYS {
            assert!(!SshKey::is_private(line) && SshKey::may_begin(line) && SshKey::may_begin(&line[..2]));
        }
        assert!(!SshKey::may_begin("NhAAAAAwEAAQ") && SshKey::may_begin(""));
    }

    #[test]
    fn a_fingerprint_is_read_as_people_copy_it() {
        let text = KEYS[0].2;
        for typed in [text.to_owned(), format!(" {text}\n"), text.replace(SHA256, ""), format!("{text}=")] {
            assert_eq!(Fingerprint::parse(&typed).unwrap().as_str(), text);
        }
        for wrong in ["", "SHA256:", "MD5:00:11", &text[..40], &text.replace(SHA256, "SHA512:")] {
            assert!(Fingerprint::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn kinds_read_back() {
        for kind in KeyKind::ALL {
            assert_eq!(KeyKind::parse(kind.code()), Some(kind));
        }
    }
}
