//! Panes and the small pieces of text inside them: titles, facts, badges, prose.

use super::wrap::{fit, lines};
use crate::tui::ctx::Ctx;
use crate::tui::theme::{Theme, Tone};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Clear};

/// A pane's frame with its title; the frame of the pane that has the focus is in the accent and its title
/// marked with `▸`.
pub fn block(ctx: &Ctx, title: &str, focused: bool) -> Block<'static> {
    let theme = ctx.theme;
    let (border, style, mark) =
        if focused { (theme.focus(), theme.accent(), "▸ ") } else { (theme.border(), theme.title(), "") };
    let block = Block::new().borders(Borders::ALL).border_set(theme.lines()).border_style(border);
    if title.is_empty() { block } else { block.title(Line::styled(format!(" {mark}{title} "), style)) }
}

/// Draws a pane's frame and returns the area inside it.
pub fn open(frame: &mut Frame, area: Rect, ctx: &Ctx, title: &str, focused: bool) -> Rect {
    let block = block(ctx, title, focused);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner }
}

/// The area that [`open`] returns for a pane.
pub const fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(2),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

/// Clears and draws a popup of `width` × `height` in the middle of `area`, and returns the area inside it.
pub fn popup(frame: &mut Frame, area: Rect, ctx: &Ctx, title: &str, size: (u16, u16), tone: Tone) -> Rect {
    let (width, height) = (size.0.min(area.width), size.1.min(area.height));
    let place =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    frame.render_widget(Clear, place);
    frame.buffer_mut().set_style(place, ctx.theme.raised());
    let style =
        if matches!(tone, Tone::Plain | Tone::Muted) { ctx.theme.focus() } else { ctx.theme.tone(tone) };
    let mark = if tone.mark().is_empty() { String::new() } else { format!("{} ", tone.mark()) };
    let block = block(ctx, "", true)
        .border_style(style)
        .style(ctx.theme.raised())
        .title(Line::styled(format!(" {mark}{title} "), style.patch(ctx.theme.strong())));
    let inner = block.inner(place);
    frame.render_widget(block, place);
    Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner }
}

/// A label and its value, the label `columns` wide.
pub fn fact<'a>(theme: Theme, label: &str, columns: usize, value: impl Into<Span<'a>>) -> Line<'a> {
    Line::from(vec![Span::styled(fit(label, columns), theme.muted()), Span::raw(" "), value.into()])
}

/// A small filled label with its mark: ` ✓ đủ điều kiện `.
pub fn badge(theme: Theme, tone: Tone, text: &str) -> Span<'static> {
    let mark = tone.mark();
    let gap = if mark.is_empty() { "" } else { " " };
    Span::styled(format!(" {mark}{gap}{text} "), theme.badge(tone))
}

/// A mark and text in a tone, without background: `⚠ quá giờ`.
pub fn marked(theme: Theme, tone: Tone, text: &str) -> Span<'static> {
    let mark = tone.mark();
    let gap = if mark.is_empty() { "" } else { " " };
    Span::styled(format!("{mark}{gap}{text}"), theme.tone(tone))
}

/// A paragraph broken to `width` columns.
pub fn prose(text: &str, width: u16, style: Style) -> Vec<Line<'static>> {
    lines(text, usize::from(width)).into_iter().map(|line| Line::styled(line.to_owned(), style)).collect()
}

/// A key cap and what it does: `Enter gọi tiếp`.
pub fn key(theme: Theme, cap: &str, label: &str) -> [Span<'static>; 2] {
    [Span::styled(cap.to_owned(), theme.key()), Span::styled(format!(" {label}"), theme.text())]
}

/// Draws lines from the top of `area`, as many as fit.
pub fn put(frame: &mut Frame, area: Rect, lines: impl IntoIterator<Item = Line<'static>>) {
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
}
