//! Writes the people behind a figure as a table: one row a person, text cells only.

use super::handover::{Format, table};
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::usecase::model::people::PersonLine;
use rust_i18n::t;
use std::io::{self, Write};
use std::path::Path;

const COLUMNS: [&str; 6] = ["name", "phone", "at", "detail", "registration", "seat"];

/// The bytes of the file.
///
/// # Errors
/// Those of the writers of CSV and XLSX.
pub fn write(
    format: Format,
    behind: &Figure,
    rows: &[PersonLine],
    lang: Lang,
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let titles = COLUMNS.map(|column| t!(format!("export.{column}"), locale = lang.code()).into_owned());
    table(format, &titles, rows.iter().map(|row| cells(behind, row, lang)))
}

fn cells(behind: &Figure, row: &PersonLine, lang: Lang) -> [String; 6] {
    [
        row.name.clone(),
        row.phone.clone(),
        row.at.map(Timestamp::dmy_hm).unwrap_or_default(),
        row.detail.as_deref().map(|detail| behind.detail(detail, lang)).unwrap_or_default(),
        row.registration.map(|id| id.to_string()).unwrap_or_default(),
        row.seat.map(|seat| seat.to_string()).unwrap_or_default(),
    ]
}

/// Writes a file whole, under a name that is free: beside it first, then under its name in one step that never
/// replaces anything.
///
/// # Errors
/// `AlreadyExists` when the name is taken; those of the file system. Nothing is left behind.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let beside = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let written =
        file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::hard_link(&beside, path));
    let removed = std::fs::remove_file(&beside);
    written.and(removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::CustomerId;
    use crate::domain::time::Timestamp;

    fn row(name: &str) -> PersonLine {
        PersonLine {
            customer: Some(CustomerId(1)),
            name: name.to_owned(),
            phone: "0904 *** 401".to_owned(),
            at: Timestamp::parse("2026-12-02T09:00:00+07:00"),
            detail: Some("declined".to_owned()),
            registration: None,
            seat: None,
            case: None,
        }
    }

    #[test]
    fn codes_are_words_and_a_name_is_never_a_formula() {
        let bytes = write(Format::Csv, &Figure::Called, &[row("=HYPERLINK(1)")], Lang::Vi).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("'=HYPERLINK(1),0904 *** 401,02/12/2026 09:00,Từ chối"), "{text}");
    }

    #[test]
    fn a_file_is_written_whole_or_not_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write_new(&path, b"first").unwrap();
        assert_eq!(write_new(&path, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        assert!(write_new(&folder.path().join("no/b.csv"), b"x").is_err());
    }
}
