//! Reads delimited text: comma, semicolon or tab, found in the header line; quotes doubled inside quotes; line ends
//! CRLF, LF or CR. The reader is our own, because a cell must not grow past its bound while a missing quote is looked
//! for.

use super::encoding::Text;
use super::opened::Table;
use crate::usecase::import::source::{FileError, Row, Rows};
use std::fs::File;
use std::ops::ControlFlow;

/// Opens a text file and reads its header.
pub(super) fn open(file: File, name: &str) -> Result<Table, FileError> {
    let mut text = Text::open(file, name)?;
    let mut start = String::new();
    while start.len() < 16 * 1024 {
        let mut block = String::new();
        if !text.block(&mut block)? {
            break;
        }
        start.push_str(&block);
    }
    text.rewind()?;
    let (delimiter, declared) = delimiter(&start);
    let mut rows = CsvRows { text, delimiter, skip: usize::from(declared) };
    let mut header: Option<Vec<String>> = None;
    let mut above = 0;
    rows.each(&mut |row, _| {
        above += 1;
        if above <= usize::from(declared) || row.is_empty() {
            return ControlFlow::Continue(());
        }
        header = Some(row.cells().map(str::to_owned).collect());
        ControlFlow::Break(())
    })?;
    rows.skip = above;
    let header = header.ok_or(FileError::Empty)?;
    Ok(Table { header, rows: Box::new(rows) })
}

/// The separator of the first line that is not empty, and whether a `sep=` line named it.
fn delimiter(start: &str) -> (u8, bool) {
    let text = start.trim_start_matches(['\r', '\n']);
    if let Some(named) =
        text.strip_prefix("sep=").and_then(|rest| rest.bytes().next()).filter(|b| b",;\t|".contains(b))
    {
        return (named, true);
    }
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == *delimiter);
                }
            }
            _ => {}
        }
    }
    // On a tie the comma stands first.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count);
    (best.map_or(b',', |(delimiter, _)| *delimiter), false)
}

struct CsvRows {
    text: Text,
    delimiter: u8,
    /// Rows above the first one of the table.
    skip: usize,
}

impl Rows for CsvRows {
    fn for_each(&mut self, each: &mut dyn FnMut(&Row, u32) -> ControlFlow<()>) -> Result<(), FileError> {
        let mut above = self.skip;
        self.each(&mut |row, share| {
            if above > 0 {
                above -= 1;
                return ControlFlow::Continue(());
            }
            each(row, share)
        })
    }
}

impl CsvRows {
    /// All rows from the start of the file.
    fn each(&mut self, each: &mut dyn FnMut(&Row, u32) -> ControlFlow<()>) -> Result<(), FileError> {
        self.text.rewind()?;
        let mut reader = Reader::new(self.delimiter);
        let mut block = String::new();
        while self.text.block(&mut block)? {
            let share = self.text.share();
            if reader.feed(&block, &mut |row| each(row, share)).is_break() {
                return Ok(());
            }
        }
        reader.finish(&mut |row| each(row, 1000))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// Inside quotes.
    Quoted,
    /// Behind a quote inside quotes: its end, or the first of two.
    Quote,
}

/// Splits text that comes in blocks into rows.
struct Reader {
    delimiter: u8,
    state: State,
    row: Row,
    line: u64,
    row_line: u64,
    after_return: bool,
    begun: bool,
}

impl Reader {
    fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            state: State::Start,
            row: Row::default(),
            line: 1,
            row_line: 1,
            after_return: false,
            begun: false,
        }
    }

    fn feed(&mut self, block: &str, each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> ControlFlow<()> {
        let bytes = block.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if std::mem::take(&mut self.after_return) && byte == b'\n' {
                at += 1;
                continue;
            }
            match self.state {
                State::Quoted => {
                    let end = find(bytes, at, |b| b == b'"');
                    self.line += block[at..end].matches('\n').count() as u64;
                    self.row.append(&block[at..end]);
                    at = end;
                    if at < bytes.len() {
                        self.state = State::Quote;
                        at += 1;
                    }
                }
                State::Quote if byte == b'"' => {
                    self.row.append("\"");
                    self.state = State::Quoted;
                    at += 1;
                }
                State::Start if byte == b'"' => {
                    self.begun = true;
                    self.state = State::Quoted;
                    at += 1;
                }
                State::Start | State::Plain | State::Quote => {
                    let delimiter = self.delimiter;
                    let end = find(bytes, at, |b| b == delimiter || b == b'\n' || b == b'\r');
                    if end > at {
                        self.row.append(&block[at..end]);
                        self.begun = true;
                        self.state = State::Plain;
                    }
                    at = end;
                    match bytes.get(at) {
                        Some(b'\n' | b'\r') => {
                            self.after_return = bytes[at] == b'\r';
                            at += 1;
                            self.line += 1;
                            self.end_row(each)?;
                        }
                        Some(_) => {
                            at += 1;
                            self.row.end_cell();
                            self.begun = true;
                            self.state = State::Start;
                        }
                        None => {}
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn end_row(&mut self, each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> ControlFlow<()> {
        self.row.end_cell();
        self.row.line = self.row_line;
        let flow = each(&self.row);
        self.row.clear();
        self.state = State::Start;
        self.row_line = self.line;
        self.begun = false;
        flow
    }

    fn finish(&mut self, each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> Result<(), FileError> {
        if self.state == State::Quoted {
            return Err(FileError::Truncated { line: self.row_line });
        }
        if self.begun {
            let _ = self.end_row(each);
        }
        Ok(())
    }
}

fn find(bytes: &[u8], from: usize, is_end: impl Fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|byte| is_end(*byte)).map_or(bytes.len(), |found| from + found)
}
