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
    let all = pages(ctx.actor.role);
    let at = all.iter().position(|page| *page == open).unwrap_or_default();
    // The pages no further than `near` from the open one have their names, the others their keys alone.
    let strip = |name: fn(Page) -> &'static str, near: usize| {
        let mut spans = vec![Span::raw(" ")];
        for (place, page) in all.iter().enumerate() {
            spans.push(Span::styled(page_cap(*page), theme.key()));
            if place.abs_diff(at) <= near {
                let style = if *page == open { theme.selected() } else { theme.text() };
                let name = if *page == open { Page::name(*page) } else { name(*page) };
                spans.push(Span::styled(format!(" {} ", word(name, ctx.lang)), style));
            }
            spans.push(Span::raw(" "));
        }
        Line::from(spans)
    };
    let fits = |line: &Line<'_>| line.width() <= usize::from(area.width) + 1;
    let tried = std::iter::once(strip(Page::name, all.len()))
        .chain((0..=all.len()).rev().map(|near| strip(Page::short_name, near)))
        .find(fits)
        .unwrap_or_else(|| strip(Page::short_name, 0));
    frame.render_widget(tried, area);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::domain::lang::Lang;
    use crate::tui::fixture::{ctx, drawn};

    #[test]
    fn no_page_is_named_by_a_stump() {
        for lang in [Lang::Vi, Lang::En] {
            let ctx = Ctx { lang, ..ctx(Role::Supervisor) };
            for open in pages(Role::Supervisor) {
                for width in [80, 100, 120] {
                    let line = drawn(width, 1, |frame, area| view(frame, area, &ctx, open));
                    assert!(line.contains(&word(open.name(), lang)), "{line}");
                    for page in pages(Role::Supervisor) {
                        assert!(line.contains(&page_cap(page)), "the key of {page:?} in {line}");
                    }
                    assert!(!line.contains('…'), "{line}");
                }
            }
        }
    }
}
