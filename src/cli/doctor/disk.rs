//! Checks the disk under a store file: how long a small durable write takes, what file system it is, how much room is
//! left.

use super::finding::{Case, Finding};
use rustix::fs::{statfs, statvfs};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Writes that are measured.
const WRITES: usize = 50;
/// Bytes of one: a page of the store.
const PAGE: usize = 4096;
/// Users notice a commit that takes longer than this.
const SLOW: Duration = Duration::from_millis(50);
/// Below this the next import may not fit.
const LOW: u64 = 1 << 30;
/// Below this calls may not be saved much longer.
const GONE: u64 = 100 << 20;

/// File systems of other machines or behind other programs, where locks and fsync are not always reliable.
/// The numbers are those of `statfs(2)`.
const REMOTE: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x0102_1997, "9p"),
    (0x6573_5546, "FUSE"),
    (0x5346_414f, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00c3_6400, "Ceph"),
    (0x0bd0_0bd0, "Lustre"),
    (0x786f_4256, "vboxsf"),
];
/// File systems that lose everything with the power.
const MEMORY: &[(u32, &str)] = &[(0x0102_1994, "tmpfs"), (0x8584_58f6, "ramfs")];

/// All about the folder of a store file.
pub fn findings(folder: &Path) -> Vec<Finding> {
    let shown = folder.display().to_string();
    let mut found = Vec::new();
    found.push(match fsync_times(folder) {
        Ok(times) => rate_fsync(&times),
        Err(error) => {
            let why = error.kind().to_string();
            Finding::new(Case::FsyncFailed, &[("folder", &shown), ("why", &why)])
        }
    });
    if let Ok(about) = statfs(folder) {
        // The type is a number of 32 bits in a word whose width and sign differ between machines.
        found.push(rate_kind(about.f_type as u32, &shown));
    }
    if let Ok(about) = statvfs(folder) {
        found.push(rate_space(about.f_bavail.saturating_mul(about.f_frsize), &shown));
    }
    found
}

/// How long each of a few dozen small writes took to be durable.
fn fsync_times(folder: &Path) -> io::Result<Vec<Duration>> {
    let path = folder.join(format!(".doctor-{}", ulid::Ulid::generate()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    let _gone = Gone(path);
    let page = [0x5a; PAGE];
    (0..WRITES)
        .map(|_| {
            let begun = Instant::now();
            file.write_all(&page)?;
            file.sync_data()?;
            Ok(begun.elapsed())
        })
        .collect()
}

/// A file that is removed, whatever happens.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        // In a folder that lost its write permission meanwhile the file stays; its name tells whose it is.
        let _ = fs::remove_file(&self.0);
    }
}

fn rate_fsync(times: &[Duration]) -> Finding {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    let (median, p99) = (at(50), at(99));
    let case = if p99 > SLOW { Case::FsyncSlow } else { Case::FsyncFast };
    let shown = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1000.0);
    Finding::new(case, &[("median", &shown(median)), ("p99", &shown(p99))])
}

fn rate_kind(kind: u32, folder: &str) -> Finding {
    let named =
        |list: &[(u32, &'static str)]| list.iter().find(|(known, _)| *known == kind).map(|found| found.1);
    if let Some(name) = named(REMOTE) {
        return Finding::new(Case::FilesRemote, &[("kind", name), ("folder", folder)]);
    }
    if let Some(name) = named(MEMORY) {
        return Finding::new(Case::FilesInMemory, &[("kind", name), ("folder", folder)]);
    }
    Finding::new(Case::FilesLocal, &[("kind", &format!("{kind:#x}")), ("folder", folder)])
}

fn rate_space(free: u64, folder: &str) -> Finding {
    let case = match free {
        0..GONE => Case::SpaceGone,
        GONE..LOW => Case::SpaceLow,
        LOW.. => Case::SpaceEnough,
    };
    let shown = if free < 10 << 30 { format!("{} MiB", free >> 20) } else { format!("{} GiB", free >> 30) };
    Finding::new(case, &[("free", &shown), ("folder", folder)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_written_to_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let times = fsync_times(folder.path()).unwrap();
        assert_eq!(times.len(), WRITES);
        assert!(times.iter().all(|time| !time.is_zero()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(findings(folder.path()).len(), 3);
    }

    #[test]
    fn a_folder_that_is_not_there_cannot_be_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let found = findings(&folder.path().join("nowhere"));
        assert_eq!(found.iter().map(|one| one.case).collect::<Vec<_>>(), [Case::FsyncFailed]);
    }

    #[test]
    fn one_slow_write_in_fifty_is_reported() {
        let quick = vec![Duration::from_millis(2); 49];
        assert_eq!(rate_fsync(&quick).case, Case::FsyncFast);
        let mut stalled = quick;
        stalled.push(Duration::from_millis(80));
        assert_eq!(
            rate_fsync(&stalled),
            Finding::new(Case::FsyncSlow, &[("median", "2.00"), ("p99", "80.00")])
        );
    }

    #[test]
    fn network_file_systems_are_known_by_their_numbers() {
        for (kind, case) in [
            (0x6969, Case::FilesRemote),
            (0xff53_4d42, Case::FilesRemote),
            (0x0102_1997, Case::FilesRemote),
            (0x6573_5546, Case::FilesRemote),
            (0x0102_1994, Case::FilesInMemory),
            (0xef53, Case::FilesLocal),
        ] {
            assert_eq!(rate_kind(kind, "/srv").case, case, "{kind:#x}");
        }
    }

    #[test]
    fn room_is_rated_in_three_steps() {
        for (free, case, shown) in [
            (0, Case::SpaceGone, "0 MiB"),
            (GONE, Case::SpaceLow, "100 MiB"),
            (LOW, Case::SpaceEnough, "1024 MiB"),
            (u64::MAX, Case::SpaceEnough, "17179869183 GiB"),
        ] {
            assert_eq!(rate_space(free, "/srv"), Finding::new(case, &[("free", shown), ("folder", "/srv")]));
        }
    }
}
