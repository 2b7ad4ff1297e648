//! Writes the sample list: 2 000 invented customers with the dirt that real lists have, as CSV and XLSX. The seed
//! is fixed, so the files of the repository can be made again:
//! `cargo run --example sample_list -- assets/sample`. A second number makes a clean list of that length instead,
//! CSV only, for measurements: `… -- FOLDER 1000000`.

use rust_xlsxwriter::Workbook;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tongdai::domain::lang::Lang;
use tongdai::exchange::sample::{Dice, Person, people};

const SEED: u64 = 9090;
const ROWS: usize = 2_000;
const HEADER: [&str; 7] =
    ["Số thuê bao", "Họ tên", "Xưng hô", "Loại thuê bao", "Cước", "Tỉnh", "Ngày gửi tin"];

type Cells = [String; 7];

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1);
    let folder = PathBuf::from(args.next().ok_or("give a folder to write into")?);
    match args.next() {
        None => {
            let rows = dirty();
            write_csv(&folder.join("customers.csv"), &rows)?;
            write_xlsx(&folder.join("customers.xlsx"), &rows)
        }
        Some(count) => {
            let count = count.to_string_lossy().parse()?;
            write_long(&folder.join("long.csv"), count)
        }
    }
}

/// The sample: mostly good rows, about one in nine with something wrong or odd in it.
fn dirty() -> Vec<Cells> {
    let mut dice = Dice::new(SEED);
    let mut rows: Vec<Cells> = Vec::with_capacity(ROWS);
    for (at, person) in people(SEED).take(ROWS).enumerate() {
        let mut row = clean(&person, &mut dice);
        let other = rows.get(at / 2).map_or_else(String::new, |row| row[0].clone());
        match dice.below(180) {
            0 => row[3] = String::from("trả trước"),
            1 => row[4] = format!("{}.000 đ", 80 + dice.below(210)),
            2 => row[0] = format!("0225 3{:06}", dice.below(1_000_000)),
            3 => row[0] = format!("{} / {}", row[0], national(&person, "")),
            4 => row[0] = row[0].replacen('0', "O", 1),
            5 => row[0] = String::from("9090"),
            6 => row[1] = String::new(),
            7 => row[4] = String::from("chưa rõ"),
            8 | 9 => row[0] = other,
            10 => row[0] = String::from("9.01E+08"),
            11 => row[0] = format!("{}.0", person.phone.digits() % 1_000_000_000),
            12 => row[1] = format!("  {}  ", row[1].replace(' ', "\u{a0} ")),
            13 => row[1] = row[1].to_uppercase(),
            14 => row[0] = old_eleven_digits(&person).unwrap_or_else(|| row[0].clone()),
            15 => row[0] = format!("+1 415 555 {:04}", dice.below(10_000)),
            16 => row[2] = String::from("anh/chị"),
            17 => row[4] = String::new(),
            18 => row[0] = format!("'{}", row[0]),
            19 => row[6] = String::from("tháng 11"),
            20 => row[1] = format!("=CONCATENATE(\"{}\")", row[1]),
            _ => {}
        }
        rows.push(row);
    }
    rows
}

/// A good row in one of the spellings that lists mix.
fn clean(person: &Person, dice: &mut Dice) -> Cells {
    let phone = match dice.below(8) {
        0 => person.phone.display(),
        1 => person.phone.e164(),
        2 => format!("84{}", person.phone.digits() % 1_000_000_000),
        3 => national(person, "."),
        4 => (person.phone.digits() % 1_000_000_000).to_string(),
        _ => national(person, ""),
    };
    let thousands = 300 + dice.below(1_900);
    let grouped = |separator: &str| match thousands {
        0..1_000 => format!("{thousands}{separator}000"),
        _ => format!("{}{separator}{:03}{separator}000", thousands / 1_000, thousands % 1_000),
    };
    let charge = match dice.below(6) {
        0 => format!("{} đ", grouped(".")),
        1 => grouped(","),
        2 => grouped("."),
        3 => format!("{thousands}000.0"),
        _ => format!("{thousands}000"),
    };
    let subscription = if dice.below(4) == 0 { "Postpaid" } else { "trả sau" };
    let day = 10 + dice.below(9);
    let sent = if dice.below(3) == 0 {
        format!("2026-11-{day} {:02}:15", 8 + dice.below(9))
    } else {
        format!("{day}/11/2026 {:02}:15", 8 + dice.below(9))
    };
    [
        phone,
        person.name.clone(),
        person.salutation.label(Lang::Vi),
        subscription.to_owned(),
        charge,
        person.province.to_owned(),
        sent,
    ]
}

/// `0901234567`, with a separator between its groups.
fn national(person: &Person, separator: &str) -> String {
    person.phone.display().replace(' ', separator)
}

/// How the number was written before the renumbering of 2018.
fn old_eleven_digits(person: &Person) -> Option<String> {
    let national = national(person, "");
    [("070", "0120"), ("079", "0121"), ("077", "0122"), ("076", "0126"), ("078", "0128")]
        .iter()
        .find_map(|(new, old)| Some(format!("{old}{}", national.strip_prefix(new)?)))
}

fn write_csv(path: &Path, rows: &[Cells]) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(HEADER)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()?;
    Ok(())
}

fn write_xlsx(path: &Path, rows: &[Cells]) -> Result<(), Box<dyn Error>> {
    let mut book = Workbook::new();
    // A fixed date of creation, so that the file is the same each time.
    let created = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 20)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    sheet.set_name("Danh sách")?;
    sheet.write_row(0, 0, HEADER)?;
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let (line, column) = (u32::try_from(at)? + 1, u16::try_from(column)?);
            // As people do it: what looks like a number becomes one and loses its zero.
            let is_digits = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
            match cell.parse::<f64>() {
                Ok(number) if is_digits && at % 3 == 0 => sheet.write_number(line, column, number)?,
                _ => sheet.write_string(line, column, cell)?,
            };
        }
    }
    book.save(path)?;
    Ok(())
}

fn write_long(path: &Path, count: usize) -> Result<(), Box<dyn Error>> {
    let mut dice = Dice::new(SEED);
    let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
    writer.write_record(HEADER)?;
    for person in people(SEED).take(count) {
        writer.write_record(clean(&person, &mut dice))?;
    }
    writer.flush()?;
    Ok(())
}
