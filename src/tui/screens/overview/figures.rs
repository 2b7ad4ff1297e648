//! Formats figures: percentages, intervals, decimals with the separator of the language.

use crate::domain::lang::Lang;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::widgets::pane;
use crate::usecase::model::count::Share;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

/// `86 %` of 0.86; `–` without a value.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0))
}

/// `part` as a percentage of `whole`; empty when `whole` is zero.
pub fn percent_of(part: i64, whole: i64) -> String {
    if whole <= 0 { String::new() } else { percent(Some(part as f64 / whole as f64)) }
}

/// `[81–90]`, in percent; empty without bounds.
pub fn interval(share: &Share) -> String {
    match (share.low, share.high) {
        (Some(low), Some(high)) => format!("[{:.0}–{:.0}]", low * 100.0, high * 100.0),
        (Some(_) | None, _) => String::new(),
    }
}

/// One decimal: `5,9` in Vietnamese, `5.9` in English.
pub fn decimal(value: f64, lang: Lang) -> String {
    lang.decimal(value)
}

/// A duration in seconds as hours and minutes: `2:05`.
pub fn hours(seconds: i64) -> String {
    let minutes = seconds.max(0) / 60;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// Draws the text of a page that has no figures yet.
pub fn view_waiting(frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let inner = pane::open(frame, area, ctx, &word("over.page.board", ctx.lang), false);
    frame.render_widget(Span::styled(word("over.loading", ctx.lang), ctx.theme.muted()), inner);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_read_them() {
        assert_eq!(percent(Some(0.856)), "86 %");
        assert_eq!(percent(None), "–");
        assert_eq!(percent_of(1, 0), "");
        assert_eq!(decimal(5.92, Lang::Vi), "5,9");
        assert_eq!(hours(7_505), "2:05");
    }
}
