//! Finds columns by their header texts, in any order, in Vietnamese (with or without accents) or English.

use crate::domain::text;
use crate::usecase::import::source::{Field, FileError};

/// The positions of the wanted fields in a header, and the unknown header texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// For each field in order, its position.
    pub columns: Vec<Option<usize>>,
    /// Unknown header texts as written; empty ones are left out.
    pub unknown: Vec<String>,
}

/// Finds `fields` in a header.
///
/// # Errors
/// A needed column is missing, or two headers mean the same field.
pub fn find(header: &[String], fields: &[Field]) -> Result<Found, FileError> {
    let mut columns = vec![None; fields.len()];
    let mut unknown = Vec::new();
    for (at, written) in header.iter().enumerate() {
        let name = key(written);
        match fields.iter().position(|field| field.names.contains(&name.as_str())) {
            Some(field) if columns[field].is_some() => {
                return Err(FileError::ColumnTwice { field: fields[field].code });
            }
            Some(field) => columns[field] = Some(at),
            None if name.is_empty() => {}
            None => unknown.push(text::clean(written, 60)),
        }
    }
    let missing: Vec<&'static str> = fields
        .iter()
        .zip(&columns)
        .filter(|(field, at)| field.needed && at.is_none())
        .map(|(field, _)| field.code)
        .collect();
    if missing.is_empty() {
        Ok(Found { columns, unknown })
    } else {
        Err(FileError::MissingColumn { fields: missing })
    }
}

/// A header text as [`Field::names`] spells it: folded, letters and digits only, single spaces.
fn key(written: &str) -> String {
    let folded = text::fold(&text::clean(written, 100));
    let words: String = folded.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 3] = [
        Field { code: "phone", needed: true, names: &["so thue bao", "phone"] },
        Field { code: "name", needed: true, names: &["ho ten", "name"] },
        Field { code: "province", needed: false, names: &["tinh", "province"] },
    ];

    fn header(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn columns_are_found_in_any_order_with_and_without_accents() {
        for texts in [
            ["Họ tên", "Số thuê bao", "Tỉnh"],
            ["HO TEN", "so thue bao", "tinh"],
            ["name", "Phone", "PROVINCE"],
            ["  Họ  tên: ", "số_thuê_bao", "\u{feff}Tỉnh"],
            ["Ho\u{323} te\u{302}n", "Số thuê bao", "Tỉnh"],
        ] {
            let found = find(&header(&texts), &FIELDS).unwrap();
            assert_eq!(found.columns, [Some(1), Some(0), Some(2)], "{texts:?}");
            assert!(found.unknown.is_empty(), "{texts:?}");
        }
    }

    #[test]
    fn a_missing_needed_column_is_named_and_an_optional_one_is_not() {
        assert_eq!(
            find(&header(&["Tỉnh", "ghi chú"]), &FIELDS),
            Err(FileError::MissingColumn { fields: vec!["phone", "name"] })
        );
        assert!(find(&header(&["phone", "name"]), &FIELDS).is_ok());
    }

    #[test]
    fn unknown_columns_are_noted_and_a_doubled_one_is_refused() {
        let found = find(&header(&["phone", "name", "Ghi chú", ""]), &FIELDS).unwrap();
        assert_eq!(found.unknown, ["Ghi chú"]);
        assert_eq!(
            find(&header(&["phone", "Số thuê bao", "name"]), &FIELDS),
            Err(FileError::ColumnTwice { field: "phone" })
        );
    }
}
