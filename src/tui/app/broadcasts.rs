//! Shows broadcasts of supervisors in a line under the tabs, until their reader dismisses them (F8). The screen
//! below becomes shorter, so that nothing is hidden.
//!
//! Invariants: the newest broadcast comes first; at most [`MOST`] wait; a locked session shows none.

use super::banner::Banner;
use super::keys::FrameAct;
use super::{App, FRAME_KEYS, view};
use crate::domain::time::Timestamp;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::wrap::wrap;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// The most banners that wait; the oldest are dropped first.
const MOST: usize = 20;
/// The most rows of one banner: as many as the longest needs on the narrowest screen.
const ROWS: usize = 4;

impl App {
    /// Shows a broadcast of `from`.
    pub fn tell(&mut self, from: String, at: Timestamp, text: String) {
        self.banners.push(Banner { from, at, text });
        let over = self.banners.len().saturating_sub(MOST);
        self.banners.drain(..over);
    }

    /// Dismisses the banner that is shown.
    pub(super) fn dismiss_banner(&mut self) {
        self.banners.pop();
    }

    /// Where the open screen is drawn on a screen of this size.
    pub(super) fn body(&self, size: (u16, u16)) -> Rect {
        let body = view::body(size);
        let height = body.height.saturating_sub(self.notice_rows(size.0));
        let above = self.banner_lines(size.0).len() + self.lesson_lines(size.0).len();
        let banner = (above as u16).min(height);
        Rect { y: body.y + banner, height: height - banner, ..body }
    }

    fn banner_lines(&self, width: u16) -> Vec<Line<'static>> {
        let Some(banner) = self.banners.last() else { return Vec::new() };
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let raised = theme.raised();
        let lead = format!(" {} {} {}  ", Tone::Warn.mark(), banner.from, banner.at.hm());
        let row = FRAME_KEYS.iter().find(|row| row.act == FrameAct::Seen).map(|row| row.row(self));
        let key = row.map_or_else(String::new, |row| format!("{} {}", row.caps(), row.label(lang)));
        let key = match self.banners.len() {
            1 => format!("  {key} "),
            count => {
                format!("  {key} · {} ", Say::key("frame.banner_more").with("count", count - 1).text(lang))
            }
        };
        let room = usize::from(width).saturating_sub(lead.width() + key.width());
        let text = banner.text.as_str();
        let first = wrap(text, room).into_iter().next().unwrap_or(0..0);
        let wide = room + key.width().saturating_sub(1);
        let rest = wrap(&text[first.end..], wide);
        let rest = rest.into_iter().map(|range| first.end + range.start..first.end + range.end);
        // A text that fits into the first row takes no second one, not even an empty one.
        let rest = rest.filter(|range| !text[range.clone()].trim().is_empty());
        let indent = " ".repeat(lead.width());
        let warn = raised.patch(theme.tone(Tone::Warn));
        std::iter::once(first.clone())
            .chain(rest)
            .take(ROWS)
            .enumerate()
            .map(|(row, range)| {
                let line = text[range].trim();
                let (before, after) = match row {
                    0 => (lead.clone(), format!("{}{key}", " ".repeat(room.saturating_sub(line.width())))),
                    _ => (indent.clone(), String::new()),
                };
                Line::from(vec![
                    Span::styled(before, warn),
                    Span::styled(line.to_owned(), raised.patch(theme.strong())),
                    Span::styled(after, raised.patch(theme.muted())),
                ])
            })
            .collect()
    }

    /// Draws the banner under the tabs.
    pub(super) fn view_banner(&self, frame: &mut Frame, size: (u16, u16)) {
        let lines = self.banner_lines(size.0);
        let body = view::body(size);
        let place = Rect { height: (lines.len() as u16).min(body.height), ..body };
        frame.render_widget(Paragraph::new(lines).style(self.ctx.theme.raised()), place);
    }

    /// Whether a row belongs to the banner.
    pub(super) fn is_on_banner(&self, row: u16) -> bool {
        let top = view::body(self.size).y;
        (top..top + self.banner_lines(self.size.0).len() as u16).contains(&row)
    }
}
