//! Draws the strip of pages above the open one: their keys and names, with the open page marked.

use super::keys::page_cap;
use super::pages::{Page, pages};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::widgets::wrap::shorten;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Columns of the short names of pages that are not open, the widest that fits.
const NAMES: [usize; 6] = [20, 10, 8, 6, 5, 4];

/// Draws the strip for the pages of the role.
pub fn view(frame: &mut Frame, area: Rect, ctx: &Ctx, open: Page) {
    let theme = ctx.theme;
    let strip = |name: fn(Page) -> &'static str, most: usize| {
        let mut spans = vec![Span::raw(" ")];
        for page in pages(ctx.actor.role) {
            let style = if page == open { theme.selected() } else { theme.text() };
            spans.push(Span::styled(page_cap(page), theme.key()));
            let name = word(name(page), ctx.lang);
            let name = if page == open { name } else { shorten(&name, most) };
            spans.push(Span::styled(format!(" {name} "), style));
            spans.push(Span::raw(" "));
        }
        Line::from(spans)
    };
    let fits = |line: &Line<'_>| line.width() <= usize::from(area.width) + 1;
    let whole = strip(Page::name, usize::MAX);
    let tried = std::iter::once(whole)
        .chain(NAMES.into_iter().map(|most| strip(Page::short_name, most)))
        .find(fits)
        .unwrap_or_else(|| strip(Page::short_name, 0));
    frame.render_widget(tried, area);
}
