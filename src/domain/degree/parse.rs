//! Reads titles. Words are joined while the whole stretch is made of known abbreviations, so that `Th.S`,
//! `BS CK I` and `BSCK2` all read, and "Thắng" does not.

use super::super::text::fold;
use super::{Title, Titles};
use unicode_normalization::UnicodeNormalization;

/// Titles in full words, folded; longer phrases stand before their own beginnings. `sỹ` folds to `sy`.
const PHRASES: &[(&str, &str)] = &[
    ("pho giao su", "pgs"),
    ("giao su", "gs"),
    ("tien si khoa hoc", "tskh"),
    ("tien si", "ts"),
    ("thac si", "ths"),
    ("bac si noi tru", "bsnt"),
    ("bac si", "bs"),
    ("noi tru", "bsnt"),
    ("chuyen khoa cap", "ck"),
    ("chuyen khoa", "ck"),
    ("associate professor", "pgs"),
    ("professor", "gs"),
    ("master", "ths"),
    ("msc", "ths"),
    ("phd", "ts"),
];

/// Abbreviations, folded; a longer one stands before its own beginning.
const ABBREVIATIONS: &[(&str, Title)] = &[
    ("tskh", Title::DoctorOfScience),
    ("pgs", Title::AssociateProfessor),
    ("gs", Title::Professor),
    ("ths", Title::Master),
    ("ts", Title::Doctorate),
    ("bsnt", Title::Residency),
    ("bs", Title::Physician),
    ("ckii", Title::SpecialistTwo),
    ("ck2", Title::SpecialistTwo),
    ("cki", Title::SpecialistOne),
    ("ck1", Title::SpecialistOne),
];

/// Longest stretch of words that is joined: `P G S T S`.
const MOST_WORDS: usize = 6;

impl Titles {
    /// Reads titles in any of the usual spellings; words that are no title are passed over.
    pub fn parse(written: &str) -> Self {
        let mut titles = titles(written);
        titles.sort_unstable();
        titles.dedup();
        Self(titles)
    }
}

/// The titles in their written order.
fn titles(written: &str) -> Vec<Title> {
    let folded = fold(&written.nfkc().collect::<String>());
    let words: String = folded.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let mut text =
        format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" ")).replace(" sy ", " si ");
    for (phrase, abbreviation) in PHRASES {
        text = text.replace(&format!(" {phrase} "), &format!(" {abbreviation} "));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = MOST_WORDS.min(words.len() - at);
        let stretch = (1..=longest).rev().find_map(|n| split(&words[at..at + n].concat()).map(|t| (n, t)));
        match stretch {
            Some((count, titles)) => {
                found.extend(titles);
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

/// The titles a joined text consists of, wholly.
fn split(joined: &str) -> Option<Vec<Title>> {
    if joined.is_empty() {
        return Some(Vec::new());
    }
    ABBREVIATIONS.iter().find_map(|(abbreviation, title)| {
        let mut titles = split(joined.strip_prefix(abbreviation)?)?;
        titles.insert(0, *title);
        Some(titles)
    })
}
