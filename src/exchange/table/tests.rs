//! Tests files as spreadsheets, people and attackers write them.

use super::*;
use crate::usecase::import::source::{MAX_CELL_CHARS, Row};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const FIELDS: [Field; 2] = [
    Field { code: "phone", needed: true, names: &["phone", "so thue bao"] },
    Field { code: "name", needed: true, names: &["name", "ho ten"] },
];

fn file(bytes: &[u8]) -> (TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file.anything");
    std::fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn rows(source: &mut Source) -> Result<Vec<Row>, FileError> {
    let mut rows = Vec::new();
    source.rows.for_each(&mut |row, _| {
        rows.push(row.clone());
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

fn read(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, FileError> {
    let (_dir, path) = file(bytes);
    let mut source = open(&path, None, &FIELDS)?;
    Ok(rows(&mut source)?
        .into_iter()
        .map(|row| (row.line, row.cells().map(str::to_owned).collect()))
        .collect())
}

fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

const TEXT: &str = "Số thuê bao,Họ tên\r\n0901234567,Nguyễn Văn Hùng\r\n0907654321,Lê Hoà\r\n";

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let mut units: Vec<u16> = Vec::new();
    if mark {
        units.push(0xfeff);
    }
    units.extend(text.encode_utf16());
    units.into_iter().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let wanted = vec![row(2, &["0901234567", "Nguyễn Văn Hùng"]), row(3, &["0907654321", "Lê Hoà"])];
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("utf-8", TEXT.as_bytes().to_vec()),
        ("utf-8 with mark", ["\u{feff}".as_bytes(), TEXT.as_bytes()].concat()),
        ("utf-16 le", utf16(TEXT, false, true)),
        ("utf-16 be", utf16(TEXT, true, true)),
        ("utf-16 le without mark", utf16(TEXT, false, false)),
        ("utf-16 be without mark", utf16(TEXT, true, false)),
    ];
    for (what, bytes) in files {
        assert_eq!(read(&bytes), Ok(wanted.clone()), "{what}");
    }
}

#[test]
fn windows_1258_is_read_with_its_combining_tones() {
    let (header, name): (&[u8], &[u8]) = (b"phone,name\n", b"0901234567,L\xea Ho\xe0 Nguy\xea\xden\n");
    let rows = read(&[header, name].concat()).unwrap();
    assert_eq!(crate::domain::text::clean(&rows[0].1[1], 100), "Lê Hoà Nguyễn");
}

#[test]
fn every_dialect_gives_the_same_rows() {
    let wanted = vec![row(2, &["0901234567", "Lê, \"Hoà\"; x"])];
    for text in [
        "phone,name\n0901234567,\"Lê, \"\"Hoà\"\"; x\"\n",
        "phone;name\r\n0901234567;\"Lê, \"\"Hoà\"\"; x\"\r\n",
        "phone\tname\n0901234567\t\"Lê, \"\"Hoà\"\"; x\"",
        "phone,name\r0901234567,\"Lê, \"\"Hoà\"\"; x\"\r",
        "\"phone\",\"name\"\n\"0901234567\",\"Lê, \"\"Hoà\"\"; x\"\n",
    ] {
        assert_eq!(read(text.as_bytes()), Ok(wanted.clone()), "{text}");
    }
    assert_eq!(read(b"sep=;\nphone;name\n1;a\n"), Ok(vec![row(3, &["1", "a"])]));
    assert_eq!(read(b"\n\nphone,name\n1,a\n"), Ok(vec![row(4, &["1", "a"])]));
}

#[test]
fn quoted_newlines_stay_in_their_cell_and_lines_are_counted() {
    let rows = read(b"phone,name\n1,\"two\nlines\"\n\n2,b\n").unwrap();
    assert_eq!(rows, [row(2, &["1", "two\nlines"]), row(4, &[""]), row(5, &["2", "b"])]);
}

#[test]
fn rows_do_not_depend_on_where_a_block_ends() {
    let mut text = String::from("phone,name\n");
    let mut wanted = Vec::new();
    for at in 0..20_000_u64 {
        let name = format!("Nguyễn \"Văn\" {at}, Hùng");
        let quoted = name.replace('"', "\"\"");
        text.extend(["09", &format!("{at:08}"), ",\"", &quoted, "\"\r\n"]);
        wanted.push(row(at + 2, &[&format!("09{at:08}"), &name]));
    }
    assert!(text.len() > 3 * 128 * 1024);
    assert_eq!(read(text.as_bytes()), Ok(wanted.clone()));
    assert_eq!(read(&utf16(&text, false, true)), Ok(wanted));
}

#[test]
fn an_overlong_cell_spoils_its_row_only() {
    let long = "đ".repeat(MAX_CELL_CHARS + 1);
    let fits = "đ".repeat(MAX_CELL_CHARS);
    let (_dir, path) =
        file(format!("phone,name\n1,{long}\n2,{fits}\n3,\"{}\"\n4,b\n", "y".repeat(5_000_000)).as_bytes());
    let mut source = open(&path, None, &FIELDS).unwrap();
    let rows = rows(&mut source).unwrap();
    assert_eq!(rows.iter().map(|row| row.overlong).collect::<Vec<_>>(), [true, false, true, false]);
    assert!(rows.iter().all(|row| row.cells().map(str::len).sum::<usize>() < 400_000));
    assert_eq!(rows[3].cell(1), "b");
}

#[test]
fn a_quote_that_never_closes_is_a_damaged_file_and_names_its_line() {
    assert_eq!(read(b"phone,name\n1,a\n2,\"b\n3,c\n"), Err(FileError::Truncated { line: 3 }));
}

#[test]
fn what_is_no_table_is_refused() {
    assert_eq!(read(b""), Err(FileError::Empty));
    assert_eq!(read(b"\n \n\r\n"), Err(FileError::Empty));
    assert_eq!(read(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0"), Err(FileError::NotATable));
    assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"), Err(FileError::OldWorkbook));
    assert_eq!(read(b"phone\n1\n"), Err(FileError::MissingColumn { fields: vec!["name"] }));
    let missing = open(Path::new("/nowhere/at/all.csv"), None, &FIELDS).map(drop);
    assert_eq!(missing, Err(FileError::Unreadable { file: "all.csv".to_owned() }));
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(open(folder.path(), None, &FIELDS), Err(FileError::Unreadable { .. })));
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Danh sách").unwrap();
    sheet.write(1, 1, "Họ tên").unwrap();
    sheet.write(1, 0, "Số thuê bao").unwrap();
    sheet.write(1, 2, "Ngày").unwrap();
    sheet.write(2, 0, 901_234_567.0).unwrap();
    sheet.write(2, 1, "Nguyễn Văn Hùng").unwrap();
    let date = ExcelDateTime::from_ymd(2026, 11, 12).unwrap().and_hms(9, 15, 0).unwrap();
    sheet.write_with_format(2, 2, &date, &Format::new().set_num_format("dd/mm/yyyy hh:mm")).unwrap();
    sheet.write(4, 1, "Lê Hoà").unwrap();
    sheet.write(4, 2, 412_000.5).unwrap();
    book.add_worksheet().set_name("Khác").unwrap().write(0, 0, "x").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_gives_numbers_and_dates_as_people_see_them() {
    assert_eq!(
        read(&workbook()),
        Ok(vec![
            row(3, &["901234567", "Nguyễn Văn Hùng", "2026-11-12 09:15:00"]),
            row(5, &["", "Lê Hoà", "412000.5"])
        ])
    );
}

#[test]
fn a_sheet_is_chosen_by_name() {
    let (_dir, path) = file(&workbook());
    assert!(open(&path, Some("Danh sách"), &FIELDS).is_ok());
    assert_eq!(
        open(&path, Some("Khác"), &FIELDS).map(drop),
        Err(FileError::MissingColumn { fields: vec!["phone", "name"] })
    );
    assert_eq!(
        open(&path, Some("Không có"), &FIELDS).map(drop),
        Err(FileError::NoSuchSheet {
            sheet: "Không có".to_owned(),
            sheets: vec!["Danh sách".to_owned(), "Khác".to_owned()]
        })
    );
}

#[test]
fn a_workbook_cut_anywhere_is_refused() {
    let whole = workbook();
    for cut in [4, 30, whole.len() / 4, whole.len() / 2, whole.len() - 30, whole.len() - 1] {
        let outcome = read(&whole[..cut]);
        assert!(
            matches!(outcome, Err(FileError::Truncated { .. } | FileError::NotATable)),
            "{cut}: {outcome:?}"
        );
    }
    let mut damaged = whole.clone();
    let middle = damaged.len() / 3;
    for byte in &mut damaged[middle..middle + 40] {
        *byte ^= 0x5a;
    }
    assert!(read(&damaged).is_err());
}

fn archive(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn bombs_are_refused_by_ratio_by_size_and_by_number() {
    let workbook = ("xl/workbook.xml", b"<workbook/>".to_vec());
    let ratio = archive(&[workbook.clone(), ("xl/worksheets/sheet1.xml", vec![b' '; 20 * 1024 * 1024])]);
    assert!(ratio.len() < 200_000);
    assert_eq!(read(&ratio), Err(FileError::TooLarge));
    let names: Vec<String> = (0..70).map(|at| format!("xl/{at}.xml")).collect();
    let mut many = vec![workbook.clone()];
    many.extend(names.iter().map(|name| (name.as_str(), b"x".to_vec())));
    assert_eq!(read(&archive(&many)), Err(FileError::TooLarge));
    assert_eq!(read(&archive(&[("hello.txt", b"x".to_vec())])), Err(FileError::NotATable));
}

#[test]
fn a_directory_that_lies_about_sizes_is_found_out() {
    let honest = archive(&[
        ("xl/workbook.xml", b"<workbook/>".to_vec()),
        ("xl/worksheets/sheet1.xml", vec![b' '; 20 * 1024 * 1024]),
    ]);
    let size = (20_u32 * 1024 * 1024).to_le_bytes();
    let mut lying = honest.clone();
    let mut lies = 0;
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size {
            lying[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
            lies += 1;
        }
    }
    assert!(lies > 0);
    assert!(matches!(read(&lying), Err(FileError::TooLarge | FileError::Truncated { .. })));
}

/// A workbook with one row, `name`, and with `spare` sheets behind it.
fn one_row(name: &str, spare: usize) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["phone", "name"]).unwrap();
    sheet.write_row(1, 0, ["0901234567", name]).unwrap();
    for _ in 0..spare {
        book.add_worksheet();
    }
    book.save_to_buffer().unwrap()
}

/// `archive` with `words` as its comment.
fn commented(mut archive: Vec<u8>, words: &[u8]) -> Vec<u8> {
    let length = u16::try_from(words.len()).unwrap().to_le_bytes();
    let at = archive.len() - 2;
    archive[at..].copy_from_slice(&length);
    archive.extend(words);
    archive
}

/// `archive` with the name of one entry replaced by another of its length, everywhere.
fn renamed(mut archive: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    for at in 0..archive.len() - from.len() {
        if archive[at..].starts_with(from) {
            archive[at..at + to.len()].copy_from_slice(to);
        }
    }
    archive
}

#[test]
fn a_file_that_is_two_archives_is_read_as_the_one_that_was_examined() {
    let (allowed, refused) = (one_row("Examined", 0), one_row("Unexamined", 70));
    let good = Ok(vec![row(2, &["0901234567", "Examined"])]);
    assert_eq!(read(&allowed), good);
    assert_eq!(read(&refused), Err(FileError::TooLarge));
    // Control: the reader alone reads what the guard refuses, so a program with two parsers could be shown one archive
    // and read the other.
    let mut unguarded: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&refused)).unwrap();
    let cells = calamine::Reader::worksheet_range(&mut unguarded, "Sheet1").unwrap();
    assert_eq!(cells.get_value((1, 1)).unwrap().to_string(), "Unexamined");
    let glued = |first: &[u8], second: &[u8]| [first, second].concat();
    let hostile = [
        ("refused before allowed", glued(&refused, &allowed)),
        ("allowed before refused", glued(&allowed, &refused)),
        ("refused in the comment", commented(allowed.clone(), &refused)),
        ("allowed in the comment", commented(refused.clone(), &allowed)),
        ("cut, in the comment", commented(allowed.clone(), &refused[refused.len() / 2..])),
    ];
    for (what, bytes) in hostile {
        match read(&bytes) {
            Err(_) => {}
            rows => assert_eq!(rows, good, "{what}"),
        }
    }
}

#[test]
fn of_two_entries_with_one_name_the_one_that_is_read_was_examined() {
    let bomb = vec![b' '; 20 * 1024 * 1024];
    let sheet = b"<worksheet/>".to_vec();
    for (first, second) in [(&bomb, &sheet), (&sheet, &bomb)] {
        let twice = archive(&[
            ("xl/workbook.xml", b"<workbook/>".to_vec()),
            ("xl/worksheets/sheet1.xml", first.clone()),
            ("xl/worksheets/sheet2.xml", second.clone()),
        ]);
        let twice = renamed(twice, b"sheet2.xml", b"sheet1.xml");
        let seen = zip::ZipArchive::new(Cursor::new(&twice)).and_then(|mut archive| {
            let size = archive.by_name("xl/worksheets/sheet1.xml")?.size();
            Ok(size)
        });
        let outcome = read(&twice);
        match seen {
            Ok(size) if size > 1000 => assert_eq!(outcome, Err(FileError::TooLarge)),
            _ => assert!(outcome.is_err(), "no sheet of a workbook"),
        }
    }
}
