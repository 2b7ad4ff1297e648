//! Draws the strip of pages above the open one: their keys and names, with the open page marked.

use super::keys::page_cap;
use super::pages::{Page, pages};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the strip for the pages of the role.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, open: Page) {
    let theme = ctx.theme;
    let strip = |name: fn(Page) -> &'static str| {
        let mut spans = vec![Span::raw(" ")];
        for page in pages(ctx.actor.role) {
            let style = if page == open { theme.selected() } else { theme.text() };
            spans.push(Span::styled(page_cap(page), theme.key()));
            spans.push(Span::styled(format!(" {} ", word(name(page), ctx.lang)), style));
            spans.push(Span::raw(" "));
        }
        Line::from(spans)
    };
    let whole = strip(Page::name);
    let fits = whole.width() <= usize::from(area.width) + 1;
    frame.render_widget(if fits { whole } else { strip(Page::short_name) }, area);
}
