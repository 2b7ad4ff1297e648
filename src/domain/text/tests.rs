//! Tables for the Vietnamese rules, properties for everything else that people paste.

use super::*;
use proptest::prelude::*;

#[test]
fn a_line_is_composed_collapsed_and_bounded() {
    for (raw, cleaned) in [
        ("  Nguyễn   Văn\tHùng \n", "Nguyễn Văn Hùng"),
        ("Nguye\u{302}\u{303}n", "Nguyễn"),
        ("a\u{200b}b\u{202e}c\u{feff}d\u{e0041}e\u{ad}f", "abcdef"),
        ("\u{1b}[31mđỏ\u{1b}[0m", "đỏ"),
        ("\u{1b}]0;title\u{7}tên", "tên"),
        ("\u{1b}]8;;http://x\u{1b}\\tên\u{1b}]8;;\u{1b}\\", "tên"),
        ("\u{9b}2Jx\u{1b}(By\u{1b}cz", "xyz"),
        ("a\u{0}b\u{8}c\u{7f}d", "abcd"),
        ("a\u{a0}\u{3000}b", "a b"),
        ("\u{301}a", "a"),
        ("", ""),
    ] {
        assert_eq!(clean(raw, 100), cleaned, "{raw:?}");
    }
    let stacked = format!("a{}b", "\u{316}".repeat(50));
    assert_eq!(clean(&stacked, 100), "a\u{316}\u{316}\u{316}b");
    assert_eq!(clean("Nguyễn Văn Hùng", 7), "Nguyễn");
    assert_eq!(clean("👍 Nguyễn Văn", 8), "👍 Nguyễn");
}

#[test]
fn lines_of_a_note_stay_lines() {
    assert_eq!(clean_multiline(" a  b \r\n\r\n\n\n c\u{1b}[2J\rd\n\n", 100), "a b\n\nc\nd");
    assert_eq!(clean_multiline("\n\nx", 100), "x");
}

#[test]
fn old_and_new_tone_placement_find_each_other() {
    for (old, new) in
        [("hòa", "hoà"), ("thúy", "thuý"), ("HÒA", "Hoà"), ("khỏe", "khoẻ"), ("lũy", "luỹ"), ("Tọa", "toạ")]
    {
        assert_eq!(fold(old), fold(new));
        assert_eq!(accent_fold(old), accent_fold(new), "{old}");
    }
    assert_eq!(accent_fold("Nguyễn Thị Hoà"), "nguyên3 thi5 hoa1");
    for (one, other) in [("hoa", "hòa"), ("hùng", "hưng"), ("dũng", "đũng"), ("hòa", "hóa"), ("lan", "lân")]
    {
        assert_ne!(accent_fold(one), accent_fold(other));
    }
}

#[test]
fn folding_drops_every_vietnamese_mark() {
    for (text, folded) in [
        ("Nguyễn  Văn Hùng", "nguyen van hung"),
        ("ĐỖ THỊ ÁNH", "do thi anh"),
        ("H'Hen Niê", "h'hen nie"),
        ("Nguye\u{302}\u{303}n", "nguyen"),
        ("ẦẨẪẤẬ ằẳẵắặ Ơờởỡớợ Ưừửữứự Êềểễếệ Ỳỷỹýỵ", "aaaaa aaaaa oooooo uuuuuu eeeeee yyyyy"),
        ("  ", ""),
        ("Ａ李\u{a0}É", "ａ李 e"),
    ] {
        assert_eq!(fold(text), folded);
    }
}

#[test]
fn columns_count_what_the_eye_sees() {
    for (text, width) in
        [("", 0), ("Hùng", 4), ("Hu\u{300}ng", 4), ("李 A", 4), ("👨‍👩‍👧", 2), ("☐ ✓", 3), ("e\u{301}\u{301}", 1)]
    {
        assert_eq!(columns(text), width, "{text:?}");
    }
    assert_eq!(truncate_columns("Nguyễn Văn Hùng", 15), "Nguyễn Văn Hùng");
    assert_eq!(truncate_columns("Nguyễn Văn Hùng", 8), "Nguyễn…");
    assert_eq!(truncate_columns("李李李", 4), "李…");
    assert_eq!(truncate_columns("abc", 0), "");
}

proptest! {
    #[test]
    fn cleaning_twice_changes_nothing(text in ".{0,60}", max in 0_usize..40) {
        let once = clean(&text, max);
        prop_assert_eq!(clean(&once, max), once.clone());
        prop_assert!(once.graphemes(true).count() <= max);
        prop_assert!(!once.chars().any(|c| c.is_control() || is_invisible(c)));
        let lines = clean_multiline(&text, max);
        prop_assert_eq!(clean_multiline(&lines, max), lines);
    }

    #[test]
    fn the_fast_path_agrees_with_the_long_way(text in "[ a-zA-Z'À-ỹĐđ\u{300}\u{301}\u{309}]{0,30}") {
        prop_assert_eq!(fold(&text), key_long(&text));
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
        if let Some(plain) = clean_plain(&text, 20) {
            let mut long = String::new();
            push_line(&mut long, &visible(&text, 20, |_| ' '));
            prop_assert_eq!(plain, cap(long, 20));
        }
    }

    #[test]
    fn folding_any_text_twice_changes_nothing(text in ".{0,40}") {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
    }

    #[test]
    fn a_cut_text_fits(text in "\\PC{0,30}", max in 0_usize..20) {
        prop_assert!(columns(&truncate_columns(&text, max)) <= max);
    }
}

fn key_long(text: &str) -> String {
    key::fold_long(text)
}
