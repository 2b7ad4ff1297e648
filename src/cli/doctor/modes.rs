//! Checks which other users can read or replace the files: the store and its side files, its folder, the host key, the
//! log, the password file.

use super::finding::{Case, Finding};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Users who are neither owner nor in the group.
const OTHERS: u32 = 0o007;
/// Everybody but the owner.
const ALL_BUT_OWNER: u32 = 0o077;
/// The users who may replace files in a folder, besides its owner …
const REPLACERS: u32 = 0o022;
/// … unless each may only replace their own.
const STICKY: u32 = 0o1000;

/// The files of one store. Those that are not there are left out.
#[derive(Debug, Default)]
pub struct Files {
    /// The store file.
    pub store: Option<PathBuf>,
    /// For its owner alone: the host key and other secrets.
    pub secrets: Vec<PathBuf>,
    /// The log.
    pub log: Option<PathBuf>,
}

/// A finding per file that is there.
pub fn findings(files: &Files) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(store) = &files.store {
        // Beside it are the write-ahead log and the lock files.
        let beside = ["", "-wal", "-shm"].map(|ending| {
            let mut name = store.clone().into_os_string();
            name.push(ending);
            PathBuf::from(name)
        });
        found.extend(beside.iter().filter_map(|file| rate(file, OTHERS)));
        found.extend(rate_folder(folder_of(store)));
    }
    found.extend(files.secrets.iter().filter_map(|file| rate(file, ALL_BUT_OWNER)));
    found.extend(files.log.as_deref().and_then(|file| rate(file, OTHERS)));
    found
}

/// The folder that a file is in.
pub fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn rate(file: &Path, closed_to: u32) -> Option<Finding> {
    let mode = fs::metadata(file).ok()?.mode() & 0o7777;
    let shown = file.display().to_string();
    let case = if mode & closed_to == 0 { Case::ModeTight } else { Case::ModeOpen };
    let tight = format!("{:04o}", mode & !closed_to);
    Some(Finding::new(case, &[("file", &shown), ("mode", &format!("{mode:04o}")), ("tight", &tight)]))
}

/// Reports only a folder that others may write into: names are no secret, files are.
fn rate_folder(folder: &Path) -> Option<Finding> {
    let mode = fs::metadata(folder).ok()?.mode() & 0o7777;
    if mode & REPLACERS == 0 || mode & STICKY != 0 {
        return None;
    }
    let shown = folder.display().to_string();
    // A group may share a store on purpose; everybody may not.
    if mode & REPLACERS & OTHERS == 0 {
        return None;
    }
    let tight = format!("{:04o}", mode & !OTHERS);
    Some(Finding::new(
        Case::FolderOpen,
        &[("file", &shown), ("mode", &format!("{mode:04o}")), ("tight", &tight)],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn cases(files: &Files) -> Vec<Case> {
        findings(files).iter().map(|finding| finding.case).collect()
    }

    #[test]
    fn a_store_may_be_shared_with_a_group_and_with_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.db");
        for name in ["store.db", "store.db-wal"] {
            fs::write(folder.path().join(name), b"x").unwrap();
            mode(&folder.path().join(name), 0o660);
        }
        mode(folder.path(), 0o770);
        let files = Files { store: Some(store.clone()), ..Files::default() };
        assert_eq!(cases(&files), [Case::ModeTight, Case::ModeTight]);
        mode(&folder.path().join("store.db-wal"), 0o664);
        assert_eq!(cases(&files), [Case::ModeTight, Case::ModeOpen]);
        mode(folder.path(), 0o777);
        assert_eq!(cases(&files), [Case::ModeTight, Case::ModeOpen, Case::FolderOpen]);
        mode(folder.path(), 0o1777);
        assert_eq!(cases(&files), [Case::ModeTight, Case::ModeOpen]);
    }

    #[test]
    fn a_secret_is_for_its_owner_alone_and_the_mode_to_give_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        fs::write(&key, b"x").unwrap();
        mode(&key, 0o640);
        let files = Files { secrets: vec![key.clone(), folder.path().join("none")], ..Files::default() };
        let shown = key.display().to_string();
        let facts = [("file", shown.as_str()), ("mode", "0640"), ("tight", "0600")];
        assert_eq!(findings(&files), [Finding::new(Case::ModeOpen, &facts)]);
        mode(&key, 0o600);
        assert_eq!(cases(&files), [Case::ModeTight]);
    }
}
