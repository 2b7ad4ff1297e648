//! Reads a table of text rows from a file: CSV in the encodings and dialects that spreadsheets write, or XLSX. The
//! content decides the kind, never the name.
//!
//! Invariants: constant memory for CSV (XLSX keeps its shared strings, at most what [`archive`] lets through);
//! a damaged file gives a [`FileError`] and never a shorter table.

mod archive;
mod csv;
mod encoding;
mod opened;
#[cfg(test)]
mod tests;
mod xlsx;

use super::columns;
use crate::usecase::import::source::{Field, FileError, Source};
use opened::Table;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Opens a table and finds its columns. `sheet` names a sheet of a workbook; the first one otherwise.
///
/// # Errors
/// The file cannot be read, is no table, or lacks a needed column.
pub fn open(path: &Path, sheet: Option<&str>, fields: &[Field]) -> Result<Source, FileError> {
    let table = table(path, sheet)?;
    let found = columns::find(&table.header, fields)?;
    Ok(Source {
        file_name: file_name(path),
        header: table.header,
        columns: found.columns,
        unknown: found.unknown,
        rows: table.rows,
    })
}

fn table(path: &Path, sheet: Option<&str>) -> Result<Table, FileError> {
    let unreadable = |_| FileError::Unreadable { file: file_name(path) };
    let mut file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(FileError::Unreadable { file: file_name(path) });
    }
    let mut magic = Vec::with_capacity(8);
    file.by_ref().take(8).read_to_end(&mut magic).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if magic.starts_with(b"PK") {
        xlsx::open(file, sheet)
    } else if magic.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Err(FileError::OldWorkbook)
    } else if magic.is_empty() {
        Err(FileError::Empty)
    } else {
        csv::open(file, &file_name(path))
    }
}

/// The name without folders: what may stand in the store and in messages.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "–".to_owned(), |name| name.to_string_lossy().into_owned())
}
