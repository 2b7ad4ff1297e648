//! Loads, creates and rotates the host key: ed25519, in a file that only its owner can read.
//!
//! Invariants:
//! - a key file appears whole or not at all (written to a temporary file, made durable, linked to its name);
//! - an existing key is never overwritten;
//! - a key that others could have read is not used.

use crate::domain::ssh_key::Fingerprint;
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Longest file that can be a key, in bytes.
const LONGEST: u64 = 16 * 1024;

/// Why there is no key to serve with.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file, or its folder, could not be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Others than its owner may read it; the mode, in octal digits.
    #[error("mode {0:o}")]
    Exposed(u32),
    /// It belongs to another user.
    #[error("owned by {0}")]
    Foreign(u32),
    /// It is no unencrypted ed25519 key in OpenSSH's form.
    #[error("not an ed25519 key")]
    Unusable,
}

/// The key in `file`, made first when there is none.
pub fn load_or_create(file: &Path) -> Result<PrivateKey, Problem> {
    match load(file) {
        Err(Problem::Io(error)) if error.kind() == io::ErrorKind::NotFound => match create(file) {
            // Another process was first: then its key is the host's.
            Err(Problem::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => load(file),
            made => made,
        },
        found => found,
    }
}

/// The key in `file`.
pub fn load(file: &Path) -> Result<PrivateKey, Problem> {
    let opened = File::open(file)?;
    let about = opened.metadata()?;
    if !about.is_file() {
        return Err(Problem::Unusable);
    }
    if about.mode() & 0o077 != 0 {
        return Err(Problem::Exposed(about.mode() & 0o7777));
    }
    let own = rustix::process::geteuid().as_raw();
    if about.uid() != own && about.uid() != 0 {
        return Err(Problem::Foreign(about.uid()));
    }
    let mut text = String::new();
    opened.take(LONGEST).read_to_string(&mut text).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Problem::Unusable,
        _ => Problem::Io(error),
    })?;
    let key = PrivateKey::from_openssh(&text).map_err(|_| Problem::Unusable)?;
    if key.is_encrypted() || key.algorithm() != Algorithm::Ed25519 {
        return Err(Problem::Unusable);
    }
    Ok(key)
}

/// A new key in `file`, which must not exist.
pub fn create(file: &Path) -> Result<PrivateKey, Problem> {
    let folder = folder(file);
    fs::create_dir_all(folder)?;
    let beside = Beside::write(folder)?;
    fs::hard_link(&beside.path, file)?;
    File::open(folder)?.sync_all()?;
    Ok(beside.key.clone())
}

/// A new key in place of the one in `file`, which stays beside it as `<file>.old`; both, the old one first.
pub fn rotate(file: &Path) -> Result<(Fingerprint, PrivateKey), Problem> {
    let old = load(file)?;
    let folder = folder(file);
    let beside = Beside::write(folder)?;
    let mut kept = file.as_os_str().to_owned();
    kept.push(".old");
    let kept = PathBuf::from(kept);
    match fs::remove_file(&kept) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    fs::hard_link(file, &kept)?;
    fs::rename(&beside.path, file)?;
    File::open(folder)?.sync_all()?;
    Ok((Fingerprint::of(old.public_key()), beside.key.clone()))
}

fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A durable new key under a temporary name, which is removed on drop.
struct Beside {
    path: PathBuf,
    key: PrivateKey,
}

impl Beside {
    fn write(folder: &Path) -> Result<Self, Problem> {
        let key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519)
            .map_err(|_| Problem::Unusable)?;
        let text = key.to_openssh(LineEnding::LF).map_err(|_| Problem::Unusable)?;
        let path = folder.join(format!(".host-key-{}", ulid::Ulid::generate()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let beside = Self { path, key };
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(beside)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys/host");
        let made = load_or_create(&file).unwrap();
        let about = fs::metadata(&file).unwrap();
        assert_eq!(about.mode() & 0o7777, 0o600);
        assert_eq!(load_or_create(&file).unwrap(), made);
        assert!(matches!(create(&file), Err(Problem::Io(e)) if e.kind() == io::ErrorKind::AlreadyExists));
        assert_eq!(names(&folder.path().join("keys")), ["host"]);
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("host");
        create(&file).unwrap();
        for mode in [0o640, 0o604, 0o660] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(load_or_create(&file), Err(Problem::Exposed(found)) if found == mode));
        }
    }

    #[test]
    fn what_is_no_ed25519_key_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("host");
        for text in [&b"not a key"[..], b"", &vec![0xff; 100_000]] {
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(load_or_create(&file), Err(Problem::Unusable)));
            assert_eq!(fs::read(&file).unwrap(), text);
        }
    }

    #[test]
    fn rotating_gives_a_new_key_and_keeps_the_old_one_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("host");
        let first = create(&file).unwrap();
        let (old, second) = rotate(&file).unwrap();
        assert_eq!(old, Fingerprint::of(first.public_key()));
        assert_ne!(first, second);
        assert_eq!(load(&file).unwrap(), second);
        assert_eq!(load(&folder.path().join("host.old")).unwrap(), first);
        let (old, _) = rotate(&file).unwrap();
        assert_eq!(old, Fingerprint::of(second.public_key()));
        assert_eq!(names(folder.path()), ["host", "host.old"]);
    }
}
