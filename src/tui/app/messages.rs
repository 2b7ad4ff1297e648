//! Notices: what is said about the last act. They have a row of their own above the keys; a longer one takes more
//! rows from the screen above it, so that nothing is covered: neither keys nor seats nor a question.
//!
//! A notice goes at the next act after it was on show ([`App::shown`]), when its cause is gone
//! ([`App::answered_well`]), with its tab, and at the latest when it is old. Keys that were held while a save was in
//! flight are no acts of somebody who has read it.

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

/// Rows that a notice takes at most.
const ROWS: usize = 5;

impl App {
    /// Shows a notice.
    pub fn say(&mut self, tone: Tone, say: Say) {
        self.notice_count += 1;
        self.notice = Some(Notice::new(tone, say, self.ctx.now));
    }

    /// Shows a notice beside the one of this moment.
    pub(super) fn say_too(&mut self, tone: Tone, say: Say) {
        self.notice_count += 1;
        let new = Notice::new(tone, say, self.ctx.now);
        self.notice = Some(match self.notice.take() {
            Some(shown) => shown.and(new),
            None => new,
        });
    }

    /// A frame was shown: what it said can be read from now on.
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

    /// Whether there is a notice and somebody could read it.
    pub(super) fn notice_is_readable(&self) -> bool {
        self.notice.as_ref().is_some_and(|notice| notice.shown)
    }

    /// The store answered the screen at `at`: a notice whose cause is gone with this goes.
    pub(super) fn answered_well(&mut self, reply: &Reply, at: usize) {
        let store_is_there = reply.outcome.is_ok();
        let saved = self.screens[at].origin() == self.open;
        self.notice.take_if(|notice| {
            (store_is_there && notice.is_about_store()) || (saved && notice.is_about_saving())
        });
    }

    /// The notice's lines at `columns`: mark and sentence, then the hint, one flowing into the other.
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

    /// The rows above the footer that belong to notices on a screen of this size: always one.
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
