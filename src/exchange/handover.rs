//! Writes a hand-over batch as a file: one row a registration, text cells only, whole phone numbers because Vinmec
//! calls them.

use crate::domain::lang::Lang;
use crate::usecase::model::batch::ExportRow;
use rust_i18n::t;
use std::path::Path;

/// The kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// UTF-8 with a byte-order mark, so that spreadsheets read the accents.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// By the file's ending.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

const COLUMNS: [&str; 7] =
    ["registration", "seat", "name", "phone", "patient", "birth_year", "representative"];

fn cells(row: &ExportRow) -> [String; 7] {
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    [
        row.registration.to_string(),
        number(row.seat),
        row.name.clone(),
        row.phone.display().replace(' ', ""),
        row.patient.clone().unwrap_or_default(),
        number(row.birth_year),
        row.representative.clone().unwrap_or_default(),
    ]
}

/// The bytes of the file.
pub fn write(format: Format, rows: &[ExportRow], lang: Lang) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let titles = COLUMNS.map(|column| t!(format!("export.{column}"), locale = lang.code()).into_owned());
    table(format, &titles, rows.iter().map(cells))
}

/// The bytes of a table of text cells under its titles.
pub(super) fn table<const N: usize>(
    format: Format,
    titles: &[String; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    match format {
        Format::Csv => {
            let mut bytes = b"\xEF\xBB\xBF".to_vec();
            {
                let mut writer = csv::Writer::from_writer(&mut bytes);
                writer.write_record(titles)?;
                for row in rows {
                    writer.write_record(row.map(|cell| inert(&cell)))?;
                }
                writer.flush()?;
            }
            Ok(bytes)
        }
        Format::Xlsx => {
            let mut book = rust_xlsxwriter::Workbook::new();
            let sheet = book.add_worksheet();
            for (column, title) in (0u16..).zip(titles) {
                sheet.write_string(0, column, title)?;
            }
            for (line, row) in (1u32..).zip(rows) {
                for (column, cell) in (0u16..).zip(row) {
                    sheet.write_string(line, column, &cell)?;
                }
            }
            Ok(book.save_to_buffer()?)
        }
    }
}

/// A cell that no spreadsheet takes for a formula.
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RegistrationId;
    use crate::domain::phone::PhoneNumber;

    fn row(name: &str) -> ExportRow {
        ExportRow {
            registration: RegistrationId(7),
            seat: Some(1),
            name: name.to_owned(),
            phone: PhoneNumber::from_digits(84_901_234_567).unwrap(),
            patient: None,
            birth_year: None,
            representative: None,
        }
    }

    #[test]
    fn a_name_is_never_a_formula() {
        let bytes = write(Format::Csv, &[row("=HYPERLINK(1)")], Lang::Vi).unwrap();
        assert!(String::from_utf8(bytes).unwrap().contains("'=HYPERLINK(1)"));
    }

    #[test]
    fn a_workbook_keeps_the_leading_zero_of_a_phone() {
        let bytes = write(Format::Xlsx, &[row("Lê Hoà")], Lang::Vi).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(bytes)).unwrap();
        let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
        assert_eq!(sheet.get_value((1, 3)).map(ToString::to_string).as_deref(), Some("0901234567"));
    }
}
