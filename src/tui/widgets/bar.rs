//! Bars in eighths of a column, grouped numbers and times, as text.

use crate::domain::lang::Lang;
use crate::tui::say::word;
use crate::tui::theme::Theme;
use ratatui::text::Span;

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The filled part of a bar of `width` columns for `value` of `max`, in eighths; a value above zero always shows.
pub fn filled(value: i64, max: i64, width: usize) -> String {
    if value <= 0 || max <= 0 || width == 0 {
        return String::new();
    }
    let eighths = (value.min(max) as u128 * width as u128 * 8 / max as u128).max(1) as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A bar with its empty part: `██████░░░░`.
pub fn gauge(theme: Theme, value: i64, max: i64, width: usize) -> [Span<'static>; 2] {
    let full =
        if max <= 0 { 0 } else { (value.clamp(0, max) as u128 * width as u128 / max as u128) as usize };
    [Span::styled("█".repeat(full), theme.bar()), Span::styled("░".repeat(width - full), theme.bar_rest())]
}

/// A number with thin groups of three: `12 480`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A length of time in whole minutes as people say it: `52'`, `2 g 10'` (in English `2 h 10'`); `3 ngày` stays
/// with the caller.
pub fn minutes(ms: i64, lang: Lang) -> String {
    let minutes = ms.max(0) / 60_000;
    if minutes < 60 {
        return format!("{minutes}'");
    }
    format!("{} {} {:02}'", minutes / 60, word("age.hour", lang), minutes % 60)
}

/// A running clock: `01:23`, `1:02:03`.
pub fn clock(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m:02}:{s:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_shares_and_never_hide_a_little() {
        assert_eq!(filled(0, 10, 8), "");
        assert_eq!(filled(10, 10, 8), "████████");
        assert_eq!(filled(1, 1_000_000, 8), "▏");
        assert_eq!(filled(5, 10, 3), "█▌");
        let [full, rest] = gauge(Theme::default(), 312, 500, 10);
        assert_eq!((full.content.as_ref(), rest.content.as_ref()), ("██████", "░░░░"));
    }

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(grouped(12_480), "12 480");
        assert_eq!(grouped(-999), "−999");
        assert_eq!(minutes(130 * 60_000, Lang::Vi), "2 g 10'");
        assert_eq!(minutes(130 * 60_000, Lang::En), "2 h 10'");
        assert_eq!(minutes(52 * 60_000, Lang::En), "52'");
        assert_eq!(clock(83_000), "01:23");
    }
}
