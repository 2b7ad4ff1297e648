//! Draws the overview: the strip, the open page under it, the windows over it.

use super::pages::Page;
use super::state::OverviewScreen;
use super::{
    agents, audit, board, calls, figures, key_field, satisfaction, sessions, staff, strip, versions,
};
use crate::tui::ctx::Ctx;
use crate::tui::form::window;
use crate::tui::say::Say;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Blank, Keyed, Rows};
use ratatui::Frame;
use ratatui::layout::Rect;

/// The strip of pages, and the page under it.
const fn parts(area: Rect) -> (Rect, Rect) {
    let strip = if area.height > 0 { 1 } else { 0 };
    let page = Rect { y: area.y + strip, height: area.height - strip, ..area };
    (Rect { height: strip, ..area }, page)
}

/// Where the table of a list page is drawn, for clicks.
pub const fn table(area: Rect) -> Rect {
    pane::inside(parts(area).1)
}

/// Draws the screen.
pub fn screen(screen: &OverviewScreen, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let (top, below) = parts(area);
    let lit = screen.on_page() && !screen.is_filtering();
    let quiet = ctx.under_window();
    strip::view(frame, top, if lit { ctx } else { &quiet }, screen.page);
    page(screen, frame, below, ctx);
}

/// Draws the open page and the windows over it.
pub fn page(screen: &OverviewScreen, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    // A form is drawn in place of the list from which it was opened.
    match (screen.windows.get(), &screen.ssh_keys) {
        (None, None) => open_page(screen, frame, area, ctx),
        (Some(window), _) => {
            open_page(screen, frame, area, &ctx.under_window());
            let below = key_field::below(&window.form, ctx, window::inner_width(area));
            window.view(frame, area, ctx, &below);
        }
        (None, Some(keys)) => {
            open_page(screen, frame, area, &ctx.under_window());
            keys.view(frame, area, ctx);
        }
    }
}

fn open_page(screen: &OverviewScreen, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let lit = screen.on_page();
    let counted = |key, count: usize| Say::key(key).with("count", count);
    match (screen.page, &screen.data) {
        (Page::Agents, _) => {
            let title = counted("over.agents.title", screen.agents.items().len());
            list(frame, area, ctx, &title, (&screen.agents, agents::BLANK, lit));
        }
        (Page::Staff, _) => {
            list(frame, area, ctx, &Say::key("over.page.staff"), (&screen.staff, staff::BLANK, lit));
        }
        (Page::Sessions, _) => {
            let title = counted("over.sessions.title", screen.sessions.items().len());
            list(frame, area, ctx, &title, (&screen.sessions, sessions::BLANK, lit));
        }
        (Page::Versions, _) => {
            let (title, rows) = (Say::key("over.versions.title"), &screen.versions.rows);
            list(frame, area, ctx, &title, (rows, versions::BLANK, lit));
        }
        (Page::Audit, _) => {
            audit::view(frame, area, ctx, &screen.audit, lit);
        }
        (Page::Lists, _) => screen.lists.view(frame, area, ctx, lit || screen.shows_people()),
        (Page::Board | Page::Calls | Page::Satisfaction, None) => figures::view_waiting(frame, area, ctx),
        (Page::Board, Some(data)) => board::view(frame, area, ctx, data),
        (Page::Calls, Some(data)) => calls::view(frame, area, ctx, data),
        (Page::Satisfaction, Some(data)) => satisfaction::view(frame, area, ctx, &data.satisfaction, true),
    }
}

/// Draws a list as a page: its rows or the text in their place, and whether it has the focus.
fn list<T: Keyed>(frame: &mut Frame, area: Rect, ctx: &Ctx, title: &Say, list: (&Rows<T>, Blank, bool)) {
    let (rows, blank, focused) = list;
    let inner = pane::open(frame, area, ctx, &title.text(ctx.lang), focused);
    rows.view(frame, inner, ctx, focused, blank);
}
