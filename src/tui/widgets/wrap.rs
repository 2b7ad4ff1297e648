//! Breaks text into lines by terminal columns, at spaces where possible.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The byte ranges of `text`'s lines at `width` columns. They follow one another without gaps (a line keeps the
/// space it was broken at) and cover the text; empty text has one empty line. A word longer than a line is cut
/// between graphemes. `\n` ends a line.
pub fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let (mut start, mut columns, mut space) = (0, 0, None);
    for (at, piece) in text.grapheme_indices(true) {
        if piece == "\n" {
            lines.push(start..at + 1);
            (start, columns, space) = (at + 1, 0, None);
            continue;
        }
        let wide = piece.width();
        while columns + wide > width && piece != " " && at > start {
            let cut = space.unwrap_or(at);
            lines.push(start..cut);
            start = cut;
            columns = text[start..at].width();
            space = None;
        }
        columns += wide;
        if piece == " " {
            space = Some(at + 1);
        }
    }
    lines.push(start..text.len());
    lines
}

/// [`wrap`] as texts, without the spaces at line ends.
pub fn lines(text: &str, width: usize) -> Vec<&str> {
    wrap(text, width).into_iter().map(|range| text[range].trim_end()).collect()
}

/// `text` cut to `width` columns, with `…` when something was cut.
pub fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut columns = 0;
    for piece in text.graphemes(true) {
        if columns + piece.width() >= width {
            break;
        }
        columns += piece.width();
        short.push_str(piece);
    }
    if width > 0 {
        short.push('…');
    }
    short
}

/// `text` cut or filled with spaces to exactly `width` columns.
pub fn fit(text: &str, width: usize) -> String {
    let mut fitted = shorten(text, width);
    let used = fitted.width();
    fitted.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_between_letters() {
        assert_eq!(lines("Anh Hùng được tặng sổ tay", 10), ["Anh Hùng", "được tặng", "sổ tay"]);
        assert_eq!(lines("nghiêngnghiêng", 7), ["nghiêng", "nghiêng"]);
        assert_eq!(lines("một\nhai", 10), ["một", "hai"]);
        assert_eq!(lines("", 10), [""]);
    }

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(shorten("Nguyễn Văn Hùng", 10), "Nguyễn Vă…");
        assert_eq!(fit("Hà", 4), "Hà  ");
        assert_eq!(shorten("日本語", 5), "日本…");
    }

    proptest! {
        #[test]
        fn wrapped_ranges_cover_the_text_and_fit(text in "[a-zạếữ 日\n]{0,60}", width in 2usize..20) {
            let ranges = wrap(&text, width);
            let mut at = 0;
            for range in &ranges {
                prop_assert_eq!(range.start, at);
                at = range.end;
                prop_assert!(text[range.clone()].trim_end().width() <= width);
            }
            prop_assert_eq!(at, text.len());
        }

        #[test]
        fn fitted_text_has_exactly_the_width(text in "\\PC{0,30}", width in 0usize..20) {
            prop_assert!(fit(&text, width).width() <= width.max(text.width().min(width)));
        }
    }
}
