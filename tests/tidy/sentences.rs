//! Checks that sentences use the words that were chosen: the field's own, the law's, and one word for one thing.

use std::fs;
use std::path::{Path, PathBuf};

/// What no Vietnamese text says, and what it says instead.
const NOT_IN_VIETNAMESE: &[(&str, &str)] = &[
    ("người giám sát", "giám sát viên"),
    ("danh sách không gọi", "danh sách không quảng cáo"),
    ("danh sách không nhận", "danh sách không quảng cáo"),
    ("không gọi quảng cáo", "không quảng cáo"),
    ("nhật ký kiểm tra", "nhật ký kiểm soát"),
    ("nhật ký kiểm toán", "nhật ký kiểm soát"),
    ("bạn", "anh/chị"),
    ("thuê bao tắt", "không liên lạc được"),
    ("sai số", "số không đúng"),
    ("chốt", "đăng ký"),
    ("ghi kq", "sau gọi"),
    ("bị khóa", "đã ngừng (tài khoản)"),
    ("khóa nhân viên", "ngừng tài khoản nhân viên"),
    ("bản đọc", "mục tra cứu"),
    ("việc liên hệ", "đầu việc gọi"),
    ("chứng chỉ hành nghề", "giấy phép hành nghề"),
    ("chứng cứ", "bằng chứng"),
    ("ca trực", "ca làm việc"),
    ("danh sách sms", "danh sách tin nhắn"),
    ("rút lui", "rút đồng ý"),
    ("nhường", "chuyển"),
    ("bí trung", "không đi ngoài"),
    ("ban xuất huyết", "nổi chấm, mảng đỏ tím ấn không mất"),
    ("nguy kịch", "ở mức nguy hiểm"),
    ("thai máy", "thai đạp"),
    ("so thu tu", "suat so"),
];

/// What no English text says, and what it says instead.
const NOT_IN_ENGLISH: &[(&str, &str)] = &[
    ("never again", "do not call"),
    ("bad number", "wrong number"),
    ("kept for", "held for"),
    ("mend", "correct"),
    ("regist", "reg."),
    ("disposition", "result"),
    ("how the call ended", "result of the call"),
    ("call the promise", "call back"),
    ("places are taken", "seats are taken"),
    ("places taken", "seats taken"),
    ("free place", "free seat"),
    ("one place per", "one seat per"),
];

/// Texts that people read, below the root: sentences, what is said, and the pages.
fn texts() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for (folder, ending) in
        [("locales", "yml"), ("assets", "toml"), ("assets/sample", "toml"), ("docs", "md"), ("", "md")]
    {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|found| found == ending) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// Whether the words stand in the text, not as a part of longer ones. The text is in small letters.
fn has(text: &str, words: &str) -> bool {
    let is_edge = |c: Option<char>| !c.is_some_and(char::is_alphabetic);
    text.match_indices(words).any(|(at, _)| {
        is_edge(text[..at].chars().next_back()) && is_edge(text[at + words.len()..].chars().next())
    })
}

/// The text without its `%{…}`, whose names are none of its words.
fn without_places(text: &str) -> String {
    let mut pieces = text.split("%{");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('}').map_or("", |(_, rest)| rest))
}

/// The names of fields that a source refuses.
fn refused_fields(source: &str) -> Vec<&str> {
    let starts = ["field: \"", "out_of_range(\""];
    let pieces = starts.iter().flat_map(|start| source.split(start).skip(1));
    pieces.filter_map(|piece| piece.split('"').next()).collect()
}

#[test]
fn every_field_that_is_refused_has_its_name_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = fs::read_dir(root.join("locales")).unwrap();
    let locales: String = folder.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    let is_named = |field: &str| {
        let rest = locales.split(&format!("\nfield.{field}:")).nth(1).unwrap_or_default();
        let lines: Vec<&str> = rest.lines().skip(1).take(2).map(str::trim).collect();
        matches!(lines[..], [vi, en] if vi.starts_with("vi: \"") && en.starts_with("en: \""))
    };
    let sources = super::sources("src");
    let mut nameless: Vec<&str> = sources.iter().flat_map(|(_, text)| refused_fields(text)).collect();
    assert!(nameless.len() > 50, "the control: the refusals were found");
    nameless.retain(|field| !is_named(field));
    assert_eq!(nameless, Vec::<&str>::new());
}

/// *giám sát* as a person is *giám sát viên*.
fn shortens_the_supervisor(text: &str) -> bool {
    text.match_indices("giám sát").any(|(at, word)| !text[at + word.len()..].starts_with(" viên"))
}

/// The words of a line that were replaced, with their better ones. `english` tells which list a line of a locale
/// needs; none: both.
fn old_words(line: &str, english: Option<bool>) -> Vec<String> {
    let line = without_places(&line.to_lowercase());
    let mut lists = Vec::new();
    if english != Some(true) {
        lists.extend(NOT_IN_VIETNAMESE);
        if shortens_the_supervisor(&line) {
            return vec!["not giám sát, but giám sát viên".to_owned()];
        }
    }
    if english == Some(true) {
        lists.extend(NOT_IN_ENGLISH);
    }
    lists
        .into_iter()
        .filter(|(old, _)| has(&line, old))
        .map(|(old, new)| format!("not {old}, but {new}"))
        .collect()
}

/// The English and the Vietnamese part of a line of a locale; the key is no sentence.
fn parts(line: &str) -> Vec<(&str, Option<bool>)> {
    let trimmed = line.trim_start();
    if let Some(text) = trimmed.strip_prefix("en:") {
        return vec![(text, Some(true))];
    }
    if let Some(text) = trimmed.strip_prefix("vi:") {
        return vec![(text, Some(false))];
    }
    let mut found = Vec::new();
    for pair in line.split("{vi: ").skip(1) {
        let (vi, en) = pair.split_once(", en: ").unwrap_or((pair, ""));
        found.extend([(vi, Some(false)), (en, Some(true))]);
    }
    found
}

#[test]
fn sentences_use_the_chosen_words() {
    let mut wrong = Vec::new();
    for (path, text) in texts() {
        let is_locale = path.extension().is_some_and(|ending| ending == "yml");
        for (at, line) in text.lines().enumerate() {
            let pieces = if is_locale { parts(line) } else { vec![(line, None)] };
            for (piece, english) in pieces {
                let place = format!("{}:{}", super::below_root(&path).display(), at + 1);
                wrong.extend(old_words(piece, english).into_iter().map(|word| format!("{place}: {word}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_old_word_is_found_in_its_language_alone() {
    let found = |line: &str| -> Vec<String> {
        parts(line).into_iter().flat_map(|(text, english)| old_words(text, english)).collect()
    };
    assert_eq!(found("  vi: \"Bạn đã gọi\""), ["not bạn, but anh/chị"]);
    assert_eq!(
        found("  a: {vi: \"báo giám sát\", en: \"kept for 1'\"}"),
        ["not giám sát, but giám sát viên", "not kept for, but held for"]
    );
    assert_eq!(found("call.held.disposition: x"), [""; 0], "a key is no sentence");
    assert_eq!(found("  vi: \"Giám sát viên, máy bận\""), [""; 0]);
    assert_eq!(found("  en: \"recommended, registered\""), [""; 0], "a part of a longer word");
}
