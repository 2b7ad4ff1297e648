//! Writes rejected rows to a CSV beside the import: the row's own cells, its line number, the public reason and a
//! sentence. UTF-8 with byte order mark, so that spreadsheets read the accents.
//!
//! Invariant: no cell begins with a character that a spreadsheet runs as a formula. The file appears under its
//! name only when the import has ended well; until then it has the ending `.part`.

use crate::domain::lang::Lang;
use crate::usecase::import::Rejects;
use crate::usecase::import::source::{FileError, Row};
use rust_i18n::t;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The file of rejected rows, while it is written.
#[derive(Debug)]
pub struct RejectsFile {
    path: PathBuf,
    part: PathBuf,
    writer: csv::Writer<BufWriter<File>>,
    width: usize,
    lang: Lang,
}

impl RejectsFile {
    /// Begins the file with the import's header.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(path: &Path, header: &[String], lang: Lang) -> Result<Self, FileError> {
        let part = {
            let mut name = path.as_os_str().to_owned();
            name.push(".part");
            PathBuf::from(name)
        };
        let failed = |_| unwritable(path);
        let mut file = BufWriter::with_capacity(256 * 1024, File::create(&part).map_err(failed)?);
        file.write_all("\u{feff}".as_bytes()).map_err(failed)?;
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(file);
        let own = ["line", "code", "sentence"]
            .map(|column| t!(format!("import.rejects.{column}"), locale = lang.code()).into_owned());
        writer
            .write_record(header.iter().chain(&own).map(|text| guarded(text).into_owned()))
            .map_err(|_| unwritable(path))?;
        Ok(Self { path: path.to_path_buf(), part, writer, width: header.len(), lang })
    }
}

impl Rejects for RejectsFile {
    fn reject(
        &mut self,
        row: &Row,
        code: &'static str,
        sentence: &dyn Fn(Lang) -> String,
    ) -> Result<(), FileError> {
        let failed = |_| unwritable(&self.path);
        let width = self.width.max(row.len());
        for at in 0..width {
            self.writer.write_field(&*guarded(row.cell(at))).map_err(failed)?;
        }
        self.writer.write_field(row.line.to_string()).map_err(failed)?;
        self.writer.write_field(code).map_err(failed)?;
        self.writer.write_field(sentence(self.lang)).map_err(failed)?;
        self.writer.write_record(None::<&[u8]>).map_err(failed)
    }

    fn finish(&mut self) -> Result<(), FileError> {
        self.writer.flush().map_err(|_| unwritable(&self.path))?;
        self.writer.get_ref().get_ref().sync_all().map_err(|_| unwritable(&self.path))?;
        fs::rename(&self.part, &self.path).map_err(|_| unwritable(&self.path))
    }
}

impl Drop for RejectsFile {
    /// An import that did not end well leaves no file.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.part);
    }
}

fn unwritable(path: &Path) -> FileError {
    FileError::Unwritable {
        file: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
    }
}

/// A cell that no spreadsheet takes for a formula.
pub(super) fn guarded(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
        || cell.starts_with(['\t', '\r', '\n'])
    {
        std::borrow::Cow::Owned(format!("'{cell}"))
    } else {
        std::borrow::Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, cells: &[&str]) -> Row {
        let mut row = Row::default();
        row.line = line;
        for cell in cells {
            row.push(cell);
        }
        row
    }

    #[test]
    fn formulas_are_guarded_and_numbers_stay_readable() {
        for (cell, written) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+84901234567", "'+84901234567"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            (" =1", "' =1"),
            ("0901234567", "0901234567"),
            ("Nguyễn Văn Hùng", "Nguyễn Văn Hùng"),
        ] {
            assert_eq!(guarded(cell), written);
        }
    }

    #[test]
    fn the_file_repeats_the_cells_with_line_and_reason_and_appears_when_finished() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rejects.csv");
        let header = ["phone".to_owned(), "name".to_owned()];
        let mut file = RejectsFile::create(&path, &header, Lang::En).unwrap();
        file.reject(&row(7, &["9090", "An; \"Ba\""]), "phone_not_mobile", &|_| {
            "No mobile number.".to_owned()
        })
        .unwrap();
        assert!(!path.exists());
        file.finish().unwrap();
        drop(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with('\u{feff}'));
        let last = text.lines().last().unwrap();
        assert_eq!(last, "9090,\"An; \"\"Ba\"\"\",7,phone_not_mobile,No mobile number.");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_import_that_did_not_end_well_leaves_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = RejectsFile::create(&dir.path().join("r.csv"), &[], Lang::Vi).unwrap();
        file.reject(&row(1, &["x"]), "phone_invalid", &|_| String::new()).unwrap();
        drop(file);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
