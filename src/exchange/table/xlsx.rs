//! Reads workbooks cell by cell. A number becomes its plain digits: a phone number kept as a number loses only its
//! leading zero.

use super::archive;
use super::opened::Table;
use crate::usecase::import::source::{FileError, MAX_CELLS, Row, Rows};
use calamine::{DataRef, Reader, Xlsx};
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;

/// Rows of a sheet at most: what the format allows.
const MAX_ROWS: u64 = 1_048_576;

/// Opens a workbook after its archive was checked, and reads the header of a sheet.
pub(super) fn open(mut file: File, sheet: Option<&str>) -> Result<Table, FileError> {
    archive::check(&mut file)?;
    let workbook: Xlsx<BufReader<File>> =
        Xlsx::new(BufReader::new(file)).map_err(|_| FileError::NotATable)?;
    let sheets = workbook.sheet_names();
    let name = match sheet {
        None => sheets.first().cloned().ok_or(FileError::Empty)?,
        Some(asked) => sheets
            .iter()
            .find(|name| name.trim() == asked.trim())
            .cloned()
            .ok_or_else(|| FileError::NoSuchSheet { sheet: asked.to_owned(), sheets: sheets.clone() })?,
    };
    let mut rows = XlsxRows { workbook, sheet: name, header: 0 };
    let mut header: Option<Vec<String>> = None;
    let mut line = 0;
    rows.each(&mut |row, _| {
        if row.is_empty() {
            return ControlFlow::Continue(());
        }
        line = row.line;
        header = Some(row.cells().map(str::to_owned).collect());
        ControlFlow::Break(())
    })?;
    rows.header = line;
    let header = header.ok_or(FileError::Empty)?;
    Ok(Table { header, rows: Box::new(rows) })
}

struct XlsxRows {
    workbook: Xlsx<BufReader<File>>,
    sheet: String,
    /// Row number of the header.
    header: u64,
}

impl Rows for XlsxRows {
    fn for_each(&mut self, each: &mut dyn FnMut(&Row, u32) -> ControlFlow<()>) -> Result<(), FileError> {
        let header = self.header;
        self.each(&mut |row, share| {
            if row.line <= header { ControlFlow::Continue(()) } else { each(row, share) }
        })
    }
}

impl XlsxRows {
    fn each(&mut self, each: &mut dyn FnMut(&Row, u32) -> ControlFlow<()>) -> Result<(), FileError> {
        let damaged = |line| move |_| FileError::Truncated { line };
        let mut cells = self.workbook.worksheet_cells_reader(&self.sheet).map_err(damaged(0))?;
        let height = u64::from(cells.dimensions().end.0) + 1;
        let mut row = Row::default();
        row.line = 1;
        let mut text = String::new();
        while let Some(cell) = cells.next_cell().map_err(damaged(row.line))? {
            let (at, column) = cell.get_position();
            let line = u64::from(at) + 1;
            // Rows run downwards; one that does not is a sheet made to confuse.
            if line < row.line || line > MAX_ROWS {
                return Err(FileError::Truncated { line });
            }
            if line > row.line {
                let share = (row.line * 1000 / height.max(row.line)) as u32;
                if row.has_cells() && each(&row, share).is_break() {
                    return Ok(());
                }
                row.clear();
                row.line = line;
            }
            let column = column as usize;
            if column >= MAX_CELLS || column < row.len() {
                continue;
            }
            while row.len() < column {
                row.push("");
            }
            text.clear();
            row.push(as_text(cell.get_value(), &mut text));
        }
        if row.has_cells() {
            let _ = each(&row, 1000);
        }
        Ok(())
    }
}

/// A cell as text, through `text` when it has to be written first.
fn as_text<'a>(value: &'a DataRef<'_>, text: &'a mut String) -> &'a str {
    use std::fmt::Write as _;
    let written = match value {
        DataRef::String(value) => return value,
        DataRef::SharedString(value) => return value,
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => return value,
        DataRef::Empty => return "",
        DataRef::Int(value) => write!(text, "{value}"),
        DataRef::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => write!(text, "{value:.0}"),
        DataRef::Float(value) => write!(text, "{value}"),
        DataRef::Bool(value) => write!(text, "{}", if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(value) if value.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
            write!(text, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTime(value) => write!(text, "{}", value.as_f64()),
        DataRef::Error(error) => write!(text, "{error}"),
    };
    debug_assert!(written.is_ok(), "writing into a string cannot fail");
    text
}
