//! What an import reads: rows of text cells whose columns are known, and why a file cannot be read. `exchange`
//! makes [`Source`]s of files; tests make them of arrays.
//!
//! Invariants: a [`Row`] is bounded ([`MAX_CELL`], [`MAX_CELLS`]); a reader that meets its end early says so with
//! an error instead of pretending that the file was short.
//!
//! Deliberately absent: file formats, and what a cell must hold.

use crate::domain::lang::Lang;
use rust_i18n::t;
use std::ops::ControlFlow;

/// Longest cell, in bytes: what 100 000 Vietnamese characters take at most. A longer one spoils its row only.
pub const MAX_CELL: usize = 300_000;
/// Longest cell, in characters.
pub const MAX_CELL_CHARS: usize = 100_000;
/// Cells kept of a row; more are dropped.
pub const MAX_CELLS: usize = 256;

/// A column that an import knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Public name, as messages say it.
    pub code: &'static str,
    /// Whether a file without it is refused.
    pub needed: bool,
    /// Header texts, folded (no accents, lower case, single spaces).
    pub names: &'static [&'static str],
}

/// Header texts of a phone number.
pub const PHONE_NAMES: &[&str] = &[
    "so thue bao",
    "so dien thoai",
    "thue bao",
    "sdt",
    "so dt",
    "dien thoai",
    "phone",
    "phone number",
    "msisdn",
];

/// One row of a table: its own cells as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Line (CSV) or row number (XLSX) in the file, from 1.
    pub line: u64,
    /// A cell was longer than [`MAX_CELL_CHARS`]; what is kept of it is cut.
    pub overlong: bool,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// Forgets the cells, keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.overlong = false;
        self.line = 0;
    }

    /// Adds a cell.
    pub fn push(&mut self, cell: &str) {
        self.append(cell);
        self.end_cell();
    }

    /// Adds to the cell that is being read.
    pub fn append(&mut self, part: &str) {
        let start = self.ends.last().copied().unwrap_or(0);
        let room = MAX_CELL.saturating_sub(self.text.len() - start);
        if part.len() <= room {
            self.text.push_str(part);
        } else {
            self.text.push_str(&part[..part.floor_char_boundary(room)]);
            self.overlong = true;
        }
    }

    /// Ends the cell that is being read.
    pub fn end_cell(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0);
        if self.ends.len() >= MAX_CELLS {
            self.text.truncate(start);
            return;
        }
        let long = self.text.len() - start;
        if long > MAX_CELL_CHARS && self.text[start..].chars().count() > MAX_CELL_CHARS {
            self.overlong = true;
        }
        self.ends.push(self.text.len());
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is any cell, be it blank.
    pub const fn has_cells(&self) -> bool {
        !self.ends.is_empty()
    }

    /// Whether nothing visible stands in any cell.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// A cell by position from 0; empty behind the last one.
    pub fn cell(&self, at: usize) -> &str {
        let Some(end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        &self.text[start..*end]
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.cell(at))
    }
}

/// The rows behind a header, in the file's order.
pub trait Rows: Send {
    /// Hands each row over until the end or until `each` breaks. Also hands over the share of the file that was
    /// read, in thousandths.
    ///
    /// # Errors
    /// The file ends early, changes its kind, or cannot be read on.
    fn for_each(&mut self, each: &mut dyn FnMut(&Row, u32) -> ControlFlow<()>) -> Result<(), FileError>;
}

/// A readable file with its columns found.
pub struct Source {
    /// The file's own name, without folders.
    pub file_name: String,
    /// The header as written.
    pub header: Vec<String>,
    /// For each [`Field`] asked for, where it stands.
    pub columns: Vec<Option<usize>>,
    /// Header texts that nothing knows; their cells are ignored.
    pub unknown: Vec<String>,
    /// What stands below the header.
    pub rows: Box<dyn Rows>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl Source {
    /// Where the cells of the known fields stand.
    pub fn layout(&self) -> Layout {
        Layout { columns: self.columns.clone(), width: self.header.len() }
    }
}

/// Where the cells of the known fields stand in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<Option<usize>>,
    width: usize,
}

impl Layout {
    /// The cell of the `field`-th field; empty when the file has no such column.
    pub fn get<'r>(&self, row: &'r Row, field: usize) -> &'r str {
        self.columns.get(field).copied().flatten().map_or("", |at| row.cell(at))
    }

    /// Whether the row holds text beyond the header: an unquoted separator has moved its cells.
    pub fn is_shifted(&self, row: &Row) -> bool {
        row.len() > self.width && (self.width..row.len()).any(|at| !row.cell(at).trim().is_empty())
    }
}

/// Why a file cannot be loaded at all. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// It cannot be opened or read.
    Unreadable {
        /// The file's name.
        file: String,
    },
    /// Neither a text table nor an XLSX workbook.
    NotATable,
    /// An old or password-protected workbook.
    OldWorkbook,
    /// It ends in the middle of a row or of the archive.
    Truncated {
        /// The line in which the broken part begins; 0 when there are no lines.
        line: u64,
    },
    /// A workbook that unpacks to more than is sane.
    TooLarge,
    /// There is no such sheet.
    NoSuchSheet {
        /// As asked.
        sheet: String,
        /// What the workbook has.
        sheets: Vec<String>,
    },
    /// There is no header, or nothing at all.
    Empty,
    /// A needed column is missing.
    MissingColumn {
        /// Public names of the missing fields.
        fields: Vec<&'static str>,
    },
    /// Two headers mean the same field.
    ColumnTwice {
        /// Its public name.
        field: &'static str,
    },
    /// The rejects file cannot be written.
    Unwritable {
        /// The file's name.
        file: String,
    },
}

impl FileError {
    /// The public kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file_unreadable",
            Self::NotATable => "file_not_a_table",
            Self::OldWorkbook => "file_old_workbook",
            Self::Truncated { .. } => "file_truncated",
            Self::TooLarge => "file_too_large",
            Self::NoSuchSheet { .. } => "no_such_sheet",
            Self::Empty => "file_empty",
            Self::MissingColumn { .. } => "column_missing",
            Self::ColumnTwice { .. } => "column_twice",
            Self::Unwritable { .. } => "file_unwritable",
        }
    }

    /// What is wrong, for a person.
    pub fn message(&self, lang: Lang) -> String {
        self.sentence("message", lang)
    }

    /// What to do about it.
    pub fn hint(&self, lang: Lang) -> String {
        self.sentence("hint", lang)
    }

    fn sentence(&self, part: &str, lang: Lang) -> String {
        let key = match self {
            // An archive has no lines to point at.
            Self::Truncated { line: 0 } => "file_damaged",
            _ => self.kind(),
        };
        let text = t!(format!("import.file.{key}.{part}"), locale = lang.code()).into_owned();
        match self {
            Self::Unreadable { file } | Self::Unwritable { file } => text.replace("%{file}", file),
            Self::Truncated { line } => text.replace("%{line}", &line.to_string()),
            Self::NoSuchSheet { sheet, sheets } => {
                text.replace("%{sheet}", sheet).replace("%{sheets}", &sheets.join(", "))
            }
            Self::MissingColumn { fields } => {
                let names: Vec<String> = fields
                    .iter()
                    .map(|field| t!(format!("import.column.{field}"), locale = lang.code()).into_owned())
                    .collect();
                text.replace("%{columns}", &names.join("; "))
            }
            Self::ColumnTwice { field } => {
                text.replace("%{columns}", &t!(format!("import.column.{field}"), locale = lang.code()))
            }
            Self::NotATable | Self::OldWorkbook | Self::TooLarge | Self::Empty => text,
        }
    }
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for FileError {}
