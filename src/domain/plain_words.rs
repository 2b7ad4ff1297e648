//! Says in plain words why a file or a line of JSON cannot be read. The libraries that read them speak English; their text
//! follows in English only, for who writes to their authors.

use super::lang::Lang;
use rust_i18n::t;

/// What a library's text begins with before the name that it objects to, and the locale key of our sentence.
const NAMED: [(&str, &str); 5] = [
    ("unknown field `", "plain.unknown_field"),
    ("unknown variant `", "plain.unknown_value"),
    ("missing field `", "plain.missing_field"),
    ("duplicate field `", "plain.twice"),
    ("duplicate key `", "plain.twice"),
];

/// The sentence, with the name and the line where the library says them.
pub fn plain_words(why: &str, lang: Lang) -> String {
    let code = lang.code();
    let named = NAMED.iter().find_map(|(start, key)| {
        let name = why.split_once(start)?.1.split('`').next()?;
        Some(t!(*key, locale = code, name = name).into_owned())
    });
    let mut words = named.unwrap_or_else(|| {
        let is_kind = why.contains("invalid type") || why.contains("invalid value");
        t!(if is_kind { "plain.wrong_kind" } else { "plain.syntax" }, locale = code).into_owned()
    });
    if let Some(line) = line_of(why) {
        words = t!("plain.at_line", locale = code, words = words, line = line).into_owned();
    }
    match lang {
        Lang::Vi => words,
        Lang::En => format!("{words} ({})", why.trim().replace('\n', " ")),
    }
}

/// The number after the first "line".
fn line_of(why: &str) -> Option<u64> {
    let rest = why.split_once("line ")?.1;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_stands_in_the_readers_language_with_name_and_line() {
        let table = [
            ("unknown variant `nosuch`, expected one of `a`, `b`", "không có “nosuch”"),
            (
                "TOML parse error at line 3, column 1\n  |\nunknown field `foo`, expected",
                "không có mục “foo”, dòng 3",
            ),
            ("missing field `phone` at line 1 column 9", "thiếu mục “phone”, dòng 1"),
            ("invalid type: string \"x\", expected i64", "giá trị sai kiểu"),
            ("expected value at line 1 column 1", "sai cú pháp, dòng 1"),
        ];
        for (why, wanted) in table {
            assert_eq!(plain_words(why, Lang::Vi), wanted);
        }
        let english = plain_words("missing field `phone`", Lang::En);
        assert_eq!(english, "“phone” is missing (missing field `phone`)");
    }
}
