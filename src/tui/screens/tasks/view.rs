//! Draws the tasks: the strip of lists, the list, the chosen task below it, and the window over them.

use super::columns::BLANK;
use super::detail;
use super::state::{Shown, TasksScreen};
use crate::tui::ctx::Ctx;
use crate::tui::say::{Say, word};
use crate::tui::widgets::pane;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Rows of the chosen task on a small and on a large screen, its frame included.
const DETAIL: (u16, u16) = (9, 12);
/// From this height on a screen is large.
const TALL: u16 = 30;

/// Strip, list and detail.
const fn parts(area: Rect) -> (Rect, Rect, Rect) {
    let strip = if area.height > 0 { 1 } else { 0 };
    let detail = if area.height < TALL { DETAIL.0 } else { DETAIL.1 };
    let detail = if area.height - strip < detail * 2 { (area.height - strip) / 2 } else { detail };
    let list = area.height - strip - detail;
    (
        Rect { height: strip, ..area },
        Rect { y: area.y + strip, height: list, ..area },
        Rect { y: area.y + strip + list, height: detail, ..area },
    )
}

/// Where the table is drawn, for clicks.
pub const fn table(area: Rect) -> Rect {
    pane::inside(parts(area).1)
}

/// Draws the screen.
pub fn screen(screen: &TasksScreen, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let Some(window) = screen.windows.get() else { return page(screen, frame, area, ctx) };
    page(screen, frame, area, &ctx.under_window());
    window.view(frame, area, ctx, &[]);
}

fn page(screen: &TasksScreen, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let (top, list, below) = parts(area);
    frame.render_widget(strip(screen, ctx), top);
    let focused = !ctx.is_under_window();
    let shown = screen.rows.items().len() as i64;
    let title = if shown < screen.total {
        Say::key("tasks.title_cut").with("shown", shown).with("total", screen.total)
    } else {
        Say::key("tasks.title").with("count", screen.total)
    };
    let inner = pane::open(frame, list, ctx, &title.text(ctx.lang), focused);
    screen.rows.view(frame, inner, ctx, focused, BLANK);
    let chosen = screen.rows.chosen();
    let title = chosen.map(|task| task.kind.label(ctx.lang)).unwrap_or_default();
    let inner = pane::open(frame, below, ctx, &title, false);
    if let Some(task) = chosen {
        pane::put(frame, inner, detail::lines(task, inner.width, ctx));
    }
}

fn strip(screen: &TasksScreen, ctx: &Ctx) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for shown in Shown::ALL {
        let open = shown == screen.shown;
        let style = if open { ctx.theme.tab_open() } else { ctx.theme.muted() };
        spans.extend([Span::styled(format!(" {} ", word(shown.name(), ctx.lang)), style), Span::raw(" ")]);
    }
    spans.push(Span::styled(word("tasks.turn", ctx.lang), ctx.theme.muted()));
    Line::from(spans)
}
