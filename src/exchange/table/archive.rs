//! Checks the archive around a workbook before it is read: few entries, a bounded unpacked size, no zip bomb's ratio,
//! and every entry unpacked once against its checksum, because the directory may be forged.
//!
//! The reader of workbooks (calamine) opens the file again with the same parser, and `deny.toml` lets no second one in:
//! with two, a file could be one archive for the guard and another for the reader.

use crate::usecase::import::source::FileError;
use std::fs::File;
use std::io::{Read, Seek};

/// Entries of an archive at most; a plain workbook has about ten.
const MAX_ENTRIES: usize = 64;
/// Bytes of all entries unpacked at most.
const MAX_UNPACKED: u64 = 100 * 1024 * 1024;
/// Unpacked by packed size of one entry at most, …
const MAX_RATIO: u64 = 100;
/// … for entries larger than this: tiny ones reach any ratio honestly.
const RATIO_FROM: u64 = 1024 * 1024;

/// Checks the archive and leaves the file at its start.
pub(super) fn check(file: &mut File) -> Result<(), FileError> {
    let mut archive = zip::ZipArchive::new(&mut *file).map_err(|_| FileError::Truncated { line: 0 })?;
    if archive.len() > MAX_ENTRIES {
        return Err(FileError::TooLarge);
    }
    let mut declared: u64 = 0;
    let mut workbook = false;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| FileError::Truncated { line: 0 })?;
        if entry.encrypted() {
            return Err(FileError::OldWorkbook);
        }
        workbook |= entry.name().is_ok_and(|name| name == "xl/workbook.xml");
        declared = declared.saturating_add(entry.size());
        if declared > MAX_UNPACKED || is_bomb(entry.size(), entry.compressed_size()) {
            return Err(FileError::TooLarge);
        }
    }
    if !workbook {
        return Err(FileError::NotATable);
    }
    let mut left = MAX_UNPACKED;
    let mut sink = vec![0; 64 * 1024];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| FileError::Truncated { line: 0 })?;
        let packed = entry.compressed_size();
        let mut unpacked = 0;
        loop {
            let count = entry.read(&mut sink).map_err(|_| FileError::Truncated { line: 0 })? as u64;
            if count == 0 {
                break;
            }
            unpacked += count;
            left = left.checked_sub(count).ok_or(FileError::TooLarge)?;
            if is_bomb(unpacked, packed) {
                return Err(FileError::TooLarge);
            }
        }
    }
    drop(archive);
    file.rewind().map_err(|_| FileError::Truncated { line: 0 })
}

const fn is_bomb(unpacked: u64, packed: u64) -> bool {
    unpacked > RATIO_FROM && unpacked > packed.saturating_mul(MAX_RATIO)
}
