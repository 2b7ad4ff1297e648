//! Shows notices: the sentence about the last act. A notice has a row of its own above the keys; a longer one takes
//! rows from the screen above it, so that it covers neither keys nor seats nor a question.
//!
//! A notice goes:
//! * at the first act after a frame has shown it ([`App::shown`]); keys that were held during a save do not count,
//!   because their person had not read it;
//! * when its cause is gone ([`App::answered_well`]);
//! * with its tab;
//! * at the latest when its time is over.

use super::notice::Notice;
use super::{App, view};
use crate::tui::effect::Reply;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::wrap::wrap;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

/// The most rows that a notice takes.
const ROWS: usize = 5;

impl App {
    /// Shows a notice.
    pub fn say(&mut self, tone: Tone, say: Say) {
        self.notice_count += 1;
        self.notice = Some(Notice::new(tone, say, self.ctx.now));
    }

    /// Adds a notice to the one that this input has already caused.
    pub(super) fn say_too(&mut self, tone: Tone, say: Say) {
        self.notice_count += 1;
        let new = Notice::new(tone, say, self.ctx.now);
        self.notice = Some(match self.notice.take() {
            Some(shown) => shown.and(new),
            None => new,
        });
    }

    /// Records that a frame was shown: its notice can be read from now on.
    pub fn shown(&mut self) {
        let now = self.ctx.now;
        if self.is_locked() || self.is_too_small() {
            return;
        }
        if let Some(notice) = self.notice.as_mut().filter(|notice| !notice.shown) {
            notice.shown = true;
            notice.since = now;
        }
    }

    /// Whether there is a notice that a frame has shown.
    pub(super) fn notice_is_readable(&self) -> bool {
        self.notice.as_ref().is_some_and(|notice| notice.shown)
    }

    /// Takes away a notice whose cause ends with this reply to the screen at `at`.
    pub(super) fn answered_well(&mut self, reply: &Reply, at: usize) {
        let store_is_there = reply.outcome.is_ok();
        let saved = self.screens[at].origin() == self.open;
        self.notice.take_if(|notice| {
            (store_is_there && notice.is_about_store()) || (saved && notice.is_about_saving())
        });
    }

    /// The notice's lines at `columns`: mark and sentence, then the hint in the same paragraph.
    fn notice_lines(&self, notice: &Notice, columns: usize) -> Vec<Line<'static>> {
        let (theme, lang) = (self.ctx.theme, self.ctx.lang);
        let mark = format!(" {} ", notice.tone.mark());
        let indent = " ".repeat(mark.width());
        let text = notice.say.text(lang);
        let more = [notice.say.hint(lang), notice.also.as_ref().map(|also| also.text(lang))];
        let more: Vec<String> = more.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        let whole = if more.is_empty() { text.clone() } else { format!("{text} {}", more.join(" ")) };
        let strong = theme.raised().patch(theme.strong());
        let muted = theme.raised().patch(theme.muted());
        wrap(&whole, columns.saturating_sub(mark.width() + 1))
            .into_iter()
            .enumerate()
            .map(|(at, range)| {
                let lead = if at == 0 {
                    Span::styled(mark.clone(), theme.raised().patch(theme.tone(notice.tone)))
                } else {
                    Span::raw(indent.clone())
                };
                let line = whole[range.clone()].trim_end();
                let (own, rest) = line.split_at(text.len().saturating_sub(range.start).min(line.len()));
                Line::from(vec![
                    lead,
                    Span::styled(own.to_owned(), strong),
                    Span::styled(rest.to_owned(), muted),
                ])
            })
            .collect()
    }

    /// How many rows above the footer belong to notices on a screen of this size; at least one.
    pub(super) fn notice_rows(&self, width: u16) -> u16 {
        (self.notice_text(width).len() as u16).max(1)
    }

    fn notice_text(&self, width: u16) -> Vec<Line<'static>> {
        let mut lines = self
            .notice
            .as_ref()
            .map(|notice| self.notice_lines(notice, usize::from(width)))
            .unwrap_or_default();
        if lines.len() > ROWS {
            lines.truncate(ROWS);
            if let Some(last) = lines.last_mut() {
                last.push_span(Span::raw("…"));
            }
        }
        lines
    }

    fn notice_place(&self, (width, height): (u16, u16)) -> Rect {
        let rows = self.notice_rows(width);
        Rect { x: 0, y: height.saturating_sub(view::BELOW + rows), width, height: rows }
    }

    /// Whether a cell belongs to the notice.
    pub(super) fn is_on_notice(&self, column: u16, row: u16) -> bool {
        self.notice.is_some() && self.notice_place(self.size).contains((column, row).into())
    }

    pub(super) fn view_notice(&self, frame: &mut Frame, size: (u16, u16)) {
        if self.notice.is_none() {
            return;
        }
        let place = self.notice_place(size);
        frame.render_widget(Clear, place);
        frame.render_widget(Paragraph::new(self.notice_text(size.0)).style(self.ctx.theme.raised()), place);
    }
}
