//! What the panes of the schedule share: widths, labels, names of days, lines with two ends.

use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::fit;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// From this width on all parts are shown together.
pub(super) const WIDE: u16 = 100;
/// Rows of the open case while another part takes the room.
pub(super) const SUMMARY_ROWS: u16 = 4;

/// Columns of the labels.
pub(super) const LABEL: u16 = 12;
pub(super) fn label(frame: &mut Frame, area: Rect, ctx: &Ctx, key: &str, focused: bool) -> Rect {
    let style = if focused { ctx.theme.accent() } else { ctx.theme.muted() };
    let text = fit(&word(key, ctx.lang), usize::from(LABEL) - 1);
    frame.render_widget(Span::styled(text, style), Rect { height: area.height.min(1), ..area });
    Rect { x: area.x + LABEL, width: area.width.saturating_sub(LABEL), ..area }
}

/// The area inside a pane's frame, as [`crate::tui::widgets::pane::open`] returns it.
pub(super) const fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

/// Draws a muted sentence in place of a list.
pub(super) fn empty(frame: &mut Frame, area: Rect, ctx: &Ctx, key: &str) {
    let text = word(key, ctx.lang);
    let lines = pane::prose(&text, area.width, ctx.theme.muted());
    frame.render_widget(ratatui::widgets::Paragraph::new(lines), area);
}

/// A date with its day of the week: `Thứ Năm 03/12`.
pub(super) fn day_name(date: chrono::NaiveDate, ctx: &Ctx) -> String {
    use chrono::Datelike;
    let day = word(&format!("schedule.weekday.{}", date.weekday().num_days_from_monday()), ctx.lang);
    format!("{day} {}", date.format("%d/%m"))
}

/// A line with a text at its right end.
pub(super) fn both_ends<'a>(left: Vec<Span<'a>>, right: Span<'a>, width: u16) -> Line<'a> {
    let used: usize = left.iter().map(Span::width).sum();
    let gap = usize::from(width).saturating_sub(used + right.width());
    let mut spans = left;
    spans.push(Span::raw(" ".repeat(gap)));
    spans.push(right);
    Line::from(spans)
}
