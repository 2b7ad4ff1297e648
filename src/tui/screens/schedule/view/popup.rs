//! The small windows: a form, a menu of results, or a whole number.

use super::super::Schedule;
use super::super::popup::{About, Popup};
use crate::tui::call::card::shown_phone;
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::tui::widgets::wrap::shorten;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

pub(super) fn view(s: &Schedule, open: &Popup, frame: &mut Frame, area: Rect, ctx: &Ctx) {
    let theme = ctx.theme;
    let refused = s.refused.as_ref().map(|say| say.text(ctx.lang));
    let body = match &open.about {
        About::Phone(_) => 1,
        About::Cancel(_) | About::Result(_) | About::Return(_) | About::Doctor | About::Shift(_) => {
            open.form.height()
        }
    };
    let whom = u16::from(!open.whom.is_empty());
    let height = body + whom + 3 + u16::from(refused.is_some());
    let width = area.width.saturating_sub(4).min(76);
    let inner = pane::popup(frame, area, ctx, &open.title.text(ctx.lang), (width, height), Tone::Plain);
    if whom > 0 {
        let line = Rect { height: 1.min(inner.height), ..inner };
        frame.render_widget(Span::styled(shorten(&open.whom, usize::from(inner.width)), theme.muted()), line);
    }
    let top = inner.y + whom;
    let room = Rect { y: top, height: body.min(inner.bottom().saturating_sub(top)), ..inner };
    match &open.about {
        About::Phone(phone) => frame.render_widget(Span::styled(shown_phone(phone), theme.strong()), room),
        About::Cancel(_) | About::Result(_) | About::Return(_) | About::Doctor | About::Shift(_) => {
            open.form.view(frame, room, ctx, true);
        }
    }
    let mut y = room.bottom();
    if let Some(text) = refused {
        let line = Rect { y, height: 1.min(inner.bottom().saturating_sub(y)), ..inner };
        let text = shorten(&format!("✗ {text}"), usize::from(inner.width));
        frame.render_widget(Span::styled(text, theme.tone(Tone::Danger)), line);
        y += 1;
    }
    let foot = Rect { y, height: 1.min(inner.bottom().saturating_sub(y)), ..inner };
    frame.render_widget(Span::styled(word("schedule.popup_keys", ctx.lang), theme.muted()), foot);
}
